"""Where on screen a page lies: a frame and pages in, Layout out.

Corners of letters and lines are compared as small patches at many sizes (Shi and Tomasi, Good features to track, 1994);
each match of two patches proposes a size and a place, the proposal with most followers wins, and a homography is
fitted to them (Hartley and Zisserman, Multiple view geometry, 4.1). Slides hang upright: no turned patch is tried.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from digest.alignment.pages import ACROSS, BLOCK, DOWN, HEIGHT, INSET, WIDTH, Floats

Points = NDArray[np.float64]  # (points, 2), x and y

STEP, SIDE = 3, 9  # a patch: 9 × 9 samples, 3 pixels apart
CELL = 10  # pixels: one corner in each square of this side
MAX_CORNERS = 350  # of a frame or a page
SIZES = tuple(1.1 * 0.87**step for step in range(12))  # of a page's picture on a frame equally wide: 1.1 to 0.24
ALIKE = 0.85  # correlation of two patches
NEAR, NEARER, NEAREST = 22.0, 8.0, 3.0  # pixels from where a proposal puts a corner: at first, then as it is fitted
MIN_MATCHES = 15  # matches that make a layout
MIN_AREA = 0.04  # of the frame's area
SAME = 0.012  # of the frame's side: a layout whose corners are all nearer to the frame's covers it
EDGE = -1.0  # pixels of half a frame: how far beyond its rim a sample may lie
SAMPLES = 2  # a side for each pixel of a canvas
UNIT = np.array([[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0]])


@dataclass(frozen=True)
class Layout:
    """Where a page's corners lie, in frame widths and heights from the upper left, clockwise; maybe outside."""

    corners: tuple[tuple[float, float], ...]

    def window(self) -> tuple[float, float, float, float]:
        """Return left, top, right and bottom of what of it is inside the frame, between 0 and 1."""
        low, high = np.clip(np.min(self.corners, axis=0), 0, 1), np.clip(np.max(self.corners, axis=0), 0, 1)
        return float(low[0]), float(low[1]), float(high[0]), float(high[1])


class Cut:
    """Cuts a layout's canvas out of frames of one size, each pixel the mean of four samples.

    `inside` says of each block of a canvas whether all of it is in the frame, a little off the edge.
    """

    def __init__(self, layout: Layout, width: int, height: int) -> None:
        across = (np.arange(WIDTH * SAMPLES) + 0.5) / (WIDTH * SAMPLES)
        down = (np.arange(HEIGHT * SAMPLES) + 0.5) / (HEIGHT * SAMPLES)
        grid = INSET + (1 - 2 * INSET) * np.stack(np.meshgrid(across, down), axis=-1).reshape(-1, 2)
        at = map_points(homography(UNIT, np.array(layout.corners)), grid) * (width, height) - 0.5
        x, y = at[:, 0], at[:, 1]
        outside = (x < EDGE) | (y < EDGE) | (x > width - 1 - EDGE) | (y > height - 1 - EDGE)
        rim = outside.reshape(DOWN, BLOCK * SAMPLES, ACROSS, BLOCK * SAMPLES).any(axis=(1, 3)).reshape(-1)
        covers = np.abs(np.array(layout.corners) - UNIT).max() < SAME  # the page's own rim on the frame's
        self.inside = np.ones_like(rim) if covers else ~rim
        left, top = np.clip(np.floor(x), 0, width - 2), np.clip(np.floor(y), 0, height - 2)
        right, under = np.clip(x - left, 0, 1).astype(np.float32), np.clip(y - top, 0, 1).astype(np.float32)
        first = (top * width + left).astype(np.intp)
        self.index = np.stack([first, first + 1, first + width, first + width + 1])
        self.weight = np.stack([(1 - right) * (1 - under), right * (1 - under), (1 - right) * under, right * under])

    def __call__(self, frame: Floats) -> Floats:
        """Return the canvas (72, 128) of a frame."""
        samples = np.einsum("ks,ks->s", frame.reshape(-1)[self.index], self.weight)
        return np.asarray(samples.reshape(HEIGHT, SAMPLES, WIDTH, SAMPLES).mean(axis=(1, 3)))


@dataclass(frozen=True)
class Corners:
    """Corners of a picture: places in units of its width and height, patches (corners, 81) of unit length, sizes."""

    places: Points
    patches: Floats
    sizes: Points


