"""Captions of an Edition: cues of at most two lines, and what may be wrong with them. Times are page time."""

import html
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise, zip_longest
from typing import Literal

import webvtt
from webvtt import Caption, WebVTT

from digest.errors import DigestError
from digest.model.public import PublicEdition
from digest.model.speech import Word
from digest.text.clock import timestamp

# The habits of broadcasters (BBC and Netflix timed text guides): line length, lines, seconds, characters a second.
MAX_LINE = 42
MAX_LINES = 2
MIN_SECONDS, MAX_SECONDS = 1.0, 7.0
READING_SPEED = 17.0  # characters a second that are read at leisure
MAX_READING_SPEED = 20.0  # and that can just be read
LEAD = 0.25  # seconds that a cue may come before its words
LONG_PAUSE = 0.8  # seconds without speech that end a cue


@dataclass(frozen=True)
class Cue:
    """A caption on screen; `speaker` is a name, or None while nobody knows it."""

    start: float
    end: float
    lines: tuple[str, ...]
    speaker: str | None = None


def cut_cues(edition: PublicEdition) -> tuple[Cue, ...]:
    """Return the captions of an Edition, in order and never overlapping."""
    found = list[Cue]()
    for paragraph, following in zip_longest(edition.paragraphs, edition.paragraphs[1:]):
        name = edition.speaker_name(paragraph.speaker)
        words = [
            word.model_copy(update={"start": edition.page_time(word.start), "end": edition.page_time(word.end)})
            for word in paragraph.words
        ]
        until = edition.page_time(following.start if following else edition.shown.end)
        found += [_cue(part, name) for part in _cut(words, until)]
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


def _cut(words: Sequence[Word], until: float) -> Iterator[list[Word]]:
    """Yield the words of each cue: the cheapest cut of the paragraph, by dynamic programming over ends of cues.

    The last may stay on screen `until` then.
    """
    pieces = [piece for word in words for piece in _pieces(word)]
    best: list[tuple[float, int]] = [(0.0, 0)]
    for end in range(1, len(pieces) + 1):
        found = (float("inf"), end - 1)
        for start in range(end - 1, -1, -1):
            part = pieces[start:end]
            if len(part) > 1 and not _fits(part):
                break
            following = pieces[end].start if end < len(pieces) else until
            cost = best[start][0] + _cost(part, following, is_last=end == len(pieces))
            found = min(found, (cost, start))
        best.append(found)
    ends, end = [len(pieces)], len(pieces)
    while end:
        end = best[end][1]
        ends.append(end)
    for start, end in zip(ends[::-1], ends[-2::-1], strict=False):
        yield pieces[start:end]


def _pieces(word: Word) -> Iterator[Word]:
    """Yield a word whole, or a very long one (an address) in parts that fit a line, its time shared out."""
    parts = [word.text[at : at + MAX_LINE] for at in range(0, len(word.text), MAX_LINE)] or [word.text]
    each = (word.end - word.start) / len(parts)
    for at, part in enumerate(parts):
        yield word.model_copy(
            update={"text": part, "start": word.start + at * each, "end": word.start + (at + 1) * each}
        )


def _fits(part: Sequence[Word]) -> bool:
    if part[-1].end - part[0].start > MAX_SECONDS:
        return False
    lines, used = 1, -1
    for word in part:
        used += 1 + len(word.text)
        if used > MAX_LINE:
            lines, used = lines + 1, len(word.text)
    return lines <= MAX_LINES


def _cost(part: Sequence[Word], following: float, *, is_last: bool) -> float:
    """Return how bad a cue is: many cues, a cut inside a phrase, a pause inside, a flash on screen, haste.

    `following` is when the next words begin.
    """
    cost = 1.0
    if not is_last and following - part[-1].end < 0.3:  # noqa: PLR2004
        last = part[-1].text[-1]
        cost += 0.0 if last in ".?!" else 0.4 if last in ",;:" else 1.2
    cost += sum(2.0 for one, two in pairwise(part) if two.start - one.end > LONG_PAUSE)
    cost += sum(0.5 for word in part[:-1] if word.text[-1] in ".?!")
    shown = max(part[-1].end, min(following, part[0].start + MAX_SECONDS)) - part[0].start
    if shown < MIN_SECONDS:
        cost += 2.0
    speed = sum(len(word.text) + 1 for word in part) / max(shown, MIN_SECONDS / 2)
    return cost + max(0.0, speed / READING_SPEED - 1) + 8 * max(0.0, speed / MAX_READING_SPEED - 1)


def _cue(part: Sequence[Word], speaker: str | None) -> Cue:
    return Cue(part[0].start, part[-1].end, _balance(part), speaker)


def _balance(part: Sequence[Word]) -> tuple[str, ...]:
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
