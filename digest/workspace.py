"""One folder a webinar: its artifacts and their files, what is current, and how each was made.

The workspace is the only cache. A stage's result is current when stage, version, inputs and settings are those
it was made from and every file still has the hash it was saved with. Everything is written beside its place and
moved there by rename, the line in provenance.json last: a run killed anywhere starts again at that stage.

Beside its artifacts and settings a stage may name what it wants by keyword: `root` (the workspace folder, to which
the paths in artifacts are relative), `into` (an empty folder that becomes the artifact's own), `scratch` (finished
parts, kept until the stage is done), `progress`, and `slug` (None while the webinar has none).
"""

import contextlib
import fcntl
import hashlib
import inspect
import json
import os
import resource
import secrets
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar, get_type_hints

from pydantic import BaseModel, ValidationError

from digest.errors import DigestError, Stale, UnusableDrop
from digest.model.artifact import Artifact, Record, StoredFile
from digest.model.drop import Drop, Folder
from digest.model.edition import Artifacts, Decision, Edition, Overlay, Revision
from digest.model.provenance import Made, Recipe

A = TypeVar("A", bound=Artifact)
Line = TypeVar("Line", bound=Record)

# Stages that were called otherwise: their line in provenance.json keeps the name under which earlier versions wrote it.
RECORDED_AS = {"diarize": "tell_apart"}
Progress = Callable[[float], None]  # called with the fraction done, 0 to 1


def file_sha256(path: Path) -> str:
    """Return the hex SHA-256 of a file, read in pieces."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def stored(path: Path, *, folder: str) -> StoredFile:
    """Return the record of a file that a stage wrote into its `into`; `folder` is the artifact's FOLDER."""
    return StoredFile(path=f"{folder}/{path.name}", sha256=file_sha256(path), size=path.stat().st_size)


