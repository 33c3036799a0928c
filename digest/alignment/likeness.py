"""How alike a stretch of speech and a slide are: texts in, a matrix of scores out.

Tf-idf over words, pairs of words and letter groups; from each slide its mean score is taken away, so that one that fits
everything a little ("Thank you", an agenda) does not draw everything to itself. Embeddings did worse on real lectures:
the slides of one talk share a topic, and rare exact words tell them apart.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from digest.model.deck import Slide

Scores = npt.NDArray[np.float64]

TITLE = 2  # times that a title counts
GROUPS = (4, 5)  # letters
GROUP_WEIGHT, PAIR_WEIGHT = 0.3, 1.0


def likeness(stretches: Sequence[str], slides: Sequence[Slide]) -> Scores:
    """Return a score for each stretch (rows) and slide (columns), around 0; at least one of each."""
    said = [_features(text) for text in stretches]
    shown = [_features(_text(slide)) for slide in slides]
    frequency = Counter(feature for features in shown for feature in features)
    index = {feature: at for at, feature in enumerate(frequency)}
    rarity = np.log((1 + len(slides)) / (1 + np.array(list(frequency.values()), dtype=float))) + 0.1
    pages = np.stack([_vector(features, index, rarity) for features in shown])
    scores = np.empty((len(said), len(slides)))
    for at, features in enumerate(
        said
    ):  # one row at a time: a matrix of three hours by all features would be gigabytes
        scores[at] = pages @ _vector(features, index, rarity)
    return np.asarray(scores - scores.mean(axis=0))


def _text(slide: Slide) -> str:
    cells = (cell for table in slide.tables for row in table for cell in row)
    return " . ".join([*[slide.title or ""] * TITLE, *(line.text for line in slide.body), *cells, *slide.alt_texts])


def _features(text: str) -> dict[str, float]:
    found: dict[str, float] = {}
    for feature, weight in _weighted(text):
        found[feature] = found.get(feature, 0.0) + weight
    return found


def _weighted(text: str) -> Iterator[tuple[str, float]]:
    words = re.findall(r"[^\W_]+", text.lower())
    for word in words:
        yield word, 1.0
        padded = f" {word} "
        for length in GROUPS:
            for at in range(len(padded) - length + 1):
                yield f"#{padded[at : at + length]}", GROUP_WEIGHT
    for one, two in pairwise(words):
        yield f"{one} {two}", PAIR_WEIGHT


def _vector(features: dict[str, float], index: dict[str, int], rarity: Scores) -> Scores:
    """Return a unit vector of what the slides know."""
    vector = np.zeros(len(index))
    for feature, weight in features.items():
        if (at := index.get(feature)) is not None:
            vector[at] = (1 + np.log(1 + weight)) * rarity[at]
    length = float(np.linalg.norm(vector))
    return vector / length if length else vector
