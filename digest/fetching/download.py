"""One file over https: its address in, the whole file out, or nothing; an interrupted one is gone on with."""

import hashlib
import logging
import os
import shutil
from pathlib import Path

import httpx
from pydantic import Field

from digest.errors import DigestError, MissingTool, NotAllowed, Overloaded, UnusableDrop
from digest.fetching.reach import Reach, call, says_no
from digest.model.artifact import Record

log = logging.getLogger(__name__)

MAX_IDLE = 3  # tries in a row that brought not one byte
PART, MARK = ".part", ".mark"  # what has come so far; by what the server knows that it is still the same file


class RemoteFile(Record):
    """A file at an address, under the name that it gets here; `size` in bytes and `sha256` where they are known.

    `headers` let us in; they are shown nowhere.
    """

    name: str
    url: str
    size: int | None = None
    sha256: str | None = None
    headers: dict[str, str] = Field(default_factory=dict, repr=False)


def download(file: RemoteFile, folder: Path, reach: Reach, *, max_bytes: int) -> Path:
    """Return where the file lies in this folder, whole: its length and its hash, where they are known, are compared.

    What had come before an interruption is kept and gone on with, also by a later call.
    Raises NotAllowed where rights are missing or a rule forbids it, UnusableDrop for a file too large or with another
    hash, Overloaded where it was cut short again and again, MissingTool where the disk has no room.
    """
    whole, part = folder / file.name, folder / f"{file.name}{PART}"
    idle = 0
    while not whole.exists():
        before = _size(part)
        try:
            total = _go_on(file, part, reach, max_bytes)
        except httpx.TransportError as error:
            idle = idle + 1 if _size(part) <= before else 0
            log.info("%s was cut short at %s bytes: %s", file.name, _size(part), type(error).__name__)
            if idle >= MAX_IDLE:
                raise _cut_short(file, _size(part)) from error
            continue
        _compare(file, part, total)
        part.replace(whole)
        _mark_of(part).unlink(missing_ok=True)
    return whole


def _go_on(file: RemoteFile, part: Path, reach: Reach, max_bytes: int) -> int | None:
    """Add to `part` what it lacks; return how many bytes the server says that the file has."""
    mark = _mark_of(part)
    have, known = _size(part), mark.read_text(encoding="ascii") if mark.exists() else ""
    headers = dict(file.headers)
    if have and known:
        headers |= {"range": f"bytes={have}-", "if-range": known}
    with call(file.url, reach, headers=headers) as answer:
        if answer.status_code == httpx.codes.REQUESTED_RANGE_NOT_SATISFIABLE:
            _discard(part)
            raise httpx.RemoteProtocolError("what came before is no beginning of it")
        have, total = _check_answer(file, answer, have, max_bytes)
        _check_room(file, part.parent, (total or 0) - have)
        strong = answer.headers.get("etag", "")
        mark.write_text("" if strong.startswith("W/") else strong, encoding="ascii")
        with part.open("r+b" if have else "wb") as out:
            out.truncate(have)
            out.seek(have)
            for piece in answer.iter_raw():  # as they come, so that a break loses none
                out.write(piece)
                have += len(piece)
                if have > max_bytes:
                    raise _too_large(file, max_bytes)
            out.flush()
            os.fsync(out.fileno())
    return total


def _check_answer(file: RemoteFile, answer: httpx.Response, have: int, max_bytes: int) -> tuple[int, int | None]:
    """Return from which byte on the answer goes on, and how many the whole file has, None where nobody says."""
    if no := says_no(answer):
        remedy = "Give this program the right to read it, then try again: digest retry, or the same command."
        raise NotAllowed(f"Rights are missing: {no}.", file=file.name, remedy=remedy)
    if answer.status_code in (404, 410):
        raise NotAllowed("There is no such file.", file=file.name, remedy="Check the address, or whether it is gone.")
    start, total = 0, answer.headers.get("content-length")
    if answer.status_code == httpx.codes.PARTIAL_CONTENT:
        stretch, _, total = answer.headers.get("content-range", "").removeprefix("bytes ").partition("/")
        start = int(stretch.partition("-")[0] or -1)
    if answer.status_code not in (httpx.codes.OK, httpx.codes.PARTIAL_CONTENT) or start not in (0, have):
        what = f"The server answers {answer.status_code}."
        raise Overloaded(what, file=file.name, remedy="It is tried again; nothing is lost.")
    size = int(total) if total and total.isdigit() else None
    if size is None and "chunked" not in answer.headers.get("transfer-encoding", "") and not file.sha256:
        remedy = "Name its hash with --sha256."
        raise NotAllowed(
            "The server does not say how long it is: a part would pass for all.", file=file.name, remedy=remedy
        )
    if (size or 0) > max_bytes:
        raise _too_large(file, max_bytes)
    return start, size


def _compare(file: RemoteFile, part: Path, total: int | None) -> None:
    """Compare what came with what was to come. Raises Overloaded for another length, UnusableDrop for another hash."""
    have = _size(part)
    if any(size not in (None, have) for size in (total, file.size)):
        _discard(part)
        raise _cut_short(file, have)
    if file.sha256:
        with part.open("rb") as content:
            found = hashlib.file_digest(content, "sha256").hexdigest()
        if file.sha256.lower() != found:
            _discard(part)
            raise UnusableDrop(
                "It has another hash than was said.", file=file.name, remedy="Check the hash, or ask for the file anew."
            )


def _check_room(file: RemoteFile, folder: Path, wanted: int) -> None:
    free = shutil.disk_usage(folder).free
    if wanted > free:
        what = f"The disk has {free / 1e9:.1f} GB left, and {wanted / 1e9:.1f} GB are to come."
        raise MissingTool(what, file=file.name, remedy="Make room, then try again.")


def _cut_short(file: RemoteFile, have: int) -> DigestError:
    of = f" of {file.size:,}" if file.size else ""
    what = f"It was cut short: {have:,}{of} bytes came."
    return Overloaded(what, file=file.name, remedy="It is tried again, and goes on where it ended.")


def _too_large(file: RemoteFile, max_bytes: int) -> DigestError:
    what = f"The file is larger than {max_bytes / 1e9:g} GB."
    return UnusableDrop(what, file=file.name, remedy="Save it smaller, or raise [media] largest_gigabytes.")


def _discard(part: Path) -> None:
    part.unlink(missing_ok=True)
    _mark_of(part).unlink(missing_ok=True)


def _mark_of(part: Path) -> Path:
    return part.with_suffix(MARK)


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0
