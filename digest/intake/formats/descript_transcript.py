"""Descript's transcript as text: "[00:00:05] Ann Lee: Good morning everyone."."""

import re

from digest.intake.formats.companion_file import CompanionFile, Contents
from digest.intake.formats.cues import read_headed, share_of_turns

# With seconds, and no space before the colon: BigBlueButton writes its chat "[14:02] Ann : hello".
HEAD = re.compile(
    r"^\[(?P<time>\d{1,2}:\d\d:\d\d(?:[.,]\d{1,3})?)\][ \t]*(?P<name>[^\W\d_][^:\n]{0,80}?(?<! )):[ \t]*(?P<text>.*)$"
)


def fits(file: CompanionFile) -> float:
    """Return the share of lines with a time in brackets and then somebody's name."""
    return share_of_turns(file.head_lines, HEAD)


def read(file: CompanionFile) -> Contents:
    """Return who said what, each from the time at its head to the next one's."""
    return read_headed(file, HEAD, made_by="machine")
