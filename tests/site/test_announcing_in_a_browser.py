"""The event page in a real browser: the reader's own time, what is over, and nobody shut out."""

import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pytest
import uvicorn
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from digest import editing, intake
from digest.site import build
from digest.site.serve import app
from digest.store.workspace import Workspace
from tests.announcements import AFTER, DURING, EVENT, MARCH, SLUG, an_event_folder, announce, settings_in

LATER = EVENT.replace("2027-03-09", "2027-03-30")


@dataclass(frozen=True)
class Site:
    """Where a site lies and where it is served."""

    public: Path
    address: str


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Serve a site as it was made on 1 March: events announced, moved, cancelled and withdrawn."""
    root = tmp_path_factory.mktemp("site")
    settings = settings_in(root)
    announce(an_event_folder(root / "drop"), settings)
    for name, words in (
        ("moved", LATER.replace("Attribution", "Moved")),
        ("cancelled", LATER.replace("Attribution", "Cancelled")),
        ("withdrawn", LATER.replace("Attribution", "Withdrawn")),
        ("past", EVENT.replace("Attribution", "Past").replace("2027", "2026")),
    ):
        text = f'slug = "{name}"\n{words}'
        at = datetime(2026, 1, 1, tzinfo=MARCH.tzinfo) if name == "past" else MARCH
        editing.announce(intake.look(an_event_folder(root / name, text)), settings, by="Ana", at=at)
        if name == "moved":
            announce(an_event_folder(root / name, text.replace("2027-03-30", "2027-03-31")), settings)
    editing.take_back(Workspace(settings.workspaces / "cancelled"), "cancelled", by="Ana", at=MARCH)
    editing.take_back(Workspace(settings.workspaces / "withdrawn"), "withdrawn", by="Ana", at=MARCH)
    build(settings, now=MARCH)
    server = uvicorn.Server(uvicorn.Config(app(settings.public), port=0, log_level="warning"))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.05)
    yield Site(settings.public, f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}")
    server.should_exit = True
    thread.join()


def opened(browser: Browser, address: str, *, now: datetime = MARCH, zone: str = "America/New_York") -> Page:
    """Return a page as somebody in this zone sees it at this time; anything that goes wrong in it is an error."""
    context = browser.new_context(timezone_id=zone, viewport={"width": 1280, "height": 900})
    context.set_default_timeout(15_000)
    page = context.new_page()
    page.clock.set_fixed_time(now)
    wrong = list[str]()
    page.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.goto(address)
    assert wrong == []
    return page


def test_the_reader_reads_the_own_hour(browser: Browser, site: Site) -> None:
    """Nine in New York, next day in Auckland; where clocks show the same one time is enough; also from a disk."""
    page = f"{site.address}/{SLUG}/"
    new_york, zurich, auckland = (
        opened(browser, page, zone=zone) for zone in ("America/New_York", "Europe/Paris", "Pacific/Auckland")
    )
    disk = opened(browser, f"file://{site.public}/{SLUG}/index.html")

    for own in (new_york, disk):
        assert own.inner_text(".your-time").replace("\u2060", "").endswith("Tuesday, 9 March, 08:00–09:30")
    assert "Wednesday, 10 March, 02:00–03:30" in auckland.inner_text(".your-time").replace("\u2060", "")
    assert not zurich.is_visible(".your-time")


def test_what_is_over_folds_without_a_new_page(browser: Browser, site: Site) -> None:
    """A page that was made before the event asks nobody to register after it; while it lasts it still does."""
    during = opened(browser, f"{site.address}/{SLUG}/", now=DURING)
    after = opened(browser, f"{site.address}/{SLUG}/", now=AFTER)

    assert during.is_visible("text=To the form")
    assert not after.is_visible("text=To the form")
    assert not after.is_visible("text=Add to your calendar")
    assert not after.is_visible("text=registration is closed")
    after.click("details.folded summary")
    assert after.is_visible("text=registration is closed")


def test_the_list_moves_on_by_itself(browser: Browser, site: Site) -> None:
    """What is over since the list was made stands with the past."""
    before = opened(browser, f"{site.address}/")
    after = opened(browser, f"{site.address}/", now=AFTER)

    assert before.locator("[data-to-come] li").first.inner_text().count("Attribution") == 1
    assert "Attribution" in after.locator("[data-past] li").first.inner_text()
    assert "Attribution" not in after.inner_text("[data-to-come]")


def test_without_a_script_the_zone_is_named(browser: Browser, site: Site) -> None:
    """Nothing that needs a script is shown, and the way to take part is there."""
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site.address}/{SLUG}/")

    assert page.is_visible("text=14:00–15:30 (Central European Standard Time)")
    assert not page.is_visible("text=In your time zone")
    assert page.is_visible("text=To the form")
    assert not page.is_visible("details.folded")
    context.close()


def test_the_calendar_file_is_handed_out_as_one(browser: Browser, site: Site) -> None:
    """A click gives it to the program that keeps the calendar."""
    page = opened(browser, f"{site.address}/{SLUG}/")

    answer = page.request.get(f"{site.address}/{SLUG}/event.ics")

    assert answer.headers["content-type"].startswith("text/calendar")
    with page.expect_download() as download:
        page.click("text=Add to your calendar")
    assert download.value.suggested_filename == "event.ics"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", ["", f"{SLUG}/", "moved/", "cancelled/", "withdrawn/", "past/"])
def test_nobody_is_shut_out(browser: Browser, site: Site, path: str, scheme: str) -> None:
    """Axe finds nothing in any state, folded parts open, in light and dark; none is scrolled sideways at 320 px."""
    page = opened(browser, f"{site.address}/{path}")
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true; })")

    assert [fault["id"] for fault in Axe().run(page).response["violations"]] == []
    for width in (320, 375):
        page.set_viewport_size({"width": width, "height": 640})
        assert page.evaluate("document.documentElement.scrollWidth") == width
    page.context.close()
