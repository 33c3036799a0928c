"""Where text stands on a page: boxes in, their reading order and the title among them out.

Boxes are (left, top, right, bottom), y downward, in any one unit. Order is by recursive XY-cut (Nagy and Seth, 1984):
a page falls apart at its widest empty bands. Where it falls apart both ways, long lines are columns, else the file's
own order decides.
"""

import re
import statistics
import unicodedata
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from digest.model.artifact import Record
from digest.slides.vocabulary import is_one_word

Box = tuple[float, float, float, float]

SLACK = 0.1  # of a box's side may overlap its neighbour and the two still lie apart
MAX_BOXES = 600  # more are left in the file's order: no slide has as many that anybody reads in order
COLUMN_LETTERS = 15  # letters of a line in a column of text; cells of a table are shorter
SAME_LINE = 0.5  # of the lower one's height that two pieces on a line share
WORD_GAP, BULLET_GAP = 1.0, 4.0  # letter heights between pieces of one line
BULLETS = frozenset("•▪◦‣–—-*·●○■□►▶➢➤✓✔❖")
LINE_GAP = 0.9  # letter heights between lines of one paragraph
TOP = 0.4  # of the page's height: where titles stand
LARGER, MUCH_LARGER = 1.12, 1.3  # than the rest: a title at the top, a title anywhere
AS_LARGE = 0.93  # of the largest letters: the same line of thought
MAX_GUESS, MAX_SENTENCE = 120, 60  # letters: a longer line, a longer sentence, is no title
TITLE_LINES = 3
AIRY, NARROW = 0.5, 0.6  # letter heights between two lines, share of the room that they take: such are items
MIN_FIRST = 3  # letters of a word with which two items begin
HYPHEN = re.compile(r"[^\W\d_][-\u2010\u00ad]$")  # at the end of a line
APART = 1.2  # letter heights of space under a line that stands by itself


class Piece(Record):
    """Text in its box; `size` is the height of its letters in the unit of the box."""

    text: str
    size: float
    box: Box


def is_leftward(text: str) -> bool:
    """Say whether most letters of a text are of scripts that run from right to left."""
    if text.isascii():
        return False
    kinds = Counter(unicodedata.bidirectional(letter) for letter in text)
    return kinds["R"] + kinds["AL"] > kinds["L"]


def mirror(box: Box) -> Box:
    """Return a box as it would stand if the page ran from left to right, or back again."""
    return -box[2], box[1], -box[0], box[3]


def reading_order(boxes: Sequence[Box], letters: Sequence[int] = ()) -> list[int]:
    """Return the indexes of the boxes in reading order; `letters` are the lengths of their lines where known."""
    if len(boxes) > MAX_BOXES:
        return list(range(len(boxes)))
    return _ordered(boxes, letters or [0] * len(boxes), list(range(len(boxes))))


def _ordered(boxes: Sequence[Box], letters: Sequence[int], among: list[int]) -> list[int]:
    if len(among) < 2:  # noqa: PLR2004
        return among
    rows, columns = _apart(boxes, among, axis=1), _apart(boxes, among, axis=0)
    if len(rows) == 1 and len(columns) == 1:
        return among
    by_columns = len(rows) == 1 or (len(columns) > 1 and _are_columns(columns, rows, letters))
    parts = columns if by_columns else rows
    return [index for part in parts for index in _ordered(boxes, letters, part)]


def _are_columns(columns: list[list[int]], rows: list[list[int]], letters: Sequence[int]) -> bool:
    """Say whether parts that lie apart both ways are read column by column."""
    if all(statistics.median(letters[index] for index in column) >= COLUMN_LETTERS for column in columns):
        return True
    return _turns(columns) < _turns(rows)


def _turns(parts: list[list[int]]) -> int:
    """Return how often these parts, read one after the other, go back in the order of the file."""
    flat = [index for part in parts for index in part]
    return sum(later < earlier for earlier, later in pairwise(flat))


