"""Fit what finds questions of the audience and their answers, and say how it fares on authors that were left out.

Three models, each given what the one before it thinks of talks whose author it was not fitted to.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from digest.learned.trees import Floats
from digest.writing.answer_features import Asked, Pairs, pairs_of, second_columns
from digest.writing.conversation import Conversation, conversation
from digest.writing.question_features import question_columns
from digest.writing.questions import (
    WORTH_A_SECOND_LOOK,
    Exchange,
    ExchangeModels,
    asking_best,
    exchanges,
    find_questions,
)
from tests.talks import Talk
from tests.training.boosting import REAL, Examples, Judged, Recipe, fit_without, given_talks, kinds_of, report, save

# Deeper trees and twice as many gained nothing.
ASKS = Recipe("classifier", 90, 5, rate=0.1, max_features=0.3)
ANSWERS = Recipe("classifier", 90, 5, rate=0.1, max_features=0.3)
CERTAIN = Recipe("classifier", 100, 3, rate=0.06, min_leaf=30, max_features=0.3, seeds=3)
INSIDE = 0.8  # of a sentence's seconds that must lie in an answer: as tests/benchmarks/talks.py has it
FAR = 25  # sentences from the question beyond which every fourth pair without an answer stands for four
SHOWN = 3  # sentences of an answer, the surest

Booleans = NDArray[np.bool_]


@dataclass
class Truth:
    """Which sentences ask which question of a talk, and which lie in its answer: a row for each question."""

    talk: Talk
    said: Conversation
    asked: Booleans = field(init=False)
    answered: Booleans = field(init=False)

    def __post_init__(self) -> None:
        questions = self.talk.truth["questions"]
        shape = (len(questions), len(self.said.said))
        self.asked = np.array([self._inside(one["ask"]) > 0 for one in questions]).reshape(shape)
        self.answered = np.array([self._inside(one["answer"]) >= INSIDE for one in questions]).reshape(shape)

    @property
    def by_audience(self) -> Booleans:
        """Return which questions the audience asks."""
        return np.array([one["by"] == "audience" for one in self.talk.truth["questions"]], dtype=bool)

    def _inside(self, utterances: Sequence[int]) -> Floats:
        """Return which share of each sentence's seconds lies in some utterances."""
        seconds = np.zeros(len(self.said.said))
        for at in utterances:
            one = self.talk.truth["utterances"][at]
            seconds += np.maximum(
                0, np.minimum(self.said.ends, one["end"]) - np.maximum(self.said.starts, one["start"])
            )
        shares: Floats = seconds / (self.said.ends - self.said.starts)
        return shares

    def asks(self) -> Floats:
        """Return 1 where the audience asks."""
        return self.asked[self.by_audience].any(axis=0).astype(float)

    def rights(self, places: Sequence[int]) -> Booleans:
        """Return which sentences answer a question that is printed with those at `places`."""
        touched = np.flatnonzero(self.asked[:, list(places)].any(axis=1))
        right: Booleans = np.asarray(self.answered[touched].any(axis=0))
        return right


def asking_examples(truth: Truth) -> Examples:
    """Return the sentences of a talk: whether they ask; a long turn counts as the root of its length."""
    turns = np.array(truth.said.turns, dtype=np.int64)
    return Examples(question_columns(truth.said), truth.asks(), 1 / np.sqrt(np.bincount(turns)[turns]))


def pair_examples(truth: Truth, asked: Sequence[Asked], pairs: Pairs, likely: Floats) -> Examples:
    """Return the pairs of a talk: whether the sentence answers the question as it would be printed."""
    right = [truth.rights(asking_best(truth.said, one, likely)) for one in asked]
    answers = np.array(right).reshape(len(asked), len(truth.said.said))[pairs.question, pairs.sentence]
    count = np.bincount(pairs.question, answers, minlength=len(asked))[pairs.question]
    return Examples(pairs.columns, answers.astype(float), 1 / np.sqrt(np.maximum(1, count)))


def thinned(examples: Examples) -> Examples:
    """Return pairs of which most that are far from the question were left out, the others counting for them."""
    distance = examples.columns["sentences"]
    near = (distance <= FAR) | (examples.truth > 0)
    kept = near | (np.arange(len(near)) % 4 == 0)
    weights = examples.weights * np.where(near, 1, 4)
    return Examples(
        {name: values[kept] for name, values in examples.columns.items()}, examples.truth[kept], weights[kept]
    )


