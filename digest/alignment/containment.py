"""How well what is on screen is explained by each page: a canvas and pages in, scores out.

What is on screen must be on the page; what is on the page need not be on screen yet. So a slide built up line by line
is its page from the first line on. Blocks that look alike on most pages (a template's) hardly count.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from digest.alignment.pages import Floats, PageSet, blocks

Mask = NDArray[np.bool_]

STRUCTURE = 4.0  # grey levels of standard deviation: below, a block is empty or noise
MAX_STRENGTH = 20.0  # grey levels: a block above counts no more
ALIKE = 0.7  # correlation from which a page has the block
TEMPLATE = 0.05  # what a block counts that is on every page
MISSING = 0.1  # what a page loses whose own structure is all missing on screen
FEW = 6  # blocks with structure: on fewer no score rests


@dataclass(frozen=True)
class Comparison:
    """Scores (pages) of a canvas, at most 1; blocks with structure; how alike they are to each page (blocks, pages)."""

    scores: Floats
    structured: Mask
    alike: Floats


def containment(canvas: Floats, pages: PageSet, inside: Mask) -> Comparison:
    """Compare a canvas with all pages; only blocks that are `inside` are looked at."""
    shapes, found = blocks(canvas[None])
    strengths = np.where(inside, found[:, 0], 0.0).astype(np.float32)
    alike = np.maximum((shapes @ pages.shapes)[:, 0], 0)
    structured = strengths > STRUCTURE
    if structured.sum() < FEW:
        return Comparison(np.zeros(len(pages.numbers), np.float32), structured, alike)
    weights = _weights(strengths)
    others = np.maximum((alike > ALIKE).sum(axis=1) - 1, 0) / max(1, len(pages.numbers) - 1)
    weights = weights * (1 - others + TEMPLATE).astype(np.float32)
    scores = (weights @ alike) / max(float(weights.sum()), 1e-6)
    own = _weights(pages.strengths)
    missing = ((inside & ~structured).astype(np.float32) @ own) / np.maximum(own.sum(axis=0), 1e-6)
    return Comparison(scores - MISSING * missing, structured, alike)


def _weights(strengths: Floats) -> Floats:
    return np.where(strengths > STRUCTURE, np.minimum(strengths, MAX_STRENGTH), 0.0).astype(np.float32)
