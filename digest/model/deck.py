"""The presentation: what each slide says, and its picture. Slides are numbered from 1, hidden ones counted."""

from typing import ClassVar, Literal

from pydantic import Field

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

    `section` is the name that the deck gives to a stretch of slides. `deck` is what the presentation is called that it
    comes from, where there are several. `confidence` is between 0 and 1 where the text was guessed from pixels, else
    None.
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
    deck: str | None = Field(default=None, exclude_if=lambda deck: deck is None)


class Presentation(Record):
    """One of the drop's presentations and how many slides it has; `path` and `pictures` lie in the workspace.

    `pictures` is the organiser's PDF of the same slides, from which their pictures come, None where there is none.
    """

    path: str
    name: str
    slides: int
    pictures: str | None = None


class Deck(Artifact):
    """All slides in the order of the file; empty where no deck was dropped.

    Those of several `presentations` follow each other, with numbers that run on; of a single one nothing stands there.
    """

    FILE: ClassVar[str] = "deck.json"

    slides: tuple[Slide, ...] = ()
    presentations: tuple[Presentation, ...] = Field(default=(), exclude_if=lambda presentations: not presentations)
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
