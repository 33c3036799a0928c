"""Pictures of the visible slides, and a PDF of them to download: Drop and Deck in, Pages out.

The organiser's PDF is drawn where there is one, else LibreOffice makes it from the deck; PDFium draws in a child.
A slide that cannot be drawn is remarked, and set as text with the pictures that stand on it.
"""

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from digest import sandbox
from digest.errors import VERDICTS, count_noun
from digest.intake import deck_password
from digest.model.artifact import Picture, Record
from digest.model.deck import Deck, PageImage, Pages, PartPicture
from digest.model.drop import Drop
from digest.sandbox import Limits
from digest.settings import SlidesSettings
from digest.slides.drawing import Drawn, Job, draw
from digest.slides.fonts import missing_fonts
from digest.slides.office import convert
from digest.slides.opening import CONVERTED, as_pptx, without_password
from digest.slides.pdf import copy_clean, count_pages
from digest.slides.pictures import take_pictures
from digest.store.files import record_file
from digest.temporary import temporary_folder

log = logging.getLogger(__name__)

VERSION = 4

BATCH = 20  # pages drawn by one child
PAGE_SECONDS = 15.0  # for a page by itself, after its batch failed
MAX_FAILURES = 3  # pages that fail before the rest is given up
FOLDER = "pages"


class Numbered(Record):
    """A slide's number and the index of its page in a PDF."""

    number: int
    index: int


@dataclass(frozen=True)
class _Source:
    """A PDF to draw, where to, and what was remarked on the way."""

    pdf: Path
    password: str
    into: Path
    settings: SlidesSettings
    remarks: list[str]

    @property
    def limits(self) -> Limits:
        return Limits(seconds=self.settings.seconds_limit, megabytes=self.settings.megabytes_limit, writes=(self.into,))


def render(drop: Drop, deck: Deck, settings: SlidesSettings, *, root: Path, into: Path) -> Pages:
    """Return the pictures of the visible slides; where there are none, `remarks` says why."""
    if not deck.visible():
        return Pages()
    remarks = list[str]()
    password = deck_password(drop, root) or ""
    with temporary_folder() as folder:
        drawn, clean = tuple[Drawn, ...](), None
        for pdf in _pdfs(drop, settings, root, folder, remarks):
            source = _Source(pdf, password, into, settings, remarks)
            if numbered := _numbered(source, deck):
                drawn = tuple(_drawn(source, numbered))
                clean = _clean(source, numbered)
                break
        else:
            remarks.append("The slides are shown as text, with the pictures of the deck where there are any.")
        on_pages = {page.number for page in drawn}
        as_text = [slide.number for slide in deck.visible() if slide.number not in on_pages]
        log.debug("%d slides drawn, %d as text, a PDF to download: %s", len(drawn), len(as_text), clean is not None)
        return Pages(
            pages=tuple(_page(page, into) for page in drawn),
            parts=tuple(_parts(drop, as_text, settings, root, into)) if as_text else (),
            pdf=record_file(clean, folder=FOLDER) if clean else None,
            remarks=tuple(remarks),
        )


def _pdfs(drop: Drop, settings: SlidesSettings, root: Path, folder: Path, remarks: list[str]) -> Iterator[Path]:
    """Yield PDFs to try: the organiser's own first, as its fonts are right."""
    for file in (*drop.of_role("pictures"), *drop.of_role("deck")):
        path = root / file.path
        if path.suffix == ".pdf":
            log.debug("drawn from the PDF “%s”", file.name)
            yield path
        elif made := _by_libreoffice(path, settings, deck_password(drop, root) or "", folder, remarks):
            log.debug("drawn from “%s” by LibreOffice", file.name)
            yield made


def _by_libreoffice(
    path: Path, settings: SlidesSettings, password: str, folder: Path, remarks: list[str]
) -> Path | None:
    """Return the deck as PDF, hidden slides too, or None with a remark; fonts that are not here are remarked."""
    try:
        deck = without_password(path, settings, password, folder)
        made = convert(deck, "pdf", settings, folder)
        deck = as_pptx(deck, settings, password, folder)  # of an odp or ppt too: it names the fonts as they do
    except VERDICTS as error:
        remarks.append(f"LibreOffice could not draw the deck: {error.what}")
        return None
    limits = Limits(seconds=settings.seconds_limit, megabytes=settings.megabytes_limit)
    if fonts := missing_fonts(deck, limits):
        remarks.append(
            f"Fonts of the deck are not on this machine: {', '.join(fonts)}. Its pictures look different; "
            "a PDF of the slides in the drop looks right."
        )
    return made


