"""Pictures of the visible slides, and a PDF of them to download: Drop and Deck in, Pages out.

The organiser's PDF is drawn where there is one, else LibreOffice makes it from the deck; PDFium draws in a child.
A slide that cannot be drawn is remarked, and set as text with the pictures that stand on it.
"""

import logging
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from digest import sandbox
from digest.errors import VERDICTS, count_noun
from digest.intake import deck_password
from digest.model.artifact import Picture, Record
from digest.model.deck import Deck, PageImage, Pages, PartPicture, Presentation, Slide
from digest.model.drop import Drop
from digest.sandbox import Limits
from digest.settings import SlidesSettings
from digest.slides.drawing import Drawn, Job, draw
from digest.slides.fonts import missing_fonts
from digest.slides.office import convert
from digest.slides.opening import CONVERTED, as_pptx, without_password
from digest.slides.pdf import copy_clean, pages_of
from digest.slides.pictures import take_pictures
from digest.store.files import record_file
from digest.temporary import temporary_folder

log = logging.getLogger(__name__)

VERSION = 5

BATCH = 20  # pages drawn by one child
PAGE_SECONDS = 15.0  # for a page by itself, after its batch failed
MAX_FAILURES = 3  # pages that fail before the rest is given up
FOLDER = "pages"


class Numbered(Record):
    """A slide's number and the index of its page in a PDF."""

    number: int
    index: int


@dataclass(frozen=True)
class _Shown:
    """One of the presentations: where it lies, what staff call it, its slides, and the organiser's PDF of it."""

    path: Path
    name: str
    slides: tuple[Slide, ...]
    pictures: Path | None

    @property
    def visible(self) -> tuple[Slide, ...]:
        return tuple(slide for slide in self.slides if not slide.hidden)


@dataclass(frozen=True)
class _Source:
    """A PDF to draw, what staff know it by, where to, and what was remarked on the way."""

    pdf: Path
    name: str
    password: str
    into: Path
    settings: SlidesSettings
    remarks: list[str]
    is_half: bool = False  # the slides are the left halves of its pages

    @property
    def limits(self) -> Limits:
        return Limits(seconds=self.settings.seconds_limit, megabytes=self.settings.megabytes_limit, writes=(self.into,))


def render(drop: Drop, deck: Deck, settings: SlidesSettings, *, root: Path, into: Path) -> Pages:
    """Return the pictures of the visible slides; where there are none, `remarks` says why."""
    if not deck.visible():
        return Pages()
    remarks = list[str]()
    password = deck_password(drop, root) or ""
    shown, drawn, copied = _presentations(drop, deck, root), list[Drawn](), list[tuple[_Source, list[int]]]()
    with temporary_folder() as folder:
        for one in shown:
            for pdf in _pdfs(one, settings, password, folder, remarks):
                source = _Source(pdf, one.name, password, into, settings, remarks)
                if (pages := _count(source)) and (numbered := _numbered(source, one, pages[0])):
                    source = replace(source, is_half=pages[1])
                    drawn += _drawn(source, numbered)
                    copied.append((source, [page.index for page in numbered]))
                    break
            else:
                remarks.append(_set_as_text(one, shown))
        whole = [(source, indexes) for source, indexes in copied if not source.is_half]  # a copy would hold the notes
        clean = _clean(whole) if whole else None
        on_pages = {page.number for page in drawn}
        as_text = {slide.number for slide in deck.visible()} - on_pages
        log.debug("%d slides drawn, %d as text, a PDF to download: %s", len(drawn), len(as_text), clean is not None)
        return Pages(
            pages=tuple(_page(page, into) for page in drawn),
            parts=tuple(part for one in shown for part in _parts(one, as_text, settings, password, into)),
            pdf=record_file(clean, folder=FOLDER) if clean else None,
            remarks=tuple(remarks),
        )


def _presentations(drop: Drop, deck: Deck, root: Path) -> tuple[_Shown, ...]:
    """Return the presentations that a deck was read from."""
    (first, *_) = drop.of_role("deck")
    pictures = drop.pictures_of(first)
    alone = Presentation(
        path=first.path, name=first.name, slides=len(deck.slides), pictures=pictures.path if pictures else None
    )
    shown, begins = list[_Shown](), 0
    for one in deck.presentations or (alone,):
        slides = deck.slides[begins : begins + one.slides]
        shown.append(_Shown(root / one.path, one.name, slides, root / one.pictures if one.pictures else None))
        begins += one.slides
    return tuple(shown)


