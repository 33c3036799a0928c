"""Which stretches are one voice: vectors in, a number for each out; how many voices there are is found out.

Average linkage on cosine distance, by chains of nearest neighbours (Murtagh 1983), which gives the same tree as joining
the two nearest again and again, in quadratic time.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Vectors = npt.NDArray[np.float32]
Labels = npt.NDArray[np.int64]


def cluster(vectors: Vectors, *, apart: float) -> Labels:
    """Return a label for each vector; voices whose mean cosine distance is above `apart` stay apart.

    Labels count from 0 in the order of first appearance.
    """
    parent = list(range(len(vectors)))
    for one, other, distance in _merges(vectors):
        if distance <= apart:
            parent[_root(parent, other)] = _root(parent, one)
    return renumber([_root(parent, at) for at in range(len(vectors))])


def renumber(labels: Sequence[int] | Labels) -> Labels:
    """Return the labels counted from 0 in the order of first appearance."""
    seen: dict[int, int] = {}
    return np.array([seen.setdefault(int(label), len(seen)) for label in labels], np.int64)


def centroids(vectors: Vectors, labels: Labels, weights: npt.NDArray[np.float64]) -> Vectors:
    """Return the mean vector of each label, of length 1, stretches weighted."""
    sums = np.zeros((labels.max() + 1, vectors.shape[1]), np.float64)
    np.add.at(sums, labels, vectors * weights[:, None])
    length = np.linalg.norm(sums, axis=1, keepdims=True)
    means: Vectors = (sums / np.maximum(length, 1e-9)).astype(np.float32)
    return means


def _merges(vectors: Vectors) -> list[tuple[int, int, float]]:
    """Return all merges of the tree, each as two members of the clusters and their distance, nearest first."""
    distance = 1 - vectors @ vectors.T
    np.fill_diagonal(distance, np.inf)
    size = np.ones(len(vectors))
    alive = set(range(len(vectors)))
    found = list[tuple[int, int, float]]()
    chain = list[int]()
    while len(alive) > 1:
        if not chain:
            chain.append(min(alive))
        one = chain[-1]
        other = int(distance[one].argmin())
        if len(chain) > 1 and distance[one, chain[-2]] <= distance[one, other]:
            other = chain[-2]
            del chain[-2:]
            found.append((one, other, float(distance[one, other])))
            row = (size[one] * distance[one] + size[other] * distance[other]) / (size[one] + size[other])
            distance[one], distance[:, one] = row, row
            distance[other], distance[:, other] = np.inf, np.inf
            distance[one, one] = np.inf
            size[one] += size[other]
            alive.remove(other)
        else:
            chain.append(other)
    return sorted(found, key=lambda merge: merge[2])


def _root(parent: list[int], at: int) -> int:
    while parent[at] != at:
        parent[at] = parent[parent[at]]
        at = parent[at]
    return at
