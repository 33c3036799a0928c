"""Which of several recordings are used, and in which order."""

import logging
from collections.abc import Mapping
from itertools import combinations
from pathlib import Path

from digest.errors import UnusableDrop, naming
from digest.intake.roles import in_sequence
from digest.media.probe import probe
from digest.media.sound import decode, loudness
from digest.model.drop import Ignored
from digest.model.media import Probe
from digest.temporary import temporary_folder

log = logging.getLogger(__name__)

SAME_LENGTH = 1.0  # seconds
SAME_SOUND = 3.0  # dB of median difference a second, after levelling: two encodings of one talk stay within 1
SECONDS_LIMIT = 3600.0
DECODED_GIGABYTES = 8.0


def in_order(paths: Mapping[str, Path], folder: str) -> tuple[tuple[str, ...], list[Ignored], tuple[str, ...]]:
    """Return the names of the recordings to use, in order, the others with the reason, and remarks for staff.

    Of several with the same length and sound the one with the picture is used, the larger if there are two.
    Raises UnusableDrop if there is none, or if staff must say which one.
    """
    if not paths:
        raise UnusableDrop(
            "There is no recording in the folder.",
            file=folder,
            remedy="Put the recording (for example .mp4 or .m4a) into the folder and drop it again.",
        )
    names = tuple(paths)
    if len(names) == 1:
        return names, [], ()
    probes = {name: _probe(path, name) for name, path in paths.items()}
    if _are_twins(paths, probes):
        used = max(names, key=lambda name: ((probes[name].width or 0) * (probes[name].height or 0), name))
        why = f"It is the same recording as “{used}”, which has the larger picture."
        return (used,), [Ignored(name=name, why=why) for name in names if name != used], ()
    ordered = in_sequence(names)
    if ordered is None:
        raise UnusableDrop(
            f"There are several recordings: {', '.join(names)}.",
            remedy="Leave the one to use; or, if one goes on where the other ends, call them part-1, part-2.",
        )
    return ordered, [], (f"The recording is in {len(ordered)} parts, in this order: {', '.join(ordered)}.",)


def _probe(path: Path, name: str) -> Probe:
    with naming(name):
        return probe(path)


def _are_twins(paths: Mapping[str, Path], probes: Mapping[str, Probe]) -> bool:
    lengths = [probe.duration or 0.0 for probe in probes.values()]
    log.debug("%d recordings, their lengths %.1f s apart", len(lengths), max(lengths) - min(lengths))
    if max(lengths) - min(lengths) > SAME_LENGTH or not all(probe.tracks for probe in probes.values()):
        return False
    heard = [_loudness(path, probes[name]) for name, path in paths.items()]
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
    import numpy as np

    length = min(len(one), len(other))
    apart = np.maximum(one[:length], -60) - np.maximum(other[:length], -60)
    return float(np.percentile(np.abs(apart - np.median(apart)), 80))
