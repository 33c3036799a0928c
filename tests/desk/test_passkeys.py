"""Logging in with a passkey, which somebody who was invited made."""

from datetime import timedelta

import pytest

from digest.desk.people import End, Remove
from digest.settings import Settings
from tests.desk.accounts import Accounts, a_passkey, proof, several
from tests.desk.authenticator import PRESENT


@pytest.fixture
def accounts(settings: Settings) -> Accounts:
    """Return a desk at which people log in with passkeys."""
    return Accounts(several(settings))


def test_an_invitation_leads_to_a_passkey_and_the_passkey_to_the_desk(accounts: Accounts) -> None:
    """Whoever is invited reads as what, makes a passkey, is in, and logs in with it from then on."""
    token = accounts.invite("Ana Lind", "approver")
    invitation = accounts.browser().get(f"/invitation?token={token}")
    accounts.enrol("Ana Lind", "approver")
    browser = accounts.browser()

    before, entered = browser.get("/"), accounts.log_in("Ana Lind", browser)

    assert "Ana Lind" in invitation.text
    assert "an approver" in invitation.text
    assert (before.status_code, entered.status_code) == (401, 200)
    assert "Ana Lind" in browser.get("/").text


def test_an_invitation_is_worth_nothing_once_used_or_old(accounts: Accounts) -> None:
    """Neither the link in a mailbox, nor one that a later one replaced, nor one that lay too long opens anything."""
    replaced = accounts.invite("Ana Lind", "editor")
    used = accounts.invite("Ana Lind", "editor")
    browser, passkey = accounts.browser(), a_passkey()
    made = passkey.make(browser.post(f"/invitation/options?token={used}").json())
    assert browser.post(f"/invitation?token={used}", json=made).status_code == 200

    for token in (replaced, used, "", "ü"):
        assert is_worth_nothing(accounts, token, made), token
    old = accounts.invite("Ben Ode", "editor")
    assert accounts.browser().get("/invitation", params={"token": old}).status_code == 200
    accounts.clock.seconds += timedelta(days=3).total_seconds()
    assert is_worth_nothing(accounts, old, made)


def is_worth_nothing(accounts: Accounts, token: str, made: dict[str, object]) -> bool:
    """Return whether a stranger is refused with it at every step."""
    stranger, asked = accounts.browser(), {"token": token}
    stranger.post("/login/options")
    answers = (
        stranger.get("/invitation", params=asked),
        stranger.post("/invitation/options", params=asked),
        stranger.post("/invitation", params=asked, json=made),
    )
    return all(answer.status_code == 403 for answer in answers)


def test_the_cookie_is_this_hosts_alone(accounts: Accounts) -> None:
    """It is sent by TLS only, to no other host, and no script reads it; after a login it is another one."""
    accounts.enrol("Ana Lind")
    browser = accounts.browser()
    asked = browser.post("/login/options")
    before = asked.headers["set-cookie"]
    signed = accounts.passkeys["Ana Lind"].sign(asked.json())
    after = browser.post("/login", json=signed).headers["set-cookie"]

    assert after.startswith("__Host-digest_desk=")
    assert {"secure", "httponly", "path=/", "samesite=lax"} <= {part.strip().lower() for part in after.split(";")}
    assert "domain" not in after.lower()
    assert before.split(";")[0] != after.split(";")[0]
    assert "max-age" in browser.get("/").headers["strict-transport-security"]


@pytest.mark.parametrize(
    "fault", ["replayed", "tried before", "unknown", "origin", "host", "unverified", "copied", "another's"]
)
def test_a_passkey_that_proves_nothing_is_refused(accounts: Accounts, fault: str) -> None:
    """A signature heard before, for another site, of an unknown key, of a locked device or of a copied key is none."""
    accounts.enrol("Ana Lind")
    passkey, browser = accounts.passkeys["Ana Lind"], accounts.browser()
    accounts.log_in("Ana Lind", accounts.browser())
    match fault:
        case "replayed":
            signed = passkey.sign(browser.post("/login/options").json())
            assert browser.post("/login", json=signed).status_code == 200
            browser.post("/login/options")
        case "tried before":  # a challenge is good for one answer, right or wrong
            signed = passkey.sign(browser.post("/login/options").json())
            browser.post("/login", json={})
        case "another's":  # a challenge that another browser was given
            signed = passkey.sign(accounts.browser().post("/login/options").json())
        case _:
            if fault == "unknown":
                passkey = a_passkey()
            elif fault == "origin":
                passkey.origin = "https://desk.example.org.evil.example"
            elif fault == "host":
                passkey.host = "evil.example"
            elif fault == "unverified":
                passkey.flags = PRESENT
            else:
                passkey.count = 0
            signed = passkey.sign(browser.post("/login/options").json())

    assert browser.post("/login", json=signed).status_code == 403
    assert fault == "replayed" or browser.get("/").status_code == 401


@pytest.mark.parametrize(
    "body", ["", "{}", "[]", "null", '{"id": 1}', '{"id":"a","rawId":"a","response":{},"type":"x"}', "\ud800"]
)
def test_what_is_no_answer_of_a_browser_is_refused(accounts: Accounts, body: str) -> None:
    """Nonsense gets the same refusal as a wrong passkey."""
    token, browser = accounts.invite("Ana Lind", "editor"), accounts.browser()
    browser.post("/login/options")
    content = body.encode("utf-8", "surrogatepass")

    assert browser.post("/login", content=content).status_code == 403
    assert browser.post(f"/invitation?token={token}", content=content).status_code == 403
    assert browser.get(f"/invitation?token={token}").status_code == 200


