"""Reads a PDF with pypdf, and makes the clean copy that readers may download; both in a limited child."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from digest.errors import UnusableDrop
from digest.model.deck import Deck, Slide
from digest.slides.text import LONGEST_TITLE, bare, clean, furniture, is_safe, lines, links

DROPPED = ("/AA", "/Metadata", "/PieceInfo", "/StructParents", "/Thumb", "/B", "/Tabs", "/LastModified", "/AF")
Sized = tuple[float, str]  # size of the letters in points, and a line


def read_pdf(path: Path, most: int, password: str) -> Deck:
    """Return what each page says. Raises UnusableDrop where it cannot be opened or has too many pages."""
    reader = _opened(path, password)
    pages = _pages(reader, path, most)
    texts = [_sized_lines(page) for page in pages]
    repeated = furniture([[line for _, line in text] for text in texts])
    slides = tuple(
        _slide(number, page, [line for line in text if bare(line[1]) not in repeated])
        for number, (page, text) in enumerate(zip(pages, texts, strict=True), start=1)
    )
    empty = sum(not slide.title and not slide.body for slide in slides)
    remarks = (f"{empty} of {len(slides)} pages hold no text that can be read.",) if empty else ()
    return Deck(slides=slides, remarks=remarks)


def count_pages(path: Path, most: int, password: str) -> int:
    """Return how many pages there are. Raises UnusableDrop as read_pdf does."""
    return len(_pages(_opened(path, password), path, most))


def copy_clean(path: Path, to: Path, indexes: list[int], password: str) -> bool:
    """Write the pages of these indexes without notes, comments, forms, scripts, attachments or metadata."""
    from pypdf import PdfWriter
    from pypdf.generic import ArrayObject, NameObject

    reader, writer = _opened(path, password), PdfWriter()
    for index in indexes:
        page = reader.pages[index]
        kept = ArrayObject(note for note in page.get("/Annots") or () if _is_plain_link(note.get_object()))
        page[NameObject("/Annots")] = kept
        for key in DROPPED:
            page.pop(key, None)
        writer.add_page(page)
    writer.metadata = None
    writer.compress_identical_objects()
    with to.open("wb") as file:
        writer.write(file)
    return True


def _opened(path: Path, password: str) -> Any:
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    try:
        reader = PdfReader(path, strict=False)
        if reader.is_encrypted and not reader.decrypt(password):
            raise UnusableDrop(
                "The PDF is protected with a password.",
                file=path.name,
                remedy='Write deck_password = "…" into event.toml, or save a copy without one.',
            )
    except (PyPdfError, ValueError, KeyError, TypeError, RecursionError, OSError) as error:
        raise UnusableDrop(
            f"The PDF is damaged ({type(error).__name__}).",
            file=path.name,
            remedy="Export it anew from the presentation.",
        ) from error
    return reader


def _pages(reader: Any, path: Path, most: int) -> list[Any]:
    """Return the pages, never trusting the number that the file claims."""
    found = list[Any]()
    try:
        for page in reader.pages:
            found.append(page)
            if len(found) > most:
                break
    except Exception as error:  # pypdf raises nearly anything on a page tree that loops
        raise UnusableDrop(
            f"The PDF is damaged ({type(error).__name__}).",
            file=path.name,
            remedy="Export it anew from the presentation.",
        ) from error
    if len(found) > most:
        raise UnusableDrop(f"The PDF has more than {most} pages.", file=path.name, remedy="Put only the slides there.")
    return found


def _sized_lines(page: Any) -> list[Sized]:
    """Return the lines of a page, each with the size of its largest letters; nothing where it cannot be read."""
    found: list[Sized] = [(0.0, "")]

    def visit(text: str, _cm: Any, matrix: Any, _font: Any, size: float) -> None:
        height = abs(float(size or 0) * float(matrix[3] or matrix[1] or 1))
        for at, part in enumerate(text.split("\n")):
            if at:
                found.append((0.0, ""))
            if part.strip():
                found[-1] = (max(found[-1][0], height), found[-1][1] + part)

    try:
        page.extract_text(visitor_text=visit)
    except Exception:  # noqa: BLE001  # one page that pypdf cannot read does not lose the others
        return []
    return [(size, line) for size, text in found if (line := clean(text)) and not line.isdigit()]


def _slide(number: int, page: Any, text: Sequence[Sized]) -> Slide:
    largest = max((size for size, _ in text), default=0.0)
    at = next((i for i, (size, _) in enumerate(text) if size >= largest * 0.95), None)
    end = at
    while end is not None and end < len(text) and text[end][0] >= largest * 0.95 and end - (at or 0) < 2:  # noqa: PLR2004
        end += 1
    title = " ".join(line for _, line in text[at:end]) if at is not None else ""
    body = [line for i, (_, line) in enumerate(text) if at is None or end is None or not at <= i < end]
    return Slide(
        number=number,
        title=clean(title, LONGEST_TITLE) or None,
        body=lines((0, line) for line in body),
        links=links(_links(page)),
        read_by="pdf",
    )


def _links(page: Any) -> Iterator[tuple[str, str]]:
    try:
        for note in page.get("/Annots") or ():
            action = note.get_object().get("/A")
            target = action.get_object().get("/URI") if action else None
            if target:
                yield str(target), str(target)
    except (AttributeError, KeyError, TypeError, ValueError):
        return


def _is_plain_link(note: Any) -> bool:
    action = note.get("/A")
    target = action.get_object().get("/URI") if action else None
    return note.get("/Subtype") == "/Link" and "/AA" not in note and bool(target) and is_safe(str(target))
