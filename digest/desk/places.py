"""Where the sentences of an account stand, and may be moved to: a Digest in, sections and their sentences out."""

from collections.abc import Iterator
from dataclasses import dataclass

from digest.editing import Draft
from digest.errors import NotAllowed
from digest.model.digest import Digest
from digest.model.overlay import SectionName

NAMES: dict[SectionName, str] = {
    "in_brief": "In brief",
    "key_points": "Key points",
    "quotes": "Quotes",
    "figures": "Figures",
    "left_open": "Left open",
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
    if here is None:
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
