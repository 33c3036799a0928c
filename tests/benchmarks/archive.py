"""Find the moment in a thousand webinars: `python -m tests.benchmarks.archive --gold DIR [--webinars 1000]`.

The talks of the gold folder, and webinars made up of them: each has sixty minutes of words drawn from three talks, half
of them after the word that they follow there. They lie in ten years. For each key fact of dev-1…3, and of some talks,
the two rarest content words of its utterance are typed into the search, opened from a disk. Counted is whether the
first hit, or one of the first three, is that webinar at that utterance, five seconds more or less; and the bytes that
were loaded from the first key to the list.
"""

import argparse
import json
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

from playwright.sync_api import Page, sync_playwright

from digest.model.public import PublicEvent
from digest.settings import Settings
from digest.site.search_index import Place, Searched, index_sentences, search_files
from tests import truth as t
from tests.benchmarks.moments import SETS, SLACK, content_words
from tests.conftest import ARGUMENTS, CHROMIUM

YEARS, SENTENCES, WORDS = 10, 600, 15  # of an hour: 9,000 words
FOLLOWS = 0.5  # how often a word is the one that follows in its talk
FIRST = datetime(2016, 1, 4, 9, tzinfo=UTC)


def sentences(truth: dict[str, Any]) -> list[Place]:
    """Return the sentences of a talk, an utterance's time shared out among its words."""
    found = list[Place]()
    for said in truth["utterances"]:
        words = said["text"].split()
        each, start = (said["end"] - said["start"]) / max(1, len(words)), 0
        for at, word in enumerate(words, start=1):
            if word[-1] in ".?!" or at == len(words):
                found.append((round(said["start"] + start * each, 1), " ".join(words[start:at])))
                start = at
    return found