def fit_into_frame(width: float, height: float, page_width: float, page_height: float) -> Layout:
    """Return the layout of a page that fills the frame as far as its shape lets it."""
    scale = min(width / page_width, height / page_height)
    x, y = (1 - page_width * scale / width) / 2, (1 - page_height * scale / height) / 2
    return Layout(((x, y), (1 - x, y), (1 - x, 1 - y), (x, 1 - y)))


def page_corners(picture: Floats) -> Corners:
    """Return the corners of a page at all sizes at which it may be on screen."""
    many = [_corners(_shrink(picture, size), size) for size in SIZES]
    return Corners(*(np.concatenate([getattr(one, name) for one in many]) for name in ("places", "patches", "sizes")))


def frame_corners(picture: Floats) -> Corners:
    """Return the corners of a frame."""
    return _corners(picture, 1.0)


def proposals(frame: Corners, pages: Sequence[Corners], shape: tuple[int, int], best: int = 3) -> Iterator[Layout]:
    """Yield where a page may lie, the best proposal first, at most `best`; `shape` is the frame's, in pixels."""
    height, width = shape
    found = []
    for page in pages:
        if min(len(frame.sizes), len(page.sizes)) < MIN_MATCHES:
            continue
        here, there, sizes = _matches(frame, page)
        if len(here) < MIN_MATCHES:
            continue
        followers = _followers(here * (width, height), there * (width, height), sizes)
        found.append((int(followers.sum()), here[followers], there[followers]))
    for count, here, there in sorted(found, key=lambda one: -one[0])[:best]:
        if count >= MIN_MATCHES and (layout := _fit(here, there, (width, height))):
            yield layout


def homography(source: Points, target: Points) -> Points:
    """Return the 3 × 3 matrix that takes each source point to its target, by least squares; at least four."""
    x, y = source.T
    u, v = target.T
    zero, one = np.zeros_like(x), np.ones_like(x)
    rows = np.concatenate(
        [
            np.stack([x, y, one, zero, zero, zero, -u * x, -u * y], axis=1),
            np.stack([zero, zero, zero, x, y, one, -v * x, -v * y], axis=1),
        ]
    )
    solution = np.linalg.lstsq(rows, np.concatenate([u, v]), rcond=None)[0]
    return np.asarray(np.append(solution, 1.0).reshape(3, 3))


def map_points(matrix: Points, points: Points) -> Points:
    """Return where a homography takes points."""
    taken = np.column_stack([points, np.ones(len(points))]) @ matrix.T
    return np.asarray(taken[:, :2] / np.where(np.abs(taken[:, 2:]) < 1e-9, 1e-9, taken[:, 2:]))  # noqa: PLR2004


def _matches(frame: Corners, page: Corners) -> tuple[Points, Points, Points]:
    """Return places in the frame, on the page, and sizes, of patches that are alike; the best for each in the frame."""
    alike = frame.patches @ page.patches.T
    best = alike.argmax(axis=1)
    good = alike[np.arange(len(best)), best] > ALIKE
    return frame.places[good], page.places[best[good]], page.sizes[best[good]]


def _followers(here: Points, there: Points, sizes: Points) -> NDArray[np.bool_]:
    """Return which matches agree with the match that most agree with; places in pixels of the frame."""
    offsets = here - there * sizes[:, None]
    expected = there[None] * sizes[:, None, None] + offsets[:, None]  # (proposals, matches, 2)
    agree = np.abs(expected - here[None]).max(axis=2) < NEAR
    agree &= np.abs(np.log(sizes[:, None] / sizes[None])) < 0.3  # noqa: PLR2004 (two steps of SIZES)
    return np.asarray(agree[agree.sum(axis=1).argmax()])


def _fit(here: Points, there: Points, size: tuple[int, int]) -> Layout | None:
    """Return the layout that followers agree on, or None if it is none that a screen can show."""
    kept = np.ones(len(here), dtype=bool)
    for near, matrix_of in ((NEAR, _affine), (NEARER, _affine), (NEARER, homography), (NEAREST, homography)):
        if kept.sum() < MIN_MATCHES:
            return None
        matrix = matrix_of(there[kept], here[kept])
        kept = np.abs((map_points(matrix, there) - here) * size).max(axis=1) < near
    if kept.sum() < MIN_MATCHES:
        return None
    corners = map_points(matrix, UNIT)
    return Layout(tuple((float(x), float(y)) for x, y in corners)) if _is_possible(corners) else None


