"""Reads a .pptx, .pptm or .ppsx with python-pptx, in a limited child: a path in, a Deck out."""

import io
import logging
import math
import re
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from digest.errors import UnusableDrop
from digest.model.deck import Deck, Slide
from digest.slides.layout import Box, Piece, is_leftward, mirror, reading_order, title_among
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
    Rows,
    bare,
    clean,
    lines,
    links,
    plain_links,
    remark_on_cut_text,
    rows,
    split_title,
)

log = logging.getLogger(__name__)

LIBRARIES = ("pptx",)  # which the fork server loads once for all children
MAX_ENTRIES = 20_000
MAX_XML = 100_000_000  # bytes of all parts that hold markup, unpacked
MAX_RATIO, RATIO_FROM = 200, 20_000_000  # a part that is packed better than this is a bomb, if it is large
MAX_PLAIN_PICTURE = 200_000_000  # bytes: 8,000 by 8,000 pixels of 24 bits
DOCTYPE = re.compile(rb"<!DOCTYPE[^>]{0,500}>?")
# As LibreOffice writes it before each library of macros, none of which is read or run (OpenDocument 1.2, part 3).
MACROS = re.compile(
    rb"<!DOCTYPE (?:library|script|dlg|dialog):[a-z]+ PUBLIC \"-//OpenOffice.org//[^\"\[]*\" *\"[a-z]+\.dtd\">"
)
STRICT = re.compile(
    rb"http://purl\.oclc\.org/ooxml/(officeDocument|drawingml|presentationml|spreadsheetml|wordprocessingml)/"
)
FURNITURE = {13, 14, 15, 16}  # placeholders for number, header, footer and date (MS-OE376, ST_PlaceholderType)
PRESENTATION = "{http://schemas.openxmlformats.org/presentationml/2006/main}"
SHAPES = frozenset(f"{PRESENTATION}{name}" for name in ("sp", "grpSp", "graphicFrame", "cxnSp", "pic"))
PROPERTIES = frozenset({"nvGrpSpPr", "grpSpPr", "extLst"})
KINDS = {"contentPart": "ink or another part of a newer PowerPoint"}
MARGIN, SAME_PLACE = 0.12, 0.02  # of a slide's height: where headers and footers stand, and how far they move
REPEATED = 0.5  # of the slides: what stands in the margin of more is furniture
COMPATIBILITY = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
HIDDEN = "./*/p:cNvPr[@hidden='1' or @hidden='true']"
FILE_NAME = re.compile(r"\S+\.(?:bmp|emf|gif|jpe?g|png|svg|tiff?|webp|wmf)", re.IGNORECASE)  # says nothing of a picture
POINT = 12_700  # EMU
USUAL_SIZE = 18.0  # points, where a run says nothing: PowerPoint's own for text boxes
DAMAGED = "Open it in PowerPoint, save it anew as .pptx, and put that in its place."


class PlacedLine(NamedTuple):
    """A line of a slide; `place` is what it says but for numbers, and where, if it stands in a margin."""

    level: int
    text: str
    place: tuple[str, int, int] | None = None


def read_pptx(path: Path, max_slides: int) -> Deck:
    """Return what each slide says; a slide, or a part of one, that cannot be read is left out with a remark.

    Raises UnusableDrop where the file is no presentation, or made to do harm.
    """
    _check(path)
    try:
        presentation = open_presentation(path)
        slides = presentation.slides
        identities = list(slides._sldIdLst)  # noqa: SLF001  # slides[n] counts from the first each time
        size, named = (presentation.slide_width or 0, presentation.slide_height or 0), sections(presentation)
    except unreadable() as error:
        raise UnusableDrop("The presentation is damaged.", file=path.name, remedy=DAMAGED) from error
    if len(identities) > max_slides:
        raise UnusableDrop(
            f"The deck has {len(identities)} slides; at most {max_slides} are read.", file=path.name, remedy="Split it."
        )
    odd, linked = list[str](), list[int]()
    read = [
        _read_slide(number, partial(slides.part.related_slide, identity.rId), size, named, odd=odd, linked=linked)
        for number, identity in enumerate(identities, start=1)
    ]
    if read and not any(is_read for _, _, is_read in read):
        raise UnusableDrop("The presentation is damaged.", file=path.name, remedy=DAMAGED)
    found, dropped = _without_furniture([(slide, said) for slide, said, _ in read])
    return Deck(slides=found, remarks=(*_remarks(found, dropped, linked), *odd))


