"""One folder a webinar: what its stages made, what editors changed, what people decided, and where its files lie."""

import contextlib
import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar, get_type_hints

from pydantic import TypeAdapter, ValidationError

from digest.errors import Stale
from digest.model.artifact import Artifact, StoredFile
from digest.model.comments import CommentLine
from digest.model.consent import ConsentLine
from digest.model.edition import Artifacts, Decision, Edition
from digest.model.erasure import Tombstone
from digest.model.event import Event
from digest.model.overlay import Overlay, Revision
from digest.model.provenance import FinishedRun
from digest.store.journal import append, read_lines

A = TypeVar("A", bound=Artifact)
_PROVENANCE = TypeAdapter(dict[str, dict[str, Any]])

KEPT = "kept"  # of a workspace: what a later run replaced, by SHA-256
ANNOUNCEMENTS = "announcements"  # of a workspace: how its event was announced, by SHA-256
RUNS, OVERLAY, DECISIONS = "runs.jsonl", "overlay.jsonl", "decisions.jsonl"  # append-only
COMMENTS, CONSENT, ERASURES = "comments.jsonl", "consent.jsonl", "erasures.jsonl"  # so are these
# Among the workspaces: drops that are being taken in, or looked at, and what is written anew without a person.
ARRIVING, CHECKED, ERASING = ".arriving-", ".check-", ".erasing-"


