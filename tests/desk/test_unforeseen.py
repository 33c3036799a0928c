"""What nobody foresaw at the desk is words, a trace and a line of the log, and one webinar's fault is no other's."""

import errno
import logging
import os
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as checked
from hypothesis import strategies as st
from starlette.testclient import TestClient

from digest import editing
from digest.errors import NotAllowed
from digest.model.event import Event
from digest.model.overlay import Confirm, Revision
from digest.settings import Settings
from digest.store.files import write_atomically
from digest.store.workspace import Workspace
from tests.builders import an_event
from tests.desk.conftest import SLUG, a_workspace
from tests.desk.test_routes import DRAFT, hidden

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
FAR = "9999-12-31T23:59:00-08:00[America/Los_Angeles]"


@pytest.mark.parametrize(
    "address",
    ["/drafts/a%00b/", f"/drafts/{'a' * 300}/", "/drafts/con/", f"{DRAFT}files/%00", f"{DRAFT}clip?start=nan"],
)
def test_an_address_of_nothing_is_a_plain_page(editor: TestClient, workspace: Workspace, address: str) -> None:
    """Whatever is typed into the address bar is answered in words, with all headers."""
    answer = editor.get(address)

    assert answer.status_code == 404
    assert "There is nothing at this address." in answer.text
    assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]


def test_a_publication_that_nobody_decided_is_nothing(editor: TestClient, workspace: Workspace) -> None:
    """The script that looks what became of a draft gets an empty answer, not an error."""
    answer = editor.get(f"{DRAFT}publication")

    assert (answer.status_code, answer.text.strip()) == (200, "")


def test_a_form_of_no_revision_is_an_old_one(editor: TestClient, workspace: Workspace) -> None:
    """A number of 5,000 digits is no revision that anybody saw."""
    form = hidden(editor) | {"revision": "9" * 5000, "sentence": "bb00000001", "do": "save", "text": "Typed."}

    answer = editor.post(f"{DRAFT}sentence", data=form)

    assert answer.status_code == 412
    assert "Typed." in answer.text


def test_a_full_disk_is_said_and_loses_nothing(
    editor: TestClient, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An editor reads that the disk is full; nothing is half saved, and the next save goes through."""
    form = hidden(editor) | {"sentence": "bb00000001", "do": "save", "text": "Typed."}

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        answer = editor.post(f"{DRAFT}sentence", data=form)

    assert answer.status_code == 500
    assert "The disk is full" in answer.text
    assert workspace.overlay().revisions == ()
    assert editor.post(f"{DRAFT}sentence", data=form).status_code == 303


def test_what_nobody_foresaw_is_kept_for_whoever_mends_it(
    editor: TestClient,
    settings: Settings,
    workspace: Workspace,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """The page says it in words, with the headers of every answer; the trace is in a file and a line in the log."""
    monkeypatch.setattr("digest.desk.pages.sections", lambda _: 1 / 0)

    with caplog.at_level(logging.ERROR):
        answer = editor.get(DRAFT)

    (crash,) = (settings.state / "crashes").iterdir()
    assert answer.status_code == 500
    assert "something that nobody foresaw (ZeroDivisionError)" in answer.text
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "ZeroDivisionError: division by zero" in crash.read_text(encoding="utf-8")
    assert any(crash.name in record.getMessage() for record in caplog.records)


def test_a_date_that_no_calendar_shows_is_not_confirmed(editor: TestClient, settings: Settings) -> None:
    """A date outside 1990 to 2100 is refused in words, and nothing is saved."""
    workspace = a_workspace(settings, an_event(guessed=("starts_at",)))
    for year in ("1989", "2101", "9999", "0001"):
        form = hidden(editor) | {
            "field": "starts_at", "date": f"{year}-12-31", "time": "23:59", "zone": "America/Los_Angeles",
        }  # fmt: skip
        answer = editor.post(f"{DRAFT}confirm", data=form)

        assert answer.status_code == 409
        assert "does not lie between 1990 and 2100" in answer.text
    assert workspace.overlay().revisions == ()


def test_a_date_that_was_confirmed_before_bricks_nothing(editor: TestClient, settings: Settings) -> None:
    """A line that an earlier version took is listed as no longer fitting; desk and draft open."""
    workspace = a_workspace(settings, an_event(guessed=("starts_at",)))
    line = Revision(number=1, at=NOW, by="Ana", change=Confirm(field="starts_at", value=FAR))
    write_atomically(workspace.root / "overlay.jsonl", line.model_dump_json().encode() + b"\n")

    assert "Look at 1 correction that no longer fit" in editor.get("/").text
    assert f"Confirmed as starts_at: <ins>{FAR}</ins>" in editor.get(DRAFT).text


def test_a_webinar_that_cannot_be_listed_is_a_line(
    editor: TestClient, settings: Settings, workspace: Workspace
) -> None:
    """Whatever is wrong with one webinar, the list shows the others, and says which it is."""
    odd = an_event().model_copy(
        update={"starts_at": datetime(9999, 12, 31, 23, 59, tzinfo=UTC), "timezone": "Asia/Tokyo"}
    )
    write_atomically(settings.workspaces / "odd" / Event.FILE, odd.canonical())
    write_atomically(settings.workspaces / "odd" / "provenance.json", b"{}")

    page = editor.get("/").text

    assert f'href="/drafts/{SLUG}/"' in page
    assert "It cannot be shown (OverflowError)" in page


TYPED = st.text(max_size=60)


@checked(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    typed=st.lists(TYPED, min_size=4, max_size=4),
    start=st.tuples(st.datetimes(), st.sampled_from(["UTC", "Asia/Tokyo", "America/Los_Angeles"])),
)
def test_whatever_can_be_saved_can_be_shown(
    editor: TestClient, settings: Settings, typed: list[str], start: tuple[datetime, str]
) -> None:
    """What an editor types is refused in words, or the list, the draft and the page for readers show it."""
    title, speakers, name, text = typed
    workspace = a_workspace(settings, an_event(guessed=("title", "starts_at", "speakers")))
    (workspace.root / "overlay.jsonl").unlink(missing_ok=True)
    who: dict[str, Any] = {"by": "Ana", "at": NOW}
    saves: tuple[Callable[[int], object], ...] = (
        lambda n: editing.confirm(workspace, "title", title, **who, seen=n),
        lambda n: editing.confirm(workspace, "speakers", speakers, **who, seen=n),
        lambda n: editing.confirm(workspace, "starts_at", f"{start[0].isoformat()}[{start[1]}]", **who, seen=n),
        lambda n: editing.name_speaker(workspace, "s1", name, **who, seen=n),
        lambda n: editing.reword(workspace, "bb00000001", text, **who, seen=n),
    )
    for save in saves:
        try:
            save(len(workspace.overlay().revisions))
        except NotAllowed:
            continue

    for address in ("/", DRAFT, f"{DRAFT}preview/"):
        answer = editor.get(address)
        assert (answer.status_code, "It cannot be shown" in answer.text) == (200, False), answer.text
