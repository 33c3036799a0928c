"""Google Meet's chat, which looks like captions: the times of a message, then "Name: text"."""

import re
from collections.abc import Sequence
from itertools import pairwise

from digest.intake.formats.chats import read_messages
from digest.intake.formats.companion_file import CompanionFile, Contents

AUTHOR = re.compile(r"[^\n:]{1,80}: ")
HEAD = re.compile(r"^(?P<clock>\d{1,2}:\d\d:\d\d)\.\d{1,3},\d{1,2}:\d\d:\d\d\.\d{1,3}$")


def fits(file: CompanionFile) -> float:
    """Return the share of lines with times over a name: nothing but the file's name tells it from captions."""
    if "chat" not in file.name:
        return 0.0
    heads = sum(bool(HEAD.match(one) and AUTHOR.match(two)) for one, two in pairwise(file.head_lines))
    return heads / sum(bool(line.strip()) for line in file.head_lines) if heads else 0.0


def read(file: CompanionFile) -> Contents:
    """Return the messages, with seconds of the recording."""
    return read_messages(file, HEAD, _author, is_recording_time=True)


def _author(_head: re.Match[str], following: Sequence[str]) -> tuple[str, str]:
    name, _, text = " ".join(following).partition(": ")
    return name, text
