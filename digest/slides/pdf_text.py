"""What is printed on the pages of a PDF and where, as PDFium sees it: a path in, Printed pages out; in a limited child.

Letters that nobody sees are left out: drawn invisibly, off the page, or in white on white. PDFium has no limits of
its own (its child has), and knows each letter's place, which pypdf does not.
"""

import ctypes
import math
import statistics
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from digest.errors import UnusableDrop
from digest.model.artifact import Record
from digest.slides.layout import Box, Piece
from digest.slides.text import superscript
from digest.slides.vocabulary import are_words

LIBRARIES = ("pypdfium2.raw", "PIL.Image")  # which the fork server loads once for all children
DEVICE = 10_000  # units of a page's longer side in which places are given
MAX_LETTERS = 40_000  # of a page
GARBLED = 0.2  # of the letters: more without a meaning, and the fonts have no map to Unicode
WHITE = 235  # of 255, each colour: such letters are looked for in the picture
LOOKED_AT = 500.0  # pixels of the longer side of that picture
SEEN = 24  # of 255: the least difference between a letter and its ground that an eye notices
HIGH, LOW = range(0xD800, 0xDC00), range(0xDC00, 0xE000)  # the halves of a surrogate pair (Unicode, 3.8)
LINE_END_HYPHEN = "\x02"  # as PDFium writes one
SMALLER, RAISED_BY = 0.8, 0.2  # of the usual height: letters that are set as an exponent
INVISIBLE = (3, 7)  # text render modes (ISO 32000-1, table 106)
OUTLINE = 5, 5_000  # levels and entries of a table of contents that are looked at
LARGE = 0.5  # of the page: a picture that the page consists of
CELL = (0.06, 0.5)  # of the page: how much a slide of a handout takes
SHAPES = (1.15, 1.9)  # width by height of such a slide, 4:3 to 16:9 with some air
ALIKE = 0.02  # of the page: how far two cells differ in size
TEXT, PATH, PICTURE, FORM = 1, 2, 3, 5  # kinds of page objects
OC, OC_BYTES, MAX_MARKS = "OC".encode("utf-16-le"), 6, 20  # how a layer's content is marked, with its ending zero
DRAWN, PATHS = 0.1, 20  # of the page a picture takes, or so many lines: there is something to see
MAX_DEPTH, MAX_PARTS = 4, 1_000  # forms in each other, and parts of them, that are searched for a picture


class Printed(Record):
    """A page: its height where DEVICE is its longer side, and what is printed on it, in the order of the file.

    `outline` is what the file's table of contents calls it. `is_drawn` says that there are pictures or drawings,
    `is_pictured` that a picture takes a good part of the page.
    `layer` is invisible text over a picture of the page, as scanners leave it. `cells` is how many frames or pictures
    of one slide's shape and size there are.
    """

    height: float
    pieces: tuple[Piece, ...] = ()
    layer: tuple[Piece, ...] = ()
    is_garbled: bool = False
    is_drawn: bool = False
    is_pictured: bool = False
    cells: int = 0
    outline: str = ""


def read_pdf_text(path: Path, max_pages: int, password: str) -> list[Printed]:
    """Return what is printed on each page. Raises UnusableDrop where PDFium cannot open the file."""
    import pypdfium2
    from PIL import Image

    try:
        document = pypdfium2.PdfDocument(path, password=password or None)
    except pypdfium2.PdfiumError as error:
        raise UnusableDrop("The PDF is damaged.", file=path.name, remedy="Export it anew.") from error
    found = list[Printed]()
    outline = _outline(document)
    for index in range(min(len(document), max_pages)):
        try:
            page = document[index]
            found.append(_page(page).model_copy(update={"outline": outline.get(index, "")}))
            page.close()
        except (pypdfium2.PdfiumError, ValueError, ArithmeticError, OSError, Image.DecompressionBombError):
            found.append(Printed(height=DEVICE))  # one page that cannot be read does not lose the others
    return found


def _outline(document: Any) -> dict[int, str]:
    """Return the first title that the table of contents has for a page, by its index."""
    import pypdfium2

    found: dict[int, str] = {}
    try:
        for mark in islice(document.get_toc(max_depth=OUTLINE[0]), OUTLINE[1]):
            leads = mark.get_dest()
            if leads is not None and leads.get_index() is not None:
                found.setdefault(leads.get_index(), mark.get_title())
    except (pypdfium2.PdfiumError, ValueError, OSError):
        return found  # a table of contents that goes in circles; the pages are fine
    return found


