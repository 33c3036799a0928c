"""Append-only files of lines, each a record: what people decided and corrected, durably and in order.

Each line carries the SHA-256 of the line before it, so that one that was changed or taken out afterwards shows.
"""

import contextlib
import fcntl
import hashlib
import json
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, TypeVar

from pydantic import ValidationError

from digest.errors import DigestError
from digest.model.artifact import JournalLine
from digest.store.files import fsync_folder

Line = TypeVar("Line", bound=JournalLine)


@dataclass(frozen=True)
class Chain:
    """How the lines of a file hang together, by numbers that count from 1.

    It begins at line `begins`, the first that carries a hash (None: no line does). `broken` are the lines after it
    that do not carry the hash of the line before.
    """

    begins: int | None = None
    broken: tuple[int, ...] = ()


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
    with _open(path) as file:
        file.seek(0)
        content = file.read()
        known = tuple(_parse(content, path, kind))
        lines = make(known)
        new = [line for line in lines if not any(line is one for one in known)]
        if not new:
            return lines
        end = content.rfind(b"\n") + 1
        chained = dict(zip(map(id, new), _chain(new, content[:end]), strict=True))
        _write(file, b"".join(map(_as_written, chained.values())), after=end)
    fsync_folder(path.parent)
    return tuple(chained.get(id(line), line) for line in lines)


@contextlib.contextmanager
def _open(path: Path) -> Iterator[IO[bytes]]:
    """Yield a journal that nobody else appends to: that of the name, also where another took its place meanwhile."""
    while True:
        with path.open("a+b", buffering=0) as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            if os.path.samestat(os.fstat(file.fileno()), path.stat()):
                yield file
                return


@contextlib.contextmanager
def hold(paths: Sequence[Path]) -> Iterator[None]:
    """Let nobody append to journals while the block runs, nor begin one."""
    with contextlib.ExitStack() as held:
        for path in paths:
            held.enter_context(_open(path))
        yield


def chain_anew(lines: Sequence[dict[str, Any]]) -> bytes:
    """Return the content of a journal with these lines, each with the hash of the one before it as it now is."""
    written, before = list[bytes](), b""
    for line in lines:
        chained = line | {"before": hashlib.sha256(before).hexdigest()}
        before = json.dumps(chained, ensure_ascii=False, separators=(",", ":")).encode()
        written.append(before + b"\n")
    return b"".join(written)


def _chain(lines: Sequence[Line], content: bytes) -> Iterator[Line]:
    """Yield lines as they follow this content, each with the hash of the one before."""
    before = content.rstrip(b"\n").rpartition(b"\n")[2]
    for line in lines:
        chained = line.model_copy(update={"before": hashlib.sha256(before).hexdigest()})
        before = _as_written(chained).rstrip(b"\n")
        yield chained


def _as_written(line: JournalLine) -> bytes:
    return line.model_dump_json(by_alias=True).encode() + b"\n"


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
    yield from _parse(_content(path), path, kind)


def examine_chain(path: Path, kind: type[JournalLine]) -> Chain:
    """Return how the lines of a file hang together, without a word of what they say. Raises as `read_lines` does."""
    content = _content(path)
    begins, broken, before = None, list[int](), b""
    written = content[: content.rfind(b"\n") + 1].split(b"\n")[:-1]
    for number, (line, raw) in enumerate(zip(_parse(content, path, kind), written, strict=True), start=1):
        if line.before is not None and begins is None:
            begins = number
        if begins is not None and line.before != hashlib.sha256(before).hexdigest():
            broken.append(number)
        before = raw
    return Chain(begins, tuple(broken))


def _content(path: Path) -> bytes:
    """Return what a file holds, nothing where there is none. Raises DigestError where it cannot be read."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return b""
    except OSError as error:
        raise DigestError(
            f"This file of the webinar “{path.parent.name}” cannot be read ({error.strerror}).",
            file=path,
            remedy="Let the program's user read and write it again; until then nothing is decided or published.",
        ) from error


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
