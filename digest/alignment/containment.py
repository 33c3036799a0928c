"""How well what is on screen is explained by each page: canvases and pages in, scores out.

What is on screen must be on the page; what is on the page need not be on screen yet. So a slide built up line by line
is its page from the first line on. Blocks that look alike on most pages (a template's) hardly count.
"""

import numpy as np
from numpy.typing import NDArray

from digest.alignment.pages import Floats, PageSet, blocks

STRUCTURE = 4.0  # grey levels of standard deviation: below, a block is empty or noise
STRONGEST = 20.0  # grey levels: a block above counts no more
ALIKE = 0.7  # correlation from which a page has the block
TEMPLATE = 0.05  # what a block counts that is on every page
MISSING = 0.05  # what a page loses whose own structure is all missing on screen


def containment(canvases: Floats, pages: PageSet, inside: NDArray[np.bool_]) -> tuple[Floats, NDArray[np.int64]]:
    """Return scores (canvases, pages), at most 1, and how many blocks each rests on (canvases).

    `inside` says which blocks of the canvases are on screen; no other is looked at.
    """
    shapes, strengths = blocks(canvases)
    alike = np.maximum(shapes @ pages.shapes.transpose(0, 2, 1), 0)  # (blocks, canvases, pages)
    strengths = np.where(inside[:, None], strengths, 0.0)
    weights = np.where(strengths > STRUCTURE, np.minimum(strengths, STRONGEST), 0.0)
    others = np.maximum((alike > ALIKE).sum(axis=2) - 1, 0) / max(1, len(pages.numbers) - 1)
    weights = weights * (1 - others + TEMPLATE)
    scores = np.einsum("bc,bcp->cp", weights, alike) / np.maximum(weights.sum(axis=0), 1e-6)[:, None]
    return scores - MISSING * _missing(strengths, inside, pages), (strengths > STRUCTURE).sum(axis=0)


def _missing(strengths: Floats, inside: NDArray[np.bool_], pages: PageSet) -> Floats:
    """Return the share (canvases, pages) of a page's structure that is empty on screen."""
    own = np.where(pages.strengths > STRUCTURE, np.minimum(pages.strengths, STRONGEST), 0.0)
    empty = (inside[:, None] & (strengths <= STRUCTURE)).astype(np.float32)
    return np.asarray((empty.T @ own) / np.maximum(own.sum(axis=0), 1e-6))
