"""The list of drafts: what each is, since when, who is next, what is doubtful, and what failed."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from starlette.testclient import TestClient

from digest import editing
from digest.desk.overview import ago
from digest.model.digest import Digest
from digest.model.doubt import AtSentence, Doubt
from digest.settings import Settings
from digest.store.files import write_atomically
from digest.store.queue import Queue
from digest.store.workspace import Workspace
from tests.desk.conftest import SLUG, a_digest
from tests.desk.test_routes import send

NOW = datetime.now(UTC)


def the_list(editor: TestClient, find: str = "") -> str:
    """Return the list as text, without its tags."""
    return " ".join(re.sub(r"<[^>]*>", " ", editor.get("/", params={"find": find}).text).split())


def test_the_list_says_who_is_next_and_how_much_is_doubtful(editor: TestClient, workspace: Workspace) -> None:
    """Nobody has begun, then somebody has; places to check with their minutes; and when it was corrected."""
    doubt = Doubt(place=AtSentence(sentence="cc00000001"), kind="trap", probability=0.6)
    write_atomically(workspace.root / Digest.FILE, a_digest().model_copy(update={"doubts": (doubt,)}).canonical())
    before = the_list(editor)
    editing.reword(workspace, "bb00000001", "A norm is a hope.", by="Ben", at=NOW - timedelta(hours=5), seen=0)
    after = the_list(editor)

    assert "Next: An editor: nobody has begun" in before
    assert "1 to check , about 1 min" in before
    assert "draft just now" in before
    assert "Next: Ben, or another editor corrected 5 hours ago" in after


def test_a_picture_stands_beside_each(editor: TestClient, workspace: Workspace) -> None:
    """The first slide, small; to nobody who is not signed in."""
    assert f'<img src="/drafts/{SLUG}/picture"' in editor.get("/").text
    picture = editor.get(f"/drafts/{SLUG}/picture")

    assert (picture.status_code, picture.headers["content-type"]) == (200, "image/webp")
    editor.cookies.clear()
    assert editor.get(f"/drafts/{SLUG}/picture").status_code == 403


def test_what_is_out_stands_apart(editor: TestClient, workspace: Workspace) -> None:
    """What readers have asks for nothing; one whose publication failed is among what is to be done."""
    assert "To be done 1" in the_list(editor)
    draft = editing.read_draft(workspace)
    assert draft
    editing.approve(workspace, draft.edition.sha256(), by="Ana", at=NOW - timedelta(days=3))
    assert "Next: The program: it is being published" in the_list(editor)
    editing.mark_published(workspace, draft.edition.sha256(), by="Ana", at=NOW - timedelta(days=3))

    page = the_list(editor)

    assert "Out 1" in page
    assert "To be done" not in page
    assert "published 3 days ago" in page
    assert "Next:" not in page


@pytest.mark.parametrize(
    ("find", "is_found"), [("CYBER", True), ("okafor norms", True), ("draft", True), ("bees", False)]
)
def test_the_list_is_searched(editor: TestClient, workspace: Workspace, find: str, is_found: bool) -> None:
    """By words of the title, a person, or the state; without a script."""
    page = the_list(editor, find)

    assert ("Nothing has these words." in page) is not is_found
    assert f'value="{find}"' in editor.get("/", params={"find": find}).text


def test_a_draft_that_failed_is_tried_again(settings: Settings, editor: TestClient) -> None:
    """By the button beside the reason; a row that was asked for anew, or never failed, is not asked for twice."""
    queue = Queue(settings)
    queue.ask("draft", folder="/inbox/first", fingerprint="f", by="inbox")
    taken = queue.take()
    assert taken
    queue.finish(taken, "failed", "The disk is full.")
    page = editor.get("/").text
    fields = dict(re.findall(r'name="(proof|row)" value="([^"]+)"', page))

    assert "Next: Whoever put the files there" in the_list(editor)
    editor.post("/again", data=fields)
    assert "It is tried again now." in the_list(editor)
    editor.post("/again", data=fields)
    assert "It no longer waits." in the_list(editor)
    (again,) = queue.waiting("draft")
    assert (again.folder, again.fingerprint, again.asked_by) == ("/inbox/first", "f", "Ana Lind")


def test_an_approved_digest_has_its_receipt(editor: TestClient, workspace: Workspace) -> None:
    """Minutes, decisions, what was wrong most, and what the next webinars are told."""
    assert "What it took" not in editor.get(f"/drafts/{SLUG}/").text
    send(editor, "sentence", sentence="bb00000001", text="A norm is a hope.", do="save")
    send(editor, "correct", page="check", start="2", end="3.6", text="Good Evening", teach="organisation")
    send(editor, "approve")

    page = " ".join(editor.get(f"/drafts/{SLUG}/").text.split())

    assert "About 1 min and 2 decisions, by Ana Lind." in page
    assert "<li>sentence: 1</li>" in page
    assert "<li>words of the transcript: 1</li>" in page
    assert "The next webinars are told: Evening." in page


@pytest.mark.parametrize(
    ("seconds", "words"), [(5, "just now"), (60, "1 minute ago"), (7200, "2 hours ago"), (200_000, "2 days ago")]
)
def test_an_age_is_said_in_its_largest_unit(seconds: float, words: str) -> None:
    """Whole units, none rounded up."""
    assert ago(NOW - timedelta(seconds=seconds), NOW) == words