def write_atomically(path: Path, content: bytes) -> None:
    """Write a file whole or not at all, and durably: temporary file, fsync, rename, fsync of the folder."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.parent / f".{secrets.token_hex(8)}.tmp"
    try:
        with beside.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
    _fsync_folder(path.parent)


@dataclass(frozen=True)
class Workspace:
    """The folder of one webinar, named by its slug."""

    root: Path

    @property
    def slug(self) -> str:
        """Return the webinar's slug."""
        return self.root.name

    def kept(self, stage: Callable[..., A], *inputs: Any, progress: Progress | None = None) -> A:
        """Return the stage's saved artifact if it is current, else run the stage on `inputs` and save what it makes."""
        current = self.current(stage, *inputs)
        return current if current is not None else self._made(stage, inputs, progress)

    def current(self, stage: Callable[..., A], *inputs: Any) -> A | None:
        """Return the saved artifact of a stage if it was made from these very inputs and is whole, else None."""
        made, artifact = self._made_of(stage), self.load(_returned(stage))
        if made is None or artifact is None or made.sha256 != artifact.sha256():
            return None
        is_current = _is_made_from(made, _recipe(stage, inputs)) and self._is_whole(artifact)
        return artifact if is_current else None

    def _made_of(self, stage: Callable[..., Artifact]) -> Made | None:
        """Return how a stage's saved artifact was made, or None where that is not known."""
        try:
            return Made.model_validate(self.provenance().get(_name(stage)))
        except ValidationError:
            return None

    def load(self, kind: type[A]) -> A | None:
        """Return the saved artifact of a kind, or None if there is none or it cannot be read."""
        try:
            return kind.model_validate_json((self.root / kind.FILE).read_bytes())
        except (OSError, ValidationError):
            return None

    def artifacts(self) -> Artifacts | None:
        """Return all artifacts, or None while the draft is not complete."""
        found = {
            name: self.load(kind) for name, kind in get_type_hints(Artifacts).items() if name in Artifacts.model_fields
        }
        return None if None in found.values() else Artifacts.model_validate(found)

    def find(self, file: StoredFile) -> Path:
        """Return where a file that an artifact or Edition names lies now: a re-run may have moved it to kept/.

        Raises Stale if it is gone.
        """
        for path in (self.root / "kept" / file.sha256, self.root / file.path):
            if path.is_file() and path.stat().st_size == file.size:
                return path
        raise Stale("A file of this webinar is missing.", file=file.path, remedy="Run the drop again.")

    def overlay(self) -> Overlay:
        """Return the editors' revisions."""
        return Overlay(revisions=tuple(lines_of(self.root / "overlay.jsonl", Revision)))

    def decisions(self) -> tuple[Decision, ...]:
        """Return what people decided, in order."""
        return tuple(lines_of(self.root / "decisions.jsonl", Decision))

    def edition(self, sha256: str) -> Edition:
        """Return a kept Edition. Raises Stale if there is none of this hash or it was tampered with."""
        path = self.root / "editions" / sha256 / Edition.FILE
        with contextlib.suppress(OSError, ValidationError):
            content = path.read_bytes()
            if hashlib.sha256(content).hexdigest() == sha256:  # of the bytes: a later version may know more fields
                return Edition.model_validate_json(content)
        raise Stale("This edition is not there or was changed.", file=path, remedy="Approve the draft again.")

    def _made(self, stage: Callable[..., A], inputs: tuple[Any, ...], progress: Progress | None) -> A:
        self.root.mkdir(parents=True, exist_ok=True)
        self._sweep()
        kind, name = _returned(stage), _name(stage)
        wanted = inspect.signature(stage).parameters
        with contextlib.ExitStack() as ended:
            slug = None if self.slug.startswith(".") else self.slug
            given: dict[str, object] = {"root": self.root, "progress": progress or _silent, "slug": slug}
            given["into"] = into = self.root / f".{name}-{secrets.token_hex(4)}"
            given["scratch"] = scratch = self.root / "scratch" / name
            if "into" in wanted:
                into.mkdir()
                ended.callback(shutil.rmtree, into, ignore_errors=True)
            if "scratch" in wanted:
                scratch.mkdir(parents=True, exist_ok=True)
            began = time.monotonic()
            artifact = stage(*inputs, **{key: value for key, value in given.items() if key in wanted})
            seconds = time.monotonic() - began
            self._move_old_to_kept(kind)
            self._install(artifact, into if "into" in wanted else None)
        self._record(name, artifact, stage, inputs, seconds)
        shutil.rmtree(scratch, ignore_errors=True)
        return artifact

    def _sweep(self) -> None:
        """Remove what a killed run was writing: nothing else begins with a dot, and one run at a time is here."""
        for left in self.root.glob(".*"):
            shutil.rmtree(left) if left.is_dir() else left.unlink()

    def _move_old_to_kept(self, kind: type[Artifact]) -> None:
        """Move the artifact that is in place, and its files, to kept/<sha256>: an Edition may name them."""
        old = self.load(kind)
        if old is None:
            return
        kept = self.root / "kept"
        kept.mkdir(exist_ok=True)
        own = [file for file in old.stored_files() if kind.FOLDER and file.path.startswith(f"{kind.FOLDER}/")]
        for file in own:
            if (path := self.root / file.path).is_file():
                path.replace(kept / file.sha256)
        (self.root / kind.FILE).replace(kept / old.sha256())

    def _install(self, artifact: Artifact, into: Path | None) -> None:
        if artifact.FOLDER and into:
            for file in into.iterdir():
                with file.open("rb") as written:
                    os.fsync(written.fileno())
            shutil.rmtree(self.root / artifact.FOLDER, ignore_errors=True)
            into.replace(self.root / artifact.FOLDER)
        write_atomically(self.root / artifact.FILE, artifact.canonical())

    def _record(
        self, name: str, artifact: Artifact, stage: Callable[..., A], inputs: tuple[Any, ...], seconds: float
    ) -> None:
        peak = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
        made = Made(
            **_recipe(stage, inputs).model_dump(),
            sha256=artifact.sha256(),
            seconds=round(seconds, 2),
            peak_megabytes=peak // 1024,
        )
        content = json.dumps(
            self.provenance() | {name: made.model_dump(mode="json")}, ensure_ascii=False, indent=1, sort_keys=True
        )
        write_atomically(self.root / "provenance.json", content.encode() + b"\n")

    def provenance(self) -> dict[str, Any]:
        """Return per stage how its artifact was made: version, inputs, settings, seconds, peak memory."""
        try:
            return dict(json.loads((self.root / "provenance.json").read_bytes()))
        except (OSError, ValueError):
            return {}

    def _is_whole(self, artifact: Artifact) -> bool:
        mine = (f for f in artifact.stored_files() if artifact.FOLDER and f.path.startswith(f"{artifact.FOLDER}/"))
        return all((path := self.root / f.path).is_file() and file_sha256(path) == f.sha256 for f in mine)


