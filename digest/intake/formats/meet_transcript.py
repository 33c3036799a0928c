"""Google Meet's transcript, saved as a Word file: a time every few minutes, under it lines "Name: text"."""

import re
from collections.abc import Sequence
from itertools import pairwise

from digest.intake.formats.companion_file import CompanionFile, Contents
from digest.intake.formats.cues import NAMED, contents_of, names_of, spread_cues
from digest.intake.formats.word import is_word_file, word_lines
from digest.model.companions import CompanionCue
from digest.text.clock import parse_clock

ALONE = re.compile(r"\d{1,2}:\d\d:\d\d")  # with seconds always: a programme has none
ENDED = re.compile(r"^\W*(?:Transcription ended after \d|This editable transcript was computer generated)")


def fits(file: CompanionFile) -> float:
    """Return the share of lines that are a time, or a name and what was said under one."""
    lines = _spoken_lines(word_lines(file)) if is_word_file(file) else []
    times = [at for at, line in enumerate(lines) if ALONE.fullmatch(line.strip())]
    if not times:
        return 0.0
    return (len(times) + sum(bool(NAMED.match(line)) for line in lines[times[0] :])) / len(lines)


def read(file: CompanionFile) -> Contents:
    """Return who said what, as fast as people speak from each time on; a line without a name goes on with the last."""
    lines = _spoken_lines(word_lines(file))
    heads = [(at, parse_clock(line.strip())) for at, line in enumerate(lines) if ALONE.fullmatch(line.strip())]
    named = [line for line in lines[heads[0][0] if heads else 0 :] if NAMED.match(line)]
    names = names_of(named) or {found[1].strip() for line in named if (found := NAMED.match(line))}
    cues = list[CompanionCue]()
    for (at, start), (after, end) in pairwise([*heads, (len(lines), None)]):
        texts = list[tuple[str, str]]()
        for line in lines[at + 1 : after]:
            if (found := NAMED.match(line)) and found[1].strip() in names:
                texts.append((found[1].strip(), line[found.end() :]))
            elif texts:
                texts[-1] = (texts[-1][0], f"{texts[-1][1]} {line.strip()}")
        cues += spread_cues(texts, start, end)
    return contents_of(cues, "machine", [])


def _spoken_lines(lines: Sequence[str]) -> list[str]:
    """Return the lines until the one by which Meet says that the transcription ended."""
    ended = next((at for at, line in enumerate(lines) if ENDED.match(line)), len(lines))
    return list(lines[:ended])
