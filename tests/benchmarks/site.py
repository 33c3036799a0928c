"""What publishing costs in a large archive: processor seconds of a fresh process, imports not counted.

One webinar is made and published; the others are copies of it under other addresses, so that making a thousand does not
take hours. `python -m tests.benchmarks.site --webinars 1000 --minutes 60 --json FILE`
"""

import argparse
import json
import os
import shutil
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from unittest.mock import patch

from digest import editing
from digest.editing.approval import decided_publication
from digest.settings import Settings
from digest.site import build
from digest.site.assets import Assets
from digest.site.parts import PART, SitePart, find_part, key_of
from digest.store.workspace import Workspace
from tests.archives import a_webinar, approve, put_out
from tests.benchmarks.fresh import seconds_of

NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)


def nothing(settings: Settings) -> float:
    """Return the seconds of a publication that finds everything as it should be."""
    began = time.process_time()
    build(settings)
    return time.process_time() - began


def publish(settings: Settings) -> float:
    """Return the seconds in which the approved draft `new` goes out."""
    began = time.process_time()
    workspace = Workspace(settings.workspaces / "new")
    build(settings, "new", NOW)
    editing.mark_published(workspace, workspace.decisions()[-1].edition, by="Ada", at=NOW)
    return time.process_time() - began


def retract(settings: Settings) -> float:
    """Return the seconds in which `webinar-1` is taken back."""
    began = time.process_time()
    editing.retract(Workspace(settings.workspaces / "webinar-1"), by="Ada", at=NOW)
    build(settings, "webinar-1")
    return time.process_time() - began


def make_archive(settings: Settings, webinars: int, minutes: float) -> None:
    """Publish so many webinars of so many minutes, and approve the draft `new`."""
    first = a_webinar(settings, "webinar-0", minutes=minutes)
    put_out(first, settings)
    assets = Assets(settings)
    for number in range(1, webinars):
        _copy(first, f"webinar-{number}", assets)
    with patch.object(os, "fsync"):  # sixty thousand files
        build(settings)
    approve(a_webinar(settings, "new", minutes=minutes))


def _copy(first: Workspace, slug: str, assets: Assets) -> None:
    """Copy a workspace with what is kept of its pages, as if it had been published under another address."""
    shown = decided_publication(first.decisions())
    assert shown
    never_announced = (None, False)
    before, key = (key_of(assets, one, "published", shown.key, *never_announced) for one in (first.slug, slug))
    root = first.root.parent / slug
    shutil.copytree(first.root, root, copy_function=_link)
    folder, earlier = (root / "made" / f"site-{one[:16]}" for one in (key, before))
    earlier.rename(folder)
    part = find_part(first.root, before)
    assert part
    told = part.model_dump_json(by_alias=True).replace(earlier.name, folder.name).replace(before, key)
    told = told.replace(f'"{first.slug}/', f'"{slug}/').replace(f'"slug":"{first.slug}"', f'"slug":"{slug}"')
    told = told.replace('"2016-', f'"{2016 - int(slug.rpartition("-")[2]) % 10}-')  # ten years, for lists and search
    (folder / PART).unlink()
    (folder / PART).write_text(SitePart.model_validate_json(told).model_dump_json(by_alias=True), encoding="utf-8")


def _link(source: str, to: str) -> None:
    """Link a file, or copy one that is appended to."""
    if source.endswith(".jsonl"):
        shutil.copy2(source, to)
    else:
        os.link(source, to)


def main() -> None:
    """Make the archive, measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--webinars", type=int, default=1000)
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--json", type=Path)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(workspaces=Path(folder) / "workspaces", public=Path(folder) / "public")
        make_archive(settings, given.webinars, given.minutes)
        found = {one.__name__: seconds_of(one, settings) for one in (nothing, publish, retract)}
        print({name: round(seconds, 2) for name, seconds in found.items()}, flush=True)
    if given.json:
        given.json.write_text(json.dumps(found), encoding="utf-8")


if __name__ == "__main__":
    main()
