"""Cuts the voice of a recording into windows for Whisper, and reads the sound of one."""

import wave
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from digest.model.artifact import Record, Span
from digest.speech.voice_activity import RATE

Samples = npt.NDArray[np.float32]

LONGEST = 30.0  # seconds, the length that Whisper was trained on
MARGIN = 0.2  # seconds of sound before and after the voice
LONG_SILENCE = 4.0  # seconds that are never decoded
EARLIEST_CUT = 20.0  # seconds into a window: a cut before costs an encoding, one at a short pause costs words


class Window(Record):
    """A stretch of sound that is decoded at once, and where in it a voice is heard; seconds of the recording."""

    voiced: tuple[Span, ...]

    @property
    def start(self) -> float:
        """Return the second at which its sound begins."""
        return max(0.0, self.voiced[0].start - MARGIN)

    @property
    def end(self) -> float:
        """Return the second at which its sound ends."""
        return self.voiced[-1].end + MARGIN

    @property
    def voice(self) -> float:
        """Return for how many seconds a voice is heard."""
        return sum(span.end - span.start for span in self.voiced)


def windows(regions: Sequence[Span]) -> tuple[Window, ...]:
    """Return windows of at most 30 s that hold all voiced regions, cut at the longest pauses."""
    return tuple(_cut([part for region in regions for part in _short_enough(region)]))


def _cut(waiting: Sequence[Span]) -> Iterator[Window]:
    while waiting:
        fitting = 1
        while (
            fitting < len(waiting)
            and waiting[fitting].end - waiting[0].start <= LONGEST - 2 * MARGIN
            and waiting[fitting].start - waiting[fitting - 1].end < LONG_SILENCE
        ):
            fitting += 1
        at = fitting
        if fitting < len(waiting) and waiting[fitting].start - waiting[fitting - 1].end < LONG_SILENCE:
            late = [i for i in range(1, fitting + 1) if waiting[i - 1].end - waiting[0].start > EARLIEST_CUT]
            at = max(late, key=lambda i: waiting[i].start - waiting[i - 1].end, default=fitting)
        yield Window(voiced=tuple(waiting[:at]))
        waiting = waiting[at:]


def _short_enough(region: Span) -> Iterator[Span]:
    """Yield a region whole, or one without a pause for longer than a window in equal parts."""
    length = region.end - region.start
    parts = int(length // (LONGEST - 2 * MARGIN)) + 1
    for at in range(parts):
        yield Span(start=region.start + at * length / parts, end=region.start + (at + 1) * length / parts)


def halves(window: Window) -> tuple[Window, ...]:
    """Return a window cut at its longest pause, of equal ones the middle one; whole where it has none."""
    voiced = window.voiced
    if len(voiced) == 1:
        return (window,)
    at = max(range(1, len(voiced)), key=lambda i: (voiced[i].start - voiced[i - 1].end, -abs(2 * i - len(voiced))))
    return Window(voiced=voiced[:at]), Window(voiced=voiced[at:])


def samples(sound: Path, window: Window) -> Samples:
    """Return a window's sound, -1 to 1 at 16 kHz, out of a WAV file."""
    with wave.open(str(sound), "rb") as file:
        first = max(0, min(round(window.start * RATE), file.getnframes()))
        file.setpos(first)
        data = file.readframes(max(0, round(window.end * RATE) - first))
    return np.frombuffer(data, "<i2").astype(np.float32) / np.float32(32768)
