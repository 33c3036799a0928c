"""The event as calendars take it: a PublicEvent and its Invitation in, RFC 5545 out."""

from datetime import UTC, timedelta

import icalendar

from digest import __version__
from digest.model.announcement import Invitation
from digest.model.public import PublicEvent
from digest.settings import Organisation
from digest.theme.filters import plain_text

STATUS = {"announced": "CONFIRMED", "cancelled": "CANCELLED", "withdrawn": "CANCELLED"}


def render(event: PublicEvent, invitation: Invitation, organisation: Organisation) -> bytes:
    """Return event.ics: its UID stays whatever is decided, its SEQUENCE counts what was; times are UTC.

    Of an event that was withdrawn it says that it is off and nothing else.
    """
    entry = icalendar.Event()
    entry.add("uid", invitation.uid)
    entry.add("dtstamp", invitation.decided_at.astimezone(UTC))
    entry.add("sequence", invitation.number)
    entry.add("status", STATUS[invitation.standing])
    entry.add("dtstart", event.starts_at.astimezone(UTC))
    if event.minutes:
        entry.add("duration", timedelta(minutes=event.minutes))
    if invitation.standing != "withdrawn":
        _describe(entry, event, organisation)
    made = icalendar.Calendar()
    made.add("prodid", f"-//webinar-digest//{__version__}//EN")
    made.add("version", "2.0")
    made.add("method", "PUBLISH")
    made.add_component(entry)
    return bytes(made.to_ical())


def _describe(entry: icalendar.Event, event: PublicEvent, organisation: Organisation) -> None:
    page = organisation.address(f"{event.slug}/")
    entry.add("summary", event.title)
    entry.add("location", "online")
    said = (plain_text(event.description), event.registration_url, page)
    if text := "\n\n".join(filter(None, said)):
        entry.add("description", text)
    if address := page or event.registration_url:
        entry.add("url", address)
    if event.tags:
        entry.add("categories", list(event.tags))
