"""The presentation: what each slide says, and its picture. Slides are numbered from 1, hidden ones counted."""

from typing import ClassVar, Literal

from digest.model.artifact import Artifact, Picture, Record, StoredFile


class Line(Record):
    """A paragraph of a slide's body; `level` 0 is the outermost list level."""

    level: int = 0
    text: str


class Link(Record):
    """A link on a slide; `target` is http, https or mailto."""

    text: str
    target: str


class Slide(Record):
    """What a slide says. `notes` and `comments` are for editors, never for readers; `tables` are rows of cells.

    `section` is the name that the deck gives to a stretch of slides. `confidence` is between 0 and 1 where the text
    was guessed from pixels, else None.
    """

    number: int
    title: str | None = None
    body: tuple[Line, ...] = ()
    notes: str = ""
    comments: tuple[str, ...] = ()
    section: str | None = None
    tables: tuple[tuple[tuple[str, ...], ...], ...] = ()
    links: tuple[Link, ...] = ()
    alt_texts: tuple[str, ...] = ()
    hidden: bool = False
    read_by: Literal["pptx", "pdf", "ocr"]
    confidence: float | None = None


class Deck(Artifact):
    """All slides in the order of the file; empty where no deck was dropped."""

    FILE: ClassVar[str] = "deck.json"

    slides: tuple[Slide, ...] = ()
    remarks: tuple[str, ...] = ()

    def visible(self) -> tuple[Slide, ...]:
        """Return the slides that readers may see."""
        return tuple(slide for slide in self.slides if not slide.hidden)


class PageImage(Record):
    """A slide's picture, some 1600 px wide, and its thumbnail, some 480 px; both WebP."""

    number: int
    image: Picture
    thumbnail: Picture


class PartPicture(Picture):
    """A picture that stands on slide `number`, at most 1600 px, WebP; `alt` is what its author says that it shows."""

    number: int
    alt: str = ""


class Pages(Artifact):
    """The pictures of the visible slides, and a PDF of them without notes, comments or actions.

    Both may be missing (no LibreOffice, a page that cannot be drawn): `remarks` says why, in a sentence. `parts` are
    the pictures on slides that could not be drawn and are set as text, in reading order.
    """

    FILE: ClassVar[str] = "pages.json"
    FOLDER: ClassVar[str | None] = "pages"

    pages: tuple[PageImage, ...] = ()
    parts: tuple[PartPicture, ...] = ()
    pdf: StoredFile | None = None
    remarks: tuple[str, ...] = ()
