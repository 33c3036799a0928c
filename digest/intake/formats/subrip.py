"""SubRip captions: a number, the times, the text; also where a text file of another kind has such lines."""

import re

from digest.intake.formats.companion_file import CompanionFile, Contents
from digest.intake.formats.cues import ARROW, read_cues
from digest.text.clock import TIME

TIMES = re.compile(rf"[ \t]*{TIME}\s*-->")


def fits(file: CompanionFile) -> float:
    """Return the share of lines with times and an arrow."""
    return file.share_of_lines(TIMES)


def read(file: CompanionFile) -> Contents:
    """Return the cues."""
    return read_cues(file, ARROW)
