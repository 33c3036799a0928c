"""How well slides are found in recordings: `python -m tests.benchmarks.alignment --gold DIR --json FILE`."""

import argparse
import json
import resource
import sys
import tempfile
from pathlib import Path
from typing import Any

from tests import truth as t
from tests.alignment.measures import fit
from tests.alignment.videos import DAMAGES, Shown, copied, shown

SETS = ("dev-1-cyber-norms", "dev-2-standards")


def say(what: str, figures: dict[str, float]) -> None:
    """Print figures as soon as they are known."""
    sys.stdout.write(f"{what}: {figures}\n")
    sys.stdout.flush()


def seconds_used() -> float:
    """Return processor seconds of this process and its finished children."""
    own, children = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime


def measured(what: Shown, truth: dict[str, Any], true: Any = None) -> dict[str, float]:
    """Return how well a recording is aligned, and what it cost as a share of its duration."""
    before = seconds_used()
    alignment = what.aligned(t.transcript(truth), truth["duration"])
    cost = (seconds_used() - before) / truth["duration"]
    return fit(alignment, true or truth["slides"]).figures() | {"cost": round(cost, 4)}


def picture(gold: Path, folder: Path) -> dict[str, dict[str, float]]:
    """Return figures of each recording with a picture, of its damaged copies, and with a deck that is not its own."""
    truths = {name: json.loads((gold / name / "truth.json").read_text(encoding="utf-8")) for name in SETS}
    decks = {name: shown(gold / name / "drop", folder / name) for name in SETS}
    found = {}
    for name in SETS:
        own, truth = decks[name], truths[name]
        found[name] = measured(own, truth)
        say(name, found[name])
        for damage, (filters, quality) in DAMAGES.items():
            copy = copied(own.video, folder / "copy.mp4", filters, quality)
            found[f"{name}, {damage}"] = measured(Shown(own.root, own.deck, own.pages, copy), truth)
            say(f"{name}, {damage}", found[f"{name}, {damage}"])
    return found


def main() -> None:
    """Print the table."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--gold", type=Path, required=True)
    asked.add_argument("--json", type=Path)
    given = asked.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        found = picture(given.gold, Path(folder))
    if given.json:
        given.json.write_text(json.dumps(found, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
