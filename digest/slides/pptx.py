"""Reads a .pptx, .pptm or .ppsx with python-pptx, in a limited child: a path in, a Deck out."""

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from digest.errors import UnusableDrop
from digest.model.deck import Deck, Slide
from digest.slides.text import LONGEST_SLIDE, LONGEST_TITLE, bare, clean, furniture, lines, links, rows, shortened

MOST_ENTRIES = 20_000
MOST_XML = 100_000_000  # bytes of all parts that hold markup, unpacked
MOST_RATIO, RATIO_FROM = 200, 20_000_000  # a part that is packed better than this is a bomb, if it is large
FURNITURE = {13, 14, 15, 16}  # placeholders for number, header, footer and date (MS-OE376, ST_PlaceholderType)
COMPATIBILITY = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
ALT_TEXTS = ".//p:cNvPr[not(ancestor-or-self::*/*/p:cNvPr[@hidden='1' or @hidden='true'])]/@descr"
DAMAGED = "Open it in PowerPoint, save it anew as .pptx, and put that in its place."


def read_pptx(path: Path, most: int) -> Deck:
    """Return what each slide says. Raises UnusableDrop where the file is no presentation, or made to do harm."""
    import pptx
    from lxml import etree
    from pptx.exc import PackageNotFoundError

    _check(path)
    try:
        slides = pptx.Presentation(_as_presentation(path)).slides
        if len(slides) > most:
            raise UnusableDrop(
                f"The deck has {len(slides)} slides; at most {most} are read.", file=path.name, remedy="Split it."
            )
        found = _without_furniture(tuple(_slide(number, slide) for number, slide in enumerate(slides, start=1)))
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
    return Deck(slides=found, remarks=tuple(_remarks(found)))


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
    yield from shortened(slides)


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
    try:
        with zipfile.ZipFile(path) as opened:
            entries = opened.infolist()
            _check_entries(path, entries)
            marked_up = [entry for entry in entries if _is_markup(opened, entry)]
            if sum(entry.file_size for entry in marked_up) > MOST_XML:
                raise _harmful(path, "far too much text")
            if any(_has_doctype(opened, entry) for entry in marked_up):
                raise _harmful(path, "a document type that no honest deck has")
    except (zipfile.BadZipFile, OSError, NotImplementedError, RuntimeError) as error:
        raise UnusableDrop(
            "The presentation is incomplete: its end is missing, or it is no .pptx.", file=path.name, remedy=DAMAGED
        ) from error


def _check_entries(path: Path, entries: list[zipfile.ZipInfo]) -> None:
    names = [entry.filename for entry in entries]
    if len(names) > MOST_ENTRIES or len(set(names)) < len(names):
        raise _harmful(path, "too many parts, or two of one name")
    if any(e.file_size > RATIO_FROM and e.file_size > MOST_RATIO * max(1, e.compress_size) for e in entries):
        raise _harmful(path, "a part that unpacks to hundreds of times its size")
    if "[Content_Types].xml" not in names or not any(name.startswith("ppt/") for name in names):
        raise UnusableDrop(
            "This is not a presentation.", file=path.name, remedy="Put the slides there as .pptx or .pdf."
        )


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


def _slide(number: int, slide: Any) -> Slide:
    _choose_alternatives(slide.element)
    shapes = list(_shapes(slide.shapes))
    titled = slide.shapes.title
    title = clean(titled.text_frame.text, LONGEST_TITLE) if titled is not None else ""
    body = (line for shape in shapes if titled is None or shape.element is not titled.element for line in _lines(shape))
    return Slide(
        number=number,
        title=title or None,
        body=lines(body),
        notes=_notes(slide),
        tables=tuple(rows(_cells(shape.table)) for shape in shapes if getattr(shape, "has_table", False)),
        links=links(link for shape in shapes for link in _links(shape)),
        alt_texts=tuple(dict.fromkeys(filter(None, map(clean, slide.element.xpath(ALT_TEXTS))))),
        hidden=slide.element.get("show") in ("0", "false"),
        read_by="pptx",
    )


def _choose_alternatives(slide: Any) -> None:
    """Put the first choice in the place of alternatives, as PowerPoint does: python-pptx sees no shape in them.

    A text box with an equation is such a one.
    """
    for alternatives in list(slide.iter(f"{COMPATIBILITY}AlternateContent")):
        choice = alternatives.find(f"{COMPATIBILITY}Choice")
        for shape in choice if choice is not None else ():
            alternatives.addprevious(shape)
        alternatives.getparent().remove(alternatives)


def _shapes(shapes: Any) -> Iterator[Any]:
    """Yield all visible shapes in reading order, those of groups in their place, without footer, date and number."""
    from pptx.shapes.group import GroupShape

    waiting = list(shapes)[::-1]
    while waiting:
        shape = waiting.pop()
        if shape.element.xpath("./*/p:cNvPr[@hidden='1' or @hidden='true']"):
            continue
        if isinstance(shape, GroupShape):
            waiting += list(shape.shapes)[::-1]
        elif not (shape.is_placeholder and int(shape.placeholder_format.type or 0) in FURNITURE):
            yield shape


def _lines(shape: Any) -> Iterator[tuple[int, str]]:
    if shape.has_text_frame:
        for paragraph in shape.text_frame.paragraphs:
            yield paragraph.level, paragraph.text
    elif getattr(shape, "has_chart", False):
        yield from ((0, text) for text in _chart(shape.chart.element))


def _chart(chart: Any) -> Iterator[str]:
    """Yield title, categories and series of a chart of any kind: python-pptx reads only some kinds."""
    yield "".join(chart.xpath("c:chart/c:title//a:t/text()"))
    series = chart.xpath(".//c:ser")
    for one in series[:1]:
        yield ", ".join(one.xpath("c:cat//c:v/text()"))
    for one in series:
        yield f"{' '.join(one.xpath('c:tx//c:v/text()'))}: {', '.join(one.xpath('(c:val|c:yVal)//c:v/text()'))}"


def _notes(slide: Any) -> str:
    frame = slide.notes_slide.notes_text_frame if slide.has_notes_slide else None
    return "\n".join(line for text in frame.text.splitlines() if (line := clean(text)))[:LONGEST_SLIDE] if frame else ""


def _cells(table: Any) -> Iterator[list[str]]:
    for row in table.rows:
        yield ["" if cell.is_spanned else cell.text for cell in row.cells]


def _links(shape: Any) -> Iterator[tuple[str, str]]:
    """Yield (text, target) of the links in a shape's text, in its cells, and on the shape itself."""
    for click in shape.element.xpath(".//a:hlinkClick"):
        leads = shape.part.rels.get(click.get(f"{RELATION}id"))
        if leads is not None and leads.is_external:
            said = click.xpath("ancestor::a:r[1]/a:t/text()") or shape.element.xpath(".//a:t/text()")
            yield " ".join(said), leads.target_ref
