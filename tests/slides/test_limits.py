"""A PDF that never ends to be drawn is stopped, and staff read which limit it went over."""

from pathlib import Path

import pytest
from pypdf import PdfWriter
from pypdf.generic import ArrayObject, DecodedStreamObject, DictionaryObject, FloatObject, NameObject

from digest.settings import SlidesSettings
from digest.slides import pages, read, reading, render
from tests.slides.drops import taken

LIMIT = "used more than 2 seconds of processor time and was ended"


def forms_in_forms(path: Path, *, levels: int = 12, each: int = 8) -> Path:
    """Write a PDF whose page draws a form that draws another one so many times, and so on: 8 to the 12th in all."""
    writer = PdfWriter()
    page = writer.add_blank_page(720, 540)
    form = writer._add_object(_a_form(b"0 0 1 1 re f", {}))
    for _ in range(levels):
        form = writer._add_object(_a_form(b"/F Do " * each, {NameObject("/F"): form}))
    stream = DecodedStreamObject()
    stream.set_data(b"/F Do")
    page[NameObject("/Contents")] = writer._add_object(stream)
    page[NameObject("/Resources")] = DictionaryObject(
        {NameObject("/XObject"): DictionaryObject({NameObject("/F"): form})}
    )
    writer.write(path)
    return path


def _a_form(content: bytes, inner: dict[NameObject, object]) -> DecodedStreamObject:
    form = DecodedStreamObject()
    form.set_data(content)
    form[NameObject("/Type")], form[NameObject("/Subtype")] = NameObject("/XObject"), NameObject("/Form")
    form[NameObject("/BBox")] = ArrayObject(map(FloatObject, (0, 0, 720, 540)))
    form[NameObject("/Resources")] = DictionaryObject({NameObject("/XObject"): DictionaryObject(inner)})
    return form


def test_forms_in_forms_are_stopped_with_the_limit_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither reading nor drawing goes on for ever, and both remarks say what was too much."""
    monkeypatch.setattr(reading, "PDFIUM_SECONDS", 2.0)
    monkeypatch.setattr(pages, "PAGE_SECONDS", 2.0)
    source, root = tmp_path / "staff", tmp_path / "w"
    source.mkdir()
    forms_in_forms(source / "slides.pdf")
    (into := root / "pages").mkdir(parents=True)
    drop = taken(source, root)

    deck = read(drop, SlidesSettings(), root=root)
    drawn = render(drop, deck, SlidesSettings(seconds_limit=2), root=root, into=into)

    assert any(LIMIT in remark for remark in deck.remarks)
    assert any(remark.startswith("Slide 1 could not be drawn") and LIMIT in remark for remark in drawn.remarks)
    assert drawn.pages == ()
