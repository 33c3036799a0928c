"""Two readings of one talk laid along each other: the words of each in, the places of what they share out."""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from difflib import SequenceMatcher
from itertools import pairwise

PHRASE = 3  # words; enough to stand only once in most talks
MAX_GAP = 500  # words; two readings of one talk always share a phrase sooner


def token(text: str) -> str:
    """Return a word as it is compared, without case and punctuation; empty where there is only punctuation."""
    return re.sub(r"[^\w]", "", text.casefold())


def match_tokens(one: Sequence[str], other: Sequence[str]) -> list[tuple[int, int]]:
    """Return pairs of places at which the same token stands in both, in order.

    Phrases that stand once in each are found first (patience diff, Bram Cohen), then what lies between two of them,
    which is short: so three hours take seconds, whatever times anybody wrote beside the words.
    """
    ends = [(-1, -1), *_anchors(one, other), (len(one), len(other))]
    found = list[tuple[int, int]]()
    for (a, b), (c, d) in pairwise(ends):
        if max(c - a, d - b) <= MAX_GAP:
            matching = SequenceMatcher(None, one[a + 1 : c], other[b + 1 : d], autojunk=False)
            blocks = matching.get_matching_blocks()
            found += [(a + 1 + m.a + n, b + 1 + m.b + n) for m in blocks for n in range(m.size)]
        found += [(c, d)] if c < len(one) else []
    return found


def _anchors(one: Sequence[str], other: Sequence[str]) -> list[tuple[int, int]]:
    """Return where phrases begin that stand once in each, the longest run of them that is in order in both."""
    places = dict(_unique_phrases(other))
    pairs = [(at, places[phrase]) for phrase, at in _unique_phrases(one) if phrase in places]
    tops, tails, before = list[int](), list[int](), list[int]()  # patience sorting, for the longest run
    for place, (_, there) in enumerate(pairs):
        pile = bisect_left(tops, there)
        tops[pile : pile + 1] = [there]
        tails[pile : pile + 1] = [place]
        before.append(tails[pile - 1] if pile else -1)
    found, place = list[tuple[int, int]](), tails[-1] if tails else -1
    while place >= 0:
        found.append(pairs[place])
        place = before[place]
    return found[::-1]


def _unique_phrases(tokens: Sequence[str]) -> list[tuple[tuple[str, ...], int]]:
    """Return the phrases that stand once, in order, each with its place."""
    phrases = [tuple(tokens[at : at + PHRASE]) for at in range(len(tokens) - PHRASE + 1)]
    counts = Counter(phrases)
    return [(phrase, at) for at, phrase in enumerate(phrases) if counts[phrase] == 1]
