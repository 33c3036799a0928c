"""How ffmpeg and ffprobe are called: a known container, no address, no neighbour file, limits on time and size."""

from collections.abc import Callable, Sequence
from itertools import pairwise
from pathlib import Path

from digest import sandbox
from digest.sandbox import Finished, Limits

MEGABYTES = 4096  # x264 on many cores keeps dozens of frames


def input_options(source: Path, container: str) -> list[str]:
    """Return the options that open a file as `container` (one of `sniff`'s) and as nothing else.

    The path is absolute and behind `file:`, so that no name is taken for an option, a protocol or a pattern;
    the lists keep a text inside the file from naming other files or addresses.
    """
    return [
        *("-protocol_whitelist", "file", "-format_whitelist", container, "-f", container),
        *("-i", f"file:{source.absolute()}"),
    ]


def inputs_of(args: Sequence[str | Path]) -> tuple[Path, ...]:
    """Return the files that a command line of ffmpeg or ffprobe reads."""
    return tuple(Path(str(one).removeprefix("file:")) for option, one in pairwise(args) if option == "-i")


def ffmpeg(
    args: Sequence[str | Path],
    *,
    seconds: float,
    max_gigabytes: float = 4,
    reached: Callable[[float], None] | None = None,
) -> Finished:
    """Run ffmpeg on `args`; `reached` is called with the second of output that is finished (it takes standard output).

    It reads what follows `-i` and writes into the folders of what is a Path among `args`; it sees nothing else.

    Raises LimitReached after `seconds`, or for an output over `max_gigabytes`.
    """

    def watch(line: str) -> None:
        name, _, value = line.partition("=")
        if reached and name == "out_time_us" and value.lstrip("-").isdigit():
            reached(max(0, int(value)) / 1e6)

    shown = ("-progress", "pipe:1") if reached else ()
    return sandbox.run(
        ["ffmpeg", "-nostdin", "-hide_banner", "-v", "error", "-y", *shown, *args],
        limits=Limits(
            seconds=seconds,
            megabytes=MEGABYTES,
            file_megabytes=int(max_gigabytes * 1024),
            reads=inputs_of(args),
            writes=tuple({arg.parent for arg in args if isinstance(arg, Path)}),
        ),
        watch=watch if reached else None,
    )
