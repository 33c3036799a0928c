"""How much a stretch of speech speaks for each slide: texts in, a matrix of scores out.

Words, pairs of words and letter groups that a stretch and a slide share, each weighted by how few slides have it and
how seldom it is said: what a speaker says all the time tells no slides apart. From each slide its mean score is taken
away, so that one that fits everything a little ("Thank you", an agenda) does not draw everything to itself. Scores add
up, they are not cosines: a long stretch that shares three rare words says more than a short one that shares one.
Embeddings did worse on real lectures: the slides of one talk share a topic, and rare exact words tell them apart.
"""

import math
import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from digest.model.deck import Slide

Scores = npt.NDArray[np.float64]
Features = Callable[[str], list[str]]


@dataclass(frozen=True)
class Weights:
    """What parts of a text count; chosen on lectures (docs/benchmarks.md says how)."""

    title: float = 2.0  # times that a title counts beside the body
    words: float = 0.04
    pairs: float = 0.17
    groups: float = 0.025  # of 4 and 5 letters: endings, compounds and what was misheard
    seldom: float = 2.0  # power of how seldom a feature is said
    own_mean: float = 1.2  # how much of a slide's mean score is taken from it
    row_mean: float = 0.5  # and of a stretch's, over all slides: with it some stretches speak against going on


WEIGHTS = Weights()
GROUPS = (4, 5)  # letters


def likeness(stretches: Sequence[str], slides: Sequence[Slide], weights: Weights = WEIGHTS) -> Scores:
    """Return a score for each stretch (rows) and slide (columns), around 0; at least one of each."""
    scores = np.zeros((len(stretches), len(slides)))
    for features, weight in ((_words, weights.words), (_pairs, weights.pairs), (_groups, weights.groups)):
        said = [Counter(features(text)) for text in stretches]
        shown = [_slide_features(slide, features, weights.title) for slide in slides]
        scores += weight * _overlap(said, shown, weights.seldom)
    scores -= weights.own_mean * scores.mean(axis=0)
    return np.asarray(scores - weights.row_mean * scores.mean(axis=1, keepdims=True))


def _overlap(said: Sequence[Counter[str]], shown: Sequence[Counter[str]], seldom: float) -> Scores:
    """Return the sums over what each stretch and slide share; a slide's own features have unit length together."""
    slides_with = Counter(feature for features in shown for feature in features)
    stretches_with = Counter(feature for features in said for feature in features)
    most = math.log((1 + max(2, len(said))) / 2)  # of what is said once
    rarest = math.log((1 + max(2, len(shown))) / 2) + 0.1  # of what one slide has
    rarity = {
        feature: (math.log((1 + len(shown)) / (1 + slides)) + 0.1)
        / rarest
        * (math.log((1 + len(said)) / (1 + stretches_with[feature])) / most) ** seldom
        for feature, slides in slides_with.items()
    }
    columns: dict[str, tuple[list[int], list[float]]] = {feature: ([], []) for feature in rarity}
    for at, features in enumerate(shown):
        worth = {feature: (1 + math.log(times)) * rarity[feature] for feature, times in features.items()}
        length = math.sqrt(sum(value * value for value in worth.values())) or 1.0
        for feature, value in worth.items():
            columns[feature][0].append(at)
            columns[feature][1].append(value / length * rarity[feature])
    scores = np.zeros((len(said), len(shown)))
    for row, features in zip(scores, said, strict=True):
        for feature, times in features.items():
            if feature in columns:
                slides_of, worth_of = columns[feature]
                row[slides_of] += (1 + math.log(times)) * np.array(worth_of)
    return scores


def _slide_features(slide: Slide, features: Features, title: float) -> Counter[str]:
    """Return how often each feature stands on a slide, the title's counted `title` times."""
    cells = (cell for table in slide.tables for row in table for cell in row)
    found = Counter(features(" . ".join([*(line.text for line in slide.body), *cells, *slide.alt_texts])))
    for feature in features(slide.title or "") * round(title):
        found[feature] += 1
    return found


def _words(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", text.lower())


def _pairs(text: str) -> list[str]:
    return [f"{one} {two}" for one, two in pairwise(_words(text))]


def _groups(text: str) -> list[str]:
    padded = (f" {word} " for word in _words(text))
    return [word[at : at + length] for word in padded for length in GROUPS for at in range(len(word) - length + 1)]
