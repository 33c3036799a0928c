"""Teams' newer transcript, a Word file: a line "Okafor, Daniel   0:03", then what was said until the next one."""

import re

from digest.intake.formats.companion_file import CompanionFile, Contents
from digest.intake.formats.cues import contents_of, head_of, read_turns, share_of_turns
from digest.intake.formats.word import is_word_file, word_lines
from digest.text.clock import TIME

HEAD = re.compile(rf"^(?P<name>[^\W\d_].{{0,80}}?)[ \t\u00a0]+(?P<time>{TIME})$")


def fits(file: CompanionFile) -> float:
    """Return the share of lines that are a name and a time."""
    return share_of_turns(word_lines(file), HEAD) if is_word_file(file) else 0.0


def read(file: CompanionFile) -> Contents:
    """Return who said what, each from the time at its head to the next one's."""
    lines = word_lines(file)
    return contents_of(read_turns(lines, [head_of(HEAD.match(line.strip())) for line in lines]), "machine", [])
