"""What the audience typed: chat and Q&A reports, each a file in, ChatFile or QuestionFile out, in a limited child."""

import csv
import io
import re
from collections.abc import Callable, Sequence
from itertools import pairwise
from pathlib import Path

from digest.errors import UnusableDrop
from digest.intake.encoding import decode_text
from digest.intake.polls import PUBLISHED, poll_in
from digest.model.artifact import Record
from digest.model.companions import ChatMessage, Poll, TypedQuestion
from digest.text.addresses import mask_addresses
from digest.text.clock import parse_clock

LARGEST = 20_000_000  # bytes
MOST_ITEMS = 20_000
LONGEST_TEXT = 4_000  # letters of a message
LONGEST_NAME = 80
DAY = 24 * 3600  # seconds

CLOCK = r"(?P<clock>\d{1,2}:\d\d(?::\d\d)?)"
# Zoom, saved by a participant: "14:02:11	 From  Ann to  Everyone:", then the text; older ones all on a line.
ZOOM = re.compile(
    rf"^{CLOCK}[ \t]+From[ \t]+(?P<name>.{{1,200}}?)(?:[ \t]+to[ \t]+(?P<to>[^:\n]{{1,200}}))?"
    r"[ \t]*:[ \t]*(?P<text>.*)$",
    re.IGNORECASE,
)
CLOUD = re.compile(rf"^{CLOCK}\t(?P<name>[^\t\n]{{1,200}}?):\t(?P<text>.*)$")  # Zoom's cloud: seconds of the recording
BRACKETED = re.compile(rf"^\[{CLOCK}\][ \t]*(?P<name>[^:\n]{{1,200}}?)[ \t]*:[ \t]*(?P<text>.*)$")  # BigBlueButton
MEET = re.compile(r"^(?P<clock>\d{1,2}:\d\d:\d\d)\.\d{1,3},\d{1,2}:\d\d:\d\d\.\d{1,3}$")  # then "Name: text"
LATE = re.compile(
    r"^(?P<name>.*?)[ \t]+to[ \t]+(?P<to>[^:\n]{1,200}):[ \t]*$", re.IGNORECASE
)  # a name with a colon in it
PRIVATE = re.compile(r"\((?:privately|direct message)\)[ \t]*:", re.IGNORECASE)
BEGUN = re.compile(r"^\d{1,2}:\d\d:\d\d[ \t]+From\b|^\d{1,2}:\d\d:\d\d\t", re.IGNORECASE)
EVERYONE = re.compile(
    r"(?:everyone|everybody|all|all panelists and attendees|meeting group chat)(?: \(?in meeting\)?)?", re.IGNORECASE
)
COLUMNS = {
    "text": re.compile(r"^(?:question|question text|questions?|frage|pregunta)$"),
    "asked_by": re.compile(r"^(?:asker(?: name)?|asked by|name|participant|author|user|first name)$"),
    "answer": re.compile(r"^answers?(?:\(s\)|s)?(?: text)?$"),
}
NO_NAME = re.compile(r"^(?:anonymous.*|guest|\W*)$", re.IGNORECASE)
NO_ANSWER = re.compile(r"^(?:live answered|answered live|dismissed|\W*)$", re.IGNORECASE)


class ChatFile(Record):
    """The public messages of a chat, the polls whose counts the platform wrote there, what staff should know of it."""

    messages: tuple[ChatMessage, ...]
    polls: tuple[Poll, ...] = ()
    remarks: tuple[str, ...] = ()


class QuestionFile(Record):
    """The questions of a report, and what staff should know of it."""

    questions: tuple[TypedQuestion, ...]
    remarks: tuple[str, ...] = ()


def chat_in(path: Path) -> ChatFile:
    """Return the public messages of a chat, in the child. Raises UnusableDrop where there is none in it."""
    text, remarks = _text(path)
    if text.lstrip().startswith("<"):
        return _of_popcorn(path, remarks)
    lines = text.split("\n")
    form = max((ZOOM, CLOUD, BRACKETED, MEET), key=lambda form: sum(bool(form.match(line)) for line in lines))
    begins = [at for at, line in enumerate(lines) if form.match(line) or BEGUN.match(line)]
    found, polls, private = list[ChatMessage](), list[Poll](), 0
    for begin, end in pairwise([*begins, len(lines)]):
        if PUBLISHED in (raw := "\n".join(lines[begin:end])):
            polls += [poll] if (poll := poll_in(raw)) else []
            continue
        message = _message(form, lines[begin:end])
        private += message is None
        found += [message] if message and message.text else []
    if private:
        remarks.append(f"left out as damaged or not meant for everyone: {private} of the messages")
    return _file_of(found, polls, remarks)


