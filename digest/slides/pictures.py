"""The picture parts of a deck: for OCR, and for slides that cannot be drawn; both in a limited child."""

import io
import logging
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from digest.model.artifact import Record
from digest.slides.drawing import webp
from digest.slides.pptx import HIDDEN, alt_texts, open_presentation, shapes_of, unreadable
from digest.slides.text import MAX_LINE, clean

log = logging.getLogger(__name__)

MAX_PIXELS = 40_000_000  # of a picture part; more is not unpacked
MIN_SHARE = 0.02  # of the slide that a picture takes, if it is shown: logos and signs are smaller
MAX_OF_A_SLIDE = 8  # pictures


class Taken(Record):
    """A picture taken from a slide: a file name inside the folder, its size in pixels, what its author says of it."""

    number: int
    image: str
    size: tuple[int, int]
    alt: str


def take_pictures(path: Path, slides: list[tuple[int, int]], into: Path, width: int) -> list[Taken]:
    """Write the pictures of slides of a pptx as `slide-012-picture-1.webp`, in reading order, at most so wide.

    Each slide comes as its number and its place in the file, from 1. They are drawn anew: as cropped on the slide, and
    without what the camera wrote into them.
    """
    presentation, taken = open_presentation(path), list[Taken]()
    for number, place in slides:
        shapes = pictures_of(presentation, place, MIN_SHARE)
        found = ((shape, picture) for shape in shapes if (picture := unpack_picture(shape, width)))
        for at, (shape, picture) in enumerate(islice(found, MAX_OF_A_SLIDE), start=1):
            name = f"slide-{number:03}-picture-{at}.webp"
            (into / name).write_bytes(webp(picture.convert("RGB")))
            alt = clean(" ".join(alt_texts(shape)), MAX_LINE)
            taken.append(Taken(number=number, image=name, size=picture.size, alt=alt))
    return taken


def pictures_of(presentation: Any, number: int, smallest: float) -> Iterator[Any]:
    """Yield the pictures of a slide that are seen and take such a share of it; what cannot be read is left out.

    An odd slide costs its own pictures and no other's: whoever reads the deck says that it is odd.
    """
    try:
        size = presentation.slide_width or 0, presentation.slide_height or 0
        yield from _large_pictures(presentation.slides[number - 1], size, smallest)
    except unreadable() as error:
        log.debug("the pictures of slide %d are not read: %r", number, error)


def _large_pictures(slide: Any, size: tuple[int, int], smallest: float) -> Iterator[Any]:
    from pptx.shapes.picture import Picture

    for shape in shapes_of(slide, size):
        if isinstance(shape, Picture) and not shape.element.xpath(HIDDEN) and min(size) > 0:
            share = (shape.width or 0) * (shape.height or 0) / (size[0] * size[1])
            if share >= smallest and shape.element.xpath(".//a:blip/@r:embed"):
                yield shape


def unpack_picture(shape: Any, side: int) -> Any | None:
    """Return a picture part as it is cropped on the slide, on white, its longer side at most so many pixels.

    None where Pillow cannot read it, or it is far too large.
    """
    from PIL import Image, UnidentifiedImageError

    try:
        picture = Image.open(io.BytesIO(shape.image.blob), formats=("PNG", "JPEG", "GIF", "BMP", "TIFF", "WEBP"))
        if picture.width * picture.height > MAX_PIXELS:
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
    ground.thumbnail((side, side))
    return ground