def workspaces_in(folder: Path) -> tuple[Workspace, ...]:
    """Return all workspaces, by slug; one that lost its provenance.json still has what people decided."""
    marks = ("provenance.json", "decisions.jsonl")
    return tuple(
        Workspace(root) for root in sorted({path.parent for name in marks for path in folder.glob(f"[!.]*/{name}")})
    )


def workspace_of(folder: Folder, workspaces: Path) -> Workspace | None:
    """Return the workspace that was made from this folder, or None: a slug, once given, is never computed again."""
    for workspace in workspaces_in(workspaces):
        made = workspace.provenance().get("take_in", {})
        if made and made["settings"][0]["path"] == folder.path:
            return workspace
    return None


def taken_in(take_in: Callable[..., Drop], folder: Folder, workspaces: Path) -> tuple[Workspace, Drop]:
    """Return the workspace of a folder with its Drop, taken in anew if a file of it changed.

    A workspace with these very files is the folder's own, wherever the folder lay before.
    Raises UnusableDrop where another folder was given the same address before.
    """
    if known := workspace_of(folder, workspaces):
        return known, known.kept(take_in, folder)
    arriving = Workspace(workspaces / f".arriving-{secrets.token_hex(4)}")
    try:
        drop = arriving.kept(take_in, folder)
        settled = Workspace(workspaces / drop.slug)
        if settled.load(Drop) == drop:
            return settled, settled.kept(take_in, folder)
        try:
            arriving.root.rename(settled.root)
        except OSError as error:
            raise UnusableDrop(
                f"Another folder already made the webinar “{drop.slug}”.",
                file=folder.path,
                remedy="Put the new files into that folder, or give this webinar another slug in event.toml.",
            ) from error
    finally:
        shutil.rmtree(arriving.root, ignore_errors=True)
    return settled, drop


def append(path: Path, make: Callable[[int], Line], *, expected: int) -> Line:
    """Append the line `make(number)` to a .jsonl file, durably and under a lock; `expected` is the last number seen.

    Raises Stale if somebody else appended meanwhile. A line cut short by a crash is taken off first: it was never told
    to anybody as saved.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+b") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        file.seek(0)
        content = file.read()
        whole = content[: content.rfind(b"\n") + 1]
        if whole.count(b"\n") != expected:
            raise Stale(
                "Somebody else changed this webinar meanwhile.",
                file=path,
                remedy="Load the page again and repeat your change.",
            )
        file.truncate(len(whole))
        line = make(expected + 1)
        file.write(line.model_dump_json(by_alias=True).encode() + b"\n")
        file.flush()
        os.fsync(file.fileno())
    _fsync_folder(path.parent)
    return line


def lines_of(path: Path, kind: type[Line]) -> Iterator[Line]:
    """Yield the lines of a .jsonl file; a last line that a crash cut short does not count.

    Raises DigestError where somebody else damaged the file: what people decided is not guessed at.
    """
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return
    for number, line in enumerate(content[: content.rfind(b"\n") + 1].split(b"\n")[:-1], start=1):
        try:
            yield kind.model_validate_json(line)
        except ValidationError as error:
            raise DigestError(
                f"Line {number} of this file of the webinar “{path.parent.name}” is damaged.",
                file=path,
                remedy="Put the file back from a backup; until then nothing is decided or published.",
            ) from error


def _silent(_: float) -> None:
    """Tell nobody how far a stage is."""


def _name(stage: Callable[..., Any]) -> str:
    return RECORDED_AS.get(stage.__name__, stage.__name__)


def _version(stage: Callable[..., Any]) -> int:
    return int(sys.modules[stage.__module__].VERSION)


def _returned(stage: Callable[..., A]) -> type[A]:
    kind: type[A] = get_type_hints(stage)["return"]
    return kind


def _recipe(stage: Callable[..., Any], inputs: tuple[Any, ...]) -> Recipe:
    """Return all that decides what a stage makes. Raises TypeError where it is given what cannot be recorded."""
    return Recipe(
        version=_version(stage),
        inputs={value.FILE: value.sha256() for value in inputs if isinstance(value, Artifact)},
        settings=tuple(_plain(value) for value in inputs if not isinstance(value, Artifact)),
    )


def _is_made_from(made: Recipe, wanted: Recipe) -> bool:
    """Return whether a result is what a stage would make now; it may name inputs that the stage no longer takes."""
    return (
        made.version == wanted.version
        and made.settings == wanted.settings
        and wanted.inputs.items() <= made.inputs.items()
    )


def _plain(value: object) -> object:
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json")
    raise TypeError(f"a stage takes artifacts and settings, not {type(value).__name__}")


def _fsync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
