"""Captions of an Edition: cues of at most two lines, and what may be wrong with them. Times are page time."""

import html
import io
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import accumulate, pairwise, zip_longest
from typing import Literal, NamedTuple

import webvtt
from webvtt import Caption, WebVTT

from digest.errors import DigestError
from digest.language.languages import get_language
from digest.language.sentences import SENTENCE_ENDS
from digest.model.public import PublicEdition
from digest.model.speech import Word
from digest.text.clock import timestamp
from digest.text.scripts import TextPiece, is_unspaced, join_pieces, width, with_direction

# The habits of broadcasters (BBC and Netflix timed text guides): line length, lines, seconds, characters a second.
MAX_LINE = 42  # letters, or as many wide ones as take their room
MAX_LINES = 2
MIN_SECONDS, MAX_SECONDS = 1.0, 7.0
READING_SPEED = 17.0  # characters a second that are read at leisure
MAX_READING_SPEED = 20.0  # and that can just be read
FLASH = MIN_SECONDS / 2  # shown shorter, words are no faster than in so many seconds
LEAD = 0.25  # seconds that a cue may come before its words
LONG_PAUSE = 0.8  # seconds without speech that end a cue
STOPS, COMMAS = "".join(SENTENCE_ENDS), ",;:،؛、，；："


@dataclass(frozen=True)
class Cue:
    """A caption on screen; `speaker` is a name, or None while nobody knows it, `language` one other than the rest's."""

    start: float
    end: float
    lines: tuple[str, ...]
    speaker: str | None = None
    language: str | None = None


class _Piece(NamedTuple):
    """A word, or a part of a very long one, with its page time; `width` in letters. `leans` on what follows: “the”.

    `spaced` where a space stands before it.
    """

    text: str
    start: float
    end: float
    width: float
    leans: bool
    spaced: bool = True

    @property
    def room(self) -> float:
        """Return how wide it is with the space before it."""
        return self.width + self.spaced


def cut_cues(edition: PublicEdition) -> tuple[Cue, ...]:
    """Return the captions of an Edition, in order and never overlapping; those of the last one are not cut again."""
    return _cut_cues(_Same(edition))


class _Same:
    """An Edition that is equal to itself alone: comparing all of its words would take as long as cutting them."""

    def __init__(self, edition: PublicEdition) -> None:
        self.edition = edition

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.edition is self.edition

    def __hash__(self) -> int:
        return id(self.edition)


@lru_cache(maxsize=1)
def _cut_cues(same: _Same) -> tuple[Cue, ...]:
    edition = same.edition
    cutter, found = _Cutter(edition.language), list[Cue]()
    for paragraph, following in zip_longest(edition.paragraphs, edition.paragraphs[1:]):
        name = edition.speaker_name(paragraph.speaker)
        pieces = [
            piece
            for word in paragraph.words
            for piece in cutter.pieces(word, edition.page_time(word.start), edition.page_time(word.end))
        ]
        until = edition.page_time(following.start if following else edition.shown.end)
        found += [_in_language(cutter.cue(part, name), paragraph.language, edition) for part in _cut(pieces, until)]
    return tuple(_lengthen(found, edition.language))


def _in_language(cue: Cue, language: str | None, edition: PublicEdition) -> Cue:
    """Return a cue in another language than the rest, where one is given; each line says from which side it is read."""
    lines = tuple(with_direction(line, language or edition.language) for line in cue.lines)
    return replace(cue, lines=lines, language=language)


def check(cues: Sequence[Cue]) -> None:
    """See to it that players can read the cues. Raises DigestError naming the first that is out of order.

    How long and how fast they are stops nobody: see `remarks`.
    """
    faulty = (
        *(cue for cue, after in pairwise(cues) if after.start < cue.end),
        *(cue for cue in cues if cue.end <= cue.start or not all(cue.lines)),
    )
    for cue in faulty:
        raise DigestError(
            f"The caption at {timestamp(cue.start)} overlaps another, or has no duration or no words.",
            remedy="Report this.",
        )
    read = [
        (each.start, each.end, each.lines)
        for each in webvtt.from_buffer(io.StringIO(format_cues(cues, "vtt"))).captions
    ]
    if read != [(timestamp(cue.start), timestamp(cue.end), _mark_up(cue)) for cue in cues]:
        raise DigestError("The captions cannot be read back.", remedy="Report this.")


