"""What people could be written to, rung up or walked in upon with: an Edition or Event in, the same without it out."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from typing import Any

from digest.model.digest import Digest
from digest.model.edition import Edition, EditionSlide
from digest.model.event import Event
from digest.model.speech import Word, text_of
from digest.privacy.roles import any_of, replace_words
from digest.text.addresses import MASK, contacts, mask_contacts
from digest.text.cleaning import clean_line
from digest.text.links import is_entrance

OF_TEXT = ("title", "description", "tags", "series")  # what an announcement says, beside its links
NO_TEXT = {"id", "evidence", "url", "target", "speaker", "at"}  # fields that lead somewhere


def event_without_contacts(event: Event) -> Event:
    """Return an Event without them in what it says; what leads into a meeting is no link, also where one registers."""
    said = {name: _mask(getattr(event, name)) for name in OF_TEXT}
    also = tuple(
        one.model_copy(
            update={name: _mask(getattr(one, name)) for name in ("title", "when", "where", "text")}
            | {"url": _page(one.url)}
        )
        for one in event.also_of_interest
    )
    linked = {
        "speakers": tuple(one.model_copy(update={"url": _page(one.url)}) for one in event.speakers),
        "organisers": tuple(one.model_copy(update={"url": _page(one.url)}) for one in event.organisers),
        "registration_url": _page(event.registration_url),
    }
    return event.model_copy(update={**said, **linked, "also_of_interest": also})


def _page(url: str | None) -> str | None:
    """Return an address unless it leads into a meeting."""
    return None if url and is_entrance(url) else url


def without_contacts(edition: Edition) -> Edition:
    """Return an Edition without them in account, transcript and the text of slides.

    Pictures of slides and the PDF show them nevertheless (`shown_on_slides`), unless an editor keeps what they show
    from readers: then that slide is set as text, and there is no PDF.
    """
    digest = Digest.model_validate(_mask(edition.digest.model_dump(by_alias=True)))
    resources = tuple(one for one in digest.resources if not is_entrance(one.url))
    shown = _shown_contacts(edition) if edition.masked else {}
    kept_back = {number for name in edition.masked for number in shown.get(name, ())}
    return edition.model_copy(
        update={
            "digest": digest.model_copy(update={"resources": resources}),
            "paragraphs": tuple(
                paragraph.model_copy(update={"words": tuple(_without(paragraph.words))})
                for paragraph in edition.paragraphs
            ),
            "slides": tuple(_slide(slide, has_pictures=slide.number not in kept_back) for slide in edition.slides),
            "slides_pdf": None if kept_back else edition.slides_pdf,
        }
    )


def shown_on_slides(edition: Edition, names: Collection[str]) -> dict[str, tuple[int, ...]]:
    """Return what slides show although readers are not to get it, each with the numbers of these slides.

    That is what is masked in their text and stands in their pictures, and `names`, which stand in both.
    """
    called, found = re.compile(any_of(names)), defaultdict[str, list[int]](list)
    for slide in edition.slides:
        for name in {name for text in _texts(slide) for name in called.findall(text)}:
            found[name].append(slide.number)
    shown = _shown_contacts(edition) | {name: tuple(numbers) for name, numbers in found.items()}
    return {one: shown[one] for one in sorted(shown, key=lambda one: (shown[one], one)) if one not in edition.masked}


def _shown_contacts(edition: Edition) -> dict[str, tuple[int, ...]]:
    found = defaultdict[str, list[int]](list)
    for slide in edition.slides:
        texts = _texts(slide) if slide.image else ()
        for one in {clean_line(text[start:end]) for text in texts for start, end in contacts(text)}:
            found[one].append(slide.number)
    return {one: tuple(numbers) for one, numbers in found.items()}


def _texts(slide: EditionSlide) -> tuple[str, ...]:
    """Return what can be read on a slide."""
    cells = (cell for table in slide.tables for row in table for cell in row)
    body, links = (line.text for line in slide.body), (link.text for link in slide.links)
    return (slide.title or "", *body, *cells, *slide.alt_texts, *links)


def _slide(slide: EditionSlide, *, has_pictures: bool) -> EditionSlide:
    links = tuple(
        link.model_copy(update={"text": mask_contacts(link.text)})
        for link in slide.links
        if not link.target.startswith("mailto:") and not is_entrance(link.target)
    )
    said = {name: _mask(getattr(slide, name)) for name in ("title", "tables", "alt_texts", "deck")}
    body = tuple(line.model_copy(update={"text": mask_contacts(line.text)}) for line in slide.body)
    pictures = {} if has_pictures else {"image": None, "thumbnail": None, "parts": ()}
    return slide.model_copy(update={**said, "body": body, "links": links, **pictures})


def _mask(value: Any) -> Any:
    """Return texts without them, in whatever they stand."""
    if isinstance(value, str):
        return mask_contacts(value)
    if isinstance(value, dict):
        return {key: inner if key in NO_TEXT else _mask(inner) for key, inner in value.items()}
    return tuple(map(_mask, value)) if isinstance(value, list | tuple) else value


def _without(words: Sequence[Word]) -> Iterator[Word]:
    text = text_of(words)
    return replace_words(words, [(start, end, MASK) for start, end in contacts(text)])
