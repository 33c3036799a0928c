"""What is dropped into the inbox, and what is asked of the dispatcher."""

import os
import shutil
import signal
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from digest import intake
from digest.store.leases import Leases
from digest.store.queue import Queue
from digest.store.workspace import Workspace
from flows.dispatch import dispatch
from flows.inbox import scan
from tests.announcements import EVENT, SLUG, an_event_folder, settings_in
from tests.flows.conftest import Project, moved
from tests.flows.test_draft import begin

COMING = EVENT.replace("2027-03-09", f"{datetime.now(UTC).year + 1}-03-09")


def in_the_inbox(project: Project) -> Project:
    """Move the finished draft's drop into the inbox, as if it had been taken from there."""
    project.settings.inbox.mkdir()
    before, project.drop = project.drop, project.settings.inbox / "drop"
    before.rename(project.drop)
    return moved(project, before)


def until(true: Callable[[], bool], seconds: float = 300) -> None:
    """Wait until something is true; the limit ends a hang and judges no speed: a first flow run may take a minute."""
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.1)


def test_a_drop_is_taken_when_it_lies_still(project: Project) -> None:
    """Nothing is asked for while files arrive; once they lie still it is asked for once."""
    inbox, queue = project.settings.inbox, Queue(project.settings)
    shutil.copytree(project.drop, inbox / "norms")

    seen = scan(project.settings, {}, still=0)
    assert queue.requests() == ()
    (inbox / "norms" / "more.txt").write_text("still arriving", encoding="utf-8")
    seen = scan(project.settings, seen, still=0)
    assert queue.requests() == ()
    seen = scan(project.settings, seen, still=0)
    seen = scan(project.settings, seen, still=0)

    assert [(row.kind, Path(row.folder or "").name) for row in queue.requests()] == [("draft", "norms")]
    assert "waiting for its turn" in (inbox / "norms" / "STATUS.txt").read_text(encoding="utf-8")


def test_a_drop_that_lay_still_for_a_moment_waits(project: Project) -> None:
    """A copy that pauses between two looks is not taken for complete."""
    shutil.copytree(project.drop, project.settings.inbox / "norms")

    seen = scan(project.settings, {}, still=30)
    scan(project.settings, seen, still=30)

    assert Queue(project.settings).requests() == ()


def test_a_failed_drop_is_tried_again_only_when_it_changed(project: Project) -> None:
    """The same files fail in the same way: nothing is run until somebody changes something."""
    queue, folder = Queue(project.settings), project.settings.inbox / "norms"
    shutil.copytree(project.drop, folder)
    seen = scan(project.settings, scan(project.settings, {}, still=0), still=0)
    asked = queue.take()
    assert asked
    queue.finish(asked, "failed", "The presentation is locked.")

    seen = scan(project.settings, seen, still=0)
    assert queue.take() is None
    (folder / "slides.pdf").write_bytes(b"%PDF- another")
    seen = scan(project.settings, scan(project.settings, seen, still=0), still=0)

    again = queue.take()
    assert again
    assert again.id != asked.id


def test_a_file_in_no_folder_is_told_about(project: Project) -> None:
    """A recording dropped into the inbox itself does not lie there for ever without a word."""
    project.settings.inbox.mkdir()
    loose = project.settings.inbox / "recording.mp4"
    loose.write_bytes(b"...")

    scan(project.settings, {}, still=0)
    told = (project.settings.inbox / "PROBLEM.txt").read_text(encoding="utf-8")
    loose.unlink()
    scan(project.settings, {}, still=0)

    assert "recording.mp4" in told
    assert "Make a folder for each webinar" in told
    assert not (project.settings.inbox / "PROBLEM.txt").exists()


def test_a_drop_that_is_current_needs_no_run(project: Project) -> None:
    """A dispatcher answers for a finished draft at once, and says so beside the files."""
    settings = in_the_inbox(project).settings
    folder, ended = settings.inbox / "drop", threading.Event()
    queue = Queue(settings)
    queue.ask("draft", folder=intake.look(folder).path, by="inbox")
    worker = threading.Thread(target=dispatch, args=("drafts", settings, ended), kwargs={"every": 0.1})

    worker.start()
    until(lambda: queue.requests()[0].state == "done")
    ended.set()
    worker.join()

    assert "is ready for review" in (folder / "STATUS.txt").read_text(encoding="utf-8")
    assert not Leases(settings).is_held("drafts")


