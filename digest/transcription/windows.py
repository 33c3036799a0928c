"""Cuts the voice of a recording into windows for Whisper, reads their sound, and finds the way back to its seconds."""

import wave
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import accumulate, pairwise
from pathlib import Path

import numpy as np
import numpy.typing as npt

from digest.model.artifact import Record, Span
from digest.transcription.voice_activity import RATE

Samples = npt.NDArray[np.float32]

MAX_LENGTH = 30.0  # seconds, the length that Whisper was trained on
MARGIN = 0.35  # seconds of sound kept before and after a voice; what is left of a longer pause is taken out
MIN_BEFORE_CUT = 20.0  # seconds of a window: a cut sooner costs an encoding, one at a short pause costs words


class Window(Record):
    """What is decoded at once: voiced regions, in seconds of the recording, without the pauses between them."""

    voiced: tuple[Span, ...]

    @cached_property
    def pieces(self) -> tuple[Span, ...]:
        """Return the stretches of the recording that lie one after the other in the window's sound."""
        found: list[Span] = []
        for span in self.voiced:
            start, end = max(0.0, span.start - MARGIN), span.end + MARGIN
            if found and start <= found[-1].end:
                start = found.pop().start
            found.append(Span(start=start, end=end))
        return tuple(found)

    @cached_property
    def begins(self) -> tuple[float, ...]:
        """Return where each piece begins in the window's sound, and where the last one ends; seconds."""
        return tuple(accumulate((piece.end - piece.start for piece in self.pieces), initial=0.0))

    @property
    def length(self) -> float:
        """Return how long its sound is, in seconds."""
        return self.begins[-1]

    @property
    def voice(self) -> float:
        """Return for how many seconds a voice is heard."""
        return sum(span.end - span.start for span in self.voiced)

    def in_recording(self, start: float, end: float) -> tuple[float, float]:
        """Return the seconds of the recording for a time in the window's sound; at a seam it ends before it."""
        first = min(bisect_right(self.begins, start), len(self.pieces)) - 1
        last = max(first, min(bisect_left(self.begins, end), len(self.pieces)) - 1)
        return (
            self.pieces[first].start + start - self.begins[first],
            self.pieces[last].start + end - self.begins[last],
        )


def windows(regions: Sequence[Span]) -> tuple[Window, ...]:
    """Return windows of at most 30 s of sound that hold all voiced regions, cut at the longest late pauses."""
    return tuple(_split_at_pauses([part for region in regions for part in _split_evenly(region)]))


def _split_at_pauses(waiting: Sequence[Span]) -> Iterator[Window]:
    while waiting:
        lengths = [Window(voiced=tuple(waiting[:1])).length]
        for before, span in pairwise(waiting):
            lengths.append(lengths[-1] + span.end - span.start + min(span.start - before.end, 2 * MARGIN))
            if lengths[-1] > MAX_LENGTH:
                break
        fitting = len(lengths) - (lengths[-1] > MAX_LENGTH)
        at = fitting
        if fitting < len(waiting):
            late = [i for i in range(1, fitting + 1) if lengths[i - 1] > MIN_BEFORE_CUT]
            at = max(late, key=lambda i: waiting[i].start - waiting[i - 1].end, default=fitting)
        yield Window(voiced=tuple(waiting[:at]))
        waiting = waiting[at:]


def _split_evenly(region: Span) -> Iterator[Span]:
    """Yield a region whole, or one without a pause for longer than a window in equal parts."""
    length = region.end - region.start
    parts = int(length // (MAX_LENGTH - 2 * MARGIN)) + 1
    for at in range(parts):
        yield Span(start=region.start + at * length / parts, end=region.start + (at + 1) * length / parts)


def halves(window: Window) -> tuple[Window, ...]:
    """Return a window cut at its longest pause, of those that leave a quarter on both sides; whole if it has none."""
    voiced = window.voiced
    least = window.length / 4
    cuts = [(Window(voiced=voiced[:at]), Window(voiced=voiced[at:])) for at in range(1, len(voiced))]
    even = [cut for cut in cuts if min(half.length for half in cut) >= least] or cuts
    return max(even, key=lambda cut: cut[1].voiced[0].start - cut[0].voiced[-1].end, default=(window,))


def samples(sound: Path, window: Window) -> Samples:
    """Return a window's sound, -1 to 1 at 16 kHz, out of a WAV file."""
    read = list[bytes]()
    with wave.open(str(sound), "rb") as file:
        for piece in window.pieces:
            first = max(0, min(round(piece.start * RATE), file.getnframes()))
            file.setpos(first)
            read.append(file.readframes(max(0, round(piece.end * RATE) - first)))
    return np.frombuffer(b"".join(read), "<i2").astype(np.float32) / np.float32(32768)
