"""What the slides say: Drop in, Deck out."""

from pathlib import Path

from digest import sandbox
from digest.intake import deck_password
from digest.model.deck import Deck
from digest.model.drop import Drop
from digest.sandbox import Limits
from digest.settings import SlidesSettings
from digest.slides.pdf import read_pdf
from digest.slides.pptx import read_pptx

VERSION = 2


def read(drop: Drop, settings: SlidesSettings, *, root: Path) -> Deck:
    """Return what every slide says, hidden ones too; an empty Deck where no deck was dropped.

    Raises UnusableDrop or LimitReached, in words, where the deck is damaged, protected or made to do harm.
    """
    files = drop.of_role("deck")
    if not files:
        return Deck()
    path = root / files[0].path
    limits = Limits(seconds=settings.seconds_limit, megabytes=settings.megabytes_limit, file_megabytes=16)
    if path.suffix == ".pdf":
        return sandbox.call(read_pdf, limits, path, settings.most_slides, deck_password(drop, root) or "")
    return sandbox.call(read_pptx, limits, path, settings.most_slides)
