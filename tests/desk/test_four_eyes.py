"""What an editor and an approver see where a draft is approved, and where four eyes are asked for."""

import pytest

from digest import editing
from digest.settings import Settings
from digest.store.workspace import Workspace
from tests.desk.accounts import Accounts, proof, several
from tests.desk.conftest import SLUG, a_workspace

DRAFT = f"/drafts/{SLUG}/"
BUTTON = "Approve and publish"


@pytest.fixture
def accounts(settings: Settings) -> Accounts:
    """Return a desk that asks for four eyes, with a draft."""
    desk = Accounts(several(settings, four_eyes=True))
    a_workspace(desk.settings)
    return desk


def test_an_editor_is_not_offered_what_approvers_do(accounts: Accounts) -> None:
    """Who may not approve reads who does, and nothing offers to retract."""
    editor, approver = accounts.enrol("Ana Lind"), accounts.enrol("Ben Ode", "approver")

    page = editor.get(DRAFT).text

    assert BUTTON in approver.get(DRAFT).text
    assert BUTTON not in page
    assert "An approver reads the draft and approves it." in page


def test_who_changed_a_draft_last_sees_that_another_approves(accounts: Accounts) -> None:
    """The button goes where it would be refused, and the decision has the name of who pressed it."""
    ana, ben = accounts.enrol("Ana Lind", "approver"), accounts.enrol("Ben Ode", "approver")
    struck = {"sentence": "bb00000001", "do": "strike", "revision": "0", "proof": proof(ana)}
    ana.post(f"{DRAFT}sentence", data=struck)
    workspace = Workspace(accounts.settings.workspaces / SLUG)
    draft = editing.read_draft(workspace)
    assert draft
    asked = {"edition": draft.edition.sha256()}

    refused = ana.post(f"{DRAFT}approve", data=asked | {"proof": proof(ana)})
    approved = ben.post(f"{DRAFT}approve", data=asked | {"proof": proof(ben)})

    assert BUTTON not in ana.get(DRAFT).text
    assert (refused.status_code, approved.status_code) == (409, 303)
    assert "You changed this draft last." in refused.text
    assert [decision.by for decision in workspace.decisions()] == ["Ben Ode"]
