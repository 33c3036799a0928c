"""What was fitted is what is read: numpy's trees judge as scikit-learn's do."""

import json

import numpy as np
import pytest
from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor

from digest.learned.trees import FOLDER, load_trees
from tests.training.boosting import Examples, Recipe, calibrate, expected_calibration_error, fit

RNG = np.random.default_rng(0)
COLUMNS = {"words": RNG.integers(0, 40, 4000).astype(float), "share": RNG.random(4000), "noise": RNG.random(4000)}
ODDS = 0.1 * COLUMNS["words"] + 2 * (COLUMNS["share"] > 0.5) - 3
TRUTH = (RNG.random(4000) < 1 / (1 + np.exp(-ODDS))).astype(float)


@pytest.mark.parametrize("kind", ["classifier", "regressor"])
def test_trees_judge_as_they_were_fitted(kind: str) -> None:
    """The sums are scikit-learn's but for the rounding of what is saved, which sends few things another way."""
    recipe = Recipe("classifier" if kind == "classifier" else "regressor", iterations=30, depth=4)
    rows = np.stack(list(COLUMNS.values()), axis=1)
    theirs = HistGradientBoostingClassifier if kind == "classifier" else HistGradientBoostingRegressor
    model = theirs(
        max_iter=30, max_depth=4, learning_rate=0.06, min_samples_leaf=40, l2_regularization=3.0, max_features=0.4,
        early_stopping=False, random_state=0,
    ).fit(rows, TRUTH, sample_weight=np.ones(4000))  # fmt: skip

    trees = fit(recipe, [Examples(COLUMNS, TRUTH, np.ones(4000))])

    expected = model.decision_function(rows) if kind == "classifier" else model.predict(rows)
    assert np.mean(np.abs(trees.sums(COLUMNS) - expected) < 1e-3) > 0.99
    assert list(trees.sums({name: values[:0] for name, values in COLUMNS.items()})) == []


def test_probabilities_hold_after_calibration() -> None:
    """Of what is said to be likely by 70 per cent, 70 per cent happen."""
    half = {name: values[:2000] for name, values in COLUMNS.items()}
    rest = {name: values[2000:] for name, values in COLUMNS.items()}
    trees = fit(Recipe("classifier", iterations=200, depth=5), [Examples(half, TRUTH[:2000], np.ones(2000))])

    raw = expected_calibration_error(trees.probabilities(rest), TRUTH[2000:])
    better = calibrate(trees, trees.sums(rest), TRUTH[2000:])

    assert expected_calibration_error(better.probabilities(rest), TRUTH[2000:]) < min(raw, 0.03)


WRITTEN = 83  # talks that were written


@pytest.mark.parametrize("file", sorted(FOLDER.glob("*.json")), ids=lambda file: file.stem)
def test_weights_say_what_they_were_fitted_to(file: object) -> None:
    """Every file of weights names its command, its talks and what it reaches on left-out authors; none is large."""
    path = FOLDER / str(file)
    fitted = json.loads(path.read_text(encoding="utf-8"))["fitted"]

    assert fitted["command"].startswith("python -m tests.training.")
    assert fitted["left out"]
    assert len(load_trees(path.stem).talks) == WRITTEN
    assert path.stat().st_size < 700_000