def _apart(boxes: Sequence[Box], among: list[int], *, axis: int) -> list[list[int]]:
    """Return groups with an empty band between them along an axis, each in the order of the file."""
    parts, reached = list[list[int]](), float("-inf")
    for index in sorted(among, key=lambda index: boxes[index][axis]):
        start, end = boxes[index][axis], boxes[index][axis + 2]
        slack = SLACK * (end - start)
        if start + slack >= reached:
            parts.append([])
        parts[-1].append(index)
        reached = max(reached, end - slack)
    return [sorted(part) for part in parts]


def lines_of(pieces: Sequence[Piece]) -> list[Piece]:
    """Return pieces joined to lines and lines to paragraphs, in reading order."""
    if is_leftward("".join(piece.text for piece in pieces)):
        return [_mirror_piece(line) for line in _lines_rightward([_mirror_piece(piece) for piece in pieces])]
    return _lines_rightward(pieces)


def _mirror_piece(piece: Piece) -> Piece:
    return piece.model_copy(update={"box": mirror(piece.box)})


def _lines_rightward(pieces: Sequence[Piece]) -> list[Piece]:
    blocks = _blocks(_lines(pieces))
    boxes = [_around(block) for block in blocks]
    letters = [round(statistics.mean(len(line.text) for line in block)) for block in blocks]
    edge = max((box[2] for box in boxes), default=0.0)
    return [
        line
        for index in reading_order(boxes, letters)
        for line in _paragraphs(blocks[index], _room(boxes, index, edge))
    ]


def _room(boxes: Sequence[Box], index: int, edge: float) -> float:
    """Return how wide a block could be: to what stands beside it on the right, else to the right edge of all."""
    left, top, _, bottom = boxes[index]
    beside = [box[0] for box in boxes if box[0] > boxes[index][2] and min(box[3], bottom) > max(box[1], top)]
    return min(beside, default=edge) - left


def _lines(pieces: Sequence[Piece]) -> list[Piece]:
    """Join pieces that follow each other on one line, a bullet with its text."""
    lines = list[Piece]()
    for piece in pieces:
        if lines and _follows(lines[-1], piece):
            lines[-1] = _joined(lines[-1], piece)
        else:
            lines.append(piece)
    return lines


def _follows(line: Piece, piece: Piece) -> bool:
    size = max(line.size, piece.size)
    gap = piece.box[0] - line.box[2]
    shared = min(line.box[3], piece.box[3]) - max(line.box[1], piece.box[1])
    low = min(line.box[3] - line.box[1], piece.box[3] - piece.box[1])
    widest = BULLET_GAP if is_bullet(line.text) else WORD_GAP
    return -0.5 * size <= gap <= widest * size and shared >= SAME_LINE * low


def is_bullet(text: str) -> bool:
    """Say whether a text is nothing but the sign before an item."""
    return 0 < len(text.strip()) <= 2 and all(c in BULLETS or "\ue000" <= c <= "\uf8ff" for c in text.strip())  # noqa: PLR2004


def _joined(first: Piece, second: Piece, between: str | None = None) -> Piece:
    gap = second.box[0] - first.box[2]
    space = (" " if gap > 0.15 * max(first.size, second.size) else "") if between is None else between
    return Piece(text=first.text + space + second.text, size=max(first.size, second.size), box=_around([first, second]))


def _around(pieces: Sequence[Piece]) -> Box:
    left, top, right, bottom = zip(*(piece.box for piece in pieces), strict=True)
    return min(left), min(top), max(right), max(bottom)


def _blocks(lines: Sequence[Piece]) -> list[list[Piece]]:
    """Return lines that follow each other downward, close and alike in size, as blocks."""
    blocks = list[list[Piece]]()
    for line in lines:
        if blocks and _is_under(blocks[-1][-1], line):
            blocks[-1].append(line)
        else:
            blocks.append([line])
    return blocks


def _is_under(upper: Piece, lower: Piece) -> bool:
    size = max(upper.size, lower.size)
    is_close = -0.5 * size <= lower.box[1] - upper.box[3] <= LINE_GAP * size
    is_alike = min(upper.size, lower.size) >= AS_LARGE * size
    return is_close and is_alike and min(upper.box[2], lower.box[2]) > max(upper.box[0], lower.box[0])


