"""Zoom's chat as a participant saves it: "14:02:11 From  Ann to  Everyone:", then the text; older ones on a line."""

import re

from digest.intake.formats.chats import CLOCK, PRIVATE, read_messages, share_of_heads
from digest.intake.formats.companion_file import CompanionFile, Contents

BEGINNING = re.compile(r"[ \t]*\d{1,2}:\d\d:\d\d[ \t]+from\b", re.IGNORECASE)
HEAD = re.compile(
    rf"^{CLOCK}[ \t]+From[ \t]+(?P<name>.{{1,200}}?)(?:[ \t]+to[ \t]+(?P<to>[^:\n]{{1,200}}))?"
    r"[ \t]*:[ \t]*(?P<text>.*)$",
    re.IGNORECASE,
)
NAME_WITH_COLON = re.compile(r"^(?P<name>.*?)[ \t]+to[ \t]+(?P<to>[^:\n]{1,200}):[ \t]*$", re.IGNORECASE)
EVERYONE = re.compile(
    r"(?:everyone|everybody|all|all panelists and attendees|meeting group chat)(?: \(?in meeting\)?)?", re.IGNORECASE
)


def fits(file: CompanionFile) -> float:
    """Return the share of lines that say from whom."""
    return share_of_heads(file, BEGINNING)


def read(file: CompanionFile) -> Contents:
    """Return the messages to everyone, with the time of the day."""
    return read_messages(file, HEAD, _author, is_recording_time=False)


def _author(head: re.Match[str], following: str) -> tuple[str, str] | None:
    name, to, text = head["name"], head["to"], f"{head['text']} {following}"
    if to is None and (rest := NAME_WITH_COLON.match(head["text"])):
        name, to, text = f"{name}:{rest['name']}", rest["to"], following
    is_private = PRIVATE.search(head.string) or (
        to is not None and not EVERYONE.fullmatch(to.split(" to ")[-1].strip())
    )
    return None if is_private else (name, text)
