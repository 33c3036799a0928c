"""Pictures of the visible slides, and a PDF that gives away nothing."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pypdf
import pytest
from PIL import Image
from pptx import Presentation
from pypdf.annotations import FreeText, Link
from pypdf.generic import DictionaryObject, NameObject, TextStringObject

from digest.model.deck import Deck, Pages
from digest.sandbox import Limits
from digest.settings import SlidesSettings
from digest.slides import read, render
from digest.slides.drawing import Drawn, Job
from digest.slides.fonts import fonts_of, missing_fonts
from tests.slides.drops import a_pdf, a_pptx, at, taken


def drawn(source: Path, root: Path, *names: str, settings: SlidesSettings | None = None) -> tuple[Deck, Pages, Path]:
    """Return deck, pages and the folder with the pictures."""
    settings = settings or SlidesSettings()
    drop, into = taken(source, root, *names), root / "pages"
    into.mkdir()
    deck = read(drop, settings, root=root)
    return deck, render(drop, deck, settings, root=root, into=into), into


def draw_for_ever(job: Job) -> list[Drawn]:
    """Draw as forms nested into each other make PDFium do."""
    while job:
        pass
    return []


def a_photo(path: Path) -> str:
    """Write a large JPEG, blue on the left and red on the right, in which a camera wrote its owner's name."""
    photo, exif = Image.new("RGB", (6400, 2000), "blue"), Image.Exif()
    photo.paste("red", (3200, 0, 6400, 2000))
    exif[0xA430] = "Somebody Private"
    photo.save(path, "JPEG", exif=exif)
    return str(path)


def structure(catalog: Any) -> Iterator[tuple[str, str]]:
    """Yield kind and alternative text of each element of a PDF's structure."""
    waiting = [catalog["/StructTreeRoot"]]
    while waiting:
        held = waiting.pop().get_object()
        if "/S" in held:
            yield str(held["/S"]), str(held.get("/Alt", ""))
        parts = held["/K"] if "/K" in held else []  # noqa: SIM401  # pypdf resolves references on [], not on get()
        waiting += filter(_is_element, parts if isinstance(parts, list) else [parts])


def _is_element(part: Any) -> bool:
    held = part.get_object()
    return isinstance(held, dict) and "/MCID" not in held


def test_each_visible_slide_has_its_picture(tmp_path: Path) -> None:
    """1600 and 480 pixels wide, WebP, from the organiser's PDF."""
    deck, pages, into = drawn(Path("recordings/demo"), tmp_path)

    assert [page.number for page in pages.pages] == [slide.number for slide in deck.visible()]
    for page in pages.pages:
        assert page.image.width == 1600
        assert page.thumbnail.width == 480
        with Image.open(into / Path(page.image.path).name) as image:
            assert (image.format, image.size) == ("WEBP", (page.image.width, page.image.height))
    assert not pages.remarks


def test_libreoffice_draws_a_deck_without_a_pdf(tmp_path: Path) -> None:
    """Hidden slides are in no picture, nor in the PDF to download, which tells what the pictures on others show."""
    presentation = Presentation(str(a_pptx(tmp_path / "slides.pptx")))
    for slide, alt in ((presentation.slides[1], "A ship that lays cables"), (presentation.slides[2], "A secret map")):
        shape = slide.shapes.add_picture(a_photo(tmp_path / "photo.jpg"), 0, 0, presentation.slide_width)
        shape._element.nvPicPr.cNvPr.set("descr", alt)
    presentation.save(str(tmp_path / "slides.pptx"))
    (tmp_path / "a").mkdir()
    deck, pages, into = drawn(tmp_path, tmp_path / "a")

    assert [page.number for page in pages.pages] == [1, 2]
    assert len(deck.slides) == 3
    assert pages.pdf
    text = "".join(page.extract_text() for page in pypdf.PdfReader(into / "slides.pdf").pages)
    assert "Norms of restraint" in text
    assert "Not for readers" not in text
    assert "Say this slowly" not in text
    told = list(structure(pypdf.PdfReader(into / "slides.pdf").root_object))
    assert ("/Figure", "A ship that lays cables") in told
    assert {"/Document", "/Table", "/TD"} <= {kind for kind, _ in told}
    assert "A secret map" not in {alt for _, alt in told}


def test_fonts_that_are_not_here_are_named(tmp_path: Path) -> None:
    """The font of a run that no machine has; Calibri counts as here where Carlito is."""
    presentation = Presentation(str(a_pptx(tmp_path / "slides.pptx")))
    for slide, name in zip(presentation.slides, ("No Such Font", "Calibri", "Hidden Font"), strict=True):
        slide.shapes.title.text_frame.paragraphs[0].runs[0].font.name = name
    presentation.save(str(tmp_path / "slides.pptx"))

    assert fonts_of(tmp_path / "slides.pptx") == ["Calibri", "No Such Font"]
    assert "No Such Font" in missing_fonts(tmp_path / "slides.pptx", Limits(seconds=60))
    assert "Arial" not in missing_fonts(tmp_path / "slides.pptx", Limits(seconds=60))