def _numbered(source: _Source, deck: Deck) -> tuple[Numbered, ...]:
    """Return which page is which slide: page k is the k-th visible one, or slide k where hidden ones are in it too."""
    visible = deck.visible()
    try:
        pages = sandbox.call(count_pages, source.limits, source.pdf, source.settings.most_slides, source.password)
    except VERDICTS as error:
        source.remarks.append(f"The PDF “{source.pdf.name}” cannot be drawn: {error.what}")
        return ()
    if pages == len(visible):
        return tuple(Numbered(number=slide.number, index=at) for at, slide in enumerate(visible))
    if pages == len(deck.slides):
        return tuple(Numbered(number=slide.number, index=slide.number - 1) for slide in visible)
    held = f"{count_noun(pages, 'page')} and the deck {count_noun(len(visible), 'visible slide')}"
    source.remarks.append(f"The PDF “{source.pdf.name}” has {held}: which page is which slide is not known.")
    return ()


def _drawn(source: _Source, numbered: Sequence[Numbered]) -> Iterator[Drawn]:
    """Yield what was drawn; one page that cannot be drawn does not lose the others."""
    failed, why, untried = list[int](), "", list[int]()
    for at in range(0, len(numbered), BATCH):
        batch = numbered[at : at + BATCH]
        try:
            yield from _batch(source, batch, source.limits)
        except VERDICTS:
            for page in batch:
                if len(failed) >= MAX_FAILURES:
                    untried.append(page.number)
                    continue
                try:
                    yield from _batch(source, [page], replace(source.limits, seconds=PAGE_SECONDS))
                except VERDICTS as error:
                    failed.append(page.number)
                    why = error.what
    if failed:
        source.remarks.append(f"Slide {', '.join(map(str, failed))} could not be drawn and is shown as text: {why}")
    if untried:
        source.remarks.append(f"Then no more was tried: slide {', '.join(map(str, untried))} is shown as text.")


def _batch(source: _Source, pages: Sequence[Numbered], limits: Limits) -> list[Drawn]:
    job = Job(
        pdf=source.pdf,
        password=source.password,
        into=source.into,
        pages=tuple((page.number, page.index) for page in pages),
        width=source.settings.image_width,
        thumbnail_width=source.settings.thumbnail_width,
    )
    return sandbox.call(draw, limits, job)


def _clean(source: _Source, numbered: Sequence[Numbered]) -> Path | None:
    to = source.into / "slides.pdf"
    try:
        sandbox.call(copy_clean, source.limits, source.pdf, to, [page.index for page in numbered], source.password)
    except VERDICTS as error:
        source.remarks.append(f"No PDF to download could be made: {error.what}")
        to.unlink(missing_ok=True)
        return None
    return to


def _parts(drop: Drop, numbers: list[int], settings: SlidesSettings, root: Path, into: Path) -> Iterator[PartPicture]:
    """Yield the pictures that stand on these slides, if the deck is of a kind that gives them away by themselves."""
    limits = Limits(seconds=settings.seconds_limit, megabytes=settings.megabytes_limit, writes=(into,))
    for file in drop.of_role("deck"):
        path = root / file.path
        if path.suffix == ".pdf" or path.suffix in CONVERTED:
            continue
        try:
            with temporary_folder() as folder:
                deck = without_password(path, settings, deck_password(drop, root) or "", folder)
                taken = sandbox.call(take_pictures, limits, deck, numbers, into, settings.image_width)
        except VERDICTS:
            continue  # whoever read or drew the deck has said what is wrong with it
        for one in taken:
            kept, (width, height) = record_file(into / one.image, folder=FOLDER), one.size
            yield PartPicture(**kept.model_dump(), width=width, height=height, number=one.number, alt=one.alt)


def _page(drawn: Drawn, into: Path) -> PageImage:
    pictures = [
        Picture(**record_file(into / name, folder=FOLDER).model_dump(), width=width, height=height)
        for name, width, height in ((drawn.image, *drawn.size), (drawn.thumbnail, *drawn.thumbnail_size))
    ]
    return PageImage(number=drawn.number, image=pictures[0], thumbnail=pictures[1])
