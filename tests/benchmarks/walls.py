"""What the sandbox adds to a draft of the demo: processor seconds of fresh processes, all their children counted.

`python -m tests.benchmarks.walls --json FILE` makes the draft whole once, behind walls, and takes words and voices from
it, which no child makes, for pairs of drafts behind walls and without: the difference of these is what walls cost.
"""

import argparse
import json
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from statistics import median
from typing import IO, Any
from unittest.mock import patch

from digest import intake, sandbox
from digest.model.artifact import Artifact
from digest.model.speech import Speakers, Transcript
from digest.pipeline import run_stages
from digest.sandbox import Finished
from digest.settings import Settings
from digest.store.stages import make, take_into_workspace
from digest.store.workspace import workspaces_in

DEMO = Path(__file__).parents[2] / "recordings" / "demo"
HEARD: dict[str, type[Artifact]] = {"transcribe": Transcript, "diarize": Speakers}


def run_without_walls(program: list[str | Path], **given: Any) -> Finished:
    """Run a program as the sandbox does, with neither walls nor limits."""
    environment = {**sandbox._environment(Path(tempfile.gettempdir())), **(given.get("environment") or {})}
    done = subprocess.run(
        [str(part) for part in program],
        input=given.get("stdin", b""),
        capture_output=True,
        env=environment,
        check=False,
    )
    if watch := given.get("watch"):
        for line in done.stdout.decode(errors="replace").splitlines():
            watch(line)
    return Finished(done.returncode, done.stdout, done.stderr.decode(errors="replace"))


@contextmanager
def stream_without_walls(program: list[str | Path], **_: Any) -> Iterator[IO[bytes]]:
    """Yield what a program writes, with neither walls nor limits."""
    with subprocess.Popen(list(map(str, program)), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as child:
        assert child.stdout
        yield child.stdout


def draft(root: Path, heard_in: Path | None, *, has_walls: bool) -> None:
    """Make a draft of the demo in a folder, its words and voices taken from another, if there is one."""
    settings = Settings(workspaces=root)
    known = workspaces_in(heard_in)[0] if heard_in else None

    def one(stage: Callable[..., Any], *inputs: Any) -> Any:
        kind = HEARD.get(stage.__name__)
        return known.load(kind) if known and kind else make(workspace, stage, *inputs)

    with ExitStack() as held:
        if not has_walls:
            held.enter_context(patch.object(sandbox, "call", lambda function, _limits, *args: function(*args)))
            held.enter_context(patch.object(sandbox, "run", run_without_walls))
            held.enter_context(patch.object(sandbox, "stream", stream_without_walls))
        workspace, drop = take_into_workspace(intake.take_in, intake.look(DEMO), settings.workspaces)
        run_stages(workspace, drop, settings, one)


def seconds_of(root: Path, heard_in: Path | None, *, has_walls: bool) -> float:
    """Return the processor seconds of a draft in a process of its own."""
    code = f"from pathlib import Path; from tests.benchmarks.walls import draft; draft(Path({str(root)!r}), "
    code += f"{f'Path({str(heard_in)!r})' if heard_in else None}, has_walls={has_walls})"
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-W", "ignore", "-c", code], check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=int, default=3)
    parser.add_argument("--json", type=Path)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        whole = Path(folder) / "whole"
        found: dict[str, Any] = {"level": sandbox.level(), "whole": seconds_of(whole, None, has_walls=True)}
        for name, has_walls in (("without", False), ("with", True)) * given.pairs:
            root = Path(tempfile.mkdtemp(dir=folder))
            found.setdefault(name, []).append(seconds_of(root, whole, has_walls=has_walls))
        more = median(found["with"]) - median(found["without"])
        found["share"] = more / (found["whole"] - more)
        print(json.dumps(found), flush=True)
    if given.json:
        given.json.write_text(json.dumps(found), encoding="utf-8")


if __name__ == "__main__":
    main()
