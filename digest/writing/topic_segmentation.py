"""Where chapters begin: a Conversation and fitted trees in, seconds out.

The trees say how likely each sentence opens a topic; which of them do is the shortest path from the beginning of the
talk to its end (Utiyama & Isahara 2001), where a chapter costs more the less its length is that of its fellows.
"""

import math

import numpy as np

from digest.learned.trees import Floats, Trees
from digest.writing.conversation import Conversation
from digest.writing.topic_features import topic_columns

NEAR = 20.0  # seconds within which a reader takes a beginning for the right one
OWN = 0.6  # of a sentence's own likelihood on top of all near it: without, chapters begin between two likely places
TOLL = 0.15  # what a beginning costs: one that is less likely to be near a true one is not worth a chapter
SHAPE = 0.25  # what it costs to be e times as long as the fellows, by the square of the logarithm
SHORT = 1.6  # times that for one that is shorter
FEWEST, MOST = 3, 9  # chapters
LONG_ENOUGH = 480.0  # seconds from which on a talk has the fewest
MARGIN = 20.0  # seconds at both ends in which no chapter begins
SPREAD, FIRST = 260.0, 1.5  # a talk has about FIRST chapters and one for each SPREAD seconds
CANDIDATE_SECONDS = 8.0  # of the talk for each of the likeliest sentences that are looked at


def segment(talk: Conversation, trees: Trees) -> list[float]:
    """Return when the chapters after the first begin, in seconds and in order."""
    return choose(talk, trees.probabilities(topic_columns(talk))) if talk.said else []


def choose(talk: Conversation, likely: Floats) -> list[float]:
    """Return when these chapters begin, given how likely each sentence opens one."""
    gain = _near_total(likely, talk.starts) + OWN * likely - TOLL
    inside = np.flatnonzero((talk.starts >= MARGIN) & (talk.starts <= talk.duration - MARGIN))
    count = max(60, int(talk.duration / CANDIDATE_SECONDS))
    places = np.sort(inside[np.argsort(-gain[inside], kind="stable")[:count]])
    path = shortest_path(gain[places], talk.starts[places], talk.duration)
    return [float(talk.starts[places[at]]) for at in path]


def shortest_path(gain: Floats, starts: Floats, duration: float) -> list[int]:
    """Return which of the starts, all within the duration, begin chapters: the sum of gains less the costs is highest.

    There are as many as `fewest_and_most` allows, unless there are too few starts.
    """
    edges = np.concatenate(([0.0], starts, [duration]))
    worth = np.concatenate(([0.0], gain, [0.0]))
    fellows = duration / min(MOST, max(FEWEST, FIRST + duration / SPREAD))
    fewest, most = fewest_and_most(duration)
    best = np.full((most + 1, len(edges)), -np.inf)  # by the number of chapters that end at an edge
    back = np.zeros((most + 1, len(edges)), dtype=np.int64)
    best[0, 0] = 0
    for at in range(1, len(edges)):
        length = np.maximum(edges[at] - edges[:at], 1) / fellows
        cost = SHAPE * np.log(length) ** 2 * np.where(length < 1, SHORT, 1)
        total = best[:-1, :at] - cost
        back[1:, at] = total.argmax(axis=1)
        best[1:, at] = total.max(axis=1) + worth[at]
    chapters = int(best[fewest:, -1].argmax()) + fewest if np.isfinite(best[fewest:, -1]).any() else 1
    path, at = list[int](), len(edges) - 1
    for number in range(chapters, 1, -1):
        at = int(back[number, at])
        path.append(at - 1)
    return path[::-1]


def fewest_and_most(duration: float) -> tuple[int, int]:
    """Return how many chapters a talk of so many seconds has at least and at most."""
    return FEWEST if duration >= LONG_ENOUGH else 1, max(1, min(MOST, math.floor(duration / MARGIN)))


def _near_total(likely: Floats, starts: Floats) -> Floats:
    """Return how many beginnings are to be expected near each place."""
    until = np.concatenate(([0.0], np.cumsum(likely)))
    total: Floats = (
        until[np.searchsorted(starts, starts + NEAR, side="right")] - until[np.searchsorted(starts, starts - NEAR)]
    )
    return total
