"""What a dispatcher begins and when: what may pass is tried again, poison stops only itself, an operator can pause."""

import errno
import os
import subprocess
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sql

from digest import sandbox
from digest.cli import main
from digest.intake import is_urgent, look
from digest.settings import Settings, WorkSettings
from digest.store.pause import Pause, end_pause, pause
from digest.store.queue import Queue, Request
from flows import dispatch
from flows.inbox import scan
from tests.flows.conftest import Project
from tests.flows.test_inbox import until

EVENING = datetime(2026, 11, 27, 20, tzinfo=UTC)


class Clock:
    """A clock that a test sets."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def __call__(self) -> datetime:
        """Return the time."""
        return self.at


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Return settings whose folders are the test's own."""
    folders = {name: tmp_path / name for name in ("workspaces", "public", "inbox", "state")}
    return Settings(**folders)  # type: ignore[arg-type]


def work_off_all(queue: Queue, settings: Settings, clock: Clock) -> Iterator[Request]:
    """Work off what is due at this time, one row after the other, yielding each as it is begun."""
    while row := dispatch.next_due("drafts", queue, settings, clock()):
        yield row
        dispatch.work(row, queue, settings, now=clock)


def test_what_may_pass_is_tried_five_times_more_and_then_a_person(
    project: Project, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each wait is longer than the last; then it failed, with its reason and the command that tries it again."""
    (project.workspace.root / "deck.json").unlink()
    queue, clock, waits = Queue(project.settings), Clock(EVENING), list[float]()
    row = queue.ask("draft", folder=look(project.drop).path, by="inbox")
    status, problem = project.drop / "STATUS.txt", project.drop / "PROBLEM.txt"
    monkeypatch.chdir(project.root)
    with monkeypatch.context() as busy:
        busy.setattr(sandbox, "PATIENCE", (0.0, 0.0))
        while (now := queue.row(row)).state == "waiting":
            clock.at = now.not_before or clock.at
            assert list(work_off_all(queue, project.settings, clock)) == [now]  # and not once more before its time
            if again := queue.row(row).not_before:
                waits.append((again - clock.at).total_seconds())
                assert f"tried again by itself at about {again.astimezone():%H:%M}" in status.read_text(
                    encoding="utf-8"
                )
                assert not problem.exists()

    assert len(waits) == 5
    assert all(30 * 4**n <= wait <= 60 * 4**n for n, wait in enumerate(waits))
    failed = queue.row(row)
    assert failed.state == "failed"
    assert "too busy" in (failed.said or "")
    assert "digest retry drop" in (failed.said or "")
    assert "too busy" in problem.read_text(encoding="utf-8")

    with pytest.raises(SystemExit):
        main(["retry", project.workspace.slug])
    assert "draft of drop: it is tried again" in capsys.readouterr().out
    assert len(list(work_off_all(queue, project.settings, clock))) == 1
    assert queue.requests()[-1].state == "done"
    assert not problem.exists()


def test_waits_are_drawn_apart() -> None:
    """What failed together, as a share went away, is not tried together again; the last wait is over four hours."""
    assert [dispatch.seconds_to_wait(n, 0.0) for n in (1, 2, 5)] == [60, 240, 60 * 256]
    assert dispatch.seconds_to_wait(2, 1.0) == 120


def test_poison_and_bad_luck_stop_nobody_else(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    """Among ten drops that are no webinars and ten on a share that went away, a good one is made in its turn."""
    queue, clock, inbox = Queue(project.settings), Clock(EVENING), project.settings.inbox
    really = dispatch.DOING["draft"]

    def draft(row: Request, settings: Settings) -> str:
        if "share" in row.name:
            raise OSError(errno.EIO, os.strerror(errno.EIO), row.folder)
        return really(row, settings)

    monkeypatch.setitem(dispatch.DOING, "draft", draft)
    for number in range(10):
        for kind in ("poison", "share"):
            folder = inbox / f"{kind} {number}"
            folder.mkdir(parents=True)
            (folder / "recording.mp4").write_text("<html>Please sign in</html>", encoding="utf-8")
            queue.ask("draft", folder=str(folder), by="inbox")
    good = queue.ask("draft", folder=look(project.drop).path, by="inbox")

    begun = [row.id for row in work_off_all(queue, project.settings, clock)]

    assert len(begun) == len(set(begun)) == 21  # nobody waited for what was put off
    assert queue.row(good).state == "done"
    states = {row.name.split()[0]: row.state for row in queue.requests() if row.id != good.id}
    assert states == {"poison": "failed", "share": "waiting"}
    assert not list((project.settings.state / "crashes").glob("*"))


def test_urgent_drops_come_first(settings: Settings) -> None:
    """`urgent = true` in event.toml: it is made before what was asked for earlier."""
    for name, toml in (("first", "urgent = false"), ("second", "urgent = true"), ("third", "urgent = maybe")):
        (settings.inbox / name).mkdir(parents=True)
        (settings.inbox / name / "recording.mp4").write_bytes(b"some")  # without it, it would be an announcement
        (settings.inbox / name / "event.toml").write_text(f'title = "A"\n{toml}\n', encoding="utf-8")

    scan(settings, scan(settings, {}, still=0), still=0)

    assert [row.name for row in Queue(settings).waiting("draft")] == ["second", "first", "third"]
    assert not is_urgent(settings.inbox / "third")


HOURS = [
    ("20:00-06:00", "19:59", "20:00"),
    ("20:00-06:00", "20:00", None),
    ("20:00-06:00", "05:59", None),
    ("20:00-06:00", "06:00", "20:00"),
    ("08:30-17:00", "17:00", "08:30"),
    ("08:30-17:00", "12:00", None),
    ("", "12:00", None),
]


@pytest.mark.parametrize(("hours", "at", "opens"), HOURS)
def test_drafts_begin_in_working_hours(hours: str, at: str, opens: str | None) -> None:
    """Also over midnight; the next opening lies ahead."""
    now = datetime.fromisoformat(f"2026-11-27T{at}+01:00")

    ahead = WorkSettings(hours=hours).opens_at(now)

    assert (f"{ahead:%H:%M}" if ahead else None) == opens
    assert ahead is None or now < ahead <= now + timedelta(days=1)


@pytest.mark.parametrize("hours", ["20-6", "20:00", "24:00-06:00", "evenings"])
def test_hours_that_are_none_are_refused(hours: str) -> None:
    """A typing mistake does not mean never."""
    with pytest.raises(ValueError, match="two times of the day"):
        WorkSettings(hours=hours)


def test_out_of_hours_what_is_urgent_and_publications_go_on(settings: Settings) -> None:
    """A draft waits for the evening; an approval does not."""
    closed = settings.model_copy(update={"work": WorkSettings(hours="20:00-06:00")})
    noon = EVENING.astimezone().replace(hour=12)
    queue = Queue(settings)
    queue.ask("draft", folder="/inbox/first", by="inbox")
    assert dispatch.next_due("drafts", queue, closed, noon) is None
    assert dispatch.next_due("drafts", queue, closed, noon.replace(hour=21)) is not None

    queue.ask("publish", slug="norms", edition="e1", by="Ada")
    queue.ask("draft", folder="/inbox/second", by="inbox", urgent=True)

    due = dispatch.next_due("publications", queue, closed, noon), dispatch.next_due("drafts", queue, closed, noon)
    assert [row.name if row else None for row in due] == ["norms", "second"]


def test_an_operator_pauses_and_goes_on(
    project: Project, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """While it is paused a running dispatcher begins nothing, and the list says since when and why."""
    monkeypatch.chdir(project.root)
    queue, ended = Queue(project.settings), threading.Event()
    assert verb("pause", "--by", "Ada", "--why", "moving the disk") == 0
    row = queue.ask("draft", folder=look(project.drop).path, by="inbox")
    looked = list[Clock]()

    def clock() -> datetime:
        looked.append(Clock(EVENING))
        return EVENING

    worker = threading.Thread(
        target=dispatch.dispatch, args=("drafts", project.settings, ended), kwargs={"every": 0.01, "now": clock}
    )
    worker.start()
    try:
        until(lambda: len(looked) > 5)
        assert queue.row(row).state == "waiting"
        assert verb("queue") == 0
        paused = capsys.readouterr().out
        assert verb("pause", "--end") == 0
        until(lambda: queue.row(row).state == "done")
    finally:
        ended.set()
        worker.join()

    assert "Paused by Ada since" in paused
    assert "drop  draft      waiting" in " ".join(paused.split("\n")[3:]) or "drop" in paused
    assert "moving the disk" in paused
    assert not end_pause(project.settings.state)


def test_a_pause_stands_until_it_is_ended(settings: Settings) -> None:
    """A second one does not hide who began it; a damaged file pauses too."""
    first = pause(settings.state, Pause(since=EVENING, by="Ada"))
    assert pause(settings.state, Pause(since=EVENING, by="Ben")) == first
    (settings.state / "paused.json").write_text("{", encoding="utf-8")
    queue = Queue(settings)
    queue.ask("draft", folder="/inbox/first", by="inbox")

    assert dispatch.next_due("drafts", queue, settings, EVENING) is None
    assert end_pause(settings.state)
    assert dispatch.next_due("drafts", queue, settings, EVENING) is not None


def test_the_list_says_until_when_and_why(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What waits its turn, what waits after a setback, what failed: each with its reason."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DIGEST_STATE", "state")
    assert verb("queue") == 0
    assert "Nothing waits." in capsys.readouterr().out
    queue, at = Queue(settings), datetime.now(UTC) + timedelta(hours=2)
    for name in ("turn", "setback", "wrong"):
        queue.ask("draft", folder=f"/inbox/{name}", by="inbox")
    _, setback, wrong = (queue.take(row) for row in queue.waiting("draft"))
    assert setback
    assert wrong
    queue.put_back(setback, "The disk is full.", until=at)
    queue.finish(wrong, "failed", "The presentation is locked.")

    assert verb("queue") == 0

    said = capsys.readouterr().out
    assert f"{at.astimezone():%-d %B, %H:%M}" in said[said.index("setback") : said.index("wrong")]
    assert "The disk is full." in said[said.index("setback") : said.index("wrong")]
    assert "The presentation is locked." in said[said.index("wrong") :]
    assert verb("retry", "turned") == 1
    assert verb("retry", "wrong") == 0
    assert {row.name: row.state for row in queue.requests()}["wrong"] == "waiting"


def test_the_log_of_the_last_run_is_printed(
    project: Project, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """What a run logged is found by the webinar's address."""
    monkeypatch.chdir(project.root)
    (project.workspace.root / "deck.json").unlink()
    queue = Queue(project.settings)
    dispatch.work(queue.ask("draft", folder=look(project.drop).path, by="inbox"), queue, project.settings)

    assert verb("logs", project.workspace.slug) == 0
    assert "read made deck.json" in capsys.readouterr().out
    assert verb("logs", "nobody") == 1


def test_drafts_give_way_to_other_programs() -> None:
    """What a draft starts runs with its niceness on its cores, and what else this program does does not."""
    seen = list[str]()

    def work() -> None:
        dispatch.give_way(WorkSettings(threads=1, niceness=15))
        seen.append(subprocess.run(["sh", "-c", "nice; nproc"], capture_output=True, text=True, check=True).stdout)

    monkey = pytest.MonkeyPatch()
    monkey.delenv("OMP_NUM_THREADS", raising=False)
    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    monkey.undo()

    assert seen == ["15\n1\n"]
    assert os.getpriority(os.PRIO_PROCESS, 0) < 15


def test_a_ledger_of_an_earlier_version_is_used_on(settings: Settings) -> None:
    """What it lacks is added; what waits in it is done."""
    settings.state.mkdir()
    engine = sql.create_engine(f"sqlite:///{settings.state / 'ledger.sqlite'}")
    with engine.begin() as connection:
        connection.exec_driver_sql(
            "CREATE TABLE requests (id INTEGER PRIMARY KEY, kind VARCHAR NOT NULL, slug VARCHAR, folder VARCHAR, "
            "fingerprint VARCHAR, edition VARCHAR, asked_by VARCHAR NOT NULL, asked_at VARCHAR NOT NULL, "
            "state VARCHAR NOT NULL, tries INTEGER NOT NULL, said VARCHAR)"
        )
        connection.exec_driver_sql(
            "INSERT INTO requests VALUES (1, 'draft', NULL, '/inbox/first', NULL, NULL, 'inbox', "
            "'2026-11-01T12:00:00+00:00', 'waiting', 0, NULL)"
        )
    engine.dispose()

    queue = Queue(settings)
    row = queue.take()
    assert row
    queue.put_back(row, "The disk is full.", until=EVENING, cause="Overloaded")

    assert (queue.row(row).name, queue.row(row).setbacks, queue.row(row).not_before) == ("first", 1, EVENING)


def verb(*tokens: str) -> int:
    """Return the exit status of a verb."""
    with pytest.raises(SystemExit) as ended:
        main(tokens)
    return int(ended.value.code or 0)
