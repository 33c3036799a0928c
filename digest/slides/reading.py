"""What the slides say: Drop in, Deck out."""

import tempfile
from pathlib import Path

from digest import sandbox
from digest.intake import deck_password
from digest.model.deck import Deck
from digest.model.drop import Drop
from digest.sandbox import Limits
from digest.settings import SlidesSettings
from digest.slides.opening import as_pptx
from digest.slides.pdf import read_pdf
from digest.slides.pptx import read_pptx

VERSION = 2


def read(drop: Drop, settings: SlidesSettings, *, root: Path) -> Deck:
    """Return what every slide says, hidden ones too; an empty Deck where no deck was dropped.

    Raises UnusableDrop or LimitReached, in words, where the deck is damaged, protected or made to do harm, and
    MissingTool where it takes LibreOffice to open it.
    """
    files = drop.of_role("deck")
    if not files:
        return Deck()
    path, password = root / files[0].path, deck_password(drop, root) or ""
    limits = Limits(seconds=settings.seconds_limit, megabytes=settings.megabytes_limit, file_megabytes=16)
    if path.suffix == ".pdf":
        return sandbox.call(read_pdf, limits, path, settings.most_slides, password)
    with tempfile.TemporaryDirectory(prefix="digest-") as folder:
        pptx = as_pptx(path, settings, password, Path(folder))
        return sandbox.call(read_pptx, limits, pptx, settings.most_slides)
