"""How the digest page of ninety minutes and sixty slides feels: `python -m tests.benchmarks.page --json FILE`.

The page that `tests.site.editions.long` makes, served as the site is, in Chromium with a processor slowed four times
(Emulation.setCPUThrottlingRate), on a phone and on a desktop. All figures are the browser's own, by
PerformanceObserver: the first contentful paint; layout shift as the largest session window (Core Web Vitals), while the
page loads and is scrolled to its end; an interaction from the key or click until the next frame is painted (Event
Timing, the longest event of each, in steps of 8 ms). On a busy machine these say little: so beside them stands what
the page's thread took of the processor, unslowed (`Performance.getMetrics`), while it loaded and in the half second
after an act, drawing and the recording's frames included.
"""

import argparse
import json
import tempfile
from pathlib import Path
from statistics import median
from typing import Any

from playwright.sync_api import Browser, CDPSession, Page, sync_playwright

from digest.settings import Organisation, Settings
from tests.conftest import ARGUMENTS, CHROMIUM
from tests.site.conftest import serving
from tests.site.editions import SLUG, an_edition, full, long, published, put_out

SLOWER = 4
SIZES = {"phone": (390, 844), "desktop": (1280, 900)}
GOALS = {"first contentful paint, ms": 1000, "layout shift": 0.05, "slowest interaction, ms": 100}
OBSERVE = """() => {
  window.found = { shifts: [], events: [] };
  const observe = (tell, what) => new PerformanceObserver((list) => list.getEntries().forEach(tell)).observe(what);
  observe((one) => one.hadRecentInput || found.shifts.push([one.startTime, one.value]),
    { type: "layout-shift", buffered: true });
  observe((one) => one.interactionId && found.events.push(one.duration),
    { type: "event", buffered: true, durationThreshold: 16 });
}"""


def largest_window(shifts: list[list[float]]) -> float:
    """Return the largest sum of shifts less than a second apart, five seconds long at most."""
    windows = list[list[list[float]]]()
    for shift in shifts:
        if windows and shift[0] - windows[-1][-1][0] < 1000 and shift[0] - windows[-1][0][0] < 5000:
            windows[-1].append(shift)
        else:
            windows.append([shift])
    return max((sum(value for _, value in window) for window in windows), default=0.0)


def measure(browser: Browser, address: str, width: int, height: int) -> dict[str, Any]:
    """Return what one visit measures."""
    context = browser.new_context(viewport={"width": width, "height": height}, bypass_csp=True)
    page = context.new_page()
    page.set_default_timeout(120_000)
    browser_says = context.new_cdp_session(page)
    browser_says.send("Performance.enable", {"timeDomain": "threadTicks"})
    browser_says.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    page.add_init_script(f"({OBSERVE})()")
    page.goto(address)
    page.wait_for_timeout(500)
    spent = {"loading": _processor(browser_says)}
    paint = page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime")
    took = dict[str, float]()
    for name, act in _acts(page).items():
        before = _processor(browser_says)
        took[name] = _interaction(page, act)
        spent[name] = _processor(browser_says) - before
    page.evaluate("scrollTo(0, 0)")
    for _ in range(25):
        page.mouse.wheel(0, 1200)
        page.wait_for_timeout(80)
    shifts = page.evaluate("found.shifts")
    context.close()
    return {
        "first contentful paint, ms": paint,
        "layout shift": largest_window(shifts),
        "slowest interaction, ms": max(took.values()),
        **{f"{name}, ms": value for name, value in took.items()},
        **{f"{name}, ms of processor": value for name, value in spent.items()},
    }


def _processor(browser_says: CDPSession) -> float:
    """Return the milliseconds of processor that the page's thread has taken."""
    told = browser_says.send("Performance.getMetrics")["metrics"]
    return float(next(one["value"] for one in told if one["name"] == "TaskDuration")) * 1000


def _acts(page: Page) -> dict[str, Any]:
    search = "#search input"
    return {
        "a tab": lambda: page.click(".contents a >> nth=1"),
        "a first letter in the search": lambda: page.type(search, "t"),
        "a word in the search": lambda: page.keyboard.type("hat", delay=150),
        "leave the search": lambda: page.keyboard.press("Escape"),
        "a time": lambda: page.click(".points .source >> nth=0"),
        "the next slide": lambda: page.keyboard.press("]"),
        "a large slide": lambda: page.click("#slide-3 .slide-picture"),
        "the slide after it": lambda: page.keyboard.press("ArrowRight"),
        "close it": lambda: page.keyboard.press("Escape"),
    }


def _interaction(page: Page, act: Any) -> float:
    """Return how long the page took to show what an act does: under 16 ms nothing is told, which counts as 16."""
    page.evaluate("found.events.length = 0")
    act()
    page.wait_for_timeout(600)
    return float(max(page.evaluate("found.events"), default=16))


def main() -> None:
    """Make the page, visit it, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--visits", type=int, default=5)
    parser.add_argument("--json", type=Path)
    given = parser.parse_args()
    found = dict[str, dict[str, float]]()
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        root = Path(folder)
        settings = Settings(public=root / "public", organisation=Organisation(contact="digest@example.org"))
        put_out(root / "kept", [published(long(full(an_edition(root / "kept"))))], settings)
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        with serving(settings.public) as address:
            for name, size in SIZES.items():
                visits = [measure(browser, f"{address}/{SLUG}/digest/", *size) for _ in range(given.visits)]
                found[name] = {what: median(visit[what] for visit in visits) for what in visits[0]}
        browser.close()
    for name, figures in found.items():
        print(name, {what: round(value, 3) for what, value in figures.items()}, flush=True)
        missed = [what for what, goal in GOALS.items() if figures[what] > goal]
        print(name, f"misses {', '.join(missed)}" if missed else "meets every goal", flush=True)
    if given.json:
        given.json.write_text(json.dumps(found), encoding="utf-8")


if __name__ == "__main__":
    main()
