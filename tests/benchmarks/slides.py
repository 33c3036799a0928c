"""What the slide reader loses, doubles or gives away of the gold decks, and how long it takes.

`python -m tests.benchmarks.slides --gold DIR --json FILE` writes the table to docs/benchmarks.md, under "## Slides".
"""

import argparse
import json
import re
import tempfile
import time
import unicodedata
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic import Field

from digest.errors import DigestError
from digest.model.artifact import Record
from digest.model.deck import Deck, Slide
from digest.settings import SlidesSettings
from digest.slides import read
from tests.slides.drops import taken, with_password

BENCHMARKS = Path(__file__).parent.parent.parent / "docs" / "benchmarks.md"
HEADING = "## Slides"


class Measured(Record):
    """What was found in one deck: per kind how many were wanted, each fault in words, and the seconds it took."""

    deck: str
    wanted: dict[str, int] = Field(default_factory=dict)
    lost: tuple[str, ...] = ()
    doubled: tuple[str, ...] = ()
    given_away: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    seconds: float = 0


def measured(path: Path, expected: dict[str, Any]) -> Measured:
    """Read one deck and compare it with what it is known to hold."""
    began = time.monotonic()
    try:
        deck = deck_of(path, expected.get("password"))
    except DigestError as error:
        return Measured(deck=path.name, lost=(f"all: {error}",), seconds=time.monotonic() - began)
    seconds = round(time.monotonic() - began, 2)
    wanted, lost = Counter[str](), list[str]()
    for kind, number, text, is_there in compared(deck, expected):
        wanted[kind] += 1
        if not is_there:
            lost.append(f"{number}: {kind} “{text}”")
    return Measured(
        deck=path.name,
        wanted=dict(wanted),
        lost=tuple(lost),
        doubled=tuple(doubled(deck, expected)),
        given_away=tuple(given_away(deck, expected)),
        remarks=deck.remarks,
        seconds=seconds,
    )


def deck_of(path: Path, password: str | None) -> Deck:
    """Return what a run would read of one file."""
    with tempfile.TemporaryDirectory() as folder:
        drop = taken(path.parent, Path(folder), path.name)
        drop = with_password(drop, Path(folder), password) if password else drop
        return read(drop, SlidesSettings(), root=Path(folder))


def compared(deck: Deck, expected: dict[str, Any]) -> Iterator[tuple[str, int, str, bool]]:
    """Yield (kind, slide, text, is it there) for all that a deck is known to hold."""
    of_page = pages(deck, expected)
    for true in expected["slides"]:
        number, slide = true["slide"], of_page.get(true["slide"])
        if slide is None:
            yield "slide", number, true["title"] or "", False
            continue
        said = plain(" ".join(text_of(slide)))
        if true["title"]:
            in_title = expected.get("pages") is None or plain(true["title"]) in said
            is_title = plain(slide.title or "") == plain(true["title"]) or expected.get("pages") is not None
            yield "title", number, true["title"], is_title and in_title
        for string in true["strings"]:
            yield "string", number, string, plain(string) in said
        for string in true.get("ocr_strings", ()):
            yield "picture", number, string, bare(string) in bare(said)
        if true["notes"]:
            yield "notes", number, true["notes"], plain(true["notes"]) == plain(slide.notes)
        targets = {link.target for link in slide.links}
        for target in (*true["links"], *true.get("plain_links", ())):
            yield "link", number, target, target in targets
        for text in true.get("alt", ()):
            yield "alt text", number, text, text in slide.alt_texts
        for cell in (cell for row in true.get("table", ()) for cell in row if cell):
            cells = [plain(found) for table in slide.tables for row in table for found in row]
            yield "table cell", number, cell, any(plain(cell) in found for found in cells)
        yield "hidden", number, str(true["hidden"]), slide.hidden == true["hidden"]


