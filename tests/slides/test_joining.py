"""Several presentations as one deck: numbers that run on, each slide naming where it comes from."""

from pathlib import Path

import pypdf
import pytest

from digest.errors import UnusableDrop
from digest.intake import look, take_in
from digest.model.deck import Deck, Pages
from digest.model.drop import Drop
from digest.settings import SlidesSettings
from digest.slides import read, render
from tests import truth as t
from tests.intake.drops import a_folder, taken
from tests.slides.drops import a_pdf, a_pptx, at

NORMS = (
    "Norms of restraint",
    "States spare hospitals",
    "Critical infrastructure stays untouched",
    "Reports every year",
)
LAW = ("Law of armed conflict", "Proportionality limits attacks", "Courts assess evidence", "Treaties bind signatories")


def pages(*titles: str) -> list[str]:
    """Return pages with a title and lines enough to know a deck by."""
    words = ("alpha", "bravo", "carol", "delta", "echoes")
    return [
        at(40, 40, title, 40)
        + "".join(at(40, 150 + 40 * n, f"{word}{title[:4].strip()} {title}") for n, word in enumerate(words))
        for title in titles
    ]


def read_from(folder: Path, root: Path) -> tuple[Drop, Deck]:
    """Return what a run takes in of a folder, and what its slides say."""
    drop = taken(folder, root)
    return drop, read(drop, SlidesSettings(), root=root)


def drawn_from(folder: Path, root: Path) -> tuple[Deck, Pages, Path]:
    """Return deck and pages of a folder, and where the pictures lie."""
    (drop, deck), into = read_from(folder, root), root / "pages"
    into.mkdir()
    return deck, render(drop, deck, SlidesSettings(), root=root, into=into), into


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder of staff with a recording."""
    return a_folder(tmp_path)


def test_numbers_run_on_and_each_slide_names_its_deck(folder: Path, tmp_path: Path) -> None:
    """Two PDFs are one deck with seven slides, seven pictures and one PDF to download."""
    a_pdf(folder / "1.pdf", *pages(*NORMS))
    a_pdf(folder / "2.pdf", *pages(*LAW[:3]))

    deck, drawn, into = drawn_from(folder, tmp_path / "w")

    assert [(slide.number, slide.title, slide.deck) for slide in deck.slides] == [
        *((number, title, NORMS[0]) for number, title in enumerate(NORMS, start=1)),
        *((number, title, LAW[0]) for number, title in enumerate(LAW[:3], start=5)),
    ]
    assert [(one.name, one.slides) for one in deck.presentations] == [("1.pdf", 4), ("2.pdf", 3)]
    assert [page.number for page in drawn.pages] == [1, 2, 3, 4, 5, 6, 7]
    assert len({page.image.sha256 for page in drawn.pages}) == 7
    copy = pypdf.PdfReader(into / "slides.pdf")
    assert [page.extract_text().partition("\n")[0] for page in copy.pages] == [*NORMS, *LAW[:3]]


def test_hidden_slides_of_one_deck_do_not_shift_the_next(folder: Path, tmp_path: Path) -> None:
    """A pptx whose third slide is hidden, then a PDF: its pages are slides 4 to 7."""
    a_pptx(folder / "1.pptx")
    a_pdf(folder / "2.pdf", *pages(*LAW))

    deck, drawn, _ = drawn_from(folder, tmp_path / "w")

    assert [slide.number for slide in deck.visible()] == [1, 2, 4, 5, 6, 7]
    assert [page.number for page in drawn.pages] == [1, 2, 4, 5, 6, 7]


def test_the_same_slides_twice_are_asked_about(folder: Path, tmp_path: Path) -> None:
    """Nobody guesses which of two versions of a deck was shown."""
    a_pdf(folder / "draft.pdf", *pages(*NORMS))
    a_pdf(folder / "final.pdf", *pages(*NORMS[:3], "Thanks"))

    with pytest.raises(UnusableDrop, match=r"“draft\.pdf” and “final\.pdf” hold the same slides") as refused:
        read_from(folder, tmp_path / "w")

    assert "Leave the one that was shown" in refused.value.remedy


def test_a_pdf_of_somebody_else_is_a_deck(folder: Path, tmp_path: Path) -> None:
    """A pptx and a PDF of another name, with other slides: both were shown."""
    a_pptx(folder / "okafor.pptx")
    a_pdf(folder / "lindqvist.pdf", *pages(*LAW))

    _, deck = read_from(folder, tmp_path / "w")

    assert [one.name for one in deck.presentations] == ["lindqvist.pdf", "okafor.pptx"]
    assert len(deck.slides) == len(LAW) + 3


def test_a_pdf_with_as_many_pages_gives_the_pictures(folder: Path, tmp_path: Path) -> None:
    """A translation, page by page, stays the pictures of the deck."""
    a_pptx(folder / "slides.pptx")
    a_pdf(folder / "folien.pdf", *pages(*LAW[:2]))

    _, deck = read_from(folder, tmp_path / "w")

    assert len(deck.slides) == 3
    assert deck.presentations == ()


def test_a_paper_beside_the_slides_is_no_deck(folder: Path, tmp_path: Path) -> None:
    """A concept note, upright as papers are, is remarked and not among the slides."""
    a_pdf(folder / "slides.pdf", *pages(*NORMS))
    paper = pypdf.PdfWriter()
    paper.add_blank_page(595, 842)
    paper.write(folder / "note.pdf")

    deck, drawn, _ = drawn_from(folder, tmp_path / "w")

    assert [slide.number for slide in deck.slides] == [page.number for page in drawn.pages] == [1, 2, 3, 4]
    assert {slide.deck for slide in deck.slides} == {None}
    assert any("note.pdf is not among the slides" in remark for remark in deck.remarks)


def test_gold_panel_is_one_deck(tmp_path: Path) -> None:
    """Both decks of the recorded panel are used."""
    gold = t.gold("cases", "recordings", "panel")
    if gold is None:
        pytest.skip("needs the gold files: set DIGEST_GOLD")
    (tmp_path / "drop").mkdir()
    drop = take_in(look(gold), slug="panel", into=tmp_path / "drop")

    deck = read(drop, SlidesSettings(), root=tmp_path)

    assert [one.name for one in deck.presentations] == ["lindqvist.pdf", "okafor.pdf"]
    assert [slide.number for slide in deck.slides] == list(range(1, len(deck.slides) + 1))
    assert len({slide.deck for slide in deck.slides}) == 2
