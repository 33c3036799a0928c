"""Reads slides that are only pictures: a Deck and its file in, the Deck with what the pictures say out.

rapidocr (PP-OCRv6 small, its models inside the package) in a limited child, some 1.5 s a slide on one core. A PDF's
pages are drawn for it, a pptx gives its own picture parts.
"""

import io
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from digest import sandbox
from digest.errors import DigestError, counted
from digest.model.artifact import Record
from digest.model.deck import Deck, Slide
from digest.sandbox import Limits
from digest.settings import SlidesSettings
from digest.slides.layout import Piece, lines_of, title_among
from digest.slides.pptx import HIDDEN, opened, shapes_of
from digest.slides.text import LONGEST_TITLE, clean, lines

WIDTH = 1600.0  # pixels of the longer side of what is read: letters of 12 points on a slide are 20 high
BATCH, SECONDS, START = 20, 20.0, 30.0  # slides read by one child, and what each of them, and its start, may take
MOST_FAILURES = 3  # slides that cannot be read before the rest of their batch is given up
MOST_READ = 300  # slides of a deck: some ten minutes
MOST_PIXELS = 40_000_000  # of a picture part; more is not unpacked
SMALLEST = 0.1  # of the slide that a picture takes, if it is to be read: logos are smaller
FEWEST_LETTERS = 15  # of the body of a pptx slide that tells in text what it shows
LEAST_SURE = 0.6  # of a line, as the model says: below it shapes are taken for letters


class Recognised(Record):
    """What the pictures of a slide say; places and `height` in pixels, `confidence` from 0 to 1."""

    number: int
    height: float
    pieces: tuple[Piece, ...]
    confidence: float


def read_pictures(deck: Deck, path: Path, numbers: Sequence[int], settings: SlidesSettings, password: str) -> Deck:
    """Return the deck with what its pictures say on the slides of these numbers; remarks say what was not read."""
    if not numbers:
        return deck
    found, failed = _found(path, numbers[:MOST_READ], settings, password)
    failed = [*failed, *numbers[MOST_READ:]]
    slides = tuple(_with(slide, found[slide.number]) if slide.number in found else slide for slide in deck.slides)
    deck = deck.model_copy(update={"slides": slides})
    why = "the picture there takes too long, or there are too many"
    return _remarked(deck, f"{_count(failed)} not read: {why}.") if failed else deck


def _found(
    path: Path, numbers: Sequence[int], settings: SlidesSettings, password: str
) -> tuple[dict[int, Recognised], list[int]]:
    """Return what is read by slide number, and the slides that cannot be: one of them does not lose the others."""
    found, failed = dict[int, Recognised](), list[int]()
    for at in range(0, len(numbers), BATCH):
        batch = list(numbers[at : at + BATCH])
        try:
            found |= _read(path, batch, settings, password)
        except DigestError:
            for number in batch:
                try:
                    if len(failed) < MOST_FAILURES:
                        found |= _read(path, [number], settings, password)
                    else:
                        failed.append(number)
                except DigestError:
                    failed.append(number)
    return found, failed


def _read(path: Path, numbers: list[int], settings: SlidesSettings, password: str) -> dict[int, Recognised]:
    limits = Limits(seconds=START + SECONDS * len(numbers), megabytes=settings.megabytes_limit, file_megabytes=16)
    return {one.number: one for one in sandbox.call(recognised, limits, path, numbers, password)}


def _count(numbers: Sequence[int]) -> str:
    return f"{counted(len(numbers), 'slide')} {'was' if len(numbers) == 1 else 'were'}"


def _remarked(deck: Deck, remark: str) -> Deck:
    return deck.model_copy(update={"remarks": (*deck.remarks, remark)})


def _with(slide: Slide, read: Recognised) -> Slide:
    """Return the slide with what was read of its pictures under what it says in text."""
    text = lines_of(read.pieces)
    titled = range(0) if slide.title else title_among(text, read.height)
    title = slide.title or clean(" ".join(text[at].text for at in titled), LONGEST_TITLE) or None
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


def pictured(path: Path, numbers: list[int]) -> list[int]:
    """Return the numbers of the slides of a pptx that have a picture large enough to be read."""
    presentation = opened(path)
    size = presentation.slide_width or 0, presentation.slide_height or 0
    slides = list(presentation.slides)
    return [number for number in numbers if any(_pictures(slides[number - 1], size))]