def _paragraphs(block: Sequence[Piece], widest: float) -> list[Piece]:
    """Join lines that were broken for want of room: the next word is small and would not have fitted.

    A hyphen at the end of a line tells it too. `widest` is how wide the block could be: airy lines that take far less
    are items, and so are lines that begin with one word.
    """
    right, joined, above = max(line.box[2] for line in block), list[Piece](), block[0]
    for line in block:
        word = line.text.split(" ", 1)[0]
        room = right - above.box[2]
        wide = (line.box[2] - line.box[0]) * len(word) / max(1, len(line.text))
        is_broken = word[:1].islower() and above.text[-1:] not in {".", ":", ";", "!", "?"} and wide >= room
        is_item = _are_items(above, line, widest)
        if joined and HYPHEN.search(above.text) and word[:1].isalpha():
            joined[-1] = _join_hyphenated(joined[-1], line)
        elif joined and is_broken and not is_item:
            joined[-1] = _joined(joined[-1], line, " ")
        else:
            joined.append(line)
        above = line
    return joined


def _are_items(upper: Piece, lower: Piece, widest: float) -> bool:
    """Say whether two lines are items of a list: they begin with one word, or stand apart and take little room."""
    is_airy = lower.box[1] - upper.box[3] >= AIRY * max(upper.size, lower.size)
    is_narrow = max(upper.box[2] - upper.box[0], lower.box[2] - lower.box[0]) < NARROW * widest
    first, second = (line.text.split(" ", 1)[0] for line in (upper, lower))
    return (first == second and len(first) >= MIN_FIRST) or (is_airy and is_narrow)


def _join_hyphenated(upper: Piece, lower: Piece) -> Piece:
    """Return two lines as one; the hyphen at the end of the first stays where the parts are words of their own."""
    first = re.split(r"[\W\d_]+", upper.text[:-1])[-1]
    second = re.split(r"[\W\d_]+", lower.text)[0]
    if second[:1].islower() and is_one_word(first, second):
        upper = upper.model_copy(update={"text": upper.text[:-1]})
    return _joined(upper, lower, "")


def title_among(lines: Sequence[Piece], height: float) -> range:
    """Return which lines are the title of a page of this height, perhaps none.

    It stands in larger letters than the rest, at the top or, if much larger, anywhere; else it stands apart at the top.
    """
    upper = [line.size for line in lines if line.box[1] <= TOP * height and _can_be(line)]
    for sizes, larger in ((upper, LARGER), ([line.size for line in lines if _can_be(line)], MUCH_LARGER)):
        if sizes and max(sizes) >= larger * _usual(lines, max(sizes)):
            return _run(lines, max(sizes))
    first = lines[0] if lines else None
    if not first or first.box[1] > TOP * height or not _can_be(first):
        return range(0)
    stands_apart = len(lines) > 1 and lines[1].box[1] - first.box[3] >= APART * first.size
    return range(1) if stands_apart or len(lines) == 1 else range(0)


def _can_be(line: Piece) -> bool:
    longest = MAX_SENTENCE if line.text.endswith(".") else MAX_GUESS
    return len(line.text) <= longest and any(c.isalpha() for c in line.text)


def _usual(lines: Sequence[Piece], largest: float) -> float:
    """Return the usual size of what is smaller than the largest, letter by letter; as large if there is nothing."""
    smaller = sorted((line.size, len(line.text)) for line in lines if line.size < AS_LARGE * largest)
    half, seen = sum(letters for _, letters in smaller) / 2, 0
    for size, letters in smaller:
        seen += letters
        if seen >= half:
            return size
    return largest


def _run(lines: Sequence[Piece], size: float) -> range:
    """Return the first lines of this size that follow each other."""
    first = next(at for at, line in enumerate(lines) if line.size >= size)
    while first and AS_LARGE * size <= lines[first - 1].size and _is_near(lines[first - 1], lines[first]):
        first -= 1
    end = first + 1
    while (
        end < min(len(lines), first + TITLE_LINES)
        and lines[end].size >= AS_LARGE * size
        and _is_near(lines[end - 1], lines[end])
    ):
        end += 1
    return range(first, end)


def _is_near(upper: Piece, lower: Piece) -> bool:
    return -0.5 * upper.size <= lower.box[1] - upper.box[3] <= LINE_GAP * upper.size
