"""SubViewer captions (.sbv): the times with a comma between them, then the text."""

import re

from digest.intake.formats.companion_file import CompanionFile, Contents
from digest.intake.formats.cues import read_cues
from digest.text.clock import TIME

HEAD = re.compile(r"[ \t]*\d{1,2}:\d\d:\d\d[.,]\d{1,3}\s*,\d")
TIMES = re.compile(rf"^\s*({TIME}),({TIME})\s*$")


def fits(file: CompanionFile) -> float:
    """Return the share of lines with times and a comma between them."""
    return file.share_of_lines(HEAD)


def read(file: CompanionFile) -> Contents:
    """Return the cues."""
    return read_cues(file, TIMES)
