"""Reads a .pptx, .pptm or .ppsx with python-pptx, in a limited child: a path in, a Deck out."""

import io
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from digest.errors import UnusableDrop
from digest.model.deck import Deck, Slide
from digest.slides.layout import Box, Piece, reading_order, title_among
from digest.slides.parts import (
    MAIN,
    RELATION,
    comments,
    diagram_lines,
    new_chart_lines,
    paragraph_text,
    parse_part,
    sections,
)
from digest.slides.text import (
    MAX_SLIDE,
    MAX_TITLE,
    bare,
    clean,
    furniture,
    lines,
    links,
    plain_links,
    remark_on_cut_text,
    rows,
)

MAX_ENTRIES = 20_000
MAX_XML = 100_000_000  # bytes of all parts that hold markup, unpacked
MAX_RATIO, RATIO_FROM = 200, 20_000_000  # a part that is packed better than this is a bomb, if it is large
FURNITURE = {13, 14, 15, 16}  # placeholders for number, header, footer and date (MS-OE376, ST_PlaceholderType)
COMPATIBILITY = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
HIDDEN = "./*/p:cNvPr[@hidden='1' or @hidden='true']"
FILE_NAME = re.compile(r"\S+\.(?:bmp|emf|gif|jpe?g|png|svg|tiff?|webp|wmf)", re.IGNORECASE)  # says nothing of a picture
POINT = 12_700  # EMU
USUAL_SIZE = 18.0  # points, where a run says nothing: PowerPoint's own for text boxes
DAMAGED = "Open it in PowerPoint, save it anew as .pptx, and put that in its place."


def read_pptx(path: Path, max_slides: int) -> Deck:
    """Return what each slide says. Raises UnusableDrop where the file is no presentation, or made to do harm."""
    from lxml import etree
    from pptx.exc import PackageNotFoundError

    _check(path)
    try:
        presentation = open_presentation(path)
        slides = presentation.slides
        if len(slides) > max_slides:
            raise UnusableDrop(
                f"The deck has {len(slides)} slides; at most {max_slides} are read.", file=path.name, remedy="Split it."
            )
        size, named = (presentation.slide_width or 0, presentation.slide_height or 0), sections(presentation)
        found = _without_furniture(
            tuple(
                _slide(number, slide, size, named.get(slide.slide_id)) for number, slide in enumerate(slides, start=1)
            )
        )
        linked = tuple(_linked(slides))
    except (
        PackageNotFoundError,
        LookupError,
        ValueError,
        TypeError,
        AttributeError,
        NotImplementedError,
        etree.LxmlError,
        zipfile.BadZipFile,
        OSError,
    ) as error:
        raise UnusableDrop("The presentation is damaged.", file=path.name, remedy=DAMAGED) from error
    return Deck(slides=found, remarks=(*_remarks(found), *linked))


def open_presentation(path: Path) -> Any:
    """Return the presentation as python-pptx has it."""
    import pptx

    return pptx.Presentation(_as_presentation(path))


def _without_furniture(slides: tuple[Slide, ...]) -> tuple[Slide, ...]:
    """Return the slides without the text boxes that many decks have for a footer and page number."""
    repeated = furniture([[line.text for line in slide.body] for slide in slides])
    return tuple(
        slide.model_copy(update={"body": tuple(line for line in slide.body if bare(line.text) not in repeated)})
        for slide in slides
    )


def _remarks(slides: tuple[Slide, ...]) -> Iterator[str]:
    if not slides:
        yield "The deck has no slides."
    elif all(slide.hidden for slide in slides):
        yield "All slides of the deck are hidden: readers are shown none."
    yield from remark_on_cut_text(slides)


def _linked(slides: Any) -> Iterator[str]:
    """Yield a remark where pictures lie outside the file: nobody fetches them."""
    found = [str(number) for number, slide in enumerate(slides, start=1) if slide.element.xpath(".//a:blip/@r:link")]
    if found:
        yield f"Slide {', '.join(found)} shows a picture that is not in the file: it is missing here."


