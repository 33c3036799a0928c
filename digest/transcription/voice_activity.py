"""Where a voice is heard: Silero's network over the 16 kHz sound, chunk by chunk. A WAV file in, Spans out."""

import wave
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np

from digest.model.artifact import Span
from digest.transcription.silero import CHUNK, State, probabilities

RATE = 16_000  # Hz
BLOCK = CHUNK * 1000  # samples read at once

# Silero's published defaults (silero-vad, get_speech_timestamps), but for the silence: it joins words of one breath.
ONSET, OFFSET = 0.5, 0.35
MIN_VOICE = 0.25  # seconds
MIN_SILENCE = 0.3
PADDING = 0.1
QUIET = 33  # of 32,768: -60 dBFS, below any voice that a transcriber can use


def voiced_regions(sound: Path) -> tuple[Span, ...]:
    """Return where a voice is heard, in order; memory does not grow with the duration."""
    with wave.open(str(sound), "rb") as file:
        duration = file.getnframes() / RATE
        return tuple(_regions(_probabilities(file), duration))


def _probabilities(file: wave.Wave_read) -> Iterator[float]:
    """Yield the probability of a voice for every chunk of 32 ms, half a minute of sound in memory at a time."""
    state: State | None = None
    while data := file.readframes(BLOCK):
        samples = np.frombuffer(data, "<i2")
        heard, state = probabilities(samples, state)
        loudest = np.abs(samples[: len(heard) * CHUNK].reshape(-1, CHUNK).astype(np.int32)).max(1, initial=0)
        yield from np.where(loudest < QUIET, 0.0, heard).tolist()


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
        elif now - quiet >= MIN_SILENCE:
            if quiet - begin >= MIN_VOICE:
                yield (region := _pad(begin, quiet, last, duration))
                last = region.end
            begin = quiet = None
    end = quiet if quiet is not None else duration
    if begin is not None and end - begin >= MIN_VOICE:
        yield _pad(begin, end, last, duration)


def _pad(begin: float, end: float, last: float, duration: float) -> Span:
    return Span(start=round(max(last, begin - PADDING), 3), end=round(min(duration, end + PADDING), 3))
