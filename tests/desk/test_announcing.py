"""An event announced, changed and called off at the desk, without a file of one's own."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.testclient import TestClient

from digest.desk.announcing import LINES, form_fields, table_from
from digest.editing.announcing import decided_announcement, read_announcement
from digest.mail import draft_due_mails
from digest.model.announcement import Announcement
from digest.settings import Settings
from digest.store.queue import Queue
from digest.store.workspace import Workspace
from flows.dispatch import work_off
from tests.announcements import EVENT, JOIN, SLUG, an_event_folder, announce
from tests.builders import an_event

FORM = {
    "title": "Attribution: who says who did it?",
    "date": "2097-03-09",
    "time": "14:00",
    "minutes": "90",
    "zone": "Europe/Zurich",
    "description": f"Look *closely*.\r\n\r\nJoin at {JOIN}.",
    "speakers": "Ana Lind | Chair, International Law | https://example.org/ana\r\nBo",
    "organisers": "Forum | https://forum.example.org/",
    "registration_url": "https://forms.example.org/attribution",
    "join_url": JOIN,
    "tags": "law, cyber",
    "also_of_interest": "Norms | https://example.org/norms | May | online | Next.",
}


def sent(editor: TestClient, address: str, **fields: str) -> tuple[int, str]:
    """Send a form with the proof that its page holds; return the status and where it leads, or the page."""
    page = editor.get(address.removesuffix("take-back")).text
    found = re.search(r'name="proof" value="([^"]+)"', page)
    assert found
    answer = editor.post(address, data={"proof": found[1], **fields})
    return answer.status_code, answer.headers.get("location", answer.text)


def site_of(settings: Settings) -> str:
    """Work off what was asked for and return the event page."""
    for row in Queue(settings).waiting("announce"):
        assert work_off(row, settings).state == "done"
    return (settings.public / SLUG / "index.html").read_text(encoding="utf-8")


def test_the_way_in_is_not_taken_for_the_form(editor: TestClient, settings: Settings) -> None:
    """Whoever puts the link to join where the page to register at belongs is told so, and nothing is announced."""
    status, page = sent(editor, "/announce", **FORM | {"registration_url": "https://us02web.zoom.us/j/81230001111"})

    assert status == 422
    assert "leads into the meeting itself" in page
    assert FORM["title"] in page
    assert not Queue(settings).waiting("announce")


def test_an_event_is_announced_by_a_form(editor: TestClient, settings: Settings) -> None:
    """The page has what was typed, the decision the editor's name; the link to join is for the mail alone."""
    assert sent(editor, "/announce", **FORM) == (303, f"/events/{SLUG}/")

    page = site_of(settings)
    (decision,) = Workspace(settings.workspaces / SLUG).decisions()

    assert (decision.kind, decision.by) == ("announced", "Ana Lind")
    for said in (
        "<em>closely</em>",
        "Chair, International Law",
        "https://example.org/ana",
        ">Bo<",
        "14:00–15:30",
        "Next.",
    ):
        assert said in page
    assert "room/8123" not in page
    assert JOIN in editor.get(f"/events/{SLUG}/").text
    assert SLUG in editor.get("/").text


def test_what_is_wrong_is_said_beside_what_was_typed(editor: TestClient, settings: Settings) -> None:
    """Nothing is decided, and nothing has to be typed again."""
    status, page = sent(editor, "/announce", **FORM | {"zone": "Zurich", "minutes": "0"})

    assert status == 422
    assert "timezone" in page
    assert "Look *closely*" in page
    assert not settings.workspaces.exists() or not list(settings.workspaces.glob("[!.]*"))


def test_another_time_is_a_move(editor: TestClient, settings: Settings) -> None:
    """The form comes back as it was typed, and the address stays whatever the title says."""
    sent(editor, "/announce", **FORM)
    shown = editor.get(f"/events/{SLUG}/").text
    status, where = sent(editor, f"/events/{SLUG}/", **FORM | {"time": "16:00", "title": "Who did it?"})

    assert "Ana Lind | Chair, International Law | https://example.org/ana\nBo</textarea>" in shown
    assert (status, where) == (303, f"/events/{SLUG}/")
    assert "<strong>Moved.</strong>" in site_of(settings)
    assert [one.kind for one in Workspace(settings.workspaces / SLUG).decisions()] == ["announced", "moved"]


