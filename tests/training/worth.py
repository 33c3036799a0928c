"""Fits what words are worth: `python -m tests.training.worth --talks DIR`.

The truth of a mention is the weight of the heaviest key fact that has the word, 0 where none within 20 s has it.
"""

from collections.abc import Iterable, Sequence

import numpy as np

from digest.learned.trees import Floats
from digest.writing.conversation import Conversation, conversation
from digest.writing.worth import Mention, columns, mentions
from tests.talks import NEAR, Talk, content
from tests.training.boosting import Examples, Recipe, by_kind, fit_without, given_talks, report, save

# Chosen with the authors left out: more or deeper trees, other losses (Poisson, 0 or 1) and the words' embeddings in
# Whisper gave nothing beyond a hundredth.
RECIPE = Recipe("regressor", iterations=120, depth=5, rate=0.1, min_leaf=80, l2=5.0)


def examples(talk: Talk, c: Conversation) -> Examples:
    """Return the mentions of a talk with what they are worth."""
    found = mentions(c)
    return Examples(columns(c, found), truth(talk, c, found), np.ones(len(found)))


def truth(talk: Talk, c: Conversation, found: Sequence[Mention]) -> Floats:
    """Return the weight of the heaviest fact that each mention would help to tell."""
    at: dict[int, list[int]] = {}
    for index, one in enumerate(found):
        at.setdefault(one.place, []).append(index)
    worth = np.zeros(len(found))
    for fact in talk.truth["key_facts"]:
        said = talk.truth["utterances"][fact["utterance"]]
        wanted = content(fact["text"], talk.language)
        for place in _near(c, said["start"] - NEAR, said["end"] + NEAR):
            for index in at.get(place, ()):
                if content(found[index].word, talk.language) & wanted:
                    worth[index] = max(worth[index], fact["weight"])
    return worth


def _near(c: Conversation, since: float, until: float) -> Iterable[int]:
    return np.flatnonzero((c.starts < until) & (c.ends > since)).tolist()


def main() -> None:
    """Print how much of the worth is foreseen for talks of authors that are left out, and write the weights."""
    talks = given_talks(__doc__)
    said = (conversation(talk.transcript, talk.speakers, talk.deck, talk.alignment, talk.event) for talk in talks)
    every = [examples(talk, one) for talk, one in zip(talks, said, strict=True)]
    judged = fit_without(RECIPE, talks, every, every)
    related = [
        float(np.corrcoef(judged.without[talk.author].sums(one.columns), one.truth)[0, 1])
        for talk, one in zip(talks, every, strict=True)
    ]
    kinds = by_kind(talks, related)
    report({"correlation with the truth": kinds})
    save(judged.whole, "worth", figures={f"correlation, {kind}": value for kind, value in kinds.items()})


if __name__ == "__main__":
    main()
