"""The chapters of a webinar."""

from typing import ClassVar

from digest.model.artifact import Artifact, Record


class Chapter(Record):
    """A titled stretch, half-open, in seconds."""

    start: float
    end: float
    title: str


class Outline(Artifact):
    """Chapters in order, covering the whole recording."""

    FILE: ClassVar[str] = "outline.json"

    chapters: tuple[Chapter, ...]
