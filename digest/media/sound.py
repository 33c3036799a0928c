"""The recording's sound for the transcriber: 16 kHz, mono, 16 bit, decoded by streaming and never whole in memory.

ffmpeg decodes all channels to a file of raw samples; how they become one is decided by measuring them, because a
plain mix loses speech in opposite phase, and buries what stands in one of six channels.
"""

import wave
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from typing import cast

import numpy as np
from numpy.typing import NDArray

from digest.errors import UnusableDrop
from digest.media.ffmpeg import ffmpeg, input_options
from digest.media.probe import COPY_AGAIN
from digest.model.artifact import Span
from digest.model.media import Probe, Track

MAX_SECONDS = 8 * 3600.0  # of a recording: a whole day of conference; ten hours of silence take 72 kB
RATE = 16_000  # Hz: what Whisper reads
FULL_SCALE = 32_768
SILENT = -75.0  # dBFS; dither and noise of a cable that nobody plugged in stay below
QUIET = -40.0  # dBFS of the loud seconds; speech below is lifted before anybody looks for a voice
LIVELY = 3.0  # dB between loud and soft seconds; the hum of an empty room stays within 1 and is not lifted
USUAL = -20.0  # dBFS of the loud seconds of a well-levelled talk
APART = 12.0  # dB between two voices of which both are heard whole; at 24 dB a seventh of the words were lost (0056)
MOST_APART = 40.0  # dB that a voice is lifted at most: what is softer lies in the noise
UNUSED = 1e-3  # a channel 30 dB below the loudest carries nothing
TOP = 0.7  # of its highest: samples above are its top
HIGH = 0.5  # of full scale: what never gets there was not cut off by a recorder
FLAT = 0.1  # of the samples of a loud second in its top: docs/benchmarks.md, "Clipped recordings"
CANCELLED = 1 / 8  # a mix 9 dB below its loudest channel has lost something


@dataclass(frozen=True)
class Raw:
    """Samples as ffmpeg wrote them: 16 bit, 16 kHz, `channels` interleaved."""

    path: Path
    channels: int

    @property
    def seconds(self) -> float:
        """Return how long it is."""
        return self.path.stat().st_size / (2 * self.channels * RATE)

    def chunks(self) -> Iterator[NDArray[np.float32]]:
        """Yield a second at a time, shaped (samples, channels), between -1 and 1; the last may be shorter."""
        with self.path.open("rb") as file:
            while block := file.read(2 * self.channels * RATE):
                whole = len(block) // (2 * self.channels) * self.channels
                samples = np.frombuffer(block, dtype="<i2", count=whole).reshape(-1, self.channels)
                yield samples.astype(np.float32) / np.float32(FULL_SCALE)


@dataclass(frozen=True)
class Mix:
    """How channels become one: a weight each; `gain` lifts a very quiet recording. `loud` in dBFS, before the gain.

    `is_levelled` says that somebody is heard in one channel alone, much quieter, and was lifted; `is_clipped` that it
    was recorded so loudly that the tops of its waves are cut off.
    """

    weights: tuple[float, ...]
    gain: float
    loud: float
    is_levelled: bool = False
    is_clipped: bool = False

    @property
    def is_plain(self) -> bool:
        """Say whether all channels count alike and nothing is lifted."""
        return self.gain == 1 and len(set(self.weights)) == 1

    @property
    def is_silent(self) -> bool:
        """Say whether nothing can be heard."""
        return self.loud < SILENT


def decode(
    source: Path,
    probe: Probe,
    track: Track,
    *,
    to: Path,
    seconds_limit: float,
    max_gigabytes: float,
    reached: Callable[[float], None] | None = None,
) -> Raw:
    """Decode a sound track on the recording's own time line: a late start is silence, a gap too.

    Raises UnusableDrop if nothing of it can be decoded.
    """
    ffmpeg(
        [
            *input_options(source, probe.container),
            *("-map", f"0:{track.index}", "-vn", "-sn", "-dn"),
            *(
                "-af",
                f"aresample={RATE}:async=1:first_pts=0",
                "-c:a",
                "pcm_s16le",
                "-t",
                f"{MAX_SECONDS + 1:.0f}",
                "-f",
                "s16le",
                to,
            ),
        ],
        seconds=seconds_limit,
        max_gigabytes=max_gigabytes,
        reached=reached,
    )
    if not to.exists() or to.stat().st_size < 2 * track.channels:
        raise UnusableDrop("Its sound is empty or cannot be decoded.", file=source, remedy=COPY_AGAIN)
    return Raw(to, track.channels)


def mix_of(raw: Raw) -> Mix:
    """Measure the channels and say how to make one of them that loses nothing that is said."""
    each = np.stack([chunk.T @ chunk / len(chunk) for chunk in raw.chunks()])  # (seconds, channels, channels): power
    heights, tops = (np.stack(some) for some in zip(*map(_tops, raw.chunks()), strict=True))
    power = each.mean(axis=0)
    own = np.diagonal(power)
    lifted = _quiet_voices(np.diagonal(each, axis1=1, axis2=2))
    used = (own >= own.max() * UNUSED) | (lifted > 1)
    weights = used / used.sum()
    if weights @ power @ weights < own.max() * CANCELLED:
        weights = (np.arange(raw.channels) == own.argmax()).astype(float)
    weights = weights * lifted
    soft, loud = (_decibels(float(p)) for p in np.percentile(np.einsum("i,sij,j->s", weights, each, weights), (5, 95)))
    is_quiet_speech = SILENT <= loud < QUIET and loud - soft > LIVELY
    gain = 10 ** ((USUAL - loud) / 20) if is_quiet_speech else 1.0
    main = int(own.argmax())
    return Mix(
        tuple(float(weight) for weight in weights),
        gain,
        loud,
        is_levelled=bool((lifted > 1).any()),
        is_clipped=_is_clipped(each[:, main, main], heights[:, main], tops[:, main]),
    )


