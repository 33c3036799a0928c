"""Slides with notes beside them: editors read the notes, readers get neither their words nor their picture."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from digest.model.deck import Deck, Pages
from digest.settings import SlidesSettings
from digest.slides import read, render
from tests.slides.drops import a_pdf, at, taken

TITLES = ("Norms of restraint", "Critical infrastructure", "Reports and reviews")
BLACK = "0 0 0 rg 1100 100 200 200 re f\n"  # right of the middle


def with_notes(title: str, note: str, *, small: bool = True) -> str:
    """Return a page of 1440 by 540 points: a slide, and beside it the slide in small with what the speaker says."""
    slide = at(60, 40, title, 40) + at(60, 200, f"What {title} asks", 24)
    again = at(1200, 20, title, 10) + at(1200, 60, f"What {title} asks", 6) if small else ""
    return slide + again + at(760, 300, note, 14) + BLACK


def made(folder: Path, *pages: str, creator: str = "") -> tuple[Deck, Pages, Path]:
    """Return deck, pages and pictures of a PDF twice as wide as a slide."""
    a_pdf(folder / "slides.pdf", *pages, width=1440, creator=creator)
    (root := folder / "w").mkdir()
    (into := root / "pages").mkdir()
    drop = taken(folder, root)
    deck = read(drop, SlidesSettings(), root=root)
    return deck, render(drop, deck, SlidesSettings(), root=root, into=into), root


@pytest.mark.parametrize(("creator", "small"), [("LaTeX with Beamer class", False), ("", True)])
def test_notes_beside_slides_are_for_editors(tmp_path: Path, creator: str, small: bool) -> None:
    """The left half is the slide, in words and picture; a copy of the file would hold the notes, so there is none."""
    notes = [f"Tell the story of number {number}" for number, _ in enumerate(TITLES)]
    pages = [with_notes(title, note, small=small) for title, note in zip(TITLES, notes, strict=True)]

    deck, drawn, root = made(tmp_path, *pages, creator=creator)

    assert [slide.title for slide in deck.slides] == [*TITLES]
    assert [[line.text for line in slide.body] for slide in deck.slides] == [[f"What {title} asks"] for title in TITLES]
    assert [slide.notes for slide in deck.slides] == notes
    assert (drawn.pages[0].image.width, drawn.pages[0].image.height) == (1600, 1200)
    picture = np.asarray(Image.open(root / drawn.pages[0].image.path).convert("L"))
    assert picture[900:1000, 800:].min() > 200  # where the black box stands on the notes' side
    assert drawn.pdf is None
    assert any("readers get neither them nor this PDF" in remark for remark in deck.remarks)


@pytest.mark.parametrize("across", [True, False])
def test_a_wide_slide_is_one_slide(tmp_path: Path, across: bool) -> None:
    """A deck for a wall of screens keeps its right half, whether its titles run across the middle or not."""
    left = 560 if across else 60
    pages = [at(left, 40, f"{title} for everybody", 40) + at(900, 300, f"Right {title[:5]}", 24) for title in TITLES]

    deck, drawn, _ = made(tmp_path, *pages)

    assert [slide.body[0].text for slide in deck.slides] == [f"Right {title[:5]}" for title in TITLES]
    assert {slide.notes for slide in deck.slides} == {""}
    assert drawn.pages[0].image.width > 2 * drawn.pages[0].image.height
    assert drawn.pdf is not None
