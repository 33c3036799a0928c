"""A Prefect server shows runs and decides nothing: absent, silent or dying it changes no result."""

import errno
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from flows import shell
from tests.flows.servers import a_prefect_server, free_port

WORK = """
import os, sys
from flows.shell import run_flow, run_step

done = []

def draft(server, told):
    run_step("one", lambda: done.append(1))
    if server:
        os.kill(server, told)
    run_step("two", lambda: done.append(2))
    return "a draft"

print(run_flow(draft, "draft {x", int(sys.argv[1]), int(sys.argv[2])), done, "prefect" in sys.modules)
"""


def worked(tmp_path: Path, *, api: str = "", server: int = 0, told: int = 0) -> "subprocess.CompletedProcess[str]":
    """Run a flow of two steps in a process of its own; between them the server, if any, is sent a signal."""
    known = {name: value for name, value in os.environ.items() if not name.startswith("PREFECT_")}
    own = {"PREFECT_HOME": str(tmp_path / "prefect"), "PREFECT_API_REQUEST_TIMEOUT": "2"}
    named = {"PREFECT_API_URL": api} if api else {}
    return subprocess.run(
        [sys.executable, "-c", WORK, str(server), str(told)],
        env={**known, **own, **named},
        capture_output=True,
        text=True,
        check=False,
    )


def test_without_a_server_nothing_of_prefect_is_loaded(tmp_path: Path) -> None:
    """The work is done here and at once."""
    ended = worked(tmp_path)

    assert (ended.stdout, ended.stderr) == ("a draft [1, 2] False\n", "")


def test_a_server_that_is_not_there_is_named_and_the_run_goes_on(tmp_path: Path) -> None:
    """One line says that no run is shown."""
    api = f"http://127.0.0.1:{free_port()}/api"

    ended = worked(tmp_path, api=api)

    assert ended.stdout == "a draft [1, 2] False\n"
    assert ended.stderr.splitlines() == [
        f"No Prefect server answers at {api}: runs are not shown there, and everything else goes on."
    ]


def test_a_server_that_never_answers_is_told_of_once(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """It takes the connection and says nothing; three runs are made, and one line is printed."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        monkeypatch.setenv("PREFECT_API_URL", f"http://127.0.0.1:{silent.getsockname()[1]}/api")
        monkeypatch.setattr(shell, "SECONDS_TO_ANSWER", 0.2)

        made = [shell.run_flow(str, "a run", number) for number in range(3)]

    assert made == ["0", "1", "2"]
    assert capsys.readouterr().err.count("No Prefect server answers") == 1


@pytest.mark.parametrize("told", [signal.SIGKILL, pytest.param(signal.SIGSTOP, marks=pytest.mark.chaos)])
def test_a_server_that_dies_or_hangs_meanwhile_loses_no_step(told: int, tmp_path: Path) -> None:
    """Each step is done exactly once, and the flow returns what it made."""
    with a_prefect_server(tmp_path / "server") as (api, server):
        ended = worked(tmp_path, api=api, server=server.pid, told=told)

    assert ended.stdout == "a draft [1, 2] True\n", ended.stderr
    assert ended.returncode == 0


def test_a_disk_that_stutters_is_tried_again_and_a_wrong_drop_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    """What may pass is tried three times more, each after a longer wait; what cannot pass fails at once."""
    waited, tries = list[float](), list[OSError]()
    monkeypatch.setattr("time.sleep", waited.append)

    def fail(number: int) -> None:
        tries.append(OSError(number, "no"))
        raise tries[-1]

    with pytest.raises(OSError, match="no"):
        shell.run_step("copy", lambda: fail(errno.EIO))
    assert len(tries) == 1 + len(shell.DELAYS)
    with pytest.raises(OSError, match="no"):
        shell.run_step("copy", lambda: fail(errno.EACCES))
    assert len(tries) == 2 + len(shell.DELAYS)

    assert waited == sorted(waited)
    assert len(waited) == 3
