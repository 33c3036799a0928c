"""Work spread over threads comes back whole, and stops when nobody waits for it."""

import time
from collections.abc import Iterator

import pytest

from digest.speech.threads import spread


def slow(these: Iterator[int]) -> Iterator[int]:
    """Yield the double of each, after a while."""
    for one in these:
        time.sleep(0.002)
        yield 2 * one


@pytest.mark.parametrize("threads", [1, 2, 5])
def test_everything_comes_back_once(threads: int) -> None:
    """However many threads: each result once."""
    assert sorted(spread(slow, range(40), threads)) == [2 * at for at in range(40)]


def test_an_error_in_a_thread_is_raised_where_it_is_awaited() -> None:
    """A thread that fails does not fail in silence."""

    def failing(these: Iterator[int]) -> Iterator[int]:
        for one in these:
            if one == 3:
                raise ValueError("three")
            yield one

    with pytest.raises(ValueError, match="three"):
        list(spread(failing, range(10), 2))


def test_whoever_stops_asking_stops_the_threads() -> None:
    """Cancelled: no thread begins another window."""
    begun = list[int]()

    def counted(these: Iterator[int]) -> Iterator[int]:
        for one in these:
            begun.append(one)
            time.sleep(0.01)
            yield one

    made = spread(counted, range(1000), 2)
    next(made)
    made.close()  # type: ignore[attr-defined]
    time.sleep(0.1)

    assert len(begun) < 20