def _check(path: Path) -> None:
    """Look at what the zip declares before anything of it is unpacked."""
    content = path.read_bytes()
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        locked = "EncryptedPackage".encode("utf-16-le") in content
        raise UnusableDrop(
            f"The presentation is {'protected with a password' if locked else 'in an old format of PowerPoint'}.",
            file=path.name,
            remedy="Save a copy as .pptx without a password, or as PDF, and put that in its place.",
        )
    if "[Content_Types].xml" not in (names := check_zip(path)) or not any(name.startswith("ppt/") for name in names):
        raise UnusableDrop(
            "This is not a presentation.", file=path.name, remedy="Put the slides there as .pptx or .pdf."
        )


def check_zip(path: Path) -> list[str]:
    """Return the names of a zip's parts. Raises UnusableDrop where it is incomplete or made to do harm."""
    try:
        with zipfile.ZipFile(path) as opened:
            entries = opened.infolist()
            _check_entries(path, entries)
            marked_up = [entry for entry in entries if _is_markup(opened, entry)]
            if sum(entry.file_size for entry in marked_up) > MAX_XML:
                raise _harmful(path, "far too much text")
            if any(_has_doctype(opened, entry) for entry in marked_up):
                raise _harmful(path, "a document type that no honest deck has")
    except (zipfile.BadZipFile, OSError, NotImplementedError, RuntimeError) as error:
        raise UnusableDrop(
            "The presentation is incomplete: its end is missing, or it is no .pptx.", file=path.name, remedy=DAMAGED
        ) from error
    return [entry.filename for entry in entries]


def _check_entries(path: Path, entries: list[zipfile.ZipInfo]) -> None:
    names = [entry.filename for entry in entries]
    if len(names) > MAX_ENTRIES or len(set(names)) < len(names):
        raise _harmful(path, "too many parts, or two of one name")
    if any(e.file_size > RATIO_FROM and e.file_size > MAX_RATIO * max(1, e.compress_size) for e in entries):
        raise _harmful(path, "a part that unpacks to hundreds of times its size")


def _harmful(path: Path, what: str) -> UnusableDrop:
    return UnusableDrop(f"The presentation is refused: it holds {what}.", file=path.name, remedy=DAMAGED)


