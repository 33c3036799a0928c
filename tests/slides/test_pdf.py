"""PDFs are read as people read their pages."""

from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfWriter
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, NumberObject, TextStringObject

from digest.errors import UnusableDrop
from digest.model.deck import Deck, Slide
from digest.slides.pdf import copy_clean, is_unread, read_pdf
from digest.slides.pdf_text import Printed, read_pdf_text
from tests.slides.drops import a_pdf, at


def deck_of(path: Path) -> Deck:
    """Return what is read of a PDF, without the child processes of a run."""
    return read_pdf(path, 100, "", read_pdf_text(path, 100, ""))


def said(slide: Slide) -> list[str]:
    """Return the lines of a slide's body."""
    return [line.text for line in slide.body]


def test_columns_are_read_one_after_the_other(tmp_path: Path) -> None:
    """Though the file writes them across, line by line; the largest letters at the top are the title."""
    left, right = (
        ("States want stable rules", "that bind everybody"),
        ("Companies want to know", "what will be asked of them"),
    )
    across = "".join(at(60, 150 + 22 * row, left[row]) + at(400, 150 + 22 * row, right[row]) for row in range(2))

    slide = deck_of(a_pdf(tmp_path / "a.pdf", at(60, 40, "Two views", 36) + across)).slides[0]

    assert slide.title == "Two views"
    assert " ".join(said(slide)) == " ".join((*left, *right))


def test_what_stands_in_the_margins_of_all_pages_is_furniture(tmp_path: Path) -> None:
    """Footer and number go, also where there are two pages; a title that comes again stays, and so does a figure."""
    pages = [
        at(60, 30, "Results", 36)
        + at(60, 200, text)
        + at(60, 250, "2015")
        + at(60, 515, "Some Institute", 9)
        + at(650, 515, f"{number} / 2", 9)
        for number, text in enumerate(("Support grew", "Objections fell"), start=1)
    ]

    deck = deck_of(a_pdf(tmp_path / "a.pdf", *pages))

    assert [(slide.title, said(slide)) for slide in deck.slides] == [
        ("Results", ["Support grew", "2015"]),
        ("Results", ["Objections fell", "2015"]),
    ]


def test_the_table_of_contents_knows_the_title(tmp_path: Path) -> None:
    """It wins over a larger line, where the page has its words."""
    page = at(60, 40, "87 % agree", 60) + at(60, 140, "Where states stand", 20) + at(60, 200, "in 2016")

    slide = deck_of(a_pdf(tmp_path / "a.pdf", page, outline=("Where states stand",))).slides[0]

    assert (slide.title, said(slide)) == ("Where states stand", ["87 % agree", "in 2016"])


def test_a_title_stands_where_the_others_do(tmp_path: Path) -> None:
    """A large formula on one page is no title where nine pages have theirs at one place in one size."""
    pages = [at(60, 30, f"Part {n}", 28) + at(60, 200, "text that explains it") for n in "abcdefghi"]
    odd = at(60, 30, "Optimal value", 28) + at(60, 120, "max q", 44) + at(60, 200, "text that explains it")

    slide = deck_of(a_pdf(tmp_path / "a.pdf", *pages, odd)).slides[-1]

    assert (slide.title, said(slide)) == ("Optimal value", ["max q", "text that explains it"])


def test_text_that_nobody_sees_is_not_said(tmp_path: Path) -> None:
    """Invisible, white on white, or off the page; white on a dark ground is seen."""
    dark = "0 0 0 rg 50 300 400 60 re f\n1 1 1 rg\n" + at(60, 195, "White on black") + "0 0 0 rg\n"
    unseen = at(60, 300, "Invisible", how="3 Tr") + at(60, 900, "Below the page", how="0 Tr")
    white = "1 1 1 rg\n" + at(60, 400, "White on white", how="0 Tr")

    slide = deck_of(a_pdf(tmp_path / "a.pdf", at(60, 40, "Seen", 36) + dark + unseen + white)).slides[0]

    assert (slide.title, said(slide)) == ("Seen", ["White on black"])


def test_a_handout_is_remarked(tmp_path: Path) -> None:
    """Two slides on each page, each with its frame: they are not told apart, and staff read why."""
    frames = "40 300 300 225 re S\n380 300 300 225 re S\n"
    pages = [frames + at(60, 60, f"Slide {n}") + at(400, 60, f"Slide {n + 1}") for n in (1, 3, 5)]

    assert "seems to hold 2 slides" in deck_of(a_pdf(tmp_path / "a.pdf", *pages)).remarks[0]


