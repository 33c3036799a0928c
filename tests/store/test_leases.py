"""Who is at what."""

import shutil
import signal
import subprocess
import sys
import time

import pytest

from digest.errors import Busy
from digest.settings import Settings
from digest.store.leases import TABLES, Leases

HOLDING = (
    "import sys; from pathlib import Path\n"
    "from digest.store.leases import Leases; from digest.settings import Settings\n"
    "held = Leases(Settings(state=Path(sys.argv[1]))).hold('drop', busy='no'); held.__enter__()\n"
    "print('held', flush=True); sys.stdin.readline()"
)


def test_two_at_one_thing_and_the_second_is_told(settings: Settings) -> None:
    """A lease is held by one at a time, and free again afterwards."""
    leases = Leases(settings)

    with (
        leases.hold("drop", busy="This drop is being worked on."),
        pytest.raises(Busy, match="This drop is being worked on"),
        Leases(settings).hold("drop", busy="This drop is being worked on."),
    ):
        pass

    assert not leases.is_held("drop")
    with leases.hold("drop", busy="no"):
        assert leases.is_held("drop")


def test_the_lease_of_a_killed_run_is_free_at_once(settings: Settings) -> None:
    """After kill -9 nobody waits for a lease to run out."""
    program = (
        "import sys, time; from pathlib import Path\n"
        "from digest.store.leases import Leases; from digest.settings import Settings\n"
        "held = Leases(Settings(state=Path(sys.argv[1]))).hold('drop', busy='no'); held.__enter__()\n"
        "print('held', flush=True); time.sleep(60)"
    )
    child = subprocess.Popen([sys.executable, "-c", program, settings.state], stdout=subprocess.PIPE)
    assert child.stdout
    assert child.stdout.readline() == b"held\n"
    leases = Leases(settings)
    assert leases.is_held("drop")

    child.send_signal(signal.SIGKILL)
    child.wait()

    with leases.hold("drop", busy="no"):
        assert leases.is_held("drop")


def test_another_machines_lease_is_free_when_it_fell_silent(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of another machine nobody can see whether it lives: its lease holds until it has run out."""
    leases = Leases(settings)
    monkeypatch.setattr("digest.store.leases._here", lambda: "elsewhere")
    leases._acquire("drop", "h1", "no")
    monkeypatch.undo()

    assert leases.is_held("drop")
    monkeypatch.setattr(time, "time", lambda now=time.time: now() + 61)

    assert not leases.is_held("drop")


def test_a_container_of_the_same_name_keeps_its_lease(settings: Settings) -> None:
    """Of a process in a container nobody outside can say whether it lives: its number means another one here."""
    unshared = ["unshare", "--map-root-user", "--pid", "--fork", "--mount-proc"]
    if not shutil.which("unshare") or subprocess.run([*unshared, "true"], capture_output=True, check=False).returncode:
        pytest.skip("no process namespaces here: leases were not tried across containers")
    child = subprocess.Popen(
        [*unshared, sys.executable, "-c", HOLDING, settings.state], stdout=subprocess.PIPE, stdin=subprocess.PIPE
    )
    assert child.stdout
    assert child.stdout.readline() == b"held\n"

    with pytest.raises(Busy, match="busy"), Leases(settings).hold("drop", busy="busy"):
        pass

    child.communicate(b"end\n")


def test_a_ledger_that_was_deleted_is_made_again(settings: Settings) -> None:
    """The operator may delete the ledger while the program runs: it goes on with a new one."""
    leases = Leases(settings)
    with leases.hold("drop", busy="no"):
        pass
    shutil.rmtree(settings.state)
    settings.state.mkdir()

    with leases.hold("drop", busy="no"):
        assert leases.is_held("drop")


def test_a_ledger_is_opened_once(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """The inbox looks every three seconds: tables are not looked for each time."""
    made = list[object]()
    create_all = TABLES.create_all
    monkeypatch.setattr(TABLES, "create_all", lambda connection: made.append(create_all(connection)))

    for _ in range(5):
        Leases(settings).is_held("drop")

    assert len(made) <= 2  # the file, and that it is there
