"""What people could be written to, rung up or walked in upon with: an Edition or Event in, the same without it out."""

from collections.abc import Iterator, Sequence
from typing import Any

from digest.model.digest import Digest
from digest.model.edition import Edition, EditionSlide
from digest.model.event import Event
from digest.model.speech import Word
from digest.privacy.roles import replace_words
from digest.text.addresses import MASK, contacts, mask_contacts
from digest.text.links import is_entrance

OF_TEXT = ("title", "description", "tags", "series")  # what an announcement says, beside its links
NO_TEXT = {"id", "evidence", "url", "target", "speaker", "at"}  # fields that lead somewhere


def event_without_contacts(event: Event) -> Event:
    """Return an Event without them in what it says; a link into the meeting is no link of interest."""
    said = {name: _mask(getattr(event, name)) for name in OF_TEXT}
    also = tuple(
        one.model_copy(
            update={name: _mask(getattr(one, name)) for name in ("title", "when", "where", "text")}
            | ({"url": None} if is_entrance(one.url or "") else {})
        )
        for one in event.also_of_interest
    )
    return event.model_copy(update={**said, "also_of_interest": also})


def without_contacts(edition: Edition) -> Edition:
    """Return an Edition without them in account, transcript and the text of slides.

    Pictures of slides and the PDF stay as they are: `slides_with_contacts` says which an editor should look at.
    """
    digest = Digest.model_validate(_mask(edition.digest.model_dump(by_alias=True)))
    resources = tuple(one for one in digest.resources if not is_entrance(one.url))
    return edition.model_copy(
        update={
            "digest": digest.model_copy(update={"resources": resources}),
            "paragraphs": tuple(
                paragraph.model_copy(update={"words": tuple(_without(paragraph.words))})
                for paragraph in edition.paragraphs
            ),
            "slides": tuple(_slide(slide) for slide in edition.slides),
        }
    )


def slides_with_contacts(edition: Edition) -> tuple[int, ...]:
    """Return the numbers of the slides whose pictures show what is masked in their text."""
    return tuple(slide.number for slide in edition.slides if slide.image and _slide(slide) != slide)


def _slide(slide: EditionSlide) -> EditionSlide:
    links = tuple(
        link.model_copy(update={"text": mask_contacts(link.text)})
        for link in slide.links
        if not link.target.startswith("mailto:") and not is_entrance(link.target)
    )
    said = {name: _mask(getattr(slide, name)) for name in ("title", "tables", "alt_texts")}
    body = tuple(line.model_copy(update={"text": mask_contacts(line.text)}) for line in slide.body)
    return slide.model_copy(update={**said, "body": body, "links": links})


def _mask(value: Any) -> Any:
    """Return texts without them, in whatever they stand."""
    if isinstance(value, str):
        return mask_contacts(value)
    if isinstance(value, dict):
        return {key: inner if key in NO_TEXT else _mask(inner) for key, inner in value.items()}
    return tuple(map(_mask, value)) if isinstance(value, list | tuple) else value


def _without(words: Sequence[Word]) -> Iterator[Word]:
    text = " ".join(word.text for word in words)
    return replace_words(words, [(start, end, MASK) for start, end in contacts(text)])
