"""The thin shell around a flow: shown at the Prefect server that PREFECT_API_URL names, while it answers; else none.

Prefect shows and decides nothing. Work is done exactly once, here, whatever becomes of the server: what Prefect raises
about itself ends the showing and nothing else. Without a server Prefect is not even imported.
"""

import functools
import logging
import os
import threading
import time
from collections.abc import Callable
from contextvars import ContextVar
from typing import Any, ParamSpec, TypeVar

import httpx
from rich.console import Console

from digest.errors import Overloaded
from digest.notices import TRANSIENT

log = logging.getLogger(__name__)

P = ParamSpec("P")
T = TypeVar("T")
Wrap = Callable[[Callable[..., Any]], Callable[..., Any]]

SECONDS_TO_ANSWER = 3.0
DELAYS = (10.0, 60.0, 300.0)  # seconds before a step is tried again

# Whether a step that may soon go well waits here; a dispatcher lets others go first, and comes back to it.
waits_here: ContextVar[bool] = ContextVar("waits_here", default=True)
is_shown: ContextVar[bool] = ContextVar("is_shown", default=False)  # whether the flow at work here stands at a server


def run_flow(plain: Callable[P, T], run_name: str, *args: P.args, **kwargs: P.kwargs) -> T:
    """Return what a flow's plain function returns; it is run here, and shown as `run_name` where a server answers."""
    if not _server_answers():
        return plain(*args, **kwargs)

    def as_flow(once: Callable[..., Any]) -> Callable[..., Any]:
        from prefect import flow

        return flow(name=plain.__name__, flow_run_name=lambda: run_name)(once)

    shown = is_shown.set(True)
    try:
        return _once(as_flow, functools.partial(plain, *args, **kwargs))
    finally:
        is_shown.reset(shown)


def run_step(name: str, step: Callable[[], T]) -> T:
    """Return what a step of a flow returns, trying again where that may help; shown as a task where the flow is.

    The workspace alone decides what is current, so Prefect caches nothing. No step is held to a concurrency limit of
    Prefect's: a busy server answers 503 when asked for a slot, which nothing tries again, and the showing would end.
    """
    patient = functools.partial(_try_again, name, step)
    if not is_shown.get():
        return patient()

    def as_task(once: Callable[..., Any]) -> Callable[..., Any]:
        from prefect import task
        from prefect.cache_policies import NO_CACHE

        return task(name=name, cache_policy=NO_CACHE)(once)

    return _once(as_task, patient)


def _once(wrap: Wrap, work: Callable[[], T]) -> T:
    """Do work inside of Prefect's wrap; where Prefect fails, before or after, the work is still done once."""
    done, failed = list[T](), list[Exception]()

    def once() -> None:
        try:
            done.append(work())
        except Exception as error:
            failed.append(error)
            raise

    try:
        wrap(once)()
    except Exception as error:  # noqa: BLE001 (Prefect's own, of any kind: only the showing ends)
        if not failed:
            log.info("Prefect failed, and no longer shows this run: %s", error)
            is_shown.set(False)
            return done[0] if done else work()
    if failed:
        raise failed[0]
    return done[0]


def _try_again(name: str, step: Callable[[], T]) -> T:
    """Return what a step returns, after a wait where the machine was too busy or a disk stuttered."""
    for delay in DELAYS if waits_here.get() else ():
        try:
            return step()
        except (OSError, Overloaded) as error:
            if isinstance(error, OSError) and error.errno not in TRANSIENT:
                raise
            log.info("%s is tried again in %.0f s: %s", name, delay, error)
            time.sleep(delay)
    return step()


def _server_answers() -> bool:
    """Say whether a Prefect server is named and answers; one that does not is told of once, until it answers again."""
    api, answers = os.environ.get("PREFECT_API_URL", ""), list[bool]()
    if not api:
        return False

    def ask() -> None:
        try:
            answers.append(httpx.get(f"{api.rstrip('/')}/health", timeout=SECONDS_TO_ANSWER).is_success)
        except (httpx.HTTPError, httpx.InvalidURL):
            answers.append(False)

    asking = threading.Thread(target=ask, daemon=True)  # looking a name up has no limit of its own
    asking.start()
    asking.join(SECONDS_TO_ANSWER)
    if answers == [True]:
        _say_that_none_answers.cache_clear()
        return True
    _say_that_none_answers(api)
    return False


@functools.cache
def _say_that_none_answers(api: str) -> None:
    Console(stderr=True, soft_wrap=True, markup=False, highlight=False).print(
        f"No Prefect server answers at {api}: runs are not shown there, and everything else goes on."
    )