def remarks(cues: Sequence[Cue], language: str) -> Iterator[str]:
    """Yield what an editor should know: speech too fast to be read, captions too short to be seen or too wide."""
    fast = [cue for cue in cues if _width_of(cue, language) > MAX_READING_SPEED * (cue.end - cue.start)]
    short = [cue for cue in cues if cue.end - cue.start < MIN_SECONDS]
    wide = [cue for cue in cues if len(cue.lines) > MAX_LINES or any(_wide_lines(cue, language))]
    if len(fast) > len(cues) / 100:
        yield f"{len(fast)} of {len(cues)} captions are faster than {MAX_READING_SPEED:.0f} characters a second."
    if short:
        yield f"{len(short)} of {len(cues)} captions are shorter than {MIN_SECONDS:.0f} second."
    if wide:
        yield f"{len(wide)} of {len(cues)} captions do not fit {MAX_LINES} lines of {MAX_LINE} letters."


def _width_of(cue: Cue, language: str) -> float:
    return sum(width(line, language) for line in cue.lines)


def _wide_lines(cue: Cue, language: str) -> Iterator[str]:
    return (line for line in cue.lines if width(line, language) > MAX_LINE)


def format_cues(cues: Sequence[Cue], form: Literal["vtt", "srt"]) -> str:
    """Return the cues as webvtt-py writes them: speakers as `<v Name>`, text escaped."""
    captions = [Caption(timestamp(cue.start), timestamp(cue.end), _mark_up(cue)) for cue in cues]
    buffer = io.StringIO()
    WebVTT(captions=captions).write(buffer, format=form)
    return buffer.getvalue()


def _mark_up(cue: Cue) -> list[str]:
    lines = [_escape(line) for line in cue.lines]
    if cue.language:
        lines = [f"<lang {cue.language}>{line}</lang>" for line in lines]
    return [f"<v {_escape(cue.speaker)}>{lines[0]}", *lines[1:]] if cue.speaker else lines


def _escape(line: str) -> str:
    return html.escape(line.replace("-->", "→"), quote=False)


def _cut(pieces: list[_Piece], until: float) -> Iterator[list[_Piece]]:
    """Yield the words of each cue: the cheapest cut of the paragraph, by dynamic programming over ends of cues.

    The last may stay on screen `until` then.
    """
    prices = _Prices(pieces, until)
    best: list[tuple[float, int]] = [(0.0, 0)]
    for end in range(1, len(pieces) + 1):
        best.append(prices.cheapest(end, best))
    ends, end = [len(pieces)], len(pieces)
    while end:
        end = best[end][1]
        ends.append(end)
    for start, end in zip(ends[::-1], ends[-2::-1], strict=False):
        yield pieces[start:end]


class _Cutter:
    """What depends on the language: how wide words are, and which of them lean on the next."""

    def __init__(self, language: str) -> None:
        self._language, self._leaning = language, get_language(language).function_words

    def pieces(self, word: Word, start: float, end: float) -> Iterator[_Piece]:
        """Yield a word whole, or a very long one (an address) in parts that fit a line, its time shared out."""
        text = word.text
        room = MAX_LINE if text.isascii() else int(MAX_LINE / max(width(letter, self._language) for letter in text))
        parts = [text[at : at + room] for at in range(0, len(text), room)]
        each, leans = (end - start) / len(parts), text.casefold() in self._leaning
        for at, part in enumerate(parts):
            wide, spaced = width(part, self._language), word.spaced or bool(at)
            yield _Piece(part, start + at * each, start + (at + 1) * each, wide, leans, spaced)

    def cue(self, part: Sequence[_Piece], speaker: str | None) -> Cue:
        """Return a caption of these words: one line, or two of which neither is too long, broken at a clause."""
        whole = _text_of(part)
        if sum(word.room for word in part) - part[0].spaced <= MAX_LINE:
            return Cue(part[0].start, part[-1].end, (whole,), speaker)
        pairs = [(_text_of(part[:at]), _text_of(part[at:])) for at in range(1, len(part))]
        widths = [tuple(width(line, self._language) for line in pair) for pair in pairs]
        fitting = [at for at, both in enumerate(widths) if max(both) <= MAX_LINE]
        best = min(fitting, key=lambda at: abs(widths[at][0] - widths[at][1]) + _price_of_break(part, at))
        return Cue(part[0].start, part[-1].end, pairs[best], speaker)


def _text_of(part: Sequence[_Piece]) -> str:
    return join_pieces(TextPiece(word.text, word.spaced) for word in part)


def _price_of_break(part: Sequence[_Piece], at: int) -> float:
    """Return how bad a line's end after a word is, in letters of balance: best after a comma, worst after “the”."""
    word, after = part[at], part[at + 1]
    if word.text[-1] in STOPS + COMMAS or _is_clause(word, after):
        return -8.0
    if word.leans:
        return 6.0
    return -3.0 if after.leans else 0.0


