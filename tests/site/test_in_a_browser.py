"""The digest page in a real browser: what its script adds, and what stays without it."""

import re
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import uvicorn
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from digest.settings import Settings
from digest.site.serve import app
from tests.site.editions import SLUG, an_edition, announced, full, published, put_out

PLAYER = "document.getElementById('player')"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a published site."""
    root = tmp_path_factory.mktemp("site")
    settings = Settings(public=root / "public")
    put_out(root / "kept", [published(full(an_edition(root / "kept")))], settings, announced())
    return root / "public"


@pytest.fixture(scope="module")
def address(folder: Path) -> Iterator[str]:
    """Serve the site while the tests of this file run."""
    server = uvicorn.Server(uvicorn.Config(app(folder), port=0, log_level="warning"))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.05)
    port = server.servers[0].sockets[0].getsockname()[1]
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """Return a blank page that fails the test if anything goes wrong in it."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, bypass_csp=False)
    context.set_default_timeout(15_000)
    opened, faults, hosts = context.new_page(), list[str](), set[str]()
    opened.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
    opened.on("pageerror", lambda error: faults.append(str(error)))
    opened.on("request", lambda request: hosts.add(request.url.split("/")[2].partition(":")[0]))
    yield opened
    context.close()
    assert faults == []
    assert hosts <= {"127.0.0.1"}


def test_a_click_on_a_word_plays_it(page: Page, address: str) -> None:
    """The recording goes on from the word that was clicked, and the spoken word is marked."""
    page.goto(f"{address}/{SLUG}/digest/#transcript")
    said = page.locator(".said", has_text="ASEAN held its first").first
    said.scroll_into_view_if_needed()
    box = said.bounding_box()
    assert box

    page.mouse.click(box["x"] + 30, box["y"] + 12)

    page.wait_for_function(f"Math.abs({PLAYER}.currentTime - 85) < 4")
    page.wait_for_function("[...CSS.highlights.get('spoken')].length == 1")
    assert page.url.split("#")[1].startswith("t=8")


def test_slides_and_captions_follow(page: Page, address: str) -> None:
    """A link to a second opens there, with the slide of that second beside the player and its caption on."""
    page.goto(f"{address}/{SLUG}/digest/#t=60")

    page.wait_for_function(f"{PLAYER}.currentTime == 60")
    page.wait_for_function(f"{PLAYER}.textTracks[0].activeCues?.length == 1")
    assert page.inner_text(".now-number") == "Slide 3"
    assert page.locator("#slide-3.is-on").count() == 1
    page.keyboard.press("]")
    page.wait_for_function("document.querySelector('.now-number').textContent == 'Slide 4'")
    page.click("#slide-6 .slide-picture")
    page.wait_for_function("document.querySelector('.now-number').textContent == 'Slide 6'")


def test_the_keys_can_be_turned_off(page: Page, address: str) -> None:
    """Who speaks to the computer is not surprised by letters that play and jump."""
    page.goto(f"{address}/{SLUG}/digest/")
    page.click("#keys summary")
    page.click("#keys-on")

    page.keyboard.press("l")

    assert page.evaluate(f"{PLAYER}.currentTime") == 0


@pytest.mark.parametrize("path", [f"/{SLUG}/digest/", f"/{SLUG}/", "/attribution/", "/"])
def test_nobody_is_shut_out(page: Page, address: str, path: str) -> None:
    """Axe finds nothing on any page, and none has to be scrolled sideways at 320 px."""
    page.goto(address + path)

    assert Axe().run(page).violations_count == 0
    page.set_viewport_size({"width": 320, "height": 640})
    assert page.evaluate("document.documentElement.scrollWidth") == 320


def test_captions_show_from_a_disk(browser: Browser, folder: Path) -> None:
    """A page saved or sent as a folder still has its captions and its time links."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"file://{folder}/{SLUG}/digest/index.html")

    times = page.locator("main a.source[data-t]")
    late = next(one for one in times.all() if 61 <= float(one.get_attribute("data-t") or 0) <= 180)
    late.click()

    page.wait_for_function(f"{PLAYER}.currentTime > 60 && {PLAYER}.textTracks[0].activeCues?.length == 1")
    context.close()


def test_a_time_link_works_without_a_script(browser: Browser, address: str) -> None:
    """Where no script runs, a time leads into the recording itself, and nothing that needs one is shown."""
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{address}/{SLUG}/digest/")

    assert re.search(r"\.mp4#t=\d+$", page.get_attribute(".points .source >> nth=0", "href") or "")
    assert not page.is_visible("#now")
    assert not page.is_visible("#follow")
    assert page.is_visible("text=Good afternoon, good morning")
    context.close()
