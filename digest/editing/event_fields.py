"""The event as editors confirmed or corrected it: an Event and revisions in, the Event out."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from digest.model.event import YEARS, AlsoOfInterest, Event, EventSpeaker, Organiser
from digest.model.overlay import Confirm, EventField, Revision


def revise_event(event: Event, revisions: Sequence[Revision]) -> Event:
    """Return the event with the fields that editors confirmed or corrected, which are guesses no more."""
    values = {r.change.field: r.change.value for r in revisions if isinstance(r.change, Confirm)}
    update: dict[str, Any] = {"guessed": tuple(field for field in event.guessed if field not in values)}
    for field, value in values.items():
        update |= _parse(field, value, event)
    return event.model_copy(update=update)


def field_text(event: Event, field: EventField) -> str:
    """Return a field as an editor writes it."""
    value = getattr(event, field)
    match field:
        case "starts_at":
            return f"{event.starts_at.isoformat()}[{event.timezone}]"
        case "speakers":
            return "\n".join(", ".join(filter(None, (one.name, one.role))) for one in event.speakers)
        case "organisers":
            return "\n".join(" | ".join(filter(None, (one.name, one.url))) for one in event.organisers)
        case "also_of_interest":
            return "\n".join(" | ".join(filter(None, (one.title, one.url))) for one in event.also_of_interest)
        case "tags":
            return ", ".join(event.tags)
        case _:
            return str(value or "")


def _parse(field: EventField, value: str, event: Event) -> dict[str, Any]:
    """Return the fields that a value gives: `starts_at` gives the time zone too."""
    if field == "starts_at":
        start = parse_start(value)
        return {"starts_at": start[0], "timezone": start[1]} if start else {}
    lines = [line.strip() for line in value.splitlines() if line.strip()]
    found: dict[str, object] = {
        "title": value,
        "description": value,
        "speakers": tuple(_speaker(line, event) for line in lines),
        "organisers": tuple(Organiser(name=name, url=url) for name, url in map(split_address, lines)),
        "also_of_interest": tuple(_link(*split_address(line), event) for line in lines),
        "tags": tuple(tag.strip() for tag in value.split(",") if tag.strip()),
    }
    return {field: found.get(field, value or None)}


def parse_start(value: str) -> tuple[datetime, str] | None:
    """Return when an event starts and the name of its zone, or None for what is no time between 1990 and 2100.

    `value` is as RFC 9557 writes it: 2016-11-23T14:00:00+01:00[Europe/Zurich]. The offset is the zone's.
    """
    written, _, zone = value.removesuffix("]").partition("[")
    try:
        at = datetime.fromisoformat(written).replace(tzinfo=ZoneInfo(zone))
        return (at, zone) if at.year in YEARS and at.utcoffset() is not None else None
    except (ValueError, OverflowError, ZoneInfoNotFoundError, OSError):
        return None


def split_address(line: str) -> tuple[str, str | None]:
    """Return name and address of a line "Name | address"; None where there is no address."""
    name, _, url = (part.strip() for part in line.partition("|"))
    return name, url or None


def _speaker(line: str, event: Event) -> EventSpeaker:
    """Return the speaker of a line "Name, role", with the link that event.toml had for the name."""
    name, _, role = (part.strip() for part in line.partition(","))
    known = next((speaker for speaker in event.speakers if speaker.name == name), None)
    return EventSpeaker(name=name, role=role or None, url=known.url if known else None)


def _link(title: str, url: str | None, event: Event) -> AlsoOfInterest:
    """Return a link of this title, with what event.toml says else of one of that title."""
    known = next((one for one in event.also_of_interest if one.title == title), AlsoOfInterest(title=title))
    return known.model_copy(update={"url": url})
