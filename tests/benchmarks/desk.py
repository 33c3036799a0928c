"""What the desk costs: processor seconds of the first request of a fresh process, imports not counted.

`python -m tests.benchmarks.desk --minutes 180 --drafts 200 --json FILE`
"""

import argparse
import json
import os
import re
import shutil
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from starlette.testclient import TestClient

from digest.desk import app, prepare
from digest.settings import Settings
from digest.store.workspace import Workspace
from tests.archives import a_webinar
from tests.benchmarks.fresh import seconds_of

LONG = "/drafts/long/"


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


def main() -> None:
    """Make the drafts, measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
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
        found = {
            one.__name__: seconds_of(one, settings)
            for one in (open_draft, save, save_and_page, first_opening, first_list, list_drafts)
        }
        print({name: round(seconds, 2) for name, seconds in found.items()}, flush=True)
    if given.json:
        given.json.write_text(json.dumps(found), encoding="utf-8")


if __name__ == "__main__":
    main()
