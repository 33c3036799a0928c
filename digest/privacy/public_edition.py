"""What readers may see: an Edition or Event in, its public counterpart out. Nothing else makes one."""

import re
from typing import get_args

from digest.model.artifact import Span
from digest.model.digest import Digest, DigestChapter
from digest.model.edition import Edition
from digest.model.event import Event
from digest.model.media import WebCopy
from digest.model.overlay import PageSection
from digest.model.public import PublicEdition, PublicEvent, PublicSpeaker
from digest.model.speech import Speaker
from digest.privacy.audience import without_audience
from digest.privacy.contact_details import event_without_contacts, without_contacts
from digest.privacy.off_record import on_the_record, private_stretches
from digest.privacy.person import MASKED
from digest.privacy.roles import any_of, published_name, replace_names, speakers_for_readers, with_roles
from digest.privacy.trimmed import within_shown

SECTIONS = get_args(PageSection)


def public_event(event: Event) -> PublicEvent:
    """Return an Event as its page may show it: no addresses, numbers or ways into the meeting in what it says.

    Under the Chatham House rule speakers are their roles.
    """
    said = event_without_contacts(event)
    known = {name: getattr(said, name) for name in PublicEvent.model_fields}
    return PublicEvent.model_validate(known | {"speakers": speakers_for_readers(said)})


def public_edition(edition: Edition, *, muted: WebCopy | None = None, voiced: tuple[Span, ...] = ()) -> PublicEdition:
    """Return an Edition as readers may see it: names only where that is agreed, no transcript without sound.

    What was said off the record is in no text, nor are addresses and numbers of people, nor what lies outside the part
    that is published. Where there is such a remark, or such a part, the recording is `muted`, a copy that is silent
    there and holds nothing else, and without one there is none. `voiced` is the transcript's.
    """
    event, web = edition.event, muted if private_stretches(edition) or edition.trimmed else edition.web
    edition = without_contacts(without_audience(within_shown(on_the_record(edition))))
    text = with_roles(edition) if event.chatham_house else edition
    text = replace_names(text, dict.fromkeys(edition.masked, MASKED)) if edition.masked else text
    is_heard = event.publish_recording
    return PublicEdition(
        event=_without_names(public_event(event), edition.masked),
        digest=_public_digest(text.digest, edition),
        speakers=tuple(PublicSpeaker(id=s.id, name=_name_of(s, edition)) for s in edition.speakers),
        paragraphs=text.paragraphs if is_heard else (),
        slides=text.slides,
        slides_pdf=text.slides_pdf,
        original_deck=None if edition.masked else edition.original_deck,  # it shows what it always did, notes and all
        more_original_decks=() if edition.masked else edition.more_original_decks,
        intervals=edition.intervals,
        has_video=edition.has_video,
        web=web if is_heard else None,
        poster=edition.poster if is_heard else None,
        shown=edition.shown,
        language=edition.language,
        model=edition.model,
        words_by=edition.words_by,
        revision=edition.revision,
        unedited_share=edition.unedited_share,
        voiced=voiced if is_heard else (),
        sections=SECTIONS if edition.sections is None else edition.sections,
    )


def _without_names(event: PublicEvent, masked: tuple[str, ...]) -> PublicEvent:
    """Return the event without these names: somebody announced goes, in its texts MASKED stands for them."""
    names = re.compile(any_of(masked))
    texts = {name: names.sub(MASKED, getattr(event, name)) for name in ("title", "description")}
    return event.model_copy(update={**texts, "speakers": tuple(s for s in event.speakers if not names.search(s.name))})


def _name_of(speaker: Speaker, edition: Edition) -> str | None:
    """Return what readers call a voice."""
    name = published_name(speaker, edition.event)
    return speaker.role if name in edition.masked else name


def _public_digest(digest: Digest, edition: Edition) -> Digest:
    """Return the account without what is for editors, who asked where that is not agreed, and sections left out."""
    is_agreed = edition.event.name_audience and not edition.event.chatham_house
    asked = tuple(q if is_agreed else q.model_copy(update={"asked_by": None}) for q in digest.questions)
    shown = SECTIONS if edition.sections is None else edition.sections
    digest = digest.model_copy(update={"questions": asked, "left_out": (), "remarks": (), "doubts": ()})
    chapters = digest.chapters if "chapters" in shown else _titles_of(digest.chapters, edition)
    return digest.model_copy(
        update={"chapters": chapters, **{name: () for name in SECTIONS if name not in (*shown, "chapters")}}
    )


def _titles_of(chapters: tuple[DigestChapter, ...], edition: Edition) -> tuple[DigestChapter, ...]:
    """Return chapters without their account: they still divide a recording."""
    is_heard = edition.event.publish_recording
    return tuple(chapter.model_copy(update={"sentences": ()}) for chapter in chapters) if is_heard else ()
