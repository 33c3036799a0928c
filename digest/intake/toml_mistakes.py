"""The first mistake in an event.toml, for people: the line as it stands, and how it would be right."""

import re
import tomllib
from collections.abc import Callable
from typing import NamedTuple

from digest.errors import UnusableDrop

MAX_SHOWN = 120  # letters of a line
SECRET = re.compile(r"^\s*(?:deck_password|join_url)\b")  # what PROBLEM.txt must not repeat
QUOTES = "“”„‟‘’«»″"
TRUTHS = {"yes": "true", "on": "true", "true": "true", "no": "false", "off": "false", "false": "false"}
DATE = re.compile(r"\d{1,2}[./]\d{1,2}[./]\d{2,4}|\d{4}-\d{1,2}-\d{1,2}")
VALUE = re.compile(r"^\s*(?P<key>[\w.-]+)\s*=\s*(?P<value>.*?)\s*$")


def explain_mistake(text: str, error: tomllib.TOMLDecodeError) -> UnusableDrop:
    """Return the refusal of a text that is no TOML: which line, what stands there, and what to write instead."""
    lines = text.split("\n")
    number = _line_of(error, lines)
    line = lines[number - 1].strip() if lines else ""
    shown = "" if SECRET.match(line) or not line else f": {line[:MAX_SHOWN]}"
    return UnusableDrop(
        f"Line {number} cannot be read{shown}",
        file="event.toml",
        remedy=f"{_mend(line, str(error))} Then drop the folder again.",
    )


def _line_of(error: tomllib.TOMLDecodeError, lines: list[str]) -> int:
    """Return the line of the mistake; one that is found at the end of the file began where a text was not closed."""
    found = re.search(r"at line (\d+)", str(error))
    if found and int(found[1]) <= len(lines):
        return int(found[1])
    opened = [number for number, line in enumerate(lines, 1) if _is_open(line)]
    filled = [number for number, line in enumerate(lines, 1) if line.strip()]
    return (opened or filled[-1:] or [1])[0]


class Mistake(NamedTuple):
    """A line that is no TOML: the name before its “=”, what stands behind, and what the parser said."""

    line: str
    key: str
    value: str
    said: str

    @property
    def example(self) -> str:
        """Return the line as it would be right; nothing of a secret."""
        bare = self.value.strip(QUOTES + "\"' ").replace("\\", "/").replace('"', "'")
        return f': {self.key} = "{bare[:MAX_SHOWN]}"' if self.key and not SECRET.match(self.line) else ""


def _mend(line: str, said: str) -> str:
    """Return what to write instead, by the first of the usual mistakes that it is."""
    found = VALUE.match(line)
    mistake = Mistake(line, found["key"] if found else "", found["value"] if found else "", said)
    return next(mend(mistake) for is_it, mend in MENDS if is_it(mistake))


def _with_equals(mistake: Mistake) -> str:
    name, _, rest = mistake.line.partition(":")
    told = "…" if SECRET.match(name) else rest.strip(QUOTES + "\"' ")
    return f'Write “=” behind the name, and the text in straight quotes: {name.strip()} = "{told[:MAX_SHOWN]}".'


# What people write, and what to tell them, in the order of asking; the last is for all else.
MENDS: tuple[tuple[Callable[[Mistake], object], Callable[[Mistake], str]], ...] = (
    (
        lambda one: "overwrite" in one.said.casefold(),
        lambda one: f"{one.key} stands there twice: leave one of the two.",
    ),
    (lambda one: DATE.match(one.value), lambda _: "Write a date and time as 2016-11-23T14:00:00."),
    (lambda one: one.value[:1] in set(QUOTES), lambda one: f"Put the text in straight quotes{one.example}."),
    (lambda one: _is_open(one.line), lambda one: f"Put a straight quote at the end of the text too{one.example}."),
    (lambda one: "\\" in one.value, lambda one: f"Write / for each backslash{one.example}."),
    (lambda one: one.value.lower() in TRUTHS, lambda one: f"Write {one.key} = {TRUTHS[one.value.lower()]}."),
    (lambda one: re.match(r"[^\"'\[{]", one.value), lambda one: f"Put the text in straight quotes{one.example}."),
    (
        lambda one: one.key and not one.value,
        lambda one: f'Write something behind “=”, or take the line out: {one.key} = "…".',
    ),
    (lambda one: re.match(r"[\w.-]+\s*:", one.line), _with_equals),
    (
        lambda one: one.line.startswith("["),
        lambda _: "Write a heading as [[speakers]], with as many brackets behind it.",
    ),
    (lambda _: True, lambda _: 'Write it as name = "text", a line each, or begin it with # where it is a note.'),
)


def _is_open(line: str) -> bool:
    """Say whether a text in quotes on one line has no end."""
    found = VALUE.match(line)
    value = found["value"] if found else ""
    return value[:1] in {'"', "'"} and not value.startswith(('"""', "'''")) and value.count(value[0]) % 2 == 1
