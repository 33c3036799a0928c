"""Spreads work over threads; torch lets go of Python's lock, so that each keeps a core busy."""

import queue
import threading
from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

One = TypeVar("One")
Made = TypeVar("Made")
Work = Callable[[Iterator[One]], Iterator[Made]]


def spread(work: Work[One, Made], these: Sequence[One], threads: int) -> Iterator[Made]:
    """Yield what several threads make of these, as it is finished, each with its share of torch's threads.

    `work` takes the next of these when it has room. Whoever stops asking stops the threads before their next step.
    """
    import torch

    running = min(threads, len(these))
    if running <= 1:
        yield from work(iter(these))
        return
    stop, made = threading.Event(), queue.Queue[Made | BaseException | None]()
    taken, share = _Shared(iter(these)), max(1, torch.get_num_threads() // running)
    for _ in range(running):
        threading.Thread(target=_run, args=(work, taken, made, stop, share), daemon=True).start()
    try:
        while running:
            each = made.get()
            if isinstance(each, BaseException):
                raise each
            if each is None:
                running -= 1
            else:
                yield each
    finally:
        stop.set()


class _Shared(Iterator[One]):
    """What several threads take from, one at a time."""

    def __init__(self, of: Iterator[One]) -> None:
        self.of, self.lock = of, threading.Lock()

    def __next__(self) -> One:
        with self.lock:
            return next(self.of)


def _run(
    work: Work[One, Made],
    taken: Iterator[One],
    made: "queue.Queue[Made | BaseException | None]",
    stop: threading.Event,
    share: int,
) -> None:
    import torch

    torch.set_num_threads(share)
    try:
        for each in work(one for one in taken if not stop.is_set()):
            made.put(each)
            if stop.is_set():
                return
        made.put(None)
    except BaseException as error:  # noqa: BLE001  # raised again where the result is awaited
        made.put(error)