def _read_slide(
    number: int,
    opened: Callable[[], Any],
    size: tuple[int, int],
    named: dict[int, str],
    *,
    odd: list[str],
    linked: list[int],
) -> tuple[Slide, list[PlacedLine], bool]:
    """Return a slide without its body, the lines of that, and whether it could be read; what is odd goes to `odd`."""
    try:
        slide = opened()
        read, said = _slide(number, slide, size, named.get(slide.slide_id), odd)
        if slide.element.xpath(".//a:blip/@r:link"):
            linked.append(number)
    except unreadable() as error:
        log.debug("slide %d is not read: %r", number, error)
        odd.append(f"Slide {number} cannot be read and is empty here.")
        return Slide(number=number, read_by="pptx"), [], False
    return read, said, True


def unreadable() -> tuple[type[Exception], ...]:
    """Return what lxml and python-pptx raise on what they do not know."""
    from lxml import etree
    from pptx.exc import PythonPptxError

    built_in = (LookupError, ValueError, TypeError, AttributeError, NotImplementedError, RecursionError, OSError)
    return (*built_in, zipfile.BadZipFile, zlib.error, etree.LxmlError, PythonPptxError)


def open_presentation(path: Path) -> Any:
    """Return the presentation as python-pptx has it."""
    import pptx

    return pptx.Presentation(_as_presentation(path))


def _without_furniture(slides: list[tuple[Slide, list[PlacedLine]]]) -> tuple[tuple[Slide, ...], list[str]]:
    """Return the slides with their bodies, without the text boxes that stand in the margin of most; and these texts.

    Their numbers may differ: it is the place that makes a page number one.
    """
    seen = Counter(place for _, body in slides for place in {said.place for said in body if said.place})
    fixed = {place for place, times in seen.items() if times > max(2, REPEATED * len(slides))}
    found = tuple(
        slide.model_copy(update={"body": lines((said.level, said.text) for said in body if said.place not in fixed)})
        for slide, body in slides
    )
    return found, sorted({text or "page numbers" for text, *_ in fixed})


def _remarks(slides: tuple[Slide, ...], dropped: list[str], linked: list[int]) -> Iterator[str]:
    if not slides:
        yield "The deck has no slides."
    elif all(slide.hidden for slide in slides):
        yield "All slides of the deck are hidden: readers are shown none."
    if linked:
        yield f"Slide {', '.join(map(str, linked))} shows a picture that is not in the file: it is missing here."
    if dropped:
        yield f"Left out as header or footer: {', '.join(dropped)}."
    yield from remark_on_cut_text(slides)


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
    except (zipfile.BadZipFile, zlib.error, OSError, NotImplementedError, RuntimeError) as error:
        raise UnusableDrop(
            "The presentation is incomplete: its end is missing, or it is no .pptx.", file=path.name, remedy=DAMAGED
        ) from error
    return [entry.filename for entry in entries]


def _check_entries(path: Path, entries: list[zipfile.ZipInfo]) -> None:
    names = [entry.filename for entry in entries]
    if len(names) > MAX_ENTRIES or len(set(names)) < len(names):
        raise _harmful(path, "too many parts, or two of one name")
    if any(e.file_size > MAX_RATIO * max(1, e.compress_size) and e.file_size > _bearable(e.filename) for e in entries):
        raise _harmful(path, "a part that unpacks to hundreds of times its size")


def _bearable(name: str) -> int:
    """Return how many bytes may come of nearly none: a plain picture without compression of its own is honest."""
    return MAX_PLAIN_PICTURE if name.lower().endswith((".bmp", ".dib", ".tif", ".tiff", ".emf", ".wmf")) else RATIO_FROM


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
    """Return whether a part defines entities, or has a document type other than those of macros in OpenDocument."""
    content = opened.read(entry).replace(b"\0", b"")  # UTF-16 too
    return b"<!ENTITY" in content or any(not MACROS.fullmatch(found) for found in DOCTYPE.findall(content))