def _page(page: Any) -> Printed:
    width, height = page.get_size()
    if not (0 < width < math.inf and 0 < height < math.inf):
        return Printed(height=DEVICE)
    scale = DEVICE / max(width, height)
    size = max(1, round(width * scale)), max(1, round(height * scale))
    letters = list(_letters(page))
    objects = list(_objects(page, size))
    covers = list(_covers(page))
    pieces = [(_Run(run).piece(page, size), run[0]) for run in _runs(letters)]
    on_page = [(piece, first) for piece, first in pieces if piece and _is_on(piece.box, size)]
    doubtful = [
        piece
        for piece, first in on_page
        if not first.is_invisible and (first.is_white or first.is_layered or _is_covered(first, covers))
    ]
    unseen = {id(piece) for piece in _unseen(page, doubtful, size)} if doubtful else set[int]()
    visible = [piece for piece, first in on_page if not first.is_invisible and id(piece) not in unseen]
    hidden = [piece for piece, first in on_page if first.is_invisible]
    is_picture = any(kind == PICTURE and _share(box, size) >= LARGE for kind, box in objects)
    return Printed(
        height=size[1],
        pieces=tuple(visible),
        layer=tuple(hidden) if is_picture and not visible else (),
        is_garbled=_is_garbled(letters),
        is_drawn=_is_drawn(objects, size),
        is_pictured=any(kind == PICTURE and _share(box, size) >= DRAWN for kind, box in objects),
        cells=_cells(objects, size),
    )


class _Letter:
    """A letter with its boxes in the units of the page; `height` is that of its font."""

    __slots__ = ("angle", "box", "height", "is_invisible", "is_layered", "is_unmapped", "is_white", "text")

    def __init__(self, text: str, box: Box, height: float) -> None:
        self.text, self.box, self.height = text, box, height
        self.angle, self.is_invisible, self.is_unmapped, self.is_white = 0.0, False, False, False
        self.is_layered = False


def _letters(page: Any) -> Iterator[_Letter]:
    """Yield the letters in the order of the file; PDFium adds spaces and line ends, which have no box of their own."""
    import pypdfium2.raw as pdfium

    text = page.get_textpage()
    edges = [ctypes.c_double() for _ in range(4)]
    loose = pdfium.FS_RECTF()
    red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
    layered = dict[int, bool]()  # by the text object: of each one its letters have the same
    high = 0  # half of a sign that UTF-16 writes in two: PDFium counts halves
    for at in range(min(text.count_chars(), MAX_LETTERS)):
        code = pdfium.FPDFText_GetUnicode(text, at)
        if code in HIGH:
            high = code
            continue
        if code in LOW:
            code = 0x10000 + ((high - HIGH.start) << 10) + code - LOW.start if high else 0
        high = 0
        if pdfium.FPDFText_IsGenerated(text, at) == 1:
            yield _Letter("\n" if code in (10, 13) else " ", (0, 0, 0, 0), 0)
            continue
        pdfium.FPDFText_GetCharBox(text, at, *edges[:4])
        left, right, bottom, top = (edge.value for edge in edges)
        pdfium.FPDFText_GetLooseCharBox(text, at, loose)
        letter = _Letter(chr(code) if 0 < code < 0x110000 else "\ufffd", (left, bottom, right, top), 0)  # noqa: PLR2004
        letter.angle = pdfium.FPDFText_GetCharAngle(text, at)
        is_upright = abs(math.cos(letter.angle)) >= abs(math.sin(letter.angle))  # else it runs up or down the page
        letter.height = abs(loose.top - loose.bottom) if is_upright else abs(loose.right - loose.left)
        letter.is_unmapped = pdfium.FPDFText_HasUnicodeMapError(text, at) == 1
        if pdfium.FPDFText_GetFillColor(text, at, red, green, blue, alpha):
            letter.is_white = min(red.value, green.value, blue.value) >= WHITE or alpha.value == 0
        shown = pdfium.FPDFText_GetTextObject(text, at)
        letter.is_invisible = bool(shown) and pdfium.FPDFTextObj_GetTextRenderMode(shown) in INVISIBLE
        address = ctypes.cast(shown, ctypes.c_void_p).value or 0
        if address not in layered:
            layered[address] = bool(shown) and _is_layered(shown)
        letter.is_layered = layered[address]
        yield letter


def _is_layered(found: Any) -> bool:
    """Return whether an object belongs to a layer, which may be switched off (ISO 32000-1, 8.11)."""
    import pypdfium2.raw as pdfium

    name, needed = (ctypes.c_ushort * 8)(), ctypes.c_ulong()
    for at in range(min(max(0, pdfium.FPDFPageObj_CountMarks(found)), MAX_MARKS)):
        mark = pdfium.FPDFPageObj_GetMark(found, at)
        is_named = mark and pdfium.FPDFPageObjMark_GetName(mark, name, ctypes.sizeof(name), needed)
        if is_named and needed.value == OC_BYTES and bytes(name).startswith(OC):
            return True
    return False


