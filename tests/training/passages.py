"""Fit what editors said of passages: `python -m tests.training.passages --talks DIR`.

It writes digest/learned/passages.json, how likely a passage stands on a page as it is, and housekeeping.json, how
likely it only runs the webinar. `judged_passages.json` beside this file holds what three editors said of 2,755
passages of 92 talks, each read beside its whole transcript by one of them: seconds from and to, `s` (stands), `e` (to
be edited) or `x` (to be struck), and why: r a reference to what is not in it, b begins and c ends in the middle of a
thought, n says nothing, h runs the webinar, t misleads, w wanders, m is misheard.
"""

import json
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from sklearn.metrics import roc_auc_score

from digest.learned.trees import Columns, Floats, Trees
from digest.writing.conversation import Conversation, conversation
from digest.writing.passages import HOUSEKEEPING, Window, passage_columns
from tests.talks import Talk
from tests.training import traps
from tests.training.boosting import (
    Examples,
    Recipe,
    expected_calibration_error,
    fit_without,
    given_talks,
    kinds_of,
    report,
    save,
)

JUDGED = Path(__file__).with_name("judged_passages.json")
NEAR = 0.05  # seconds by which a border may differ
TOP = (0.05, 0.1, 0.2)  # shares of the passages, the likeliest first
# 60 trees, and depths of 2 and 4, reach 0.001 to 0.007 less of AUC; a regression 0.035 less.
RECIPE = Recipe("classifier", iterations=120, depth=3, max_features=0.3, seeds=2)
HOUSEKEEPING_RECIPE = Recipe("classifier", iterations=80, depth=3, min_leaf=20, max_features=0.3, seeds=2)


def read_judged() -> dict[str, list[tuple[float, float, str, str]]]:
    """Return what editors said, by the name of the talk."""
    found: dict[str, list[tuple[float, float, str, str]]] = json.loads(JUDGED.read_text(encoding="utf-8"))
    return found


@dataclass(frozen=True)
class JudgedPassages:
    """The judged passages of a talk: their features, whether each stands as it is, whether it runs the webinar."""

    columns: Columns
    stands: Floats
    housekeeping: Floats

    def examples(self, truth: Floats) -> Examples:
        """Return them as examples of one of the two."""
        return Examples(self.columns, truth, np.ones(len(truth)))


def judged_passages(talk: Talk, heard: Conversation, trees: Trees) -> JudgedPassages:
    """Return the judged passages of a talk; those that no sentences begin and end with are left out."""
    windows, stands, runs = list[Window](), list[float](), list[float]()
    for start, end, verdict, why in read_judged().get(talk.name, []):
        first, last = int(np.argmin(abs(heard.starts - start))), int(np.argmin(abs(heard.ends - end)))
        if abs(heard.starts[first] - start) < NEAR and abs(heard.ends[last] - end) < NEAR and first <= last:
            windows.append((first, last + 1))
            stands.append(float(verdict == "s"))
            runs.append(float("h" in why))
    return JudgedPassages(passage_columns(heard, windows, trees), np.array(stands), np.array(runs))


def figures_of_stands(probabilities: Floats, truth: Floats) -> dict[str, float]:
    """Return what is reached on some talks: how many stand of all, and of the likeliest."""
    ranked = truth[np.argsort(-probabilities)]
    best = {f"stand of the likeliest {share:.0%}": float(ranked[: int(len(ranked) * share)].mean()) for share in TOP}
    return {
        "stand": float(truth.mean()),
        "AUC": float(roc_auc_score(truth, probabilities)),
        "calibration error": expected_calibration_error(probabilities, truth),
    } | best


def figures_of_housekeeping(probabilities: Floats, truth: Floats, stands: Floats) -> dict[str, float]:
    """Return what is reached on some talks; `stands` is which of the passages stand, to say how many of them go."""
    out = probabilities >= HOUSEKEEPING
    return {
        "housekeeping": float(truth.mean()),
        "AUC": float(roc_auc_score(truth, probabilities)),
        "calibration error": expected_calibration_error(probabilities, truth),
        f"from {HOUSEKEEPING}: precision": float(truth[out].mean()) if out.any() else 0.0,
        f"from {HOUSEKEEPING}: recall": float(truth[out].sum() / truth.sum()),
        f"from {HOUSEKEEPING}: of those that stand": float(stands[out].sum() / stands.sum()),
    }


def main() -> None:
    """Fit, print what is reached on authors that were left out, and save."""
    talks = given_talks(__doc__)
    said = [conversation(one.transcript, one.speakers, one.deck, one.alignment, one.event) for one in talks]
    pairs = list(zip(talks, said, strict=True))
    known = [traps.examples(one, traps.truth(talk, one)) for talk, one in pairs]
    misleads = fit_without(traps.RECIPE, talks, known, known).without
    given = [judged_passages(talk, one, misleads[talk.author]) for talk, one in pairs]
    stand = [one.examples(one.stands) for one in given]
    runs = [one.examples(one.housekeeping) for one in given]
    for name, recipe, some in (("passages", RECIPE, stand), ("housekeeping", HOUSEKEEPING_RECIPE, runs)):
        judged = fit_without(recipe, talks, some, some)
        lines: dict[str, dict[str, float]] = {}
        for kind, among in kinds_of(talks).items():
            probabilities = np.hstack([judged.probabilities[at] for at in among])
            truth = np.hstack([some[at].truth for at in among])
            stands = np.hstack([given[at].stands for at in among])
            found = (
                figures_of_stands(probabilities, truth)
                if some is stand
                else figures_of_housekeeping(probabilities, truth, stands)
            )
            for line, value in found.items():
                lines.setdefault(line, {})[kind] = value
        report(lines)
        figures = {line: values["written"] for line, values in lines.items()}
        save(judged.whole, name, figures=figures, script="passages")
        sys.stdout.write(f"Written: digest/learned/{name}.json\n")


if __name__ == "__main__":
    main()
