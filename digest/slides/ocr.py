"""Reads the pictures of slides with few words or none: a Deck and its file in, the Deck with what they say out.

rapidocr (PP-OCRv6 small, its models inside the package) in a limited child, some 1.5 s a slide on one core. A PDF's
pages are drawn for it, a pptx gives its own picture parts. What a page says in text is not read again.
"""

import logging
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from digest import sandbox
from digest.errors import VERDICTS, count_noun
from digest.model.artifact import Record
from digest.model.deck import Deck, Slide
from digest.sandbox import Limits
from digest.settings import SlidesSettings
from digest.slides.layout import Box, Piece, lines_of, title_among
from digest.slides.pdf_text import DEVICE
from digest.slides.pictures import pictures_of, unpack_picture
from digest.slides.pptx import open_presentation
from digest.slides.text import MAX_TITLE, clean, lines

log = logging.getLogger(__name__)

WIDTH = 1600.0  # pixels of the longer side of what is read: letters of 12 points on a slide are 20 high
BATCH, SECONDS, START = 20, 20.0, 30.0  # slides read by one child, and what each of them, and its start, may take
MAX_FAILURES = 3  # slides that cannot be read before the rest of their batch is given up
MAX_READ = 300  # slides of a deck: some ten minutes
MIN_SHARE = 0.1  # of the slide that a picture takes, if it is to be read: logos are smaller
FEW_LETTERS = 200  # of a slide beside whose picture nothing is left to say: with fewer, the picture is spoken of too
TOLD = 0.5  # of a line's width that is text already
MIN_CONFIDENCE = 0.6  # of a line, as the model says: below it shapes are taken for letters


class Unread(Record):
    """A slide whose pictures are to be read; `told` is where on a PDF's page text stands, in units of DEVICE."""

    number: int
    told: tuple[Box, ...] = ()


class Recognised(Record):
    """What the pictures of a slide say; places and `height` in pixels, `confidence` from 0 to 1."""

    number: int
    height: float
    pieces: tuple[Piece, ...]
    confidence: float


def read_pictures(deck: Deck, path: Path, unread: Sequence[Unread], settings: SlidesSettings, password: str) -> Deck:
    """Return the deck with what the pictures of some slides say; remarks say what was not read."""
    if not unread:
        return deck
    found, failed = _found(path, unread[:MAX_READ], settings, password)
    failed = [*failed, *(slide.number for slide in unread[MAX_READ:])]
    log.debug("OCR of slides %s: read %s, failed %s", [one.number for one in unread], sorted(found), failed)
    slides = tuple(_with(slide, found[slide.number]) if slide.number in found else slide for slide in deck.slides)
    deck = deck.model_copy(update={"slides": slides})
    why = "the picture there takes too long, or there are too many"
    return _remarked(deck, f"{_count(failed)} not read: {why}.") if failed else deck


def _found(
    path: Path, unread: Sequence[Unread], settings: SlidesSettings, password: str
) -> tuple[dict[int, Recognised], list[int]]:
    """Return what is read by slide number, and the slides that cannot be: one of them does not lose the others."""
    found, failed = dict[int, Recognised](), list[int]()
    for at in range(0, len(unread), BATCH):
        batch = list(unread[at : at + BATCH])
        try:
            found |= _read(path, batch, settings, password)
        except VERDICTS:
            for slide in batch:
                try:
                    if len(failed) < MAX_FAILURES:
                        found |= _read(path, [slide], settings, password)
                    else:
                        failed.append(slide.number)
                except VERDICTS:
                    failed.append(slide.number)
    return found, failed


def _read(path: Path, unread: list[Unread], settings: SlidesSettings, password: str) -> dict[int, Recognised]:
    limits = Limits(seconds=START + SECONDS * len(unread), megabytes=settings.megabytes_limit, file_megabytes=16)
    return {one.number: one for one in sandbox.call(recognise, limits, path, unread, password)}


def _count(numbers: Sequence[int]) -> str:
    return f"{count_noun(len(numbers), 'slide')} {'was' if len(numbers) == 1 else 'were'}"


def _remarked(deck: Deck, remark: str) -> Deck:
    return deck.model_copy(update={"remarks": (*deck.remarks, remark)})


def _with(slide: Slide, read: Recognised) -> Slide:
    """Return the slide with what was read of its pictures under what it says in text."""
    text = lines_of(read.pieces)
    titled = range(0) if slide.title else title_among(text, read.height)
    title = slide.title or clean(" ".join(text[at].text for at in titled), MAX_TITLE) or None
    said = {_letters(line.text) for line in text}
    body = [(line.level, line.text) for line in slide.body if _letters(line.text) not in said]
    body += [
        (0, line.text)
        for at, line in enumerate(text)
        if at not in titled and _letters(line.text) != _letters(title or "")
    ]
    told = {"title": title, "body": lines(body), "read_by": "ocr", "confidence": round(read.confidence, 3)}
    return slide.model_copy(update=told)


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text)).casefold()