def test_what_a_killed_dispatcher_had_begun_is_taken_up(project: Project) -> None:
    """A row that was running when the program died is not left running for ever."""
    settings = in_the_inbox(project).settings
    queue, ended = Queue(settings), threading.Event()
    begun = queue.ask("draft", folder=intake.look(settings.inbox / "drop").path, by="inbox")
    queue.take(begun)

    after = threading.Thread(target=dispatch, args=("drafts", settings, ended), kwargs={"every": 0.1})
    after.start()
    try:
        until(lambda: queue.row(begun).state == "done")
    finally:
        ended.set()
        after.join()


def test_a_bad_drop_does_not_hold_up_a_good_one(project: Project) -> None:
    """`digest watch` writes PROBLEM.txt for one and drafts the other; when the bad one is mended its problem goes."""
    inbox = in_the_inbox(project).settings.inbox
    bad = inbox / "a bad one"
    bad.mkdir()
    (bad / "recording.mp4").write_text("<html>Please sign in</html>", encoding="utf-8")

    watching = begin(project, "watch", "--still", "0.5")
    until(lambda: (bad / "PROBLEM.txt").exists() and "review" in _status(inbox / "drop"), seconds=120)
    watching.send_signal(signal.SIGINT)
    watching.communicate(timeout=60)

    problem = (bad / "PROBLEM.txt").read_text(encoding="utf-8")
    assert "recording.mp4" in problem
    assert "What to do:" in problem
    assert "see PROBLEM.txt" in _status(bad)
    assert not (inbox / "drop" / "PROBLEM.txt").exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root is refused, and this is not root")
def test_watching_as_root_is_refused(tmp_path: Path) -> None:
    """Before anything is opened, and with what to do; in a container of its own it is allowed."""
    settings = settings_in(tmp_path)
    watching = begin(Project(tmp_path, tmp_path, settings), "watch", DIGEST_WATCH__ROOT="false")

    _, said = watching.communicate(timeout=120)

    assert watching.returncode == 1
    assert "Watching as root" in said
    assert "[watch] root = true" in said
    assert not (tmp_path / ".digest" / "ledger.sqlite").exists()


def _status(folder: Path) -> str:
    path = folder / "STATUS.txt"
    return path.read_text(encoding="utf-8") if path.exists() else ""


def test_event_toml_alone_is_announced(tmp_path: Path) -> None:
    """`digest watch` publishes the event page and says so beside the file; a corrected file is announced again."""
    settings = settings_in(tmp_path)
    folder = an_event_folder(settings.inbox / "attribution", COMING)
    (folder / ".DS_Store").write_bytes(b"litter")
    page = settings.public / SLUG / "index.html"

    watching = begin(Project(tmp_path, folder, settings), "watch", "--still", "0.5")
    until(lambda: "Announced." in _status(folder), seconds=120)
    announced = page.read_text(encoding="utf-8")
    an_event_folder(folder, COMING.replace("Ana Lind", "Ana Lindh"))
    until(lambda: "Ana Lindh" in page.read_text(encoding="utf-8"), seconds=120)
    an_event_folder(folder, COMING.replace("title", "titel"))
    until((folder / "PROBLEM.txt").exists, seconds=120)
    an_event_folder(folder, COMING)
    until(lambda: not (folder / "PROBLEM.txt").exists(), seconds=120)
    watching.send_signal(signal.SIGINT)
    watching.communicate(timeout=60)

    decisions = Workspace(settings.workspaces / SLUG).decisions()
    assert "Ana Lind</strong>" in announced
    assert [(one.kind, one.by) for one in decisions] == [("announced", "inbox")] * 3
    assert "put the recording and the slides into this folder" in _status(folder)


def test_event_toml_with_a_recording_is_no_announcement(project: Project) -> None:
    """What has a recording is drafted, whatever its date."""
    folder = project.settings.inbox / "norms"
    shutil.copytree(project.drop, folder)

    scan(project.settings, scan(project.settings, {}, still=0), still=0)

    assert [row.kind for row in Queue(project.settings).requests()] == ["draft"]
