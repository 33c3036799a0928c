"""Files that are whole or not there at all, and known by their SHA-256."""

import ctypes
import errno
import fcntl
import hashlib
import os
import re
import secrets
import shutil
import stat
from collections.abc import Callable
from pathlib import Path
from typing import IO

from digest.errors import MissingTool
from digest.model.artifact import StoredFile

AT_FDCWD, RENAME_EXCHANGE = -100, 2  # linux/fcntl.h, linux/fs.h
FICLONE = 0x40049409  # linux/fs.h; the name is in `fcntl` from Python 3.12 on
READ_ONLY = 0o444
# What `temporary_beside` names; before, a stage's folder was .render-0a1b2c3d. Nothing else with a dot is ours.
OWN_TEMPORARY = re.compile(r"\.(?:[0-9a-f]{16}\.tmp|[a-z_]+-[0-9a-f]{8})")

MADE = "made"  # of a workspace: what is made of an Edition; may be deleted at any time


def file_sha256(path: Path) -> str:
    """Return the hex SHA-256 of a file, read in pieces."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def record_file(path: Path, *, folder: str) -> StoredFile:
    """Return the record of a file that a stage wrote into its `into`; `folder` is the artifact's FOLDER."""
    return StoredFile(path=f"{folder}/{path.name}", sha256=file_sha256(path), size=path.stat().st_size)


def copy_file(source: IO[bytes], to: Path) -> None:
    """Make a read-only copy of an open file, durably; the two share no inode: a change of one never shows in the other.

    It is a reflink, which takes no room, where the file system has them.
    Raises OSError (ENOSPC) before anything is written where the disk has no room for it.
    """
    with to.open("xb") as copy:
        try:
            fcntl.ioctl(copy.fileno(), FICLONE, source.fileno())
        except OSError:
            _copy_bytes(source, copy, to)
        os.fsync(copy.fileno())
    to.chmod(READ_ONLY)


def _copy_bytes(source: IO[bytes], copy: IO[bytes], to: Path) -> None:
    try:
        _check_room(to.parent, os.fstat(source.fileno()).st_size)
        shutil.copyfileobj(source, copy, 1 << 20)
        copy.flush()
    except OSError:
        to.unlink()
        raise


def _check_room(folder: Path, size: int) -> None:
    if shutil.disk_usage(folder).free < size:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(folder))


def put_apart(folder: Path) -> None:
    """Replace each file of a folder that shares its inode with another by a copy: until 0.1.0 files were linked."""
    for path in folder.glob("*"):
        status = path.lstat()
        if not stat.S_ISREG(status.st_mode) or status.st_nlink == 1:
            continue
        beside = temporary_beside(path)
        with path.open("rb") as shared:
            copy_file(shared, beside)
        os.utime(beside, ns=(status.st_atime_ns, status.st_mtime_ns))
        beside.replace(path)


def temporary_beside(path: Path) -> Path:
    """Return a name beside a file that nobody has, for what will take its place."""
    return path.parent / f".{secrets.token_hex(8)}.tmp"


def write_atomically(path: Path, content: bytes) -> None:
    """Write a file whole or not at all, and durably: temporary file, fsync, rename, fsync of the folder."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = temporary_beside(path)
    try:
        write_durably(beside, content)
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
    fsync_folder(path.parent)


def write_durably(path: Path, content: bytes) -> None:
    """Write a new file; its name is durable once its folder is (`fsync_folder`)."""
    with path.open("xb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def fill_folder(folder: Path, fill: Callable[[Path], None]) -> None:
    """Have `fill` write into an empty folder beside the place of `folder`, and move it there whole."""
    beside = temporary_beside(folder)
    beside.mkdir(parents=True)
    try:
        fill(beside)
        beside.replace(folder)
        fsync_folder(folder.parent)
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def exchange(one: Path, other: Path) -> None:
    """Let two folders take each other's place in one step: whoever looks sees the one or the other, also after a crash.

    Raises MissingTool where the file system cannot do that.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.renameat2(AT_FDCWD, os.fsencode(one), AT_FDCWD, os.fsencode(other), RENAME_EXCHANGE):
        raise MissingTool(
            f"Two folders cannot be exchanged here ({os.strerror(ctypes.get_errno())}).",
            file=one,
            remedy="Put the workspaces onto a Linux file system such as ext4, XFS or Btrfs.",
        )
    for parent in {one.parent, other.parent}:
        fsync_folder(parent)


def fsync_folder(folder: Path) -> None:
    """Make names in a folder durable: a rename is lost in a power cut before this."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
