"""Teams' newer transcript, a Word file: a line "Okafor, Daniel   0:03", then what was said until the next one."""

import re
from itertools import pairwise

from digest.intake.formats.companion_file import CompanionFile, Contents
from digest.intake.formats.cues import contents_of, spread_cues
from digest.intake.formats.word import is_word_file, word_lines
from digest.model.companions import CompanionCue
from digest.text.clock import TIME, parse_clock

HEAD = re.compile(rf"^(.{{1,80}}?)[ \t\u00a0]+({TIME})$")


def fits(file: CompanionFile) -> float:
    """Return 1.0 for any Word file."""
    return float(is_word_file(file))


def read(file: CompanionFile) -> Contents:
    """Return who said what, each from the time at its head to the next one's."""
    lines = word_lines(file)
    heads = [
        (at, found[1].strip(), parse_clock(found[2]))
        for at, line in enumerate(lines)
        if (found := HEAD.match(line.strip()))
    ]
    cues = list[CompanionCue]()
    for (at, name, start), (after, _, end) in pairwise([*heads, (len(lines), "", None)]):
        cues += spread_cues([(name, " ".join(lines[at + 1 : after]))], start, end)
    return contents_of(cues, "machine", [])
