"""How far a slide that is known by speech is to be trusted."""

import numpy as np

from digest.alignment.trust import chance, witnesses


def test_stretches_that_agree_are_trusted_more() -> None:
    """Of two intervals that the path is as sure of, the one whose stretches each fit their slide best is surer."""
    sure = np.array([[0.9, 0.1], [0.9, 0.1]])
    agreeing, passing_by = np.array([[2.0, 0], [1.0, 0]]), np.array([[2.0, 0], [0, 1.0]])

    surer, less_sure = (chance(witnesses(nats, sure, 0)) for nats in (agreeing, passing_by))

    assert 0.5 < less_sure < surer < 1


def test_a_path_that_is_less_sure_is_trusted_less() -> None:
    """Probabilities of 0 and 1 give a chance too."""
    nats = np.array([[2.0, 0]])

    chances = [chance(witnesses(nats, np.array([[sure, 1 - sure]]), 0)) for sure in (0.0, 0.5, 1.0)]

    assert 0 < chances[0] < chances[1] < chances[2] < 1
