"""Tables that platforms save as reports: which words their heads name, and their rows."""

import csv
import io
import re
from collections.abc import Sequence

from digest.intake.formats.companion_file import MAX_BYTES, CompanionFile

HEAD_LINES = 12  # Zoom puts the webinar's title and numbers before the names of the columns
TOPICS = ("poll", "question")
SEPARATOR = re.compile(r"[,;\t]")


def topic_of(file: CompanionFile) -> str | None:
    """Return which topic the first row names that names one, or the file's name; None for no table of either."""
    for line in file.head.casefold().lstrip().split("\n")[:HEAD_LINES] if file.is_plain else ():
        for topic in TOPICS:
            if SEPARATOR.search(line) and (topic in line or file.name.startswith(topic)):
                return topic
    return None


def report_rows(text: str, heads: Sequence[str]) -> list[list[str]]:
    """Return the cells of a table without white space around them, parted by what the heads have most of."""
    delimiter = max("\t,;", key=lambda delimiter: max((line.count(delimiter) for line in heads), default=0))
    csv.field_size_limit(MAX_BYTES)
    return [[cell.strip() for cell in row] for row in csv.reader(io.StringIO(text), delimiter=delimiter)]
