"""Several people at the desk in a real browser, whose device keeps passkeys."""

import socket
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, CDPSession, Page

from digest.desk.people import People, Remove, Role
from digest.model.overlay import Reword
from digest.settings import Settings
from digest.store.workspace import Workspace
from tests.desk.accounts import Clock, several
from tests.desk.conftest import SLUG, a_workspace
from tests.desk.test_in_a_browser import serving

DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@dataclass
class Served:
    """A desk for several people, as it is served on this machine."""

    settings: Settings
    clock: Clock
    address: str

    def invitation(self, name: str, role: Role = "editor") -> str:
        """Invite somebody and return the link."""
        token = People(self.settings).invite(name, role, None, self.clock.now)
        return f"{self.address}/invitation?token={token}"


@pytest.fixture
def served(settings: Settings) -> Iterator[Served]:
    """Yield a desk at which people log in with passkeys, and a webinar."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    named = several(settings, address="", port=port)
    a_workspace(named)
    clock = Clock()
    with serving(named, port, clock):
        yield Served(named, clock, named.desk.origin)


def a_page(context: BrowserContext) -> tuple[Page, CDPSession, str]:
    """Return a page, and the device that keeps its passkeys: a session of the browser's protocol and a name there."""
    page = context.new_page()
    session = context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    made = session.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})
    return page, session, made["authenticatorId"]


def entered(browser: Browser, served: Served, name: str, role: Role = "editor") -> tuple[Page, CDPSession, str]:
    """Return the page of somebody who was invited, made a passkey, and is in."""
    page, session, device = a_page(browser.new_context())
    page.goto(served.invitation(name, role))
    page.get_by_role("button", name="Make a passkey").click()
    page.get_by_role("heading", name="Drafts").wait_for()
    return page, session, device


def second_tab(page: Page, session: CDPSession, device: str) -> Page:
    """Return the tab that the link to log in opens, with the same passkeys at hand."""
    with page.context.expect_page() as opening:
        page.get_by_role("link", name="Log in, in a new tab").click()
    tab = opening.value
    kept = session.send("WebAuthn.getCredentials", {"authenticatorId": device})["credentials"]
    beside = page.context.new_cdp_session(tab)
    beside.send("WebAuthn.enable")
    made = beside.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})
    for credential in kept:
        beside.send("WebAuthn.addCredential", {"authenticatorId": made["authenticatorId"], "credential": credential})
    return tab


def edit(page: Page, served: Served, text: str) -> None:
    """Type into a sentence."""
    page.goto(f"{served.address}/drafts/{SLUG}/?open=bb00000001")
    page.locator("#t-bb00000001").fill(text)


def test_a_person_is_invited_makes_a_passkey_and_logs_in_with_it(browser: Browser, served: Served) -> None:
    """From the link to the desk, out, and in again to the page that was asked for, without a password anywhere."""
    page, _, _ = entered(browser, served, "Ana Lind", "approver")
    page.get_by_role("button", name="Log out").click()
    page.goto(f"{served.address}/drafts/{SLUG}/history")
    asked = page.get_by_role("heading").all_inner_texts()
    page.get_by_role("button", name="Log in with a passkey").click()
    page.wait_for_url("**/history")

    assert asked == ["Log in"]
    assert page.locator("[data-name]").inner_text() == "Ana Lind"


def test_who_has_no_passkey_reads_what_to_do(browser: Browser, served: Served) -> None:
    """The browser finds none, the desk does not know one, or the invitation was used."""
    page, _, _ = a_page(browser.new_context())
    link = served.invitation("Ana Lind")
    page.goto(served.address)
    page.get_by_role("button", name="Log in with a passkey").click()
    page.get_by_text("No passkey was used.").wait_for()

    page.goto(link)
    other, _, _ = a_page(browser.new_context())
    other.goto(link)
    for one in (other, page):
        one.get_by_role("button", name="Make a passkey").click()
    other.get_by_role("heading", name="Drafts").wait_for()
    page.get_by_text("This invitation was used before, or is too old.").wait_for()

    People(served.settings).record("Ana Lind", Remove(), served.clock.now)
    other.goto(served.address)
    other.get_by_role("button", name="Log in with a passkey").click()
    other.get_by_text("This passkey does not open the desk.").wait_for()


