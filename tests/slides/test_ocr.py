"""Slides that are only pictures are read, and the picture beside few words; what stands there in text is not again."""

import io
from pathlib import Path

import pypdf
import pytest
from PIL import Image, ImageDraw, ImageFont
from pptx import Presentation

from digest.errors import LimitReached
from digest.model.deck import Deck, Slide
from digest.settings import SlidesSettings
from digest.slides import ocr, read
from digest.slides.layout import Piece
from tests.slides.drops import a_pdf, at, taken


def picture() -> Image.Image:
    """Return a slide as a scanner sees it."""
    image = Image.new("RGB", (1280, 720), "white")
    draw = ImageDraw.Draw(image)
    for text, top, size in (("Digital trade", 60, 72), ("Least developed countries", 260, 44), ("Data flows", 340, 44)):
        draw.text((80, top), text, fill="black", font=ImageFont.load_default(size))
    return image


def a_scan(path: Path) -> Path:
    """Write a PDF of one page that is a picture."""
    picture().save(path, "PDF")
    return path


def a_picture_slide(path: Path) -> Path:
    """Write a pptx of one slide with a picture whose lower half is cropped away, and no text."""
    deck, part = Presentation(), io.BytesIO()
    picture().save(part, "PNG")
    shape = deck.slides.add_slide(deck.slide_layouts[6]).shapes.add_picture(part, 0, 0, deck.slide_width)
    shape.crop_bottom = 0.56
    deck.save(str(path))
    return path


def deck_of(path: Path, root: Path) -> Deck:
    """Return what is read of one file."""
    root.mkdir()
    return read(taken(path.parent, root, path.name), SlidesSettings(seconds_limit=60), root=root)


def test_a_scanned_page_is_read(tmp_path: Path) -> None:
    """Title and lines, with how sure the reading is."""
    slide = deck_of(a_scan(tmp_path / "slides.pdf"), tmp_path / "a").slides[0]

    assert (slide.title, slide.read_by) == ("Digital trade", "ocr")
    assert [line.text for line in slide.body] == ["Least developed countries", "Data flows"]
    assert slide.confidence
    assert slide.confidence > 0.8


def test_the_picture_beside_few_words_is_read(tmp_path: Path) -> None:
    """What a chart says is spoken of; a caption that stands there as text is not read a second time."""
    captioned = pypdf.PdfWriter(clone_from=a_scan(tmp_path / "scan.pdf"))
    caption = a_pdf(tmp_path / "caption.pdf", at(60, 450, "Source: World Trade Organization", 30))
    captioned.pages[0].merge_page(pypdf.PdfReader(caption).pages[0])
    captioned.write(tmp_path / "slides.pdf")

    slide = deck_of(tmp_path / "slides.pdf", tmp_path / "a").slides[0]

    assert slide.title == "Digital trade"
    assert [line.text for line in slide.body] == [
        "Source: World Trade Organization",  # as it is printed, not as it looks
        "Least developed countries",
        "Data flows",
    ]


def test_a_picture_on_a_slide_is_read_as_far_as_it_is_shown(tmp_path: Path) -> None:
    """What is cropped away was seen by nobody."""
    slide = deck_of(a_picture_slide(tmp_path / "slides.pptx"), tmp_path / "a").slides[0]

    assert (slide.title, slide.read_by) == ("Digital trade", "ocr")
    assert [line.text for line in slide.body] == ["Least developed countries"]


def test_one_slide_that_cannot_be_read_loses_no_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its batch is read again, slide by slide."""

    def read_by_one(_: Path, unread: list[ocr.Unread], *__: object) -> dict[int, ocr.Recognised]:
        numbers = [slide.number for slide in unread]
        if 2 in numbers:
            raise LimitReached("It took too long.", remedy="Save it anew.")
        piece = Piece(text="seen", size=50, box=(0, 400, 90, 450))
        return {n: ocr.Recognised(number=n, height=720, pieces=(piece,), confidence=0.9) for n in numbers}

    monkeypatch.setattr(ocr, "_read", read_by_one)
    deck = Deck(slides=tuple(Slide(number=number, read_by="pdf") for number in (1, 2, 3)))

    unread = [ocr.Unread(number=number) for number in (1, 2, 3)]

    read_anew = ocr.read_pictures(deck, tmp_path / "slides.pdf", unread, SlidesSettings(), "")

    assert [slide.read_by for slide in read_anew.slides] == ["ocr", "pdf", "ocr"]
    assert read_anew.remarks[0].startswith("1 slide was not read")