def _covers(page: Any) -> list[Box]:
    """Return the boxes of filled paths that are drawn after some text, and could lie over it."""
    import pypdfium2.raw as pdfium

    sides = [ctypes.c_float() for _ in range(4)]
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    found, has_text = list[Box](), False
    for at in range(min(pdfium.FPDFPage_CountObjects(page), MAX_LETTERS)):
        item = pdfium.FPDFPage_GetObject(page, at)
        kind = pdfium.FPDFPageObj_GetType(item)
        has_text = has_text or kind == TEXT
        is_filled = kind == PATH and has_text and pdfium.FPDFPath_GetDrawMode(item, fill, stroke) and fill.value
        if is_filled and pdfium.FPDFPageObj_GetBounds(item, *sides):
            left, bottom, right, top = (side.value for side in sides)
            found.append((left, bottom, right, top))
    return found


def _is_covered(letter: "_Letter", covers: Sequence[Box]) -> bool:
    """Say whether one of these boxes lies over a letter: the picture of the page tells what is seen."""
    x, y = (letter.box[0] + letter.box[2]) / 2, (letter.box[1] + letter.box[3]) / 2
    return any(box[0] <= x <= box[2] and box[1] <= y <= box[3] for box in covers)


def _runs(letters: Sequence[_Letter]) -> Iterator[list[_Letter]]:
    """Yield letters that follow each other on one line, alike in size and visibility, with their spaces."""
    run = list[_Letter]()
    for letter in letters:
        last = next((one for one in reversed(run) if one.height), None)
        if letter.text == "\n" or (last and letter.height and not _goes_on(last, letter)):
            if last:
                yield run
            run = []
        if letter.text != "\n" and (run or letter.text.strip()):
            run.append(letter)
    if any(letter.height for letter in run):
        yield run


def _goes_on(last: _Letter, letter: _Letter) -> bool:
    if (last.is_invisible, last.is_white) != (letter.is_invisible, letter.is_white):
        return False
    if last.angle or letter.angle:
        return last.angle == letter.angle
    leftward = _is_leftward(last.text) or _is_leftward(letter.text)
    gap = last.box[0] - letter.box[2] if leftward else letter.box[0] - last.box[2]
    size = max(last.height, letter.height)
    is_alike = min(last.height, letter.height) >= 0.6 * size  # a raised figure is part of its word
    return is_alike and -size <= gap <= 1.2 * size and abs(letter.box[1] - last.box[1]) <= size


def _is_leftward(text: str) -> bool:
    return unicodedata.bidirectional(text) in {"R", "AL"}