def _as_presentation(path: Path) -> io.BytesIO | str:
    """Return the file, or a copy as python-pptx knows it.

    It knows no slide show (.ppsx), whose content type is changed, and not the names of Strict Open XML (ISO 29500-1),
    which differ from the usual ones in their beginnings alone.
    """
    with zipfile.ZipFile(path) as opened:
        types = opened.read("[Content_Types].xml")
        is_show = b"slideshow.main+xml" in types or b"slideshow.macroEnabled.main+xml" in types
        is_strict = (
            STRICT.search(opened.read("ppt/presentation.xml")) if "ppt/presentation.xml" in opened.namelist() else None
        )
        if not is_show and not is_strict:
            return str(path)
        mended = io.BytesIO()
        with zipfile.ZipFile(mended, "w", zipfile.ZIP_DEFLATED) as copy:
            for entry in opened.infolist():
                content = opened.read(entry)
                if entry.filename == "[Content_Types].xml":
                    content = content.replace(b"slideshow.main+xml", b"presentation.main+xml")
                    content = content.replace(b"slideshow.macroEnabled.main+xml", b"presentation.macroEnabled.main+xml")
                if is_strict and entry.filename.endswith((".xml", ".rels")):
                    content = STRICT.sub(rb"http://schemas.openxmlformats.org/\1/2006/", content)
                copy.writestr(entry.filename, content)
    mended.seek(0)
    return mended


def _slide(
    number: int, slide: Any, size: tuple[int, int], section: str | None, odd: list[str]
) -> tuple[Slide, list[PlacedLine]]:
    odd += [f"Slide {number} holds a part that is not read: {kind}." for kind in _remove_unknown(slide.element)]
    shapes = list(_shapes(slide.shapes, size))
    heading = _titled(slide, shapes, size[1])
    title, whole = split_title(_text(heading)) if heading is not None else (None, [])
    body, found, tables, alts = (
        [PlacedLine(*line) for line in whole],
        list[tuple[str, str]](),
        list[Rows](),
        list[str](),
    )
    for shape in shapes:
        try:
            if heading is None or shape.element is not heading.element:
                body += _lines_in_place(shape, size)
            found += _links(shape)
            tables += [rows(_cells(shape.table))] if getattr(shape, "has_table", False) else []
            alts += alt_texts(shape)
        except unreadable() as error:
            log.debug("a shape of slide %d is not read: %r", number, error)
            odd.append(f"Slide {number} holds a part that cannot be read: {clean(shape.name or 'a shape', MAX_TITLE)}.")
    read = Slide(
        number=number,
        title=title,
        notes=_notes(slide),
        comments=tuple(filter(None, map(clean, comments(slide)))),
        section=clean(section or "", MAX_TITLE) or None,
        tables=tuple(tables),
        links=links([*found, *plain_links(said.text for said in body)]),
        alt_texts=tuple(dict.fromkeys(filter(None, map(clean, alts)))),
        hidden=slide.element.get("show") in ("0", "false"),
        read_by="pptx",
    )
    return read, body


def _lines_in_place(shape: Any, size: tuple[int, int]) -> Iterator[PlacedLine]:
    """Yield the lines of a shape, with its place where a text box stands in the margin at the top or the bottom."""
    box = None if shape.is_placeholder else _box(shape)
    height = size[1] or 1
    middle = (box[1] + box[3]) / 2 / height if box else 0.5
    is_margin = box is not None and min(middle, 1 - middle) <= MARGIN
    for level, text in _lines(shape):
        place = (
            (bare(clean(text)), round(middle / SAME_PLACE), round(box[0] / height / SAME_PLACE))
            if is_margin and box
            else None
        )
        yield PlacedLine(level, text, place)


def _remove_unknown(slide: Any) -> list[str]:
    """Take off a slide what python-pptx has no shape for, and return what kinds of parts these were."""
    _choose_alternatives(slide)
    kinds = dict[str, None]()
    for holder in [*slide.iter(f"{PRESENTATION}spTree", f"{PRESENTATION}grpSp")]:
        for part in list(holder):
            name = part.tag.rpartition("}")[2] if isinstance(part.tag, str) else ""
            if name and part.tag not in SHAPES and name not in PROPERTIES:
                kinds[KINDS.get(name, name)] = None
                holder.remove(part)
    return list(kinds)


def shapes_of(slide: Any, size: tuple[int, int]) -> list[Any]:
    """Return what is seen of a slide whose deck has this width and height, in reading order."""
    _remove_unknown(slide.element)
    return list(_shapes(slide.shapes, size))


def _choose_alternatives(slide: Any) -> None:
    """Put the first choice that python-pptx has shapes for in the place of alternatives.

    A text box with an equation is such a one, and ink, whose fallback is a picture of it.
    """
    for alternatives in list(slide.iter(f"{COMPATIBILITY}AlternateContent")):
        choices = [choice for choice in alternatives if isinstance(choice.tag, str)]
        known = (choice for choice in choices if all(_is_known(shape) for shape in choice))
        for shape in list(next(known, ())):
            alternatives.addprevious(shape)
        alternatives.getparent().remove(alternatives)


