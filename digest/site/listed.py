"""A webinar as the lists and feeds of the site have it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from digest.model.public import PublicEvent

State = Literal["announced", "cancelled", "withdrawn", "published", "retracted"]


@dataclass(frozen=True)
class Listed:
    """A webinar of the lists: its event, how it stands, its card, what was spoken, and its entry in each feed."""

    event: PublicEvent
    state: State
    is_to_come: bool
    card: str
    language: str | None = None
    published_at: datetime | None = None
    entries: Mapping[str, str] = field(default_factory=dict)