def recognised(path: Path, numbers: list[int], password: str) -> list[Recognised]:
    """Return what is read on these slides of a PDF or pptx; a slide on which nothing is read is not among them."""
    drawn = _pages(path, numbers, password) if path.suffix == ".pdf" else _parts(path, numbers)
    engine = _engine()
    found: dict[int, Recognised] = {}
    for number, picture in drawn:
        if (one := _recognised(engine, number, picture)) and number in found:
            found[number] = _under(found[number], one)
        elif one:
            found[number] = one
    return list(found.values())


def _engine() -> Any:
    """Return the recogniser: one thread, and no model that turns lines by half a circle, is three times as fast."""
    from rapidocr import RapidOCR

    threads = dict.fromkeys(
        ("EngineConfig.onnxruntime.intra_op_num_threads", "EngineConfig.onnxruntime.inter_op_num_threads"), 1
    )
    return RapidOCR(params=threads | {"Global.use_cls": False, "Global.log_level": "error"})


def _recognised(engine: Any, number: int, picture: Any) -> Recognised | None:
    import numpy as np

    read = engine(np.ascontiguousarray(np.asarray(picture.convert("RGB"))[:, :, ::-1]), use_cls=False)
    sure = [
        (_piece(text, corners), float(score))
        for text, corners, score in zip(
            read.txts or (), read.boxes if read.txts else (), read.scores or (), strict=True
        )
        if score >= LEAST_SURE and text.strip()
    ]
    letters = sum(len(piece.text) for piece, _ in sure)
    if not letters:
        return None
    confidence = sum(score * len(piece.text) for piece, score in sure) / letters
    return Recognised(
        number=number,
        height=float(picture.height),
        pieces=tuple(piece for piece, _ in sure),
        confidence=min(1.0, confidence),
    )


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


def _pages(path: Path, numbers: Sequence[int], password: str) -> Iterator[tuple[int, Any]]:
    import pypdfium2

    document = pypdfium2.PdfDocument(path, password=password or None)
    for number in numbers:
        page = document[number - 1]
        if min(page.get_size()) > 0:
            yield number, page.render(scale=WIDTH / max(page.get_size())).to_pil()
        page.close()


def _parts(path: Path, numbers: Sequence[int]) -> Iterator[tuple[int, Any]]:
    presentation = opened(path)
    size = presentation.slide_width or 0, presentation.slide_height or 0
    slides = list(presentation.slides)
    for number in numbers:
        for shape in _pictures(slides[number - 1], size):
            if picture := _picture(shape):
                yield number, picture


def _pictures(slide: Any, size: tuple[int, int]) -> Iterator[Any]:
    """Yield the pictures of a slide that are seen and large enough to say something."""
    from pptx.shapes.picture import Picture

    for shape in shapes_of(slide, size):
        if isinstance(shape, Picture) and not shape.element.xpath(HIDDEN) and min(size) > 0:
            share = (shape.width or 0) * (shape.height or 0) / (size[0] * size[1])
            if share >= SMALLEST and shape.element.xpath(".//a:blip/@r:embed"):
                yield shape


def _picture(shape: Any) -> Any | None:
    """Return a picture part as it is cropped on the slide; None where Pillow cannot read it, or it is far too large."""
    from PIL import Image, UnidentifiedImageError

    try:
        picture = Image.open(io.BytesIO(shape.image.blob), formats=("PNG", "JPEG", "GIF", "BMP", "TIFF", "WEBP"))
        if picture.width * picture.height > MOST_PIXELS:
            return None
        wide, high = picture.size
        far = (1 - shape.crop_right) * wide, (1 - shape.crop_bottom) * high
        sides = shape.crop_left * wide, shape.crop_top * high, *far
        seen = picture.convert("RGBA").crop(tuple(map(round, sides)))
    except (UnidentifiedImageError, OSError, ValueError, LookupError, AttributeError):
        return None
    if min(seen.size) < 1:
        return None
    ground = Image.new("RGBA", seen.size, "white")
    ground.alpha_composite(seen)
    ground.thumbnail((int(WIDTH), int(WIDTH)))
    return ground
