"""Spreads work over threads; torch lets go of Python's lock, so that each keeps a core busy."""

import contextlib
import queue
import threading
from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

One = TypeVar("One")
Made = TypeVar("Made")
Work = Callable[[Iterator[One], Callable[[], None]], Iterator[Made]]

PATIENCE = 0.5  # seconds without a result after which somebody's wish to cancel is looked for


class _Stop(Exception):
    """Ends the work of a thread for whose result nobody waits any more."""


def run_in_threads(work: Work[One, Made], these: Sequence[One], threads: int) -> Iterator[Made]:
    """Yield what several threads make of these, as it is finished, each with its share of torch's threads.

    `work` takes the next of these when it has room, and calls its second argument as often as it could stop: whoever
    stops asking stops the threads there.
    """
    import torch

    running = min(threads, len(these))
    if running <= 1:
        yield from work(iter(these), lambda: None)
        return
    stop, made = threading.Event(), queue.Queue[Made | BaseException | None]()
    shared, share = _SharedIterator(iter(these)), max(1, torch.get_num_threads() // running)
    for _ in range(running):
        threading.Thread(target=_run_worker, args=(work, shared, made, stop, share), daemon=True).start()
    try:
        while running:
            try:
                each = made.get(timeout=PATIENCE)
            except queue.Empty:
                continue
            if isinstance(each, BaseException):
                raise each
            if each is None:
                running -= 1
            else:
                yield each
    finally:
        stop.set()


@contextlib.contextmanager
def one_thread() -> Iterator[None]:
    """Let torch use one thread: on busy cores several wait for each other longer than small products take."""
    import torch

    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)


class _SharedIterator(Iterator[One]):
    """What several threads take from, one at a time."""

    def __init__(self, of: Iterator[One]) -> None:
        self.of, self.lock = of, threading.Lock()

    def __next__(self) -> One:
        with self.lock:
            return next(self.of)


def _run_worker(
    work: Work[One, Made],
    shared: Iterator[One],
    made: "queue.Queue[Made | BaseException | None]",
    stop: threading.Event,
    share: int,
) -> None:
    import torch

    def look() -> None:
        if stop.is_set():
            raise _Stop

    torch.set_num_threads(share)
    try:
        for each in work(shared, look):
            made.put(each)
            look()
        made.put(None)
    except _Stop:
        pass
    except BaseException as error:  # noqa: BLE001  # raised again where the result is awaited
        made.put(error)
