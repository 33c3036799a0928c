"""The line of stages in order, without Prefect: asking whether a drop is current starts nothing."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol, TypeVar

from digest import alignment, diarization, intake, media, slides, terms, transcription, writing
from digest.errors import Busy
from digest.ledger import Ledger
from digest.model.artifact import Artifact
from digest.model.drop import Drop, Folder, Role
from digest.model.edition import Artifacts
from digest.model.event import Event
from digest.model.speech import Terms, Transcript
from digest.settings import Settings
from digest.workspace import Workspace, workspace_of

A = TypeVar("A", bound=Artifact)

BUSY = "This drop is being worked on just now."
SITE_BUSY = "The site is being published just now."
STAGES = {  # each stage by its name, and what the terminal calls it
    "take_in": "Taking the files in",
    "companions": "Reading what the platform left",
    "read": "Reading the slides",
    "render": "Drawing the slides",
    "describe": "Describing the event",
    "prepare": "Preparing the recording",
    "collect": "Collecting names and terms",
    "transcribe": "Transcribing",
    "diarize": "Telling voices apart",
    "align": "Finding when each slide was on",
    "outline": "Finding the chapters",
    "write": "Writing the digest",
}

LEFT: tuple[Role, ...] = ("chat", "captions", "questions", "slide_events", "polls")


class Kept(Protocol):
    """Returns a stage's saved artifact, or makes and saves it."""

    def __call__(self, stage: Callable[..., A], *inputs: Any) -> A:
        """Return the artifact that the stage makes of these inputs."""


class _NotCurrentError(Exception):
    """The first stage that would have to run."""


def line(workspace: Workspace, drop: Drop, settings: Settings, kept: Kept) -> Artifacts:
    """Return everything that is made of a drop; each stage sees only the files and settings that it uses."""
    companions = kept(intake.companions, drop.only(*LEFT, "event"))  # event.toml may say who wrote captions
    presented = drop.only("deck", "pictures", "event")  # event.toml may hold the deck's password
    deck = kept(slides.read, presented, settings.slides)
    pages = kept(slides.render, presented, deck, settings.slides)
    event = kept(intake.describe, drop, deck, companions, settings.organisation)
    recording = kept(media.prepare, drop.only("recording"), settings.media)
    told = frozen_terms(workspace, event) or kept(terms.collect, event, deck, companions, settings.organisation)
    transcript = kept(transcription.transcribe, recording, told, companions, settings.speech)
    speakers = kept(diarization.diarize, recording, transcript, companions, event)
    shown = kept(alignment.align, recording, transcript, deck, pages, companions)
    outline = kept(writing.outline, transcript, speakers, deck, shown)
    written = event, outline, recording, transcript, speakers, deck, shown, companions, told
    digest = kept(writing.write, *written, settings.writing, settings.llm)
    return Artifacts(
        drop=drop, companions=companions, deck=deck, pages=pages, event=event, media=recording, terms=told,
        transcript=transcript, speakers=speakers, alignment=shown, outline=outline, digest=digest,
    )  # fmt: skip


def frozen_terms(workspace: Workspace, event: Event) -> Terms | None:
    """Return the terms that the transcript was made with: a changed deck does not transcribe again, a language does."""
    told = workspace.load(Terms)
    return told if told and workspace.load(Transcript) and told.language == event.language else None


def standing(folder: Folder, settings: Settings) -> Workspace | None:
    """Return the workspace of a folder if everything in it is current, else None; runs nothing."""
    workspace = workspace_of(folder, settings.workspaces)
    drop = workspace and workspace.current(intake.take_in, folder)
    if not (workspace and drop):
        return None

    def kept(stage: Callable[..., A], *inputs: Any) -> A:
        if (made := workspace.current(stage, *inputs)) is None:
            raise _NotCurrentError
        return made

    try:
        line(workspace, drop, settings, kept)
    except _NotCurrentError:
        return None
    return workspace


def lease_name(folder: Folder) -> str:
    """Return the name under which a drop is held while it is worked on."""
    return f"drop {folder.path}"


def drafted(folder: Path, settings: Settings) -> tuple[Workspace, bool]:
    """Return the workspace of a drop with everything current, and whether anything had to be made for that.

    Raises Busy while another run is at the drop, and whatever its stages raise.
    """
    looked = intake.look(folder)
    if Ledger(settings).is_held(lease_name(looked)):
        raise Busy(BUSY, file=folder, remedy="Nothing is lost: try again when it has ended.")
    if workspace := standing(looked, settings):
        return workspace, False
    from flows.draft import draft  # Prefect costs seconds

    return draft(folder, settings), True
