"""What an earlier version made is still good: it opens, what people approved stays, it is published and retracted."""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, TypeVar, get_type_hints

import pytest

from digest import editing, intake
from digest.model.artifact import Artifact
from digest.model.edition import Decision
from digest.pipeline import run_stages
from digest.settings import Settings
from digest.site import build
from digest.store.files import file_sha256
from digest.store.stages import current, make, take_into_workspace
from digest.store.workspace import Workspace
from tests.golden import EDITION, lay_out

NOON = datetime(2026, 12, 1, 12, tzinfo=UTC)
RENEWED = {
    "collect",
    "companions",
    "describe",
    "diarize",
    "outline",
    "prepare",
    "read",
    "render",
    "write",
}  # stages that have learned since
WRITTEN = {"deck.json", "speakers.json", "outline.json", "digest.json", "provenance.json"}
A = TypeVar("A", bound=Artifact)
REWORDED = "A guest from industry explains which norms of behaviour states have agreed on."


@pytest.fixture(scope="module")
def laid_out(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Settings]:
    """Return the drop and the settings of a golden workspace, which no test may change."""
    return lay_out(tmp_path_factory.mktemp("golden"))


def files_of(workspace: Workspace) -> dict[str, str]:
    """Return the SHA-256 of every file that a stage made, by its path."""
    made = (path for path in workspace.root.rglob("*") if path.is_file() and path.suffix != ".jsonl")
    return {str(path.relative_to(workspace.root)): file_sha256(path) for path in made}


def test_all_but_the_writing_is_current(laid_out: tuple[Path, Settings]) -> None:
    """All stages find what they made, though some are called otherwise today, but those that write better today."""
    drop, settings = laid_out
    workspace, taken = take_into_workspace(intake.take_in, intake.look(drop), settings.workspaces)
    stale = list[str]()

    def look(stage: Callable[..., A], *inputs: Any) -> A:
        if (saved := current(workspace, stage, *inputs)) is None:
            stale.append(stage.__name__)
            saved = workspace.load(get_type_hints(stage)["return"])
        assert saved
        return saved

    run_stages(workspace, taken, settings, look)

    assert set(stale) <= RENEWED


def test_a_run_writes_anew_and_nothing_else(tmp_path: Path) -> None:
    """`digest run` writes the draft anew as it is done today; recording, transcript and slides stay as they are."""
    drop, settings = lay_out(tmp_path)
    (workspace,) = map(Workspace, settings.workspaces.iterdir())
    before = files_of(workspace)
    verb = [sys.executable, "-c", "from digest.cli import main; main()", "run", str(drop)]

    ran = subprocess.run(verb, cwd=settings.workspaces.parent, capture_output=True, text=True, check=False)

    assert ran.returncode == 0, ran.stderr
    after = files_of(workspace)
    assert {path for path in before if before[path] != after.get(path)} <= WRITTEN
    assert workspace.edition(EDITION)


def test_the_draft_is_the_edition_that_was_approved(laid_out: tuple[Path, Settings]) -> None:
    """The editors' corrections fit, and what comes of them is byte for byte what they approved."""
    _, settings = laid_out
    (workspace,) = map(Workspace, settings.workspaces.iterdir())
    artifacts = workspace.artifacts()

    assert artifacts
    edition = editing.revise(artifacts, workspace.overlay())
    assert edition.unfit == ()
    assert edition.sha256() == EDITION
    assert workspace.edition(EDITION) == edition


def test_it_is_published_and_retracted(laid_out: tuple[Path, Settings], tmp_path: Path) -> None:
    """The site is made from what was approved, and taken down again; no stage runs for either."""
    shutil.copytree(laid_out[1].workspaces, tmp_path / "workspaces")
    settings = laid_out[1].model_copy(
        update={"workspaces": tmp_path / "workspaces", "public": tmp_path / "public", "state": tmp_path / ".digest"}
    )
    (workspace,) = map(Workspace, settings.workspaces.iterdir())
    before = files_of(workspace)
    page = settings.public / workspace.slug / "digest" / "index.html"

    build(settings, workspace.slug)
    published = page.read_text(encoding="utf-8")
    decision = editing.retract(workspace, by="Ana Lind", at=NOON)
    build(settings, workspace.slug)

    assert REWORDED in published
    assert "igf.example.org/2016" not in published.partition('id="transcript"')[0]  # struck by an editor
    expected = Decision(number=3, at=NOON, by="Ana Lind", kind="retracted", edition=EDITION, before=decision.before)
    assert decision == expected
    assert "withdrawn" in page.read_text(encoding="utf-8")
    assert {path: sha256 for path, sha256 in files_of(workspace).items() if not path.startswith("made/")} == before


def test_the_line_returns_it_whole(tmp_path: Path) -> None:
    """Every artifact is read as it was written: no field of it is lost."""
    drop, settings = lay_out(tmp_path)
    workspace, taken = take_into_workspace(intake.take_in, intake.look(drop), settings.workspaces)

    artifacts = run_stages(workspace, taken, settings, partial(make, workspace))

    for name in type(artifacts).model_fields:
        artifact = getattr(artifacts, name)
        written, now = (json.loads(c) for c in ((workspace.root / artifact.FILE).read_bytes(), artifact.canonical()))
        assert {field: now[field] for field in written} == written
