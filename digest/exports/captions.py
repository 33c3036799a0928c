"""Captions of an Edition: cues of at most two lines, and what may be wrong with them. Times are page time."""

import html
import io
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate, pairwise, zip_longest
from typing import Literal, NamedTuple

import webvtt
from webvtt import Caption, WebVTT

from digest.errors import DigestError
from digest.model.public import PublicEdition
from digest.text.clock import timestamp

# The habits of broadcasters (BBC and Netflix timed text guides): line length, lines, seconds, characters a second.
MAX_LINE = 42
MAX_LINES = 2
MIN_SECONDS, MAX_SECONDS = 1.0, 7.0
READING_SPEED = 17.0  # characters a second that are read at leisure
MAX_READING_SPEED = 20.0  # and that can just be read
FLASH = MIN_SECONDS / 2  # shown shorter, words are no faster than in so many seconds
LEAD = 0.25  # seconds that a cue may come before its words
LONG_PAUSE = 0.8  # seconds without speech that end a cue


@dataclass(frozen=True)
class Cue:
    """A caption on screen; `speaker` is a name, or None while nobody knows it."""

    start: float
    end: float
    lines: tuple[str, ...]
    speaker: str | None = None


class _Piece(NamedTuple):
    """A word, or a part of a very long one, with its page time."""

    text: str
    start: float
    end: float


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
    found = list[Cue]()
    for paragraph, following in zip_longest(edition.paragraphs, edition.paragraphs[1:]):
        name = edition.speaker_name(paragraph.speaker)
        pieces = [
            piece
            for word in paragraph.words
            for piece in _pieces(word.text, edition.page_time(word.start), edition.page_time(word.end))
        ]
        until = edition.page_time(following.start if following else edition.shown.end)
        found += [_cue(part, name) for part in _cut(pieces, until)]
    return tuple(_lengthen(found))


def check(cues: Sequence[Cue]) -> None:
    """See to it that players can show the cues. Raises DigestError naming the first that they could not.

    Speech that is faster than people read is no fault of the cues: see `remarks`.
    """
    faulty = (
        *(cue for cue, after in pairwise(cues) if after.start < cue.end),
        *(cue for cue in cues if cue.end <= cue.start or not 1 <= len(cue.lines) <= MAX_LINES),
        *(cue for cue in cues if not all(0 < len(line) <= MAX_LINE for line in cue.lines)),
    )
    for cue in faulty:
        raise DigestError(
            f"The caption at {timestamp(cue.start)} overlaps another or does not fit the screen.", remedy="Report this."
        )
    read = [
        (each.start, each.end, each.lines)
        for each in webvtt.from_buffer(io.StringIO(format_cues(cues, "vtt"))).captions
    ]
    if read != [(timestamp(cue.start), timestamp(cue.end), _mark_up(cue)) for cue in cues]:
        raise DigestError("The captions cannot be read back.", remedy="Report this.")


def remarks(cues: Sequence[Cue]) -> Iterator[str]:
    """Yield what an editor should know: where speech is too fast to be read, or a caption too short to be seen."""
    fast = [cue for cue in cues if _characters(cue) > MAX_READING_SPEED * (cue.end - cue.start)]
    short = [cue for cue in cues if cue.end - cue.start < MIN_SECONDS]
    if len(fast) > len(cues) / 100:
        yield f"{len(fast)} of {len(cues)} captions are faster than {MAX_READING_SPEED:.0f} characters a second."
    if short:
        yield f"{len(short)} of {len(cues)} captions are shorter than {MIN_SECONDS:.0f} second."


def _characters(cue: Cue) -> int:
    return sum(map(len, cue.lines))


def format_cues(cues: Sequence[Cue], form: Literal["vtt", "srt"]) -> str:
    """Return the cues as webvtt-py writes them: speakers as `<v Name>`, text escaped."""
    captions = [Caption(timestamp(cue.start), timestamp(cue.end), _mark_up(cue)) for cue in cues]
    buffer = io.StringIO()
    WebVTT(captions=captions).write(buffer, format=form)
    return buffer.getvalue()


def _mark_up(cue: Cue) -> list[str]:
    lines = [_escape(line) for line in cue.lines]
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


