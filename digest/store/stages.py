"""Stages in a workspace: what is current, and running one so that its result is there whole or not at all.

The workspace is the only cache. A stage's result is current when version, inputs and settings are those it was made
from and every file still has the hash it was saved with. Everything is written beside its place and moved there by
rename, the line in provenance.json last: a run killed anywhere starts again at that stage.

Beside its artifacts and settings a stage may name what it wants by keyword: `root` (the workspace folder, to which
the paths in artifacts are relative), `into` (an empty folder that becomes the artifact's own), `scratch` (finished
parts, kept until the stage is done), `progress`, and `slug` (None while the webinar has none). A stage in which a model
computes names in its module as `ARITHMETIC` what says in which number type: its result depends on that too.
"""

import contextlib
import inspect
import json
import logging
import os
import resource
import shutil
import socket
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar, get_type_hints

from pydantic import BaseModel, ValidationError

from digest.errors import UnusableDrop
from digest.model.artifact import Artifact
from digest.model.drop import Drop, Folder
from digest.model.provenance import Made, Recipe
from digest.store.files import OWN_TEMPORARY, file_sha256, put_apart, temporary_beside, write_atomically
from digest.store.workspace import ARRIVING, KEPT, Workspace, workspace_of
from digest.temporary import temporary_folder

log = logging.getLogger(__name__)

A = TypeVar("A", bound=Artifact)
Progress = Callable[[float], None]  # called with the fraction done, 0 to 1

# Stages that were called otherwise: their line in provenance.json keeps the name under which earlier versions wrote it.
RECORDED_AS = {"diarize": "tell_apart"}


def make(workspace: Workspace, stage: Callable[..., A], *inputs: Any, progress: Progress | None = None) -> A:
    """Return the stage's saved artifact if it is current, else run the stage on `inputs` and save what it makes."""
    saved = current(workspace, stage, *inputs)
    return saved if saved is not None else _run(workspace, stage, inputs, progress)


def current(workspace: Workspace, stage: Callable[..., A], *inputs: Any) -> A | None:
    """Return the saved artifact of a stage if it was made from these very inputs and is whole, else None."""
    made, artifact = _last_made(workspace, stage), workspace.load(_kind(stage))
    if made is None or artifact is None or made.sha256 != artifact.sha256():
        return None
    return artifact if _fits(made, _recipe(stage, inputs)) and _is_whole(workspace, artifact) else None


def take_into_workspace(
    take_in: Callable[..., Drop], folder: Folder, workspaces: Path, home: Workspace | None = None
) -> tuple[Workspace, Drop]:
    """Return the workspace of a folder with its Drop, taken in anew if a file of it changed.

    A workspace with these very files is the folder's own, wherever the folder lay before. `home` is that of the event
    which the folder belongs to, where it was announced.
    Raises UnusableDrop where another folder was given the same address before.
    """
    if known := workspace_of(folder.path, workspaces) or home:
        put_apart(known.root / str(Drop.FOLDER))
        return known, make(known, take_in, folder)
    workspaces.mkdir(parents=True, exist_ok=True)
    with temporary_folder(workspaces, prefix=ARRIVING) as place:
        arriving = Workspace(place)
        drop = make(arriving, take_in, folder)
        settled = Workspace(workspaces / drop.slug)
        if settled.load(Drop) == drop:
            return settled, make(settled, take_in, folder)
        try:
            arriving.root.rename(settled.root)
        except OSError as error:
            raise UnusableDrop(
                f"Another folder already made the webinar “{drop.slug}”.",
                file=folder.path,
                remedy="Put the new files into that folder, or give this webinar another slug in event.toml.",
            ) from error
    return settled, drop


def _run(workspace: Workspace, stage: Callable[..., A], inputs: tuple[Any, ...], progress: Progress | None) -> A:
    root, kind, name = workspace.root, _kind(stage), recorded_name(stage)
    root.mkdir(parents=True, exist_ok=True)
    _sweep(root)
    _record_unrecorded(workspace)
    wanted = inspect.signature(stage).parameters
    log.debug("%s begins: version %s, inputs %s", name, _version(stage), [type(one).__name__ for one in inputs])
    with contextlib.ExitStack() as ended:
        slug = None if workspace.slug.startswith(".") else workspace.slug
        given: dict[str, object] = {"root": root, "progress": progress or _tell_nobody, "slug": slug}
        given["into"] = into = temporary_beside(root / name)
        given["scratch"] = scratch = root / "scratch" / name
        if "into" in wanted:
            into.mkdir()
            ended.callback(shutil.rmtree, into, ignore_errors=True)
        if "scratch" in wanted:
            scratch.mkdir(parents=True, exist_ok=True)
        began = time.monotonic()
        artifact = stage(*inputs, **{key: value for key, value in given.items() if key in wanted})
        seconds = time.monotonic() - began
        _move_old_to_kept(workspace, kind)
        _install(root, artifact, into if "into" in wanted else None)
    _record(workspace, artifact, stage, inputs, seconds)
    shutil.rmtree(scratch, ignore_errors=True)
    log.debug("%s made %s in %.2f s", name, kind.FILE, seconds)
    return artifact


