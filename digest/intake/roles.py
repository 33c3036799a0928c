"""What each file of a drop is for: by its name, confirmed by what is in it."""

import os
import re
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from digest import sandbox
from digest.errors import DigestError, LimitReached, UnusableDrop
from digest.intake.encoding import decode_text
from digest.media.probe import sniffed
from digest.model.drop import Role
from digest.sandbox import Limits

RECORDINGS = frozenset(
    "mp4 m4v mkv webm mov avi ts mts m2ts m4a mp3 wav ogg oga opus flac wma wmv asf amr aac".split()  # noqa: SIM905
)
PRESENTATIONS = frozenset({"pptx", "pptm", "ppsx", "ppsm", "ppt", "pps", "odp"})
ODP = b"application/vnd.oasis.opendocument.presentation"  # first in the file, not packed (OpenDocument 1.2, part 3)
TEXTS = frozenset({"vtt", "srt", "sbv", "txt", "csv", "tsv", "xml", "svg", "docx"})
LITTER = frozenset({"thumbs.db", "desktop.ini", "ehthumbs.db"})
READ = 65_536  # bytes of a companion that decide what it is
ZIP_LIMITS = Limits(seconds=20, megabytes=1024, file_megabytes=1)

CLOCK = r"\d{1,2}:\d\d:\d\d"
CHAT = re.compile(
    rf"^[ \t]*(?:{CLOCK}[ \t]+(?:from\b|[^\n]{{1,200}}?:)|\[\d{{1,2}}:\d\d(?::\d\d)?\][^\n]{{1,200}}?:)",
    re.IGNORECASE | re.MULTILINE,
)
MEET_CHAT = re.compile(r"^\d[\d:.]+,\d[\d:.]+\n[^\n:]{1,80}: ", re.MULTILINE)
HEAD_LINES = 12  # of a report: Zoom puts the webinar's title and numbers before the names of the columns
POLLED = re.compile(r"^poll report\b|^.{0,40}user name.{1,80}submitted date", re.MULTILINE)  # Zoom's, in small letters
SEPARATED = re.compile(r"[,;\t]")
CUE = re.compile(rf"^[ \t]*{CLOCK}[.,]\d{{1,3}}\s*(?:-->|,\d)", re.MULTILINE)
YEAR = 1000  # a larger number in a name is a year or an identity, and counts nothing
CLOCK_NUMBERS = range(240_000)  # 130500 is five past one
SAVE_AGAIN = "Save or download it again and drop it again."


@dataclass(frozen=True)
class Sorted:
    """What a file is for, and the ending it gets in the workspace; or why it is not used."""

    role: Role | None
    ending: str = ""
    why: str = ""


def role_of(path: Path, name: str) -> Sorted:
    """Say what a regular file of the drop is for; `name` is what staff called it.

    Presentations of either kind come back as `deck`: with two of them, the drop as a whole decides.
    Raises UnusableDrop if it is named as a recording or a presentation and is none.
    """
    ending = Path(name.casefold().strip()).suffix.removeprefix(".")
    try:
        if name.casefold().strip() == "event.toml":
            return Sorted("event", "toml")
        if ending in RECORDINGS:
            sniffed(_head(path), path)
            return Sorted("recording", ending)
        if ending in PRESENTATIONS:
            _check_presentation(path)
            return Sorted("deck", ending)
        if ending == "pdf":
            _check_pdf(path)
            return Sorted("deck", ending)
    except DigestError as error:
        error.file = name
        raise
    if ending in TEXTS:
        role = _companion(path, name.casefold())
        return Sorted(role, ending) if role else Sorted(None, why="What is in this file is not known.")
    return Sorted(None, why=_why_not(name.casefold(), ending))


def is_litter(name: str) -> bool:
    """Say whether operating systems and office programs leave such a file beside others."""
    return name.startswith((".", "~$")) or name.casefold() in LITTER


def _why_not(name: str, ending: str) -> str:
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
    head = _head(path)
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        return  # PowerPoint before 2007, or locked with a password that whoever reads the slides has
    if not head.startswith(b"PK"):
        raise UnusableDrop(_what(head, "presentation"), remedy=SAVE_AGAIN)
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
    head = _head(path)
    if b"%PDF-" not in head[:1024]:
        raise UnusableDrop(_what(head, "PDF"), remedy=SAVE_AGAIN)


def _head(path: Path) -> bytes:
    """Return the first bytes of a file, without waiting for a pipe that took its place meanwhile."""
    with os.fdopen(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK), "rb") as file:
        return file.read(READ)


def _what(head: bytes, wanted: str) -> str:
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if not head.strip(b"\0"):
        return "The file is empty, or its copy was never finished."
    if start.startswith((b"<!doctype html", b"<html", b"<head")):
        return f"This is a web page, not a {wanted}: perhaps a log-in or error page was saved."
    return f"This is not a {wanted} that can be read."


def _companion(path: Path, name: str) -> Role | None:  # noqa: PLR0911  # a question a line
    """Return what a platform left this file as: by what is in it; its name decides where that fits two."""
    head = _head(path)
    if head.startswith(b"PK"):
        return "captions" if name.endswith(".docx") else None  # whether it is a transcript shows once it is opened
    text, _ = decode_text(head)
    lowered = text.casefold().lstrip()
    if lowered.startswith("<"):
        return "chat" if "<chattimeline" in lowered else _slide_events(lowered)
    if lowered.startswith("webvtt"):
        return "slide_events" if re.search(r"^slide-\d", lowered, re.MULTILINE) else "captions"
    if CUE.search(text):
        return "chat" if "chat" in name and MEET_CHAT.search(text) else "captions"
    if CHAT.search(text) and not name.endswith((".csv", ".tsv")):
        return "chat"
    if POLLED.search(lowered):
        return "polls"
    for line in lowered.split("\n")[:HEAD_LINES]:
        for word, role in (("poll", "polls"), ("question", "questions")):
            if SEPARATED.search(line) and (word in line or name.startswith(word)):
                return role  # type: ignore[return-value]
    return "chat" if name.startswith("chat") and name.endswith(".txt") else None


def _slide_events(lowered: str) -> Role | None:
    return "slide_events" if re.search(r"slide|presentation|<event [^>]*eventname=", lowered) else None


def in_sequence(names: Sequence[str]) -> tuple[str, ...] | None:
    """Return the names in the order in which they continue each other, or None if they do not.

    They do if they differ in one counting number (part 1, part 2) or in the time of one day. Two dates do not:
    those are two webinars.
    """
    frames = {re.sub(r"\d+", "#", name.casefold()) for name in names}
    numbers = {name: tuple(map(int, re.findall(r"\d+", name))) for name in names}
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
