"""How often a slide known by speech is right: what speaks for an interval in, a chance out.

A logistic regression (Platt, Probabilistic outputs for support vector machines, 1999) over two things: the mean
posterior of the path, and how many of the interval's stretches, each by itself, fit this slide best. The path alone
is too sure of slides that it only passes by; stretches that agree without being asked to are a second witness.
"""

import math
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

SURE = 0.999  # a posterior beyond tells no more
# Constant, weight of the posterior's logit, weight of the agreeing share: fitted on lectures (docs/benchmarks.md)
# where a wrong sentence counted 1.5 times, as it is worse to trust a wrong slide than to doubt a right one.
Trust = tuple[float, float, float]
TRUST: Trust = (0.28, 0.63, 1.91)


def witnesses(nats: npt.NDArray[np.float64], sure: npt.NDArray[np.float64], at: int) -> tuple[float, float]:
    """Return the logit of the mean posterior of state `at`, and the share of rows in which it has most evidence.

    Both matrices hold the rows of one interval; `nats` the evidence, `sure` the probability of each state.
    """
    posterior = min(max(float(sure[:, at].mean()), 1 - SURE), SURE)
    return math.log(posterior / (1 - posterior)), float((nats.argmax(axis=1) == at).mean())


def chance(seen: Sequence[float], trust: Trust = TRUST) -> float:
    """Return the chance that a sentence of an interval has this slide."""
    constant, *weights = trust
    return 1 / (1 + math.exp(-constant - sum(weight * one for weight, one in zip(weights, seen, strict=True))))
