"""A companion before and after it is read: its name and head for those who must know what it is, and what was in it."""

import os
import re
from functools import cached_property
from pathlib import Path

from digest.errors import UnusableDrop
from digest.intake.encoding import decode_text
from digest.model.artifact import Record
from digest.model.companions import ChatMessage, CompanionCue, MadeBy, Poll, SlideEvent, TypedQuestion

HEAD = 65_536  # bytes that decide what a file is
MAX_BYTES = 20_000_000


class Contents(Record):
    """What was in one companion; nothing of a kind that its format does not hold.

    `dismissed` is how many questions the moderator put aside; `made_by` says who wrote the cues, `language` in which
    language the file says that they are; `remarks` are what staff should know of it.
    """

    messages: tuple[ChatMessage, ...] = ()
    questions: tuple[TypedQuestion, ...] = ()
    dismissed: int = 0
    cues: tuple[CompanionCue, ...] = ()
    made_by: MadeBy = "unknown"
    language: str | None = None
    polls: tuple[Poll, ...] = ()
    slide_events: tuple[SlideEvent, ...] = ()
    remarks: tuple[str, ...] = ()


class CompanionFile:
    """A file that may be a companion. Its head is read when a format first asks for it, its whole for the reader alone.

    `name` is in small letters. `head` is its text, cleaned: of a zip file or XML as well, see `is_plain`.
    """

    def __init__(self, path: Path, name: str) -> None:
        self.path = path
        self.name = name.casefold()
        self.size = path.stat().st_size

    @cached_property
    def head_bytes(self) -> bytes:
        """Return its first bytes."""
        return read_head(self.path)

    @cached_property
    def head(self) -> str:
        """Return the text of its first bytes."""
        return decode_text(self.head_bytes)[0]

    @property
    def is_zip(self) -> bool:
        """Return whether it is a zip file, such as Word's."""
        return self.head_bytes.startswith(b"PK")

    @property
    def is_markup(self) -> bool:
        """Return whether it is XML or the like."""
        return not self.is_zip and self.head.lstrip().startswith("<")

    @property
    def is_plain(self) -> bool:
        """Return whether it is text for people."""
        return not self.is_zip and not self.is_markup

    @cached_property
    def head_lines(self) -> list[str]:
        """Return the lines of its head, none of what is not plain."""
        return self.head.split("\n") if self.is_plain else []

    def share_of_lines(self, pattern: re.Pattern[str]) -> float:
        """Return the share of the lines of its head, empty ones aside, that begin so."""
        filled = [line for line in self.head_lines if line.strip()]
        return sum(bool(pattern.match(line)) for line in filled) / len(filled) if filled else 0.0

    def content(self) -> bytes:
        """Return all of it. Raises UnusableDrop where that is too much."""
        if self.size > MAX_BYTES:
            raise UnusableDrop(f"It is larger than {MAX_BYTES // 1_000_000} MB.", remedy="Leave it out.")
        return self.path.read_bytes()

    def text(self) -> tuple[str, list[str]]:
        """Return its text, cleaned, with a remark where its encoding was guessed. Raises UnusableDrop as `content`."""
        text, guessed = decode_text(self.content())
        return text, [f"it is not saved as UTF-8 and was read as {guessed}"] if guessed else []


def read_head(path: Path) -> bytes:
    """Return the first bytes of a file, without waiting for a pipe that took its place meanwhile."""
    with os.fdopen(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK), "rb") as file:
        return file.read(HEAD)
