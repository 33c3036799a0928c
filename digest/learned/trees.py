"""Boosted trees: the features of many things in, how likely or how much of each out.

`tests/training` fits them (histogram gradient boosting, Ke et al. 2017, as scikit-learn implements it) and writes the
files beside this module; here they are only read, with numpy.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

FOLDER = Path(__file__).parent

Floats = NDArray[np.float64]
Columns = Mapping[str, Floats]  # features by name, one number for each thing that is judged


@dataclass(frozen=True)
class Trees:
    """Trees whose leaves are summed.

    The nodes of all trees stand in one row: `feature`, `threshold`, and where to go (`left` where the feature is at
    most the threshold), a leaf points to itself and has a `value`. `roots` are where the trees begin, `depth` is that
    of the deepest. `slope` and `shift` turn the sum into the log-odds that held on talks that were left out
    (Platt 1999). `talks` are the names of those that it was fitted to.
    """

    features: tuple[str, ...]
    feature: NDArray[np.int32]
    threshold: Floats
    left: NDArray[np.int32]
    right: NDArray[np.int32]
    value: Floats
    roots: NDArray[np.int32]
    depth: int
    baseline: float
    slope: float = 1.0
    shift: float = 0.0
    talks: frozenset[str] = frozenset()

    def sums(self, columns: Columns) -> Floats:
        """Return the sum of the leaves for each thing."""
        rows = np.stack([np.asarray(columns[name], dtype=np.float64) for name in self.features], axis=1)
        return np.concatenate([self._sums(rows[at : at + 2048]) for at in range(0, len(rows), 2048)] or [np.zeros(0)])

    def probabilities(self, columns: Columns) -> Floats:
        """Return the probability of each thing."""
        odds: Floats = np.exp(-(self.slope * self.sums(columns) + self.shift))
        return 1 / (1 + odds)

    def _sums(self, rows: Floats) -> Floats:
        node = np.broadcast_to(self.roots, (len(rows), len(self.roots)))
        things = np.arange(len(rows))[:, None]
        for _ in range(self.depth):
            goes_left = rows[things, self.feature[node]] <= self.threshold[node]
            node = np.where(goes_left, self.left[node], self.right[node])
        total: Floats = self.baseline + self.value[node].sum(axis=1)
        return total


@cache
def load_trees(name: str) -> Trees:
    """Return the fitted model of this name."""
    saved: dict[str, Any] = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    nodes = saved["nodes"]
    return Trees(
        features=tuple(saved["features"]),
        feature=np.array(nodes["feature"], dtype=np.int32),
        threshold=np.array(nodes["threshold"]),
        left=np.array(nodes["left"], dtype=np.int32),
        right=np.array(nodes["right"], dtype=np.int32),
        value=np.array(nodes["value"]),
        roots=np.array(saved["roots"], dtype=np.int32),
        depth=saved["depth"],
        baseline=saved["baseline"],
        slope=saved["slope"],
        shift=saved["shift"],
        talks=frozenset(saved["fitted"]["talks"]),
    )
