"""Questions and answers typed into the platform: Zoom's report in some languages, and any table with such columns.

What the moderator dismissed is left out, with how many there were; an answer that went to one person alone is left out.
"""

import re
from collections.abc import Callable, Sequence

from digest.errors import UnusableDrop
from digest.intake.formats.chats import MAX_NAME, MAX_TEXT, masked_line
from digest.intake.formats.companion_file import CompanionFile, Contents
from digest.intake.formats.reports import HEAD_LINES, is_personal, is_table, report_rows
from digest.model.companions import TypedQuestion
from digest.text.addresses import mask_addresses

MAX_QUESTIONS = 20_000
SAMPLE = 50  # rows by whose content columns without a known name are told apart
COLUMNS = {
    "text": re.compile(r"^(?:questions?(?: text| content)?|fragen?|preguntas?|perguntas?|質問|pytanie|domanda)$"),
    "asked_by": re.compile(
        r"^(?:asker(?: name)?|asked by|(?:full |user )?name|participant|author|user|name des fragestellers|fragesteller"
        r"|nom (?:de l.auteur|du demandeur|de l.intervenant).*|auteur|nombre (?:de(?:l| la persona) que pregunt\S*"
        r"|del autor)|autor|nome (?:do autor|do solicitante|de quem pergunt\S*)|質問者(?:の?名前?|名)?)$"
    ),
    "answer": re.compile(
        r"^(?:answers?(?:\(s\)|s)?(?: text)?|repl(?:y|ies)|antwort(?:\(?en\)?)?|réponses?(?:\(s\))?"
        r"|respuestas?(?:\(s\))?|respostas?(?:\(s\))?|回答|答え)$"
    ),
    "clock": re.compile(
        r"^(?:(?:question|asked|submitted|created) (?:time|at|date)|time|date(?:/| and )time|created|timestamp)$"
    ),
    "status": re.compile(r"^(?:(?:question )?(?:status|state)|moderation)$"),
}
NO_NAME = re.compile(r"^(?:anonym.*|an[oó]nim.*|匿名.*|guest|gast|\W*)$", re.IGNORECASE)
LIVE = re.compile(
    r"^(?:(?:this question has been |will be )?(?:answered live|live answered)|live beantwortet|répondue? en direct"
    r"|respondid[ao] en (?:directo|vivo)|respondid[ao] ao vivo|ライブで回答(?:済み)?)\W*$",
    re.IGNORECASE,
)
DISMISSED = re.compile(
    r"^(?:dismissed|rejected|declined|deleted|hidden|spam|not approved|verworfen|abgelehnt|rejetée?|refusée?|ignorée?"
    r"|rechazad[ao]|descartad[ao]|rejeitad[ao]|dispensad[ao]|却下(?:済み)?)\W*$",
    re.IGNORECASE,
)
PRIVATE = re.compile(
    r"^\W*(?:private(?:ly)?|privat|en privé|privée?|en privado|privad[ao]|em particular|非公開)\b",
    re.IGNORECASE,
)
TIME_OF_DAY = re.compile(r"\b(\d{1,2}:\d\d(?::\d\d)?)(?:[ ]?([AP])M)?\b", re.IGNORECASE)


def fits(file: CompanionFile) -> float:
    """Return 1.0 for a table with a column of questions that reports on nothing else."""
    if not is_table(file) or is_personal(file):
        return 0.0
    rows = report_rows("\n".join(file.head_lines[: HEAD_LINES + SAMPLE]))
    return float(_head_of(rows, file.name) is not None)


def read(file: CompanionFile) -> Contents:
    """Return the questions, with the answers typed to them. Raises UnusableDrop where there is none."""
    if is_personal(file):
        raise UnusableDrop(
            "It tells of persons, and what they wrote there is for the organiser.", remedy="Leave it out."
        )
    text, remarks = file.text()
    rows = report_rows(text, text.split("\n", HEAD_LINES)[:HEAD_LINES])
    head = _head_of(rows, file.name)
    if head is None:
        raise UnusableDrop("No column in it is called “question”.", remedy="Save the report again.")
    at, places = head
    found, dismissed, broken = list[TypedQuestion](), 0, 0
    for row in rows[at + 1 : at + 1 + MAX_QUESTIONS]:
        cell = _cells(row, places)
        broken += len(cell("text")) > MAX_TEXT or ("\n" in cell("text").strip() and '"' in cell("text"))
        if DISMISSED.match(cell("answer")) or DISMISSED.match(cell("status")):
            dismissed += 1
        elif cell("text") and len(cell("text")) <= MAX_TEXT:
            found.append(_question(cell))
    if broken:
        remarks.append("a quotation mark in it is never closed, so rows may be missing")
    if dismissed:
        remarks.append(f"questions that the moderator dismissed are left out: {dismissed}")
    if not found and not dismissed:
        raise UnusableDrop("There is no question in it.", remedy="Save the report again.")
    return Contents(questions=tuple(found), dismissed=dismissed, remarks=tuple(remarks))


