"""Several people at one draft: who is here, what they say to each other, and what waits for it."""

import re

import pytest
from starlette.testclient import TestClient

from digest import editing
from digest.desk.presence import SEEN_FOR
from digest.model.artifact import Span
from digest.model.comments import Comment
from digest.model.digest import Digest
from digest.model.doubt import AtSentence
from digest.settings import Settings
from digest.store.files import write_atomically
from digest.store.workspace import COMMENTS, Workspace
from tests.desk.accounts import Accounts, proof, several
from tests.desk.conftest import SLUG, a_digest, a_workspace

DRAFT = f"/drafts/{SLUG}/"
BUTTON = "Approve and publish"
POINT = "bb00000001"


@pytest.fixture
def accounts(settings: Settings) -> Accounts:
    """Return a desk for several people, with a draft."""
    desk = Accounts(several(settings))
    a_workspace(desk.settings)
    return desk


@pytest.fixture
def workspace(accounts: Accounts) -> Workspace:
    """Return the draft."""
    return Workspace(accounts.settings.workspaces / SLUG)


@pytest.fixture
def ana(accounts: Accounts) -> TestClient:
    """Return the browser of an editor."""
    return accounts.enrol("Ana Lind")


@pytest.fixture
def ben(accounts: Accounts) -> TestClient:
    """Return the browser of an approver."""
    return accounts.enrol("Ben Ode", "approver")


def send(browser: TestClient, act: str, **fields: str) -> int:
    """Send a form, as somebody who saw the draft as it is now; return the answer's status."""
    page = browser.get(DRAFT).text
    found = {name: re.search(rf'name="{name}" value="([^"]*)"', page) for name in ("revision", "edition")}
    seen = {name: one[1] for name, one in found.items() if one}
    status: int = browser.post(f"{DRAFT}{act}", data=seen | {"proof": proof(browser)} | fields).status_code
    return status


def test_a_comment_stands_where_it_was_made(ana: TestClient, ben: TestClient, workspace: Workspace) -> None:
    """At the sentence and the passage, for others too, with answers, until it is settled; readers get none of it."""
    send(ana, "comment", sentence=POINT, comment="Is this\nwhat he said?", assignee="Ben Ode")
    send(ana, "comment", passage="2000", words="welcome to", page="transcript", comment="Too loud here.")
    opened = ana.get(f"{DRAFT}?open={POINT}").text.partition('action="/drafts/cyber-norms/comment"')[2]
    before = ben.get(DRAFT).text
    send(ben, "reply", page="comments", thread="1", comment="Word for word.")
    listed = ana.get(f"{DRAFT}comments").text

    assert f'name="sentence" value="{POINT}"' in opened.partition("</form>")[0]
    row = before.partition(f'id="s-{POINT}"')[2].partition('id="s-')[0]
    assert "Is this\nwhat he said?" in row
    assert "<strong>Ana Lind</strong> to <strong>Ben Ode</strong>" in row
    assert "Too loud here." in ben.get(f"{DRAFT}transcript").text
    assert all(words in listed for words in ("Word for word.", "A norm is an expectation.", "welcome to"))
    assert "Too loud" not in ben.get(f"{DRAFT}preview/").text
    places = [one.said.place for one in workspace.comments() if isinstance(one.said, Comment)]
    assert places == [AtSentence(sentence=POINT), Span(start=3.2, end=4.001)]
    send(ben, "settle", thread="1")
    assert "what he said?" not in ana.get(DRAFT).text
    assert "Settled by Ben Ode" in ana.get(f"{DRAFT}comments").text
    assert workspace.overlay().revisions == ()


def test_a_comment_may_hold_up_approval(ana: TestClient, ben: TestClient, workspace: Workspace) -> None:
    """Neither the button nor a form sent without it approves; settled, the very same draft is approved."""
    edition = editing.read_draft(workspace)
    assert edition
    send(ana, "comment", comment="The sponsor must see it.", blocks="on")
    page, refused = ben.get(DRAFT).text, send(ben, "approve", edition=edition.edition.sha256())
    listed = ana.get("/").text
    send(ana, "settle", thread="1")
    approved = send(ben, "approve", edition=edition.edition.sha256())

    assert BUTTON not in page
    assert "holds up approval: “The sponsor must see it.”" in page
    assert "1 open comment</a>, 1 of them holds up approval" in listed
    assert (refused, approved) == (409, 303)
    assert [one.edition for one in workspace.decisions()] == [edition.edition.sha256()]


