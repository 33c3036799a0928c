"""Files that are whole or not there at all, and known by their SHA-256."""

import hashlib
import os
import secrets
import shutil
from collections.abc import Callable
from pathlib import Path

from digest.model.artifact import StoredFile

MADE = "made"  # of a workspace: what is made of an Edition; may be deleted at any time


def file_sha256(path: Path) -> str:
    """Return the hex SHA-256 of a file, read in pieces."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def record_file(path: Path, *, folder: str) -> StoredFile:
    """Return the record of a file that a stage wrote into its `into`; `folder` is the artifact's FOLDER."""
    return StoredFile(path=f"{folder}/{path.name}", sha256=file_sha256(path), size=path.stat().st_size)


def write_atomically(path: Path, content: bytes) -> None:
    """Write a file whole or not at all, and durably: temporary file, fsync, rename, fsync of the folder."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.parent / f".{secrets.token_hex(8)}.tmp"
    try:
        with beside.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
    fsync_folder(path.parent)


def fill_folder(folder: Path, fill: Callable[[Path], None]) -> None:
    """Have `fill` write into an empty folder beside the place of `folder`, and move it there whole."""
    beside = folder.with_name(f".{folder.name}-{secrets.token_hex(4)}")
    beside.mkdir(parents=True)
    try:
        fill(beside)
        beside.replace(folder)
        fsync_folder(folder.parent)
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def fsync_folder(folder: Path) -> None:
    """Make names in a folder durable: a rename is lost in a power cut before this."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
