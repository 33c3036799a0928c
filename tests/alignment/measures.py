"""How well an alignment fits the truth: intervals and true slides in, figures out."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from digest.model.alignment import Alignment, Interval

TICK = 0.02  # seconds: the time at which right and wrong are looked at
NEAR = 2.0  # seconds: a change further off is missed, and one more is invented


@dataclass(frozen=True)
class Fit:
    """Shares are of the seconds, errors in seconds; `f1` is of the seconds in which a slide was shown or claimed."""

    right: float
    f1: float
    labelled: float
    missed: int
    invented: int
    median_error: float
    error_95: float
    calibration: float

    def figures(self) -> dict[str, float]:
        """Return all, rounded."""
        return {name: round(value, 4) for name, value in asdict(self).items()}


def fit(alignment: Alignment, true: Sequence[dict[str, Any]]) -> Fit:
    """Return how well intervals fit true slides `{start, end, slide}` that cover the recording."""
    ticks = np.arange(TICK / 2, true[-1]["end"], TICK)
    truth = _at(ticks, [(one["start"], one["slide"]) for one in true])
    found = _at(ticks, [(one.start, one.slide) for one in alignment.intervals])
    same = truth == found
    both = int((same & (truth != 0)).sum())
    missed, invented, errors = _changes(alignment.intervals, true)
    return Fit(
        right=float(same.mean()),
        f1=2 * both / max(1, int((truth != 0).sum() + (found != 0).sum())),
        labelled=float((found != 0).mean()),
        missed=missed,
        invented=invented,
        median_error=float(np.median(errors)) if errors else 0.0,
        error_95=float(np.percentile(errors, 95)) if errors else 0.0,
        calibration=calibration(_sure(ticks, alignment), same),
    )


def calibration(confidence: np.ndarray[Any, Any], right: np.ndarray[Any, Any], bins: int = 10) -> float:
    """Return the expected calibration error over equal bins (Guo and others, 2017)."""
    bin_of = np.minimum((confidence * bins).astype(int), bins - 1)
    parts = [(bin_of == one) for one in range(bins)]
    return float(sum(part.mean() * abs(right[part].mean() - confidence[part].mean()) for part in parts if part.any()))


def _at(ticks: np.ndarray[Any, Any], begins: Sequence[tuple[float, int | None]]) -> np.ndarray[Any, Any]:
    """Return the slide on at each tick, 0 for none."""
    slides = np.array([slide or 0 for _, slide in begins])
    return slides[np.clip(np.searchsorted([start for start, _ in begins], ticks, side="right") - 1, 0, None)]


def _sure(ticks: np.ndarray[Any, Any], alignment: Alignment) -> np.ndarray[Any, Any]:
    starts = [one.start for one in alignment.intervals]
    at = np.clip(np.searchsorted(starts, ticks, side="right") - 1, 0, None)
    return np.array([one.confidence for one in alignment.intervals])[at]


def _changes(found: Sequence[Interval], true: Sequence[dict[str, Any]]) -> tuple[int, int, list[float]]:
    """Return how many changes are missed and invented, and by how much the others are off; each counts once."""
    wanted = [(two["start"], one["slide"], two["slide"]) for one, two in pairwise(true)]
    given = [(two.start, one.slide, two.slide) for one, two in pairwise(found)]
    errors = list[float]()
    for start, before, after in wanted:
        fits = [one for one in given if one[1:] == (before, after) and abs(one[0] - start) <= NEAR]
        if fits:
            nearest = min(fits, key=lambda one: abs(one[0] - start))
            given.remove(nearest)
            errors.append(abs(nearest[0] - start))
    return len(wanted) - len(errors), len(given), errors
