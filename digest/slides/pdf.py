"""Reads a PDF, by what PDFium saw of it and by pypdf, and makes the clean copy for readers; both in a limited child."""

import math
import statistics
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from digest.errors import UnusableDrop
from digest.model.deck import Deck, Slide
from digest.slides.beside import has_notes_beside, may_have_notes_beside, split_page
from digest.slides.layout import AS_LARGE, LARGER, SAME_LINE, TITLE_LINES, Piece, lines_of, title_among
from digest.slides.ocr import FEW_LETTERS
from digest.slides.pdf_text import DEVICE, GARBLED, Printed, read_pdf_text
from digest.slides.pptx import FILE_NAME
from digest.slides.structure import Element, Structure, alternatives, structure_of, write_structure
from digest.slides.text import (
    BULLET,
    bare,
    clean,
    furniture,
    lines,
    links,
    plain_links,
    remark_on_cut_text,
    split_title,
)
from digest.text.links import is_safe_link

# What a page of the copy keeps; whatever else hangs on a page may lead to a hidden one, a script or an attachment.
LIBRARIES = ("pypdf.annotations",)  # which the fork server loads once for all children
PAGE_KEYS = {"/Type", "/MediaBox", "/CropBox", "/Rotate", "/UserUnit", "/Group", "/Contents", "/Resources"}
RESOURCES = {"/ColorSpace", "/ExtGState", "/Font", "/Pattern", "/ProcSet", "/Properties", "/Shading", "/XObject"}
# Of any object: what tells of its making, and places in a structure that is written anew.
PRIVATE = ("/Metadata", "/PieceInfo", "/AF", "/OPI", "/LastModified", "/Thumb", "/StructParent", "/StructParents")
HIDDEN_FIELD = 2 | 32  # flags of an annotation: hidden, or no view (ISO 32000-1, table 165)
MIN_LETTERS = 15  # of a page that tells in text what it shows
MANY = 2  # pages, or footers: fewer prove nothing
HANDOUT = 0.6  # of the pages: as many hold several slides, in a handout
MAX_FOOTER = 60  # letters
MARGIN = 0.12  # of a page's height, at the top and at the bottom
SAME_PLACE = 0.02  # of a page's height
SAME_SIZE = 0.05  # of a letter's height: two lines are set alike
USUAL, MIN_ALIKE = 0.3, 4  # of the pages have their title there, and at least so many: the others have it there too
STEP = (0.5, 5.0)  # heights of a letter by which an item is indented under another: more, and less than that
REPEATED = 0.5  # of the pages: what stands in the margins of more is furniture
NOTES_BESIDE = "The speaker's notes stand beside the slides in this PDF: readers get neither them nor this PDF."
Sized = tuple[float, str]  # size of the letters in points, and a line


def read_pdf(path: Path, max_pages: int, password: str, seen: list[Printed]) -> Deck:
    """Return what each page says, by what PDFium saw of it, else by pypdf; links by pypdf.

    `seen` may be empty where PDFium came to no end. Raises UnusableDrop where pypdf cannot open the file, or it has
    too many pages.
    """
    reader = _opened(path, password)
    pages = _pages(reader, path, max_pages)
    is_beside = _are_slides_with_notes(reader, pages, seen)
    seen, notes = _without_notes(seen) if is_beside else (seen, [])
    seen = [*seen, *[Printed(height=DEVICE)] * (len(pages) - len(seen))]
    texts = [_lines_of(*each) for each in zip(pages, seen, strict=False)]
    cells = _cells(seen)
    contents = _contents(texts, [page.height for page in seen[: len(pages)]], is_handout=cells > 1)
    dropped = _furniture_texts(texts, contents)
    titles = _titles(contents, seen)
    slides = tuple(_slide(at + 1, page, contents[at], titles[at], seen[at]) for at, page in enumerate(pages))
    slides = _with_alternatives(slides, alternatives(_structure(reader, pages)))
    slides = tuple(
        slide.model_copy(update={"notes": note}) if note else slide
        for slide, note in zip(slides, [*notes, *[""] * len(slides)], strict=False)
    )
    beside = (NOTES_BESIDE,) if is_beside else ()
    return Deck(slides=slides, remarks=(*_remarks(slides, cells, dropped), *beside))


