"""A transcript spelled as the glossary has it: what was recognised in, the same with its terms put right out.

Of words that sound like a term only those are changed that are no ordinary words: ordinary are those that the
recogniser writes as one token. One that an editor put right before is changed also where it is ordinary, if the
recogniser itself bets against it.
"""

import logging
import re
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from digest.language.pieces import share
from digest.language.sounds import broad_sound
from digest.model.speech import Term, Terms, Word, text_of
from digest.text.scripts import is_unspaced, split_pieces

log = logging.getLogger(__name__)

FEWEST_LETTERS = 4  # heard of a term; of three, 2 of 70,154 true words were changed (23 talks, their names taught)
BETS_AGAINST = 0.5  # probability of a word below which the recogniser does
POINTS = re.compile(r"(\W*)(.*?)(\W*)", re.DOTALL)  # what stands before words, these, and what stands after them
PLURAL = re.compile(r"(\W*)(.*?)((?:['’]s|s['’]?)\W*)", re.DOTALL)


def spell_terms(words: Sequence[Word], terms: Terms, is_ordinary: Callable[[str], bool]) -> tuple[Word, ...]:
    """Return the words with the glossary's terms put right; what comes in place of others shares their seconds."""
    known = [_spelling(term) for term in terms.terms if term.known_by == "glossary"]
    sizes = sorted({size for one in known for size in one.sizes}, reverse=True)
    found, at = list[Word](), 0
    while at < len(words):
        phrases = (phrase for size in sizes for phrase in _phrases(words[at : at + size], size, is_ordinary))
        meant = ((one, some) for some in phrases for one in known if _is_meant(one, some))
        one, some = next(meant, (None, None))
        if one is None or some is None:
            found.append(words[at])
            at += 1
            continue
        log.debug("%s is spelled %s", some.text, one.term)
        found += _spell(some, one.term)
        at += len(some.words)
    return tuple(found)


class _Spelling(NamedTuple):
    """A term of the glossary, what was written for it before, how it and that sound, and in how many words."""

    term: str
    heard: frozenset[str]
    sounds: frozenset[str]
    sizes: frozenset[int]


class _Phrase(NamedTuple):
    """Words that stand together, `before` and `after` them points, and whether all of them are ordinary."""

    words: Sequence[Word]
    before: str
    text: str
    after: str
    sound: str
    is_ordinary: bool


def _spelling(term: Term) -> _Spelling:
    counts = [len(split_pieces(text)) for text in (term.term, *term.heard)]
    if any(map(is_unspaced, (term.term, *term.heard))):  # a recogniser's words are one letter and more there
        sizes = set(range(1, max(counts) + 2))
    else:
        sizes = {*counts, counts[0] + 1, max(1, counts[0] - 1)}
    sounds = (broad_sound(text) for text in (term.term, *term.heard))
    heard, long = map(_plain, term.heard), (one for one in sounds if len(one) >= FEWEST_LETTERS)
    return _Spelling(term.term, frozenset(heard), frozenset(long), frozenset(sizes))


def _phrases(words: Sequence[Word], size: int, is_ordinary: Callable[[str], bool]) -> Iterator[_Phrase]:
    """Yield so many words as one phrase, also without the s at its end; none where a point parts them."""
    if len(words) < size:
        return
    for pattern in (POINTS, PLURAL):
        found = pattern.fullmatch(text_of(words))
        if found and not re.search(r"[.,;:?!…]\s", found[2]):
            are_ordinary = all(map(is_ordinary, re.findall(r"[^\W_]+", found[2])))  # it's: it, s
            yield _Phrase(words, found[1], found[2], found[3], broad_sound(found[2]), are_ordinary)


def _is_meant(one: _Spelling, some: _Phrase) -> bool:
    if some.text == one.term or len(some.words) not in one.sizes:
        return False
    was_heard = _plain(some.text) in one.heard
    if some.is_ordinary:
        return was_heard and min(word.probability for word in some.words) < BETS_AGAINST
    return was_heard or some.sound in one.sounds


def _spell(some: _Phrase, term: str) -> Iterator[Word]:
    """Yield a term in the seconds of a phrase, with the points around it, as sure as its least sure word."""
    first, *others = split_pieces(f"{some.before}{term}{some.after}")
    pieces = (first._replace(spaced=some.words[0].spaced), *others)
    sure = min(word.probability for word in some.words)
    yield from share(pieces, some.words[0].start, some.words[-1].end, probability=sure)


def _plain(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))
