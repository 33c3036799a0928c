"""A speaker's own page in a real browser: on a phone, without a script, for everybody, in every state."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, ViewportSize

from digest.editing import consent
from digest.model.consent import PleaseChange
from digest.settings import Organisation, Settings
from tests.builders import an_event
from tests.desk.conftest import SLUG
from tests.desk.test_in_a_browser import entered, serving
from tests.desk.test_speaker import ANA, MARSH, NOW, a_panel, link

PHONE, DESKTOP = ViewportSize(width=320, height=700), ViewportSize(width=1280, height=900)


@pytest.fixture
def address(settings: Settings) -> Iterator[str]:
    """Return where the desk is served."""
    with serving(settings) as at:
        yield at


def test_a_speaker_answers_without_a_script(browser: Browser, address: str, settings: Settings) -> None:
    """On a telephone that runs none: a sentence is to read otherwise, and nothing is out before a day."""
    workspace = a_panel(settings)
    page = browser.new_context(java_script_enabled=False, viewport={"width": 390, "height": 844}).new_page()
    page.goto(address + link(workspace))
    page.locator("#bb00000001 summary").click()
    page.get_by_label("It should read").locator("visible=true").fill("A norm is what we expect.")
    page.get_by_role("button", name="Send to the editors").locator("visible=true").click()
    page.get_by_text("Thank you. Your answer is kept").wait_for()
    page.get_by_label("Not before a certain day").check()
    page.get_by_label("the first day on which").fill((NOW + timedelta(days=9)).date().isoformat())
    page.get_by_role("button", name="Send your answer").click()
    page.get_by_text("Thank you. Your answer is kept").wait_for()

    wish, day = (one.said for one in workspace.consent()[1:])
    assert isinstance(wish, PleaseChange)
    assert (wish.text, day.do) == ("A norm is what we expect.", "not before")
    assert page.locator("#bb00000001").get_by_text("A norm is what we expect.").first.is_visible()


def look(page: Page, path: str) -> object:
    """Return what axe finds on a page as it is wide, after seeing that it fits a phone."""
    page.set_viewport_size(PHONE)
    page.goto(path)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"], path
    narrow = Axe().run(page).response["violations"]
    page.set_viewport_size(DESKTOP)
    return [*narrow, *Axe().run(page).response["violations"]]


@pytest.mark.parametrize(("scheme", "language"), [("light", "en"), ("dark", "ar")])
def test_axe_finds_nothing(browser: Browser, settings: Settings, scheme: str, language: str) -> None:
    """Not on the page before and after an answer, of one that was refused, or of a link that opens nothing."""
    there = settings.model_copy(update={"organisation": Organisation(name="Dialogue", language=language)})
    workspace, found = a_panel(there, an_event(consent="asked")), dict[str, object]()
    page = browser.new_context(color_scheme="dark" if scheme == "dark" else "light").new_page()
    wrong = list[str]()
    page.on("console", lambda message: wrong.append(message.text) if message.type == "error" else None)
    with serving(there) as address:
        page.on("request", lambda one: None if one.url.startswith(address) else wrong.append(one.url))
        path = address + link(workspace)
        found["fresh"] = look(page, path)
        page.locator("button.send").click()
        found["refused"] = Axe().run(page).response["violations"]
        wrong.clear()  # a form that makes no sense is answered with 422, which the console tells
        answer(page, path)
        found["answered"] = look(page, f"{path}?sent")
        desk, complaints = entered(browser.new_context(color_scheme="dark" if scheme == "dark" else "light"), address)
        found["desk"] = look(desk, f"{address}/drafts/{SLUG}/speakers")
        found["draft"] = look(desk, f"{address}/drafts/{SLUG}/")
        consent.weigh(workspace, 3, "We spoke.", **ANA)
        consent.waive(workspace, MARSH, "Away.", **ANA)
        found["desk, weighed"] = look(desk, f"{address}/drafts/{SLUG}/speakers")
        assert wrong + complaints == []
        consent.end_link(workspace, 1, **ANA)
        found["ended"] = look(page, path)

    assert not any(found.values()), found


def answer(page: Page, path: str) -> None:
    """Ask for a change, and say that one would rather not."""
    page.goto(path)
    page.locator("#bb00000001 summary").click()
    page.locator("#bb00000001 textarea").fill("A norm is what we expect.")
    page.locator("#bb00000001 button").click()
    page.locator("input[value='rather not']").check()
    page.locator("button.send").click()
    page.wait_for_url("**?sent#answer")
