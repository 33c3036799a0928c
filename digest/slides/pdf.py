"""Reads a PDF with pypdf, and makes the clean copy that readers may download; both in a limited child."""

import math
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from digest.errors import UnusableDrop
from digest.model.deck import Deck, Slide
from digest.slides.text import LONGEST_TITLE, bare, clean, furniture, is_safe, lines, links, shortened

# What a page of the copy keeps; whatever else hangs on a page may lead to a hidden one, a script or an attachment.
PAGE_KEYS = {"/Type", "/MediaBox", "/CropBox", "/Rotate", "/UserUnit", "/Group", "/Contents", "/Resources"}
RESOURCES = {"/ColorSpace", "/ExtGState", "/Font", "/Pattern", "/ProcSet", "/Properties", "/Shading", "/XObject"}
PRIVATE = ("/Metadata", "/PieceInfo", "/AF", "/OPI", "/LastModified", "/Thumb")  # of any object
NEARLY_LARGEST = 0.95  # of the largest letters: still the title
TITLE_LINES = 2
Sized = tuple[float, str]  # size of the letters in points, and a line


def read_pdf(path: Path, most: int, password: str) -> Deck:
    """Return what each page says. Raises UnusableDrop where it cannot be opened or has too many pages."""
    reader = _opened(path, password)
    pages = _pages(reader, path, most)
    texts = [_sized_lines(page) for page in pages]
    repeated = furniture([[line for _, line in text] for text in texts])
    slides = tuple(
        _slide(number, page, _content(text, repeated))
        for number, (page, text) in enumerate(zip(pages, texts, strict=True), start=1)
    )
    return Deck(slides=slides, remarks=tuple(_remarks(slides)))


def _remarks(slides: Sequence[Slide]) -> Iterator[str]:
    if not slides:
        yield "The PDF has no pages."
    if empty := sum(not slide.title and not slide.body for slide in slides):
        yield f"{empty} of {len(slides)} pages hold no text that can be read."
    yield from shortened(slides)


def count_pages(path: Path, most: int, password: str) -> int:
    """Return how many pages there are. Raises UnusableDrop as read_pdf does."""
    return len(_pages(_opened(path, password), path, most))


def copy_clean(path: Path, to: Path, indexes: list[int], password: str) -> bool:
    """Write the pages of these indexes without notes, comments, forms, scripts, attachments or metadata.

    Of all annotations only links to the web are left, written anew. Raises UnusableDrop where that cannot be done.
    """
    from pypdf import PdfWriter
    from pypdf.annotations import Link

    try:
        reader, writer = _opened(path, password), PdfWriter()
        _refuse_hidden_layers(reader, path)
        for index in indexes:
            page = reader.pages[index]
            found = list(_targets(page))
            _strip(page)
            writer.add_page(page)
            for rectangle, target in found:
                writer.add_annotation(len(writer.pages) - 1, Link(rect=rectangle, url=target))
        writer.metadata = None
        writer.compress_identical_objects()
        with to.open("wb") as file:
            writer.write(file)
    except UnusableDrop:
        raise
    except Exception as error:  # pypdf raises nearly anything on what was made to do harm
        raise UnusableDrop("Its pages cannot be copied.", file=path.name, remedy="Export it anew.") from error
    return True


def _refuse_hidden_layers(reader: Any, path: Path) -> None:
    """Raise UnusableDrop where there is content that its author hid: the copy would show it."""
    if _held(_held(reader.root_object, "/OCProperties"), "/D").get("/OFF"):
        raise UnusableDrop("It has layers that are switched off.", file=path.name, remedy="Export it flat.")


def _targets(page: Any) -> Iterator[tuple[tuple[float, float, float, float], str]]:
    """Yield rectangle and target of each link to the web."""
    for note in (each.get_object() for each in _held(page, "/Annots")):
        action = _held(note, "/A")
        target = str(action.get("/URI", ""))
        if note.get("/Subtype") == "/Link" and action.get("/S") == "/URI" and is_safe(target):
            x0, y0, x1, y1 = map(float, note["/Rect"])
            yield (x0, y0, x1, y1), target


