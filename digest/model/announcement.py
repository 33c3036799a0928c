"""An event as it was announced, and what is said of that beside the event itself."""

from typing import ClassVar, Literal

from pydantic import AwareDatetime

from digest.model.artifact import Artifact, Record
from digest.model.event import Event

Standing = Literal["announced", "cancelled", "withdrawn"]


class Announcement(Artifact):
    """An event as somebody decided to announce it, kept as it was under its hash.

    `join_url` is for the mail to those who registered and for nothing else. `event_file` is the SHA-256 of the
    event.toml that is kept beside it; `folder` is where that lay, None where it was written at the desk.
    """

    FILE: ClassVar[str] = "announcement.json"

    event: Event
    join_url: str | None = None
    event_file: str
    folder: str | None = None


class Invitation(Record):
    """What page and calendar say of an announcement: how it stands, since when, and from when it was moved.

    `number` counts what was decided about it, from 0; `uid` names the event in calendars, whatever becomes of it.
    """

    standing: Standing
    uid: str
    number: int
    decided_at: AwareDatetime
    moved_from: AwareDatetime | None = None