def test_a_draft_is_handed_over(accounts: Accounts, ana: TestClient, ben: TestClient, workspace: Workspace) -> None:
    """Who works on it stands in the list, is found there, and at the draft; nobody again, and it is anybody's."""
    send(ana, "hand_over", page="comments", assignee="Ben Ode")
    handed = ben.get("/?find=ben+ode").text
    at_draft = ben.get(DRAFT).text
    send(ben, "hand_over", page="comments", assignee="")

    assert "Next:</strong> Ben Ode" in handed
    assert f'with <a href="{DRAFT}comments">Ben Ode</a>' in at_draft
    assert '<option value="Ben Ode">' in ana.get(f"{DRAFT}comments").text
    assert "Nothing has these words" in ana.get("/?find=ben+ode").text
    assert workspace.decisions() == ()
    assert accounts.people.accounts().keys() == {"Ana Lind", "Ben Ode"}


def test_who_else_is_here_is_shown(accounts: Accounts, ana: TestClient, ben: TestClient) -> None:
    """Where they are, not oneself, and no longer than a minute after the last sign of them."""
    assert "Also here" not in ana.get(DRAFT).text
    ben.get(f"{DRAFT}?open={POINT}")
    at_account, alone = ana.get(f"{DRAFT}here?page=check").text, ben.get(f"{DRAFT}here").text
    ben.get(f"{DRAFT}transcript")
    at_transcript = ana.get(f"{DRAFT}here").text
    accounts.clock.seconds += SEEN_FOR + 1

    assert f'<strong>Ben Ode</strong> (<a href="{DRAFT}#s-{POINT}">Account</a>)' in at_account
    assert '<strong>Ana Lind</strong> (<a href="/drafts/cyber-norms/check">Check</a>)' in alone
    assert "Transcript</a>" in at_transcript
    assert "Also here" not in ana.get(DRAFT).text


def test_a_page_that_asks_by_itself_keeps_nobody_logged_in(accounts: Accounts, ana: TestClient) -> None:
    """A tab that was left open asks who is here for ever: the session ends all the same."""
    for _ in range(round(accounts.settings.desk.idle_minutes) + 1):
        accounts.clock.seconds += 60
        last = ana.get(f"{DRAFT}here")

    assert last.status_code == 401


def test_two_comments_at_once_both_stand(ana: TestClient, ben: TestClient, workspace: Workspace) -> None:
    """Nobody's words wait for, or overwrite, another's; a text that changed meanwhile refuses no comment."""
    old = {"proof": proof(ana), "sentence": POINT, "comment": "First."}
    send(ben, "sentence", sentence=POINT, do="save", text="A norm is a hope.")
    send(ben, "comment", sentence=POINT, comment="Second.")

    assert ana.post(f"{DRAFT}comment", data=old).status_code == 303
    assert [one.said.text for one in workspace.comments() if isinstance(one.said, Comment)] == ["Second.", "First."]


@pytest.mark.parametrize(
    ("act", "fields"),
    [
        ("comment", {"comment": " \n"}),
        ("comment", {"comment": "x" * 2001}),
        ("comment", {"comment": "x", "sentence": "nosuch"}),
        ("comment", {"comment": "x", "passage": "2000", "words": "never said"}),
        ("reply", {"comment": "x", "thread": "9"}),
        ("settle", {"thread": "none"}),
        ("hand_over", {"assignee": "x" * 300}),
    ],
)
def test_what_makes_no_sense_is_refused(
    ana: TestClient, workspace: Workspace, act: str, fields: dict[str, str]
) -> None:
    """In words, and nothing is written."""
    assert send(ana, act, page="comments", **fields) == 409
    assert not (workspace.root / COMMENTS).exists() or workspace.comments() == ()


def test_a_comment_outlives_its_sentence(workspace: Workspace, ana: TestClient) -> None:
    """After a run that no longer writes the sentence it is listed with the words that it was about."""
    send(ana, "comment", sentence=POINT, comment="Keep this.")
    digest = a_digest().model_copy(update={"key_points": ()})
    write_atomically(workspace.root / Digest.FILE, digest.canonical())
    write_atomically(workspace.root / "provenance.json", b'{"take_in": {}}\n')

    listed = ana.get(f"{DRAFT}comments").text

    assert "Keep this." in listed
    assert "A norm is an expectation." in listed
    assert "no longer there" in listed
