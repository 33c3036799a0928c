"""Reads a .pptx, .pptm or .ppsx with python-pptx, in a limited child: a path in, a Deck out."""

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from digest.errors import UnusableDrop
from digest.model.deck import Deck, Slide
from digest.slides.text import LONGEST_SLIDE, LONGEST_TITLE, bare, clean, furniture, lines, links

MOST_ENTRIES = 20_000
MOST_XML = 100_000_000  # bytes of all parts that are parsed, unpacked
MOST_RATIO, RATIO_FROM = 200, 20_000_000  # a part that is packed better than this is a bomb, if it is large
FURNITURE = {13, 14, 15, 16}  # placeholders for number, header, footer and date (MS-OE376, ST_PlaceholderType)
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
        KeyError,
        ValueError,
        AttributeError,
        etree.LxmlError,
        zipfile.BadZipFile,
        OSError,
    ) as error:
        raise UnusableDrop(
            f"The presentation is damaged ({type(error).__name__}).", file=path.name, remedy=DAMAGED
        ) from error
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


def _check(path: Path) -> None:
    """Look at what the zip declares before anything of it is unpacked."""
    head = path.open("rb").read(8)
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        raise UnusableDrop(
            "The presentation is protected with a password, or in PowerPoint's old format.",
            file=path.name,
            remedy="Save a copy as .pptx without a password, or as PDF, and put that in its place.",
        )
    try:
        with zipfile.ZipFile(path) as opened:
            entries = opened.infolist()
            _check_entries(path, entries)
            for entry in entries:
                if entry.filename.endswith((".xml", ".rels")) and _has_doctype(opened, entry):
                    raise _harmful(path, "a document type that no honest deck has")
    except (zipfile.BadZipFile, OSError, NotImplementedError, RuntimeError) as error:
        raise UnusableDrop(
            "The presentation is incomplete: its end is missing, or it is no .pptx.", file=path.name, remedy=DAMAGED
        ) from error


def _check_entries(path: Path, entries: list[zipfile.ZipInfo]) -> None:
    names = [entry.filename for entry in entries]
    if len(names) > MOST_ENTRIES or len(set(names)) < len(names):
        raise _harmful(path, "too many parts, or two of one name")
    if sum(entry.file_size for entry in entries if entry.filename.endswith((".xml", ".rels"))) > MOST_XML:
        raise _harmful(path, "far too much text")
    if any(e.file_size > RATIO_FROM and e.file_size > MOST_RATIO * max(1, e.compress_size) for e in entries):
        raise _harmful(path, "a part that unpacks to hundreds of times its size")
    if "[Content_Types].xml" not in names or not any(name.startswith("ppt/") for name in names):
        raise UnusableDrop(
            "This is not a presentation.", file=path.name, remedy="Put the slides there as .pptx or .pdf."
        )


def _harmful(path: Path, what: str) -> UnusableDrop:
    return UnusableDrop(f"The presentation is refused: it holds {what}.", file=path.name, remedy=DAMAGED)


def _has_doctype(opened: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bool:
    with opened.open(entry) as part:
        head = part.read(4096).replace(b"\0", b"")
    return b"<!DOCTYPE" in head or b"<!ENTITY" in head


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
    shapes = list(_shapes(slide.shapes))
    titled = slide.shapes.title
    title = clean(titled.text_frame.text, LONGEST_TITLE) if titled is not None else ""
    body = (line for shape in shapes if titled is None or shape.shape_id != titled.shape_id for line in _lines(shape))
    return Slide(
        number=number,
        title=title or None,
        body=lines(body),
        notes=_notes(slide),
        tables=tuple(_table(shape.table) for shape in shapes if getattr(shape, "has_table", False)),
        links=links(link for shape in shapes for link in _links(shape)),
        alt_texts=tuple(filter(None, (clean(text) for text in slide.element.xpath(".//p:cNvPr/@descr")))),
        hidden=slide.element.get("show") in ("0", "false"),
        read_by="pptx",
    )


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
        yield from ((0, text) for text in _chart(shape.chart))


def _chart(chart: Any) -> Iterator[str]:
    if chart.has_title and chart.chart_title.has_text_frame:
        yield chart.chart_title.text_frame.text
    for plot in chart.plots:
        yield ", ".join(str(category) for category in plot.categories)
        for series in plot.series:
            yield f"{series.name}: {', '.join(f'{value:g}' for value in series.values if value is not None)}"


def _notes(slide: Any) -> str:
    frame = slide.notes_slide.notes_text_frame if slide.has_notes_slide else None
    return "\n".join(line for text in frame.text.splitlines() if (line := clean(text)))[:LONGEST_SLIDE] if frame else ""


def _table(table: Any) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple("" if cell.is_spanned else clean(cell.text) for cell in row.cells) for row in table.rows)


def _links(shape: Any) -> Iterator[tuple[str, str]]:
    if shape.has_text_frame:
        for paragraph in shape.text_frame.paragraphs:
            for run in paragraph.runs:
                if run.hyperlink.address:
                    yield run.text, run.hyperlink.address
    clicked = getattr(shape, "click_action", None)
    if clicked is not None and clicked.hyperlink.address:
        yield getattr(shape, "text", "") or shape.name, clicked.hyperlink.address