def _pieces(text: str, start: float, end: float) -> Iterator[_Piece]:
    """Yield a word whole, or a very long one (an address) in parts that fit a line, its time shared out."""
    parts = [text[at : at + MAX_LINE] for at in range(0, len(text), MAX_LINE)] or [text]
    each = (end - start) / len(parts)
    for at, part in enumerate(parts):
        yield _Piece(part, start + at * each, start + (at + 1) * each)


class _Prices:
    """How bad each stretch of words is as a cue: many cues, a cut inside a phrase, a pause inside, a flash, haste.

    Sums over words are differences of running sums, so that a price takes the same time whatever the stretch's length.
    """

    def __init__(self, pieces: Sequence[_Piece], until: float) -> None:
        self._starts, self._ends = [word.start for word in pieces], [word.end for word in pieces]
        self._following = [*self._starts[1:], until]  # when the next words begin
        self._letters = [0, *accumulate(len(word.text) + 1 for word in pieces)]
        pauses = (2.0 * (two.start - one.end > LONG_PAUSE) for one, two in pairwise(pieces))
        self._pauses = [0.0, 0.0, *accumulate(pauses)]
        self._stops = [0.0, *accumulate(0.5 * (word.text[-1] in ".?!") for word in pieces)]
        self._cuts = [*map(self._price_of_cut, pieces, self._following)]
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
    def _price_of_cut(word: _Piece, following: float) -> float:
        if following - word.end >= 0.3:  # noqa: PLR2004
            return 0.0
        last = word.text[-1]
        return 0.0 if last in ".?!" else 0.4 if last in ",;:" else 1.2


def _furthest(pieces: Sequence[_Piece], start: int) -> int:
    """Return where a cue that begins here ends at the latest, its lines or its time full. One word always fits."""
    lines, used = 1, -1
    for at in range(start, len(pieces)):
        used += 1 + len(pieces[at].text)
        if used > MAX_LINE:
            lines, used = lines + 1, len(pieces[at].text)
        if at > start and (lines > MAX_LINES or pieces[at].end - pieces[start].start > MAX_SECONDS):
            return at
    return len(pieces)


def _cue(part: Sequence[_Piece], speaker: str | None) -> Cue:
    return Cue(part[0].start, part[-1].end, _balance(part), speaker)


def _balance(part: Sequence[_Piece]) -> tuple[str, ...]:
    """Return one line, or two of which neither is too long, broken after a phrase if it can be."""
    words = [word.text for word in part]
    whole = " ".join(words)
    if len(whole) <= MAX_LINE:
        return (whole,)
    pairs = ((" ".join(words[:at]), " ".join(words[at:])) for at in range(1, len(words)))
    fitting = [pair for pair in pairs if max(map(len, pair)) <= MAX_LINE]
    return min(fitting, key=lambda pair: abs(len(pair[0]) - len(pair[1])) - (8 if pair[0][-1] in ",.;:?!" else 0))


def _lengthen(cues: Sequence[Cue]) -> Iterator[Cue]:
    """Yield the cues in order, each long enough to be read where its neighbours leave it the time."""
    begins = list(_begins(cues))
    for cue, begin, following in zip_longest(cues, begins, begins[1:]):
        wanted = begin + max(MIN_SECONDS, _characters(cue) / READING_SPEED)
        free = begin + MAX_SECONDS if following is None else min(following, begin + MAX_SECONDS)
        end = max(min(cue.end, free), min(wanted, free), begin + 0.001)
        yield Cue(round(begin, 3), round(end, 3), cue.lines, cue.speaker)


def _begins(cues: Sequence[Cue]) -> Iterator[float]:
    """Yield when each cue comes on: with its words, or up to LEAD before them where it is hasty and the last is not."""
    shown, spare = 0.0, 0.0
    for cue, following in zip_longest(cues, cues[1:]):
        begin = max(cue.start, shown + 0.001)
        free = begin + MAX_SECONDS if following is None else following.start
        begin -= max(0.0, min(LEAD, spare, _characters(cue) / MAX_READING_SPEED - (free - begin)))
        yield begin
        shown, spare = begin, free - begin - max(MIN_SECONDS, _characters(cue) / MAX_READING_SPEED)