def _set_as_text(one: _Shown, shown: Sequence[_Shown]) -> str:
    which = f"The slides of “{one.name}”" if len(shown) > 1 else "The slides"
    return f"{which} are shown as text, with the pictures of the deck where there are any."


def _pdfs(one: _Shown, settings: SlidesSettings, password: str, folder: Path, remarks: list[str]) -> Iterator[Path]:
    """Yield PDFs to try: the organiser's own first, as its fonts are right."""
    for path in filter(None, (one.pictures, one.path)):
        if path.suffix == ".pdf":
            log.debug("drawn from the PDF of “%s”", one.name)
            yield path
        elif made := _by_libreoffice(path, settings, password, folder, remarks):
            log.debug("drawn from “%s” by LibreOffice", one.name)
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


def _count(source: _Source) -> tuple[int, bool] | None:
    """Return how many pages there are, and whether notes stand beside their slides; None where it cannot be opened."""
    try:
        return sandbox.call(pages_of, source.limits, source.pdf, source.settings.most_slides, source.password)
    except VERDICTS as error:
        source.remarks.append(f"The PDF of “{source.name}” cannot be drawn: {error.what}")
        return None


def _numbered(source: _Source, shown: _Shown, pages: int) -> tuple[Numbered, ...]:
    """Return which page is which slide: page k is the k-th visible one, or slide k where hidden ones are in it too."""
    if pages == len(shown.visible):
        return tuple(Numbered(number=slide.number, index=at) for at, slide in enumerate(shown.visible))
    if pages == len(shown.slides):
        return tuple(
            Numbered(number=slide.number, index=at) for at, slide in enumerate(shown.slides) if not slide.hidden
        )
    held = f"{count_noun(pages, 'page')} and the deck {count_noun(len(shown.visible), 'visible slide')}"
    source.remarks.append(f"The PDF of “{source.name}” has {held}: which page is which slide is not known.")
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
        is_half=source.is_half,
    )
    return sandbox.call(draw, limits, job)


def _clean(copied: Sequence[tuple[_Source, list[int]]]) -> Path | None:
    """Return a PDF of all that was drawn; one that cannot be copied is left out and remarked."""
    source = copied[0][0]
    to = source.into / "slides.pdf"
    pages = [(one.pdf, indexes) for one, indexes in copied]
    try:
        sandbox.call(copy_clean, source.limits, pages, to, source.password)
    except VERDICTS as error:
        to.unlink(missing_ok=True)
        wrong = next((one for one, _ in copied if one.pdf.name == error.file), None)
        if wrong and len(copied) > 1:
            source.remarks.append(f"The PDF to download is without “{wrong.name}”: {error.what}")
            return _clean([each for each in copied if each[0] is not wrong])
        source.remarks.append(f"No PDF to download could be made: {error.what}")
        return None
    return to


def _parts(
    one: _Shown, as_text: Collection[int], settings: SlidesSettings, password: str, into: Path
) -> Iterator[PartPicture]:
    """Yield the pictures that stand on these slides, if the deck is of a kind that gives them away by themselves."""
    limits = Limits(seconds=settings.seconds_limit, megabytes=settings.megabytes_limit, writes=(into,))
    places = [(slide.number, place) for place, slide in enumerate(one.slides, start=1) if slide.number in as_text]
    if not places or one.path.suffix == ".pdf" or one.path.suffix in CONVERTED:
        return
    try:
        with temporary_folder() as folder:
            deck = without_password(one.path, settings, password, folder)
            taken = sandbox.call(take_pictures, limits, deck, places, into, settings.image_width)
    except VERDICTS:
        return  # whoever read or drew the deck has said what is wrong with it
    for picture in taken:
        kept, (width, height) = record_file(into / picture.image, folder=FOLDER), picture.size
        yield PartPicture(**kept.model_dump(), width=width, height=height, number=picture.number, alt=picture.alt)


def _page(drawn: Drawn, into: Path) -> PageImage:
    pictures = [
        Picture(**record_file(into / name, folder=FOLDER).model_dump(), width=width, height=height)
        for name, width, height in ((drawn.image, *drawn.size), (drawn.thumbnail, *drawn.thumbnail_size))
    ]
    return PageImage(number=drawn.number, image=pictures[0], thumbnail=pictures[1])
