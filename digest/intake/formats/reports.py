"""Tables that platforms save as reports: their own title, the names of their columns, and their rows."""

import csv
import io
import re
from collections.abc import Sequence

from digest.intake.formats.companion_file import MAX_BYTES, CompanionFile

HEAD_LINES = 12  # Zoom puts the webinar's title and numbers before the names of the columns
SEPARATOR = re.compile(r"[,;\t]")
# Reports on persons: Zoom's registration, attendee, survey and performance reports, by their titles or by columns that
# only such have. What is answered there is for the organiser alone.
PERSONAL = re.compile(
    r"^[\W_]*(?:registration|registrants?|attendees?|participants?|survey|performance|polling survey)[ _-]?report\b",
    re.IGNORECASE,
)
PERSONAL_COLUMNS = frozenset(
    {
        *("registration time", "approval status", "join time", "leave time", "time in session", "is guest", "attended"),
        *("phone", "phone number", "mobile", "address", "zip", "postal code", "job title", "organization", "company"),
        *("first name", "last name", "vorname", "nachname", "prénom", "nombre", "apellido", "nome", "sobrenome"),
    }
)
MANY = 2  # of such columns: one alone may be anybody's


def is_table(file: CompanionFile) -> bool:
    """Return whether a file is called a table and is text."""
    return file.is_plain and file.name.endswith((".csv", ".tsv"))


def is_personal(file: CompanionFile) -> bool:
    """Return whether a table reports on persons, such as who registered or what they think of the webinar."""
    lines = file.head_lines[:HEAD_LINES]
    if any(PERSONAL.match(line) for line in lines[:2]) or PERSONAL.match(file.name):
        return True
    return any(
        len(PERSONAL_COLUMNS & {cell.casefold() for cell in row}) >= MANY for row in report_rows("\n".join(lines))
    )


def report_rows(text: str, heads: Sequence[str] = ()) -> list[list[str]]:
    """Return the cells of a table without white space around them, parted by what the heads have most of."""
    heads = heads or text.split("\n", HEAD_LINES)[:HEAD_LINES]
    delimiter = max("\t,;", key=lambda delimiter: max((line.count(delimiter) for line in heads), default=0))
    csv.field_size_limit(MAX_BYTES)
    return [[cell.strip() for cell in row] for row in csv.reader(io.StringIO(text), delimiter=delimiter)]