def made_up(talks: list[list[str]], random: Random) -> list[Place]:
    """Return the sentences of a webinar that says words of three talks, in no sense."""
    chosen = random.sample(talks, 3)
    after = {id(words): dict(pairwise(words)) for words in chosen}
    found = list[Place]()
    for number in range(SENTENCES):
        words, talk = list[str](), random.choice(chosen)
        for _ in range(random.randint(WORDS // 2, WORDS * 3 // 2)):
            following = after[id(talk)].get(words[-1]) if words and random.random() < FOLLOWS else None
            words.append(following or random.choice(talk))
        found.append((number * 6.0, " ".join(words) + "."))
    return found


def write(folder: Path, webinars: list[tuple[str, list[Place]]]) -> None:
    """Write the search of the webinars, spread over the years."""
    listed, began = list[tuple[str, Searched]](), time.process_time()
    for at, (slug, said) in enumerate(webinars):
        starts_at = FIRST + timedelta(days=365.25 * YEARS * at / len(webinars))
        event = PublicEvent(slug=slug, title=slug, starts_at=starts_at, timezone="Europe/Zurich", language="en")
        searched, files = index_sentences(event, "en", [("", slug), *said], [])
        (folder / slug / "digest").mkdir(parents=True)
        for name, content in files.items():
            (folder / slug / "digest" / name).write_bytes(content)
        listed.append((slug, searched))
    print(f"{len(listed)} webinars: {time.process_time() - began:.0f} s of processor for their words", flush=True)
    began = time.process_time()

    def read(slug: str, name: str) -> bytes:
        return (folder / slug / "digest" / name).read_bytes()

    static, sizes, last = folder / "static", list[int](), 0.0
    for file in search_files(listed, Settings(), key="", read=read, asset=lambda name, up: f"{up}static/{name}"):
        path = folder / file.path
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.name == "0.js":
            last = time.process_time()
        path.write_bytes(file.render())
        sizes += [path.stat().st_size] if path.stem.isdigit() else []
    static.symlink_to(Path(__file__).parents[2] / "templates" / "static")
    mean, most = sum(sizes) / len(sizes) / 1000, max(sizes) / 1000
    took, of_last = time.process_time() - began, time.process_time() - last
    print(
        f"segments {took:.1f} s, the last {of_last:.1f} s; {len(sizes)} buckets of {mean:.1f} kB, at most {most:.1f} kB"
    )


def facts(truth: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield what is typed for each key fact, and the utterance that states it."""
    counts = Counter(word for said in truth["utterances"] for word in content_words(said["text"]))
    for fact in truth["key_facts"]:
        said = truth["utterances"][fact["utterance"]]
        rare = sorted(dict.fromkeys(content_words(said["text"])), key=lambda word: (counts[word], -len(word)))
        yield " ".join(rare[:2]), said


def ask(page: Page, query: str, loaded: list[int]) -> tuple[list[tuple[str, float]], int, float]:
    """Return webinar and second of each hit that is shown, the bytes that were `loaded` for it, and the seconds."""
    page.goto(page.url.partition("?")[0])  # nothing is kept of the query before
    page.wait_for_selector("#archive input:focus")
    loaded.clear()
    began = time.perf_counter()
    page.fill("#archive input", query)
    page.press("#archive input", "Enter")
    page.wait_for_function("/\\d|found/.test(document.getElementById('told').textContent)", timeout=60_000)
    seconds = time.perf_counter() - began
    hrefs = page.evaluate("[...document.querySelectorAll('#found a')].map(link => link.getAttribute('href'))")
    return [(href.split("/")[1], float(href.partition("#t=")[2] or -99)) for href in hrefs], sum(loaded), seconds


def measure(folder: Path, asked: list[tuple[str, str, dict[str, Any]]]) -> dict[str, float]:
    """Return the shares of facts that the first hit, or one of three, leads to, and what a query costs."""
    places, weights, seconds, loaded = list[int](), list[int](), list[float](), list[int]()
    with sync_playwright() as playwright:
        page = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS).new_page()
        page.on("request", lambda one: loaded.append(Path(one.url[7:].partition("?")[0]).stat().st_size))
        page.goto(f"file://{folder}/search/index.html")
        for slug, query, said in asked:
            hits, weight, took = ask(page, query, loaded)
            inside = [one == slug and said["start"] - SLACK <= at <= said["end"] + SLACK for one, at in hits]
            places.append(inside.index(True) + 1 if True in inside else 99)
            weights.append(weight)
            seconds.append(took)
            if places[-1] > 3:
                print(f"  missed: {query!r} in {slug} ({places[-1]})")
    return {
        "facts": len(places),
        "first hit": sum(place == 1 for place in places) / len(places),
        "one of three": sum(place <= 3 for place in places) / len(places),
        "kB, median": sorted(weights)[len(weights) // 2] / 1000,
        "kB, most": max(weights) / 1000,
        "seconds, median": sorted(seconds)[len(seconds) // 2],
        "seconds, 95 of 100": sorted(seconds)[len(seconds) * 95 // 100],
    }


def main() -> None:
    """Make the archive, ask and print."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--gold", type=Path, required=True)
    asked.add_argument("--webinars", type=int, default=1000)
    asked.add_argument("--talks", type=int, default=100, help="facts of talks that are asked for")
    asked.add_argument("--json", type=Path)
    given = asked.parse_args()
    random = Random(16)  # noqa: S311 - no secret
    dev = {name: t.read(given.gold / name / "truth.json") for name in SETS}
    talks = {path.stem: t.read(path) for path in sorted((given.gold / "talks").glob("*.json"))}
    talks = {name: talk for name, talk in talks.items() if talk["language"] == "en"}
    words = [[word for said in one["utterances"] for word in said["text"].split()] for one in talks.values()]
    webinars = [(name, sentences(one)) for name, one in (dev | talks).items()]
    webinars += [(f"w{at}", made_up(words, random)) for at in range(given.webinars - len(webinars))]
    random.shuffle(webinars)
    queries = [(name, query, said) for name, one in dev.items() for query, said in facts(one)]
    of_talks = [(name, query, said) for name, one in talks.items() for query, said in facts(one)]
    with TemporaryDirectory() as folder:
        write(Path(folder), webinars)
        found = {
            "dev": measure(Path(folder), queries),
            "talks": measure(Path(folder), random.sample(of_talks, min(given.talks, len(of_talks)))),
        }
    for name, figures in found.items():
        print(name, {figure: round(value, 3) for figure, value in figures.items()})
    if given.json:
        given.json.write_text(json.dumps(found), encoding="utf-8")


if __name__ == "__main__":
    main()