def test_it_is_cancelled_or_withdrawn(editor: TestClient, settings: Settings) -> None:
    """Each by a press, with the editor's name."""
    sent(editor, "/announce", **FORM)
    sent(editor, f"/events/{SLUG}/take-back", do="cancel")
    cancelled = site_of(settings)
    sent(editor, f"/events/{SLUG}/take-back", do="withdraw")

    assert "<strong>Cancelled.</strong>" in cancelled
    assert "has been withdrawn" in site_of(settings)
    assert {one.by for one in Workspace(settings.workspaces / SLUG).decisions()} == {"Ana Lind"}


def test_the_mail_is_there_to_open(editor: TestClient, settings: Settings) -> None:
    """Once it is due, the desk hands it out for a mail program."""
    sent(editor, "/announce", **FORM)
    workspace = Workspace(settings.workspaces / SLUG)
    decided = decided_announcement(workspace.decisions())
    assert decided
    known = read_announcement(workspace, decided.sha256)
    before = editor.get(f"/events/{SLUG}/mail").status_code
    draft_due_mails(settings, known.event.starts_at - timedelta(minutes=59))

    mail = editor.get(f"/events/{SLUG}/mail")

    assert before == 404
    assert (mail.status_code, mail.headers["content-type"]) == (200, "message/rfc822")
    assert JOIN in mail.text
    assert f"/events/{SLUG}/mail" in editor.get(f"/events/{SLUG}/").text


def test_what_the_form_does_not_ask_stays_as_staff_wrote_it(
    editor: TestClient, settings: Settings, tmp_path: Path
) -> None:
    """An event.toml announced by folder keeps its Chatham House rule when the desk changes the title."""
    announce(an_event_folder(tmp_path / "x", f"chatham_house = true\n{EVENT.replace('2027', '2097')}"), settings)

    sent(editor, f"/events/{SLUG}/", **FORM)

    workspace = Workspace(settings.workspaces / SLUG)
    decided = decided_announcement(workspace.decisions())
    assert decided
    assert read_announcement(workspace, decided.sha256).event.chatham_house
    assert "Ana Lind" not in site_of(settings)


@pytest.mark.parametrize("address", ["/announce", f"/events/{SLUG}/", f"/events/{SLUG}/take-back"])
def test_no_other_page_can_send_the_form(editor: TestClient, settings: Settings, address: str, tmp_path: Path) -> None:
    """Without the session's proof nothing is decided."""
    announce(an_event_folder(tmp_path / "x"), settings)

    assert editor.post(address, data=FORM | {"do": "withdraw", "proof": "x"}).status_code == 403
    assert len(Workspace(settings.workspaces / SLUG).decisions()) == 1


@pytest.mark.parametrize("address", ["/events/nowhere/", "/events/..%2f..%2f/", "/events/nowhere/mail"])
def test_what_was_never_announced_is_not_there(editor: TestClient, address: str) -> None:
    """An address of no event leads nowhere."""
    assert editor.get(address).status_code == 404


word = st.text(st.characters(exclude_categories=("C", "Z"), exclude_characters="|"), min_size=1, max_size=8)


@given(names=st.lists(st.tuples(word, word, word), max_size=3), description=st.text("a*-\n ", max_size=30))
def test_a_form_shows_again_what_was_typed_into_it(names: list[tuple[str, str, str]], description: str) -> None:
    """Lines with bars become the lists of event.toml, and lines again."""
    lines = "\n".join(" | ".join(parts) for parts in names)
    fields = FORM | {"speakers": lines, "description": description}

    table = table_from(fields, {"licence": "CC BY 4.0"})
    event = an_event(tags=tuple(table["tags"]))
    shown = form_fields(Announcement(event=event, event_file=""), table)

    assert (shown["speakers"], shown["description"], shown["tags"]) == (lines, description.strip(), "law, cyber")
    assert table["licence"] == "CC BY 4.0"
    assert set(LINES) <= set(shown)