def _is_markup(opened: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bool:
    """Return whether a part is XML, whatever its name; pictures (.svg) may have a document type and are not parsed."""
    if entry.filename.lower().endswith((".xml", ".rels")):
        return True
    with opened.open(entry) as part:
        head = part.read(256).replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    return head.startswith(b"<") and not entry.filename.lower().endswith(".svg")


def _has_doctype(opened: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bool:
    content = opened.read(entry).replace(b"\0", b"")  # UTF-16 too
    return b"<!DOCTYPE" in content or b"<!ENTITY" in content


def _as_presentation(path: Path) -> io.BytesIO | str:
    """Return the file, a slide show (.ppsx) with the content type of a presentation: python-pptx knows no other."""
    with zipfile.ZipFile(path) as opened:
        types = opened.read("[Content_Types].xml")
        if b"slideshow.main+xml" not in types and b"slideshow.macroEnabled.main+xml" not in types:
            return str(path)
        mended = io.BytesIO()
        with zipfile.ZipFile(mended, "w", zipfile.ZIP_DEFLATED) as copy:
            for entry in opened.infolist():
                content = types if entry.filename == "[Content_Types].xml" else opened.read(entry)
                content = content.replace(b"slideshow.main+xml", b"presentation.main+xml")
                content = content.replace(b"slideshow.macroEnabled.main+xml", b"presentation.macroEnabled.main+xml")
                copy.writestr(entry.filename, content)
    mended.seek(0)
    return mended


def _slide(number: int, slide: Any, size: tuple[int, int], section: str | None) -> Slide:
    shapes = shapes_of(slide, size)
    titled = _titled(slide, shapes, size[1])
    title = clean(_text(titled), MAX_TITLE) if titled is not None else ""
    body = [line for shape in shapes if titled is None or shape.element is not titled.element for line in _lines(shape)]
    found = [link for shape in shapes for link in _links(shape)]
    return Slide(
        number=number,
        title=title or None,
        body=lines(body),
        notes=_notes(slide),
        comments=tuple(filter(None, map(clean, comments(slide)))),
        section=clean(section or "", MAX_TITLE) or None,
        tables=tuple(rows(_cells(shape.table)) for shape in shapes if getattr(shape, "has_table", False)),
        links=links([*found, *plain_links(text for _, text in body)]),
        alt_texts=tuple(dict.fromkeys(filter(None, (clean(text) for shape in shapes for text in alt_texts(shape))))),
        hidden=slide.element.get("show") in ("0", "false"),
        read_by="pptx",
    )


def shapes_of(slide: Any, size: tuple[int, int]) -> list[Any]:
    """Return what is seen of a slide whose deck has this width and height, in reading order."""
    _choose_alternatives(slide.element)
    return list(_shapes(slide.shapes, size))


def _choose_alternatives(slide: Any) -> None:
    """Put the first choice in the place of alternatives, as PowerPoint does: python-pptx sees no shape in them.

    A text box with an equation is such a one.
    """
    for alternatives in list(slide.iter(f"{COMPATIBILITY}AlternateContent")):
        choice = alternatives.find(f"{COMPATIBILITY}Choice")
        for shape in choice if choice is not None else ():
            alternatives.addprevious(shape)
        alternatives.getparent().remove(alternatives)


def _shapes(shapes: Any, size: tuple[int, int]) -> Iterator[Any]:
    """Yield what is seen of a slide in reading order: groups, then what is in them, in their place.

    Hidden shapes, those parked beside the slide, and the placeholders of footer, date and number are left out.
    """
    from pptx.shapes.group import GroupShape

    waiting = [shape for shape in _in_order(shapes) if not _is_beside(shape, size)][::-1]
    while waiting:
        shape = waiting.pop()
        if shape.element.xpath(HIDDEN):
            continue
        if isinstance(shape, GroupShape):
            waiting += _in_order(shape.shapes)[::-1]
            yield shape
        elif not (shape.is_placeholder and int(shape.placeholder_format.type or 0) in FURNITURE):
            yield shape


def _in_order(shapes: Any) -> list[Any]:
    """Return shapes as they are read; those of whose place nothing is known keep the order of the file."""
    listed = list(shapes)
    boxes = [box for shape in listed if (box := _box(shape))]
    return [listed[index] for index in reading_order(boxes)] if len(boxes) == len(listed) else listed


def _box(shape: Any) -> Box | None:
    sides = shape.left, shape.top, shape.width, shape.height
    if any(side is None for side in sides):
        return None
    left, top, width, height = map(float, sides)
    return left, top, left + width, top + height


def _is_beside(shape: Any, size: tuple[int, int]) -> bool:
    """Say whether a shape lies wholly outside the slide, where its author parked it."""
    box = _box(shape)
    if box is None or min(size) <= 0:
        return False
    return box[2] <= 0 or box[3] <= 0 or box[0] >= size[0] or box[1] >= size[1]


def _titled(slide: Any, shapes: list[Any], height: int) -> Any | None:
    """Return the shape that is the title: the placeholder for it, else the text that looks like one.

    The placeholder counts also where it is parked beside the slide, as is done for those who hear slides read.
    """
    if slide.shapes.title is not None and clean(_text(slide.shapes.title)):
        return None if slide.shapes.title.element.xpath(HIDDEN) else slide.shapes.title
    found = [(shape, piece) for shape in shapes if (piece := _piece(shape))]
    title = title_among([piece for _, piece in found], height)
    return found[title[0]][0] if len(title) == 1 else None


def _piece(shape: Any) -> Piece | None:
    box = _box(shape)
    if not shape.has_text_frame or not box or not clean(_text(shape)):
        return None
    sizes = [int(size) for size in shape.element.xpath(".//a:rPr/@sz | .//a:lvl1pPr/a:defRPr/@sz")]
    letters = max(sizes, default=0) / 100 or USUAL_SIZE
    return Piece(text=_text(shape), size=letters * POINT, box=(*box[:3], box[1] + 1.2 * letters * POINT))


def _text(shape: Any) -> str:
    return " ".join(paragraph_text(paragraph) for paragraph in shape.element.xpath("p:txBody/a:p"))


def _lines(shape: Any) -> Iterator[tuple[int, str]]:
    if shape.has_text_frame:
        for paragraph in shape.element.xpath("p:txBody/a:p"):
            level = paragraph.xpath("string(a:pPr/@lvl)")
            for text in paragraph_text(paragraph).split("\v"):
                yield int(level) if level.isdecimal() else 0, text
    elif getattr(shape, "has_chart", False):
        yield from ((0, text) for text in _chart(shape.chart.element))
    elif model := _graphic(shape, "/diagram", "dm"):
        yield from diagram_lines(parse_part(model))
    elif chart := _graphic(shape, "/chartex", "id"):
        yield from new_chart_lines(parse_part(chart))


def _graphic(shape: Any, kind: str, key: str) -> Any | None:
    """Return the part that a graphic of this kind leads to: SmartArt, a chart of the kinds of 2016."""
    for leads in shape.element.xpath("a:graphic/a:graphicData[1]/*"):
        if str(leads.getparent().get("uri", "")).endswith(kind):
            relation = shape.part.rels.get(leads.get(f"{RELATION}{key}"))
            return None if relation is None or relation.is_external else relation.target_part
    return None


def _chart(chart: Any) -> Iterator[str]:
    """Yield titles, categories and series of a chart of any kind: python-pptx reads only some kinds."""
    for title in chart.xpath(".//c:title | .//c:dLbl"):
        yield "".join(title.xpath(".//a:t/text()"))
    series = chart.xpath(".//c:ser")
    for one in series[:1]:
        yield ", ".join(one.xpath("c:cat//c:v/text()"))
    for one in series:
        yield f"{' '.join(one.xpath('c:tx//c:v/text()'))}: {', '.join(one.xpath('(c:val|c:yVal)//c:v/text()'))}"


def alt_texts(shape: Any) -> list[str]:
    """Return what its author says that a shape shows; nothing for decoration, or where a program wrote a file name."""
    if shape.element.xpath("./*/p:cNvPr//*[local-name()='decorative'][@val='1' or @val='true']"):
        return []
    return [said for said in shape.element.xpath("./*/p:cNvPr/@descr") if not FILE_NAME.fullmatch(said)]


def _notes(slide: Any) -> str:
    frame = slide.notes_slide.notes_text_frame if slide.has_notes_slide else None
    return "\n".join(line for text in frame.text.splitlines() if (line := clean(text)))[:MAX_SLIDE] if frame else ""


def _cells(table: Any) -> Iterator[list[str]]:
    for row in table.rows:
        yield ["" if cell.is_spanned else _cell(cell) for cell in row.cells]


def _cell(cell: Any) -> str:
    return " ".join(paragraph_text(paragraph) for paragraph in cell._tc.xpath("a:txBody/a:p"))  # noqa: SLF001


def _links(shape: Any) -> Iterator[tuple[str, str]]:
    """Yield (text, target) of the links in a shape's text, in its cells, and on the shape itself.

    A jump inside the deck leads to a part of it, and is no link.
    """
    from pptx.shapes.group import GroupShape

    own = shape.element[0] if isinstance(shape, GroupShape) else shape.element
    yield from _clicks(own, shape.element, shape.part)
    if model := _graphic(shape, "/diagram", "dm"):
        points = parse_part(model)
        yield from _clicks(points, points, model)


def _clicks(within: Any, said_by: Any, part: Any) -> Iterator[tuple[str, str]]:
    for click in within.iter(f"{MAIN}hlinkClick", f"{MAIN}hlinkHover"):
        leads = part.rels.get(click.get(f"{RELATION}id"))
        if leads is not None and leads.is_external:
            run = click.getparent().getparent()
            said = run if run is not None and run.tag == f"{MAIN}r" else said_by
            yield " ".join(text.text or "" for text in said.iter(f"{MAIN}t")), leads.target_ref
