"""Fitting boosted trees and leaving authors out: features and labels of talks in, Trees and left-out figures out."""

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

import numpy as np
import sklearn
from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor
from sklearn.linear_model import LogisticRegression

from digest.learned.trees import FOLDER, Columns, Floats, Trees
from tests.talks import Talk, read_talks

REAL = "real"  # the author of talks that took place: they judge, and are fitted to by nobody


@dataclass(frozen=True)
class Examples:
    """What is judged in one talk: features, the truth of each thing, how much each counts."""

    columns: Columns
    truth: Floats
    weights: Floats


@dataclass(frozen=True)
class Recipe:
    """How trees are grown; the numbers were chosen with the authors left out, where each model's script says so."""

    kind: Literal["classifier", "regressor"]
    iterations: int
    depth: int
    rate: float = 0.06
    min_leaf: int = 40
    l2: float = 3.0
    max_features: float = 0.4
    seeds: int = 1


def fit(recipe: Recipe, examples: Sequence[Examples], *, talks: Sequence[str] = ()) -> Trees:
    """Return trees fitted to the examples of talks."""
    features = tuple(examples[0].columns)
    rows = np.vstack([np.stack([one.columns[name] for name in features], axis=1) for one in examples])
    truth, weights = np.hstack([one.truth for one in examples]), np.hstack([one.weights for one in examples])
    kind = HistGradientBoostingClassifier if recipe.kind == "classifier" else HistGradientBoostingRegressor
    grown = [
        kind(
            max_iter=recipe.iterations,
            max_depth=recipe.depth,
            learning_rate=recipe.rate,
            min_samples_leaf=recipe.min_leaf,
            l2_regularization=recipe.l2,
            max_features=recipe.max_features,
            early_stopping=False,
            random_state=seed,
        ).fit(rows, truth, sample_weight=weights)
        for seed in range(recipe.seeds)
    ]
    return _as_trees(grown, features, frozenset(talks))


def _as_trees(grown: Sequence[Any], features: tuple[str, ...], talks: frozenset[str]) -> Trees:
    """Return scikit-learn's trees as ours: the mean of several models is the sum of their leaves, each divided."""
    columns: dict[str, list[Any]] = {name: [] for name in ("feature", "threshold", "left", "right", "value")}
    roots, depth = list[int](), 0
    for model in grown:
        for (predictor,) in model._predictors:
            nodes, begin = predictor.nodes, len(columns["value"])
            roots.append(begin)
            depth = max(depth, int(nodes["depth"].max()))
            for at, node in enumerate(nodes):
                leaf = bool(node["is_leaf"])
                columns["feature"].append(0 if leaf else int(node["feature_idx"]))
                columns["threshold"].append(0.0 if leaf else float(f"{node['num_threshold']:.6g}"))
                columns["left"].append(begin + (at if leaf else int(node["left"])))
                columns["right"].append(begin + (at if leaf else int(node["right"])))
                columns["value"].append(float(f"{node['value'] / len(grown):.4g}") if leaf else 0.0)
    return Trees(
        features=features,
        feature=np.array(columns["feature"], dtype=np.int32),
        threshold=np.array(columns["threshold"]),
        left=np.array(columns["left"], dtype=np.int32),
        right=np.array(columns["right"], dtype=np.int32),
        value=np.array(columns["value"]),
        roots=np.array(roots, dtype=np.int32),
        depth=depth,
        baseline=float(np.mean([np.ravel(model._baseline_prediction)[0] for model in grown])),
        talks=talks,
    )


def calibrate(trees: Trees, sums: Floats, truth: Floats) -> Trees:
    """Return trees whose probabilities hold: `sums` are those of talks that were left out (Platt 1999)."""
    line = LogisticRegression(C=1e6).fit(sums[:, None], truth > 0)
    return replace(trees, slope=float(line.coef_[0, 0]), shift=float(line.intercept_[0]))


def expected_calibration_error(probabilities: Floats, truth: Floats, bins: int = 10) -> float:
    """Return the mean distance between what was said to be likely and what happened, in equal bins (Naeini 2015)."""
    place = np.minimum((probabilities * bins).astype(int), bins - 1)
    return float(
        sum(
            abs(probabilities[place == at].mean() - truth[place == at].mean()) * (place == at).mean()
            for at in range(bins)
            if (place == at).any()
        )
    )


