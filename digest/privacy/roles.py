"""Roles in place of names: what readers call a voice, and every text in which somebody who spoke is named."""

import re
from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import accumulate
from typing import Any

from digest.model.digest import Digest
from digest.model.edition import Edition, EditionSlide
from digest.model.event import Event, EventSpeaker
from digest.model.speech import Speaker, Word, text_of
from digest.text.scripts import is_unspaced

MIN_NAME = 2  # letters; an initial is no name


def published_name(speaker: Speaker, event: Event) -> str | None:
    """Return what readers call a voice: who was not announced is audience, by role unless an editor gave the name."""
    roles = {announced.name: announced.role for announced in event.speakers}
    if event.chatham_house:
        return roles.get(speaker.name or "") or speaker.role
    is_agreed = event.name_audience or speaker.known_by == "editor" or speaker.name in roles
    return speaker.name if is_agreed and speaker.name else speaker.role


def speakers_for_readers(event: Event) -> tuple[EventSpeaker, ...]:
    """Return the announced speakers as readers may see them: under the Chatham House rule their roles alone."""
    if not event.chatham_house:
        return event.speakers
    return tuple(s.model_copy(update={"name": s.role, "role": None, "url": None}) for s in event.speakers if s.role)


def with_roles(edition: Edition) -> Edition:
    """Return an Edition with roles in place of the names of who spoke, in full or any part of them."""
    roles = dict[str, str]()
    known = [(speaker.name or "", speaker.role) for speaker in edition.speakers]
    announced = [(speaker.name, speaker.role) for speaker in edition.event.speakers]
    for name, role in (*known, *announced):  # announced roles say more than "Questioner 1"
        roles |= dict.fromkeys((name, *_parts_of(name)), f"[{role or 'a speaker'}]")
    slides = tuple(
        slide.model_copy(update={"deck": None}) for slide in edition.slides
    )  # it may be named after somebody
    return replace_names(edition.model_copy(update={"slides": slides}), roles)


def _parts_of(name: str) -> Iterator[str]:
    """Yield what else somebody is called: by a part of the name, or by all of it without the space that was typed."""
    yield from (part for part in name.split() if (part[0].isupper() or is_unspaced(part)) and len(part) >= MIN_NAME)
    if is_unspaced(name):
        yield "".join(name.split())


def replace_names(edition: Edition, roles: Mapping[str, str]) -> Edition:
    """Return an Edition with other words in place of names wherever they are written.

    A slide that names one is set as text, and then there is no PDF of the slides: pictures cannot be reworded.
    """
    names = re.compile(any_of([name for name in roles if name]))

    def without(value: Any) -> Any:
        if isinstance(value, str):
            return names.sub(lambda found: roles[found[0]], value)
        if isinstance(value, dict):
            return {key: without(inner) for key, inner in value.items()}
        return [without(inner) for inner in value] if isinstance(value, list | tuple) else value

    slides, named = list[EditionSlide](), False
    for slide in edition.slides:
        reworded = EditionSlide.model_validate(without(slide.model_dump()))
        is_named = reworded.model_copy(update={"deck": slide.deck}) != slide  # what its deck is called is not on it
        named |= is_named
        slides.append(
            reworded.model_copy(update={"image": None, "thumbnail": None, "parts": ()}) if is_named else reworded
        )
    paragraphs = tuple(
        paragraph.model_copy(
            update={
                "words": tuple(
                    replace_words(
                        paragraph.words,
                        [(found.start(), found.end(), roles[found[0]]) for found in names.finditer(paragraph.text)],
                    )
                )
            }
        )
        for paragraph in edition.paragraphs
    )
    return edition.model_copy(
        update={
            "paragraphs": paragraphs,
            "digest": Digest.model_validate(without(edition.digest.model_dump(by_alias=True))),
            "slides": tuple(slides),
            "slides_pdf": None if named else edition.slides_pdf,
        }
    )


def replace_words(words: Sequence[Word], places: Iterable[tuple[int, int, str]]) -> Iterator[Word]:
    """Yield the words, those of each place as one with another text instead, in the time of all of them.

    A place is its first and last letter, and that text, in the text of the words; places are in order.
    """
    text = text_of(words)
    unseen = sum(word.spaced for word in words[:1])  # the space before the first word
    ends = [end - unseen for end in accumulate(len(word.text) + word.spaced for word in words)]
    at = 0
    for start, end, instead in places:
        first, last = bisect_right(ends, start), bisect_right(ends, end - 1)
        if first < at:  # two in one word: the first speaks for both
            continue
        yield from words[at:first]
        before, after = text[ends[first] - len(words[first].text) : start], text[end : ends[last]]
        yield words[first].model_copy(update={"text": f"{before}{instead}{after}", "end": words[last].end})
        at = last + 1
    yield from words[at:]


def any_of(names: Collection[str]) -> str:
    """Return a pattern that finds any of these names as whole words, if their script parts them; the longest first."""
    longest_first = sorted(names, key=len, reverse=True)
    spaced = "|".join(re.escape(name) for name in longest_first if not is_unspaced(name))
    found = [*([rf"\b(?:{spaced})\b"] if spaced else []), *(re.escape(n) for n in longest_first if is_unspaced(n))]
    return f"(?:{'|'.join(found)})" if found else r"(?!)"
