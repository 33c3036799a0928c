"""What tests of several rooms share: one Chromium, one small drop."""

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
ARGUMENTS = [  # no foreign request of the browser's own, and a recording may play without a hand
    *("--no-sandbox", "--disable-background-networking", "--disable-component-update", "--disable-sync"),
    "--autoplay-policy=no-user-gesture-required",
]


TESTS = Path(__file__).parent
DEMO = TESTS.parent / "recordings" / "demo"
SHARED = ("e2e", "flows")  # rooms whose tests share a draft that takes a minute to make


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep the tests of a file in one worker, and those of a room that shares a draft."""
    for item in items:
        place = item.path.relative_to(TESTS)
        group = place.parts[0] if place.parts[0] in SHARED else str(place)
        item.add_marker(pytest.mark.xdist_group(group))


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Return Chromium, started once: Playwright bears no second one beside it."""
    if CHROMIUM is None:
        pytest.skip("Chromium is not installed: no page was looked at in a browser")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield started
        started.close()


@pytest.fixture(scope="session")
def small_drop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a drop of twelve seconds: the demo's recording cut short, its slides and event.toml."""
    drop = tmp_path_factory.mktemp("small") / "drop"
    drop.mkdir()
    cut = ["ffmpeg", "-v", "error", "-ss", "10", "-t", "12", "-i", str(DEMO / "recording.mp4"), "-c:a", "aac"]
    subprocess.run([*cut, "-c:v", "libx264", "-preset", "ultrafast", str(drop / "recording.mp4")], check=True)
    for name in ("slides.pdf", "event.toml"):
        shutil.copy2(DEMO / name, drop / name)
    return drop