def test_the_pdf_to_download_gives_away_nothing(tmp_path: Path) -> None:
    """Comments, scripts, attachments and metadata are gone; plain web links stay."""
    writer = pypdf.PdfWriter(clone_from="recordings/demo/slides.pdf")
    writer.add_metadata({"/Author": "Somebody Private"})
    script = DictionaryObject(
        {NameObject("/S"): NameObject("/JavaScript"), NameObject("/JS"): TextStringObject("app.alert(1)")}
    )
    writer.root_object[NameObject("/OpenAction")] = script
    writer.add_attachment("secret.txt", b"a secret")
    writer.add_annotation(0, FreeText(text="a private comment", rect=(50, 50, 200, 100)))
    writer.add_annotation(0, Link(rect=(50, 50, 60, 60), url="https://example.org/kept"))
    page = writer.pages[1]
    page[NameObject("/PieceInfo")] = TextStringObject("an editor's private data")
    writer.write(tmp_path / "slides.pdf")
    (tmp_path / "a").mkdir()

    _, pages, into = drawn(tmp_path, tmp_path / "a", "slides.pdf")

    assert pages.pdf
    whole = pypdf.PdfWriter(clone_from=into / "slides.pdf")
    for stream in whole._objects:  # every object of the file, compressed ones too
        said = repr(stream)
        for secret in ("Somebody Private", "app.alert", "a secret", "private comment", "private data"):
            assert secret not in said
    assert "https://example.org/kept" in repr(whole._objects)


def test_a_pdf_of_another_deck_is_not_guessed_at(tmp_path: Path) -> None:
    """Where the numbers of pages do not fit, the deck itself is drawn and the remark says why."""
    a_pptx(tmp_path / "slides.pptx")
    (tmp_path / "slides.pdf").write_bytes(Path("recordings/demo/slides.pdf").read_bytes())
    (tmp_path / "a").mkdir()

    _, pages, _ = drawn(tmp_path, tmp_path / "a", "slides.pptx", "slides.pdf")

    assert [page.number for page in pages.pages] == [1, 2]
    assert "7 pages and the deck 2 visible slides" in pages.remarks[0]


def test_without_libreoffice_slides_are_text_and_their_pictures(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No failure: what stands on visible slides is taken as cropped there, and a remark says what is missing."""
    presentation = Presentation(str(a_pptx(tmp_path / "slides.pptx")))
    for slide in (presentation.slides[0], presentation.slides[2]):
        shape = slide.shapes.add_picture(a_photo(tmp_path / "photo.jpg"), 0, 0, presentation.slide_width)
        shape.crop_right = 0.5
        shape._element.nvPicPr.cNvPr.set("descr", "A ship that lays cables")
    presentation.save(str(tmp_path / "slides.pptx"))
    (tmp_path / "a").mkdir()
    bare = tmp_path / "bin"
    bare.mkdir()
    for program in ("prlimit", "setpriv", "unshare", "true"):
        (bare / program).symlink_to(Path("/usr/bin") / program)
    monkeypatch.setenv("PATH", str(bare))

    _, pages, into = drawn(tmp_path, tmp_path / "a", "slides.pptx")

    assert pages.pages == ()
    (part,) = pages.parts  # slide 3 is hidden
    assert (part.number, part.alt, part.width, part.height) == (1, "A ship that lays cables", 1600, 1000)
    with Image.open(into / Path(part.path).name) as picture:
        assert picture.format == "WEBP"
        assert not picture.getexif()
        assert np.asarray(picture)[500, 1500, 2] > 200  # blue: only the red half is cropped away
    assert "soffice" in pages.remarks[0]
    assert "shown as text" in pages.remarks[-1]


def test_pages_that_are_not_drawn_are_named_with_the_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A PDF made to draw for ever: after three pages the others are not tried, and editors read all of it."""
    (tmp_path / "pdf").mkdir()
    a_pdf(tmp_path / "pdf" / "slides.pdf", *(at(60, 40, f"Norm {number}", 36) for number in range(5)))
    drop, into = taken(tmp_path / "pdf", tmp_path), tmp_path / "pages"
    into.mkdir()
    deck = read(drop, SlidesSettings(), root=tmp_path)
    monkeypatch.setattr("digest.slides.pages.draw", draw_for_ever)
    monkeypatch.setattr("digest.slides.pages.PAGE_SECONDS", 1.0)

    remarks = render(drop, deck, SlidesSettings(seconds_limit=2), root=tmp_path, into=into).remarks

    assert any("1, 2, 3 could not be drawn" in one and "1 seconds of processor time" in one for one in remarks), remarks
    assert any("slide 4, 5 is shown as text" in one for one in remarks)


def test_a_page_without_measure_is_bounded(tmp_path: Path) -> None:
    """A page of 200,000 points would ask for gigabytes: its picture stays small."""
    writer = pypdf.PdfWriter()
    writer.add_blank_page(200_000, 100_000)
    writer.add_blank_page(14_400, 1)
    writer.write(tmp_path / "slides.pdf")
    (tmp_path / "a").mkdir()

    _, pages, _ = drawn(tmp_path, tmp_path / "a", "slides.pdf")

    assert all(page.image.width * page.image.height <= 8_100_000 for page in pages.pages)
    assert len(pages.pages) == 2
