"""Decks of others: what the library does not know, what is no content, what nobody sees, what keeps its meaning."""

import io
import re
import zipfile
from pathlib import Path
from typing import Any, cast

import pytest
from PIL import Image
from pptx import Presentation
from pptx.chart.data import CategoryChartData
from pptx.enum.chart import XL_CHART_TYPE
from pptx.util import Inches
from pypdf import PdfReader, PdfWriter
from pypdf.annotations import FreeText
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, NumberObject, TextStringObject

from digest.errors import UnusableDrop
from digest.model.deck import Deck
from digest.slides.drawing import Job, draw
from digest.slides.parts import formula, parse_part
from digest.slides.pdf import read_pdf
from digest.slides.pdf_text import read_pdf_text
from digest.slides.pptx import check_zip, read_pptx
from digest.slides.text import subscript, superscript
from tests.slides.drops import a_pdf, a_pptx, at, packed_again

PRODUCT = '<m:nary><m:naryPr><m:chr m:val="∏"/></m:naryPr><m:sub>{k}</m:sub><m:sup>{n}</m:sup><m:e>{x}</m:e></m:nary>'
SLIDE = "ppt__slides__slide1.xml"


def boxes(path: Path, *slides: tuple[tuple[str, float, float], ...]) -> Path:
    """Write a deck of text boxes, each with its text and how many inches it stands from the left and the top."""
    deck = Presentation()
    for number, slide in enumerate(slides, start=1):
        page = deck.slides.add_slide(deck.slide_layouts[5])
        page.shapes.title.text = f"Title {number}"
        for text, left, top in slide:
            page.shapes.add_textbox(Inches(left), Inches(top), Inches(2), Inches(0.4)).text_frame.text = text
    deck.save(str(path))
    return path


def said(deck: Deck, number: int = 1) -> list[str]:
    """Return the lines of a slide."""
    return [line.text for line in deck.slides[number - 1].body]


def pdf_lines(path: Path) -> list[str]:
    """Return the lines of the first page of a PDF."""
    return said(read_pdf(path, 9, "", read_pdf_text(path, 9, "")))


def slide_of(path: Path) -> str:
    """Return the XML of the first slide."""
    with zipfile.ZipFile(path) as deck:
        return deck.read("ppt/slides/slide1.xml").decode()


def test_strict_open_xml_is_read(tmp_path: Path) -> None:
    """A deck saved as Strict Open XML says the same."""
    usual = a_pptx(tmp_path / "usual.pptx")
    names = rb"http://schemas.openxmlformats.org/(officeDocument|drawingml|presentationml)/2006/"
    with zipfile.ZipFile(usual) as deck:
        parts = {entry: deck.read(entry) for entry in deck.namelist() if entry.endswith((".xml", ".rels"))}
    strict = packed_again(
        usual,
        tmp_path / "strict.pptx",
        **{name: re.sub(names, rb"http://purl.oclc.org/ooxml/\1/", content) for name, content in parts.items()},
    )

    assert read_pptx(strict, 9).slides == read_pptx(usual, 9).slides


def test_what_is_not_known_costs_itself_alone(tmp_path: Path) -> None:
    """A shape of a kind nobody knows, and one that is damaged, are named; all else of the deck is read."""
    deck = a_pptx(tmp_path / "deck.pptx")
    frame = '<p:nvGraphicFramePr><p:cNvPr id="77" name="Odd frame"/></p:nvGraphicFramePr>'
    odd = f"<p:hologram/><p:graphicFrame>{frame}</p:graphicFrame>"
    xml = slide_of(deck).replace("</p:spTree>", f"{odd}</p:spTree>")

    found = read_pptx(packed_again(deck, tmp_path / "odd.pptx", **{SLIDE: xml.encode()}), 9)

    assert [slide.title for slide in found.slides] == [slide.title for slide in read_pptx(deck, 9).slides]
    assert said(found) == said(read_pptx(deck, 9))
    assert "Slide 1 holds a part that is not read: hologram." in found.remarks


def test_a_damaged_slide_costs_itself_alone(tmp_path: Path) -> None:
    """One slide that cannot be read is empty, and remarked."""
    deck = a_pptx(tmp_path / "deck.pptx")
    xml = slide_of(deck).replace("<p:cSld", "<p:cSlip", 1).replace("</p:cSld>", "</p:cSlip>")

    found = read_pptx(packed_again(deck, tmp_path / "odd.pptx", **{SLIDE: xml.encode()}), 9)

    assert [slide.title for slide in found.slides] == [None, "Who agrees", "Not for readers"]
    assert "Slide 1 cannot be read and is empty here." in found.remarks