def folds(talks: Sequence[Talk]) -> Iterator[tuple[str, list[int], list[int]]]:
    """Yield (author, places of the talks to fit to, places of this author's): real talks are never fitted to."""
    for author in sorted({talk.author for talk in talks}):
        yield (
            author,
            [at for at, talk in enumerate(talks) if talk.author not in (author, REAL)],
            [at for at, talk in enumerate(talks) if talk.author == author],
        )


@dataclass(frozen=True)
class Judged:
    """A model fitted to all, those fitted without an author, and what these say of their author's talks."""

    whole: Trees
    without: dict[str, Trees]
    probabilities: list[Floats]


def fit_without(
    recipe: Recipe, talks: Sequence[Talk], examples: Sequence[Examples], every: Sequence[Examples]
) -> Judged:
    """Return a model fitted to `examples` that judged `every`: the same, or more of each talk."""
    without, sums = dict[str, Trees](), [np.zeros(0)] * len(talks)
    for author, known, others in folds(talks):
        without[author] = fit(recipe, [examples[at] for at in known if len(examples[at].truth)])
        for at in others:
            if len(every[at].truth):
                sums[at] = without[author].sums(every[at].columns)
    written = [at for at, talk in enumerate(talks) if talk.author != REAL]
    whole = fit(
        recipe, [examples[at] for at in written if len(examples[at].truth)], talks=[talks[at].name for at in written]
    )
    line = np.hstack([sums[at] for at in written]), np.hstack([every[at].truth for at in written])
    without = {author: calibrate(trees, *line) for author, trees in without.items()}
    whole = calibrate(whole, *line)
    return Judged(whole, without, [1 / (1 + np.exp(-(whole.slope * some + whole.shift))) for some in sums])


def save(
    trees: Trees, model: str, *, figures: dict[str, float], folder: Path = FOLDER, script: str | None = None
) -> None:
    """Write a model with what it was fitted to, when, by which command, and what it reaches on left-out authors.

    `script` is the module of this folder that fits it, if that is not called as the model is.
    """
    text = {
        "fitted": {
            "command": f"python -m tests.training.{script or model} --talks DIR",
            "date": datetime.now(tz=UTC).date().isoformat(),
            "scikit-learn": sklearn.__version__,
            "left out": {key: round(value, 4) for key, value in figures.items()},
            "talks": sorted(trees.talks),
        },
        "features": trees.features,
        "baseline": trees.baseline,
        "slope": round(trees.slope, 5),
        "shift": round(trees.shift, 5),
        "depth": trees.depth,
        "roots": trees.roots.tolist(),
        "nodes": {name: getattr(trees, name).tolist() for name in ("feature", "threshold", "left", "right", "value")},
    }
    (folder / f"{model}.json").write_text(json.dumps(text, separators=(",", ":")) + "\n", encoding="utf-8")


def given_talks(doc: str | None) -> list[Talk]:
    """Return the talks that the command line names."""
    asked = argparse.ArgumentParser(description=doc)
    asked.add_argument("--talks", type=Path, required=True)
    return read_talks(asked.parse_args().talks)


def by_kind(talks: Sequence[Talk], values: Sequence[float]) -> dict[str, float]:
    """Return the mean of what was measured: all talks, written ones, real ones, and the written of each language."""
    return {kind: float(np.mean([values[at] for at in places])) for kind, places in kinds_of(talks).items()}


def kinds_of(talks: Sequence[Talk]) -> dict[str, list[int]]:
    """Return the places of the talks of each kind: all, the written, the real, the written of each language."""
    found = {"all": list(range(len(talks)))}
    for at, talk in enumerate(talks):
        for kind in (REAL,) if talk.author == REAL else ("written", talk.language):
            found.setdefault(kind, []).append(at)
    return found


def report(lines: dict[str, dict[str, float]]) -> None:
    """Print figures by name and kind of talk."""
    for name, kinds in lines.items():
        sys.stdout.write(f"{name}: {'  '.join(f'{kind} {value:.3f}' for kind, value in kinds.items())}\n")
