"""Questions and answers typed into the platform: Zoom's report, and any table with a column called question."""

import re
from collections.abc import Callable, Sequence

from digest.errors import UnusableDrop
from digest.intake.formats.chats import MAX_NAME, MAX_TEXT, masked_line
from digest.intake.formats.companion_file import CompanionFile, Contents
from digest.intake.formats.reports import report_rows, topic_of
from digest.model.companions import TypedQuestion

MAX_QUESTIONS = 20_000
COLUMNS = {
    "text": re.compile(r"^(?:question|question text|questions?|frage|pregunta)$"),
    "asked_by": re.compile(r"^(?:asker(?: name)?|asked by|name|participant|author|user|first name)$"),
    "answer": re.compile(r"^answers?(?:\(s\)|s)?(?: text)?$"),
}
NO_NAME = re.compile(r"^(?:anonymous.*|guest|\W*)$", re.IGNORECASE)
NO_ANSWER = re.compile(r"^(?:live answered|answered live|dismissed|\W*)$", re.IGNORECASE)


def fits(file: CompanionFile) -> float:
    """Return 1.0 for a table that is about questions."""
    return float(topic_of(file) == "question")


def read(file: CompanionFile) -> Contents:
    """Return the questions, with the answers typed to them. Raises UnusableDrop where there is none."""
    text, remarks = file.text()
    heads = [line for line in text.split("\n") if "question" in line.casefold() and len(line) < MAX_TEXT]
    rows = report_rows(text, heads)
    at = next((at for at, row in enumerate(rows) if any(COLUMNS["text"].match(c.casefold()) for c in row)), None)
    if at is None:
        raise UnusableDrop("No column in it is called “question”.", remedy="Save the report again.")
    places = {
        field: next((place for place, cell in enumerate(rows[at]) if known.match(cell.casefold())), None)
        for field, known in COLUMNS.items()
    }
    found = list[TypedQuestion]()
    broken = 0
    for row in rows[at + 1 : at + 1 + MAX_QUESTIONS]:
        cell = _cells(row, places)
        broken += len(cell("text")) > MAX_TEXT or ("\n" in cell("text").strip() and '"' in cell("text"))
        if cell("text") and len(cell("text")) <= MAX_TEXT:
            found.append(_question(cell))
    if broken:
        remarks.append("a quotation mark in it is never closed, so rows may be missing")
    if not found:
        raise UnusableDrop("There is no question in it.", remedy="Save the report again.")
    return Contents(questions=tuple(found), remarks=tuple(remarks))


def _cells(row: Sequence[str], places: dict[str, int | None]) -> Callable[[str], str]:
    """Return a function from a field to its cell, empty where the row has none."""

    def cell(field: str) -> str:
        place = places[field]
        return row[place] if place is not None and place < len(row) else ""

    return cell


def _question(cell: Callable[[str], str]) -> TypedQuestion:
    name, answer = masked_line(cell("asked_by"), MAX_NAME), masked_line(cell("answer"), MAX_TEXT)
    return TypedQuestion(
        asked_by=None if NO_NAME.match(name) else name,
        text=masked_line(cell("text"), MAX_TEXT),
        answer=None if NO_ANSWER.match(answer) else answer,
    )