def test_a_plain_picture_is_no_bomb(tmp_path: Path) -> None:
    """A white bitmap packs to a thousandth; markup that does is refused."""
    deck, picture = a_pptx(tmp_path / "deck.pptx"), io.BytesIO()
    Image.new("RGB", (4000, 2400), "white").save(picture, "BMP")

    assert check_zip(
        packed_again(
            deck, tmp_path / "a.pptx", ppt__media__image1_bmp=None, **{"ppt__media__a.bmp": picture.getvalue()}
        )
    )
    with pytest.raises(UnusableDrop, match="hundreds of times"):
        check_zip(packed_again(deck, tmp_path / "b.pptx", **{"ppt__media__a.bin": b" " * 25_000_000}))


def test_a_footer_is_one_where_it_stands(tmp_path: Path) -> None:
    """The same words in the margin of most slides go, with a remark; in the middle they stay, and so do numbers."""
    slides = tuple(
        ((str(n), 9, 7.1), ("Cyber norms 2016", 1, 7.1), ("Cyber norms 2016", 1, 3), (str(70 + n), 1, 4))
        for n in range(1, 6)
    )

    found = read_pptx(boxes(tmp_path / "deck.pptx", *slides), 9)

    assert said(found, 3) == ["Cyber norms 2016", "73"]
    assert found.remarks == ("Left out as header or footer: Cyber norms, page numbers.",)


def test_shapes_from_right_to_left(tmp_path: Path) -> None:
    """Two boxes side by side are read from the right where the writing runs so."""
    found = read_pptx(boxes(tmp_path / "deck.pptx", (("שנייה", 1, 3), ("ראשונה", 6, 3), ("אחרונה", 6, 5))), 9)

    assert said(found) == ["ראשונה", "שנייה", "אחרונה"]


@pytest.mark.parametrize(
    ("written", "on_a_line"),
    [
        ("<m:sSup><m:e>{10}</m:e><m:sup>{6}</m:sup></m:sSup>", "10^6"),
        ("<m:f><m:num>{a+b}</m:num><m:den>{c}</m:den></m:f>", "(a+b)/c"),
        (PRODUCT, "∏_k^n x"),
        ('<m:d><m:dPr><m:begChr m:val="{"/><m:endChr m:val=""/></m:dPr><m:e>{a}</m:e></m:d>', "{a"),
        ("<m:rad><m:deg>{3}</m:deg><m:e>{x+1}</m:e></m:rad>", "3√(x+1)"),
        ("<m:func><m:fName>{log}</m:fName><m:e>{x}</m:e></m:func>", "log x"),
        ("<m:limUpp><m:e>{max}</m:e><m:lim>{k}</m:lim></m:limUpp>", "max^k"),
    ],
)
def test_an_equation_on_its_line(written: str, on_a_line: str) -> None:
    """Powers, fractions, sums, brackets and roots keep their meaning."""
    xml = re.sub(r"(?<=>)\{([^{}]+)\}(?=<)", r"<m:r><m:t>\1</m:t></m:r>", written)
    part = type(
        "Part",
        (),
        {"blob": f'<m:oMath xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math">{xml}</m:oMath>'},
    )

    assert formula(parse_part(part)) == on_a_line


@pytest.mark.parametrize(
    ("before", "text", "shown"),
    [
        ("10", "6", "⁶"),
        ("10", "-9", "⁻⁹"),
        ("21", "st", "st"),
        ("1", "er", "er"),
        ("e", "x", "^x"),
        ("e", "i t", "^(i t)"),
    ],
)
def test_raised_letters(before: str, text: str, shown: str) -> None:
    """A power is one; an ordinal is read as it is written."""
    assert superscript(text, before) == shown


def test_lowered_letters() -> None:
    """CO₂, and an index in letters."""
    assert (subscript("2"), subscript("max")) == ("₂", "_max")


