"""What the desk costs and what its list is worth: `python -m tests.benchmarks.desk --gold DIR --json FILE`.

Costs are processor seconds of the first request of a fresh process, imports not counted. The list is worked off by a
scripted editor (scripted_editor.py) in drafts with planted errors (planted.py), made of DIR's webinars and talks;
beside it plain page order. All talks take a quarter of an hour of processor; `--every 4` takes every fourth.
"""

import argparse
import json
import os
import re
import shutil
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from math import inf
from pathlib import Path
from typing import Any

from starlette.testclient import TestClient

from digest.desk import app, prepare
from digest.learned.trees import load_trees
from digest.settings import Settings
from digest.store.workspace import Workspace
from digest.writing.models import shipped_models
from tests import truth as t
from tests.archives import a_webinar
from tests.benchmarks.fresh import seconds_of
from tests.benchmarks.planted import Lenders, Planted, as_talk, plant
from tests.benchmarks.scripted_editor import area, by_list, by_oracle, by_page, by_planted_kinds, share_gone, work
from tests.talks import read_talks
from tests.training.hearing import WEBINARS
from tests.training.refit import Refitted

LONG = "/drafts/long/"
MINUTES, DECISIONS = 12, 90  # an hour of talk: what an editor gives
MAX_MINUTES = 30  # of the curves


def open_draft(settings: Settings) -> float:
    """Return the seconds in which the long draft opens."""
    desk = _desk(settings)
    return _seconds(lambda: desk.get(LONG).raise_for_status())


def save(settings: Settings) -> float:
    """Return the seconds in which a corrected sentence of the long draft is saved."""
    return _saved(settings)[0]


def save_and_page(settings: Settings) -> float:
    """Return the seconds in which the page with the saved sentence has come back, too."""
    return sum(_saved(settings))


def first_opening(settings: Settings) -> float:
    """Return the seconds in which the long draft opens while nothing is kept of it."""
    shutil.rmtree(settings.workspaces / "long" / "made")
    return open_draft(settings)


def list_drafts(settings: Settings) -> float:
    """Return the seconds in which the list of all drafts comes."""
    desk = _desk(settings)
    return _seconds(lambda: desk.get("/").raise_for_status())


def first_list(settings: Settings) -> float:
    """Return the seconds in which the list comes while nothing is kept of any draft."""
    for made in settings.workspaces.glob("*/made"):
        shutil.rmtree(made)
    return list_drafts(settings)


def _saved(settings: Settings) -> tuple[float, float]:
    workspace = Workspace(settings.workspaces / "long")
    digest = json.loads((workspace.root / "digest.json").read_bytes())
    revision = len(workspace.overlay().revisions)
    fields = {"revision": str(revision), "do": "save", "text": f"Corrected {revision} times."}
    desk = _desk(settings)
    proof = re.search(r'name="proof" value="([^"]*)"', desk.get("/drafts/small/").text)
    assert proof
    fields |= {"proof": proof[1], "sentence": digest["key_points"][0]["id"]}
    sent = _seconds(lambda: desk.post(f"{LONG}sentence", data=fields))
    return sent, _seconds(lambda: desk.get(LONG).raise_for_status())


def _desk(settings: Settings) -> TestClient:
    token = "for-a-benchmark"  # noqa: S105
    desk = TestClient(app(settings, token=token), base_url="http://127.0.0.1:8460", follow_redirects=False)
    desk.post("/enter", data={"token": token, "name": "Ada"})
    return desk


def _seconds(request: Callable[[], object]) -> float:
    began = time.process_time()
    request()
    return time.process_time() - began


def planted_drafts(gold: Path, every: int) -> Iterator[Planted]:
    """Yield the drafts of the webinars and of every so manieth talk, with their errors."""
    talks = read_talks(gold / "talks")
    lenders, fitted = Lenders.of(talks), Refitted(load_trees("chapters"), shipped_models())
    webinars = [as_talk(name, t.read(gold / name / "truth.json")) for name in WEBINARS]
    for talk in (*webinars, *talks[::every]):
        yield plant(talk, lenders, fitted)


def worth(drafts: Iterable[Planted]) -> dict[str, Any]:
    """Return what the list is worth beside page order: shares gone, areas, the curves, and what is never met."""
    planted = list(drafts)
    orders = {
        "list": [work(one, by_list) for one in planted],
        "planted kinds alone": [work(one, by_planted_kinds) for one in planted],
        "oracle": [work(one, by_oracle) for one in planted],
        "page": [work(one, by_page, until=MAX_MINUTES) for one in planted],
    }
    hours = sum(one.hours for one in planted)
    found: dict[str, Any] = {"drafts": len(planted), "hours": hours}
    for name, works in orders.items():
        found[name] = {
            "gone": share_gone(works, MINUTES, DECISIONS),
            "area": area(works, MINUTES),
            "gone at the end": share_gone(works, inf),
            "minutes an hour": sum(one.points[-1].minutes for one in works) / hours,
            "decisions an hour": sum(one.points[-1].decisions for one in works) / hours,
            "curve": [round(share_gone(works, minute), 4) for minute in range(MAX_MINUTES + 1)],
            "missed": sum((one.missed for one in works), Counter[str]()),
        }
    found["errors"] = sum((work(one, lambda _: iter(())).missed for one in planted), Counter[str]())
    return found


def table(found: dict[str, Any]) -> str:
    """Return what the list is worth as a Markdown table."""
    heads = (
        f"| | gone after {MINUTES} min, {DECISIONS} decisions | area | … of page | gone at the end | min | decisions |"
    )
    rows = [heads, "|---" * 7 + "|"]
    for name in ("list", "planted kinds alone", "oracle", "page"):
        one = found[name]
        times = one["area"] / found["page"]["area"]
        rows.append(
            f"| {name} | {one['gone']:.2f} | {one['area']:.3f} | {times:.2f} | {one['gone at the end']:.2f} "
            f"| {one['minutes an hour']:.0f} | {one['decisions an hour']:.0f} |"
        )
    missed = (f"{kind} {found['list']['missed'][kind]} of {count}" for kind, count in found["errors"].most_common())
    return "\n".join([*rows, "", f"Never on the list: {', '.join(missed)}."])


def main() -> None:
    """Make the drafts, measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--gold", type=Path)
    parser.add_argument("--every", type=int, default=1)
    parser.add_argument("--minutes", type=float, default=180)
    parser.add_argument("--drafts", type=int, default=200)
    parser.add_argument("--json", type=Path)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(workspaces=Path(folder) / "workspaces", state=Path(folder) / "state")
        a_webinar(settings, "small")
        prepare(a_webinar(settings, "long", minutes=given.minutes))
        hour = a_webinar(settings, "hour", minutes=60)
        for number in range(given.drafts - 3):
            shutil.copytree(hour.root, settings.workspaces / f"hour-{number}", copy_function=os.link)
        found: dict[str, Any] = {
            one.__name__: seconds_of(one, settings)
            for one in (open_draft, save, save_and_page, first_opening, first_list, list_drafts)
        }
        print({name: round(seconds, 2) for name, seconds in found.items()}, flush=True)
    if given.gold:
        found |= {"worth": worth(planted_drafts(given.gold, given.every))}
        print(table(found["worth"]))
    if given.json:
        given.json.write_text(json.dumps(found), encoding="utf-8")


if __name__ == "__main__":
    main()
