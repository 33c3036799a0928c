"""What each of several presentations is used as, and in which order: their names in, roles out."""

import re
from collections.abc import Sequence
from pathlib import PurePath

from digest.errors import UnusableDrop
from digest.model.drop import Role

MAX_DECKS = 30  # more are a library, not a panel
MIN_NAME = 3  # letters of a family name that is looked for in the name of a file


def arrange(names: Sequence[str], speakers: Sequence[str]) -> dict[str, Role]:
    """Return what each presentation is used as, in the order of use.

    A PDF is the pictures of the deck of its name, or of the only other one; any other is a deck of its own, as each
    speaker of a panel has one. They come as their names count, else as `speakers` are announced, else by name.
    Raises UnusableDrop where there are too many.
    """
    pdfs = [name for name in names if _ending(name) == ".pdf"]
    others = [name for name in names if _ending(name) != ".pdf"]
    if len(pdfs) == len(others) == 1:
        return {others[0]: "deck", pdfs[0]: "pictures"}
    stems = {_stem(name) for name in others}
    pictures = [name for name in pdfs if _stem(name) in stems]
    decks = [name for name in names if name not in pictures]
    if len(decks) > MAX_DECKS:
        raise UnusableDrop(
            f"There are more than {MAX_DECKS} presentations.", remedy="Leave those that were shown, and drop it again."
        )
    roles: dict[str, Role] = dict.fromkeys(order_decks(decks, speakers), "deck")
    return roles | dict.fromkeys(pictures, "pictures")


def order_decks(names: Sequence[str], speakers: Sequence[str] = ()) -> list[str]:
    """Return presentations in the order of use: as their names count, as speakers are announced, else by name."""
    by_name = sorted(names, key=_sort_key)
    if all(re.match(r"\d", name) for name in names):
        return by_name
    places = {name: _speaker_in(name, speakers) for name in names}
    known = [place for place in places.values() if place is not None]
    return sorted(by_name, key=lambda name: places[name] or 0) if len(known) == len(names) else by_name


def _sort_key(name: str) -> list[tuple[int, str]]:
    """Return what names are sorted by: their numbers as numbers, 2 before 10."""
    parts = re.findall(r"\d+|\D+", name.casefold())
    return [(int(part), "") if part.isdecimal() else (-1, part) for part in parts]


def _speaker_in(name: str, speakers: Sequence[str]) -> int | None:
    """Return which speaker a file is named after, by the family name; None where it is named after nobody."""
    words = re.findall(r"[^\W\d_]+", _stem(name))
    families = (speaker.casefold().split()[-1:] for speaker in speakers)
    named = (at for at, family in enumerate(families) if family and len(family[0]) >= MIN_NAME and family[0] in words)
    return next(named, None)


def _stem(name: str) -> str:
    return PurePath(name.casefold().strip()).stem.strip()


def _ending(name: str) -> str:
    return PurePath(name.casefold().strip()).suffix
