"""Prefect servers, on loopback, for a test."""

import contextlib
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx


@contextlib.contextmanager
def a_prefect_server(home: Path) -> Iterator[tuple[str, "subprocess.Popen[bytes]"]]:
    """Yield the API address of a Prefect server on loopback, and its process."""
    port = str(free_port())
    own = {"PREFECT_HOME": str(home), "DO_NOT_TRACK": "1", "PREFECT_SERVER_ANALYTICS_ENABLED": "false"}
    app = ["--factory", "prefect.server.api.server:create_app", "--host", "127.0.0.1", "--port", port]
    server = subprocess.Popen(
        [sys.executable, "-m", "uvicorn", *app, "--log-level", "error"], env={**os.environ, **own}
    )
    try:
        api = f"http://127.0.0.1:{port}/api"
        wait_for(f"{api}/health")
        yield api, server
    finally:
        server.kill()
        server.wait()


def free_port() -> int:
    """Return a port at which nobody listens."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def wait_for(address: str) -> None:
    """Wait until something answers there; the limit ends a hang and judges no speed."""
    for _ in range(3000):
        with contextlib.suppress(httpx.TransportError):
            if httpx.get(address).is_success:
                return
        time.sleep(0.1)
    raise AssertionError(address)


def shown_at(api: str, kind: str, is_whole: Callable[[list[dict[str, Any]]], bool]) -> list[dict[str, Any]]:
    """Return what a Prefect server knows of `flow_runs`, `task_runs` or `artifacts`, once that is whole.

    A server hears of the last ones a while after they ended; the limit ends a hang, and what is there then is returned.
    """
    for _ in range(600):
        known: list[dict[str, Any]] = httpx.post(f"{api}/{kind}/filter", json={}).json()
        if is_whole(known):
            break
        time.sleep(0.1)
    return known


def tasks_at(api: str, wanted: set[str]) -> set[str]:
    """Return the names of the tasks that a Prefect server knows, once these are among them."""

    def names(shown: list[dict[str, Any]]) -> set[str]:
        return {task["name"].rpartition("-")[0] or task["name"] for task in shown}

    return names(shown_at(api, "task_runs", lambda shown: names(shown) >= wanted))
