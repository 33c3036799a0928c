"""Captions of an Edition: cues of at most two lines, as WebVTT, SubRip and plain text. Times are page time."""

import html
import io
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from webvtt import Caption, WebVTT

from digest.model.edition import Edition, Paragraph
from digest.model.speech import Word

# The habits of broadcasters (BBC and Netflix timed text guides): line length, lines, seconds, characters a second.
LINE = 42
LINES = 2
SHORTEST, LONGEST = 1.0, 7.0
READING_SPEED = 17.0
LONG_PAUSE = 0.8  # seconds without speech that end a cue


@dataclass(frozen=True)
class Cue:
    """A caption on screen; `speaker` is a name, or None while nobody knows it."""

    start: float
    end: float
    lines: tuple[str, ...]
    speaker: str | None = None


def of(edition: Edition) -> tuple[Cue, ...]:
    """Return the captions of an Edition, in order and never overlapping."""
    found = list[Cue]()
    for paragraph in edition.paragraphs:
        name = edition.speaker_name(paragraph.speaker)
        words = [
            word.model_copy(update={"start": edition.page_time(word.start), "end": edition.page_time(word.end)})
            for word in paragraph.words
        ]
        found += [_cue(part, name) for part in _cut(words)]
    return tuple(_lasting(found))


def vtt(cues: Sequence[Cue]) -> str:
    """Return the cues as WebVTT, with `<v Name>` where the speaker is known."""
    return _written(cues, "vtt")


def srt(cues: Sequence[Cue]) -> str:
    """Return the cues as SubRip, which knows neither speakers nor markup."""
    return html.unescape(_written(cues, "srt")) + "\n"


def text(edition: Edition) -> str:
    """Return the transcript to read: a paragraph each, with its time and, where it is known, who spoke."""
    return "\n\n".join(_plain(paragraph, edition) for paragraph in edition.paragraphs) + "\n"


def _plain(paragraph: Paragraph, edition: Edition) -> str:
    second = int(edition.page_time(paragraph.start))
    name = edition.speaker_name(paragraph.speaker)
    head = f"[{second // 3600}:{second // 60 % 60:02}:{second % 60:02}]" + (f" {name}:" if name else "")
    return f"{head}\n{textwrap.fill(paragraph.text, 80, break_long_words=False, break_on_hyphens=False)}"


def _written(cues: Sequence[Cue], form: str) -> str:
    captions = [Caption(_clock(cue.start), _clock(cue.end), _marked(cue)) for cue in cues]
    buffer = io.StringIO()
    WebVTT(captions=captions).write(buffer, format=form)
    return buffer.getvalue()


def _marked(cue: Cue) -> list[str]:
    lines = [_escaped(line) for line in cue.lines]
    return [f"<v {_escaped(cue.speaker)}>{lines[0]}", *lines[1:]] if cue.speaker else lines


def _escaped(line: str) -> str:
    return html.escape(line.replace("-->", "→"), quote=False)


def _clock(seconds: float) -> str:
    thousandths = round(seconds * 1000)
    return (
        f"{thousandths // 3_600_000:02}:{thousandths // 60_000 % 60:02}"
        f":{thousandths // 1000 % 60:02}.{thousandths % 1000:03}"
    )


def _cut(words: Sequence[Word]) -> Iterator[list[Word]]:
    """Yield the words of each cue: the cheapest cut of the paragraph, by dynamic programming over ends of cues."""
    pieces = [piece for word in words for piece in _pieces(word)]
    best: list[tuple[float, int]] = [(0.0, 0)]
    for end in range(1, len(pieces) + 1):
        found = (float("inf"), end - 1)
        for start in range(end - 1, -1, -1):
            part = pieces[start:end]
            if len(part) > 1 and not _fits(part):
                break
            cost = best[start][0] + _cost(part, pieces[end] if end < len(pieces) else None)
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
    parts = [word.text[at : at + LINE] for at in range(0, len(word.text), LINE)] or [word.text]
    each = (word.end - word.start) / len(parts)
    for at, part in enumerate(parts):
        yield word.model_copy(
            update={"text": part, "start": word.start + at * each, "end": word.start + (at + 1) * each}
        )


def _fits(part: Sequence[Word]) -> bool:
    if part[-1].end - part[0].start > LONGEST:
        return False
    lines, used = 1, -1
    for word in part:
        used += 1 + len(word.text)
        if used > LINE:
            lines, used = lines + 1, len(word.text)
    return lines <= LINES


def _cost(part: Sequence[Word], following: Word | None) -> float:
    """Return how bad a cue is: many cues, a cut inside a phrase, a pause inside, a flash on screen."""
    cost = 1.0
    if following and following.start - part[-1].end < 0.3:  # noqa: PLR2004
        last = part[-1].text[-1]
        cost += 0.0 if last in ".?!" else 0.4 if last in ",;:" else 1.2
    cost += sum(2.0 for one, two in pairwise(part) if two.start - one.end > LONG_PAUSE)
    cost += sum(0.5 for word in part[:-1] if word.text[-1] in ".?!")
    if part[-1].end - part[0].start < SHORTEST:
        cost += 1.0
    return cost


def _cue(part: Sequence[Word], speaker: str | None) -> Cue:
    return Cue(part[0].start, part[-1].end, _balanced(part), speaker)


def _balanced(part: Sequence[Word]) -> tuple[str, ...]:
    """Return one line, or two of which neither is too long, broken after a phrase if it can be."""
    words = [word.text for word in part]
    whole = " ".join(words)
    if len(whole) <= LINE:
        return (whole,)
    pairs = ((" ".join(words[:at]), " ".join(words[at:])) for at in range(1, len(words)))
    fitting = [pair for pair in pairs if max(map(len, pair)) <= LINE]
    return min(fitting, key=lambda pair: abs(len(pair[0]) - len(pair[1])) - (8 if pair[0][-1] in ",.;:?!" else 0))


def _lasting(cues: Sequence[Cue]) -> Iterator[Cue]:
    """Yield the cues in order, each long enough to be read where the next one leaves it the time."""
    shown = 0.0
    for at, cue in enumerate(cues):
        start = max(cue.start, shown)
        wanted = max(SHORTEST, sum(map(len, cue.lines)) / READING_SPEED)
        free = cues[at + 1].start if at + 1 < len(cues) else start + LONGEST
        shown = max(min(cue.end, start + LONGEST), min(start + wanted, free), start + 0.001)
        yield Cue(round(start, 3), round(shown, 3), cue.lines, cue.speaker)
