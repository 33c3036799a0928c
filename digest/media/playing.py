"""Whether browsers can play a picture as it is and jump in it: path and Probe in, what was seen of every frame out."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from digest import sandbox
from digest.media.ffmpeg import MEGABYTES, input_options
from digest.model.media import Probe
from digest.sandbox import Limits

AV_LOG_ERROR = "16"  # libavutil's number
TOGETHER = 2.0  # seconds; what is damaged nearer than this is one stretch


@dataclass(frozen=True)
class SeenPicture:
    """Where a picture cannot be decoded, in seconds, and how many frames a jump may have to decode."""

    damaged: tuple[float, ...]
    frames_to_jump: int


def look_through(source: Path, container: str, probe: Probe, *, seconds_limit: float) -> SeenPicture:
    """Decode every frame of a file's picture, of which `probe` tells, keeping none."""
    program = [
        *("ffprobe", "-hide_banner", "-v", "error", "-show_log", AV_LOG_ERROR),
        *("-select_streams", str(probe.video_index), "-show_packets", "-show_frames", "-of", "compact"),
        *("-show_entries", "packet=pts_time,flags:frame=pts_time:log=level"),
        *input_options(source, container),
    ]
    limits = Limits(seconds=seconds_limit, megabytes=MEGABYTES, reads=(source,))
    with sandbox.stream(program, limits=limits) as output:
        seen = _read_frames(line.decode("ascii", "replace").strip() for line in output)
    return replace(seen, damaged=tuple(max(0.0, at - probe.start) for at in seen.damaged))


def _read_frames(lines: Iterable[str]) -> SeenPicture:
    """Read what ffprobe writes: a packet without a frame, or a frame with an error, is damaged."""
    waiting, damaged = set[float](), set[float]()
    since_key = frames_to_jump = 0
    for line in lines:
        kind, _, rest = line.partition("|")
        found = dict(part.split("=", 1) for part in rest.split("|") if "=" in part)
        flags, at = found.get("flags", ""), _seconds(found.get("pts_time"))
        if kind == "packet":
            since_key = 1 if flags.startswith("K") else since_key + 1
            frames_to_jump = max(frames_to_jump, since_key)
            if at is not None and "D" not in flags:  # D: cut away by the container's edit list
                waiting.add(at)
        elif kind == "frame" and at is not None:
            waiting.discard(at)
            if "level" in found:
                damaged.add(at)
    return SeenPicture(tuple(_stretches(sorted(damaged | waiting))), frames_to_jump)


def _seconds(said: str | None) -> float | None:
    try:
        return float(said or "")
    except ValueError:
        return None


def _stretches(seconds: Iterable[float]) -> Iterator[float]:
    """Yield where each stretch begins."""
    last = float("-inf")
    for at in seconds:
        if at - last > TOGETHER:
            yield at
        last = at