def _tops(second: NDArray[np.float32]) -> tuple[NDArray[np.float32], NDArray[np.float64]]:
    """Return each channel's highest sample, and which share of its samples lies in its top."""
    above = np.abs(second)
    height = above.max(axis=0)
    return height, (above >= TOP * height).mean(axis=0)


def _is_clipped(power: NDArray[np.floating], heights: NDArray[np.floating], tops: NDArray[np.floating]) -> bool:
    """Say whether the tops of waves are cut off in the louder half of the seconds.

    Speech has 0.4 to 2 % of its samples there. What was cut off stays flat through codecs and resampling, where it no
    longer is at full scale. A hum is flat as well, and as loud all the time.
    """
    is_loud = power >= np.median(power)
    soft, loud = (_decibels(float(p)) for p in np.percentile(power, (5, 95)))
    is_flat = bool(np.median(tops[is_loud]) > FLAT) and bool(heights.max() > HIGH)
    return is_flat and loud - soft > LIVELY


def _quiet_voices(power: NDArray[np.float32]) -> NDArray[np.float64]:
    """Return by what to multiply each channel, from its power a second (seconds, channels).

    It is above 1 where somebody speaks in that channel while the loudest is still: the guest of a call recorded on two
    channels. A channel that is loud when the loudest is, is the same sound once more, and stays as it is.
    """
    level = 10 * np.log10(np.maximum(power, 1e-12))
    soft, loud = np.percentile(level, (5, 99), axis=0)
    main = int(loud.argmax())
    lifted = np.ones(power.shape[1])
    for channel in range(power.shape[1]):
        is_lively = loud[channel] > SILENT and loud[channel] - soft[channel] > LIVELY
        quieter = float(loud[main] - loud[channel])
        meanwhile = np.median(level[level[:, channel] > loud[channel] - APART, main])
        if is_lively and APART < quieter <= MOST_APART and meanwhile < loud[main] - APART:
            lifted[channel] = 10 ** (quieter / 20)
    return lifted


def speaks_meanwhile(one: Raw, other: Raw) -> bool:
    """Return whether somebody speaks in another track while this one is still: another voice, not the same once more.

    An interpreter speaks while the speaker does, and is not told from a copy: neither is mixed in.
    """
    tracks = (loudness(one), loudness(other))
    length = min(map(len, tracks))
    if not length:
        return False
    level = np.array([track[:length] for track in tracks])
    soft, loud = np.percentile(level, (5, 99), axis=1)
    meanwhile = np.median(level[0, level[1] > loud[1] - APART])
    return bool(loud[1] > SILENT and loud[1] - soft[1] > LIVELY and meanwhile < loud[0] - APART)


def side_by_side(tracks: Sequence[Raw], to: Path) -> Raw:
    """Write the channels of several tracks beside each other, as long as the longest, and return them as one."""
    channels = sum(track.channels for track in tracks)
    with to.open("wb") as file:
        for chunks in zip_longest(*(track.chunks() for track in tracks)):
            length = max(len(chunk) for chunk in chunks if chunk is not None)
            together, at = np.zeros((length, channels), dtype=np.float32), 0
            for track, chunk in zip(tracks, chunks, strict=True):
                if chunk is not None:
                    together[: len(chunk), at : at + track.channels] = chunk
                at += track.channels
            file.write(np.rint(together * FULL_SCALE).astype("<i2").tobytes())
    return Raw(to, channels)


def write(parts: Sequence[tuple[Raw, Mix]], to: Path) -> float:
    """Write the parts one after the other as one WAV file and return its length in seconds."""
    samples = 0
    with wave.open(str(to), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        for raw, mix in parts:
            weights = np.array(mix.weights, dtype=np.float32) * np.float32(mix.gain * FULL_SCALE)
            for chunk in raw.chunks():
                mono = np.clip(np.rint(chunk @ weights), -FULL_SCALE, FULL_SCALE - 1).astype("<i2")
                file.writeframesraw(mono.tobytes())
                samples += len(mono)
    return samples / RATE


def loudness(raw: Raw) -> list[float]:
    """Return the power of each second over all channels, in dBFS: two copies of one talk have nearly the same."""
    return [_decibels(float(np.mean(chunk**2))) for chunk in raw.chunks()]


def _decibels(power: float) -> float:
    return cast("float", 10 * np.log10(max(power, 1e-12)))


def silence(sound: Path, stretches: Sequence[Span], to: Path) -> None:
    """Write a WAV file again, silent in these stretches, a second at a time."""
    with wave.open(str(sound), "rb") as source, wave.open(str(to), "wb") as target:
        target.setparams(source.getparams())
        rate, size = source.getframerate(), source.getsampwidth() * source.getnchannels()
        second = 0
        while frames := bytearray(source.readframes(rate)):
            for one in stretches:
                first, last = (max(0, round((at - second) * rate)) * size for at in (one.start, one.end))
                frames[first:last] = bytes(len(frames[first:last]))
            target.writeframes(frames)
            second += 1