def fit_models(talks: Sequence[Talk], truths: Sequence[Truth]) -> tuple[Judged, Judged, Judged]:
    """Return the three models."""
    sentences = [asking_examples(truth) for truth in truths]
    asks = fit_without(ASKS, talks, sentences, sentences)
    asked = [find_questions(truth.said, likely) for truth, likely in zip(truths, asks.probabilities, strict=True)]
    pairs = [
        pairs_of(truth.said, some, likely)
        for truth, some, likely in zip(truths, asked, asks.probabilities, strict=True)
    ]
    every = [pair_examples(*one) for one in zip(truths, asked, pairs, asks.probabilities, strict=True)]
    answers = fit_without(ANSWERS, talks, [thinned(one) for one in every], every)
    again = [_second(*one) for one in zip(truths, asked, pairs, every, answers.probabilities, strict=True)]
    return asks, answers, fit_without(CERTAIN, talks, again, again)


def _second(truth: Truth, asked: Sequence[Asked], pairs: Pairs, every: Examples, first: Floats) -> Examples:
    kept = first >= WORTH_A_SECOND_LOOK
    columns = second_columns(truth.said, asked, pairs, first)
    return Examples({name: values[kept] for name, values in columns.items()}, every.truth[kept], every.weights[kept])


def models_without(judged: tuple[Judged, Judged, Judged]) -> dict[str, ExchangeModels]:
    """Return for every author the models that were fitted to nothing of theirs."""
    asks, answers, certain = judged
    return {
        author: ExchangeModels(asks.without[author], answers.without[author], certain.without[author])
        for author in asks.without
    }


@dataclass(frozen=True)
class Counts:
    """Counts of one talk: questions of the audience, those printed, sentences printed as answers."""

    asked: int
    found: int
    printed: int
    right: int
    sentences: int
    in_answer: int
    in_another: int
    with_answer: int
    answered: int


def measure(truth: Truth, found: Sequence[Exchange]) -> Counts:
    """Return how exchanges fare, as tests/benchmarks/talks.py measures a digest."""
    printed = [one for one in found if one.is_printed]
    touched = np.array([truth.asked[:, list(one.question)].any(axis=1) for one in printed], dtype=bool)
    touched = touched.reshape(len(printed), len(truth.asked))
    mine = touched & truth.by_audience
    in_answer = in_another = sentences = 0
    for one, its in zip(printed, touched, strict=True):
        shown = sorted(range(len(one.answer)), key=lambda at: -one.certainty[at])[:SHOWN]
        places = [one.answer[at] for at in shown]
        right = truth.answered[its][:, places].any(axis=0)
        sentences += len(places)
        in_answer += int(right.sum())
        in_another += int((truth.answered[~its][:, places].any(axis=0) & ~right).sum())
    answered = np.array([bool(one.answer) for one in printed], dtype=bool)
    with_answer = truth.by_audience & truth.answered.any(axis=1)
    return Counts(
        asked=int(truth.by_audience.sum()),
        found=int(mine.any(axis=0).sum()),
        printed=len(printed),
        right=int(mine.any(axis=1).sum()),
        sentences=sentences,
        in_answer=in_answer,
        in_another=in_another,
        with_answer=int(with_answer.sum()),
        answered=int((mine[answered].any(axis=0) & with_answer).sum()),
    )


def shares(figures: Sequence[Counts]) -> dict[str, float]:
    """Return what counts of several talks come to."""
    total = {name: sum(getattr(one, name) for one in figures) for name in Counts.__annotations__}
    return {
        "recall": total["found"] / max(1, total["asked"]),
        "precision": total["right"] / max(1, total["printed"]),
        "answers right": total["in_answer"] / max(1, total["sentences"]),
        "answers other": total["in_another"] / max(1, total["sentences"]),
        "answered": total["answered"] / max(1, total["with_answer"]),
    }


def main() -> None:
    """Fit to all written talks, measure those left out, write the files."""
    talks = given_talks(__doc__)
    truths = [
        Truth(talk, conversation(talk.transcript, talk.speakers, talk.deck, talk.alignment, talk.event))
        for talk in talks
    ]
    judged = fit_models(talks, truths)
    without = models_without(judged)
    figures = [
        measure(truth, exchanges(truth.said, without[talk.author])) for talk, truth in zip(talks, truths, strict=True)
    ]
    table = {kind: shares([figures[at] for at in places]) for kind, places in kinds_of(talks).items()}
    report({name: {kind: row[name] for kind, row in table.items()} for name in table["all"]})
    figures_left_out = table["all"] | {f"{REAL}: {name}": value for name, value in table.get(REAL, {}).items()}
    for name, one in zip(("questions", "answers", "certain_answers"), judged, strict=True):
        save(one.whole, name, figures=figures_left_out, script="questions")


if __name__ == "__main__":
    main()
