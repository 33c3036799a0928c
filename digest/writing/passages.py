"""Passages: runs of sentences that one voice said in a row, with how likely each stands on a page as it is.

A passage is what is printed as one. Where one may begin and end is a rule; how likely a reader understands it without
what was said around it, and would miss nothing, is fitted to what editors said of passages (docs/decisions/0041).
"""

from bisect import bisect_left
from collections.abc import Collection, Sequence
from itertools import takewhile, zip_longest

import numpy as np

from digest.language.quoting import leans, printed_text
from digest.learned.trees import Floats, Trees
from digest.model.evidence import MAX_HEARD
from digest.writing.conversation import LONGEST_SENTENCE, SHORT_WORD, Conversation, shift
from digest.writing.traps import trap_features

HOUSEKEEPING = 0.2  # from which a passage only runs the webinar: 0.57 of those that do, and 0.05 of those that stand
MAX_GAP = 3.0  # seconds without a word within a passage
MIN_WORDS, MAX_WORDS = 8, LONGEST_SENTENCE  # of a passage as printed
BEFORE = 60.0  # seconds before a passage in which a noun was named that it may take up
AROUND = 4  # sentences on both sides that are compared at its beginning and its end

NAMED = 3  # words that say something, after which a pronoun has something to stand for
LONG_SINCE = 10  # sentences that a slide has been on: more is as good

Window = tuple[int, int]  # the places of a passage: the first, and the one after the last

# What is counted in the first sentence, the last, the one that follows, and in all: columns of `trap_features`.
OF_FIRST = (
    "anaphors", "begins_connectives", "begins_anaphors", "begins_first_person", "begins_conditionals", "first_person",
    "second_person", "ordinals", "numerals", "numbers", "contrasts", "negations", "length", "content", "told_before",
    "is_rare", "in_turn", "pause_before", "follows_question", "questions_before", "on_slide", "interrogatives",
    "connectives", "commas", "function_words", "reporting", "hedges", "answers",
)  # fmt: skip
OF_LAST = (
    "anaphors", "contrasts", "numerals", "numbers", "negations", "length", "content", "left_in_turn", "told_near",
    "conditionals", "first_person", "hedges", "breaks",
)  # fmt: skip
OF_NEXT = (
    "begins_contrasts", "begins_connectives", "begins_anaphors", "contrasts", "negations", "corrections", "length",
    "questions", "pause_before", "told_before", "answers",
)  # fmt: skip
OF_ALL = (
    "anaphors", "first_person", "second_person", "content", "numerals", "numbers", "hedges", "conditionals",
    "negations", "emphatics", "modals", "contrasts", "questions", "exclamations", "quotations", "reporting",
    "corrections", "thanks", "interrogatives", "plans", "superseded", "commas", "contracted", "is_rare", "on_slide",
    "function_words", "discourse", "records",
)  # fmt: skip


def windows(talk: Conversation, unfit: Collection[int], parts: Sequence[int]) -> list[Window]:
    """Return the passages that may be printed, the shorter of a beginning before the longer.

    Of one voice and one of the `parts` (a number for each sentence: its chapter, its answer), without the places that
    are `unfit`; the first sentence does not lean on the one before, and none is there in part.
    """
    words = [len(printed_text(one, opens=False).split()) for one in talk.said]
    found = list[Window]()
    for first in range(len(talk.said)):
        if first in unfit or first in talk.parts or leans(talk.said[first]):
            continue
        count = 0
        for last in range(first, len(talk.said)):
            if last in unfit or (last > first and not _goes_on(talk, parts, first, last)):
                break
            count += words[last]
            if count > MAX_WORDS and last > first:
                break
            if count >= MIN_WORDS and last + 1 not in talk.parts:
                found.append((first, last + 1))
    return found


def _goes_on(talk: Conversation, parts: Sequence[int], first: int, at: int) -> bool:
    said = talk.said
    is_one = talk.turns[at] == talk.turns[first] and parts[at] == parts[first]
    return is_one and said[at].start - said[at - 1].end < MAX_GAP and said[at].end - said[first].start <= MAX_HEARD


def passage_columns(talk: Conversation, found: Sequence[Window], trees: Trees) -> dict[str, Floats]:
    """Return the features of passages by name; `trees` tell how likely a sentence misleads.

    `first_X`, `last_X`, `next_X`: X of its first sentence, its last, and the one that follows; `mean_X`: of all.
    """
    sentences = _sentence_columns(talk, trees)
    first = np.array([one for one, _ in found])
    stop = np.array([one for _, one in found])
    columns = {f"first_{name}": sentences[name][first] for name in OF_FIRST}
    columns |= {f"last_{name}": sentences[name][stop - 1] for name in OF_LAST}
    following = {name: shift(sentences[name], -1)[stop - 1] for name in (*OF_NEXT, "same_turn")}
    columns |= {f"next_{name}": following[name] for name in OF_NEXT} | {"goes_on": following["same_turn"]}
    size = stop - first
    for name in OF_ALL:
        total = np.concatenate([[0.0], np.cumsum(sentences[name])])
        columns[f"mean_{name}"] = (total[stop] - total[first]) / size
    total = np.concatenate([[0.0], np.cumsum(talk.lengths)])
    columns["words"], columns["sentences"] = total[stop] - total[first], size.astype(float)
    columns["trap"] = np.array([sentences["trap"][a:b].max() for a, b in found])
    columns["shortest"] = np.array([talk.lengths[a:b].min() for a, b in found])
    columns |= _whereabouts(talk, sentences, first, stop)
    return columns | _reference(talk, found) | _cohesion(talk, found)


