"""Rev's transcript as text: a line "Ann Lee (00:05):", then what was said until the next one."""

import re

from digest.intake.formats.companion_file import CompanionFile, Contents
from digest.intake.formats.cues import read_headed, share_of_turns
from digest.text.clock import TIME

HEAD = re.compile(rf"^(?P<name>[^\W\d_][^\n:]{{0,80}}?):?[ ]?[(\[](?P<time>{TIME})[)\]]:?[ \t]*(?P<text>.*)$")


def fits(file: CompanionFile) -> float:
    """Return the share of lines that begin with a name and a time in brackets."""
    return share_of_turns(file.head_lines, HEAD)


def read(file: CompanionFile) -> Contents:
    """Return who said what, each from the time at its head to the next one's."""
    return read_headed(file, HEAD, made_by="unknown")