def test_boxes_on_some_pages_are_no_handout(tmp_path: Path) -> None:
    """Two pictures of one size beside each other on one page of three."""
    frames = "40 300 300 225 re S\n380 300 300 225 re S\n"

    deck = deck_of(a_pdf(tmp_path / "a.pdf", *(at(60, 40, text) for text in "abc"), frames + at(60, 40, "d")))

    assert not any("handout" in remark for remark in deck.remarks)


def test_pypdf_has_the_word_where_pdfium_ends(tmp_path: Path) -> None:
    """PDFium came to no end: titles by size, in the order of the file."""
    path = a_pdf(tmp_path / "a.pdf", at(60, 40, "Two views", 36) + at(60, 150, "States want rules"))

    slide = read_pdf(path, 100, "", []).slides[0]

    assert (slide.title, said(slide)) == ("Two views", ["States want rules"])


def test_nonsense_is_not_taken_for_text(tmp_path: Path) -> None:
    """Fonts without a map to Unicode copy as nonsense: the page waits for somebody who reads pictures."""
    path = a_pdf(tmp_path / "a.pdf", at(60, 40, "Uhdg phdq", 36))
    seen = [page.model_copy(update={"is_garbled": True}) for page in read_pdf_text(path, 100, "")]

    slide = read_pdf(path, 100, "", seen).slides[0]

    assert (slide.title, said(slide)) == (None, [])
    assert is_unread(slide, seen[0])
    assert not is_unread(Slide(number=1, read_by="pdf"), Printed(height=1))  # an empty page says nothing


def test_a_pdf_of_thousands_of_pages_is_refused(tmp_path: Path) -> None:
    """A limit, and a message that names it."""
    with pytest.raises(UnusableDrop, match="more than 20 pages"):
        read_pdf(a_pdf(tmp_path / "a.pdf", *[""] * 40), 20, "", [])


def test_the_copy_tells_what_its_own_pages_show(tmp_path: Path) -> None:
    """Of a structure that goes in circles, marks what cannot be, and tells of a page left out, the rest is kept."""
    tagged = PdfWriter(clone_from=a_pdf(tmp_path / "a.pdf", at(60, 40, "Map", 36), at(60, 40, "Hidden", 36)))

    def element(kind: str, alt: str, page: int, *parts: Any) -> Any:
        keys: dict[str, Any] = {"/S": NameObject(kind), "/Alt": TextStringObject(alt), "/K": ArrayObject(parts)}
        keys["/Pg"] = tagged.pages[page].indirect_reference
        return tagged._add_object(DictionaryObject({NameObject(key): value for key, value in keys.items()}))

    first = element("/Figure", "A map of cables", 0, NumberObject(0))
    second = element("/Figure", "A secret map", 1, NumberObject(0))
    whole = element("/Document", "Maps, secret ones too", 0, first, second, NumberObject(10**9))
    whole.get_object()["/K"].append(whole)
    tagged.root_object[NameObject("/StructTreeRoot")] = DictionaryObject({NameObject("/K"): whole})
    tagged.write(tmp_path / "tagged.pdf")

    copy_clean([(tmp_path / "tagged.pdf", [0])], tmp_path / "copy.pdf", "")

    assert "secret" not in repr(PdfWriter(clone_from=tmp_path / "copy.pdf")._objects)
    assert [slide.alt_texts for slide in deck_of(tmp_path / "copy.pdf").slides] == [("A map of cables",)]
    assert deck_of(tmp_path / "tagged.pdf").slides[1].alt_texts == ("A secret map",)


def test_an_item_that_is_indented_belongs_to_the_one_above(tmp_path: Path) -> None:
    """Levels are counted from the left edge of each column; a line without a sign before it is no item."""
    items = ((60, 160, "• Norms"), (90, 190, "– of restraint"), (120, 220, "• in peace"), (60, 250, "• Laws"))
    column = ((420, 160, "• Bodies"), (450, 190, "– of the UN"), (420, 250, "and others besides"))
    content = "".join(at(left, top, text) for left, top, text in (*items, *column))

    slide = deck_of(a_pdf(tmp_path / "a.pdf", at(60, 40, "Rules", 36) + content)).slides[0]

    assert [(line.level, line.text) for line in slide.body] == [
        (0, "Norms"),
        (1, "of restraint"),
        (2, "in peace"),
        (0, "Laws"),
        (0, "Bodies"),
        (1, "of the UN"),
        (0, "and others besides"),
    ]
