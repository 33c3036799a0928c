"""One folder a webinar: what its stages made, what editors changed, what people decided, and where its files lie."""

import contextlib
import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar, get_type_hints

from pydantic import ValidationError

from digest.errors import Stale
from digest.model.artifact import Artifact, StoredFile
from digest.model.drop import Folder
from digest.model.edition import Artifacts, Decision, Edition, Overlay, Revision
from digest.store.journal import read_lines

A = TypeVar("A", bound=Artifact)

ARRIVING, CHECKED = ".arriving-", ".check-"  # among the workspaces: drops that are being taken in, or looked at


@dataclass(frozen=True)
class Workspace:
    """The folder of one webinar, named by its slug."""

    root: Path

    @property
    def slug(self) -> str:
        """Return the webinar's slug."""
        return self.root.name

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
        return Overlay(revisions=tuple(read_lines(self.root / "overlay.jsonl", Revision)))

    def decisions(self) -> tuple[Decision, ...]:
        """Return what people decided, in order."""
        return tuple(read_lines(self.root / "decisions.jsonl", Decision))

    def edition(self, sha256: str) -> Edition:
        """Return a kept Edition. Raises Stale if there is none of this hash or it was tampered with."""
        path = self.root / "editions" / sha256 / Edition.FILE
        with contextlib.suppress(OSError, ValidationError):
            content = path.read_bytes()
            if hashlib.sha256(content).hexdigest() == sha256:  # of the bytes: a later version may know more fields
                return Edition.model_validate_json(content)
        raise Stale("This edition is not there or was changed.", file=path, remedy="Approve the draft again.")

    def provenance(self) -> dict[str, Any]:
        """Return per stage how its artifact was made: version, inputs, settings, seconds, peak memory."""
        try:
            return dict(json.loads((self.root / "provenance.json").read_bytes()))
        except (OSError, ValueError):
            return {}


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