def _record_unrecorded(workspace: Workspace) -> None:
    """Record the draft of a version that recorded none before anything of it is replaced."""
    if not workspace.last_run() and (draft := workspace.artifacts()):
        workspace.record_run(draft)


def _sweep(root: Path) -> None:
    """Remove what a killed run was writing, told by its name: one run at a time is here."""
    for left in root.iterdir():
        if OWN_TEMPORARY.fullmatch(left.name):
            shutil.rmtree(left) if left.is_dir() else left.unlink()


def _move_old_to_kept(workspace: Workspace, kind: type[Artifact]) -> None:
    """Move the artifact that is in place, and its files, to kept/<sha256>: an Edition may name them."""
    old = workspace.load(kind)
    if old is None:
        return
    kept = workspace.root / KEPT
    kept.mkdir(exist_ok=True)
    own = [file for file in old.stored_files() if kind.FOLDER and file.path.startswith(f"{kind.FOLDER}/")]
    for file in own:
        if (path := workspace.root / file.path).is_file():
            path.replace(kept / file.sha256)
    (workspace.root / kind.FILE).replace(kept / old.sha256())


def _install(root: Path, artifact: Artifact, into: Path | None) -> None:
    if artifact.FOLDER and into:
        for file in into.iterdir():
            with file.open("rb") as written:
                os.fsync(written.fileno())
        shutil.rmtree(root / artifact.FOLDER, ignore_errors=True)
        into.replace(root / artifact.FOLDER)
    write_atomically(root / artifact.FILE, artifact.canonical())


def _record(
    workspace: Workspace, artifact: Artifact, stage: Callable[..., A], inputs: tuple[Any, ...], seconds: float
) -> None:
    peak = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    made = Made(
        **_recipe(stage, inputs).model_dump(),
        sha256=artifact.sha256(),
        seconds=round(seconds, 2),
        peak_megabytes=peak // 1024,
        host=socket.gethostname(),
    )
    all_made = workspace.provenance() | {recorded_name(stage): made.model_dump(mode="json")}
    content = json.dumps(all_made, ensure_ascii=False, indent=1, sort_keys=True)
    write_atomically(workspace.root / "provenance.json", content.encode() + b"\n")


def _is_whole(workspace: Workspace, artifact: Artifact) -> bool:
    mine = (f for f in artifact.stored_files() if artifact.FOLDER and f.path.startswith(f"{artifact.FOLDER}/"))
    return all((path := workspace.root / f.path).is_file() and file_sha256(path) == f.sha256 for f in mine)


def _last_made(workspace: Workspace, stage: Callable[..., Artifact]) -> Made | None:
    """Return how a stage's saved artifact was made, or None where that is not known."""
    try:
        return Made.model_validate(workspace.provenance().get(recorded_name(stage)))
    except ValidationError:
        return None


def _recipe(stage: Callable[..., Any], inputs: tuple[Any, ...]) -> Recipe:
    """Return all that decides what a stage makes. Raises TypeError where it is given what cannot be recorded."""
    arithmetic = getattr(sys.modules[stage.__module__], "ARITHMETIC", None)
    return Recipe(
        version=_version(stage),
        inputs={value.FILE: value.sha256() for value in inputs if isinstance(value, Artifact)},
        settings=tuple(_as_json(value) for value in inputs if not isinstance(value, Artifact)),
        number_type=arithmetic() if arithmetic else None,
    )


def _fits(made: Recipe, wanted: Recipe) -> bool:
    """Return whether a result is what a stage would make now.

    It may name inputs that the stage no longer takes, and no number type: until 0.1.0 it was not recorded.
    """
    return (
        made.version == wanted.version
        and made.settings == wanted.settings
        and wanted.inputs.items() <= made.inputs.items()
        and made.number_type in (None, wanted.number_type)
    )


def _as_json(value: object) -> object:
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json")
    raise TypeError(f"a stage takes artifacts and settings, not {type(value).__name__}")


def recorded_name(stage: Callable[..., Any]) -> str:
    """Return the name of a stage in provenance.json."""
    return RECORDED_AS.get(stage.__name__, stage.__name__)


def _version(stage: Callable[..., Any]) -> int:
    return int(sys.modules[stage.__module__].VERSION)


def _kind(stage: Callable[..., A]) -> type[A]:
    """Return the kind of artifact that a stage makes."""
    kind: type[A] = get_type_hints(stage)["return"]
    return kind


def _tell_nobody(_: float) -> None:
    """Take no notice of how far a stage is."""
