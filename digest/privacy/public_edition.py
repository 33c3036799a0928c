"""What readers may see: an Edition or Event in, its public counterpart out. Nothing else makes one."""

from collections.abc import Iterator, Sequence

from digest.model.artifact import Span
from digest.model.digest import Digest, Sentence
from digest.model.edition import Edition, Paragraph
from digest.model.event import Event
from digest.model.evidence import Heard
from digest.model.public import PublicEdition, PublicEvent, PublicSpeaker
from digest.privacy.roles import published_name, speakers_for_readers, with_roles


def public_event(event: Event) -> PublicEvent:
    """Return an Event as its page may show it: under the Chatham House rule speakers are their roles."""
    known = {name: getattr(event, name) for name in PublicEvent.model_fields}
    return PublicEvent.model_validate(known | {"speakers": speakers_for_readers(event)})


def public_edition(edition: Edition) -> PublicEdition:
    """Return an Edition as readers may see it: names only where that is agreed, no transcript without sound.

    What was said off the record is in no text. The recording itself still holds it, and the desk says so.
    """
    event, edition = edition.event, _on_the_record(edition)
    text = with_roles(edition) if event.chatham_house else edition
    is_heard = event.publish_recording
    return PublicEdition(
        event=public_event(event),
        digest=_public_digest(text.digest, event),
        speakers=tuple(PublicSpeaker(id=s.id, name=published_name(s, event)) for s in edition.speakers),
        paragraphs=text.paragraphs if is_heard else (),
        slides=text.slides,
        slides_pdf=text.slides_pdf,
        original_deck=edition.original_deck,
        intervals=edition.intervals,
        has_video=edition.has_video,
        web=edition.web if is_heard else None,
        poster=edition.poster if is_heard else None,
        shown=edition.shown,
        language=edition.language,
        model=edition.model,
        words_by=edition.words_by,
        revision=edition.revision,
        unedited_share=edition.unedited_share,
    )


def _public_digest(digest: Digest, event: Event) -> Digest:
    """Return the account without what is for editors, and without who asked where that is not agreed."""
    is_agreed = event.name_audience and not event.chatham_house
    asked = tuple(q if is_agreed else q.model_copy(update={"asked_by": None}) for q in digest.questions)
    return digest.model_copy(update={"questions": asked, "left_out": (), "remarks": (), "doubts": ()})


def _on_the_record(edition: Edition) -> Edition:
    """Return an Edition without the words, and the sentences resting on them, that were said off the record."""
    private = [
        doubt.place
        for doubt in edition.digest.doubts
        if doubt.kind == "off the record" and isinstance(doubt.place, Span)
    ]
    if not private:
        return edition

    def one(sentence: Sentence) -> Sentence | None:
        heard = [rests for rests in sentence.evidence if isinstance(rests, Heard)]
        return None if any(h.start < p.end and p.start < h.end for h in heard for p in private) else sentence

    return edition.model_copy(
        update={
            "digest": edition.digest.map_sentences(one),
            "paragraphs": tuple(_without(edition.paragraphs, private)),
        }
    )


def _without(paragraphs: Sequence[Paragraph], private: Sequence[Span]) -> Iterator[Paragraph]:
    """Yield the paragraphs without the words of some stretches; one of which no word is left goes."""
    for paragraph in paragraphs:
        words = tuple(
            word
            for word in paragraph.words
            if not any(stretch.start <= (word.start + word.end) / 2 < stretch.end for stretch in private)
        )
        if words == paragraph.words:
            yield paragraph
        elif words:
            yield paragraph.model_copy(update={"start": words[0].start, "end": words[-1].end, "words": words})
