"""Which of several recordings are used, and in which order."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from digest.errors import UnusableDrop, naming
from digest.intake.roles import in_sequence
from digest.media.frames import Reel
from digest.media.probe import probe
from digest.media.sound import SILENT, decode, loudness
from digest.model.drop import Ignored
from digest.model.media import Probe
from digest.temporary import temporary_folder

log = logging.getLogger(__name__)

SAME_LENGTH = 1.0  # seconds
SAME_MEETING = 2.0  # seconds by which the streams of one meeting end apart
SAME_SOUND = 3.0  # dB of median difference a second, after levelling: two encodings of one talk stay within 1
MUCH_MORE = 1.25  # times as much still writing: below, two views show as much
LOOKS = 12  # instants at which a view is looked at
APART = 2.0  # seconds between the two pictures of an instant
WIDTH, HEIGHT = 320, 180  # pixels of these
BLOCK = 20  # pixels: what moves is judged in squares of this side
MOVED = 3.0  # levels of 255 by which a square changes where somebody moves
EDGE = 48  # levels of 255 from a pixel to the next: letters, lines of a drawing
SECONDS_LIMIT = 3600.0
DECODED_GIGABYTES = 8.0


@dataclass(frozen=True)
class Recordings:
    """The names of the files to use, in order, the others with the reason, and remarks for staff.

    `screen` is the file whose picture belongs to the sound of the only other one.
    """

    names: tuple[str, ...]
    ignored: tuple[Ignored, ...] = ()
    remarks: tuple[str, ...] = ()
    screen: str | None = None


def in_order(paths: Mapping[str, Path], folder: str, *, has_captions: bool) -> Recordings:
    """Return which recordings are used, and in which order.

    Of several views of one meeting, which sound alike, the one with the slides is used. Where one file has the sound
    and another of the same length a picture alone, both are.
    Raises UnusableDrop if there is none, if staff must say which one, or if there are neither sound nor captions.
    """
    if not paths:
        raise UnusableDrop(
            "There is no recording in the folder.",
            file=folder,
            remedy="Put the recording (for example .mp4 or .m4a) into the folder and drop it again.",
        )
    probes = {name: _probe(path, name) for name, path in paths.items()}
    silent = [name for name, probe in probes.items() if not probe.tracks]
    if len(silent) == len(paths) and not has_captions:
        raise UnusableDrop(
            "The recording has no sound.",
            file=silent[0],
            remedy="Drop the one that was saved with sound; or put the captions that somebody wrote beside it.",
        )
    if len(paths) == 1:
        return Recordings(tuple(paths))
    found = _one_of_several(paths, probes) or _parts(tuple(paths))
    if found is None:
        raise UnusableDrop(
            f"There are several recordings: {', '.join(paths)}.",
            remedy="Leave the one to use; or, if one goes on where the other ends, call them part-1, part-2.",
        )
    return found


def _one_of_several(paths: Mapping[str, Path], probes: Mapping[str, Probe]) -> Recordings | None:
    """Return which of several views of a meeting is shown, or its sound with its picture; None if neither."""
    lengths = [probe.duration or 0.0 for probe in probes.values()]
    log.debug("%d recordings, their lengths %.1f s apart", len(lengths), max(lengths) - min(lengths))
    if max(lengths) - min(lengths) > SAME_MEETING:
        return None
    loud = {name: _loudness(path, probes[name]) if probes[name].tracks else [] for name, path in paths.items()}
    heard = [name for name, levels in loud.items() if max(levels, default=SILENT) > SILENT]
    seen = [name for name in paths if name not in heard and probes[name].video_codec]
    if len(heard) == len(seen) == 1 and len(paths) == 2:  # noqa: PLR2004
        remark = f"The sound is that of {heard[0]}, the picture that of {seen[0]}."
        return Recordings((heard[0],), remarks=(remark,), screen=seen[0])
    if len(heard) < len(paths) or max(lengths) - min(lengths) > SAME_LENGTH or not _sound_alike([*loud.values()]):
        return None
    used, why = _view(paths, probes)
    return Recordings((used,), tuple(Ignored(name=name, why=why) for name in paths if name != used))


def _parts(names: tuple[str, ...]) -> Recordings | None:
    ordered = in_sequence(names)
    if ordered is None:
        return None
    remark = f"The recording is in {len(ordered)} parts, in this order: {', '.join(ordered)}."
    return Recordings(ordered, remarks=(remark,))


def _view(paths: Mapping[str, Path], probes: Mapping[str, Probe]) -> tuple[str, str]:
    """Return which of several views of a meeting is shown, and why the others are not."""
    pixels = {name: (probe.width or 0) * (probe.height or 0) for name, probe in probes.items()}
    seen = [name for name in paths if probes[name].video_codec]
    largest = max(paths, key=lambda name: (pixels[name], name))
    if len(seen) < 2:  # noqa: PLR2004
        return largest, f"It is the same recording as “{largest}”, which has a picture."
    written = {name: _still_writing(paths[name], probes[name]) for name in seen}
    log.debug("still writing in each view: %s", {name: round(share, 4) for name, share in written.items()})
    most = max(seen, key=lambda name: written[name])
    if all(written[most] > MUCH_MORE * share for name, share in written.items() if name != most):
        return most, f"It is the same meeting as “{most}”, in which the slides are seen."
    if len(set(pixels.values())) > 1:
        return largest, f"It is the same recording as “{largest}”, which has the larger picture."
    return largest, f"It is the same recording as “{largest}”."


def _still_writing(path: Path, found: Probe) -> float:
    """Return the share of a picture that stands still and has edges: slides have much, faces and galleries little."""
    reel = Reel(path, found.container, WIDTH, HEIGHT, SECONDS_LIMIT)
    length = max(0.0, (found.duration or 0.0) - APART)
    shares = list[float]()
    for look in range(LOOKS):
        start = length * (look + 0.5) / LOOKS
        frames = [frame.astype(np.int16) for frame in reel.between(start, start + 2 * APART, 1 / APART)]
        if len(frames) > 1:
            shares.append(_share_of_still_edges(frames[0], frames[1]))
    return float(np.median(shares)) if shares else 0.0


def _share_of_still_edges(one: NDArray[np.int16], other: NDArray[np.int16]) -> float:
    change = np.abs(one - other).reshape(HEIGHT // BLOCK, BLOCK, WIDTH // BLOCK, BLOCK).mean(axis=(1, 3))
    is_still = np.repeat(np.repeat(change < MOVED, BLOCK, axis=0), BLOCK, axis=1)
    is_edge = np.zeros(one.shape, dtype=bool)
    is_edge[:, 1:] |= np.abs(np.diff(one, axis=1)) > EDGE
    is_edge[1:] |= np.abs(np.diff(one, axis=0)) > EDGE
    return float((is_still & is_edge).mean())


def _probe(path: Path, name: str) -> Probe:
    with naming(name):
        return probe(path)


def _sound_alike(heard: Sequence[list[float]]) -> bool:
    differences = [_difference(one, other) for one, other in combinations(heard, 2)]
    log.debug(
        "their sound differs by %s dB; less than %.1f is one talk",
        [round(difference, 2) for difference in differences],
        SAME_SOUND,
    )
    return all(difference < SAME_SOUND for difference in differences)


def _loudness(path: Path, found: Probe) -> list[float]:
    with temporary_folder() as folder:
        raw = decode(
            path,
            found,
            found.tracks[0],
            to=folder / "sound.raw",
            seconds_limit=SECONDS_LIMIT,
            max_gigabytes=DECODED_GIGABYTES,
        )
        return loudness(raw)


def _difference(one: list[float], other: list[float]) -> float:
    """Return by how many dB two recordings differ in a middling second, leaving aside that one may be louder."""
    length = min(len(one), len(other))
    apart = np.maximum(one[:length], -60) - np.maximum(other[:length], -60)
    return float(np.percentile(np.abs(apart - np.median(apart)), 80))