def _are_slides_with_notes(reader: Any, pages: Sequence[Any], seen: Sequence[Printed]) -> bool:
    """Return whether the speaker's notes stand beside each slide."""
    if not may_have_notes_beside(pages):
        return False
    try:
        creator = str((reader.metadata or {}).get("/Creator", ""))
    except Exception:  # noqa: BLE001  # pypdf raises nearly anything on what was made to do harm
        creator = ""
    return has_notes_beside(creator, seen[: len(pages)])


def _without_notes(seen: Sequence[Printed]) -> tuple[list[Printed], list[str]]:
    """Return the slides' sides of pages, and the notes that stand beside each."""
    slides, notes = list[Printed](), list[str]()
    for page in seen:
        slide, beside = split_page(page)
        own = {line.text for line in slide.pieces}
        slides.append(slide)
        notes.append("\n".join(line.text for line in _cleaned(lines_of(beside)) if line.text not in own))
    return slides, notes


def _with_alternatives(slides: tuple[Slide, ...], found: Iterable[tuple[int, str]]) -> tuple[Slide, ...]:
    """Return the slides with the alternative texts of their pages, each once."""
    texts: dict[int, dict[str, None]] = {}
    for at, text in found:
        if not FILE_NAME.fullmatch(text):
            texts.setdefault(at, {})[text] = None
    return tuple(slide.model_copy(update={"alt_texts": tuple(texts.get(at, ()))}) for at, slide in enumerate(slides))


def is_unread(slide: Slide, page: Printed) -> bool:
    """Say whether a page shows more than its text tells.

    It does where it is scanned, drawn as a picture, in letters without meaning, or has few words beside a picture:
    what is spoken of then stands in the picture (docs/benchmarks.md says what reading it is worth).
    """
    letters = len(slide.title or "") + sum(len(line.text) for line in slide.body)
    if letters < MIN_LETTERS:
        return page.is_drawn or page.is_garbled
    return letters < FEW_LETTERS and page.is_pictured and not page.layer


def _furniture_texts(texts: Sequence[Sequence[Piece]], contents: Sequence[Sequence[Piece]]) -> list[str]:
    """Return what was taken for headers and footers, each text once, without the numbers in it."""
    left = ([line for line in text if line not in kept] for text, kept in zip(texts, contents, strict=True))
    return sorted({bare(line.text) or "page numbers" for lines_left in left for line in lines_left})


def _remarks(slides: Sequence[Slide], cells: int, dropped: Sequence[str]) -> Iterator[str]:
    if not slides:
        yield "The PDF has no pages."
    if cells > 1:
        yield (
            f"Each page of the PDF seems to hold {cells} slides, as a handout does: put the slides there one a page, "
            "else they cannot be told apart."
        )
    if dropped:
        yield f"Left out as header or footer: {', '.join(dropped)}."
    yield from remark_on_cut_text(slides)


def _cells(seen: Sequence[Printed]) -> int:
    """Return how many slides there are on most pages: frames of one slide's shape, or a footer that comes again."""
    if len(seen) < MANY:
        return 1
    counts = [max(page.cells, _times_said(page)) for page in seen]
    usual = sorted(counts, reverse=True)[int(HANDOUT * len(counts))]
    return max(1, usual)


def _times_said(page: Printed) -> int:
    """Return how often each slide's footer stands on a page: at least two lines must come equally often."""
    said = Counter(bare(piece.text) for piece in page.pieces if len(bare(piece.text)) <= MAX_FOOTER)
    times = Counter(many for many in said.values() if many > 1)
    return max((many for many, footers in times.items() if footers >= MANY), default=1)


def pages_of(path: Path, max_pages: int, password: str) -> tuple[int, bool]:
    """Return how many pages there are, and whether notes stand beside their slides. Raises UnusableDrop as read_pdf."""
    reader = _opened(path, password)
    pages = _pages(reader, path, max_pages)
    seen = read_pdf_text(path, max_pages, password) if may_have_notes_beside(pages) else []
    return len(pages), _are_slides_with_notes(reader, pages, seen)