def test_an_expired_session_is_renewed_beside_the_text(browser: Browser, served: Served) -> None:
    """The text stays under the caret; after the login in another tab it is saved, once and under the same name."""
    workspace = Workspace(served.settings.workspaces / SLUG)
    page, session, device = entered(browser, served, "Ana Lind")
    edit(page, served, "A norm is what we expect.")
    page.get_by_text("Saved", exact=True).wait_for()
    served.clock.seconds += 2 * 3600
    page.locator("#t-bb00000001").press_sequentially(" Of each other.")
    page.get_by_text("Your session has ended. Your text is kept here.").wait_for()
    found = Axe().run(page).response["violations"]

    tab = second_tab(page, session, device)
    tab.get_by_role("button", name="Log in with a passkey").click()
    tab.get_by_role("heading", name="You are logged in again").wait_for()
    page.get_by_text("Saved", exact=True).wait_for()

    assert found == []
    assert page.locator("#t-bb00000001").input_value() == "A norm is what we expect. Of each other."
    assert page.locator("[data-refused]").count() == 0
    revisions = workspace.overlay().revisions
    assert [(one.by, one.change.text) for one in revisions if isinstance(one.change, Reword)] == [
        ("Ana Lind", "A norm is what we expect."),
        ("Ana Lind", "A norm is what we expect. Of each other."),
    ]


def test_a_text_is_never_saved_in_anothers_name(browser: Browser, served: Served) -> None:
    """Where somebody else logs in beside it, the text waits for whoever typed it."""
    page, session, device = entered(browser, served, "Ana Lind")
    edit(page, served, "A norm is what we expect.")
    page.get_by_text("Saved", exact=True).wait_for()
    served.clock.seconds += 2 * 3600
    page.locator("#t-bb00000001").press_sequentially(" Of each other.")
    page.get_by_text("Your session has ended.").wait_for()

    tab = second_tab(page, session, device)
    tab.goto(served.invitation("Ben Ode"))
    tab.get_by_role("button", name="Make a passkey").click()
    page.get_by_text("In this browser Ben Ode is logged in now.").wait_for()

    assert page.locator("#t-bb00000001").input_value() == "A norm is what we expect. Of each other."
    overlay = Workspace(served.settings.workspaces / SLUG).overlay()
    assert [revision.by for revision in overlay.revisions] == ["Ana Lind"]


def test_without_a_script_what_was_typed_is_shown(browser: Browser, served: Served) -> None:
    """A form that comes after the session ended leads to the login, and the text stands there to be copied."""
    page, _, _ = entered(browser, served, "Ana Lind")
    edit(page, served, "A norm is what we expect.")
    page.context.route("**/*.js", lambda route: route.abort())
    page.goto(f"{served.address}/drafts/{SLUG}/?open=bb00000001")
    page.locator("#t-bb00000001").fill("Typed for an hour.")
    served.clock.seconds += 2 * 3600
    page.locator("#s-bb00000001").get_by_role("button", name="Save").click()

    assert page.get_by_label("What you typed").input_value() == "Typed for an hour."


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_the_way_in(browser: Browser, served: Served, scheme: str) -> None:
    """Every page can be used by everybody, bright and dark, on a phone without sideways scrolling."""
    page, _, _ = a_page(browser.new_context(color_scheme="dark" if scheme == "dark" else "light"))
    invitation = served.invitation("Ana Lind", "approver")
    found = {}
    for path in (invitation, f"{served.address}/", f"{served.address}/login", f"{served.address}/invitation"):
        page.set_viewport_size({"width": 1280, "height": 900})
        page.goto(path)
        found[path] = Axe().run(page).response["violations"]
        page.set_viewport_size({"width": 320, "height": 700})
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, path
    page.goto(invitation)
    page.get_by_role("button", name="Make a passkey").click()
    page.get_by_role("heading", name="Drafts").wait_for()
    for path in ("/", "/session/renewed", f"/drafts/{SLUG}/"):
        page.goto(served.address + path)
        found[path] = Axe().run(page).response["violations"]
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, path

    assert not any(found.values()), found
