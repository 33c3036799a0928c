"""Teams' older transcript, a Word file: "0:0:3.0 --> 0:0:6.250", then the name, then the text."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from digest.intake.formats.companion_file import CompanionFile, Contents
from digest.intake.formats.cues import ARROW, contents_of, parse_cues
from digest.intake.formats.word import share_of_word_lines, word_lines
from digest.text.cleaning import clean_text


def fits(file: CompanionFile) -> float:
    """Return the share of lines that are two times."""
    return share_of_word_lines(file, ARROW)


def read(file: CompanionFile) -> Contents:
    """Return who said what, from when until when."""
    lines = word_lines(file)
    found, _, _ = parse_cues(lines)
    if not any(cue.speaker for cue in found):
        found = [
            cue.model_copy(update={"speaker": name, "text": " ".join(rest)})
            for cue, (name, *rest) in zip(found, _blocks(lines), strict=False)
            if rest
        ]
    return contents_of(found, "machine", [])


def _blocks(lines: Sequence[str]) -> Iterator[list[str]]:
    """Yield the lines under each pair of times."""
    begins = [at for at, line in enumerate(lines) if ARROW.match(line)]
    for begin, end in pairwise([*begins, len(lines)]):
        yield [clean_text(line).strip() for line in lines[begin + 1 : end]] or [""]