def slides_with_pictures(path: Path, numbers: list[int]) -> list[int]:
    """Return the numbers of the slides of a pptx that have a picture large enough to be read."""
    presentation = open_presentation(path)
    return [number for number in numbers if any(pictures_of(presentation, number, MIN_SHARE))]


def recognise(path: Path, unread: list[Unread], password: str) -> list[Recognised]:
    """Return what is read on these slides of a PDF or pptx; a slide on which nothing new is read is not among them."""
    drawn = _pages(path, unread, password) if path.suffix == ".pdf" else _parts(path, unread)
    engine = _engine()
    found: dict[int, Recognised] = {}
    for slide, picture in drawn:
        if (one := _recognised(engine, slide, picture)) and slide.number in found:
            found[slide.number] = _under(found[slide.number], one)
        elif one:
            found[slide.number] = one
    return list(found.values())


def _engine() -> Any:
    """Return the recogniser: one thread, and no model that turns lines by half a circle, is three times as fast."""
    from rapidocr import RapidOCR

    threads = dict.fromkeys(
        ("EngineConfig.onnxruntime.intra_op_num_threads", "EngineConfig.onnxruntime.inter_op_num_threads"), 1
    )
    return RapidOCR(params=threads | {"Global.use_cls": False, "Global.log_level": "error"})


def _recognised(engine: Any, slide: Unread, picture: Any) -> Recognised | None:
    import numpy as np

    pixel = WIDTH / DEVICE
    told = [(left * pixel, top * pixel, right * pixel, bottom * pixel) for left, top, right, bottom in slide.told]

    read = engine(np.ascontiguousarray(np.asarray(picture.convert("RGB"))[:, :, ::-1]), use_cls=False)
    sure = [
        (_piece(text, corners), float(score))
        for text, corners, score in zip(
            read.txts or (), read.boxes if read.txts else (), read.scores or (), strict=True
        )
        if score >= MIN_CONFIDENCE and text.strip()
    ]
    sure = [(piece, score) for piece, score in sure if not _is_told(piece.box, told)]
    letters = sum(len(piece.text) for piece, _ in sure)
    if not letters:
        return None
    confidence = sum(score * len(piece.text) for piece, score in sure) / letters
    return Recognised(
        number=slide.number,
        height=float(picture.height),
        pieces=tuple(piece for piece, _ in sure),
        confidence=min(1.0, confidence),
    )


def _is_told(line: Box, told: Sequence[Box]) -> bool:
    """Say whether most of a line's width is text that stands at its height."""
    left, top, right, bottom = line
    beside = (
        max(0.0, min(right, box[2]) - max(left, box[0]))
        for box in told
        if box[1] < (top + bottom) / 2 < box[3] or top < (box[1] + box[3]) / 2 < bottom
    )
    return sum(beside) >= TOLD * (right - left)


def _piece(text: str, corners: Any) -> Piece:
    left, top = (float(side) for side in corners.min(axis=0))
    right, bottom = (float(side) for side in corners.max(axis=0))
    return Piece(text=text, size=bottom - top, box=(left, top, right, bottom))


def _under(first: Recognised, second: Recognised) -> Recognised:
    """Return what two pictures of a slide say, one below the other."""
    moved = (
        piece.model_copy(update={"box": (left, top + first.height, right, bottom + first.height)})
        for piece in second.pieces
        for left, top, right, bottom in [piece.box]
    )
    return Recognised(
        number=first.number,
        height=first.height + second.height,
        pieces=(*first.pieces, *moved),
        confidence=min(first.confidence, second.confidence),
    )


def _pages(path: Path, unread: Sequence[Unread], password: str) -> Iterator[tuple[Unread, Any]]:
    import pypdfium2

    document = pypdfium2.PdfDocument(path, password=password or None)
    for slide in unread:
        page = document[slide.number - 1]
        if min(page.get_size()) > 0:
            yield slide, page.render(scale=WIDTH / max(page.get_size())).to_pil()
        page.close()


def _parts(path: Path, unread: Sequence[Unread]) -> Iterator[tuple[Unread, Any]]:
    presentation = open_presentation(path)
    for slide in unread:
        for shape in pictures_of(presentation, slide.number, MIN_SHARE):
            if picture := unpack_picture(shape, int(WIDTH)):
                yield slide, picture
