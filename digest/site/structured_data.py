"""What machines read on the event page: a PublicEvent and its Invitation in, a schema.org Event as JSON-LD out."""

from digest.model.announcement import Invitation
from digest.model.event import EventSpeaker, Organiser
from digest.model.public import PublicEvent
from digest.settings import Organisation
from digest.theme.filters import plain_text

SCHEMA = "https://schema.org"


def event_data(event: PublicEvent, invitation: Invitation | None, organisation: Organisation) -> dict[str, object]:
    """Return the event in schema.org's words; it takes place online, at the page where one registers."""
    page = f"{organisation.base_url.rstrip('/')}/{event.slug}/" if organisation.base_url else None
    where = event.registration_url or page
    said: dict[str, object] = {
        "@context": SCHEMA,
        "@type": "Event",
        "name": event.title,
        "description": plain_text(event.description),
        "startDate": event.starts_at.isoformat(),
        "duration": f"PT{event.minutes}M" if event.minutes else None,
        "eventStatus": f"{SCHEMA}/{_status(invitation)}",
        "previousStartDate": invitation.moved_from.isoformat() if invitation and invitation.moved_from else None,
        "eventAttendanceMode": f"{SCHEMA}/OnlineEventAttendanceMode",
        "location": {"@type": "VirtualLocation", "url": where} if where else {"@type": "VirtualLocation"},
        "url": page,
        "inLanguage": event.language,
        "keywords": ", ".join(event.tags),
        "organizer": [_entity("Organization", one) for one in event.organisers],
        "performer": [_entity("Person", one) for one in event.speakers],
    }
    return {name: value for name, value in said.items() if value}


def _status(invitation: Invitation | None) -> str:
    if invitation and invitation.standing != "announced":
        return "EventCancelled"
    return "EventRescheduled" if invitation and invitation.moved_from else "EventScheduled"


def _entity(kind: str, one: Organiser | EventSpeaker) -> dict[str, str]:
    role = one.role if isinstance(one, EventSpeaker) else None
    said = {"@type": kind, "name": one.name, "jobTitle": role, "url": one.url}
    return {name: value for name, value in said.items() if value}
