"""What an earlier version made is still good: it opens, nothing of it is made again, it is published and retracted."""

import shutil
import subprocess
import sys
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest

from digest import editing, intake
from digest.model.edition import Decision
from digest.pipeline import find_current, run_stages
from digest.settings import Settings
from digest.store.files import file_sha256
from digest.store.stages import make, take_into_workspace
from digest.store.workspace import Workspace
from flows.publish import build
from tests.golden import EDITION, lay_out

NOON = datetime(2026, 12, 1, 12, tzinfo=UTC)
REWORDED = "A guest from industry explains which norms of behaviour states have agreed on."


@pytest.fixture(scope="module")
def laid_out(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Settings]:
    """Return the drop and the settings of a golden workspace, which no test may change."""
    return lay_out(tmp_path_factory.mktemp("golden"))


def files_of(workspace: Workspace) -> dict[str, str]:
    """Return the SHA-256 of every file that a stage made, by its path."""
    made = (path for path in workspace.root.rglob("*") if path.is_file() and path.suffix != ".jsonl")
    return {str(path.relative_to(workspace.root)): file_sha256(path) for path in made}


def test_everything_in_it_is_current(laid_out: tuple[Path, Settings]) -> None:
    """All stages find what they made, though some are called otherwise today and some take less."""
    drop, settings = laid_out

    assert find_current(intake.look(drop), settings)


def test_a_run_makes_nothing(laid_out: tuple[Path, Settings]) -> None:
    """`digest run` says at once that everything is current, and writes no file."""
    drop, settings = laid_out
    (workspace,) = map(Workspace, settings.workspaces.iterdir())
    before = files_of(workspace)
    verb = [sys.executable, "-c", "from digest.cli import main; main()", "run", str(drop)]

    ran = subprocess.run(verb, cwd=settings.workspaces.parent, capture_output=True, text=True, check=False)

    assert ran.returncode == 0, ran.stderr
    assert "Everything is current" in ran.stdout
    assert files_of(workspace) == before


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

    build(settings, workspace.slug, None)
    published = page.read_text(encoding="utf-8")
    decision = editing.retract(workspace, by="Ana Lind", at=NOON)
    build(settings, workspace.slug, None)

    assert REWORDED in published
    assert "igf.example.org/2016" not in published.partition('id="transcript"')[0]  # struck by an editor
    assert decision == Decision(number=3, at=NOON, by="Ana Lind", kind="retracted", edition=EDITION)
    assert "withdrawn" in page.read_text(encoding="utf-8")
    assert {path: sha256 for path, sha256 in files_of(workspace).items() if not path.startswith("made/")} == before


def test_the_line_returns_it_whole(laid_out: tuple[Path, Settings]) -> None:
    """Every artifact is read as it was written: no field of it is lost."""
    drop, settings = laid_out
    workspace, taken = take_into_workspace(intake.take_in, intake.look(drop), settings.workspaces)

    artifacts = run_stages(workspace, taken, settings, partial(make, workspace))

    for name in type(artifacts).model_fields:
        artifact = getattr(artifacts, name)
        assert artifact.canonical() == (workspace.root / artifact.FILE).read_bytes()
