"""What Whisper prints on the console: "[00:00:01.000 --> 00:00:03.000]  Who pays?"."""

import re

from digest.intake.formats.companion_file import CompanionFile, Contents
from digest.intake.formats.cues import contents_of, parse_cues
from digest.text.clock import TIME

LINE = re.compile(rf"^\s*\[({TIME})\s*-->\s*({TIME})\][ \t]*(.*)$")


def fits(file: CompanionFile) -> float:
    """Return the share of lines with two times in brackets."""
    return file.share_of_lines(LINE)


def read(file: CompanionFile) -> Contents:
    """Return the cues, made by a machine; what stands on the next lines was said too."""
    text, remarks = file.text()
    lines = list[str]()
    for line in text.split("\n"):
        found = LINE.match(line)
        lines += [f"{found[1]} --> {found[2]}", found[3]] if found else [line]
    found_cues, _, _ = parse_cues(lines)
    return contents_of(found_cues, "machine", remarks)
