"""The queue, the leases and the last decisions."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path

import pytest

from digest.errors import Busy, MissingTool
from digest.ledger import Ledger
from digest.model.edition import Decision
from digest.settings import Settings
from digest.workspace import append, write_atomically

POSTGRESQL = Path("/usr/lib/postgresql/15/bin")


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Return settings whose folders are the test's own."""
    return Settings(workspaces=tmp_path / "workspaces", state=tmp_path / "state")


def decide(settings: Settings, slug: str, *kinds: str, edition: str = "e1") -> None:
    """Write decisions into a workspace as approval does."""
    write_atomically(settings.workspaces / slug / "provenance.json", b"{}")
    for number, kind in enumerate(kinds):
        append(
            settings.workspaces / slug / "decisions.jsonl",
            lambda line, kind=kind: Decision(  # type: ignore[misc]
                number=line, at=datetime(2016, 11, 24, tzinfo=UTC), by="Ada", kind=kind, edition=edition
            ),
            expected=number,
        )


def test_what_is_asked_first_is_taken_first(settings: Settings) -> None:
    """Requests are worked off in order, and each once."""
    ledger = Ledger(settings)
    ledger.ask("publish", slug="norms", edition="e1", by="Ada")
    ledger.ask("draft", folder="/inbox/b", by="inbox")

    taken = [ledger.take(), ledger.take(), ledger.take()]

    assert [(row.kind, row.state, row.tries) if row else None for row in taken] == [
        ("publish", "running", 1),
        ("draft", "running", 1),
        None,
    ]


def test_a_wish_that_waits_is_not_put_twice(settings: Settings) -> None:
    """Pressing the button again while it waits asks for nothing more."""
    ledger = Ledger(settings)

    first = ledger.ask("publish", slug="norms", edition="e1", by="Ada")
    again = ledger.ask("publish", slug="norms", edition="e1", by="Ben")

    assert again.id == first.id


def test_what_became_of_a_request_is_told(settings: Settings) -> None:
    """The newest row of a webinar says in words what became of it."""
    ledger = Ledger(settings)
    ledger.ask("publish", slug="norms", edition="e1", by="Ada")
    taken = ledger.take()
    assert taken

    ledger.finish(taken, "failed", "The disk is full.")

    last = ledger.last("norms")
    assert last
    assert (last.state, last.said) == ("failed", "The disk is full.")
    assert ledger.requests() == (last,)


def test_a_dead_dispatchers_row_is_taken_up_three_times(settings: Settings) -> None:
    """A request whose runs die again and again is given up, and says so."""
    ledger = Ledger(settings)
    ledger.ask("draft", folder="/inbox/poison", by="inbox")

    tries = 0
    while ledger.take():
        tries += 1
        ledger.resume("draft")

    assert tries == 3
    last = ledger.last_of_folder("/inbox/poison")
    assert last
    assert last.state == "failed"
    assert "broken off 3 times" in (last.said or "")


def test_many_hands_take_each_row_once(settings: Settings) -> None:
    """Dispatchers beside one another never run the same request."""
    ledger = Ledger(settings)
    for number in range(30):
        ledger.ask("draft", folder=f"/inbox/{number}", by="inbox")
    taken: list[int] = []

    def work() -> None:
        own = Ledger(settings)
        while row := own.take():
            taken.append(row.id)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(taken) == list(range(1, 31))


def test_two_at_one_thing_and_the_second_is_told(settings: Settings) -> None:
    """A lease is held by one at a time, and free again afterwards."""
    ledger = Ledger(settings)

    with (
        ledger.lease("drop", busy="This drop is being worked on."),
        pytest.raises(Busy, match="This drop is being worked on"),
        Ledger(settings).lease("drop", busy="This drop is being worked on."),
    ):
        pass

    assert not ledger.is_held("drop")
    with ledger.lease("drop", busy="no"):
        assert ledger.is_held("drop")


def test_the_lease_of_a_killed_run_is_free_at_once(settings: Settings) -> None:
    """After kill -9 nobody waits for a lease to run out."""
    program = (
        "import sys, time; from pathlib import Path\n"
        "from digest.ledger import Ledger; from digest.settings import Settings\n"
        "held = Ledger(Settings(state=Path(sys.argv[1]))).lease('drop', busy='no'); held.__enter__()\n"
        "print('held', flush=True); time.sleep(60)"
    )
    child = subprocess.Popen([sys.executable, "-c", program, settings.state], stdout=subprocess.PIPE)
    assert child.stdout
    assert child.stdout.readline() == b"held\n"
    ledger = Ledger(settings)
    assert ledger.is_held("drop")

    child.send_signal(signal.SIGKILL)
    child.wait()

    with ledger.lease("drop", busy="no"):
        assert ledger.is_held("drop")


