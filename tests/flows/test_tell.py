"""Who is told what and when: once, whatever breaks in between, and never a secret."""

import json
import os
import shutil
import socket
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from digest import messages, notices
from digest.cli import main
from digest.doctor import _messages
from digest.intake import look
from digest.model.edition import Decision
from digest.settings import NotifySettings, Settings
from digest.store.files import write_atomically
from digest.store.journal import append
from digest.store.leases import Leases
from digest.store.outbox import Outbox
from digest.store.pause import Pause, end_pause, pause, pause_in_force
from digest.store.queue import Queue
from digest.store.runlog import log_run
from flows import dispatch
from flows.host import Host
from flows.stuck import Watchman
from flows.tell import Round, tell
from tests.flows.conftest import Project
from tests.flows.test_inbox import until
from tests.messages.servers import EDITORS, PASSWORD, a_mail_server, a_receiver
from tests.messages.test_mail import trust
from tests.messages.test_webhook import SECRET

SOON = timedelta(minutes=6)  # until a failure is told


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Return settings whose folders are the test's own."""
    folders = {name: tmp_path / name for name in ("workspaces", "public", "inbox", "state")}
    return Settings(**folders)  # type: ignore[arg-type]


def naming(settings: Settings, notify: NotifySettings, **more: object) -> Settings:
    """Return settings that say who is told."""
    return settings.model_copy(update={"notify": notify.model_copy(update=more)})


def decide(settings: Settings, slug: str, kind: str, at: datetime) -> None:
    """Write a decision as approval does."""
    write_atomically(settings.workspaces / slug / "provenance.json", b"{}")
    append(
        settings.workspaces / slug / "decisions.jsonl",
        Decision,
        lambda lines: Decision(number=len(lines) + 1, at=at, by="Ada", kind=kind, edition="e1"),
    )


