"""The stages in order, as a table: flows run it, progress and docs show it, tests read it.

A stage says by its signature what it takes; which files of the drop it sees, and what people call it, stand in its row.
Nothing here touches Prefect: asking whether a drop is current starts nothing.
"""

import inspect
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar, get_type_hints

from digest import alignment, diarization, intake, media, slides, terms, transcription, writing
from digest.editing.glossary import glossary
from digest.model.artifact import Artifact
from digest.model.drop import Drop, Folder, Role
from digest.model.edition import Artifacts
from digest.model.event import Event
from digest.model.speech import Glossary, Terms, Transcript
from digest.settings import Settings
from digest.store.stages import current
from digest.store.workspace import Workspace, workspace_of

A = TypeVar("A", bound=Artifact)

LEFT_BY_PLATFORMS: tuple[Role, ...] = ("chat", "captions", "questions", "slide_events", "polls")
PRESENTED: tuple[Role, ...] = ("deck", "pictures", "event")  # event.toml may hold the deck's password


@dataclass(frozen=True)
class Stage:
    """A row of the table.

    `words` is what the terminal calls it. `sees` are the roles of the files of the drop that it sees, None for all:
    a change of any other file makes nothing of it anew.
    """

    run: Callable[..., Artifact]
    words: str
    sees: tuple[Role, ...] | None = None

    @property
    def name(self) -> str:
        """Return its name."""
        return str(self.run.__name__)

    @property
    def version(self) -> int:
        """Return the version of its module: a raised one says that what it made could be renewed."""
        return int(sys.modules[self.run.__module__].VERSION)

    @property
    def makes(self) -> type[Artifact]:
        """Return the kind of artifact that it makes."""
        kind: type[Artifact] = get_type_hints(self.run)["return"]
        return kind

    @property
    def takes(self) -> tuple[type[Any], ...]:
        """Return the kinds of artifacts and settings that it takes, in order."""
        hints = get_type_hints(self.run)
        given = (p.name for p in inspect.signature(self.run).parameters.values() if p.kind is not p.KEYWORD_ONLY)
        return tuple(hints[name] for name in given)


STAGES = (
    Stage(intake.take_in, "Taking the files in"),
    # event.toml may say who wrote captions
    Stage(intake.companions, "Reading what the platform left", sees=(*LEFT_BY_PLATFORMS, "event")),
    Stage(slides.read, "Reading the slides", sees=PRESENTED),
    Stage(slides.render, "Drawing the slides", sees=PRESENTED),
    Stage(intake.describe, "Describing the event"),
    Stage(media.prepare, "Preparing the recording", sees=("recording", "screen")),
    Stage(terms.collect, "Collecting names and terms"),
    Stage(transcription.transcribe, "Transcribing"),
    Stage(diarization.diarize, "Telling voices apart"),
    Stage(alignment.align, "Finding when each slide was on"),
    Stage(writing.outline, "Finding the chapters"),
    Stage(writing.write, "Writing the digest"),
)
WORDS = {stage.name: stage.words for stage in STAGES}


class Make(Protocol):
    """Returns what a stage makes of its inputs: what is saved of it, or made anew."""

    def __call__(self, stage: Callable[..., A], *inputs: Any) -> A:
        """Return the artifact that the stage makes of these inputs."""


class _NotCurrentError(Exception):
    """The first stage that would have to run."""


def run_stages(workspace: Workspace, drop: Drop, settings: Settings, make: Make) -> Artifacts:
    """Return everything that is made of a drop, recorded as one run; each stage sees only what it uses of the drop."""
    made: dict[type[Artifact], Artifact] = {Drop: drop}
    for stage in STAGES[1:]:
        frozen = frozen_terms(workspace, made[Event]) if stage.makes is Terms else None
        made[stage.makes] = frozen or make(stage.run, *_inputs(stage, made, settings, workspace))
    artifacts = Artifacts.model_validate({name: made[kind] for name, kind in _kinds_of_artifacts()})
    workspace.record_run(artifacts)
    return artifacts


def frozen_terms(workspace: Workspace, event: Artifact) -> Terms | None:
    """Return the terms that the transcript was made with: a changed deck does not transcribe again, a language does."""
    terms = workspace.load(Terms)
    is_of_it = isinstance(event, Event) and terms is not None and terms.language == event.language
    return terms if is_of_it and workspace.load(Transcript) else None


def find_current(folder: Folder, settings: Settings) -> Workspace | None:
    """Return the workspace of a folder if everything in it is current, else None; runs nothing."""
    workspace = workspace_of(folder.path, settings.workspaces)
    drop = workspace and current(workspace, intake.take_in, folder)
    if not (workspace and drop):
        return None

    def look(stage: Callable[..., A], *inputs: Any) -> A:
        if (saved := current(workspace, stage, *inputs)) is None:
            raise _NotCurrentError
        return saved

    try:
        run_stages(workspace, drop, settings, look)
    except _NotCurrentError:
        return None
    return workspace


def _inputs(
    stage: Stage, made: dict[type[Artifact], Artifact], settings: Settings, workspace: Workspace
) -> Iterator[Any]:
    """Yield what a stage takes: artifacts, the drop with what the stage sees of it, settings, what editors taught."""
    groups = {type(group): group for group in (getattr(settings, name) for name in type(settings).model_fields)}
    for kind in stage.takes:
        if kind is Glossary:
            event = made[Event]
            series = event.series if isinstance(event, Event) else None
            yield glossary(settings.workspaces, series, without=workspace.slug)
            continue
        taken = made[kind] if issubclass(kind, Artifact) else groups[kind]
        yield taken.only(*stage.sees) if isinstance(taken, Drop) and stage.sees else taken


def _kinds_of_artifacts() -> Iterator[tuple[str, type[Artifact]]]:
    hints = get_type_hints(Artifacts)
    yield from ((name, hints[name]) for name in Artifacts.model_fields)