def _head_of(rows: Sequence[Sequence[str]], name: str) -> tuple[int, dict[str, int | None]] | None:
    """Return which row names the columns, and the place of each; by their content where the names are not known."""
    for at, row in enumerate(rows[:HEAD_LINES]):
        places = {
            field: next((place for place, cell in enumerate(row) if known.match(cell.casefold())), None)
            for field, known in COLUMNS.items()
        }
        if places["text"] is not None and (len(row) > 1 or name.startswith("question")):
            if places["asked_by"] is None:
                places["asked_by"] = _before_addresses(rows[at + 1 :], places["text"])
            return at, places
    return _by_content(rows)


def _before_addresses(rows: Sequence[Sequence[str]], text: int) -> int | None:
    """Return the column before that of the e-mail addresses, where the names stand; None where it is the questions'."""
    place = _addresses(rows)
    return place - 1 if place is not None and place > 0 and place - 1 != text else None


def _by_content(rows: Sequence[Sequence[str]]) -> tuple[int, dict[str, int | None]] | None:
    """Return the head of Zoom's report in a language that was not seen: number, question, name, address, answers."""
    first = next((at for at, row in enumerate(rows[: 2 * HEAD_LINES]) if len(row) > 3 and row[0] == "1"), None)  # noqa: PLR2004
    if not first:
        return None
    counted = [row for at, row in enumerate(rows[first : first + SAMPLE]) if row and row[0] == str(at + 1)]
    place = _addresses(counted)
    if place != 3 or not any(re.search(r"[?？;؟]", row[1]) for row in counted):  # noqa: PLR2004
        return None
    return first - 1, {"text": 1, "asked_by": 2, "answer": 4, "clock": None, "status": None}


def _addresses(rows: Sequence[Sequence[str]]) -> int | None:
    """Return the column in which e-mail addresses stand."""
    for place in range(max(map(len, rows), default=0)):
        cells = [row[place] for row in rows[:SAMPLE] if place < len(row) and row[place]]
        if cells and all("@" in cell and mask_addresses(cell) != cell for cell in cells):
            return place
    return None


def _cells(row: Sequence[str], places: dict[str, int | None]) -> Callable[[str], str]:
    """Return a function from a field to its cell, empty where the row has none."""

    def cell(field: str) -> str:
        place = places[field]
        return row[place] if place is not None and place < len(row) else ""

    return cell


def _question(cell: Callable[[str], str]) -> TypedQuestion:
    name = masked_line(cell("asked_by"), MAX_NAME)
    answers = [line.strip() for line in cell("answer").split("\n")]
    is_live = any(map(LIVE.match, (*answers, cell("status"))))
    typed = " ".join(line for line in answers if line and not LIVE.match(line) and not PRIVATE.match(line))
    is_private = bool(answers and PRIVATE.match(answers[0]))
    answer = "" if is_private else masked_line(typed, MAX_TEXT)
    return TypedQuestion(
        clock=_clock(cell("clock")),
        asked_by=None if NO_NAME.match(name) else name,
        text=masked_line(cell("text"), MAX_TEXT),
        answer=answer if re.search(r"\w", answer) else None,
        answered_live=is_live,
    )


def _clock(text: str) -> str | None:
    """Return the time of the day in a cell: “Nov 23, 2023 2:10:00 PM” is 14:10:00."""
    found = TIME_OF_DAY.search(text)
    if not found:
        return None
    hour, minutes = found[1].split(":", 1)
    half = (found[2] or "").casefold()
    shown = int(hour) % 12 + 12 * (half == "p") if half else int(hour)
    return f"{shown:02}:{minutes}" if shown < 24 else None  # noqa: PLR2004