def test_a_login_leads_to_the_page_that_was_asked_for_and_never_elsewhere(accounts: Accounts) -> None:
    """A link from a mail opens its page after the login; a link to another site does not leave the desk."""
    accounts.enrol("Ana Lind")
    passkey = accounts.passkeys["Ana Lind"]

    assert 'data-next="/drafts/x/?open=1"' in accounts.browser().get("/drafts/x/?open=1").text
    for asked, shown in (("/drafts/x/", "/drafts/x/"), ("//evil.example", "/"), ("/\\evil.example", "/"), ("x:", "/")):
        browser = accounts.browser()
        signed = passkey.sign(browser.post("/login/options").json())
        assert browser.post("/login", params={"next": asked}, json=signed).json() == {"next": shown}


def test_a_session_ends_when_nothing_is_asked_for(accounts: Accounts) -> None:
    """After an hour without a request, and after twelve hours whatever is asked."""
    idle, busy = accounts.enrol("Ana Lind"), accounts.enrol("Ben Ode")
    for _ in range(12):
        accounts.clock.seconds += 59 * 60
        assert busy.get("/").status_code == 200

    assert idle.get("/").status_code == 401
    accounts.clock.seconds += 12 * 60
    assert busy.get("/").status_code == 401


def test_who_logs_out_is_out(accounts: Accounts) -> None:
    """The cookie is worth nothing afterwards, also to somebody who kept it."""
    browser = accounts.enrol("Ana Lind")
    kept = browser.cookies["__Host-digest_desk"]

    left = browser.post("/logout", data={"proof": proof(browser)})
    browser.cookies.set("__Host-digest_desk", kept, domain="desk.example.org", path="/")

    assert (left.status_code, left.headers["location"]) == (303, "/login")
    assert browser.get("/").status_code == 401


@pytest.mark.parametrize("change", [End(), Remove()])
def test_a_command_ends_all_sessions_of_a_person(accounts: Accounts, change: End | Remove) -> None:
    """On every device and at once; others work on. Only somebody who was removed cannot log in again."""
    one, other = accounts.enrol("Ana Lind"), accounts.enrol("Ben Ode")
    two = accounts.browser()
    accounts.log_in("Ana Lind", two)
    accounts.clock.seconds += 1
    accounts.people.record("Ana Lind", change, accounts.clock.now)
    accounts.clock.seconds += 1

    again = accounts.log_in("Ana Lind", accounts.browser())

    assert [browser.get("/").status_code for browser in (one, two, other)] == [401, 401, 200]
    assert again.status_code == (200 if isinstance(change, End) else 403)


def test_who_is_invited_again_finds_no_old_session(accounts: Accounts) -> None:
    """A person who was removed and is let in again begins anew."""
    browser = accounts.enrol("Ana Lind")
    accounts.clock.seconds += 1
    accounts.people.record("Ana Lind", Remove(), accounts.clock.now)
    accounts.clock.seconds += 1
    accounts.invite("Ana Lind", "editor")

    assert browser.get("/").status_code == 401
    assert accounts.log_in("Ana Lind", accounts.browser()).status_code == 403


def test_a_role_that_changes_holds_at_once(accounts: Accounts) -> None:
    """Who is made an editor approves nothing any more, in a session that was open before."""
    browser = accounts.enrol("Ana Lind", "approver")
    before = browser.get("/drafts/x/retract").status_code
    accounts.invite("Ana Lind", "editor")

    assert (before, browser.get("/drafts/x/retract").status_code) == (404, 403)


def test_a_passkey_is_one_persons(accounts: Accounts) -> None:
    """Nobody takes over what another logs in with by enrolling it once more."""
    accounts.enrol("Ana Lind", "approver")
    token, browser = accounts.invite("Ben Ode", "editor"), accounts.browser()
    copied = a_passkey()
    copied.id = accounts.passkeys["Ana Lind"].id
    made = copied.make(browser.post(f"/invitation/options?token={token}").json())

    answer = browser.post(f"/invitation?token={token}", json=made)

    assert answer.status_code == 403
    assert "somebody's already" in answer.json()["problem"]
    assert accounts.log_in("Ana Lind", accounts.browser()).status_code == 200


def test_where_the_list_of_people_is_damaged_nobody_is_in(accounts: Accounts) -> None:
    """Who had a session reads what is wrong, and whoever looks after the desk what to do."""
    browser = accounts.enrol("Ana Lind")
    accounts.people.path.write_text("<<<<<<< conflict\n", encoding="utf-8")

    answer = browser.get("/")

    assert answer.status_code == 503
    assert "The file of who may come in is damaged." in answer.text


def test_strangers_do_not_fill_the_memory(accounts: Accounts) -> None:
    """Who only begins to log in takes the place of others who did, and of nobody who is at work."""
    worker, first = accounts.enrol("Ana Lind"), accounts.browser()
    options = first.post("/login/options").json()
    crowd = accounts.browser()
    for _ in range(1000):
        crowd.post("/login/options")
        crowd.cookies.clear()

    assert first.post("/login", json=accounts.passkeys["Ana Lind"].sign(options)).status_code == 403
    assert worker.get("/").status_code == 200
