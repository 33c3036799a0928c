"""Page images made ready to be compared with what is on screen: Pages in, grey pictures and blocks of structure out.

A canvas is a page, or what a layout cuts from a frame, at 128 × 72 pixels whatever its own shape, in 16 × 9 blocks of
8 × 8 pixels. A block's structure is its pixels less their mean: brightness and colour of a screen do not count.
"""

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from digest.model.deck import Pages

Floats = NDArray[np.float32]

WIDTH, HEIGHT = 128, 72  # pixels of a canvas
INSET = 0.012  # of a page's sides left off all round: what is beside a page on screen bleeds over its rim
BLOCK = 8  # pixels a side
ACROSS, DOWN = WIDTH // BLOCK, HEIGHT // BLOCK
BLOCKS = ACROSS * DOWN
DRAWN = 640  # pixels: the width at which a page is searched for


@dataclass(frozen=True)
class PageSet:
    """Pictures of slides: `numbers` (pages), `drawn` grey pictures, `shapes` their unit blocks (blocks, 64, pages)."""

    numbers: tuple[int, ...]
    drawn: tuple[Floats, ...]
    shapes: Floats
    strengths: Floats  # (blocks, pages): standard deviation in grey levels


def page_set(pages: Pages, numbers: Collection[int], *, root: Path) -> PageSet | None:
    """Return the images of the slides with these numbers made ready, or None where there is none."""
    wanted = [page for page in pages.pages if page.number in numbers]
    if not wanted:
        return None
    drawn = tuple(_grey(root / page.image.path) for page in wanted)
    shapes, strengths = blocks(np.stack([canvas(picture) for picture in drawn]))
    shapes = np.ascontiguousarray(shapes.transpose(0, 2, 1))
    return PageSet(tuple(page.number for page in wanted), drawn, shapes, strengths)


def blocks(canvases: Floats) -> tuple[Floats, Floats]:
    """Return the unit blocks (blocks, canvases, 64) and standard deviations (blocks, canvases) of canvases."""
    many = len(canvases)
    cut = canvases.reshape(many, DOWN, BLOCK, ACROSS, BLOCK).transpose(1, 3, 0, 2, 4)
    cut = cut.reshape(DOWN * ACROSS, many, BLOCK * BLOCK)
    cut = cut - cut.mean(axis=2, keepdims=True)
    lengths = np.sqrt(np.einsum("bcp,bcp->bc", cut, cut))
    return cut / np.maximum(lengths, 1e-3)[:, :, None], lengths / BLOCK


def canvas(picture: Floats) -> Floats:
    """Return a picture without its rim as a canvas, every pixel the mean of what it covers."""
    return np.asarray(_means(picture.shape[0], HEIGHT) @ picture @ _means(picture.shape[1], WIDTH).T)


def _means(size: int, to: int) -> Floats:
    """Return the matrix (to, size) that shrinks a line by means over its pixels."""
    edges = np.linspace(INSET * size, (1 - INSET) * size, to + 1)
    pixels = np.arange(size)
    covered = np.minimum(edges[1:, None], pixels + 1) - np.maximum(edges[:-1, None], pixels)
    weights = np.maximum(covered, 0).astype(np.float32)
    return np.asarray(weights / weights.sum(axis=1, keepdims=True))


def _grey(path: Path) -> Floats:
    from PIL import Image

    with Image.open(path) as image:
        size = DRAWN, max(1, round(image.height * DRAWN / image.width))
        grey = image.convert("L").resize(size, Image.Resampling.BOX)
    return np.asarray(grey, dtype=np.float32)
