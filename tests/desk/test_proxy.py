"""A proxy in front says who somebody is: from named addresses only."""

from dataclasses import dataclass

import pytest
from starlette.testclient import TestClient

from digest.desk.people import End
from digest.settings import Settings
from digest.store.workspace import Workspace
from tests.desk.accounts import DESK, Accounts, proof, several
from tests.desk.conftest import SLUG, a_workspace

HEADER = "X-Forwarded-User"
PROXY = "10.1.2.3"


@dataclass
class Behind(Accounts):
    """A desk behind a proxy."""

    def asking(self, name: str | None, address: str = PROXY) -> TestClient:
        """Return a browser whose requests reach the desk from an address, naming somebody."""
        headers = {} if name is None else {HEADER: name}
        return TestClient(self.app, base_url=DESK, follow_redirects=False, headers=headers, client=(address, 50_000))


@pytest.fixture
def behind(settings: Settings) -> Behind:
    """Return a desk behind a proxy, with an editor who may come in."""
    named = several(settings, login="proxy", proxy_header=HEADER, proxy_addresses=("127.0.0.1", "10.1.2.0/24"))
    desk = Behind(named)
    desk.people.invite("Ana Lind", "editor", "ana@example.org", desk.clock.now)
    return desk


@pytest.mark.parametrize("address", [PROXY, "127.0.0.1", "::ffff:10.1.2.3"])
def test_whom_the_proxy_names_is_in(behind: Behind, address: str) -> None:
    """The desk shows the person's own name, whatever the proxy calls them."""
    page = behind.asking("ana@example.org", address).get("/")

    assert page.status_code == 200
    assert "Ana Lind" in page.text


@pytest.mark.parametrize("address", ["10.1.3.3", "127.0.0.2", "::1", "testclient", ""])
def test_nobody_else_may_name_people(behind: Behind, address: str) -> None:
    """A header that somebody sends past the proxy is refused, and so is whoever comes without one."""
    for name in ("ana@example.org", None):
        for path in ("/", "/static/desk.css", "/login", "/session"):
            assert behind.asking(name, address).get(path).status_code == 403, (name, path)


def test_who_else_says_where_a_request_comes_from_is_not_believed(behind: Behind) -> None:
    """The address is that of the connection, and no header's."""
    forged = {"X-Forwarded-For": PROXY, "Forwarded": f"for={PROXY}", "X-Real-IP": PROXY}

    assert behind.asking("ana@example.org", "10.9.9.9").get("/", headers=forged).status_code == 403


@pytest.mark.parametrize(
    "names", [[], [""], ["  "], ["ana@example.org", "ana@example.org"], ["eve@example.org"], ["ANA LIND"]]
)
def test_whom_the_proxy_does_not_name_plainly_is_out(behind: Behind, names: list[str]) -> None:
    """Nobody, two people, or somebody who was not let in."""
    headers = [(HEADER, name) for name in names]

    answer = behind.asking(None).get("/", headers=headers)

    assert answer.status_code == 403
    assert "eve@example.org" not in names or "“eve@example.org”" in answer.text


def test_the_overlay_has_the_name_of_who_was_logged_in(behind: Behind) -> None:
    """Each line says who wrote it, and no form can say otherwise."""
    workspace: Workspace = a_workspace(behind.settings)
    browser = behind.asking("ana@example.org")
    struck = {"sentence": "bb00000001", "do": "strike", "revision": "0", "by": "Eve", "editor": "Eve"}

    answer = browser.post(f"/drafts/{SLUG}/sentence", data=struck | {"proof": proof(browser)})

    assert answer.status_code == 303
    assert [revision.by for revision in workspace.overlay().revisions] == ["Ana Lind"]


def test_another_person_in_the_same_browser_is_another_session(behind: Behind) -> None:
    """What one person's page would send is not sent in the name of the next."""
    behind.people.invite("Ben Ode", "editor", "ben@example.org", behind.clock.now)
    browser = behind.asking("ana@example.org")
    of_ana = proof(browser)
    browser.headers[HEADER] = "ben@example.org"

    answer = browser.post("/again", data={"row": "1", "proof": of_ana})

    assert answer.status_code == 403
    assert "Ben Ode" in browser.get("/").text


def test_a_session_is_begun_anew_where_the_last_one_ended(behind: Behind) -> None:
    """The proxy's word is enough; forms of before are refused, and a page that is still open gets a new proof."""
    browser = behind.asking("ana@example.org")
    old = proof(browser)
    behind.clock.seconds += 1
    behind.people.record("Ana Lind", End(), behind.clock.now)
    behind.clock.seconds += 1

    answer = browser.post("/again", data={"row": "1", "proof": old}, headers={"Accept": "application/json"})

    assert answer.status_code == 401
    assert proof(browser) != old