def is_upright(path: Path, max_pages: int, password: str) -> bool:
    """Return whether most pages are higher than wide. Raises UnusableDrop as read_pdf does."""
    pages = _pages(_opened(path, password), path, max_pages)
    return sum(_is_high(page) for page in pages) > len(pages) / 2


def _is_high(page: Any) -> bool:
    try:
        sides = float(page.cropbox.width), float(page.cropbox.height)
        return sides[page.rotation % 180 == 0] > sides[page.rotation % 180 != 0]
    except Exception:  # noqa: BLE001  # an odd page of a shape that is not known
        return False


def copy_clean(sources: list[tuple[Path, list[int]]], to: Path, password: str) -> bool:
    """Write the pages of these indexes without notes, comments, forms, scripts, attachments or metadata.

    Of all annotations only links to the web are left, and of the structure what these pages show, both written anew.
    Raises UnusableDrop where that cannot be done with one of the PDFs, which it names.
    """
    from pypdf import PdfWriter

    writer, structures = PdfWriter(), list[Structure]()
    for path, indexes in sources:
        try:
            structures.append(_copy_pages(path, indexes, password, writer))
        except UnusableDrop:
            raise
        except Exception as error:  # pypdf raises nearly anything on what was made to do harm
            raise _not_copied(path) from error
    try:
        write_structure(structures, writer)
        writer.metadata = None
        writer.compress_identical_objects()
        with to.open("wb") as file:
            writer.write(file)
    except Exception as error:  # the same
        raise _not_copied(sources[0][0]) from error
    return True


def _not_copied(path: Path) -> UnusableDrop:
    return UnusableDrop("Its pages cannot be copied.", file=path.name, remedy="Export it anew.")


def _copy_pages(path: Path, indexes: list[int], password: str, writer: Any) -> Structure:
    """Copy pages behind those that a writer has, and return their structure."""
    from pypdf.annotations import Link

    reader, first = _opened(path, password), len(writer.pages)
    _refuse_hidden_layers(reader, path)
    structure = _structure(reader, [reader.pages[index] for index in indexes], first)
    for index in indexes:
        page = reader.pages[index]
        found = list(_targets(page))
        _strip(page)
        writer.add_page(page)
        for rectangle, target in found:
            writer.add_annotation(len(writer.pages) - 1, Link(rect=rectangle, url=target))
    return Structure(structure, reader.root_object)


def _structure(reader: Any, pages: Sequence[Any], first: int = 0) -> list[Element]:
    """Return the structure of these pages, of which one has the index `first`.

    Nothing where it cannot be read, which loses nothing else.
    """
    try:
        numbers = {page.indirect_reference.idnum: at for at, page in enumerate(pages, start=first)}
        return structure_of(reader.root_object, numbers)
    except Exception:  # noqa: BLE001  # pypdf raises nearly anything on what was made to do harm
        return []


def _refuse_hidden_layers(reader: Any, path: Path) -> None:
    """Raise UnusableDrop where there is content that its author hid: the copy would show it."""
    if _held(_held(reader.root_object, "/OCProperties"), "/D").get("/OFF"):
        raise UnusableDrop("It has layers that are switched off.", file=path.name, remedy="Export it flat.")


def _targets(page: Any) -> Iterator[tuple[tuple[float, float, float, float], str]]:
    """Yield rectangle and target of each link to the web."""
    for note in (each.get_object() for each in _held(page, "/Annots")):
        action = _held(note, "/A")
        target = str(action.get("/URI", ""))
        if note.get("/Subtype") == "/Link" and action.get("/S") == "/URI" and is_safe_link(target):
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
        if reader.is_encrypted and _is_open(reader):
            reader._encryption = None  # noqa: SLF001  # which pypdf wants a password for, whatever is encrypted
        elif reader.is_encrypted and not any(reader.decrypt(known) for known in (password, "")):
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


