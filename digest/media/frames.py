"""Small grey pictures of a recording, streamed: a web copy in, one frame at a time out, never two in memory."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from digest import sandbox
from digest.media.ffmpeg import MEGABYTES, input_options
from digest.sandbox import Limits

Frame = NDArray[np.uint8]  # (height, width), 0 black to 255 white

EARLIER = 0.5  # seconds read before the first frame wanted: what is on screen then may have come a little before


@dataclass(frozen=True)
class Reel:
    """How a recording is looked at: its file and container, pixels of each frame, seconds that reading may take."""

    path: Path
    container: str
    width: int
    height: int
    seconds_limit: float

    def every(self, period: float) -> Iterator[Frame]:
        """Yield what is on screen at 0, `period`, 2 `period` … seconds, to the end of the picture.

        Frames that no other frame needs are not decoded, and edges of blocks are not smoothed (a fifth of the cost):
        what is shown may be a few frames old and a little rough.
        """
        rate = f"fps={1 / period:.6f}:start_time=0:round=up"  # up: the last frame at or before each instant
        yield from self._read(("-skip_frame", "noref", "-skip_loop_filter", "all"), rate)

    def between(self, start: float, end: float, rate: float) -> Iterator[Frame]:
        """Yield what is on screen from `start` until `end`, `rate` times a second, every frame decoded."""
        early = math.ceil(min(start, EARLIER) * rate)
        wanted = math.ceil((end - start) * rate)
        first = max(0.0, start - early / rate)
        seek = ("-ss", f"{first:.6f}", "-t", f"{end - first + 1:.3f}")
        yield from islice(self._read(seek, f"fps={rate:.6f}:start_time=0:round=up"), early, early + wanted)

    def _read(self, reading: tuple[str, ...], chosen: str) -> Iterator[Frame]:
        size = self.width * self.height
        program = [
            *(
                "ffmpeg",
                "-nostdin",
                "-v",
                "error",
                "-threads",
                "1",
                *reading,
                *input_options(self.path, self.container),
            ),
            *("-map", "0:v:0", "-an", "-sn", "-dn"),
            *("-vf", f"{chosen},scale={self.width}:{self.height}:flags=area,format=gray", "-f", "rawvideo", "pipe:1"),
        ]
        with sandbox.stream(
            program, limits=Limits(seconds=self.seconds_limit, megabytes=MEGABYTES, reads=(self.path,))
        ) as output:
            while len(block := output.read(size)) == size:
                yield np.frombuffer(block, dtype=np.uint8).reshape(self.height, self.width)
