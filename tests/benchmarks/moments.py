"""Find the moment: `python -m tests.benchmarks.moments --gold DIR [--made DIR]`.

For each key fact of the gold webinars the two rarest content words of the utterance that states it are typed into the
search box of the page, opened from a disk; counted is whether the first hit, or one of the first three, lies inside
that utterance, five seconds more or less. The pages are made of recognised words by the program itself, which takes
minutes; with `--made`, the folder of an earlier measurement, only what has changed is made.
"""

import argparse
import json
import re
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from digest.language.languages import get_language
from tests import truth as t
from tests.conftest import ARGUMENTS, CHROMIUM

SETS = ("dev-1-cyber-norms", "dev-2-standards", "dev-3-audio-only")
SLACK = 5.0  # seconds before and after the utterance
RUN = [sys.executable, "-c", "from digest.cli import main; main()"]


def main() -> None:
    """Measure and print, a line a webinar and one for all."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--gold", type=Path, required=True)
    asked.add_argument("--made", type=Path)
    given = asked.parse_args()
    with tempfile.TemporaryDirectory() as empty, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        found = {name: measure(browser, given.gold / name, given.made or Path(empty)) for name in SETS}
    found["all"] = [fact for facts in found.values() for fact in facts]
    for name, facts in found.items():
        first, three = (sum(1 for *_, place in facts if place <= last) / len(facts) for last in (1, 3))
        print(f"{name}: {len(facts)} facts, first hit {first:.0%}, one of three {three:.0%}")
        if name != "all":
            print(*(f"  missed: {query!r}, {fact}" for fact, query, place in facts if place > 1), sep="\n")


def measure(browser: Browser, gold: Path, made: Path) -> list[tuple[str, str, int]]:
    """Return each fact of a gold webinar with what was typed and the place of the first hit that is right."""
    truth = t.read(gold / "truth.json")
    page = browser.new_page()
    page.goto(make_page(gold / "drop", made).as_uri())
    found = list(find_facts(page, truth))
    page.close()
    return found


def make_page(drop: Path, made: Path) -> Path:
    """Return the digest page of a drop, made in the folder `made` unless it is there."""
    run = subprocess.run([*RUN, "run", str(drop.resolve())], cwd=made, check=True, capture_output=True, text=True)
    shutil.rmtree(made / "public", ignore_errors=True)
    [slug] = re.findall(r"workspaces/(\S+)/digest\.json", run.stdout)
    for verb in (["approve", slug, "--by", "benchmark"], ["publish", slug]):  # by the templates of today
        subprocess.run([*RUN, *verb], cwd=made, check=True, capture_output=True)
    page: Path = made / "public" / slug / "digest" / "index.html"
    return page.resolve()


# The list is whole one painted frame after its first hits.
LISTEN = """() => { window.searched = new Promise((done) => document.addEventListener("found",
  () => requestAnimationFrame(() => setTimeout(() => setTimeout(done))), { once: true })); }"""


def find_facts(page: Page, truth: dict[str, Any]) -> Iterator[tuple[str, str, int]]:
    """Yield each key fact, what was typed, and the place of the first hit inside its utterance (99: none)."""
    counts = Counter(word for said in truth["utterances"] for word in content_words(said["text"]))
    for fact in truth["key_facts"]:
        said = truth["utterances"][fact["utterance"]]
        rare = sorted(dict.fromkeys(content_words(said["text"])), key=lambda word: (counts[word], -len(word)))
        query = " ".join(rare[:2])
        hits = search(page, query)
        right = (at for at, hit in enumerate(hits, start=1) if said["start"] - SLACK <= hit <= said["end"] + SLACK)
        yield fact["text"], query, next(right, 99)


def search(page: Page, query: str) -> list[float]:
    """Return the seconds of the hits for what is typed into the box, in their order."""
    page.evaluate(LISTEN)
    page.fill("#search input", query)
    page.evaluate("searched")
    seconds: list[float] = json.loads(
        page.evaluate("JSON.stringify([...document.querySelectorAll('#hits a')].map(a => +a.hash.slice(3)))")
    )
    return seconds


def content_words(text: str) -> list[str]:
    """Return the words of an English text that are no function words, folded, of three letters or more."""
    words = re.findall(r"[a-z]{3,}", re.sub(r"'s\b|'", "", text.casefold()))
    return [word for word in words if word not in get_language("en").function_words]


if __name__ == "__main__":
    main()
