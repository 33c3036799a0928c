"""The likeliest order of slides, by Viterbi, and how sure each step is, by forward-backward. Scores and pauses in.

A hidden Markov model over the slides in their order: staying is free, going on costs by the pages skipped and less
after a pause, going back costs much (Rabiner, A tutorial on hidden Markov models, 1989). The costs fit real
lectures.
"""

import numpy as np
import numpy.typing as npt

Scores = npt.NDArray[np.float64]

CHANGE, SKIP, BACK = 1.2, 0.6, 8.0  # costs: of any change, of each page skipped, of going back at all
SHARPNESS = 10.0  # what a score is worth beside those costs
PAUSE, LONG_PAUSE = 0.5, 1.0  # how much cheaper a change is after a pause, and how many seconds make a full one


def likeliest(scores: Scores, pauses: npt.NDArray[np.float64]) -> tuple[npt.NDArray[np.int64], Scores]:
    """Return the column of each row, and the probability of that column.

    `pauses` are the seconds of silence before each row.
    """
    evidence, costs = scores * SHARPNESS, _costs(scores.shape[1])
    cheaper = PAUSE * np.minimum(pauses / LONG_PAUSE, 1.0)
    first = evidence[0] - SKIP * np.arange(scores.shape[1]) * 2
    return _viterbi(evidence, costs, cheaper, first), _posterior(evidence, costs, cheaper, first)


def _costs(slides: int) -> Scores:
    """Return what going from a slide (rows) to another (columns) costs."""
    step = np.arange(slides)[None, :] - np.arange(slides)[:, None]
    costs = CHANGE + SKIP * (np.abs(step) - 1) + np.where(step < 0, BACK, 0.0)
    return np.where(step == 0, 0.0, costs)


def _viterbi(evidence: Scores, costs: Scores, cheaper: Scores, first: Scores) -> npt.NDArray[np.int64]:
    best, back = first, np.zeros(evidence.shape, dtype=np.int64)
    for at in range(1, len(evidence)):
        reached = best[:, None] - np.maximum(costs - cheaper[at], 0.0)
        back[at] = reached.argmax(axis=0)
        best = reached.max(axis=0) + evidence[at]
    path = np.empty(len(evidence), dtype=np.int64)
    path[-1] = best.argmax()
    for at in range(len(evidence) - 1, 0, -1):
        path[at - 1] = back[at, path[at]]
    return path


def _posterior(evidence: Scores, costs: Scores, cheaper: Scores, first: Scores) -> Scores:
    """Return the probability of every slide at every row, from all that was said before and after."""
    forward = np.empty_like(evidence)
    forward[0] = _shifted(first)
    for at in range(1, len(evidence)):
        moves = np.exp(-np.maximum(costs - cheaper[at], 0.0))
        forward[at] = _shifted(np.log(np.exp(forward[at - 1]) @ moves + 1e-300) + evidence[at])
    backward = np.zeros_like(evidence)
    for at in range(len(evidence) - 2, -1, -1):
        moves = np.exp(-np.maximum(costs - cheaper[at + 1], 0.0))
        backward[at] = _shifted(np.log(moves @ np.exp(_shifted(backward[at + 1] + evidence[at + 1])) + 1e-300))
    both = np.exp(_rows_shifted(forward + backward))
    return np.asarray(both / both.sum(axis=1, keepdims=True))


def _shifted(row: Scores) -> Scores:
    return np.asarray(row - row.max())


def _rows_shifted(rows: Scores) -> Scores:
    return np.asarray(rows - rows.max(axis=1, keepdims=True))
