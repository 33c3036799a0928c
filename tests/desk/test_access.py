"""Who comes in at the desk, and who does not."""

import pytest
from starlette.testclient import TestClient

from digest.store.workspace import Workspace
from tests.desk.conftest import HERE, SLUG, TOKEN

DRAFT = f"/drafts/{SLUG}/"


def test_the_link_asks_for_a_name_and_opens_the_desk(desk: TestClient) -> None:
    """The printed link leads to a form; with a name the editor is in."""
    form = desk.get(f"/enter?token={TOKEN}")
    entered = desk.post("/enter", data={"token": TOKEN, "name": "Ana Lind"})

    assert "Your name" in form.text
    assert (entered.status_code, entered.headers["location"]) == (303, "/")
    assert "httponly" in entered.headers["set-cookie"].lower()
    assert "samesite=strict" in entered.headers["set-cookie"].lower()
    assert "Ana Lind" in desk.get("/").text


def test_a_link_opens_the_desk_once(editor: TestClient) -> None:
    """A link found in a history later is worth nothing."""
    editor.cookies.clear()

    looked = editor.get(f"/enter?token={TOKEN}")
    tried = editor.post("/enter", data={"token": TOKEN, "name": "Eve"})

    assert (looked.status_code, tried.status_code) == (403, 403)
    assert "used before" in looked.text


@pytest.mark.parametrize("path", ["/", DRAFT, f"{DRAFT}clip?start=0&end=1", f"{DRAFT}preview/", "/nowhere"])
def test_without_a_session_there_is_only_a_plain_page(desk: TestClient, workspace: Workspace, path: str) -> None:
    """Whoever is not signed in learns what to do, and nothing else."""
    answer = desk.get(path)

    assert answer.status_code == 403
    assert "digest review" in answer.text
    assert "Cyber norms" not in answer.text


@pytest.mark.parametrize("token", ["", "wrong", "ü"])
def test_a_wrong_token_opens_nothing(desk: TestClient, token: str) -> None:
    """Guessing does not help, and does not use up the true link."""
    answer = desk.post("/enter", data={"token": token, "name": "Eve"})

    assert answer.status_code == 403
    assert desk.get(f"/enter?token={TOKEN}").status_code == 200


@pytest.mark.parametrize("name", ["", "   ", "A\x00B", "x" * 81])
def test_an_editor_has_a_name(desk: TestClient, name: str) -> None:
    """Without a name that can be recorded nobody gets in, and the link still works."""
    answer = desk.post("/enter", data={"token": TOKEN, "name": name})

    assert answer.status_code == 422
    assert desk.post("/enter", data={"token": TOKEN, "name": "Ana"}).status_code == 303


@pytest.mark.parametrize(
    "host", ["desk.example.org", "127.0.0.1.example.org", "127.0.0.1:80/enter", "localhost:x", "[::2]", ""]
)
def test_a_foreign_name_for_this_machine_is_refused(editor: TestClient, host: str) -> None:
    """A web site that points its own name at this machine gets no page."""
    assert editor.get("/", headers={"Host": host}).status_code == 403


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:9999"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
def test_a_form_of_another_site_is_refused(editor: TestClient, workspace: Workspace, headers: dict[str, str]) -> None:
    """Another page in the same browser cannot approve anything."""
    answer = editor.post(f"{DRAFT}approve", data={"edition": "0" * 64}, headers=headers)

    assert answer.status_code == 403
    assert "did not come from a page of the desk" in answer.text


def test_a_form_without_the_sessions_proof_is_refused(editor: TestClient, workspace: Workspace) -> None:
    """A form that our own page did not make changes nothing, whatever its headers say."""
    headers = {"Origin": HERE, "Sec-Fetch-Site": "same-origin"}

    answer = editor.post(
        f"{DRAFT}sentence",
        data={"sentence": "bb00000001", "do": "strike", "revision": "0", "proof": "guessed"},
        headers=headers,
    )

    assert answer.status_code == 403
    assert workspace.overlay().revisions == ()


def test_a_form_too_large_is_refused(editor: TestClient, workspace: Workspace) -> None:
    """Nobody fills the memory with one form."""
    answer = editor.post(f"{DRAFT}sentence", data={"text": "x" * 1_000_001})

    assert answer.status_code == 413


def test_every_answer_carries_the_headers(desk: TestClient) -> None:
    """Pages, refusals and files are neither framed, cached nor guessed at, and load nothing foreign."""
    for path in (f"/enter?token={TOKEN}", "/", "/static/desk.css"):
        headers = desk.get(path).headers

        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert "'unsafe" not in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["cache-control"] == "no-store"