def pages(deck: Deck, expected: dict[str, Any]) -> dict[int, Slide]:
    """Return the slide of the deck that holds each true one: of a handout, the page that it is on."""
    per_page = 4 if expected.get("pages") else 1
    found = {slide.number: slide for slide in deck.slides}
    return {
        true["slide"]: found[at] for true in expected["slides"] if (at := (true["slide"] - 1) // per_page + 1) in found
    }


def text_of(slide: Slide) -> Iterator[str]:
    """Yield what a reader can see of a slide."""
    yield slide.title or ""
    yield from (line.text for line in slide.body)
    yield from (cell for table in slide.tables for row in table for cell in row)
    yield from (link.text for link in slide.links)


def doubled(deck: Deck, expected: dict[str, Any]) -> Iterator[str]:
    """Yield lines that a slide says twice, and furniture that is taken for what it says."""
    of_page = pages(deck, expected)
    for true in expected["slides"]:
        if (slide := of_page.get(true["slide"])) is None:
            continue
        said = [plain(line.text) for line in slide.body]
        said += [plain(slide.title)] if slide.title else []
        yield from (f"{slide.number}: “{line}” twice" for line, times in Counter(said).items() if times > 1)
        furniture = {plain(text) for text in true.get("boilerplate", ())}
        yield from (f"{slide.number}: furniture “{line}”" for line in said if line in furniture)


def given_away(deck: Deck, expected: dict[str, Any]) -> Iterator[str]:
    """Yield what must not be published and stands in a field that reaches pages."""
    of_page = pages(deck, expected)
    for true in expected["slides"]:
        slide = of_page.get(true["slide"])
        shown = plain(" ".join((*text_of(slide), *slide.alt_texts))) if slide else ""
        yield from (f"{true['slide']}: “{text}”" for text in true.get("must_not_publish", ()) if plain(text) in shown)


def plain(text: str) -> str:
    """Return text as the gold decks ask for it: NFKC, one space between words, no sign before an item."""
    return " ".join(unicodedata.normalize("NFKC", text).split()).lstrip("•- ")


def bare(text: str) -> str:
    """Return letters and figures alone: what reading from pixels is held to."""
    return re.sub(r"\W", "", plain(text).casefold())


def table(found: list[Measured]) -> str:
    """Return the table of docs/benchmarks.md, how it was measured, and what was lost."""
    head = "| deck | wanted | lost | doubled | given away | seconds |\n|---|---|---|---|---|---|"
    rows = [
        f"| {one.deck} | {sum(one.wanted.values())} | {len(one.lost)} | {len(one.doubled)} | {len(one.given_away)} "
        f"| {one.seconds:.1f} |"
        for one in found
    ]
    how = (
        "`python -m tests.benchmarks.slides`: each title, string, note, link, alternative text, table cell and hidden "
        "flag of the gold decks, compared after NFKC; words in pictures by letters and figures alone. Seconds with "
        "child processes and LibreOffice."
    )
    faults = [f"- {one.deck}, {fault}" for one in found for fault in (*one.lost, *one.doubled, *one.given_away)]
    listed = ["What is lost, doubled or given away, by slide:", "", *faults] if faults else ["Nothing is lost."]
    return "\n".join([head, *rows, "", how, "", *listed])


def write(section: str) -> None:
    """Put the table under its heading, and leave the rest of the page alone."""
    page = BENCHMARKS.read_text(encoding="utf-8") if BENCHMARKS.exists() else "# Benchmarks\n"
    before, _, after = page.partition(f"\n{HEADING}\n")
    _, mark, others = after.partition("\n## ")
    BENCHMARKS.write_text(
        f"{before.rstrip()}\n\n{HEADING}\n\n{section}\n" + (f"{mark}{others}" if mark else ""),
        encoding="utf-8",
    )


def main() -> None:
    """Measure every gold deck."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--gold", type=Path, required=True)
    parser.add_argument("--json", type=Path, required=True)
    given = parser.parse_args()
    found = []
    for told in sorted((given.gold / "decks").glob("*.expected.json")):
        expected = json.loads(told.read_text(encoding="utf-8"))
        found.append(measured(told.with_name(expected["file"]), expected))
        print(found[-1].model_dump_json(indent=1))
    given.json.write_text(json.dumps([one.model_dump() for one in found], indent=1), encoding="utf-8")
    write(table(found))


if __name__ == "__main__":
    main()
