"""Who may do what: every route for everybody in every state, as the table of rules says, and nothing else."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from httpx import Response
from starlette.routing import Route
from starlette.testclient import TestClient

from digest import editing
from digest.desk import app
from digest.desk.people import End, Remove, User
from digest.desk.rules import DOORS, Door, Found, anyone, approvers, door, monitors, speakers
from digest.editing import comments, consent
from digest.editing.comments import holding_up
from digest.editing.speaker_links import link_path
from digest.model.consent import RatherNot
from digest.settings import Settings
from digest.store.queue import Queue
from digest.store.workspace import COMMENTS, CONSENT, DECISIONS, OVERLAY, Workspace
from tests.builders import an_event
from tests.desk.accounts import Accounts, proof, several
from tests.desk.conftest import SLUG, a_workspace

EDITOR, APPROVER = "Ana Lind", "Ben Ode"
STRANGERS = ("nobody", "on the way in", "idle too long", "ended", "removed", "made up")
PEOPLE = {
    "editor": User(name=EDITOR, role="editor", login=EDITOR),
    "approver": User(name=APPROVER, role="approver", login=APPROVER),
}
STATES = ("draft", "guessed", "own", "held up", "unanswered", "approved", "published", "retracted", "absent")
WRITTEN = (OVERLAY, DECISIONS, COMMENTS, CONSENT)
SPEAKER = "Daniel Okafor"
LINKS = ("live", "ended", "expired", "followed", "forged", "of another webinar", "of another speaker")
LOGINS: tuple[dict[str, object], ...] = (
    {"login": "link", "address": ""},
    {"login": "passkeys"},
    {"login": "oidc", "oidc_issuer": "https://login.example.org", "oidc_client": "desk"},
    {"login": "proxy", "proxy_header": "X-User", "proxy_addresses": ("127.0.0.1",)},
)
FORMS = {  # what makes some forms complete; the others are refused for what they lack, once their door has opened
    "sentence": {"sentence": "bb00000001", "do": "strike", "revision": "0"},
    "mask": {"value": "Daniel Okafor", "revision": "0"},
    "waive": {"name": SPEAKER, "text": "Away until spring."},
}


@dataclass
class House:
    """A desk with a webinar in one state, and browsers of everybody who may ask for something."""

    accounts: Accounts
    workspace: Workspace
    state: str
    browsers: dict[str, TestClient]
    queue: Queue

    def found(self, person: User) -> Found:
        """Return what the draft is for somebody."""
        state = self.state if self.state in ("approved", "published", "retracted") else "draft"
        is_own = self.state == "own" and self.workspace.overlay().revisions[-1].by == person.name
        is_held_up = bool(holding_up(self.workspace.comments()))
        is_guessed, is_unanswered = self.state == "guessed", self.state == "unanswered"
        return Found(state, is_guessed, is_own, is_held_up, is_unanswered)

    def written(self) -> tuple[object, ...]:
        """Return all that a request may have changed."""
        files = (self.workspace.root / name for name in WRITTEN)
        return (*(file.read_bytes() if file.is_file() else b"" for file in files), self.queue.last(SLUG))

    def put_back(self, written: tuple[object, ...]) -> None:
        """Write the webinar's files as they were."""
        for name, content in zip(WRITTEN, written, strict=False):
            assert isinstance(content, bytes)
            (self.workspace.root / name).write_bytes(content)

    def ask(self, who: str, method: str, pattern: str, **fields: str) -> Response:
        """Send what a route takes, from somebody's browser."""
        names = {"slug": SLUG if self.state != "absent" else "nowhere", "name": "desk.css", "sha256": "0" * 64}
        path = pattern.format_map(names)
        if method == "GET":
            shown: Response = self.browsers[who].get(path)
            return shown
        act = pattern.rpartition("/")[2]
        form = {"edition": self.edition() if act == "approve" else "", **FORMS.get(act, {}), **fields}
        done: Response = self.browsers[who].post(path, data=form)
        return done

    def edition(self) -> str:
        """Return the hash of the draft as it stands."""
        draft = editing.read_draft(self.workspace)
        return draft.edition.sha256() if draft else ""


