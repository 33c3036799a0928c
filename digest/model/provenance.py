"""How each artifact was made, and which of them belong together: provenance.json and runs.jsonl."""

from typing import Any

from pydantic import AwareDatetime, RootModel

from digest.model.artifact import JournalLine, Record
from digest.model.speech import NumberType


class Recipe(Record):
    """All that decides what a stage makes.

    `inputs` maps the file name of each artifact that goes in to its SHA-256; `settings` are its other arguments.
    `number_type` is that of the processor where a model computes; None elsewhere, and in what 0.1.0 made.
    """

    version: int
    inputs: dict[str, str]
    settings: tuple[Any, ...]
    number_type: NumberType | None = None


class Made(Recipe):
    """How an artifact was made, and its SHA-256: it is current while all of that still fits.

    `host` is the machine that took so long; what 0.1.0 made names none.
    """

    sha256: str
    seconds: float
    peak_megabytes: int
    host: str | None = None


class Provenance(RootModel[dict[str, Made]]):
    """By the name of the stage."""


class FinishedRun(JournalLine):
    """A line of runs.jsonl: the SHA-256 of all artifacts of a draft, by file name. The last line is what people read.

    Each lies in its place, or in kept/ where a later run has put its own there. Lines of 0.1.0 do not say when.
    """

    artifacts: dict[str, str]
    at: AwareDatetime | None = None
