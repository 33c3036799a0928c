"""Zoom's chat beside a cloud recording: "00:14:28<tab>Ann Smith:<tab>hello", in seconds of the recording."""

import re

from digest.intake.formats.chats import CLOCK, author_at_head, read_messages, share_of_heads
from digest.intake.formats.companion_file import CompanionFile, Contents

BEGINNING = re.compile(r"[ \t]*\d{1,2}:\d\d:\d\d[ \t]+(?![ \t]|from\b)[^\n]{1,200}?:", re.IGNORECASE)
HEAD = re.compile(rf"^{CLOCK}\t(?P<name>[^\t\n]{{1,200}}?):\t(?P<text>.*)$")


def fits(file: CompanionFile) -> float:
    """Return the share of lines with a time and then somebody's name."""
    return share_of_heads(file, BEGINNING)


def read(file: CompanionFile) -> Contents:
    """Return the messages, with seconds of the recording."""
    return read_messages(file, HEAD, author_at_head, is_recording_time=True)