@dataclass(frozen=True)
class Workspace:
    """The folder of one webinar, named by its slug."""

    root: Path

    @property
    def slug(self) -> str:
        """Return the webinar's slug."""
        return self.root.name

    def load(self, kind: type[A]) -> A | None:
        """Return the artifact of a kind that a stage saved last, or None if there is none or it cannot be read."""
        return _parse(self.root / kind.FILE, kind)

    def artifacts(self) -> Artifacts | None:
        """Return all artifacts of the last finished run, or None while there is none: a run at work changes nothing."""
        found = {name: self.of_last_run(kind) for name, kind in _kinds()}
        return None if None in found.values() else Artifacts.model_validate(found)

    def has_draft(self) -> bool:
        """Return whether a run has made all artifacts, without reading them."""
        return bool(self.last_run()) or all((self.root / kind.FILE).is_file() for _, kind in _kinds())

    def of_last_run(self, kind: type[A]) -> A | None:
        """Return the artifact of a kind that belongs to the last finished run, or None where it is nowhere.

        While no run has been recorded (until 0.1.0 none was) it is the one in its place.
        """
        sha256 = self.last_run().get(kind.FILE)
        return self.load(kind) if sha256 is None else self.artifact(kind, sha256)

    def artifact(self, kind: type[A], sha256: str) -> A | None:
        """Return the artifact of a kind that has this hash, from its place or from kept/; None where it is nowhere."""
        found = (_parse(path, kind) for path in (self.root / kind.FILE, self.root / KEPT / sha256))
        return next((artifact for artifact in found if artifact and artifact.sha256() == sha256), None)

    def last_run(self) -> dict[str, str]:
        """Return the SHA-256 of all artifacts of the last finished run, by file name; empty where none was recorded."""
        *_, last = (FinishedRun(artifacts={}), *self.runs())
        return last.artifacts

    def record_run(self, artifacts: Artifacts) -> None:
        """Record that these artifacts belong together; once is enough."""
        hashes = {kind.FILE: getattr(artifacts, name).sha256() for name, kind in _kinds()}
        run = FinishedRun(artifacts=hashes, at=datetime.now(UTC))
        if self.last_run() != run.artifacts:
            append(self.root / RUNS, FinishedRun, lambda _: run)

    def runs(self) -> tuple[FinishedRun, ...]:
        """Return the finished runs, oldest first."""
        return tuple(read_lines(self.root / RUNS, FinishedRun))

    def find(self, file: StoredFile) -> Path:
        """Return where a file that an artifact or Edition names lies now: a re-run may have moved it to kept/.

        Raises Stale if it is gone.
        """
        for path in (self.root / KEPT / file.sha256, self.root / file.path):
            if path.is_file() and path.stat().st_size == file.size:
                return path
        raise Stale("A file of this webinar is missing.", file=file.path, remedy="Run the drop again.")

    def overlay(self) -> Overlay:
        """Return the editors' revisions."""
        return Overlay(revisions=tuple(read_lines(self.root / OVERLAY, Revision)))

    def decisions(self) -> tuple[Decision, ...]:
        """Return what people decided, in order."""
        return tuple(read_lines(self.root / DECISIONS, Decision))

    def comments(self) -> tuple[CommentLine, ...]:
        """Return what editors said to each other, in order."""
        return tuple(read_lines(self.root / COMMENTS, CommentLine))

    def erasures(self) -> tuple[Tombstone, ...]:
        """Return what stands for what was erased of people, in order."""
        return tuple(read_lines(self.root / ERASURES, Tombstone))

    def consent(self) -> tuple[ConsentLine, ...]:
        """Return what speakers were asked and what they answered, in order."""
        return tuple(read_lines(self.root / CONSENT, ConsentLine))

    def announcement_folder(self, sha256: str) -> Path:
        """Return where an announcement of this hash is kept, with the event.toml that it was made from."""
        return self.root / ANNOUNCEMENTS / sha256

    def edition(self, sha256: str) -> Edition:
        """Return a kept Edition. Raises Stale if there is none of this hash or it was tampered with."""
        with contextlib.suppress(ValidationError):
            return Edition.parse(self._edition_file(sha256))
        raise self._stale_edition(sha256)

    def event_of_edition(self, sha256: str) -> Event:
        """Return the event of a kept Edition without its many words. Raises Stale as `edition` does."""
        content = self._edition_file(sha256)
        with contextlib.suppress(ValidationError, ValueError, KeyError):
            return Event.model_validate_json(json.dumps(json.loads(content)["event"]))
        raise self._stale_edition(sha256)

    def _edition_file(self, sha256: str) -> bytes:
        with contextlib.suppress(OSError):
            content = (self.root / "editions" / sha256 / Edition.FILE).read_bytes()
            if hashlib.sha256(content).hexdigest() == sha256:  # of the bytes: a later version may know more fields
                return content
        raise self._stale_edition(sha256)

    def _stale_edition(self, sha256: str) -> Stale:
        path = self.root / "editions" / sha256 / Edition.FILE
        return Stale("This edition is not there or was changed.", file=path, remedy="Approve the draft again.")

    def provenance(self) -> dict[str, Any]:
        """Return per stage how its artifact was made: version, inputs, settings, seconds, peak memory."""
        try:
            return _PROVENANCE.validate_json((self.root / "provenance.json").read_bytes())
        except (OSError, ValidationError):
            return {}

    def dropped_from(self) -> str | None:
        """Return the path of the folder that the drop was taken from, None where that is not known."""
        try:
            return str(self.provenance()["take_in"]["settings"][0]["path"])
        except (KeyError, IndexError, TypeError):
            return None

    def seconds_of_stages(self, host: str | None = None) -> dict[str, float]:
        """Return how long each stage took, by its recorded name; of one host, those of unknown ones too."""
        return {
            name: float(made["seconds"])
            for name, made in self.provenance().items()
            if isinstance(made.get("seconds"), int | float) and host in (None, made.get("host") or host)
        }


def _kinds() -> Iterator[tuple[str, type[Artifact]]]:
    hints = get_type_hints(Artifacts)
    yield from ((name, hints[name]) for name in Artifacts.model_fields)


def _parse(path: Path, kind: type[A]) -> A | None:
    try:
        return kind.parse(path.read_bytes())
    except (OSError, ValidationError):
        return None


def workspaces_in(folder: Path) -> tuple[Workspace, ...]:
    """Return all workspaces, by slug; one that lost its provenance.json still has what people decided."""
    marks = ("provenance.json", DECISIONS)
    return tuple(
        Workspace(root) for root in sorted({path.parent for name in marks for path in folder.glob(f"[!.]*/{name}")})
    )


def workspace_of(folder: str, workspaces: Path) -> Workspace | None:
    """Return the workspace that was made from the folder at this path, or None: a slug is never computed again."""
    return next((one for one in workspaces_in(workspaces) if one.dropped_from() == folder), None)
