"""Fit how likely a sentence misleads: `python -m tests.training.traps --talks DIR` writes digest/learned/traps.json.

True are the sentences of an utterance that a trap names, those nearest to the trap's wording counting most. False are
all others, those of key facts counting most: nearly everything that says something would be a trap otherwise, and
leaving it out would cost more facts than it saves.
"""

import sys
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from sklearn.metrics import roc_auc_score

from digest.learned.trees import Floats
from digest.writing.conversation import Conversation, content_words, conversation
from digest.writing.traps import LEFT_OUT, off_record, retracted_numbers, trap_features
from tests.talks import Talk
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

# Against 80 trees of depth 4: they fit no better (AUC 0.71 and 0.69 with all sentences alike) and take twice the time.
RECIPE = Recipe("classifier", iterations=60, depth=3, rate=0.1, min_leaf=80, max_features=0.3)
CORE, ANY = 0.8, 0.2  # what a true sentence counts: by its likeness to the trap's wording, and at least
FACT, OTHER = 1.0, 0.25  # what a false one counts: by the weight of its fact, and at least
THRESHOLDS = (0.45, LEFT_OUT, 0.22, 0.185, 0.155)  # probabilities: 1, 2, 5, 10 and 20 % of the written are likelier


@dataclass(frozen=True)
class Truth:
    """Of each sentence: whether it lies in a trap's utterance, how near it is to its wording, the weight of facts."""

    is_trap: Floats
    likeness: Floats
    facts: Floats


def truth(talk: Talk, heard: Conversation) -> Truth:
    """Return what a talk's file says of its sentences."""
    begins = [one["start"] for one in talk.truth["utterances"]]
    utterances = np.array([bisect_right(begins, start + 0.01) - 1 for start in heard.starts])
    is_trap, likeness, facts = (np.zeros(len(utterances)) for _ in range(3))
    for trap in talk.truth["traps"]:
        places = np.flatnonzero(utterances == trap["utterance"])
        is_trap[places] = 1
        likeness[places] = np.maximum(likeness[places], _shares(trap["text"], places.tolist(), heard))
    for fact in talk.truth["key_facts"]:
        places = np.flatnonzero(utterances == fact["utterance"])
        facts[places] += fact["weight"] * _shares(fact["text"], places.tolist(), heard)
    return Truth(is_trap, likeness, facts)


def _shares(text: str, places: Sequence[int], heard: Conversation) -> Floats:
    """Return how many words of a text each place holds: 1 for the place that holds most."""
    wanted = set(content_words(text, heard.language))
    held = np.array([len(wanted & set(heard.content[place])) + 0.01 for place in places])
    return held / held.max() if len(held) else held


def examples(heard: Conversation, known: Truth) -> Examples:
    """Return the sentences of a talk as they are fitted to."""
    weights = np.where(known.is_trap > 0, ANY + CORE * known.likeness, OTHER + FACT * known.facts)
    return Examples(trap_features(heard), known.is_trap, weights)


def figures(probabilities: Floats, known: Sequence[Truth]) -> dict[str, float]:
    """Return what is reached on some talks, whose probabilities stand in one row.

    From each threshold on: the share of sentences; how many of them lie in a trap, and of those in traps how many are
    among them; the share of traps, by the sentence nearest to their wording, and of the weight of facts.
    """
    is_trap, likeness, facts = (
        np.hstack([getattr(one, name) for one in known]) for name in ("is_trap", "likeness", "facts")
    )
    found = {
        "share of traps": float(is_trap.mean()),
        "AUC": float(roc_auc_score(is_trap, probabilities)),
        "calibration error": expected_calibration_error(probabilities, is_trap),
    }
    core = likeness >= 1
    for threshold in THRESHOLDS:
        out = probabilities >= threshold
        found |= {
            f"from {threshold}: share": float(out.mean()),
            f"from {threshold}: precision": float(is_trap[out].mean()) if out.any() else 0.0,
            f"from {threshold}: recall": float(is_trap[out].sum() / is_trap.sum()),
            f"from {threshold}: traps": float(out[core].mean()),
            f"from {threshold}: facts": float(facts[out].sum() / facts.sum()),
        }
    return found


def rules(talks: Sequence[Talk], said: Sequence[Conversation], known: Sequence[Truth]) -> dict[str, dict[str, float]]:
    """Return how many places the two rules find, of all sentences, and how many of them lie in a trap's utterance."""
    found: dict[str, dict[str, float]] = {}
    for name, rule in (("corrected", retracted_numbers), ("off the record", off_record)):
        places = [sorted(rule(one)) for one in said]
        for kind, among in kinds_of(talks).items():
            count = sum(len(places[at]) for at in among)
            right = sum(float(known[at].is_trap[places[at]].sum()) for at in among)
            found.setdefault(f"{name}: places", {})[kind] = count
            found.setdefault(f"{name}: in a trap", {})[kind] = right / count if count else 0.0
    return found


def main() -> None:
    """Fit, print what is reached on authors that were left out, and save."""
    talks = given_talks(__doc__)
    said = [conversation(one.transcript, one.speakers, one.deck, one.alignment, one.event) for one in talks]
    known = [truth(talk, heard) for talk, heard in zip(talks, said, strict=True)]
    report(rules(talks, said, known))
    given = [examples(heard, one) for heard, one in zip(said, known, strict=True)]
    judged = fit_without(RECIPE, talks, given, given)
    lines: dict[str, dict[str, float]] = {}
    for kind, among in kinds_of(talks).items():
        probabilities = np.hstack([judged.probabilities[at] for at in among])
        for name, value in figures(probabilities, [known[at] for at in among]).items():
            lines.setdefault(name, {})[kind] = value
    report(lines)
    save(judged.whole, "traps", figures={name: values["written"] for name, values in lines.items()})
    sys.stdout.write("Written: digest/learned/traps.json\n")


if __name__ == "__main__":
    main()
