"""The likeliest path: moves that pay, and probabilities."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from digest.alignment.viterbi import SEEN, SPOKEN, Costs, decode_path

SILENCE = np.zeros


@settings(max_examples=50, deadline=None)
@given(arrays(np.float64, st.tuples(st.integers(1, 12), st.integers(2, 6)), elements=st.floats(-50, 50)))
def test_every_row_has_a_state_and_chances_that_add_up(nats: np.ndarray[tuple[int, int], np.dtype[np.float64]]) -> None:
    """Whatever speaks for what, one state a row and probabilities that sum to 1."""
    for costs in (SPOKEN, SEEN):
        path, sure = decode_path(nats, SILENCE(len(nats)), costs)

        assert ((path >= 0) & (path < nats.shape[1])).all()
        assert np.allclose(sure.sum(axis=1), 1)
        assert ((sure >= 0) & (sure <= 1)).all()


@pytest.mark.parametrize("costs", [SPOKEN, SEEN])
def test_a_moment_is_not_a_change(costs: Costs) -> None:
    """A single weak hint of another slide does not turn the page; a strong one does."""
    for hint, expected in ((1.0, [0, 0, 0]), (40.0, [0, 1, 0])):
        nats = np.array([[9.0, 0, 0], [0, hint, 0], [9.0, 0, 0]])

        path, _ = decode_path(nats, SILENCE(3), costs)

        assert path.tolist() == expected


def test_a_picture_jumps_where_a_speaker_does_not() -> None:
    """From slide 1 to 9 and back is nothing for a picture, and nearly unthinkable for speech."""
    nats = np.zeros((3, 10))
    nats[[0, 1, 2], [0, 8, 0]] = 9

    assert decode_path(nats, SILENCE(3), SEEN)[0].tolist() == [0, 8, 0]
    assert decode_path(nats, SILENCE(3), SPOKEN)[0].tolist() == [0, 0, 0]


def test_a_pause_makes_a_change_cheaper() -> None:
    """What is not enough in one breath is enough after one."""
    nats = np.array([[3.0, 0, 0], [0, 0.7, 0]])

    assert decode_path(nats, np.array([0.0, 0.0]), SPOKEN)[0].tolist() == [0, 0]
    assert decode_path(nats, np.array([0.0, 2.0]), SPOKEN)[0].tolist() == [0, 1]
