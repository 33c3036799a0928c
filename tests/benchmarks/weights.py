"""Whether the weights that choose sentences matter: drawn by lot, and chosen on all webinars but the one scored."""

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from statistics import mean, pstdev
from typing import Any

from digest.writing import choosing

DRAWS = 60
CHOICES: dict[str, tuple[float, ...]] = {
    "CONTENT": (0.1, 0.2, 0.3),
    "NUMBERS": (1, 2, 3, 4),
    "VAGUE_SHARE": (0.6, 0.7, 0.8, 1),
    "DENSITY": (0.3, 0.4, 0.5, 0.6, 0.7, 0.8),
}


def by_lot(truths: dict[str, Any], score: Callable[[Any], float]) -> dict[str, dict[str, float]]:
    """Return for each webinar its mean score and spread under weights drawn by lot, and the one left out.

    `left out` is the mean of the ten draws that score best on the others.
    """
    chance = random.Random(0)  # noqa: S311  # the same draws every time
    scores = []
    for _ in range(DRAWS):
        with _set({name: chance.choice(values) for name, values in CHOICES.items()}):
            scores.append({name: score(truth) for name, truth in truths.items()})
    found = {}
    for name in truths:
        others = [other for other in truths if other != name]
        best = sorted(scores, key=lambda drawn: -sum(drawn[other] for other in others))[:10]
        found[name] = {
            "by lot": mean(drawn[name] for drawn in scores),
            "spread": pstdev(drawn[name] for drawn in scores),
            "left out": mean(drawn[name] for drawn in best),
        }
    return found


@contextmanager
def _set(weights: dict[str, float]) -> Iterator[None]:
    kept = {name: getattr(choosing, name) for name in weights}
    try:
        for name, value in weights.items():
            setattr(choosing, name, value)
        yield
    finally:
        for name, value in kept.items():
            setattr(choosing, name, value)
