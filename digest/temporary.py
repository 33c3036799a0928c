"""Folders that live as long as the block that uses them; those of killed programs are told by their free lock."""

import contextlib
import fcntl
import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

PREFIX = "webinar-digest-"  # of our folders among everybody's
HEX = "[0-9a-f]" * 16


@contextlib.contextmanager
def temporary_folder(inside: Path | None = None, *, prefix: str = PREFIX) -> Iterator[Path]:
    """Yield an empty folder, in the system's temporary folder or `inside` another; it goes with the block."""
    made = _make_locked(inside, prefix, 0o777) if inside else _make_locked(Path(tempfile.gettempdir()), prefix, 0o700)
    folder, lock = made
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        os.close(lock)


def sweep(inside: Path | None = None, *, prefix: str = PREFIX) -> None:
    """Remove the folders of `temporary_folder` whose program was killed: the kernel has freed their locks."""
    for folder in (inside or Path(tempfile.gettempdir())).glob(f"{prefix}{HEX}"):
        with contextlib.suppress(OSError):
            lock = _lock(folder)
            shutil.rmtree(folder, ignore_errors=True)
            os.close(lock)


def _make_locked(inside: Path, prefix: str, mode: int) -> tuple[Path, int]:
    while True:
        folder = inside / f"{prefix}{secrets.token_hex(8)}"
        folder.mkdir(mode)
        with contextlib.suppress(OSError):  # swept between being made and being locked: another one
            lock = _lock(folder)
            if _is_there(folder, lock):
                return folder, lock
            os.close(lock)


def _is_there(folder: Path, handle: int) -> bool:
    try:
        return os.path.samestat(folder.stat(), os.fstat(handle))
    except FileNotFoundError:
        return False


def _lock(folder: Path) -> int:
    """Return a handle that holds the lock of a folder. Raises OSError while another program holds it."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(handle)
        raise
    return handle
