"""What a child and all of its descendants use: a process number in, Usage out, read from /proc."""

import contextlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")  # a second
PAGE = os.sysconf("SC_PAGE_SIZE") / (1 << 20)  # megabytes


@dataclass(frozen=True)
class Usage:
    """What living processes use together: seconds of processor time, those of ended children too, and megabytes."""

    seconds: float = 0.0
    megabytes: float = 0.0
    processes: int = 0
    is_asleep: bool = True  # none of them runs, waits for a processor or for a disk

    def __add__(self, other: "Usage") -> "Usage":
        return Usage(
            self.seconds + other.seconds,
            self.megabytes + other.megabytes,
            self.processes + other.processes,
            self.is_asleep and other.is_asleep,
        )


def usage_of(pid: int) -> Usage:
    """Return what a process and its descendants use; nothing where it has ended."""
    return sum(map(_own_usage, family(pid)), start=Usage())


def family(pid: int) -> Iterator[int]:
    """Yield the numbers of a process and of all of its descendants."""
    yield pid
    for listed in Path(f"/proc/{pid}/task").glob("*/children"):
        with contextlib.suppress(OSError):
            for child in listed.read_text(encoding="ascii").split():
                yield from family(int(child))


def _own_usage(pid: int) -> Usage:
    """Read /proc/<pid>/stat, whose second field, the name, may hold anything (proc(5))."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
    except OSError:
        return Usage()
    seconds = sum(map(int, fields[11:15])) / TICKS  # own and ended children's, in user and system mode
    return Usage(seconds, int(fields[21]) * PAGE, 1, fields[0] not in "RD")
