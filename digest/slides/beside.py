"""Slides with the speaker's notes beside them, as LaTeX's beamer prints them for a second screen: told and taken apart.

The page is then twice as wide as a slide: the slide on the left, on the right what the speaker alone sees.
"""

from collections.abc import Sequence
from typing import Any

from digest.slides.layout import Piece
from digest.slides.pdf_text import DEVICE, Printed

WIDE = 2.3  # width by height: two slides of 4:3 side by side have 2.67, two of 16:9 3.56, and no single one so much
REPEATED = 0.5  # of the slides with text: on so many pages the notes repeat the slide in small, or none stand there
SLACK = 0.01  # of the width by which letters may reach over the middle


def may_have_notes_beside(pages: Sequence[Any]) -> bool:
    """Return whether all pages, as pypdf has them, are so wide."""
    return bool(pages) and all(_is_wide(page) for page in pages)


def _is_wide(page: Any) -> bool:
    try:
        sides = float(page.cropbox.width), float(page.cropbox.height)
        return sides[1] > 0 and page.rotation % 180 == 0 and sides[0] / sides[1] > WIDE
    except Exception:  # noqa: BLE001  # an odd page of a shape that is not known
        return False


def has_notes_beside(creator: str, seen: Sequence[Printed]) -> bool:
    """Return whether pages so wide are slides with notes: beamer says so, or the right side repeats the left in small.

    Nothing may stand across the middle: a wide slide for a wall of screens has its title there.
    """
    if not seen or any(_is_across(piece) for page in seen for piece in page.pieces):
        return False
    if "beamer" in creator.casefold():
        return True
    sides = [(_words(left.pieces), _words(right)) for left, right in map(split_page, seen)]
    told = [(left, right) for left, right in sides if left]
    repeated = sum(bool(right) and len(left & right) >= REPEATED * len(left) for left, right in told)
    return bool(told) and repeated >= REPEATED * len(told)


def split_page(page: Printed) -> tuple[Printed, tuple[Piece, ...]]:
    """Return the slide of a page, as large as a page of its own, and what stands beside it."""
    left = [piece for piece in page.pieces if piece.box[0] < DEVICE / 2]
    right = tuple(piece for piece in page.pieces if piece.box[0] >= DEVICE / 2)
    slide = page.model_copy(update={"height": 2 * page.height, "pieces": tuple(map(_double, left)), "cells": 0})
    return slide, right


def _double(piece: Piece) -> Piece:
    left, top, right, bottom = (2 * side for side in piece.box)
    return piece.model_copy(update={"size": 2 * piece.size, "box": (left, top, right, bottom)})


def _is_across(piece: Piece) -> bool:
    middle = DEVICE / 2
    return piece.box[0] < middle - SLACK * DEVICE and piece.box[2] > middle + SLACK * DEVICE


def _words(pieces: Sequence[Piece]) -> set[str]:
    return {word for piece in pieces for word in piece.text.casefold().split() if len(word) > 2}  # noqa: PLR2004
