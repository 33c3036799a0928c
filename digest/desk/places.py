"""Where sections and their sentences stand, and may be moved to: a Digest in, sections and their sentences out."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import get_args

from digest.editing import Draft
from digest.errors import NotAllowed
from digest.model.digest import Digest
from digest.model.overlay import PageSection, SectionName

NAMES: dict[SectionName, str] = {
    "in_brief": "In brief",
    "key_points": "Key points",
    "quotes": "Quotes",
    "figures": "Figures",
    "left_open": "Left open",
}

TITLES: dict[PageSection, str] = {
    "in_brief": "In brief",
    "key_points": "Key points",
    "chapters": "Discussion",
    "questions": "Questions",
    "polls": "Polls",
    "quotes": "Quotes",
    "figures": "Figures",
    "left_open": "Left open",
    "terms": "Terms",
    "resources": "Resources",
}


@dataclass(frozen=True)
class Place:
    """A section that a sentence may stand in: `value` is what a form sends, `chapter` a second of that chapter."""

    value: str
    title: str
    section: SectionName
    chapter: float | None
    sentences: tuple[str, ...]


def places(digest: Digest) -> tuple[Place, ...]:
    """Return every section to which a sentence can be moved, in the order of the page."""
    return tuple(_places(digest))


def shown_sections(draft: Draft) -> tuple[PageSection, ...]:
    """Return the sections that readers get, in their order."""
    chosen = draft.edition.sections
    return get_args(PageSection) if chosen is None else chosen


def arrange(draft: Draft, how: str, section: str) -> tuple[str, ...]:
    """Return the sections as they stand when one goes "up", "down" or "out", or comes back "in" at its usual place."""
    now: list[str] = list(shown_sections(draft))
    if how == "in":
        usual = get_args(PageSection)
        before = [usual.index(one) for one in now if section in usual and usual.index(one) < usual.index(section)]
        at = now.index(usual[max(before)]) + 1 if before else 0
        return (*now[:at], section, *now[at:])
    if section not in now or how not in ("up", "down", "out"):
        raise NotAllowed("There is no such section.", remedy="Load the page again.")
    at = now.index(section)
    now.remove(section)
    if how != "out":
        now.insert(max(0, at - 1 if how == "up" else at + 1), section)
    return tuple(now)


def placing(draft: Draft, sentence: str, how: str, section: str) -> tuple[SectionName, float | None, str | None]:
    """Return the section, the second of its chapter and the sentence after which one goes: "up", "down" or "there".

    Raises NotAllowed where it cannot go.
    """
    known = places(draft.edition.digest)
    if how == "there":
        target = next((one for one in known if one.value == section), None)
        if target is None:
            raise NotAllowed("There is no such section.", remedy="Choose one of the list.")
        return target.section, target.chapter, target.sentences[-1] if target.sentences else None
    here = next((one for one in known if sentence in one.sentences), None)
    if here is None or how not in ("up", "down"):
        raise NotAllowed("This sentence cannot be moved by itself.", remedy="Move the question it belongs to.")
    at = here.sentences.index(sentence)
    others = [one for one in here.sentences if one != sentence]
    before = at - 2 if how == "up" else at
    if (how == "up" and at == 0) or (how == "down" and at == len(others)):
        raise NotAllowed("It stands at the end of its section.", remedy="Choose another section.")
    return here.section, here.chapter, others[before] if before >= 0 else None


def _places(digest: Digest) -> Iterator[Place]:
    for section, title in NAMES.items():
        yield Place(section, title, section, None, tuple(one.id for one in getattr(digest, section)))
        if section == "key_points":
            for chapter in digest.chapters:
                ids = tuple(one.id for one in chapter.sentences)
                yield Place(f"chapter {chapter.start}", f"Discussion: {chapter.title}", "chapters", chapter.start, ids)