def test_numbers_as_the_chart_shows_them(tmp_path: Path) -> None:
    """0.45 in per cent is 45 %, and nothing of a float's noise is read."""
    deck, numbers = Presentation(), CategoryChartData(number_format="0%")  # type: ignore[no-untyped-call]
    numbers.categories = ["States", "Firms"]
    numbers.add_series("Share", (0.45, 0.5500000001))  # type: ignore[no-untyped-call]
    numbers.add_series("Sum", (1234567.891, 0.1 + 0.2), number_format="#,##0.0")  # type: ignore[no-untyped-call]
    page = deck.slides.add_slide(deck.slide_layouts[5])
    page.shapes.add_chart(XL_CHART_TYPE.COLUMN_CLUSTERED, 0, 0, Inches(5), Inches(4), numbers)
    page.notes_slide.notes_text_frame.text = "Say this."
    page.notes_slide.shapes._spTree.append(_text_box_of(deck, "And this."))
    deck.save(str(tmp_path / "deck.pptx"))

    found = read_pptx(tmp_path / "deck.pptx", 9)

    assert said(found)[-2:] == ["Share: 45%, 55%", "Sum: 1,234,567.9, 0.3"]
    assert found.slides[0].notes == "Say this.\nAnd this."


def _text_box_of(deck: Any, text: str) -> Any:
    """Return a text box as an element, taken off a slide."""
    page = deck.slides.add_slide(deck.slide_layouts[6])
    box = page.shapes.add_textbox(0, 0, Inches(1), Inches(1))
    box.text_frame.text = text
    return box._element


def test_what_is_longer_than_its_field_is_moved(tmp_path: Path) -> None:
    """A title of a thousand letters stands whole in the body; no line ends in the middle of what it says."""
    long = "words " * 900 + "THE END"

    found = read_pptx(boxes(tmp_path / "deck.pptx", ((long, 1, 3),)), 9)

    assert " ".join(said(found)) == long
    assert found.remarks == ()


def test_words_under_a_box_are_not_read(tmp_path: Path) -> None:
    """What a filled box hides nobody saw; what stands on one is read."""
    page = (
        at(50, 40, "Title", 30)
        + at(50, 150, "hidden words")
        + "1 0 0 rg 40 360 400 50 re f 0 0 0 rg\n"
        + at(250, 152, "on the box")
    )
    page += at(50, 300, "plain words")

    assert pdf_lines(a_pdf(tmp_path / "a.pdf", page)) == ["on the box", "plain words"]


def test_hyphens_at_the_end_of_a_line(tmp_path: Path) -> None:
    """A word that was divided is one again; a hyphen of its own stays."""
    page = at(50, 40, "Title", 30) + at(50, 150, "The inter-") + at(50, 172, "national group on confidence-")
    page += at(50, 194, "building met")

    assert pdf_lines(a_pdf(tmp_path / "a.pdf", page)) == ["The international group on confidence-building met"]


def test_a_power_in_a_pdf(tmp_path: Path) -> None:
    """A small raised figure behind a large one is a power."""
    page = (
        at(50, 40, "Title", 30)
        + at(50, 150, "About 10", 20)
        + at(130.1, 146, "6", 13)
        + at(143, 150, "attacks a day", 20)
    )

    assert pdf_lines(a_pdf(tmp_path / "a.pdf", page)) == ["About 10⁶ attacks a day"]


def test_comments_are_not_drawn_and_fields_are_read(tmp_path: Path) -> None:
    """A reviewer's note is in no picture; what was typed into a form is read."""
    writer = PdfWriter(clone_from=PdfReader(a_pdf(tmp_path / "plain.pdf", at(50, 40, "Title", 30))))
    writer.add_annotation(0, FreeText(text="INTERNAL", rect=(500, 400, 700, 500), background_color="ffff00"))
    field = DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Annot"),
            NameObject("/Subtype"): NameObject("/Widget"),
            NameObject("/FT"): NameObject("/Tx"),
            NameObject("/T"): TextStringObject("agreed"),
            NameObject("/V"): TextStringObject("Eleven norms"),
            NameObject("/Rect"): ArrayObject(map(NumberObject, (50, 200, 300, 230))),
        }
    )
    cast("ArrayObject", writer.pages[0]["/Annots"]).append(writer._add_object(field))
    writer.write(tmp_path / "a.pdf")
    job = Job(pdf=tmp_path / "a.pdf", password="", into=tmp_path, pages=((1, 0),), width=720, thumbnail_width=100)

    (drawn,) = draw(job)

    assert pdf_lines(tmp_path / "a.pdf") == ["Eleven norms"]
    assert Image.open(tmp_path / drawn.image).convert("RGB").getpixel((600, 90)) == (255, 255, 255)
