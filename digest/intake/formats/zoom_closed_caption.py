"""Zoom's closed_caption.txt: "[Ann Lee] 10:00:05", the time of the day, and what was said on the next line."""

import re

from digest.intake.formats.chats import DAY
from digest.intake.formats.companion_file import CompanionFile, Contents
from digest.intake.formats.cues import Head, contents_of, read_turns
from digest.text.clock import parse_clock

HEAD = re.compile(
    r"^\[(?P<name>[^\[\]\n]{0,80})\][ \t]*(?P<time>\d{1,2}:\d\d:\d\d)(?P<half>[ \t]?[ap]m)?$", re.IGNORECASE
)
ON_THE_CLOCK = "its times are the clock's: they are counted from the first caption on"
HALF_DAY = DAY / 2  # seconds; a clock that goes back by more passed midnight


def fits(file: CompanionFile) -> float:
    """Return the share of lines that are a name in brackets and a time of the day."""
    return file.share_of_lines(HEAD)


def read(file: CompanionFile) -> Contents:
    """Return who said what, in seconds from the first caption on. Raises UnusableDrop where there is none."""
    text, remarks = file.text()
    lines = [line.strip() for line in text.split("\n")]
    heads, first, last = list[Head | None](), None, 0.0
    for line in lines:
        found = HEAD.match(line)
        at = _seconds(found) if found else None
        if found is None or at is None:
            heads.append(None)
            continue
        while at < last - HALF_DAY:
            at += DAY
        first, last = at if first is None else first, at
        heads.append((found["name"].strip(), at - first, ""))
    return contents_of(read_turns(lines, heads), "machine", [*remarks, ON_THE_CLOCK])


def _seconds(found: re.Match[str]) -> float | None:
    """Return the second of the day; twelve in the morning is none of its hours."""
    seconds = parse_clock(found["time"])
    half = (found["half"] or "").strip().casefold()
    return seconds if seconds is None or not half else seconds % HALF_DAY + (HALF_DAY if half == "pm" else 0)
