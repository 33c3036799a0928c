"""How each artifact was made: provenance.json."""

from typing import Any

from pydantic import RootModel

from digest.model.artifact import Record


class Recipe(Record):
    """All that decides what a stage makes.

    `inputs` maps the file name of each artifact that goes in to its SHA-256; `settings` are its other arguments.
    """

    version: int
    inputs: dict[str, str]
    settings: tuple[Any, ...]


class Made(Recipe):
    """How an artifact was made, and its SHA-256: it is current while all of that still fits."""

    sha256: str
    seconds: float
    peak_megabytes: int


class Provenance(RootModel[dict[str, Made]]):
    """By the name of the stage."""
