"""A small drop, and a draft of it that is made once."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import pytest

from digest import intake
from digest.model.artifact import Artifact
from digest.model.edition import Artifacts
from digest.pipeline import run_stages
from digest.settings import Settings, SpeechSettings
from digest.store.stages import current, make, take_into_workspace
from digest.store.workspace import Workspace

A = TypeVar("A", bound=Artifact)

DEMO = Path(__file__).parent.parent.parent / "recordings" / "demo"
MODEL = "tiny.en"


@dataclass
class Project:
    """A folder as somebody works in it: a drop, and settings whose folders lie beside it."""

    root: Path
    drop: Path
    settings: Settings

    def made(self) -> tuple[Artifacts, list[str]]:
        """Bring the draft up to date without Prefect; return it and the names of the stages that had to run."""
        ran = list[str]()
        workspace, drop = take_into_workspace(intake.take_in, intake.look(self.drop), self.settings.workspaces)

        def note(stage: Callable[..., A], *inputs: Any) -> A:
            if current(workspace, stage, *inputs) is None:
                ran.append(stage.__name__)
            return make(workspace, stage, *inputs)

        return run_stages(workspace, drop, self.settings, note), ran

    @property
    def workspace(self) -> Workspace:
        """Return the only workspace."""
        (only,) = (path for path in self.settings.workspaces.iterdir() if not path.name.startswith("."))
        return Workspace(only)


def a_project(root: Path, model: str = MODEL) -> Project:
    """Return a project in this folder, its speech model small so that tests are quick."""
    settings = Settings(
        workspaces=root / "workspaces",
        public=root / "public",
        inbox=root / "inbox",
        state=root / ".digest",
        speech=SpeechSettings(model=model),
    )
    return Project(root, root / "drop", settings)


@pytest.fixture(scope="session")
def drafted_once(small_drop: Path, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """Return a project with a finished draft, which no test may change."""
    project = a_project(tmp_path_factory.mktemp("drafted"))
    shutil.copytree(small_drop, project.drop)
    project.made()
    return project


@pytest.fixture
def project(drafted_once: Project, tmp_path: Path) -> Project:
    """Return a copy of the finished draft, the test's own."""
    shutil.copytree(drafted_once.root, tmp_path, dirs_exist_ok=True)
    return moved(a_project(tmp_path), drafted_once.drop)


def moved(project: Project, before: Path) -> Project:
    """Return a project whose drop lay elsewhere before, its files taken in where they lie now."""
    provenance = project.workspace.root / "provenance.json"
    told = provenance.read_text(encoding="utf-8").replace(str(before), str(project.drop))
    provenance.write_text(told, encoding="utf-8")
    project.made()
    return project
