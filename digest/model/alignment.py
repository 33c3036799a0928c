"""Which slide was on screen when."""

from typing import ClassVar, Literal

from pydantic import Field

from digest.model.artifact import Artifact, Record


class Interval(Record):
    """A slide interval, half-open, in seconds; `slide` is None where none was shown or nobody knows."""

    start: float
    end: float
    slide: int | None
    confidence: float
    known_by: Literal["event", "picture", "speech", "editor", "none"]


class Alignment(Artifact):
    """Slide intervals in order, covering 0 to the recording's duration without gap or overlap; remarks for staff."""

    FILE: ClassVar[str] = "alignment.json"

    intervals: tuple[Interval, ...]
    remarks: tuple[str, ...] = Field(default=(), exclude_if=lambda remarks: not remarks)
