"""Fit where chapters begin: `python -m tests.training.chapters --talks DIR` writes digest/learned/chapters.json.

A sentence is true where it is the one that begins nearest to a chapter's start; those near it count less when they are
false, for a sentence too early or too late is hardly wrong.
"""

from collections.abc import Sequence

import numpy as np

from digest.writing.conversation import Conversation, conversation
from digest.writing.topic_features import topic_columns
from digest.writing.topic_segmentation import NEAR, choose
from tests.benchmarks.accounts import boundary_f1
from tests.talks import Talk
from tests.training.boosting import (
    REAL,
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

RECIPE = Recipe("classifier", iterations=180, depth=3)
BESIDE = 0.3  # weight of a false sentence near a true one
EXACT = 3.0  # seconds


def main() -> None:
    """Fit, print what holds for authors left out, write the file."""
    talks = given_talks(__doc__)
    heard = [as_heard(talk) for talk in talks]
    examples = [chapter_examples(talk, one) for talk, one in zip(talks, heard, strict=True)]
    judged = fit_without(RECIPE, talks, examples, examples)
    likely, written = judged.probabilities, kinds_of(talks)["written"]
    truth = np.hstack([examples[at].truth for at in written])
    found = [choose(one, probabilities) for one, probabilities in zip(heard, likely, strict=True)]
    figures = {
        "F1 within 20 s": by_kind(talks, _f1(found, talks, NEAR)),
        "F1 within 3 s": by_kind(talks, _f1(found, talks, EXACT)),
        "chapters": by_kind(talks, [len(starts) + 1.0 for starts in found]),
        "true chapters": by_kind(talks, [len(talk.truth["chapters"]) for talk in talks]),
    }
    error = expected_calibration_error(np.hstack([likely[at] for at in written]), truth)
    report(figures | {"calibration error": {"written": error}})
    save(
        judged.whole,
        "chapters",
        figures={f"{name}, {kind}": figures[name][kind] for name in figures for kind in ("all", "written", REAL)},
    )


def as_heard(talk: Talk) -> Conversation:
    """Return a talk as `outline` is given it: without the event."""
    return conversation(talk.transcript, talk.speakers, talk.deck, talk.alignment)


def chapter_examples(talk: Talk, heard: Conversation) -> Examples:
    """Return the sentences of a talk, true where a chapter begins."""
    truth, weights = np.zeros(len(heard.said)), np.ones(len(heard.said))
    for chapter in talk.truth["chapters"][1:]:
        distance = np.abs(heard.starts - chapter["start"])
        weights[distance < NEAR] = BESIDE
        truth[distance.argmin()] = 1
    return Examples(topic_columns(heard), truth, np.where(truth > 0, 1.0, weights))


def _f1(found: Sequence[Sequence[float]], talks: Sequence[Talk], within: float) -> list[float]:
    true = [[chapter["start"] for chapter in talk.truth["chapters"][1:]] for talk in talks]
    return [boundary_f1(list(some), starts, within=within) for some, starts in zip(found, true, strict=True)]


if __name__ == "__main__":
    main()
