"""Append-only files of lines, each a record: what people decided and corrected, durably and in order."""

import contextlib
import fcntl
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, TypeVar

from pydantic import ValidationError

from digest.errors import DigestError
from digest.model.artifact import Record
from digest.store.files import fsync_folder

Line = TypeVar("Line", bound=Record)


def append(path: Path, kind: type[Line], make: Callable[[tuple[Line, ...]], Line]) -> Line:
    """Return the line that `make` returns of all lines so far, appended durably unless it is one of them.

    See `append_all`.
    """
    return append_all(path, kind, lambda lines: (make(lines),))[0]


def append_all(path: Path, kind: type[Line], make: Callable[[tuple[Line, ...]], tuple[Line, ...]]) -> tuple[Line, ...]:
    """Return the lines that `make` returns of all lines so far, appended durably, those that are not among them.

    A full disk takes none of them; a power cut may leave the first ones. Nobody else appends between what `make` is
    shown and its own lines: it may raise where that forbids one. A line cut short by a crash is taken off first: it was
    never told to anybody as saved.
    Raises DigestError where the file is damaged.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+b", buffering=0) as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        file.seek(0)
        content = file.read()
        known = tuple(_parse(content, path, kind))
        lines = make(known)
        new = [line for line in lines if not any(line is one for one in known)]
        if not new:
            return lines
        written = b"".join(line.model_dump_json(by_alias=True).encode() + b"\n" for line in new)
        _write(file, written, after=content.rfind(b"\n") + 1)
    fsync_folder(path.parent)
    return lines


def _write(file: IO[bytes], line: bytes, *, after: int) -> None:
    """Write the lines after so many bytes, durably; a full disk leaves none of it, so that nobody was told a lie."""
    file.truncate(after)
    try:
        while line:
            line = line[file.write(line) :]
        os.fsync(file.fileno())
    except OSError:
        with contextlib.suppress(OSError):
            os.ftruncate(file.fileno(), after)
        raise


def read_lines(path: Path, kind: type[Line]) -> Iterator[Line]:
    """Yield the lines of a .jsonl file; a last line that a crash cut short does not count.

    Raises DigestError where somebody else damaged the file: what people decided is not guessed at.
    """
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return
    yield from _parse(content, path, kind)


def _parse(content: bytes, path: Path, kind: type[Line]) -> Iterator[Line]:
    for number, line in enumerate(content[: content.rfind(b"\n") + 1].split(b"\n")[:-1], start=1):
        try:
            yield kind.model_validate_json(line)
        except ValidationError as error:
            raise DigestError(
                f"Line {number} of this file of the webinar “{path.parent.name}” is damaged.",
                file=path,
                remedy="Put the file back from a backup; until then nothing is decided or published.",
            ) from error
