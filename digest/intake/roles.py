"""What each file of a drop is for: by its name, confirmed by what is in it."""

import logging
import re
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from digest import sandbox
from digest.errors import DigestError, LimitReached, UnusableDrop
from digest.intake.formats.companion_file import read_head
from digest.intake.formats.table import ENDINGS, role_of
from digest.media.probe import container_of
from digest.model.drop import Role
from digest.sandbox import Limits

log = logging.getLogger(__name__)

RECORDINGS = frozenset(
    "mp4 m4v mkv webm mov avi ts mts m2ts m4a mp3 wav ogg oga opus flac wma wmv asf amr aac".split()  # noqa: SIM905
)
PRESENTATIONS = frozenset({"pptx", "pptm", "ppsx", "ppsm", "ppt", "pps", "odp"})
ODP = b"application/vnd.oasis.opendocument.presentation"  # first in the file, not packed (OpenDocument 1.2, part 3)
LITTER = frozenset({"thumbs.db", "desktop.ini", "ehthumbs.db"})
ZIP_LIMITS = Limits(seconds=20, megabytes=1024, file_megabytes=1)

YEAR = 1000  # a larger number in a name is a year or an identity, and counts nothing
CLOCK = re.compile(r"(?<!\d)([01]\d|2[0-3])([-_.h])([0-5]\d)[-_.m]([0-5]\d)(?!\d)")  # 13-41-22, as recorders write
CLOCK_NUMBERS = range(240_000)  # 130500 is five past one
SAVE_AGAIN = "Save or download it again and drop it again."


@dataclass(frozen=True)
class FileUse:
    """What a file is for, and the ending it gets in the workspace; or why it is not used."""

    role: Role | None
    ending: str = ""
    why: str = ""


def use_of(path: Path, name: str) -> FileUse:
    """Say what a regular file of the drop is for; `name` is what staff called it.

    Presentations of either kind come back as `deck`: with two of them, the drop as a whole decides.
    Raises UnusableDrop if it is named as a recording or a presentation and is none.
    """
    ending = Path(name.casefold().strip()).suffix.removeprefix(".")
    try:
        if name.casefold().strip() == "event.toml":
            return FileUse("event", "toml")
        if ending in RECORDINGS:
            container_of(read_head(path), path)
            return FileUse("recording", ending)
        if ending in PRESENTATIONS:
            _check_presentation(path)
            return FileUse("deck", ending)
        if ending == "pdf":
            _check_pdf(path)
            return FileUse("deck", ending)
    except DigestError as error:
        error.file = name
        raise
    if ending in ENDINGS:
        return _companion_use(path, name, ending)
    return FileUse(None, why=_why_not_used(name.casefold(), ending))


def _companion_use(path: Path, name: str, ending: str) -> FileUse:
    """Say what a companion is for; a Word file is opened for that, in a limited child."""
    try:
        role = sandbox.call(role_of, ZIP_LIMITS, path, name) if ending == "docx" else role_of(path, name)
    except (UnusableDrop, LimitReached) as error:
        return FileUse(None, why=error.what)
    log.debug("%s is used as %s", name, role)
    return FileUse(role, ending) if role else FileUse(None, why="What is in this file is not known.")


def is_litter(name: str) -> bool:
    """Say whether operating systems and office programs leave such a file beside others."""
    return name.startswith((".", "~$")) or name.casefold() in LITTER


def _why_not_used(name: str, ending: str) -> str:
    if name == "event.toml.txt":
        return "Call it event.toml, without .txt, so that it is read."
    if ending in {"zip", "rar", "7z", "tar", "gz"}:
        return "Archives are not opened: take the files out and put them beside it."
    if ending == "key":
        return "Presentations of Keynote are not read: export it as .pptx or PDF."
    if ending in {"m3u8", "m3u", "mpd", "pls"}:
        return "This is a list that points at a recording, not the recording itself."
    return "Files of this kind are not used."


def _check_presentation(path: Path) -> None:
    head = read_head(path)
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        return  # PowerPoint before 2007, or locked with a password that whoever reads the slides has
    if not head.startswith(b"PK"):
        raise UnusableDrop(_why_not_a(head, "presentation"), remedy=SAVE_AGAIN)
    try:
        folders = sandbox.call(zip_folders, ZIP_LIMITS, path)
    except LimitReached as error:
        raise UnusableDrop("The presentation is damaged.", remedy=SAVE_AGAIN) from error
    if "ppt" not in folders and ODP not in head[:200]:
        kind = {"word": "a Word file", "xl": "an Excel file"}
        other = next((kind[folder] for folder in folders if folder in kind), "not a presentation")
        raise UnusableDrop(
            f"It is called a presentation but is {other}.", remedy="Drop the presentation itself, as .pptx or PDF."
        )


def zip_folders(path: Path) -> tuple[str, ...]:
    """Return the names of the topmost folders in a zip file. Raises UnusableDrop if it is incomplete."""
    try:
        with zipfile.ZipFile(path) as archive:
            return tuple(sorted({name.partition("/")[0] for name in archive.namelist()}))
    except (zipfile.BadZipFile, OSError, ValueError, EOFError) as error:
        raise UnusableDrop(
            "The presentation is incomplete or damaged.", remedy="Copy or save it again and drop it again."
        ) from error


def _check_pdf(path: Path) -> None:
    head = read_head(path)
    if b"%PDF-" not in head[:1024]:
        raise UnusableDrop(_why_not_a(head, "PDF"), remedy=SAVE_AGAIN)


def _why_not_a(head: bytes, wanted: str) -> str:
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if not head.strip(b"\0"):
        return "The file is empty, or its copy was never finished."
    if start.startswith((b"<!doctype html", b"<html", b"<head")):
        return f"This is a web page, not a {wanted}: perhaps a log-in or error page was saved."
    return f"This is not a {wanted} that can be read."


def in_sequence(names: Sequence[str]) -> tuple[str, ...] | None:
    """Return the names in the order in which they continue each other, or None if they do not.

    They do if they differ in one counting number (part 1, part 2) or in the time of one day. Two dates do not:
    those are two webinars.
    """
    joined = {name: CLOCK.sub(r"\1\3\4", name.casefold()) for name in names}  # a time of the day is one number
    frames = {re.sub(r"\d+", "#", name) for name in joined.values()}
    numbers = {name: tuple(map(int, re.findall(r"\d+", joined[name]))) for name in names}
    if len(frames) != 1 or len(set(numbers.values())) != len(names):
        return None
    ordered = tuple(sorted(names, key=lambda name: numbers[name]))
    differing = {
        at for one in numbers.values() for at, (a, b) in enumerate(zip(one, numbers[ordered[0]], strict=True)) if a != b
    }
    if len({date_in(name) for name in names}) != 1 or len(differing) != 1:
        return None
    column = [numbers[name][min(differing)] for name in ordered]
    is_counting = column == list(range(column[0], column[0] + len(column))) and column[0] < YEAR
    is_clock = date_in(ordered[0]) is not None and all(time in CLOCK_NUMBERS for time in column)
    return ordered if is_counting or is_clock else None


def date_in(name: str) -> str | None:
    """Return the first date in a name as ISO 8601, written 2016-11-23, 2016_11_23 or 20161123."""
    found = re.search(r"(?<!\d)((?:19|20)\d\d)([-_. ]?)(0[1-9]|1[0-2])\2(0[1-9]|[12]\d|3[01])(?!\d)", name)
    return f"{found[1]}-{found[3]}-{found[4]}" if found else None
