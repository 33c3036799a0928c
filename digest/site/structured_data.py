"""What machines read on a webinar's pages: its event or its digest in, schema.org as JSON-LD out."""

from digest.model.announcement import Invitation
from digest.model.digest import DigestChapter
from digest.model.event import EventSpeaker, Organiser
from digest.model.public import Publication, PublicEvent
from digest.settings import Organisation
from digest.site.embedding import EMBED
from digest.text.scripts import join_sentences
from digest.theme.filters import duration, plain_text

SCHEMA = "https://schema.org"


def event_data(event: PublicEvent, invitation: Invitation | None, organisation: Organisation) -> dict[str, object]:
    """Return the event in schema.org's words; it takes place online, at the page where one registers."""
    page = organisation.address(f"{event.slug}/")
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


def digest_data(
    publication: Publication, files: dict[str, str | None], organisation: Organisation
) -> dict[str, object]:
    """Return a digest in schema.org's words: the recording with its chapters, or an article, of an event.

    `files` are absolute addresses: `recording` and `picture`, each None where there is none.
    """
    edition, page = publication.edition, str(organisation.address(f"{publication.edition.event.slug}/digest/"))
    event = event_data(edition.event, None, organisation)
    event.pop("@context")
    said: dict[str, object] = {
        "@context": SCHEMA,
        "@type": "VideoObject" if edition.has_video else "AudioObject",
        "name": edition.event.title,
        "description": join_sentences(sentence.text for sentence in edition.digest.in_brief) or edition.event.title,
        "url": page,
        "inLanguage": edition.language,
        "uploadDate": publication.published_at.isoformat(),
        "license": edition.event.licence or organisation.licence,
        "thumbnailUrl": files["picture"],
        "recordedAt": event,
    }
    if files["recording"]:
        said |= {
            "contentUrl": files["recording"],
            "embedUrl": f"{page}{EMBED}",
            "duration": duration(edition.page_time(edition.shown.end)),
            "hasPart": [_clip(one, publication, page) for one in edition.digest.chapters],
        }
    else:
        said |= {"@type": "Article", "headline": edition.event.title, "about": said.pop("recordedAt")}
        said |= {"datePublished": said.pop("uploadDate"), "image": said.pop("thumbnailUrl")}
    return {name: value for name, value in said.items() if value}


def _clip(chapter: DigestChapter, publication: Publication, page: str) -> dict[str, object]:
    start, end = (round(publication.edition.page_time(t), 2) for t in (chapter.start, chapter.end))
    return {
        "@type": "Clip",
        "name": chapter.title,
        "startOffset": start,
        "endOffset": end,
        "url": f"{page}?t={int(start)}",
    }


def _status(invitation: Invitation | None) -> str:
    if invitation and invitation.standing != "announced":
        return "EventCancelled"
    return "EventRescheduled" if invitation and invitation.moved_from else "EventScheduled"


def _entity(kind: str, one: Organiser | EventSpeaker) -> dict[str, str]:
    role = one.role if isinstance(one, EventSpeaker) else None
    said = {"@type": kind, "name": one.name, "jobTitle": role, "url": one.url}
    return {name: value for name, value in said.items() if value}
