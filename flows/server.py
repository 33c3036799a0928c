"""Prefect's temporary server, started where PREFECT_API_URL names none: it ends with the run, even a killed one.

Prefect ends it only at a regular exit; after kill -9 it would listen on loopback, without a password, for ever. The
class has no hook for this (3.8.8, prefect/server/api/server.py), so its own method is wrapped.
"""

import subprocess
from typing import Any

from prefect.server.api.server import SubprocessASGIServer

from digest import sandbox

_started = SubprocessASGIServer._run_uvicorn_command  # noqa: SLF001


def _run_uvicorn_command(self: SubprocessASGIServer) -> "subprocess.Popen[Any]":
    process = _started(self)
    sandbox.end_with_us(process.pid)
    return process


def end_with_us() -> None:
    """See to it that no temporary server outlives this process."""
    SubprocessASGIServer._run_uvicorn_command = _run_uvicorn_command  # type: ignore[method-assign]  # noqa: SLF001
