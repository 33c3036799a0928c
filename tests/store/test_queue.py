"""The queue: what is asked for, by whom, and what became of it."""

import shutil
import threading
from datetime import UTC, datetime

import pytest

from digest.errors import Busy, MissingTool
from digest.model.edition import Decision
from digest.settings import Settings
from digest.store.files import write_atomically
from digest.store.journal import append
from digest.store.leases import Leases
from digest.store.queue import Queue


def decide(settings: Settings, slug: str, *kinds: str, edition: str = "e1") -> None:
    """Write decisions into a workspace as approval does."""
    write_atomically(settings.workspaces / slug / "provenance.json", b"{}")
    for kind in kinds:
        append(
            settings.workspaces / slug / "decisions.jsonl",
            Decision,
            lambda lines, kind=kind: Decision(  # type: ignore[misc]
                number=len(lines) + 1, at=datetime(2016, 11, 24, tzinfo=UTC), by="Ada", kind=kind, edition=edition
            ),
        )


def test_what_is_asked_first_is_taken_first(settings: Settings) -> None:
    """Requests are worked off in order, and each once."""
    queue = Queue(settings)
    queue.ask("publish", slug="norms", edition="e1", by="Ada")
    queue.ask("draft", folder="/inbox/b", by="inbox")

    taken = [queue.take(), queue.take(), queue.take()]

    assert [(row.kind, row.state, row.tries) if row else None for row in taken] == [
        ("publish", "running", 1),
        ("draft", "running", 1),
        None,
    ]


def test_a_wish_that_waits_is_not_put_twice(settings: Settings) -> None:
    """Pressing the button again while it waits asks for nothing more."""
    queue = Queue(settings)

    first = queue.ask("publish", slug="norms", edition="e1", by="Ada")
    again = queue.ask("publish", slug="norms", edition="e1", by="Ben")

    assert again.id == first.id


def test_what_became_of_a_request_is_told(settings: Settings) -> None:
    """The newest row of a webinar says in words what became of it."""
    queue = Queue(settings)
    queue.ask("publish", slug="norms", edition="e1", by="Ada")
    taken = queue.take()
    assert taken

    queue.finish(taken, "failed", "The disk is full.")

    last = queue.last("norms")
    assert last
    assert (last.state, last.said) == ("failed", "The disk is full.")
    assert queue.requests() == (last,)


def test_a_dead_dispatchers_row_is_taken_up_three_times(settings: Settings) -> None:
    """A request whose runs die again and again is given up, and says so."""
    queue = Queue(settings)
    queue.ask("draft", folder="/inbox/poison", by="inbox")

    tries = 0
    while queue.take():
        tries += 1
        queue.resume("draft")

    assert tries == 3
    last = queue.last_of_folder("/inbox/poison")
    assert last
    assert last.state == "failed"
    assert "broken off 3 times" in (last.said or "")


def test_many_hands_take_each_row_once(settings: Settings) -> None:
    """Dispatchers beside one another never run the same request."""
    queue = Queue(settings)
    for number in range(30):
        queue.ask("draft", folder=f"/inbox/{number}", by="inbox")
    taken: list[int] = []

    def work() -> None:
        own = Queue(settings)
        while row := own.take():
            taken.append(row.id)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(taken) == list(range(1, 31))


def test_the_ledger_is_made_again_from_the_files(settings: Settings) -> None:
    """Deleting the ledger loses nothing that was decided: it is read from decisions.jsonl, past a damaged one."""
    decide(settings, "norms", "approved", "published")
    decide(settings, "gender", "approved", edition="e7")
    decide(settings, "broken", "approved")
    with (settings.workspaces / "broken" / "decisions.jsonl").open("ab") as file:
        file.write(b"<<<<<<< conflict\n")
    Queue(settings).catch_up()
    shutil.rmtree(settings.state)

    after = Queue(settings)
    after.catch_up()

    asked = after.take()
    assert asked
    assert (asked.kind, asked.slug, asked.edition) == ("publish", "gender", "e7")
    assert after.take() is None


def test_an_approval_that_a_crash_kept_out_of_the_queue_is_asked_for_once(settings: Settings) -> None:
    """What is written in decisions.jsonl is published, though the program died before asking for it."""
    decide(settings, "norms", "approved")
    queue = Queue(settings)

    queue.catch_up()
    queue.catch_up()

    asked = queue.take()
    assert asked
    assert asked.slug == "norms"
    assert queue.take() is None
    queue.finish(asked, "failed", "The disk is full.")
    queue.catch_up()
    assert queue.take() is None


def test_a_damaged_ledger_says_what_to_do(settings: Settings) -> None:
    """A ledger that is no database is named, and that it may be deleted."""
    settings.state.mkdir()
    (settings.state / "ledger.sqlite").write_bytes(b"no database at all" * 100)

    with pytest.raises(MissingTool, match=r"ledger\.sqlite: .* delete a damaged ledger"):
        Queue(settings)


def test_an_unknown_database_is_refused_in_words() -> None:
    """A ledger URL with a typing mistake is an error of the settings, not a trace."""
    with pytest.raises(MissingTool, match="not a database that can be used here"):
        Queue(Settings(ledger="postgrse://nobody"))


def test_the_ledger_works_in_postgresql(settings: Settings, postgresql: str) -> None:
    """An organisation may keep the ledger in its PostgreSQL."""
    decide(settings, "norms", "approved")
    there = settings.model_copy(update={"ledger": postgresql})
    queue, leases = Queue(there), Leases(there)

    queue.catch_up()
    with (
        leases.hold("drop", busy="busy"),
        pytest.raises(Busy),
        leases.hold("drop", busy="busy"),
    ):
        pass

    taken = queue.take()
    assert taken
    assert taken.slug == "norms"
    assert queue.take() is None
    assert not leases.is_held("drop")


def test_a_stale_holder_is_refused_by_postgresql(settings: Settings, postgresql: str) -> None:
    """Workers of several machines: what the first holder of a row says after the second is refused."""
    there = settings.model_copy(update={"ledger": postgresql})
    queue = Queue(there)
    row = queue.ask("draft", folder="/inbox/norms", by="inbox")
    first = queue.take(row)
    assert first
    assert queue.beat(first)
    queue.give_back(first)  # it has beaten since: it lives
    assert queue.row(row).state == "running"
    queue.give_back(queue.row(row))
    second = queue.take(row)

    assert second
    assert not queue.finish(first, "done", "a stale holder's")
    assert queue.finish(second, "done", "ready")
    with Leases(there).hold("drop", busy="no"), pytest.raises(Busy), Leases(there).hold("drop", busy="busy"):
        pass
