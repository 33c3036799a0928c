"""Draws pages of a PDF with PDFium, in a limited child: PDFium has no limits of its own and is not thread-safe."""

import io
from pathlib import Path
from typing import TYPE_CHECKING, Any

from digest.errors import UnusableDrop
from digest.model.artifact import Record

if TYPE_CHECKING:
    from PIL.Image import Image

LIBRARIES = ("pypdfium2",)  # which the fork server loads once for all children
MAX_PIXELS = 8_000_000  # of one picture, whatever the page's shape
MAX_POINTS = 1e6  # of a page's side
QUALITY = 80


class Drawn(Record):
    """A slide that was drawn: file names inside the folder, sizes in pixels."""

    number: int
    image: str
    size: tuple[int, int]
    thumbnail: str
    thumbnail_size: tuple[int, int]


class Job(Record):
    """What to draw: (slide number, index of its page) each, widths in pixels; `into` is a folder.

    `is_half` says that a slide is the left half of its page: on the right stand notes.
    """

    pdf: Path
    password: str
    into: Path
    pages: tuple[tuple[int, int], ...]
    width: int
    thumbnail_width: int
    is_half: bool = False


def draw(job: Job) -> list[Drawn]:
    """Write `slide-012.webp` and `slide-012-small.webp` for each page, and return what was written.

    Raises UnusableDrop where PDFium cannot open the file, or a page has no size.
    """
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(job.pdf, password=job.password or None)
    except pypdfium2.PdfiumError as error:
        raise UnusableDrop(
            "The PDF cannot be drawn.", file=job.pdf.name, remedy="Export it anew from the presentation."
        ) from error
    if document.get_formtype():
        document.init_forms()
    return [_page(document[index], number, job) for number, index in job.pages]


def _page(page: Any, number: int, job: Job) -> Drawn:
    width, height = page.get_size()
    if not (0 < width < MAX_POINTS and 0 < height < MAX_POINTS):
        raise UnusableDrop("A page has no size.", file=job.pdf.name, remedy="Export the PDF anew.")
    right = width / 2 if job.is_half else 0  # left off
    scale = min(job.width / (width - right), (MAX_PIXELS / (width * height)) ** 0.5)
    # What reviewers wrote on a page hangs on it as annotations; forms that are filled in are drawn apart from these.
    image = page.render(scale=scale, crop=(0, 0, right, 0), draw_annots=False).to_pil().convert("RGB")
    small = image.copy()
    small.thumbnail((job.thumbnail_width, 2 * job.thumbnail_width))
    names = f"slide-{number:03}.webp", f"slide-{number:03}-small.webp"
    (job.into / names[0]).write_bytes(webp(image))
    (job.into / names[1]).write_bytes(webp(small))
    return Drawn(number=number, image=names[0], size=image.size, thumbnail=names[1], thumbnail_size=small.size)


def webp(image: "Image") -> bytes:
    """Return the smaller of a lossless picture and one of quality 80: flat slides are smaller without loss."""
    kinds = list[bytes]()
    for options in ({"quality": QUALITY, "method": 4}, {"lossless": True, "method": 2}):
        buffer = io.BytesIO()
        image.save(buffer, "WEBP", **options)
        kinds.append(buffer.getvalue())
    return min(kinds, key=len)
