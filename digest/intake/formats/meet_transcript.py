"""Google Meet's transcript, saved as a Word file: a time every few minutes, under it lines "Name: text"."""

import re
from itertools import pairwise

from digest.intake.formats.companion_file import CompanionFile, Contents
from digest.intake.formats.cues import NAMED, contents_of, is_name, spread_cues
from digest.intake.formats.word import is_word_file, word_lines
from digest.model.companions import CompanionCue
from digest.text.clock import TIME, parse_clock

ALONE = re.compile(TIME)


def fits(file: CompanionFile) -> float:
    """Return 1.0 for any Word file."""
    return float(is_word_file(file))


def read(file: CompanionFile) -> Contents:
    """Return who said what, as fast as people speak from each time on."""
    lines = word_lines(file)
    heads = [(at, parse_clock(line.strip())) for at, line in enumerate(lines) if ALONE.fullmatch(line.strip())]
    cues = list[CompanionCue]()
    for (at, start), (after, end) in pairwise([*heads, (len(lines), None)]):
        texts = [
            (found[1].strip(), line[found.end() :])
            for line in lines[at + 1 : after]
            if (found := NAMED.match(line)) and is_name(found[1])
        ]
        cues += spread_cues(texts, start, end)
    return contents_of(cues, "machine", [])