def _is_known(shape: Any) -> bool:
    return not isinstance(shape.tag, str) or not shape.tag.startswith(PRESENTATION) or shape.tag in SHAPES


def _shapes(shapes: Any, size: tuple[int, int]) -> Iterator[Any]:
    """Yield what is seen of a slide in reading order: groups, then what is in them, in their place.

    Hidden shapes, those parked beside the slide, and the placeholders of footer, date and number are left out.
    """
    from pptx.shapes.group import GroupShape

    waiting = [shape for shape, box in _in_order(shapes) if not _is_beside(box, size)][::-1]
    while waiting:
        shape = waiting.pop()
        if shape.element.xpath(HIDDEN):
            continue
        if isinstance(shape, GroupShape):
            waiting += [inner for inner, _ in _in_order(shape.shapes)][::-1]
            yield shape
        elif not (shape.is_placeholder and int(shape.placeholder_format.type or 0) in FURNITURE):
            yield shape


def _in_order(shapes: Any) -> list[tuple[Any, Box | None]]:
    """Return shapes with their boxes as they are read; those whose place is not known keep the order of the file."""
    listed = [(shape, _box(shape)) for shape in shapes]
    boxes = [box for _, box in listed if box]
    if is_leftward("".join(text for shape, _ in listed for text in shape.element.itertext())):
        boxes = [mirror(box) for box in boxes]
    return [listed[index] for index in reading_order(boxes)] if len(boxes) == len(listed) else listed


def _box(shape: Any) -> Box | None:
    try:
        sides = shape.left, shape.top, shape.width, shape.height
    except unreadable():  # a shape without any geometry
        return None
    if any(side is None for side in sides):
        return None
    left, top, width, height = map(float, sides)
    return left, top, left + width, top + height


def _is_beside(box: Box | None, size: tuple[int, int]) -> bool:
    """Say whether a shape with this box lies wholly outside the slide, where its author parked it."""
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
        values = [
            _value_text(value) for value in one.xpath("(c:val|c:yVal)//c:pt | (c:val|c:yVal)//c:v[not(parent::c:pt)]")
        ]
        yield f"{' '.join(one.xpath('c:tx//c:v/text()'))}: {', '.join(values)}"


def _value_text(value: Any) -> str:
    """Return a number as the chart shows it, by its format (ECMA-376, 18.8.31): 0.45 as 45%."""
    text = str(value.findtext("{*}v") or value.text or "")
    formats = value.xpath("ancestor::c:ser[1]/c:dLbls/c:numFmt[not(@sourceLinked='1')]/@formatCode")
    code = (formats or [value.get("formatCode") or value.getparent().findtext("{*}formatCode") or "General"])[0]
    try:
        number = float(text)
    except ValueError:
        return text
    pattern = re.sub(r'"[^"]*"|\\.|\[[^\]]*\]|_.|\*.', "", code.split(";")[0])
    found = re.search(r"[#0?,]*[#0](?:\.([0#?]+))?", pattern)
    if not math.isfinite(number) or found is None or re.search(r"[dmyhsE/]", pattern):
        return f"{number:.10g}" if math.isfinite(number) else text
    decimals = len(found[1] or "")
    comma = "," if "," in found[0] else ""
    return f"{number * 100:{comma}.{decimals}f}%" if "%" in pattern else f"{number:{comma}.{decimals}f}"


def alt_texts(shape: Any) -> list[str]:
    """Return what its author says that a shape shows; nothing for decoration, or where a program wrote a file name."""
    if shape.element.xpath("./*/p:cNvPr//*[local-name()='decorative'][@val='1' or @val='true']"):
        return []
    return [said for said in shape.element.xpath("./*/p:cNvPr/@descr") if not FILE_NAME.fullmatch(said)]


def _notes(slide: Any) -> str:
    """Return the notes: those of the placeholder, and what was typed into text boxes on the page of notes."""
    if not slide.has_notes_slide:
        return ""
    page = slide.notes_slide
    placed = [page.notes_text_frame.text] if page.notes_text_frame is not None else []
    typed = [
        "\n".join(paragraph_text(paragraph) for paragraph in shape.element.xpath("p:txBody/a:p"))
        for shape in page.shapes
        if shape.has_text_frame and not shape.is_placeholder and not shape.element.xpath(HIDDEN)
    ]
    said = [*placed, *typed]
    return "\n".join(line for text in said for part in text.splitlines() if (line := clean(part)))[:MAX_SLIDE]


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
