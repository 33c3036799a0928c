"""How likely each word was misheard: words with the recogniser's probabilities in, chances out.

A logistic regression on the logit of the word's own probability and that of its less sure neighbour, fitted to 3,085
words of nine recordings, synthetic and real voices (`python -m tests.training.hearing` prints the weights). Recordings
left out, its log-loss is 0.108, that of the recogniser's own probabilities 0.119: half of the words that are wrong have
a probability above 0.6.
"""

import math
from collections.abc import Iterator, Sequence

from digest.model.speech import Word

WEIGHTS = (-0.16, -0.87, -0.34)  # constant, the word, its less sure neighbour
SURE = (0.02, 0.999)  # a probability beyond tells no more


def chances(words: Sequence[Word]) -> Iterator[float]:
    """Yield for each word the chance that another was said, or none."""
    constant, own, near = WEIGHTS
    for logit, beside in logits_of([word.probability for word in words]):
        yield 1 / (1 + math.exp(-constant - own * logit - near * beside))


def logits_of(probabilities: Sequence[float]) -> Iterator[tuple[float, float]]:
    """Yield for each word the logit of its probability, and that of the less sure word beside it."""
    logits = [_logit(probability) for probability in probabilities]
    for at, logit in enumerate(logits):
        yield logit, min([*logits[max(0, at - 1) : at], *logits[at + 1 : at + 2]], default=_logit(SURE[1]))


def _logit(probability: float) -> float:
    bounded = min(max(probability, SURE[0]), SURE[1])
    return math.log(bounded / (1 - bounded))