def _is_open(reader: Any) -> bool:
    """Return whether only attachments are encrypted, and no page (ISO 32000-1, 7.6.5)."""
    encryption = _held(reader.trailer, "/Encrypt")
    ways = {str(encryption.get(key, "/Identity")) for key in ("/StmF", "/StrF")}
    return encryption.get("/V") in (4, 5) and ways == {"/Identity"}


def _damaged(path: Path) -> UnusableDrop:
    return UnusableDrop("The PDF is damaged.", file=path.name, remedy="Export it anew from the presentation.")


def _pages(reader: Any, path: Path, max_pages: int) -> list[Any]:
    """Return the pages, never trusting the number that the file claims."""
    found = list[Any]()
    try:
        for page in reader.pages:
            found.append(page)
            if len(found) > max_pages:
                break
    except Exception as error:  # pypdf raises nearly anything on a page tree that loops
        raise _damaged(path) from error
    if len(found) > max_pages:
        raise UnusableDrop(
            f"The PDF has more than {max_pages} pages.", file=path.name, remedy="Put only the slides there."
        )
    return found


def _lines_of(page: Any, seen: Printed) -> list[Piece]:
    """Return the lines of a page in reading order: PDFium's, else pypdf's, else those that a scanner left."""
    if seen.is_garbled:
        return []
    if found := _cleaned(lines_of(seen.pieces)):
        return found
    if seen.layer:
        return _cleaned(lines_of(seen.layer))
    return [] if seen.pieces else _cleaned(_by_pypdf(page))


def _cleaned(pieces: Sequence[Piece]) -> list[Piece]:
    return [piece.model_copy(update={"text": text}) for piece in pieces if (text := clean(piece.text))]


def _by_pypdf(page: Any) -> list[Piece]:
    """Return the lines of a page in the order of the file, one below the other; nothing where it cannot be read."""
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
    said = [(size or 1.0, text) for size, text in found if text.strip()]
    if sum(c < " " or c == "\ufffd" for _, text in said for c in text) > GARBLED * sum(len(text) for _, text in said):
        return []
    step = DEVICE / (len(said) + 1)
    return [
        Piece(text=text, size=size, box=(0, step * at, DEVICE, step * (at + 1))) for at, (size, text) in enumerate(said)
    ]


def _contents(texts: Sequence[Sequence[Piece]], heights: Sequence[float], *, is_handout: bool) -> list[list[Piece]]:
    """Return the lines of each page without headers, footers and numbers; a title is none of them."""
    if is_handout:
        repeated = furniture([[line.text for line in text] for text in texts])
        largest = [max((line.size for line in text), default=0.0) for text in texts]
        return [
            [line for line in text if bare(line.text) not in repeated or line.size >= AS_LARGE * size]
            for text, size in zip(texts, largest, strict=True)
        ]
    places = [[_margin(line, height) for line in text] for text, height in zip(texts, heights, strict=True)]
    seen = Counter(place for page in places for place in set(page) if place)
    fixed = {
        place for place, times in seen.items() if times >= MANY and (not place[0] or times > REPEATED * len(texts))
    }
    pages = [list(zip(text, page, strict=True)) for text, page in zip(texts, places, strict=True)]
    sizes = [line.size for page in pages for line, place in page if place in fixed]
    usual = statistics.median(sizes) if sizes else 0.0
    return [[line for line, place in page if place not in fixed or _is_heading(line, page, usual)] for page in pages]


def _margin(line: Piece, height: float) -> tuple[str, int] | None:
    """Return what a line says but for numbers, and where, if it stands in the margin at the top or the bottom."""
    middle = (line.box[1] + line.box[3]) / 2 / height
    return (bare(line.text), round(middle / SAME_PLACE)) if min(middle, 1 - middle) <= MARGIN else None


def _is_heading(line: Piece, page: Sequence[tuple[Piece, object]], usual: float) -> bool:
    """Say whether a line that stands on many pages is no furniture but their title."""
    return line.size >= AS_LARGE * max(other.size for other, _ in page) and line.size > LARGER * usual


