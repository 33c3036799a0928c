"""How each artifact was made: provenance.json."""

from typing import Any

from pydantic import RootModel

from digest.model.artifact import Record


class Made(Record):
    """What a stage's artifact was made from; it is current while `key` (of all of it) and `sha256` still fit.

    `inputs` maps the file name of each artifact that went in to its SHA-256.
    """

    version: int
    key: str
    sha256: str
    inputs: dict[str, str]
    settings: tuple[Any, ...]
    seconds: float
    peak_megabytes: int


class Provenance(RootModel[dict[str, Made]]):
    """By the name of the stage."""
