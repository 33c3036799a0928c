"""Turns of one speaker are one turn, and nobody begins before the one before has ended."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.diarization.turns import merge_turns, without_overlap
from digest.model.speech import Turn


def turns_of(*said: tuple[float, float, str]) -> list[Turn]:
    """Return turns of (start, end, speaker)."""
    return [Turn(start=start, end=end, speaker=speaker) for start, end, speaker in said]


@pytest.mark.parametrize(("pause", "count"), [(1.5, 1), (1.6, 2)])
def test_a_short_pause_does_not_end_a_turn(pause: float, count: int) -> None:
    """Who pauses for as long as is allowed has one turn, who pauses for longer has two."""
    said = turns_of((0, 2, "s1"), (2 + pause, 5, "s1"))

    assert len(list(merge_turns(said, max_gap=1.5))) == count


def test_somebody_in_between_parts_turns() -> None:
    """An interjection, however short, is a turn of its own."""
    said = turns_of((0, 2, "s1"), (2, 2.3, "s2"), (2.4, 4, "s1"), (4.1, 4.2, "s1"))

    assert list(merge_turns(said, max_gap=1.5)) == turns_of((0, 2, "s1"), (2, 2.3, "s2"), (2.4, 4.2, "s1"))


@given(st.lists(st.tuples(st.floats(0, 3), st.floats(0, 3), st.sampled_from(["s1", "s2"])), max_size=20))
def test_turns_without_overlap_stay_so_when_merged(steps: list[tuple[float, float, str]]) -> None:
    """Whatever overlaps, the turns are in order, none ends before it begins, and all that was spoken is covered."""
    said, at = list[Turn](), 0.0
    for gap, length, speaker in steps:
        at += gap
        said.append(Turn(start=at, end=at + length, speaker=speaker))

    found = list(merge_turns(without_overlap(said), max_gap=1.5))

    assert all(one.end <= two.start for one, two in pairwise(found))
    assert all(turn.start <= turn.end for turn in found)
    assert all(
        any(turn.start <= middle <= turn.end for turn in found) for middle in [(s.start + s.end) / 2 for s in said]
    )