def _titles(contents: Sequence[Sequence[Piece]], seen: Sequence[Printed]) -> list[range]:
    """Return which lines of each page are its title: by the table of contents, as on other pages, or by its looks."""
    guessed = [title_among(text, page.height) for text, page in zip(contents, seen, strict=False)]
    looks = [_look(text[title[0]], page) for text, title, page in zip(contents, guessed, seen, strict=False) if title]
    counted = [(sum(_is_like(look, other) for other in looks), look) for look in looks]
    times, usual = max(counted, default=(0, (0.0, 0.0)))
    titles = list[range]()
    for text, title, page in zip(contents, guessed, seen, strict=False):
        alike = [at for at, line in enumerate(text) if _is_like(usual, _look(line, page))]
        is_usual = times >= max(MIN_ALIKE, USUAL * len(contents)) and len(alike) == 1
        titles.append(_outlined(text, page.outline) or (range(alike[0], alike[0] + 1) if is_usual else title))
    return titles


def _look(line: Piece, page: Printed) -> tuple[float, float]:
    """Return how far down a line ends and how large it is, both as shares of the page's height."""
    return line.box[3] / page.height, line.size / page.height


def _is_like(one: tuple[float, float], other: tuple[float, float]) -> bool:
    """Say whether two lines stand at one place in one size; letters that reach below the line move its end."""
    size = one[1]
    return abs(size - other[1]) <= SAME_SIZE * size and abs(one[0] - other[0]) <= SAME_LINE * size


def _slide(number: int, page: Any, text: Sequence[Piece], heading: range, seen: Printed) -> Slide:
    body = [line for at, line in enumerate(text) if at not in heading]
    title, whole = split_title(" ".join(text[at].text for at in heading))
    listed = zip(_levels(body), (line.text for line in body), strict=True)
    return Slide(
        number=number,
        title=title,
        body=lines([*whole, *listed, *((0, value) for value in _field_values(page))]),
        links=links([*_links(page), *plain_links(line.text for line in text)]),
        read_by="ocr" if seen.layer else "pdf",  # a scanner's layer was read from pixels, how surely nobody says
    )


def _levels(body: Sequence[Piece]) -> Iterator[int]:
    """Yield the list level of each line: how often the items above it stand further to the left, a step at a time."""
    edges = list[float]()  # of the items that the next one may be under
    for line in body:
        if not BULLET.match(line.text):
            yield 0
            continue
        left, step = line.box[0], STEP[0] * line.size
        while edges and left < edges[-1] - step:
            edges.pop()
        if edges and left > edges[-1] + STEP[1] * line.size:
            edges.clear()  # another column
        if not edges or left > edges[-1] + step:
            edges.append(left)
        yield len(edges) - 1


def _field_values(page: Any) -> Iterator[str]:
    """Yield what was typed into the fields of a form on a page, in the order of the file (ISO 32000-1, 12.7.4.3)."""
    try:
        for field in (each.get_object() for each in _held(page, "/Annots")):
            holder = field if "/V" in field else _held(field, "/Parent")
            kind = field.get("/FT") or holder.get("/FT")
            is_hidden = int(field.get("/F", 0)) & HIDDEN_FIELD
            if field.get("/Subtype") == "/Widget" and kind in ("/Tx", "/Ch") and not is_hidden:
                yield str(holder.get("/V", ""))
    except Exception:  # noqa: BLE001  # as above: fields that pypdf cannot read lose nothing else
        return


def _outlined(text: Sequence[Piece], outline: str) -> range:
    """Return the lines that say what the table of contents says of the page."""
    wanted = "".join(outline.split()).casefold()
    for first in range(len(text) if wanted else 0):
        said = ""
        for end in range(first, min(len(text), first + TITLE_LINES)):
            said += "".join(text[end].text.split()).casefold()
            if said == wanted:
                return range(first, end + 1)
    return range(0)


def _links(page: Any) -> Iterator[tuple[str, str]]:
    try:
        yield from ((target, target) for _, target in _targets(page))
    except Exception:  # noqa: BLE001  # as above: links that pypdf cannot read lose nothing else
        return