def test_from_the_draft_to_the_retraction_each_is_told_once(
    project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By mail and by webhook; another process that looks at the same ledger tells nothing again."""
    slug, (root, queue) = project.workspace.slug, (project.workspace.root, Queue(project.settings))
    with a_mail_server(tmp_path) as (mailbox, notify), a_receiver() as receiver:
        trust(tmp_path, monkeypatch)
        monkeypatch.setenv("DIGEST_WEBHOOK_SECRET", SECRET)
        settings = naming(project.settings, notify, webhooks=(f"{receiver.url}/hook",))
        telling = Round(settings)
        row = queue.ask("draft", folder=look(project.drop).path, by="inbox")
        ended = datetime.now(UTC).timestamp()  # as the run that is asked for ends; the kernel's own clock lags some ms
        os.utime(root / "runs.jsonl", (ended, ended))
        dispatch.work(row, queue, settings)
        telling.go(datetime.now(UTC))
        for kind, asked in (("approved", "publish"), ("published", "publish"), ("retracted", "retract")):
            decide(project.settings, slug, kind, datetime.now(UTC))
            queue.ask(asked, slug=slug, edition="e1", by="Ada")  # type: ignore[arg-type]
            telling.go(datetime.now(UTC))
        assert Round(settings).go(datetime.now(UTC)) == 0

    title = json.loads((root / "event.json").read_bytes())["title"]
    heads = ["Ready for review", "Approved", "Published", "Retracted"]
    assert [mail["Subject"] for mail in mailbox.mails] == [f"{head}: {title}" for head in heads]
    assert f"http://127.0.0.1:8460/drafts/{slug}/" in mailbox.mails[0].get_content()
    assert "Ada approved the digest" in mailbox.mails[1].get_content()
    told = [json.loads(body)["type"] for _, _, body in receiver.got]
    assert told == ["digest.drafted", "digest.approved", "digest.published", "digest.retracted"]


def test_mail_that_cannot_be_sent_waits_and_holds_nobody_up(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The webhook gets it at once; the list and the doctor say why mail waits; later it comes once."""
    decide(settings, "norms", "approved", datetime.now(UTC))
    Queue(settings).ask("publish", slug="norms", edition="e1", by="Ada")
    with a_mail_server(tmp_path) as (mailbox, notify), a_receiver() as receiver:
        trust(tmp_path, monkeypatch)
        monkeypatch.setenv("DIGEST_WEBHOOK_SECRET", SECRET)
        monkeypatch.setenv("DIGEST_SMTP_PASSWORD", "wrong")
        told = naming(settings, notify, webhooks=(receiver.url,))
        telling, now = Round(told), datetime.now(UTC)
        telling.go(now)
        tried = len(mailbox.passwords)
        telling.go(now + timedelta(seconds=30))
        tried_early = len(mailbox.passwords) - tried
        (found,) = _messages(told)
        monkeypatch.setenv("DIGEST_STATE", str(settings.state))
        monkeypatch.chdir(tmp_path)
        with pytest.raises(SystemExit):
            main(["queue"])
        monkeypatch.setenv("DIGEST_SMTP_PASSWORD", PASSWORD)
        taken = [Round(told).go(now + timedelta(minutes=minutes)) for minutes in (2, 10, 60)]

    assert (len(receiver.got), tried_early, taken) == (1, 0, [1, 0, 0])
    assert len(mailbox.mails) == 1
    assert "let nobody in: 535" in found.found
    assert "Messages that could not be sent yet: 1. The mail server" in capsys.readouterr().out


def test_one_recipient_who_is_refused_takes_none_from_others(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each gets a mail of their own; after three days the refused one is given up."""
    decide(settings, "norms", "approved", datetime.now(UTC))
    Queue(settings).ask("publish", slug="norms", edition="e1", by="Ada")
    with a_mail_server(tmp_path) as (mailbox, notify):
        trust(tmp_path, monkeypatch)
        mailbox.answer = lambda address: "550 nobody" if address.startswith("gone") else None
        told = naming(settings, notify, mail_to=("gone@example.org", EDITORS))
        telling, now = Round(told), datetime.now(UTC)
        for minutes in (0, 1, 2):
            telling.go(now + timedelta(minutes=minutes))
        telling.go(now + timedelta(days=4))

    assert [mail["To"] for mail in mailbox.mails] == [EDITORS]
    assert "approved" not in {message.notice.occasion for message in Outbox(settings).waiting()}


def test_after_the_ledger_was_deleted_nothing_old_is_told(
    project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All drops of the inbox are asked for anew then, and all approvals: people are not told of a thousand webinars."""
    decide(project.settings, "norms", "approved", datetime.now(UTC) - timedelta(days=30))
    shutil.rmtree(project.settings.state, ignore_errors=True)
    queue = Queue(project.settings)
    queue.catch_up()
    drop = queue.ask("draft", folder=look(project.drop).path, by="inbox")
    dispatch.work(drop, queue, project.settings)
    with a_mail_server(tmp_path) as (mailbox, notify):
        trust(tmp_path, monkeypatch)
        Round(naming(project.settings, notify)).go(datetime.now(UTC))

    assert queue.row(drop).state == "done"
    assert [row.kind for row in queue.waiting("publish")] == ["publish"]
    assert mailbox.mails == []


def test_a_failure_is_told_unless_it_passed_meanwhile(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A copy that paused was asked for again when it lay still; a locked deck stays a failure, with what to do."""
    queue = Queue(settings)
    for name in ("locked", "copied"):
        queue.ask("draft", folder=f"/inbox/{name}", by="inbox")
        taken = queue.take()
        assert taken
        queue.finish(taken, "failed", f"The presentation of {name} cannot be read.")
    queue.ask("draft", folder="/inbox/copied", fingerprint="grown", by="inbox")
    with a_mail_server(tmp_path) as (mailbox, notify):
        trust(tmp_path, monkeypatch)
        telling, now = Round(naming(settings, notify)), datetime.now(UTC)
        early = telling.go(now)
        telling.go(now + SOON)

    assert early == 0
    (mail,) = mailbox.mails
    assert mail["Subject"] == "Failed: locked"
    assert "The presentation of locked cannot be read." in mail.get_content()
    assert "digest retry locked" in mail.get_content()


def test_drafts_that_nobody_touches_are_listed_once_in_three_days(
    project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever corrected it yesterday is not reminded, and nobody is of what is approved."""
    now = datetime.now(UTC) + timedelta(days=4)
    with a_mail_server(tmp_path) as (mailbox, notify):
        trust(tmp_path, monkeypatch)
        settings = naming(project.settings, notify)
        for hours in range(0, 72, 6):
            Round(settings).go(now + timedelta(hours=hours))
        reminded = len(mailbox.mails)
        write_atomically(project.workspace.root / "overlay.jsonl", b"")
        later = (now + timedelta(days=20)).timestamp()
        os.utime(project.workspace.root / "overlay.jsonl", (later, later))
        Round(settings).go(now + timedelta(days=21))
        os.utime(project.workspace.root / "overlay.jsonl", (0, 0))
        decide(project.settings, project.workspace.slug, "approved", datetime.now(UTC))
        Round(settings).go(now + timedelta(days=30))

    assert reminded in (1, 2)  # three days may begin in between
    assert len(mailbox.mails) == reminded
    assert mailbox.mails[0]["Subject"] == "1 draft waits for review"
    assert f"/drafts/{project.workspace.slug}/" in mailbox.mails[0].get_content()


def test_no_secret_is_in_any_file(project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ledger, logs and crash files of a machine on which everything about telling fails."""
    token, ping = "T0KEN-open-sesame", "https://ping.example.org/1234-uuid"
    secrets = {"DIGEST_SMTP_PASSWORD": "wr0ng-password", "DIGEST_WEBHOOK_SECRET": SECRET}
    secrets["DIGEST_APPRISE_URLS"] = f"json://127.0.0.1:9/{token}"
    for name, value in secrets.items():
        monkeypatch.setenv(name, value)
    workspace = project.workspace
    decide(project.settings, workspace.slug, "approved", datetime.now(UTC))
    Queue(project.settings).ask("publish", slug=workspace.slug, edition="e1", by="Ada")
    (tmp_path / "server").mkdir()
    with a_mail_server(tmp_path / "server") as (mailbox, notify):
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "server" / "certificate.pem"))
        url = f"http://127.0.0.1:9/{token}"
        watch = project.settings.watch.model_copy(update={"ping_url": ping})
        settings = naming(project.settings, notify, webhooks=(url,)).model_copy(update={"watch": watch})
        with log_run(workspace, settings):
            Round(settings).go(datetime.now(UTC))
            for secret in (*secrets.values(), url, ping):
                error = RuntimeError(f"somebody's library says all it was given: {secret}")
                messages.delivery.log.error("it went wrong", exc_info=error)
                notices.keep_trace(error, settings)
    files = [path for path in project.root.rglob("*") if path.is_file() and path.name != "media"]
    written = {path: path.read_bytes() for path in files if path.stat().st_size < 1_000_000}

    assert set(mailbox.passwords) == {b"wr0ng-password"}
    assert len(list((settings.state / "crashes").iterdir())) == 5
    hidden = [value.encode() for value in (*secrets.values(), token, ping)]
    assert not {(path.name, value) for path, content in written.items() for value in hidden if value in content}
    assert any(b"[secret]" in content for path, content in written.items() if "logs" in path.parts)
    assert any(b"could not reach JSON" in content for content in written.values())


def test_one_process_tells_and_ends_when_it_is_told(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While another one tells it waits; without a name in the settings nothing is opened."""
    decide(settings, "norms", "approved", datetime.now(UTC))
    Queue(settings).ask("publish", slug="norms", edition="e1", by="Ada")
    ended = threading.Event()
    with a_mail_server(tmp_path) as (mailbox, notify):
        trust(tmp_path, monkeypatch)
        args = naming(settings, notify), ended
        telling = [threading.Thread(target=tell, args=args, kwargs={"every": 0.05}) for _ in range(2)]
        with Leases(settings).hold("messages", busy="busy"):
            for thread in telling:
                thread.start()
        until(lambda: bool(mailbox.mails))
        ended.set()
        for thread in telling:
            thread.join()

    assert len(mailbox.mails) == 1
    tell(settings, threading.Event())  # returns at once


def test_a_run_that_takes_twice_as_long_is_named_with_its_host(settings: Settings) -> None:
    """By what such a recording takes on that host; a busy minute, a pause and closed hours are no alarm."""
    queue, watchman, now = Queue(settings), Watchman(settings), datetime.now(UTC)
    for name in ("first", "second"):
        queue.ask("draft", folder=f"/inbox/{name}", by="inbox")
    queue.take()

    def alarms(minutes: float) -> list[str]:
        return [notice.subject for notice in watchman.look(queue, now + timedelta(minutes=minutes))]

    expected = 27.8  # minutes: two hours are assumed of what cannot be probed
    assert alarms(0) == []
    assert alarms(2 * expected - 1) == []
    assert alarms(2 * expected + 1) == [f"Stuck: first on {socket.gethostname()}"]
    pause(settings.state, Pause(since=now, by="Ada"))
    assert alarms(4 * expected) == [f"Stuck: first on {socket.gethostname()}"]
    end_pause(settings.state)
    assert alarms(4 * expected + 2) == [f"Stuck: first on {socket.gethostname()}"]  # the second counts anew
    assert alarms(8 * expected + 3) == [f"Stuck: first on {socket.gethostname()}", "Stuck: second on no host"]


def test_a_host_that_fails_three_times_in_a_row_takes_nothing_more(
    project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A missing program is the host's; ten drops that are no webinars between say nothing of it. Its mail names it."""
    inbox, queue = project.settings.inbox, Queue(project.settings)
    for number in range(5):
        shutil.copytree(project.drop, inbox / f"good {number}")
        (inbox / f"good {number}" / "event.toml").unlink()
        (inbox / f"poison {number}").mkdir()
        (inbox / f"poison {number}" / "recording.mp4").write_text("<html>Sign in</html>", encoding="utf-8")
    for folder in sorted(inbox.iterdir(), key=lambda path: path.name.split()[::-1]):
        queue.ask("draft", folder=str(folder), by="inbox")
    with a_mail_server(tmp_path) as (mailbox, notify):
        trust(tmp_path, monkeypatch)
        settings = naming(project.settings, notify)
        monkeypatch.setenv("PATH", "/nowhere")
        ended, host = threading.Event(), Host()
        worker = threading.Thread(
            target=dispatch.dispatch, args=("drafts", settings, ended), kwargs={"every": 0.01, "host": host}
        )
        worker.start()
        until(lambda: pause_in_force(settings.state) is not None)
        ended.set()
        worker.join()
        Round(settings).go(datetime.now(UTC))

    states = {row.name: (row.state, row.setbacks) for row in queue.requests()}
    assert [name for name, (_, setbacks) in states.items() if setbacks] == ["good 0", "good 1", "good 2"]
    assert states["good 3"] == ("waiting", 0)
    assert dispatch.next_due("drafts", queue, settings, datetime.now(UTC)) is None
    (mail,) = [mail for mail in mailbox.mails if "takes nothing more" in mail["Subject"]]
    assert socket.gethostname() in mail["Subject"]
    assert "digest pause --end" in mail.get_content()