def _is_clause(word: _Piece, after: _Piece) -> bool:
    """Return whether a space stands where their script sets none between words: it parts clauses (Thai, Khmer)."""
    return after.spaced and is_unspaced(word.text[-1]) and is_unspaced(after.text[0])


class _Prices:
    """How bad each stretch of words is as a cue: many cues, a cut inside a phrase, a pause inside, a flash, haste.

    Sums over words are differences of running sums, so that a price takes the same time whatever the stretch's length.
    """

    def __init__(self, pieces: Sequence[_Piece], until: float) -> None:
        self._starts, self._ends = [word.start for word in pieces], [word.end for word in pieces]
        self._following = [*self._starts[1:], until]  # when the next words begin
        self._letters = [0.0, *accumulate(word.room for word in pieces)]
        pauses = (2.0 * (two.start - one.end > LONG_PAUSE) for one, two in pairwise(pieces))
        self._pauses = [0.0, 0.0, *accumulate(pauses)]
        self._stops = [0.0, *accumulate(0.5 * (word.text[-1] in STOPS) for word in pieces)]
        self._cuts = [*map(self._price_of_cut, pieces, [*pieces[1:], *pieces[-1:]], self._following)]
        self._cuts[-1:] = [0.0]
        self.furthest = [_furthest(pieces, start) for start in range(len(pieces))]

    def cheapest(self, end: int, best: Sequence[tuple[float, int]]) -> tuple[float, int]:
        """Return the least price of all words up to `end`, and where their last cue begins; `best` has it for before.

        An hour has a hundred thousand stretches: a function for the price of one would take most of the time.
        """
        last, found, begins = end - 1, math.inf, end - 1
        ends, following, cut = self._ends[last], self._following[last], 1.0 + self._cuts[last]
        for start in range(last, -1, -1):
            if end > self.furthest[start]:
                break
            price = cut + (self._pauses[end] - self._pauses[start + 1])
            price += self._stops[last] - self._stops[start]
            begin = self._starts[start]
            shown = max(ends, min(following, begin + MAX_SECONDS)) - begin
            if shown < MIN_SECONDS:
                price += 2.0
            speed = (self._letters[end] - self._letters[start]) / max(shown, FLASH)
            if speed > READING_SPEED:
                price += speed / READING_SPEED - 1
            if speed > MAX_READING_SPEED:
                price += 8 * (speed / MAX_READING_SPEED - 1)
            if best[start][0] + price <= found:
                found, begins = best[start][0] + price, start
        return found, begins

    @staticmethod
    def _price_of_cut(word: _Piece, after: _Piece, following: float) -> float:
        """Return what ending a caption after a word costs: little at a clause, most between “the” and its noun."""
        if following - word.end >= 0.3:  # noqa: PLR2004
            return 0.0
        last = word.text[-1]
        if last in STOPS:
            return 0.0
        if last in COMMAS or _is_clause(word, after):
            return 0.4
        return 1.5 if word.leans else 1.0 if after.leans else 1.2


def _furthest(pieces: Sequence[_Piece], start: int) -> int:
    """Return where a cue that begins here ends at the latest, its lines or its time full. One word always fits."""
    lines, used = 1, -float(pieces[start].spaced)
    for at in range(start, len(pieces)):
        used += pieces[at].room
        if used > MAX_LINE:
            lines, used = lines + 1, pieces[at].width
        if at > start and (lines > MAX_LINES or pieces[at].end - pieces[start].start > MAX_SECONDS):
            return at
    return len(pieces)


def _lengthen(cues: Sequence[Cue], language: str) -> Iterator[Cue]:
    """Yield the cues in order, each long enough to be read where its neighbours leave it the time."""
    begins = list(_begins(cues, language))
    for cue, begin, following in zip_longest(cues, begins, begins[1:]):
        wanted = begin + max(MIN_SECONDS, _width_of(cue, language) / READING_SPEED)
        free = begin + MAX_SECONDS if following is None else min(following, begin + MAX_SECONDS)
        end = max(min(cue.end, free), min(wanted, free), begin + 0.001)
        yield replace(cue, start=round(begin, 3), end=round(end, 3))


def _begins(cues: Sequence[Cue], language: str) -> Iterator[float]:
    """Yield when each cue comes on: with its words, or up to LEAD before them where it is hasty and the last is not."""
    shown, spare = 0.0, 0.0
    for cue, following in zip_longest(cues, cues[1:]):
        begin = max(cue.start, shown + 0.001)
        free = begin + MAX_SECONDS if following is None else following.start
        begin -= max(0.0, min(LEAD, spare, _width_of(cue, language) / MAX_READING_SPEED - (free - begin)))
        yield begin
        shown, spare = begin, free - begin - max(MIN_SECONDS, _width_of(cue, language) / MAX_READING_SPEED)
