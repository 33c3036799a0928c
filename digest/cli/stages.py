"""Stages by themselves, without Prefect: transcribe, slides, companions, align."""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from digest.cli.parameters import PLAIN, Common, Out
from digest.cli.words import print_json, say
from digest.errors import NotAllowed
from digest.store.workspace import Workspace

if TYPE_CHECKING:
    from digest.model.drop import Drop, Role
    from digest.settings import Settings


def transcribe(
    file: Annotated[Path, Parameter(help="A recording.")], /, *, out: Out = Path("transcript"), common: Common = PLAIN
) -> None:
    """Transcribe one recording, without a drop: media.json and transcript.json."""
    from digest import media, transcription
    from digest.model.companions import Companions
    from digest.model.speech import Terms
    from digest.store.stages import make

    settings, workspace = _settings(common), _open_output(out)
    recording = make(workspace, media.prepare, _drop_of_one(file, "recording", workspace), settings.media)
    make(workspace, transcription.transcribe, recording, Terms(), Companions(), settings.speech)
    _say_made(out / "transcript.json", common)


def slides(
    file: Annotated[Path, Parameter(help="A presentation: pptx, pdf, ppt or odp.")],
    /,
    *,
    out: Out = Path("slides"),
    common: Common = PLAIN,
) -> None:
    """Read and draw one presentation, without a drop: deck.json, pages.json and the pictures."""
    from digest import slides as room
    from digest.store.stages import make

    settings, workspace = _settings(common), _open_output(out)
    drop = _drop_of_one(file, "deck", workspace)
    deck = make(workspace, room.read, drop, settings.slides)
    make(workspace, room.render, drop, deck, settings.slides)
    _say_made(out / "deck.json", common)


def companions(
    drop: Annotated[Path, Parameter(help="A folder with what the platform left; a recording need not be there.")],
    /,
    *,
    out: Out = Path("companions"),
    common: Common = PLAIN,
) -> None:
    """Read what the platform left beside the recording, as a run would: companions.json."""
    from digest import intake
    from digest.store.stages import make

    workspace = _open_output(out)
    taken = make(workspace, intake.take_in_companions, intake.look(drop))
    make(workspace, intake.companions, taken)
    _say_made(out / "companions.json", common)


def align(
    drop: Annotated[Path, Parameter(help="A folder as `digest run` takes it.")],
    /,
    *,
    out: Out = Path("aligned"),
    common: Common = PLAIN,
) -> None:
    """Find when each slide was on, without Prefect: alignment.json and all that it rests on."""
    from digest import intake
    from digest.pipeline import run_stages
    from digest.store.stages import make

    settings, workspace = _settings(common), _open_output(out)
    taken = make(workspace, intake.take_in, intake.look(drop))
    run_stages(workspace, taken, settings, partial(make, workspace))
    _say_made(out / "alignment.json", common)


def _settings(common: Common) -> "Settings":
    """Return the settings in force. Raises MissingTool where they ask for more walls than this machine has."""
    from digest import sandbox

    settings = common.settings()
    sandbox.require(settings.sandbox)
    return settings


def _say_made(file: Path, common: Common) -> None:
    if common.json:
        print_json({"made": str(file)})
    else:
        say(file)


def _open_output(out: Path) -> Workspace:
    """Return the folder for what a stage makes. Raises NotAllowed where it holds anything else: that could be lost."""
    workspace = Workspace(out.resolve())
    if workspace.root.is_dir() and any(workspace.root.iterdir()) and not workspace.provenance():
        raise NotAllowed("This folder holds other files.", file=workspace.root, remedy="Name a new one with --out.")
    return workspace


def _drop_of_one(file: Path, role: "Role", workspace: Workspace) -> "Drop":
    """Return a drop that holds one file, copied into the workspace."""
    import shutil

    from digest.model.drop import Drop, DroppedFile
    from digest.store.files import file_sha256

    if not file.is_file():
        raise NotAllowed("There is no such file.", file=file, remedy="Check its name.")
    copy = workspace.root / "drop" / f"{role}{file.suffix.lower()}"
    copy.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(file, copy)
    stored = {"path": f"drop/{copy.name}", "sha256": file_sha256(copy), "size": copy.stat().st_size}
    return Drop(slug="alone", folder="", files=(DroppedFile(name=file.name, role=role, **stored),))
