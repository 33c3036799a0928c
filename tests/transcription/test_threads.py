"""Work spread over threads comes back whole, and stops when nobody waits for it."""

import threading
import time
from collections.abc import Callable, Iterator

import pytest

from digest.transcription.threads import run_in_threads


def slow(these: Iterator[int], _: Callable[[], None]) -> Iterator[int]:
    """Yield the double of each, after a while."""
    for one in these:
        time.sleep(0.002)
        yield 2 * one


@pytest.mark.parametrize("threads", [1, 2, 5])
def test_everything_comes_back_once(threads: int) -> None:
    """However many threads: each result once."""
    assert sorted(run_in_threads(slow, range(40), threads)) == [2 * at for at in range(40)]


def test_an_error_in_a_thread_is_raised_where_it_is_awaited() -> None:
    """A thread that fails does not fail in silence."""

    def failing(these: Iterator[int], _: Callable[[], None]) -> Iterator[int]:
        for one in these:
            if one == 3:
                raise ValueError("three")
            yield one

    with pytest.raises(ValueError, match="three"):
        list(run_in_threads(failing, range(10), 2))


def test_whoever_stops_asking_stops_the_threads() -> None:
    """Cancelled: each thread ends the next time that it looks, though what it is at would never end."""
    looks = list[int]()

    def endless(these: Iterator[int], look: Callable[[], None]) -> Iterator[int]:
        for one in these:
            while one or not looks:
                looks.append(one)
                look()
                time.sleep(0.01)
            yield one

    others = set(threading.enumerate())
    made = run_in_threads(endless, range(10), 3)
    next(made)
    threads = set(threading.enumerate()) - others
    assert len(threads) == 3
    made.close()  # type: ignore[attr-defined]
    closed = len(looks)
    for thread in threads:
        thread.join(timeout=10)

    assert not [thread for thread in threads if thread.is_alive()]
    assert len(looks) - closed <= 3
