"""What the slides say: Drop in, Deck out."""

import logging
from dataclasses import replace
from pathlib import Path

from digest import sandbox
from digest.errors import VERDICTS, naming
from digest.intake import deck_password
from digest.model.deck import Deck, Slide
from digest.model.drop import Drop
from digest.sandbox import Limits
from digest.settings import SlidesSettings
from digest.slides.ocr import FEW_LETTERS, Unread, read_pictures, slides_with_pictures
from digest.slides.opening import as_pptx
from digest.slides.pdf import is_unread, read_pdf
from digest.slides.pdf_text import read_pdf_text
from digest.slides.pptx import read_pptx
from digest.temporary import temporary_folder

log = logging.getLogger(__name__)

VERSION = 4

PDFIUM_SECONDS = 60.0  # of processor time: some hundred pages a second are usual; made to do harm, it never ends
PLAINER = (
    "The better of two readers gave this PDF up, and lines may stand in the wrong order: look at the slides' text."
)


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
    with naming(files[0].name):
        return (
            _pdf(path, settings, password, limits) if path.suffix == ".pdf" else _pptx(path, settings, password, limits)
        )


def _pptx(path: Path, settings: SlidesSettings, password: str, limits: Limits) -> Deck:
    with temporary_folder() as folder:
        pptx = as_pptx(path, settings, password, folder)
        deck = sandbox.call(read_pptx, limits, pptx, settings.most_slides)
        silent = [slide.number for slide in deck.slides if _says_little(slide)]
        pictured = sandbox.call(slides_with_pictures, limits, pptx, silent) if silent else []
        log.debug(
            "python-pptx read %d slides: %d say little, %d of them have pictures",
            len(deck.slides),
            len(silent),
            len(pictured),
        )
        return read_pictures(deck, pptx, [Unread(number=number) for number in pictured], settings, "")


def _says_little(slide: Slide) -> bool:
    """Say whether a slide of a pptx has so few words that its pictures may say more."""
    return not slide.tables and sum(len(line.text) for line in slide.body) < FEW_LETTERS


def _pdf(path: Path, settings: SlidesSettings, password: str, limits: Limits) -> Deck:
    quick = replace(limits, seconds=min(limits.seconds, PDFIUM_SECONDS))
    try:
        seen = sandbox.call(read_pdf_text, quick, path, settings.most_slides + 1, password)
    except VERDICTS as error:
        log.debug("PDFium reads no text: %s", error.what)
        seen = None
    # Where PDFium gave up pypdf has the word, and says what is wrong with the file.
    deck = sandbox.call(read_pdf, limits, path, settings.most_slides, password, seen or [])
    if seen is None:
        deck = deck.model_copy(update={"remarks": (*deck.remarks, PLAINER)})
    unread = [
        Unread(number=slide.number, told=() if page.is_garbled else tuple(piece.box for piece in page.pieces))
        for slide, page in zip(deck.slides, seen or [], strict=False)
        if is_unread(slide, page)
    ]
    log.debug("PDFium read %d pages and pypdf %d slides: %d say little", len(seen or []), len(deck.slides), len(unread))
    deck = read_pictures(deck, path, unread, settings, password)
    empty = sum(not slide.title and not slide.body for slide in deck.slides)
    remark = f"{empty} of {len(deck.slides)} pages hold no text that can be read."
    return deck.model_copy(update={"remarks": (*deck.remarks, remark)}) if empty else deck
