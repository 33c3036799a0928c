"""Other ways to choose sentences, for comparison: each returns the places of all sentences, best first."""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from digest.language.sentences import SpokenSentence
from tests.benchmarks.accounts import content

Order = Callable[[Sequence[SpokenSentence]], Sequence[int]]

DAMPING = 0.85
LEXRANK_THRESHOLD = 0.1


def lead(spoken: Sequence[SpokenSentence]) -> Sequence[int]:
    """Return them as they were said."""
    return range(len(spoken))


def longest(spoken: Sequence[SpokenSentence]) -> Sequence[int]:
    """Return the longest first."""
    return sorted(range(len(spoken)), key=lambda at: -len(spoken[at].words))


def lexrank(spoken: Sequence[SpokenSentence]) -> Sequence[int]:
    """Return the most central first (Erkan and Radev 2004): those that share content words with many."""
    shared, lengths = _shared(spoken)
    norm = np.sqrt(np.maximum(lengths, 1))
    return _ranked((shared / norm[:, None] / norm > LEXRANK_THRESHOLD).astype(float))


def textrank(spoken: Sequence[SpokenSentence]) -> Sequence[int]:
    """Return the most recommended first (Mihalcea and Tarau 2004): shared words by the logarithms of both lengths."""
    shared, lengths = _shared(spoken)
    logs = np.log(np.maximum(lengths, 2))
    near = shared / (logs[:, None] + logs)
    np.fill_diagonal(near, 0)
    return _ranked(near)


def _shared(spoken: Sequence[SpokenSentence]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return how many content words each two sentences share, and how many each has."""
    sets = [content(one.text) for one in spoken]
    columns = {word: at for at, word in enumerate(sorted(frozenset[str]().union(*sets)))}
    held = np.zeros((len(sets), len(columns)), dtype=np.float32)
    for row, words in enumerate(sets):
        held[row, [columns[word] for word in words]] = 1
    return (held @ held.T).astype(np.float64), held.sum(1).astype(np.float64)


def _ranked(near: NDArray[np.float64]) -> Sequence[int]:
    near = near + 1e-6  # whoever shares nothing leads everywhere
    near /= near.sum(1, keepdims=True)
    rank = np.full(len(near), 1 / len(near))
    for _ in range(50):
        rank = (1 - DAMPING) / len(near) + DAMPING * rank @ near
    order: list[int] = np.argsort(-rank, kind="stable").tolist()
    return order


BASELINES: dict[str, Order] = {"lead": lead, "longest": longest, "TextRank": textrank, "LexRank": lexrank}
