"""Fit which words are names of the audience: `python -m tests.training.audience_names --talks DIR`."""

import numpy as np

from digest.learned.trees import Floats
from digest.writing.audience_names import LIKELY, SUSPECTED, TOKEN, candidates, columns
from digest.writing.conversation import Conversation, conversation
from tests.talks import Talk
from tests.training.boosting import (
    Examples,
    Recipe,
    by_kind,
    expected_calibration_error,
    fit_without,
    given_talks,
    kinds_of,
    report,
    save,
)

RECIPE = Recipe("classifier", iterations=150, depth=4, min_leaf=20)


def audience_names(talk: Talk) -> frozenset[str]:
    """Return the words of the names of those who were not announced, without honorifics and small words."""
    names = [one["name"] for one in talk.truth["speakers"] if one["part"] == "audience" and one["name"]]
    return frozenset(word for name in names for word in TOKEN.findall(name) if word[0].isupper())


def examples(talk: Talk, spoken: Conversation) -> Examples:
    """Return the words with a capital, 1 where somebody of the audience is called so; frequent ones count more."""
    found, names = candidates(spoken, talk.event), audience_names(talk)
    truth = np.array([float(word in names) for word in found])
    weights = np.array([float(len(places)) for places in found.values()])
    return Examples(columns(spoken, found), truth, np.sqrt(weights))


def places_found(counts: Floats, truth: Floats, probabilities: Floats, limit: float) -> tuple[float, float]:
    """Return which share of the places where the audience is named was found, and which of those found is right."""
    taken = probabilities >= limit
    right = float((counts * truth)[taken].sum())
    named, held = float((counts * truth).sum()), float(counts[taken].sum())
    return (right / named if named else 1.0), (right / held if held else 1.0)


def main() -> None:
    """Leave authors out, print what that gives, fit to all written talks, write the model."""
    talks = given_talks(__doc__)
    spoken = [conversation(t.transcript, t.speakers, t.deck, t.alignment, t.event) for t in talks]
    made = [examples(talk, one) for talk, one in zip(talks, spoken, strict=True)]
    judged = fit_without(RECIPE, talks, made, made)
    likely, known = judged.probabilities, kinds_of(talks)["written"]
    truth = np.hstack([made[at].truth for at in known])
    figures = {"ece": expected_calibration_error(np.hstack([likely[at] for at in known]), truth)}
    lines = dict[str, dict[str, float]]()
    for name, limit in (("suspected", SUSPECTED), ("likely", LIKELY)):
        for at, kind in enumerate(("recall", "precision")):
            values = [
                places_found(one.weights**2, one.truth, those, limit)[at]
                for one, those in zip(made, likely, strict=True)
            ]
            lines[f"{name}, {kind}"] = by_kind(talks, values)
            figures[f"{name}, {kind}"] = lines[f"{name}, {kind}"]["all"]
    report(lines)
    save(judged.whole, "audience_names", figures=figures)


if __name__ == "__main__":
    main()