class _Run(list[_Letter]):
    """Letters of one line."""

    def text(self) -> str:
        """Return what they say, raised figures as such: 10⁶ is not 106."""
        drawn = [letter for letter in self if letter.height]
        usual = max(letter.height for letter in drawn)
        ground = [letter.box[1] for letter in drawn if letter.height > SMALLER * usual and letter.text.isalnum()]
        floor = statistics.median(ground) if ground else 0.0
        said = ""
        for letter in self:
            is_raised = 0 < letter.height <= SMALLER * usual and letter.box[1] - floor >= RAISED_BY * usual
            said += (
                superscript(letter.text, said)
                if is_raised and letter.text.isdecimal() and said.strip()
                else letter.text
            )
        return said

    def piece(self, page: Any, size: tuple[int, int]) -> Piece | None:
        """Return them as text in its box, turned as the page is turned; None where there is no text."""
        text = " ".join(self.text().replace(LINE_END_HYPHEN, "-").split())
        drawn = [letter for letter in self if letter.height]
        heights = sorted(letter.height for letter in drawn)
        left, bottom = min(letter.box[0] for letter in drawn), min(letter.box[1] for letter in drawn)
        right, top = max(letter.box[2] for letter in drawn), max(letter.box[3] for letter in drawn)
        if not text or not all(map(math.isfinite, (left, bottom, right, top))):
            return None
        width, height = page.get_size()
        box = _on_device(page, (left, bottom, right, top), size)
        return Piece(text=text, size=heights[len(heights) // 2] * DEVICE / max(width, height), box=box)


def _on_device(page: Any, box: Box, size: tuple[int, int]) -> Box:
    """Return a box of the page's own units in DEVICE units from the top left of the page as it is shown."""
    import pypdfium2.raw as pdfium

    x, y = ctypes.c_int(), ctypes.c_int()
    corners = list[tuple[int, int]]()
    for at in (box[:2], box[2:]):
        pdfium.FPDF_PageToDevice(page, 0, 0, *size, 0, *at, x, y)
        corners.append((x.value, y.value))
    (x0, y0), (x1, y1) = corners
    return min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)


def _is_on(box: Box, size: tuple[int, int]) -> bool:
    """Say whether a line is on the page, and its letters no taller than that: nobody sees what is larger."""
    is_beside = box[2] <= 0 or box[3] <= 0 or box[0] >= size[0] or box[1] >= size[1]
    return not is_beside and min(box[2] - box[0], box[3] - box[1]) <= max(size)


def _share(box: Box, size: tuple[int, int]) -> float:
    return (box[2] - box[0]) * (box[3] - box[1]) / (size[0] * size[1])


def _unseen(page: Any, pieces: Sequence[Piece], size: tuple[int, int]) -> Iterator[Piece]:
    """Yield pieces of white text that leave no trace in the picture of the page."""
    scale = LOOKED_AT / max(page.get_size())
    picture = page.render(scale=scale, grayscale=True, draw_annots=False).to_pil()
    across = picture.width / size[0]
    for piece in pieces:
        left, top, right, bottom = (round(max(-1, min(side * across, max(picture.size)))) for side in piece.box)
        least, most = picture.crop((left, top, max(left + 1, right), max(top + 1, bottom))).getextrema()
        if most - least < SEEN:
            yield piece


def _is_garbled(letters: Sequence[_Letter]) -> bool:
    """Say whether the fonts do not tell what their letters mean: copying gives nonsense.

    LaTeX's Type 3 fonts tell it by their codes alone: their letters are right where they give usual words.
    """
    said = [letter for letter in letters if letter.height and letter.text.strip()]
    lost = [letter.text < " " or letter.text == "\ufffd" for letter in said if letter.text != LINE_END_HYPHEN]
    if sum(lost) > GARBLED * len(said):
        return True
    unmapped = sum(letter.is_unmapped for letter in said)
    return unmapped > GARBLED * len(said) and not are_words("".join(letter.text for letter in letters))


def _objects(page: Any, size: tuple[int, int]) -> Iterator[tuple[int, Box]]:
    """Yield kind and box of the frames, pictures and drawings that a page directly consists of.

    A form that holds a picture is one: some programs put every picture into a form.
    """
    import pypdfium2.raw as pdfium

    sides = [ctypes.c_float() for _ in range(4)]
    for at in range(min(pdfium.FPDFPage_CountObjects(page), MAX_LETTERS)):
        found = pdfium.FPDFPage_GetObject(page, at)
        kind = pdfium.FPDFPageObj_GetType(found)
        if kind in (PATH, PICTURE, FORM) and pdfium.FPDFPageObj_GetBounds(found, *sides):
            left, bottom, right, top = (side.value for side in sides)
            if all(map(math.isfinite, (left, bottom, right, top))):
                kind = PICTURE if kind == FORM and _holds_picture(found) else kind
                yield kind, _on_device(page, (left, bottom, right, top), size)


def _holds_picture(form: Any, depth: int = 1) -> bool:
    import pypdfium2.raw as pdfium

    for at in range(min(pdfium.FPDFFormObj_CountObjects(form), MAX_PARTS)):
        part = pdfium.FPDFFormObj_GetObject(form, at)
        kind = pdfium.FPDFPageObj_GetType(part)
        if kind == PICTURE or (kind == FORM and depth < MAX_DEPTH and _holds_picture(part, depth + 1)):
            return True
    return False


def _is_drawn(objects: Sequence[tuple[int, Box]], size: tuple[int, int]) -> bool:
    pictured = any(kind != PATH and _share(box, size) >= DRAWN for kind, box in objects)
    return pictured or sum(kind == PATH for kind, _ in objects) >= PATHS


def _cells(objects: Sequence[tuple[int, Box]], size: tuple[int, int]) -> int:
    """Return how many frames or pictures have the shape and one size of slides, beside each other."""
    sizes = Counter[tuple[int, int]]()
    places = set[tuple[int, ...]]()
    for _, box in objects:
        wide, high = box[2] - box[0], box[3] - box[1]
        place = tuple(round(side / (ALIKE * DEVICE)) for side in box)
        if CELL[0] <= _share(box, size) <= CELL[1] and SHAPES[0] <= wide / high <= SHAPES[1] and place not in places:
            places.add(place)
            sizes[round(wide / (ALIKE * DEVICE)), round(high / (ALIKE * DEVICE))] += 1
    return max(sizes.values(), default=0)
