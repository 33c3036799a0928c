"""Otter's transcript as text: a line "Ann Lee  0:05", then what was said until the next one."""

import re

from digest.intake.formats.companion_file import CompanionFile, Contents
from digest.intake.formats.cues import read_headed, share_of_turns
from digest.text.clock import TIME

HEAD = re.compile(rf"^(?P<name>[^\W\d_][^\n]{{0,80}}?)(?:[ ]{{2,}}|[ ]*\t[ \t]*|[ ]?\u00a0[ \u00a0]*)(?P<time>{TIME})$")


def fits(file: CompanionFile) -> float:
    """Return the share of lines that are a name and, further on, a time."""
    return share_of_turns(file.head_lines, HEAD)


def read(file: CompanionFile) -> Contents:
    """Return who said what, each from the time at its head to the next one's."""
    return read_headed(file, HEAD, made_by="machine")
