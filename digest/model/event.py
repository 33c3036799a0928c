"""The webinar as an event: what its page says and what publishing must respect."""

from datetime import datetime, time, timedelta
from typing import ClassVar, Literal
from zoneinfo import ZoneInfo

from pydantic import AwareDatetime, Field

from digest.model.artifact import Artifact, Record

YEARS = range(1990, 2101)  # in which an event may lie: whatever can be saved can be shown, in any time zone


def end_of(starts_at: datetime, timezone: str, minutes: int | None) -> datetime:
    """Return when an event is over: after its minutes, or, where nobody said how long it is, with its day there."""
    if minutes is not None:
        return starts_at + timedelta(minutes=minutes)
    there = starts_at.astimezone(ZoneInfo(timezone))
    return datetime.combine(there.date() + timedelta(days=1), time(), there.tzinfo)


class Organiser(Record):
    """Who invites."""

    name: str
    url: str | None = None


class EventSpeaker(Record):
    """Who was announced to speak."""

    name: str
    role: str | None = None
    url: str | None = None


class AlsoOfInterest(Record):
    """A link at the foot of the event page."""

    title: str
    url: str | None = None
    when: str | None = None
    where: str | None = None
    text: str | None = None


class Event(Artifact):
    """The event, from event.toml or guessed. Never holds join_url or deck_password.

    `description` is Markdown of a small subset. `starts_at` carries the offset of `timezone` (IANA name).
    `guessed` names the fields that nobody wrote: title, starts_at, speakers.
    Links are http, https or mailto; anything else was left out with a remark. `minutes` is how long it is announced to
    be; `consent` is "asked" where nothing is approved before the speakers have answered. Where nobody said so the file
    does not name these, so that one written before it was asked keeps its hash.
    """

    FILE: ClassVar[str] = "event.json"

    slug: str
    title: str
    starts_at: AwareDatetime
    timezone: str
    minutes: int | None = Field(default=None, exclude_if=lambda minutes: minutes is None)
    language: str | None = None
    organisers: tuple[Organiser, ...] = ()
    speakers: tuple[EventSpeaker, ...] = ()
    description: str = ""
    tags: tuple[str, ...] = ()
    series: str | None = None
    registration_url: str | None = None
    licence: str | None = None
    also_of_interest: tuple[AlsoOfInterest, ...] = ()
    speakers_count: int | None = None
    name_audience: bool = False
    chatham_house: bool = False
    publish_recording: bool = True
    publish_original_deck: bool = False
    consent: Literal["asked"] | None = Field(default=None, exclude_if=lambda consent: consent is None)
    guessed: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
