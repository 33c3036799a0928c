"""The likeliest order of slides, by Viterbi, and how sure each step is, by forward-backward. Evidence and pauses in.

A hidden Markov model (Rabiner, A tutorial on hidden Markov models, 1989) over the slides in their order and one state
more, the last: none. Staying is free, going on costs by the pages skipped and less after a pause, going back costs
much, and none can come and go from anywhere. Another deck can begin at any time, for twice a change. Evidence
and costs are in nats. Pictures jump more easily than speakers.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Scores = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Costs:
    """What moving costs, in nats."""

    change: float  # any change
    skip: float  # each page skipped
    back: float  # going back at all
    dearest: float  # but no more than this
    none: float  # going to none, or coming from it
    begin: float  # beginning a page later
    pause: float  # how much cheaper a change is after a pause
    sharper: float = 1.0  # factor on all nats for the probabilities alone, so that they are right as often as they say


SPOKEN = Costs(change=1.0, skip=2.2, back=8.0, dearest=1e9, none=3.0, begin=1.2, pause=1.0, sharper=1.75)
SEEN = Costs(change=1.0, skip=0.2, back=1.0, dearest=5.0, none=3.0, begin=0.2, pause=0.5, sharper=4.0)
LONG_PAUSE = 1.0  # seconds of silence that make a full pause
TINY = 1e-300  # keeps the logarithm of an impossible state finite


def decode_path(
    evidence: Scores, pauses: npt.NDArray[np.float64], costs: Costs, first_of_deck: Sequence[int] = ()
) -> tuple[npt.NDArray[np.int64], Scores]:
    """Return the column of each row, and the probability of every column at every row.

    `evidence` has a row for each stretch of time and a column for each slide and, last, for none; `pauses` are the
    seconds of silence before each row. `first_of_deck` has for each slide the column at which its deck begins, where
    there are several.
    """
    slides = evidence.shape[1] - 1
    begins = np.array(first_of_deck if len(first_of_deck) else [0] * slides)
    dear = _change_costs(begins, costs)
    steps = np.rint(np.minimum(pauses / LONG_PAUSE, 1.0) * 10).astype(np.int64)  # few kinds of pauses: each costs once
    moves = {step: np.maximum(dear - costs.pause * step / 10, 0.0) for step in {int(step) for step in steps}}
    in_order = [moves[int(step)] for step in steps]
    first = evidence[0] - np.append(costs.begin * (np.arange(slides) - begins), 0.0)
    path = _viterbi(evidence, in_order, first)
    sharper = {id(move): costs.sharper * move for move in moves.values()}
    return path, _posterior(costs.sharper * evidence, [sharper[id(move)] for move in in_order], costs.sharper * first)


def _change_costs(begins: npt.NDArray[np.int64], costs: Costs) -> Scores:
    """Return what going from a state (rows) to another (columns) costs; `begins` is each slide's first of its deck."""
    slides = len(begins)
    step = np.arange(slides)[None, :] - np.arange(slides)[:, None]
    dear = np.full((slides + 1, slides + 1), costs.none)
    further = costs.change + costs.skip * (np.abs(step) - 1) + np.where(step < 0, costs.back, 0.0)
    into_another = 2 * costs.change + costs.skip * (np.arange(slides) - begins)[None, :]  # 0067: so, or dearer
    is_another = begins[None, :] != begins[:, None]
    further = np.where(is_another, np.minimum(further, into_another), further)
    dear[:-1, :-1] = np.minimum(further, costs.dearest)
    np.fill_diagonal(dear, 0.0)
    return dear


def _viterbi(evidence: Scores, moves: list[Scores], first: Scores) -> npt.NDArray[np.int64]:
    best, back = first, np.zeros(evidence.shape, dtype=np.int32)
    for at in range(1, len(evidence)):
        reached = best[:, None] - moves[at]
        back[at] = reached.argmax(axis=0)
        best = reached.max(axis=0) + evidence[at]
    path = np.empty(len(evidence), dtype=np.int64)
    path[-1] = best.argmax()
    for at in range(len(evidence) - 1, 0, -1):
        path[at - 1] = back[at, path[at]]
    return path


def _posterior(evidence: Scores, moves: list[Scores], first: Scores) -> Scores:
    """Return the probability of every state at every row, from all that is known before and after."""
    chances = {id(move): np.exp(-move) for move in moves}
    forward = np.empty_like(evidence)
    forward[0] = _shift(first)
    for at in range(1, len(evidence)):
        forward[at] = _shift(np.log(np.exp(forward[at - 1]) @ chances[id(moves[at])] + TINY) + evidence[at])
    backward = np.zeros_like(evidence)
    for at in range(len(evidence) - 2, -1, -1):
        onward = np.exp(_shift(backward[at + 1] + evidence[at + 1]))
        backward[at] = _shift(np.log(chances[id(moves[at + 1])] @ onward + TINY))
    both = forward + backward
    both = np.exp(both - both.max(axis=1, keepdims=True))
    return np.asarray(both / both.sum(axis=1, keepdims=True))


def _shift(row: Scores) -> Scores:
    return np.asarray(row - row.max())