@pytest.fixture(scope="module", params=STATES)
def house(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> House:
    """Return the desk with a webinar in each state."""
    return a_house(tmp_path_factory.mktemp("house"), request.param)


def a_house(folder: Path, state: str) -> House:
    """Return a desk with a webinar in this state."""
    settings = Settings(workspaces=folder / "workspaces", public=folder / "public", state=folder / "state")
    accounts = Accounts(several(settings, four_eyes=state == "own"))
    changed: dict[str, dict[str, object]] = {"guessed": {"guessed": ("title",)}, "unanswered": {"consent": "asked"}}
    event = an_event(**changed.get(state, {}))
    workspace = a_workspace(accounts.settings, event)
    house = House(accounts, workspace, state, browsers(accounts), Queue(accounts.settings))
    by_ana: dict[str, Any] = {"by": EDITOR, "at": accounts.clock.now}
    if state == "own":
        editing.strike(workspace, "cc00000001", by=APPROVER, at=accounts.clock.now, seen=0)
    if state == "held up":
        draft = editing.read_draft(workspace)
        assert draft
        comments.comment(workspace, draft, "Not yet.", blocks=True, **by_ana)
    if state in ("approved", "published", "retracted"):
        editing.approve(workspace, house.edition(), **by_ana)
    if state == "published":
        editing.mark_published(workspace, house.edition(), **by_ana)
    if state == "retracted":
        editing.retract(workspace, **by_ana)
    return house


def browsers(accounts: Accounts) -> dict[str, TestClient]:
    """Return a browser of everybody: of strangers, also of those who were people once, and of people."""
    found = {"nobody": accounts.browser(), "made up": accounts.browser(), "on the way in": accounts.browser()}
    found["made up"].cookies.set("__Host-digest_desk", "x" * 43, domain="desk.example.org", path="/")
    found["idle too long"] = accounts.enrol("Old Hand", "approver")
    accounts.clock.seconds += 2 * 3600
    found |= {"ended": accounts.enrol("Eve", "approver"), "removed": accounts.enrol("Rex", "approver")}
    accounts.clock.seconds += 1
    accounts.people.record("Eve", End(), accounts.clock.now)
    accounts.people.record("Rex", Remove(), accounts.clock.now)
    accounts.clock.seconds += 1
    found |= {who: accounts.enrol(person.name, person.role) for who, person in PEOPLE.items()}
    found["on the way in"].post("/login/options")
    return found


def inner() -> Iterator[tuple[str, str, Door]]:
    """Yield the routes that are not open to everybody, but for the way out: it ends the session."""
    yield from (
        (method, pattern, found)
        for (method, pattern), found in DOORS.items()
        # of monitors tests/desk/test_metrics.py says more, of speakers the test of links
        if found.who not in (anyone, monitors, speakers) and pattern != "/logout"
    )


@pytest.mark.parametrize("who", STRANGERS)
def test_a_stranger_gets_nothing(house: House, who: str) -> None:
    """Nobody who has not logged in, or has no longer, reads or changes a thing, or learns what there is."""
    before = house.written()
    for method, pattern, _ in inner():
        answer = house.ask(who, method, pattern, proof="guessed")

        assert answer.status_code == 401, (method, pattern)
        assert "Cyber norms" not in answer.text
    assert house.written() == before


@pytest.mark.parametrize("who", PEOPLE)
def test_everybody_may_do_what_the_table_says(house: House, who: str) -> None:
    """A door that is not theirs stays shut, one that the draft's state shuts says so, and all others open."""
    person, sent = PEOPLE[who], proof(house.browsers[who])
    for method, pattern, found in inner():
        before = house.written()

        status = house.ask(who, method, pattern, proof=sent).status_code

        if not found.who.allows(person):
            assert status == 403, (method, pattern)
        elif "{slug}" in pattern and house.state == "absent":
            assert status == 404, (method, pattern)
        elif pattern.startswith(("/announce", "/events/")):  # nothing is announced here: tests/desk/test_announcing.py
            assert status in (200, 404, 422), (method, pattern, status)
        elif not found.when(house.found(person)):
            assert status == 409, (method, pattern)
        elif found.who is approvers or pattern.rpartition("/")[2] in FORMS or method == "GET":
            assert status in (200, 303) or "clip" in pattern or "files" in pattern, (method, pattern, status)
        else:
            assert status in (303, 404, 409, 412, 422), (method, pattern, status)
        if status not in (200, 303):
            assert house.written()[:4] == before[:4], (method, pattern)
        house.put_back(before)


def test_no_form_goes_through_without_its_proof(house: House) -> None:
    """Not even an approver's, whose browser another site may have led here."""
    before = house.written()
    for method, pattern, _ in inner():
        if method == "POST":
            assert house.ask("approver", method, pattern, proof="guessed").status_code == 403, pattern
            assert house.ask("approver", method, pattern).status_code == 403, pattern
    assert house.written() == before


@pytest.mark.parametrize("link", LINKS)
def test_a_link_opens_the_page_of_its_speaker_and_nothing_else(house: House, link: str) -> None:
    """In every state of the draft; one that has ended, was taken back, or is made up gets one and the same answer."""
    before, path = house.written(), a_link(house, link)
    is_open = link in ("live", "of another speaker") and house.state != "absent"
    visitor = house.accounts.browser()

    page, clip = visitor.get(path), visitor.get(f"{path}clip?start=0&end=1")
    answer = visitor.post(path, data={"do": "rather not", "text": "It was wrong."})

    assert (page.status_code, answer.status_code) == ((200, 303) if is_open else (403, 403))
    assert clip.status_code == (404 if is_open else 403)
    assert ("Cyber norms" in page.text) == is_open
    said = [one.said for one in house.workspace.consent()][-1:]
    assert bool(said and isinstance(said[0], RatherNot)) == is_open
    for method, pattern, _ in inner() if link == "live" else ():
        names = {"slug": SLUG, "name": "desk.css", "sha256": "0" * 64}
        asked = visitor.request(method, pattern.format_map(names), headers={"Referer": path})
        assert asked.status_code == 401, (method, pattern)
    house.put_back(before)


def a_link(house: House, kind: str) -> str:
    """Return a path as somebody may have it whose link is of this kind, in good faith or not."""
    now: datetime = house.accounts.clock.now
    if house.state == "absent":
        return "/speaker/nowhere/1-" + "A" * 43 + "/"
    days = 1 if kind == "expired" else 14
    at = now - timedelta(days=2) if kind == "expired" else now
    name = "Somebody Else" if kind == "of another speaker" else SPEAKER
    line = consent.ask_speaker(house.workspace, name, at=at, days=days, by=EDITOR)
    path = link_path(house.workspace, line)
    match kind:
        case "ended":
            consent.end_link(house.workspace, line.number, at=now, by=EDITOR)
        case "followed":
            consent.ask_speaker(house.workspace, name, at=now, by=EDITOR)
        case "forged":
            path = f"{path[:-2]}{'A' if path[-2] != 'A' else 'B'}/"
        case "of another webinar":
            path = path.replace(SLUG, "other-norms")
    return path


def test_the_way_in_lets_nobody_in_by_itself(house: House) -> None:
    """Asking for each page on the way in, with nothing to show, leaves a stranger a stranger."""
    for (method, pattern), found in DOORS.items():
        if found.who is anyone:
            house.ask("nobody", method, pattern)

            assert house.browsers["nobody"].get("/").status_code == 401, (method, pattern)


def test_only_approvers_decide_and_only_the_way_in_is_open() -> None:
    """What the table says, said once more: a slip in it would be a slip in all that is made from it."""
    open_doors = {pattern.split("/")[1] for (_, pattern), found in DOORS.items() if found.who is anyone}
    deciding = {pattern.rpartition("/")[2] for (_, pattern), found in DOORS.items() if found.who is approvers}

    assert open_doors == {"static", "enter", "login", "invitation"}
    assert [pattern for (_, pattern), found in DOORS.items() if found.who is monitors] == ["/metrics"]
    assert [pattern for (_, pattern), found in DOORS.items() if found.who is speakers] == [
        "/speaker/{slug}/{token}/",
        "/speaker/{slug}/{token}/clip",
        "/speaker/{slug}/{token}/",
    ]
    assert deciding == {"approve", "retract", "waive", "announce", "take-back", ""}  # "": of an announced event


@pytest.mark.parametrize("login", LOGINS, ids=lambda login: str(login["login"]))
def test_no_route_is_without_a_rule(
    settings: Settings, login: dict[str, object], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever the desk serves stands in the table; a route that somebody forgets there is served to nobody."""
    monkeypatch.setenv("DIGEST_OIDC_SECRET", "hunter2")
    for route in app(several(settings, **login)).routes:
        assert isinstance(route, Route)
        for method in route.methods or ():
            assert rows(method, route.path), (method, route.path)


def test_the_table_has_no_row_that_nothing_serves(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """A rule for a route that is gone would be a promise about nothing."""
    monkeypatch.setenv("DIGEST_OIDC_SECRET", "hunter2")
    served: set[tuple[str, str]] = set()
    for login in LOGINS:
        for route in app(several(settings, **login)).routes:
            assert isinstance(route, Route)
            served |= {row for method in route.methods or () for row in rows(method, route.path)}

    assert served == set(DOORS)


def rows(method: str, pattern: str) -> list[tuple[str, str]]:
    """Return the rows of the table that a route is served by: one for each page and form where it takes any."""
    part = pattern.rpartition("/")[2]
    if part not in ("{page}", "{act}"):
        return [(method.replace("HEAD", "GET"), pattern)] if door(method, pattern, {}) else []
    asked = "GET" if part == "{page}" else "POST"
    start = pattern.removesuffix(part)
    return [row for row in DOORS if row[0] == asked and row[1].startswith(start) and row[1] != start]