def _sentence_columns(talk: Conversation, trees: Trees) -> dict[str, Floats]:
    language = talk.language
    columns = trap_features(talk)
    columns["trap"] = trees.probabilities(columns)
    columns["answers"] = np.array([float(one[:1] != () and one[0] in language.answer_heads) for one in talk.tokens])
    markers = language.discourse_markers
    columns["discourse"] = np.array([float(sum(word in markers for word in one)) for one in talk.tokens])
    columns["same_turn"] = np.array([0.0, *(float(a == b) for a, b in zip(talk.turns, talk.turns[1:], strict=False))])
    return columns


def _whereabouts(talk: Conversation, sentences: dict[str, Floats], first: Floats, stop: Floats) -> dict[str, Floats]:
    names = ("position", "voice_share", "turn_share", "leads", "is_audience", "turn_words", "changes_near", "has_slide")
    columns = {name: sentences[name][first] for name in names}
    slides = [id(one) for one in talk.slides]
    columns["left"] = talk.duration - talk.ends[stop - 1]
    columns["others_before"], columns["others_after"] = _others(talk, first, stop)
    columns["since_slide"] = np.array([_since(slides, at) for at in first])
    columns["seconds_in"] = talk.starts[first]
    columns["covers_turn"] = (stop - first) / (1 + sentences["in_turn"][first] + sentences["left_in_turn"][first])
    return columns


def _since(values: Sequence[int], at: int) -> float:
    """Return for how many sentences a value has been the same, up to `LONG_SINCE`."""
    before = reversed(values[max(0, at - LONG_SINCE) : at])
    return float(sum(1 for _ in takewhile(lambda value: value == values[at], before)))


def _others(talk: Conversation, first: Floats, stop: Floats) -> tuple[Floats, Floats]:
    """Return how many words other voices say before each passage and after it."""
    by_voice = {
        voice: np.concatenate([[0.0], np.cumsum(talk.lengths * [one != voice for one in talk.voices])])
        for voice in talk.shares
    }
    counts = [by_voice[talk.voices[at]] for at in first]
    before = np.array([count[at] for count, at in zip(counts, first, strict=True)])
    after = np.array([count[-1] - count[at] for count, at in zip(counts, stop, strict=True)])
    return before, after


def _reference(talk: Conversation, found: Sequence[Window]) -> dict[str, Floats]:
    """Return what a passage takes up that was named before it.

    `given`, `new`: shares of its words that were said shortly before, and never before; `given_first`, `new_first`: the
    same of its first sentence; `announced`: share of its words in title and description; `names`: words with a capital
    inside a sentence; and what `_pointing` returns.
    """
    begin_before = [bisect_left(talk.starts, start - BEFORE) for start in talk.starts]
    event = talk.event
    told = frozenset(f"{event.title} {event.description}".lower().split()) if event else frozenset[str]()
    first_said = dict[str, int]()
    for at, words in enumerate(talk.content):
        for word in words:
            first_said.setdefault(word, at)
    rows = list[tuple[float, ...]]()
    for first, stop in found:
        before = _content_of(talk, begin_before[first], first)
        heads, every = _content_of(talk, first, first + 1), _content_of(talk, first, stop)
        new = frozenset(word for word in every if first_said[word] >= first)
        rows.append((
            *_pointing(talk, first, stop, before),
            _share(heads, before), _share(heads, new), _share(every, told), _share(every, before), _share(every, new),
            sum(word.text[:1].isupper() for at in range(first, stop) for word in talk.said[at].words[1:]),
        ))  # fmt: skip
    names = (
        "pronouns_first", "pointing", "taken_up", "pointing_alone", "given_first", "new_first", "announced", "given",
        "new", "names",
    )  # fmt: skip
    return dict(zip(names, np.array(rows, dtype=float).reshape(-1, len(names)).T, strict=True))


def _pointing(talk: Conversation, first: int, stop: int, before: frozenset[str]) -> tuple[int, int, int, int]:
    """Return how often a passage points out of itself.

    Pronouns before anything was named; “this”, “those” and the like before a word that was not said in it; definite
    nouns that were said `before` and not in it; and “this” and the like before no noun.
    """
    language = talk.language
    demonstratives = language.anaphors & language.determiners
    pronouns = (language.anaphors & language.subjects) - language.determiners
    definite = language.articles | demonstratives
    named, own = 0, set[str]()
    early = pointing = taken_up = alone = 0
    for tokens in talk.tokens[first:stop]:
        for token, following in zip_longest(tokens, tokens[1:], fillvalue=""):
            early += token in pronouns and named < NAMED
            pointing += token in demonstratives and following not in own
            alone += token in demonstratives and (not following or following in language.function_words)
            taken_up += token in definite and following in before and following not in own
            if token not in language.function_words and len(token) > SHORT_WORD:
                named += 1
                own.add(token)
    return early, pointing, taken_up, alone


def _content_of(talk: Conversation, first: int, stop: int) -> frozenset[str]:
    """Return the words of some sentences that carry meaning."""
    return frozenset[str]().union(*(talk.content[at] for at in range(first, stop)))


def _share(words: frozenset[str], among: frozenset[str]) -> float:
    return len(words & among) / max(1, len(words))


def _cohesion(talk: Conversation, found: Sequence[Window]) -> dict[str, Floats]:
    """Return how alike the sentences before and after each border are: a passage begins and ends where they differ."""
    at_border = np.zeros(len(talk.said) + 1)
    for at in range(1, len(talk.said)):
        before = _content_of(talk, max(0, at - AROUND), at)
        after = _content_of(talk, at, min(len(talk.said), at + AROUND))
        at_border[at] = len(before & after) / max(1.0, (len(before) * len(after)) ** 0.5)
    first = np.array([one for one, _ in found])
    stop = np.array([one for _, one in found])
    return {"cohesion_before": at_border[first], "cohesion_after": at_border[stop]}
