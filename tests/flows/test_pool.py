"""Workers on several machines: a row is worked once, lost holders are replaced, what a stale one says is refused."""

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from digest.settings import Settings, WorkSettings
from digest.store.queue import Queue, Request
from flows import dispatch
from flows.pool import Pool
from tests.flows.servers import a_prefect_server
from tests.flows.test_inbox import until

HOLDING = (
    "import sys, time; from digest.settings import load; from digest.store.queue import Queue\n"
    "queue = Queue(load()); row = queue.take(); print(row.id, flush=True)\n"
    "while True: queue.beat(row); time.sleep(0.1)"
)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Return settings with a work pool, whose folders are the test's own; workers read them from digest.toml."""
    names = ("workspaces", "public", "inbox", "state")
    lines = [*(f'{name} = "{tmp_path / name}"' for name in names), "[work]", 'pool = "test"']
    (tmp_path / "digest.toml").write_text("\n".join(lines), encoding="utf-8")
    folders = {name: tmp_path / name for name in names}
    return Settings(**folders, work=WorkSettings(pool="test"))  # type: ignore[arg-type]


def test_a_holder_that_fell_silent_is_replaced_and_its_words_do_not_count(settings: Settings, tmp_path: Path) -> None:
    """A worker is pulled: while it beats its row stays, then another one gets it; back again, it changes nothing."""
    queue, pool = Queue(settings), Pool(settings, silent=1.0)
    row = queue.ask("draft", folder="/inbox/norms", by="inbox")
    child = subprocess.Popen([sys.executable, "-c", HOLDING], cwd=tmp_path, stdout=subprocess.PIPE)
    assert child.stdout
    assert child.stdout.readline()
    first = queue.row(row)

    def look() -> str:
        pool.hand_out(["draft"], queue, lambda _: False)
        return queue.row(row).state

    until(lambda: look() == "running" and queue.row(row).beats > first.beats + 15)
    child.send_signal(signal.SIGKILL)
    child.wait()
    until(lambda: look() == "waiting")
    second = queue.take()

    assert second
    assert (second.token, second.tries) == (first.token + 1, 2)
    assert not queue.beat(first)
    assert not queue.finish(first, "done", "a stale holder's")
    assert not queue.put_back(first, "a stale holder's")
    queue.give_back(first)
    assert (queue.row(row).state, queue.row(row).said) == ("running", None)
    assert queue.finish(second, "done", "ready")
    assert queue.row(row).said == "ready"


def test_a_server_that_does_not_answer_leaves_rows_waiting(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is begun here instead, and nothing is lost; a paused row is not even asked for."""
    monkeypatch.setenv("PREFECT_API_URL", "http://127.0.0.1:9/api")
    queue = Queue(settings)
    row = queue.ask("draft", folder="/inbox/norms", by="inbox")

    Pool(settings).hand_out(["draft"], queue, lambda _: True)

    assert queue.row(row) == row
    assert dispatch.next_due("drafts", queue, settings, dispatch.utc_now()) is None
    announced = queue.ask("announce", folder="/inbox/later", by="inbox")
    assert dispatch.next_due("publications", queue, settings, dispatch.utc_now()) == announced


@contextlib.contextmanager
def a_worker(folder: Path, known: dict[str, str], name: str) -> Iterator["subprocess.Popen[bytes]"]:
    """Start a worker of the pool, as on a machine of its own."""
    starting = [sys.executable, "-m", "prefect", "worker", "start", "--pool", "test", "--limit", "1", "--name", name]
    with (folder / f"{name}.log").open("wb") as log:
        worker = subprocess.Popen(starting, cwd=folder, env=known, stdout=log, stderr=log, start_new_session=True)
    try:
        yield worker
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(worker.pid, signal.SIGKILL)
        worker.wait()


@pytest.mark.long
def test_workers_take_each_row_once(settings: Settings, tmp_path: Path) -> None:
    """A Prefect server, two workers, four rows: each row is begun once, by whichever worker came first."""
    with a_prefect_server(tmp_path / "server") as (api, _):
        own = {"PREFECT_API_URL": api, "PREFECT_HOME": str(tmp_path / "prefect"), "PREFECT_WORKER_QUERY_SECONDS": "1"}
        known = {**os.environ, **own, "PYTHONPATH": str(Path(__file__).parents[2])}
        deploying = "from digest.cli import main; main(['deploy'])"
        subprocess.run([sys.executable, "-c", deploying], cwd=tmp_path, env=known, check=True)
        queue = Queue(settings)

        def ask(number: int) -> Request:
            (settings.inbox / f"poison {number}").mkdir(parents=True)
            return queue.ask("draft", folder=str(settings.inbox / f"poison {number}"), by="inbox")

        def are_done() -> bool:
            return all(queue.row(row).state == "failed" for row in rows)

        rows = [ask(number) for number in range(4)]
        with a_worker(tmp_path, known, "one"), a_worker(tmp_path, known, "two"):
            dispatcher = subprocess.Popen([sys.executable, "-c", DISPATCHING], cwd=tmp_path, env=known)
            try:
                until(are_done, seconds=500)
            finally:
                dispatcher.kill()
                dispatcher.wait()

    assert [queue.row(row).token for row in rows] == [1] * 4
    assert all("no recording in the folder" in (queue.row(row).said or "") for row in rows)


DISPATCHING = (
    "import threading; from digest.settings import load; from flows.dispatch import dispatch\n"
    "dispatch('drafts', load(), threading.Event(), every=0.5)"
)
