"""Real runs of `digest run`, killed and asked twice."""

import os
import random
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from digest.pipeline import WORDS
from digest.store.files import file_sha256
from tests.flows.conftest import MODEL, Project, a_project
from tests.flows.servers import a_prefect_server, shown_at, tasks_at

SHOWN = [words for name, words in WORDS.items() if name != "take_in"]  # taking in looks at the folder each time


USUAL = {
    "DIGEST_SPEECH__MODEL": MODEL,
    "DIGEST_INBOX": "inbox",
    "OMP_NUM_THREADS": "2",
    "DIGEST_WATCH__ROOT": "true",  # tests may run as anybody
}


def begin(project: Project, *verb: str, **variables: str) -> "subprocess.Popen[str]":
    """Start a verb of the command line in the project's folder, with these variables beside the usual ones."""
    known = {name: os.environ[name] for name in ("PATH", "HOME", "DIGEST_CACHE", "PYTHONPATH") if name in os.environ}
    return subprocess.Popen(
        [sys.executable, "-c", "from digest.cli import main; main()", *verb],
        cwd=project.root,
        env={**known, **USUAL, **variables},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def stages_of(run: "subprocess.Popen[str]") -> Iterator[str]:
    """Yield what the terminal calls each stage, as it begins."""
    assert run.stderr
    for said in run.stderr:
        if said.removesuffix(" …\n") in SHOWN:
            yield said.removesuffix(" …\n")


def killed_in(project: Project, stage: str) -> list[str]:
    """Run the drop, kill -9 when this stage has begun, and return the stages that began."""
    run, begun = begin(project, "run", "drop"), list[str]()
    for words in stages_of(run):
        begun.append(words)
        if words == WORDS[stage]:
            run.kill()  # what it started ends with it, else its end of the pipe stays open and this loop never ends
    run.wait()
    return begun


def check_that_it_resumes(project: Project, stages: Sequence[str], like: Project) -> None:
    """Kill a run in each of these stages, let the last one end, and compare with a draft that nobody killed."""
    order = list(WORDS.values())
    for before, stage in zip((None, *stages), stages, strict=False):
        begun = killed_in(project, stage)
        first = WORDS[before] if before else SHOWN[0]
        assert begun == order[order.index(first) : order.index(WORDS[stage]) + 1]
    run = begin(project, "run", "drop")
    assert list(stages_of(run)) == order[order.index(WORDS[stages[-1]]) :]
    assert run.wait() == 0
    for name in ("transcript.json", "alignment.json", "digest.json"):
        assert file_sha256(project.workspace.root / name) == file_sha256(like.workspace.root / name)
    assert not list(project.workspace.root.glob(".*"))


def test_a_killed_run_goes_on_where_it_was(small_drop: Path, tmp_path: Path, drafted_once: Project) -> None:
    """After kill -9 in two stages the next run begins with the very stage, and the draft is the same as ever.

    The two are drawn by a seed that is printed: DIGEST_SEED draws others.
    """
    seed = os.environ.get("DIGEST_SEED", "1")
    drawn = random.Random(seed).sample(["read", "render", "describe", "prepare", "transcribe"], 2)  # noqa: S311
    chosen = sorted(drawn, key=list(WORDS).index)
    print(f"DIGEST_SEED={seed}: {chosen}")  # noqa: T201  # shown when it fails
    shutil.copytree(small_drop, tmp_path / "drop")

    check_that_it_resumes(a_project(tmp_path), chosen, drafted_once)


@pytest.mark.chaos
@pytest.mark.parametrize("stage", [name for name in WORDS if name != "take_in"])
def test_a_run_killed_in_any_stage_goes_on_there(
    stage: str, small_drop: Path, tmp_path: Path, drafted_once: Project
) -> None:
    """There is no stage in which a kill loses what was done or leaves half a result."""
    shutil.copytree(small_drop, tmp_path / "drop")

    check_that_it_resumes(a_project(tmp_path), [stage], drafted_once)


def test_two_runs_of_one_drop_and_the_second_says_so(project: Project) -> None:
    """Whoever comes second is told, at once and without harm; afterwards everything is current."""
    (project.workspace.root / "transcript.json").unlink()
    first = begin(project, "run", "drop")
    next(stages_of(first))

    second = begin(project, "run", "drop")
    said = second.communicate()[1]
    first.communicate()
    third = begin(project, "run", "drop")

    assert second.returncode == 1
    assert said == "drop: This drop is being worked on just now. Nothing is lost: try again when it has ended.\n"
    assert first.returncode == 0
    assert "Everything is current" in third.communicate()[0]
    assert third.returncode == 0


def test_an_operator_sees_the_run_at_a_prefect_server(
    project: Project, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """With PREFECT_API_URL the run stands completed at that server, a task a stage and its progress at the end.

    The run's own PREFECT_HOME is made with its parents.
    """
    (project.workspace.root / "alignment.json").unlink()
    home = tmp_path_factory.mktemp("client") / "state" / "prefect"

    with a_prefect_server(tmp_path_factory.mktemp("server")) as (api, _):
        run = begin(project, "run", "drop", PREFECT_API_URL=api, PREFECT_HOME=str(home))
        said = run.communicate()
        runs = shown_at(api, "flow_runs", lambda runs: [run["state_type"] for run in runs] == ["COMPLETED"])
        progress = shown_at(api, "artifacts", lambda shown: [artifact["data"] for artifact in shown] == [100.0])
        tasks = tasks_at(api, {"align", "write"})

    assert run.returncode == 0, said
    assert "prefect" not in said[1].lower()
    assert [run["state_type"] for run in runs] == ["COMPLETED"]
    assert tasks >= {"align", "write"}
    assert [artifact["data"] for artifact in progress] == [100.0]
