"""Several presentations as one: what each says in, a Deck whose numbers run on out."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import PurePath

from digest.errors import UnusableDrop
from digest.model.deck import Deck, Presentation, Slide
from digest.model.drop import DroppedFile

LONGER = re.compile(r"[^\W\d_]{4,}")
FEW_WORDS = 10  # fewer do not tell whether two presentations are one
ONE_DECK = 0.5  # of the words of the one with fewer: as many are in a PDF of a deck, or in another version of it
MAX_NAME = 80  # letters of a title that a presentation is called by
PAPER = "its pages stand upright, as those of a paper do. If it was shown, drop it as the only one."


@dataclass(frozen=True)
class ReadDeck:
    """A presentation, what its slides say, and the organiser's PDF of it."""

    file: DroppedFile
    deck: Deck
    pictures: DroppedFile | None = None


def refuse_versions(found: Sequence[ReadDeck]) -> None:
    """Raise UnusableDrop where two presentations say the same: which was shown, staff know."""
    for one, other in combinations(found, 2):
        share = _share_of_words(one.deck, other.deck)
        if share is not None and share >= ONE_DECK:
            raise UnusableDrop(
                f"The presentations “{one.file.name}” and “{other.file.name}” hold the same slides.",
                file=other.file.name,
                remedy="Leave the one that was shown. If one is a PDF of the other, give both the same name.",
            )


def are_apart(one: Deck, other: Deck) -> bool:
    """Return whether two presentations surely say other things."""
    share = _share_of_words(one, other)
    return share is not None and share < ONE_DECK


def _share_of_words(one: Deck, other: Deck) -> float | None:
    """Return which share of the words of the deck with fewer stands in the other one too; None where it has too few."""
    fewer, more = sorted((_words(one), _words(other)), key=len)
    return len(fewer & more) / len(fewer) if len(fewer) >= FEW_WORDS else None


def _words(deck: Deck) -> set[str]:
    """Return the longer words of a deck's slides: the shorter ones are in every deck."""
    texts = (text for slide in deck.slides for text in (slide.title or "", *(line.text for line in slide.body)))
    return {word for text in texts for word in LONGER.findall(text.casefold())}


def join_decks(found: Sequence[ReadDeck], papers: Sequence[DroppedFile]) -> Deck:
    """Return the slides of several presentations as one deck; each says which one it comes from."""
    slides, remarks = list[Slide](), [f"{file.name} is not among the slides: {PAPER}" for file in papers]
    names: Sequence[str | None] = _names(found) if len(found) > 1 else [None]
    for one, name in zip(found, names, strict=True):
        first = len(slides)
        slides += (slide.model_copy(update={"number": first + slide.number, "deck": name}) for slide in one.deck.slides)
        remarks += (f"{one.file.name}: {remark}" for remark in one.deck.remarks)
    return Deck(
        slides=tuple(slides),
        presentations=tuple(
            Presentation(
                path=one.file.path,
                name=one.file.name,
                slides=len(one.deck.slides),
                pictures=one.pictures.path if one.pictures else None,
            )
            for one in found
        ),
        remarks=tuple(remarks),
    )


def _names(found: Sequence[ReadDeck]) -> list[str]:
    """Return what each presentation is called: by its first slide, or by its file where that tells nothing apart."""
    titles = [next((slide.title for slide in one.deck.visible()[:1]), None) or "" for one in found]
    if all(0 < len(title) <= MAX_NAME for title in titles) and len(set(titles)) == len(titles):
        return titles
    return [PurePath(one.file.name).stem for one in found]
