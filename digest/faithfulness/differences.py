"""Where slides and speakers differ: sentences, Deck and Alignment in, lines not said, or said otherwise, out.

For editors: a number beside the same words may mean something else, so no reader is told of it.
"""

import re
from bisect import bisect_left
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

from digest.faithfulness.doubts import NUMBER, numbers
from digest.language.languages import get_language
from digest.language.sentences import SpokenSentence
from digest.model.alignment import Alignment
from digest.model.deck import Deck, Slide
from digest.model.evidence import Heard, Shown

MARGIN = 15.0  # seconds before and after a slide in which people still speak about it
MIN_SPOKEN = 1 / 3  # share of a line's words that were said, below which it was not
MIN_WORDS = 3  # of a line whose words are counted
MIN_COMMON = 2  # words, or half of the line's, that a sentence about the same thing has in common with it
STEM = 6  # letters by which forms of a word are alike
YEARS = range(1900, 2101)
ENUMERATED = re.compile(r"^\(?\d{1,2}[.)]\s+")
WORD = re.compile(r"\b(?:[^\W\d_]{4,}|[A-Z]{2,})\b")  # and acronyms
IN_NAME = re.compile(r"\b[^\W\d_]+\d\w*")  # G20
ADDRESS = re.compile(r"\S+[@./]\S+")


@dataclass(frozen=True)
class Difference:
    """A line of a slide that nobody said, or that `said` contradicts; `figures` are its numbers that were not said.

    `heard` is where it was said otherwise, None where it was not said at all.
    """

    line: str
    shown: Shown
    figures: tuple[str, ...]
    said: str = ""
    heard: Heard | None = None


@dataclass(frozen=True)
class _Text:
    """A text with its numbers and its words; `one` is the sentence that it is, if it was said."""

    text: str
    figures: tuple[str, ...]
    stems: frozenset[str]
    one: SpokenSentence | None = None


def differences(
    said: Sequence[SpokenSentence], deck: Deck, alignment: Alignment, language: str
) -> tuple[Difference, ...]:
    """Return the differences in the order of the slides; of slides that were never on, and of hidden ones, none."""
    told = [_text(one.text, language, one) for one in said]
    ends = list(accumulate((one.end for one in said), max))
    starts = [one.start for one in said]
    during: dict[int | None, list[_Text]] = {}
    for interval in alignment.intervals:
        first = bisect_left(ends, interval.start - MARGIN)
        last = bisect_left(starts, interval.end + MARGIN)
        during.setdefault(interval.slide, []).extend(told[first:last])
    everywhere = {figure for text in told for figure in text.figures}
    seen = set[str]()  # a line on several slides is a footer
    found = list[Difference]()
    for slide in deck.visible():
        lines = [line for line in _lines(slide) if not ADDRESS.fullmatch(line) and line not in seen]
        seen.update(lines)
        if heard := during.get(slide.number):
            shown = [_text(line, language) for line in lines]
            others = {figure for text in (*shown, _text(slide.title or "", language)) for figure in text.figures}
            for line in shown:
                found += _of_line(line, slide.number, heard, everywhere, others)
    return tuple(found)


def _of_line(
    line: _Text, slide: int, heard: Sequence[_Text], everywhere: Collection[str], on_slide: Collection[str]
) -> Iterator[Difference]:
    meanwhile = {figure for text in heard for figure in text.figures}
    unsaid = [figure for figure in line.figures if figure not in meanwhile]
    for text in heard if unsaid else ():
        common = len(line.stems & text.stems)
        others = [figure for figure in text.figures if figure not in on_slide]
        mine = tuple(figure for figure in unsaid if any(_is_year(figure) == _is_year(other) for other in others))
        if mine and text.one and common and common >= min(MIN_COMMON, len(line.stems) / 2):
            where = Heard(start=text.one.start, end=text.one.end)
            yield Difference(line.text, Shown(slide=slide), mine, text.text, where)
            return
    nowhere = tuple(figure for figure in unsaid if figure not in everywhere)
    spoken = {stem for text in heard for stem in text.stems}
    is_silent = len(line.stems) >= MIN_WORDS and len(line.stems & spoken) < MIN_SPOKEN * len(line.stems)
    if nowhere or is_silent:
        yield Difference(line.text, Shown(slide=slide), nowhere)


def _is_year(figure: str) -> bool:
    """Return whether a number is a year: it contradicts other years only, a count other counts."""
    return figure.isdigit() and int(figure) in YEARS


def _lines(slide: Slide) -> Iterator[str]:
    """Yield the body's lines without their numbers, and the rows of tables without their head."""
    for line in slide.body:
        yield ENUMERATED.sub("", line.text)
    for table in slide.tables:
        yield from (" · ".join(filter(None, row)) for row in table[1:])


def _text(text: str, language: str, one: SpokenSentence | None = None) -> _Text:
    """Return what is compared of a text; spelt out numbers count only where the language's are known."""
    is_english = language == "en"
    plain = IN_NAME.sub(" ", text)
    figures = numbers(plain) if is_english else [figure.replace(",", "") for figure in NUMBER.findall(plain)]
    words = (word.casefold() for word in WORD.findall(text))
    function_words = get_language(language).function_words
    stems = frozenset(word[:STEM] for word in words if word not in function_words)
    return _Text(text, tuple(dict.fromkeys(figures)), stems, one)
