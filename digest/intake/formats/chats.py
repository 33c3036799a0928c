"""What all chats have in common: messages one after the other, private ones left out, counts of polls among them."""

import re
from collections.abc import Callable, Sequence
from itertools import pairwise

from digest.errors import UnusableDrop
from digest.intake.formats.companion_file import CompanionFile, Contents
from digest.intake.formats.polls import PUBLISHED, poll_of_message
from digest.model.companions import ChatMessage, Poll
from digest.text.addresses import mask_addresses
from digest.text.clock import parse_clock

MAX_MESSAGES = 20_000
MAX_TEXT = 4_000  # letters of a message
MAX_NAME = 80
DAY = 24 * 3600  # seconds

CLOCK = r"(?P<clock>\d{1,2}:\d\d(?::\d\d)?)"
DATE = r"(?:\d{1,4}[-./]\d{1,2}[-./]\d{1,4},?[ \tT]+)?"
PRIVATE = re.compile(r"\((?:privately|direct message)\)[ \t]*:", re.IGNORECASE)
BEGINNING = re.compile(rf"^{DATE}\d{{1,2}}:\d\d:\d\d[ \t]")  # of a damaged one too, and of one in any language

# Given the head of a message and the lines that follow it: name and text, or None where it is not for everyone.
Author = Callable[[re.Match[str], Sequence[str]], tuple[str, str] | None]


def share_of_heads(file: CompanionFile, head: re.Pattern[str]) -> float:
    """Return the share of lines that begin a message so; none in a table, whose cells may look so."""
    return 0.0 if file.name.endswith((".csv", ".tsv")) else file.share_of_lines(head)


def read_messages(file: CompanionFile, head: re.Pattern[str], author: Author, *, is_recording_time: bool) -> Contents:
    """Return the public messages of a chat, each begun by a line like `head`, which has a `clock`.

    `is_recording_time`: the clock shows seconds of the recording, else the time of the day.
    Raises UnusableDrop where there is none.
    """
    text, remarks = file.text()
    lines = text.split("\n")
    begins = [at for at, line in enumerate(lines) if head.match(line) or BEGINNING.match(line)]
    found, polls, private = list[ChatMessage](), list[Poll](), 0
    for begin, end in pairwise([*begins, len(lines)]):
        if PUBLISHED in (raw := "\n".join(lines[begin:end])):
            polls += [poll] if (poll := poll_of_message(raw)) else []
            continue
        first = head.match(lines[begin])
        seconds = seconds_of_day(first["clock"]) if first else None
        following = [line.strip() for line in lines[begin + 1 : end]]
        by = author(first, following) if first and seconds is not None else None
        if first is None or by is None:
            private += 1
            continue
        message = chat_message(*by, at=seconds) if is_recording_time else chat_message(*by, clock=first["clock"])
        found += [message] if message.text else []
    if private:
        remarks.append(f"left out as damaged or not meant for everyone: {private} of the messages")
    return contents_of(found, polls, remarks)


def contents_of(found: Sequence[ChatMessage], polls: Sequence[Poll], remarks: Sequence[str]) -> Contents:
    """Return messages and polls. Raises UnusableDrop where there is neither."""
    if not found and not polls:
        raise UnusableDrop("There is no public message in it.", remedy="Save the chat again.")
    return Contents(messages=tuple(found[:MAX_MESSAGES]), polls=tuple(polls), remarks=tuple(remarks))


def chat_message(name: str, text: str, *, at: float | None = None, clock: str | None = None) -> ChatMessage:
    """Return a message on one line, of bearable length, with addresses masked."""
    by, said = masked_line(name, MAX_NAME), masked_line(text, MAX_TEXT)
    return ChatMessage.model_validate({"at": at, "clock": clock, "from": by, "text": said})


def masked_line(text: str, max_length: int) -> str:
    """Return text on one line without addresses, cut where it is too long."""
    return mask_addresses(" ".join(text[: 2 * max_length].split()))[:max_length]


def author_at_head(head: re.Match[str], following: Sequence[str]) -> tuple[str, str] | None:
    """Return name and text of a message whose line begins with both."""
    return None if PRIVATE.search(head.string) else (head["name"], " ".join([head["text"], *following]))


def seconds_of_day(clock: str) -> float | None:
    """Return the seconds of 14:02 or 14:02:15; None where no day has such a time."""
    seconds = parse_clock(clock if clock.count(":") > 1 else f"{clock}:00")
    return seconds if seconds is not None and seconds < DAY else None
