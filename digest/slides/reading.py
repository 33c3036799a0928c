"""What the slides say: Drop in, Deck out."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from digest import sandbox
from digest.errors import VERDICTS, naming
from digest.intake import deck_password, order_decks
from digest.model.deck import Deck, Slide
from digest.model.drop import Drop, DroppedFile
from digest.sandbox import Limits
from digest.settings import SlidesSettings
from digest.slides.joining import ReadDeck, are_apart, join_decks, refuse_versions
from digest.slides.ocr import FEW_LETTERS, Unread, read_pictures, slides_with_pictures
from digest.slides.opening import as_pptx
from digest.slides.pdf import NOTES_BESIDE, is_unread, is_upright, read_pdf
from digest.slides.pdf_text import Printed, read_pdf_text
from digest.slides.pptx import read_pptx
from digest.temporary import temporary_folder

log = logging.getLogger(__name__)

VERSION = 5

PDFIUM_SECONDS = 60.0  # of processor time: some hundred pages a second are usual; made to do harm, it never ends
PLAINER = (
    "The better of two readers gave this PDF up, and lines may stand in the wrong order: look at the slides' text."
)


def read(drop: Drop, settings: SlidesSettings, *, root: Path) -> Deck:
    """Return what every slide says, hidden ones too; an empty Deck where no deck was dropped.

    Several presentations follow each other, with numbers that run on. Raises UnusableDrop or LimitReached, in words,
    where a deck is damaged, protected or made to do harm, or two are one, and MissingTool where it takes LibreOffice
    to open it.
    """
    files, password = drop.of_role("deck"), deck_password(drop, root) or ""
    if not files:
        return Deck()

    def read_one(file: DroppedFile) -> Deck:
        path = root / file.path
        limits = Limits(seconds=settings.seconds_limit, megabytes=settings.megabytes_limit, file_megabytes=16)
        with naming(file.name):
            read_kind = _pdf if path.suffix == ".pdf" else _pptx
            return read_kind(path, settings, password, limits)

    papers = _papers(files, settings, password, root)
    found = [ReadDeck(file, read_one(file), drop.pictures_of(file)) for file in files if file not in papers]
    if len(files) == 1 and not (stranger := _stranger(found[0], read_one)):
        return found[0].deck
    if len(files) == 1 and stranger:
        found = _in_order([replace(found[0], pictures=None), stranger])
    refuse_versions(found)
    return join_decks(found, papers)


def _papers(
    files: Sequence[DroppedFile], settings: SlidesSettings, password: str, root: Path
) -> tuple[DroppedFile, ...]:
    """Return which of several PDFs are papers beside the slides: their pages stand upright."""
    limits = Limits(seconds=PDFIUM_SECONDS, megabytes=settings.megabytes_limit)
    pdfs = [file for file in files if len(files) > 1 and file.path.endswith(".pdf")]
    upright = list[DroppedFile]()
    for file in pdfs:
        with naming(file.name):
            if sandbox.call(is_upright, limits, root / file.path, settings.most_slides, password):
                upright.append(file)
    return tuple(upright) if len(upright) < len(files) else ()


def _stranger(one: ReadDeck, read_one: Callable[[DroppedFile], Deck]) -> ReadDeck | None:
    """Return the PDF beside a deck where it is no PDF of it but the slides of somebody else.

    One of the deck's name is believed, and so is one with as many pages: it may be a translation.
    """
    if one.pictures is None or one.pictures.stem == one.file.stem:
        return None
    other = read_one(one.pictures)
    counts = len(one.deck.slides), len(one.deck.visible())
    if len(other.slides) in counts or not are_apart(one.deck, other):
        return None
    return ReadDeck(one.pictures, other)


def _in_order(found: Sequence[ReadDeck]) -> list[ReadDeck]:
    order = order_decks([one.file.name for one in found])
    return sorted(found, key=lambda one: order.index(one.file.name))


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
    seen: list[Printed] | None
    given_up = ""
    try:
        seen = sandbox.call(read_pdf_text, quick, path, settings.most_slides + 1, password)
    except VERDICTS as error:
        log.debug("PDFium reads no text: %s", error.what)
        seen, given_up = None, error.what
    # Where PDFium gave up pypdf has the word, and says what is wrong with the file.
    deck = sandbox.call(read_pdf, limits, path, settings.most_slides, password, seen or [])
    if seen is None:
        deck = deck.model_copy(update={"remarks": (*deck.remarks, f"{PLAINER} {given_up}")})
    unread = [
        Unread(number=slide.number, told=() if page.is_garbled else tuple(piece.box for piece in page.pieces))
        for slide, page in zip(deck.slides, seen or [], strict=False)
        if is_unread(slide, page) and NOTES_BESIDE not in deck.remarks  # what is drawn for it shows notes too
    ]
    log.debug("PDFium read %d pages and pypdf %d slides: %d say little", len(seen or []), len(deck.slides), len(unread))
    deck = read_pictures(deck, path, unread, settings, password)
    empty = sum(not slide.title and not slide.body for slide in deck.slides)
    remark = f"{empty} of {len(deck.slides)} pages hold no text that can be read."
    return deck.model_copy(update={"remarks": (*deck.remarks, remark)}) if empty else deck