def _held(holder: Any, key: str) -> Any:
    """Return what stands under a key, itself and not a reference to it; an empty dictionary where nothing does."""
    return holder[key] if key in holder else {}  # noqa: SIM401  # pypdf resolves references on [], not on get()


def _strip(page: Any) -> None:
    """Leave on a page nothing but what it takes to draw it."""
    for key in set(page) - PAGE_KEYS:
        del page[key]
    resources = _held(page, "/Resources")
    for key in set(resources) - RESOURCES:
        del resources[key]
    seen, waiting = set[int](), [resources]
    while waiting:
        held = waiting.pop().get_object()
        if id(held) in seen or not isinstance(held, (dict, list)):
            continue
        seen.add(id(held))
        if isinstance(held, dict):
            for key in PRIVATE:
                held.pop(key, None)
        waiting += held.values() if isinstance(held, dict) else held


def _opened(path: Path, password: str) -> Any:
    from pypdf import PdfReader
    from pypdf.errors import DependencyError, PyPdfError

    try:
        reader = PdfReader(path, strict=False)
        if reader.is_encrypted and not any(reader.decrypt(known) for known in (password, "")):
            raise UnusableDrop(
                "The PDF is protected with a password.",
                file=path.name,
                remedy='Write deck_password = "…" into event.toml, or save a copy without one.',
            )
    except (
        *(PyPdfError, DependencyError, NotImplementedError, RecursionError),
        *(ValueError, LookupError, TypeError, AttributeError, OSError),
    ) as error:
        raise _damaged(path) from error
    return reader


def _damaged(path: Path) -> UnusableDrop:
    return UnusableDrop("The PDF is damaged.", file=path.name, remedy="Export it anew from the presentation.")


def _pages(reader: Any, path: Path, most: int) -> list[Any]:
    """Return the pages, never trusting the number that the file claims."""
    found = list[Any]()
    try:
        for page in reader.pages:
            found.append(page)
            if len(found) > most:
                break
    except Exception as error:  # pypdf raises nearly anything on a page tree that loops
        raise _damaged(path) from error
    if len(found) > most:
        raise UnusableDrop(f"The PDF has more than {most} pages.", file=path.name, remedy="Put only the slides there.")
    return found


def _sized_lines(page: Any) -> list[Sized]:
    """Return the lines of a page, each with the size of its largest letters; nothing where it cannot be read."""
    found: list[Sized] = [(0.0, "")]

    def visit(text: str, around: Any, matrix: Any, _font: Any, size: float) -> None:
        height = float(size or 0) * math.hypot(matrix[1], matrix[3]) * math.hypot(around[1], around[3])
        for at, part in enumerate(text.split("\n")):
            if at:
                found.append((0.0, ""))
            if part.strip():
                found[-1] = (max(found[-1][0], height), found[-1][1] + part)

    try:
        page.extract_text(visitor_text=visit)
    except Exception:  # noqa: BLE001  # one page that pypdf cannot read does not lose the others
        return []
    return [(size, line) for size, text in found if (line := clean(text))]


def _content(text: Sequence[Sized], repeated: set[str]) -> list[Sized]:
    """Return the lines without headers and footers; what stands in the largest letters is neither."""
    largest = max((size for size, _ in text), default=0.0)
    return [(size, line) for size, line in text if size >= largest * NEARLY_LARGEST or bare(line) not in repeated]


def _slide(number: int, page: Any, text: Sequence[Sized]) -> Slide:
    """Return a slide whose title is the first line in the largest letters, with the next one if as large."""
    sizes = [size for size, _ in text]
    large = [at for at, size in enumerate(sizes) if size >= max(sizes) * NEARLY_LARGEST]
    titled = [at for at in large if at - large[0] < TITLE_LINES]
    title = " ".join(text[at][1] for at in titled)
    body = [line for at, (_, line) in enumerate(text) if at not in titled]
    return Slide(
        number=number,
        title=clean(title, LONGEST_TITLE) or None,
        body=lines((0, line) for line in body),
        links=links(_links(page)),
        read_by="pdf",
    )


def _links(page: Any) -> Iterator[tuple[str, str]]:
    try:
        yield from ((target, target) for _, target in _targets(page))
    except Exception:  # noqa: BLE001  # as above: links that pypdf cannot read lose nothing else
        return