def test_another_machines_lease_is_free_when_it_fell_silent(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of another machine nobody can see whether it lives: its lease holds until it has run out."""
    ledger = Ledger(settings)
    monkeypatch.setattr(socket, "gethostname", lambda: "elsewhere")
    ledger._hold("drop", "h1", "no")
    monkeypatch.undo()

    assert ledger.is_held("drop")
    monkeypatch.setattr(time, "time", lambda now=time.time: now() + 61)

    assert not ledger.is_held("drop")


def test_the_ledger_is_made_again_from_the_files(settings: Settings) -> None:
    """Deleting the ledger loses nothing that was decided: it is read from decisions.jsonl, past a damaged one."""
    decide(settings, "norms", "approved", "published")
    decide(settings, "gender", "approved", edition="e7")
    decide(settings, "broken", "approved")
    with (settings.workspaces / "broken" / "decisions.jsonl").open("ab") as file:
        file.write(b"<<<<<<< conflict\n")
    Ledger(settings).catch_up()
    shutil.rmtree(settings.state)

    after = Ledger(settings)
    after.catch_up()

    assert {slug: (last.kind, last.edition) for slug, last in after.decided().items()} == {
        "norms": ("published", "e1"),
        "gender": ("approved", "e7"),
    }
    asked = after.take()
    assert asked
    assert (asked.kind, asked.slug, asked.edition) == ("publish", "gender", "e7")


def test_an_approval_that_a_crash_kept_out_of_the_queue_is_asked_for_once(settings: Settings) -> None:
    """What is written in decisions.jsonl is published, though the program died before asking for it."""
    decide(settings, "norms", "approved")
    ledger = Ledger(settings)

    ledger.catch_up()
    ledger.catch_up()

    asked = ledger.take()
    assert asked
    assert asked.slug == "norms"
    assert ledger.take() is None
    ledger.finish(asked, "failed", "The disk is full.")
    ledger.catch_up()
    assert ledger.take() is None


def test_a_damaged_ledger_says_what_to_do(settings: Settings) -> None:
    """A ledger that is no database is named, and that it may be deleted."""
    settings.state.mkdir()
    (settings.state / "ledger.sqlite").write_bytes(b"no database at all" * 100)

    with pytest.raises(MissingTool, match=r"ledger\.sqlite: .* delete a damaged ledger"):
        Ledger(settings)


def test_an_unknown_database_is_refused_in_words() -> None:
    """A ledger URL with a typing mistake is an error of the settings, not a trace."""
    with pytest.raises(MissingTool, match="not a database that can be used here"):
        Ledger(Settings(ledger="postgrse://nobody"))


@pytest.fixture
def postgresql(tmp_path: Path) -> Iterator[str]:
    """Start a PostgreSQL server of the test's own and yield its URL."""
    if not POSTGRESQL.is_dir() or not find_spec("pg8000"):
        pytest.skip("no PostgreSQL 15 server or no pg8000 here")
    as_user = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--"] if os.geteuid() == 0 else []
    folder = Path(f"/tmp/pg-{os.getpid()}")  # noqa: S108 (a socket's path must be short, and nobody's)
    folder.mkdir(mode=0o777)
    folder.chmod(0o777)
    try:
        subprocess.run(
            [*as_user, str(POSTGRESQL / "initdb"), "-D", str(folder / "data"), "-U", "digest", "-A", "trust"],
            check=True,
        )
        options = f"-k {folder} -c listen_addresses='' -c fsync=off"
        start = [*as_user, str(POSTGRESQL / "pg_ctl"), "-D", str(folder / "data"), "-w", "-o", options]
        subprocess.run([*start, "-l", str(folder / "log"), "start"], check=True)
        yield f"postgresql+pg8000://digest@/postgres?unix_sock={folder}/.s.PGSQL.5432"
        subprocess.run([*start, "-m", "fast", "stop"], check=True)
    finally:
        shutil.rmtree(folder)


def test_the_ledger_works_in_postgresql(settings: Settings, postgresql: str) -> None:
    """An organisation may keep the ledger in its PostgreSQL."""
    decide(settings, "norms", "approved")
    ledger = Ledger(settings.model_copy(update={"ledger": postgresql}))

    ledger.catch_up()
    with (
        ledger.lease("drop", busy="busy"),
        pytest.raises(Busy),
        ledger.lease("drop", busy="busy"),
    ):
        pass

    taken = ledger.take()
    assert taken
    assert taken.slug == "norms"
    assert ledger.take() is None
    assert not ledger.is_held("drop")
