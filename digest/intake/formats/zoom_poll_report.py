"""Zoom's report of polls: a row for whoever answered, counted here, so that nobody is named.

Until September 2021 each question stands before its answer; since then the questions are in the head, and each poll
has a head of its own.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise

from digest.errors import UnusableDrop
from digest.intake.formats.companion_file import CompanionFile, Contents
from digest.intake.formats.polls import make_poll
from digest.intake.formats.reports import HEAD_LINES, SEPARATOR, is_personal, is_table, report_rows

MAX_ROWS = 50_000
MAX_OPTIONS = 20  # different answers; more of them are in people's own words
TITLE = re.compile(r"^[\W_]*poll(?:ing)?(?: report| details|s)?[ \W_]*(?:$|[,;\t])", re.IGNORECASE)
WHEN = re.compile(r"submitted date(?: ?/ ?| and )time", re.IGNORECASE)


def fits(file: CompanionFile) -> float:
    """Return 1.0 for a table that calls itself one of polls: surveys and registrations have the same columns."""
    lines = file.head_lines[:HEAD_LINES] if is_table(file) else []
    is_titled = file.name.startswith("poll") or any(TITLE.match(line) for line in lines)
    return float(is_titled and any(SEPARATOR.search(line) for line in lines) and not is_personal(file))


def read(file: CompanionFile) -> Contents:
    """Return the polls. Raises UnusableDrop where there is none whose answers can be counted."""
    text, remarks = file.text()
    rows = report_rows(text, [line for line in text.split("\n") if WHEN.search(line)][:1])[:MAX_ROWS]
    heads = [at for at, row in enumerate(rows) if any(map(WHEN.fullmatch, row))]
    answers: dict[str, Counter[str]] = {}
    for begin, end in pairwise([*heads, len(rows)]):
        for question, answer in _answers(rows[begin], rows[begin + 1 : end]):
            answers.setdefault(question, Counter()).update(_options(answer))
    countable = {question: counts for question, counts in answers.items() if 1 <= len(counts) <= MAX_OPTIONS}
    if not countable:
        raise UnusableDrop("There is no poll in it whose answers can be counted.", remedy="Save the report again.")
    if open_ones := len(answers) - len(countable):
        remarks.append(f"{open_ones} of its questions were answered in people's own words and left out")
    polls = tuple(make_poll(question, counts.most_common()) for question, counts in countable.items())
    return Contents(polls=polls, remarks=tuple(remarks))


def _answers(head: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[tuple[str, str]]:
    """Yield each question with an answer of somebody."""
    first = next(at for at, cell in enumerate(head) if WHEN.fullmatch(cell)) + 1
    questions = head[first:]
    for row in rows:
        if not row or not row[0].isdigit():
            continue
        cells = row[first:]
        pairs = zip(questions, cells, strict=False) if any(questions) else zip(cells[::2], cells[1::2], strict=False)
        yield from ((question, answer) for question, answer in pairs if question and answer)


def _options(answer: str) -> list[str]:
    """Return what somebody chose: several are parted by semicolons."""
    return [option for part in answer.split(";") if (option := part.strip())]
