"""Drops with a deck, made for a test."""

import zipfile
from pathlib import Path

from pptx import Presentation
from pptx.util import Inches
from pypdf import PdfWriter
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject

from digest.model.drop import Drop, DroppedFile
from digest.store.files import file_sha256


def taken(source: Path, root: Path, *names: str) -> Drop:
    """Return a drop whose deck is the presentation in a folder, and its pictures the PDF beside it."""
    files = [source / name for name in names] or sorted((*source.glob("*.pptx"), *source.glob("*.pdf")))
    decks = [path for path in files if path.suffix != ".pdf"] or files
    return Drop(
        slug="test",
        folder=source.name,
        files=tuple(_copied(path, root, "deck" if path in decks else "pictures") for path in files),
    )


def _copied(path: Path, root: Path, role: str) -> DroppedFile:
    to = root / "drop" / f"{role}{path.suffix}"
    to.parent.mkdir(exist_ok=True)
    to.write_bytes(path.read_bytes())
    return DroppedFile.model_validate(
        {
            "path": f"drop/{to.name}",
            "sha256": file_sha256(to),
            "size": to.stat().st_size,
            "name": path.name,
            "role": role,
        }
    )


def with_password(drop: Drop, root: Path, password: str) -> Drop:
    """Return the drop with an event.toml that holds the deck's password."""
    (root / "drop" / "event.toml").write_text(f'deck_password = "{password}"\n', encoding="utf-8")
    told = drop.files[0].model_copy(update={"path": "drop/event.toml", "role": "event", "name": "event.toml"})
    return drop.model_copy(update={"files": (*drop.files, told)})


def a_pptx(path: Path) -> Path:
    """Write a deck of three slides: text with levels, links and notes; a table; a hidden one."""
    deck = Presentation()
    first = deck.slides.add_slide(deck.slide_layouts[1])
    first.shapes.title.text = "Norms of restraint"
    frame = first.placeholders[1].text_frame
    frame.text = "States do not attack CERTs"
    under = frame.add_paragraph()
    under.text, under.level = "nor their networks", 1
    for text, target in (("the report", "https://example.org/report"), ("a trap", "javascript:alert(1)")):
        run = frame.add_paragraph().add_run()
        run.text, run.hyperlink.address = text, target
    first.notes_slide.notes_text_frame.text = "Say this slowly."
    second = deck.slides.add_slide(deck.slide_layouts[5])
    second.shapes.title.text = "Who agrees"
    table = second.shapes.add_table(2, 2, Inches(1), Inches(2), Inches(6), Inches(1)).table
    for at, text in enumerate(("Forum", "Year", "OSCE", "2016")):
        table.cell(at // 2, at % 2).text = text
    hidden = deck.slides.add_slide(deck.slide_layouts[5])
    hidden.shapes.title.text = "Not for readers"
    hidden._element.set("show", "0")  # python-pptx has no name for it
    deck.save(str(path))
    return path


def a_pdf(path: Path, *pages: str, outline: tuple[str, ...] = (), width: float = 720, creator: str = "") -> Path:
    """Write a PDF of 720 by 540 points, a page for each content stream; font /F is Helvetica.

    `outline` are the titles of the pages in the table of contents.
    """
    writer = PdfWriter()
    font = {"/Type": "/Font", "/Subtype": "/Type1", "/BaseFont": "/Helvetica", "/Encoding": "/WinAnsiEncoding"}
    named = DictionaryObject({NameObject(key): NameObject(value) for key, value in font.items()})
    fonts = DictionaryObject({NameObject("/F"): writer._add_object(named)})
    for content in pages:
        page, stream = writer.add_blank_page(width, 540), DecodedStreamObject()
        stream.set_data(content.encode("cp1252"))
        page[NameObject("/Resources")] = DictionaryObject({NameObject("/Font"): fonts})
        page[NameObject("/Contents")] = writer._add_object(stream)
    for at, title in enumerate(outline):
        writer.add_outline_item(title=title, page_number=at)
    if creator:
        writer.add_metadata({"/Creator": creator})
    writer.write(path)
    return path


def at(left: float, top: float, text: str, size: float = 18, *, how: str = "") -> str:
    """Return the part of a content stream that writes a line so far from the left and from the top of the page."""
    return f"BT /F {size} Tf {how} 1 0 0 1 {left} {540 - top - size} Tm ({text}) Tj ET\n"


def packed_again(path: Path, to: Path, **changed: bytes | None) -> Path:
    """Write a copy of a zip with parts changed (by name, slashes as two underscores), or left out where None."""
    parts = {name.replace("__", "/"): content for name, content in changed.items()}
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(to, "w", zipfile.ZIP_DEFLATED) as copy:
        for entry in source.infolist():
            content = parts.pop(entry.filename, source.read(entry))
            if content is not None:
                copy.writestr(entry.filename, content)
        for name, content in parts.items():
            if content is not None:
                copy.writestr(name, content)
    return to
