"""What the desk's pages of a long draft weigh and how they feel: `python -m tests.benchmarks.desk_pages --json FILE`.

A draft of three hours made of the demo's words, served as an editor has it, in Chromium with a processor slowed four
times (Emulation.setCPUThrottlingRate). Bytes are gzipped, nodes are elements; *first edit* is from asking for the page
with an open field until a letter typed into it stands there, *typing* what a key takes until the next frame.
"""

import argparse
import gzip
import json
import tempfile
import time
from pathlib import Path
from statistics import median, quantiles

from playwright.sync_api import Page, sync_playwright

from digest.desk import prepare
from digest.settings import Settings
from digest.store.files import write_atomically
from digest.store.workspace import Workspace
from tests.archives import a_webinar
from tests.conftest import ARGUMENTS, CHROMIUM
from tests.desk.test_in_a_browser import entered, serving

SLOWER = 4
TYPED = "It was said that nobody had asked whether a norm is kept, and so on. "
TIMES = 3
PATIENCE = 300_000  # milliseconds that a busy machine may take
BETWEEN = 60  # milliseconds between two keys
UNSURE, EVERY = 0.4, 25  # of so many words the recogniser is so sure of one
# From the key until the frame after it is drawn, by the browser's own clock.
LISTEN = """() => {
  window.took = [];
  document.addEventListener("keydown", (event) => requestAnimationFrame(() => setTimeout(
    () => window.took.push(performance.now() - event.timeStamp), 0)), true);
}"""


def measure(page: Page, address: str, field: str, opened: str) -> dict[str, float]:
    """Return what a page weighs, and how long its first edit and typing take in milliseconds."""
    answer = page.request.get(address)
    page.goto(address)
    nodes = int(page.evaluate("document.querySelectorAll('*').length"))
    firsts = list[float]()
    for _ in range(TIMES):
        began = time.perf_counter()
        page.goto(opened)
        page.locator(field).press("End")
        page.keyboard.type("x")
        firsts.append((time.perf_counter() - began) * 1000)
    page.evaluate(LISTEN)
    page.keyboard.type(TYPED, delay=BETWEEN)
    took = page.evaluate("window.took")
    return {
        "KiB gzipped": len(gzip.compress(answer.body())) / 1024,
        "nodes": nodes,
        "first edit, ms": median(firsts),
        "typing p50, ms": median(took),
        "typing p95, ms": quantiles(took, n=20)[-1],
    }


def pages(workspace: Workspace, address: str) -> dict[str, tuple[str, str, str]]:
    """Return the pages of a draft: as they are looked at, the field that is typed into, and as that is open."""
    draft, digest = f"{address}/drafts/{workspace.slug}/", json.loads((workspace.root / "digest.json").read_bytes())
    of = digest["key_points"][0]["id"]
    transcript = json.loads((workspace.root / "transcript.json").read_bytes())
    key = round(transcript["segments"][0]["words"][0]["start"] * 1000)
    passage = f"{draft}transcript?part=1&open={key}"
    return {
        "account": (draft, f"#t-{of}", f"{draft}?open={of}"),
        "transcript": (f"{draft}transcript", "textarea", passage),
        "check": (f"{draft}check", "#item-text", f"{draft}check"),
    }


def _doubt(workspace: Workspace) -> None:
    """Let the recogniser be unsure of some words, as of those of any webinar."""
    said = json.loads((workspace.root / "transcript.json").read_bytes())
    for number, word in enumerate(word for segment in said["segments"] for word in segment["words"]):
        word["probability"] = UNSURE if number % EVERY == 0 else word["probability"]
    write_atomically(workspace.root / "transcript.json", json.dumps(said).encode())


def main() -> None:
    """Make the draft, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=180)
    parser.add_argument("--json", type=Path)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        settings = Settings(workspaces=Path(folder) / "workspaces", state=Path(folder) / "state")
        workspace = a_webinar(settings, "long", minutes=given.minutes)
        _doubt(workspace)
        prepare(workspace)
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        with serving(settings) as address:
            page, _ = entered(browser.new_context(), address)
            page.set_default_timeout(PATIENCE)
            page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
            found = {name: measure(page, *where) for name, where in pages(workspace, address).items()}
        browser.close()
    for name, figures in found.items():
        print(name, {what: round(value, 1) for what, value in figures.items()}, flush=True)
    if given.json:
        given.json.write_text(json.dumps(found), encoding="utf-8")


if __name__ == "__main__":
    main()
