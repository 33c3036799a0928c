"""BigBlueButton's public chat as a participant saves it: "[14:02] Ann : hello"."""

import re

from digest.intake.formats.chats import CLOCK, author_at_head, read_messages, share_of_heads
from digest.intake.formats.companion_file import CompanionFile, Contents

BEGINNING = re.compile(r"[ \t]*\[\d{1,2}:\d\d(?:\]|:\d\d\](?=[^:\n]{1,200} :))[^\n]{1,200}?:")
HEAD = re.compile(rf"^\[{CLOCK}\][ \t]*(?P<name>[^:\n]{{1,200}}?)[ \t]*:[ \t]*(?P<text>.*)$")


def fits(file: CompanionFile) -> float:
    """Return the share of lines with a time in brackets and then somebody's name."""
    return share_of_heads(file, BEGINNING)


def read(file: CompanionFile) -> Contents:
    """Return the messages, with the time of the day, and the polls whose counts stand among them."""
    return read_messages(file, HEAD, author_at_head, is_recording_time=False)