def questions_in(path: Path) -> QuestionFile:
    """Return the questions of a Q&A report, in the child. Raises UnusableDrop where there is none in it."""
    text, remarks = _text(path)
    heads = [line for line in text.split("\n") if "question" in line.casefold() and len(line) < LONGEST_TEXT]
    delimiter = max("\t,;", key=lambda delimiter: max((line.count(delimiter) for line in heads), default=0))
    csv.field_size_limit(LARGEST)
    rows = [[cell.strip() for cell in row] for row in csv.reader(io.StringIO(text), delimiter=delimiter)]
    at = next((at for at, row in enumerate(rows) if any(COLUMNS["text"].match(c.casefold()) for c in row)), None)
    if at is None:
        raise UnusableDrop("No column in it is called “question”.", remedy="Save the report again.")
    places = {
        field: next((place for place, cell in enumerate(rows[at]) if known.match(cell.casefold())), None)
        for field, known in COLUMNS.items()
    }
    found = list[TypedQuestion]()
    broken = 0
    for row in rows[at + 1 : at + 1 + MOST_ITEMS]:
        cell = _cells(row, places)
        broken += len(cell("text")) > LONGEST_TEXT or ("\n" in cell("text").strip() and '"' in cell("text"))
        if cell("text") and len(cell("text")) <= LONGEST_TEXT:
            found.append(_question(cell))
    if broken:
        remarks.append("a quotation mark in it is never closed, so rows may be missing")
    if not found:
        raise UnusableDrop("There is no question in it.", remedy="Save the report again.")
    return QuestionFile(questions=tuple(found), remarks=tuple(remarks))


def _text(path: Path) -> tuple[str, list[str]]:
    if path.stat().st_size > LARGEST:
        raise UnusableDrop(f"It is larger than {LARGEST // 1_000_000} MB.", remedy="Leave it out.")
    text, guessed = decode_text(path.read_bytes())
    return text, [f"it is not saved as UTF-8 and was read as {guessed}"] if guessed else []


def _file_of(found: Sequence[ChatMessage], polls: Sequence[Poll], remarks: list[str]) -> ChatFile:
    if not found and not polls:
        raise UnusableDrop("There is no public message in it.", remedy="Save the chat again.")
    return ChatFile(messages=tuple(found[:MOST_ITEMS]), polls=tuple(polls), remarks=tuple(remarks))


def _message(form: re.Pattern[str], lines: Sequence[str]) -> ChatMessage | None:
    """Return a message, or None for one that is damaged or was not meant for everyone."""
    head = form.match(lines[0])
    if head is None or (seconds := _seconds(head["clock"])) is None:
        return None
    following = " ".join(line.strip() for line in lines[1:])
    if form is MEET:
        name, _, text = following.partition(": ")
    else:
        name, text = head["name"], f"{head['text']} {following}"
        to = head["to"] if form is ZOOM else None
        if form is ZOOM and to is None and (late := LATE.match(head["text"])):
            name, to, text = f"{name}:{late['name']}", late["to"], following
        if PRIVATE.search(lines[0]) or (to is not None and not EVERYONE.fullmatch(to.split(" to ")[-1].strip())):
            return None
    is_recording_time = form in {CLOUD, MEET}
    return ChatMessage.model_validate(
        {
            "at": seconds if is_recording_time else None,
            "clock": None if is_recording_time else head["clock"],
            "from": _shortened(name, LONGEST_NAME),
            "text": _shortened(text, LONGEST_TEXT),
        }
    )


def _seconds(clock: str) -> float | None:
    """Return the seconds of a clock of the day, 14:02 or 14:02:15; None for none."""
    seconds = parse_clock(clock if clock.count(":") > 1 else f"{clock}:00")
    return seconds if seconds is not None and seconds < DAY else None


def _shortened(text: str, most: int) -> str:
    return mask_addresses(" ".join(text[: 2 * most].split()))[:most]


def _cells(row: Sequence[str], places: dict[str, int | None]) -> Callable[[str], str]:
    def cell(field: str) -> str:
        place = places[field]
        return row[place] if place is not None and place < len(row) else ""

    return cell


def _question(cell: Callable[[str], str]) -> TypedQuestion:
    name, answer = _shortened(cell("asked_by"), LONGEST_NAME), _shortened(cell("answer"), LONGEST_TEXT)
    return TypedQuestion(
        asked_by=None if NO_NAME.match(name) else name,
        text=_shortened(cell("text"), LONGEST_TEXT),
        answer=None if NO_ANSWER.match(answer) else answer,
    )


def _of_popcorn(path: Path, remarks: list[str]) -> ChatFile:
    """Return the chat of a BigBlueButton recording (slides_new.xml), in seconds of the recording."""
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        root = etree.fromstring(path.read_bytes(), parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise UnusableDrop("It is no chat that can be read.", remedy="Save the chat again.") from error
    public = [line for line in root.iter("chattimeline") if line.get("target", "chat") == "chat"]
    polls = [poll for line in public if (poll := poll_in(line.get("message", "")))]
    found = [
        ChatMessage.model_validate(
            {
                "at": float(at),
                "from": _shortened(line.get("name", ""), LONGEST_NAME),
                "text": _shortened(re.sub(r"<[^<>]{0,2000}>", "", text), LONGEST_TEXT),
            }
        )
        for line in public
        if PUBLISHED not in (text := line.get("message", ""))
        and re.fullmatch(r"\d{1,6}(?:\.\d{1,9})?", at := line.get("in", ""))
    ]
    return _file_of(found, polls, remarks)
