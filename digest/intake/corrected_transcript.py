"""A transcript that somebody corrected elsewhere: captions, a Word file or plain text in, its lines of speech out."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from digest.errors import UnusableDrop
from digest.intake.formats.companion_file import CompanionFile
from digest.intake.formats.cues import NAMED, is_name
from digest.intake.formats.table import recognise
from digest.intake.formats.word import word_lines
from digest.model.artifact import Record
from digest.sandbox import Limits
from digest.text.clock import TIME

ENDINGS = (".vtt", ".srt", ".sbv", ".docx", ".txt")
LIMITS = Limits(seconds=20, megabytes=1024, file_megabytes=64)
AT_HEAD = re.compile(rf"^[\[(]?{TIME}(?:\s*(?:-->|[-–—])\s*{TIME})?[\])]?(?:\s+|$)")  # [00:12:03] Ann: …
MAX_NAME_WORDS = 4
ENDS = (".", "?", "!", "…", ",", ";")


class CorrectedTranscript(Record):
    """What a file says, a line each; without times, names of speakers and settings of captions."""

    lines: tuple[str, ...]
    remarks: tuple[str, ...] = ()


def read_corrected(path: Path) -> CorrectedTranscript:
    """Return the lines of speech of a file; called in a limited child, with LIMITS.

    A Word file is read as if all its tracked changes were accepted.
    Raises UnusableDrop where it is none that is known, or nothing is in it.
    """
    file = CompanionFile(path, path.name)
    found = recognise(file)
    if found and found.role == "captions":
        contents = found.read(file)
        return CorrectedTranscript(lines=tuple(cue.text for cue in contents.cues), remarks=contents.remarks)
    remarks = list[str]()
    if file.name.endswith(".docx"):
        lines = word_lines(file)
    elif file.is_plain and file.name.endswith(ENDINGS):
        text, remarks = file.text()
        lines = text.split("\n")
    else:
        raise UnusableDrop("What is in this file is not known.", remedy="Save it as .vtt, .srt, .docx or .txt.")
    said = tuple(_lines_of_speech([line.strip() for line in lines if line.strip()]))
    if not said:
        raise UnusableDrop("There are no words in this file.", remedy="Save it again.")
    return CorrectedTranscript(lines=said, remarks=tuple(remarks))


def _lines_of_speech(lines: Sequence[str]) -> Iterator[str]:
    """Yield lines without the time and the name at their heads, and without those that are nothing else."""
    untimed = [line[found.end() :] if (found := AT_HEAD.match(line)) else line for line in lines]
    named = Counter(found[1].strip() for line in untimed if (found := NAMED.match(line)))
    alone = Counter(untimed)
    for line in untimed:
        found = NAMED.match(line)
        if found and named[found[1].strip()] > 1 and is_name(found[1]):
            yield line[found.end() :]
        elif line and not (alone[line] > 1 and _is_label(line)):
            yield line


def _is_label(line: str) -> bool:
    """Return whether a line that comes again may be who speaks."""
    return len(line.split()) <= MAX_NAME_WORDS and not line.endswith(ENDS)