def _affine(source: Points, target: Points) -> Points:
    given = np.column_stack([source, np.ones(len(source))])
    solution = np.linalg.lstsq(given, target, rcond=None)[0]  # (3, 2)
    return np.vstack([solution.T, [0.0, 0.0, 1.0]])


def _is_possible(corners: Points) -> bool:
    """Say whether corners make a convex figure, not mirrored, not tiny, not far beyond the frame."""
    sides = np.roll(corners, -1, axis=0) - corners
    turns = sides[:, 0] * np.roll(sides[:, 1], -1) - sides[:, 1] * np.roll(sides[:, 0], -1)
    area = 0.5 * float(np.sum(corners[:, 0] * np.roll(corners[:, 1], -1) - np.roll(corners[:, 0], -1) * corners[:, 1]))
    return bool((turns > 0).all()) and area > MIN_AREA and bool((np.abs(corners - 0.5) < 1.2).all())  # noqa: PLR2004


def _corners(picture: Floats, size: float) -> Corners:
    """Return the strongest corner of each cell, strongest first, with its patch."""
    soft = _blur(picture, 1)
    strength = _cornerness(soft)
    margin = STEP * (SIDE // 2) + 1
    height, width = picture.shape
    down, across = (height - 2 * margin) // CELL, (width - 2 * margin) // CELL
    if down < 1 or across < 1:
        return Corners(np.zeros((0, 2)), np.zeros((0, SIDE * SIDE), np.float32), np.zeros(0))
    inner = strength[margin : margin + down * CELL, margin : margin + across * CELL]
    cells = inner.reshape(down, CELL, across, CELL).transpose(0, 2, 1, 3).reshape(down * across, CELL * CELL)
    best = cells.argmax(axis=1)
    order = np.argsort(-cells.max(axis=1))[: max(30, int(MAX_CORNERS * size))]
    order = order[cells.max(axis=1)[order] > 4.0]  # noqa: PLR2004 (grey levels squared: noise)
    y = margin + (order // across) * CELL + best[order] // CELL
    x = margin + (order % across) * CELL + best[order] % CELL
    reach = STEP * (np.arange(SIDE) - SIDE // 2)
    smooth = _blur(soft, 1)
    patches = smooth[y[:, None, None] + reach[None, :, None], x[:, None, None] + reach[None, None, :]]
    patches = patches.reshape(len(x), SIDE * SIDE)
    patches = patches - patches.mean(axis=1, keepdims=True)
    lengths = np.linalg.norm(patches, axis=1)
    places = np.column_stack([(x + 0.5) / width, (y + 0.5) / height])
    unit = (patches / np.maximum(lengths, 1e-3)[:, None]).astype(np.float32)
    return Corners(places, unit, np.full(len(x), size))


def _cornerness(picture: Floats) -> Floats:
    """Return the smaller eigenvalue of the structure tensor over 5 × 5 pixels."""
    dy, dx = (np.asarray(slope, dtype=np.float32) for slope in np.gradient(picture))
    xx, yy, xy = _blur(dx * dx, 2), _blur(dy * dy, 2), _blur(dx * dy, 2)
    return np.asarray((xx + yy) / 2 - np.sqrt(((xx - yy) / 2) ** 2 + xy * xy))


def _blur(picture: Floats, reach: int) -> Floats:
    """Return means over squares of 2 · reach + 1 pixels."""
    wide = 2 * reach + 1
    padded = np.pad(picture, reach, mode="edge")
    rows = np.add.reduce([padded[at : at + picture.shape[0]] for at in range(wide)])
    both = np.add.reduce([rows[:, at : at + picture.shape[1]] for at in range(wide)])
    return np.asarray(both / (wide * wide), dtype=np.float32)


def _shrink(picture: Floats, size: float) -> Floats:
    from PIL import Image

    to = max(1, round(picture.shape[1] * size)), max(1, round(picture.shape[0] * size))
    drawn = Image.fromarray(picture)
    return np.asarray(drawn.resize(to, Image.Resampling.BILINEAR if size > 1 else Image.Resampling.BOX))
