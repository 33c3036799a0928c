"""Whether what is kept is what was saved: workspaces and site in, what was found of each webinar out."""

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import get_args, get_type_hints

from digest.errors import DigestError, Stale
from digest.model.announcement import Announcement
from digest.model.artifact import Artifact, JournalLine, Record, StoredFile
from digest.model.comments import CommentLine
from digest.model.consent import ConsentLine
from digest.model.edition import AnnouncementDecision, Artifacts, Decision, EditionDecision
from digest.model.erasure import Tombstone
from digest.model.overlay import Revision
from digest.model.provenance import FinishedRun
from digest.settings import Settings
from digest.site.record import SITE, read_files, read_record
from digest.store.files import file_sha256
from digest.store.journal import examine_chain, read_lines
from digest.store.workspace import COMMENTS, CONSENT, DECISIONS, ERASURES, OVERLAY, RUNS, Workspace

log = logging.getLogger(__name__)

JOURNALS: tuple[tuple[str, type[JournalLine]], ...] = (
    (OVERLAY, Revision),
    (DECISIONS, Decision),
    (RUNS, FinishedRun),
    (COMMENTS, CommentLine),
    (ERASURES, Tombstone),
    (CONSENT, ConsentLine),
)
SHARED = "(shared by all pages)"


class Examined(Record):
    """A webinar, or what its pages share, as it was found: `files` were read; `notes` are to be known, not mended."""

    slug: str
    files: int
    faults: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass
class _Examination:
    """One webinar while it is examined; a file that several name is read once."""

    workspace: Workspace
    faults: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    sums: dict[Path, str] = field(default_factory=dict)

    def read(self, file: StoredFile) -> None:
        """Compare a file with its hash, wherever in the workspace it lies now."""
        path = self.workspace.find(file)
        if path not in self.sums:
            self.sums[path] = file_sha256(path)
        if self.sums[path] != file.sha256:
            self.faults.append(f"{path.relative_to(self.workspace.root)} is not the file that was saved.")

    def read_all(self, files: Iterator[StoredFile]) -> None:
        """Compare files; one that is gone does not stop the next."""
        for file in files:
            try:
                self.read(file)
            except (Stale, OSError):
                self.faults.append(f"{file.path} is not there, or cannot be read.")


def examine(settings: Settings) -> Iterator[Examined]:
    """Yield what was found of each webinar, then of what its pages share; one that is damaged stops no other."""
    for root in sorted(path for path in settings.workspaces.glob("[!.]*") if path.is_dir()):
        yield examine_webinar(Workspace(root), settings.public)
    if (settings.public / SITE).is_file():
        shared = read_record(settings.public).shared
        faults = _faults_of_placed(settings.public, {path: one.sha256 for path, one in shared.items()})
        yield Examined(slug=SHARED, files=len(shared), faults=tuple(faults))


def examine_webinar(workspace: Workspace, public: Path) -> Examined:
    """Return what was found of a webinar: its lines, its draft, its Editions, and its pages on the site."""
    found = _Examination(workspace)
    steps: Sequence[Callable[[_Examination], None]] = (_journals, _draft, _editions, _announcements)
    for step in steps:
        try:
            step(found)
        except DigestError as error:
            found.faults.append(str(error))
        except Exception as error:
            log.exception("The webinar %s cannot be examined", workspace.slug)
            found.faults.append(f"It cannot be examined ({type(error).__name__}: {error}).")
    placed = {path: one.sha256 for path, one in read_files(public, workspace.slug).items()}
    found.faults += _faults_of_placed(public, placed)
    return Examined(
        slug=workspace.slug,
        files=len(found.sums) + len(placed),
        faults=tuple(dict.fromkeys(found.faults)),
        notes=tuple(found.notes),
    )


def _journals(found: _Examination) -> None:
    for name, kind in JOURNALS:
        try:
            chain, lines = examine_chain(path := found.workspace.root / name, kind), list(read_lines(path, kind))
        except DigestError as error:
            found.faults.append(str(error))
            continue
        found.faults += [
            f"{name}: line {number} does not follow from the line before: one of them was changed, or lines are gone."
            for number in chain.broken
        ]
        numbers = [line.number for line in lines if isinstance(line, Revision | Decision | Tombstone)]
        if numbers != list(range(1, len(numbers) + 1)):
            found.faults.append(f"{name}: its lines are not numbered one after the other.")
        if lines and chain.begins != 1:
            since = f"line {chain.begins} on" if chain.begins else "the next line on"
            found.notes.append(f"{name} is chained from {since}: earlier lines are of a version that wrote no hashes.")
    for one in found.workspace.erasures():
        found.notes.append(f"Something of a person was erased on {one.at:%-d %B %Y} by {one.by}: {one.why}")


def _draft(found: _Examination) -> None:
    if not found.workspace.has_draft():
        found.notes.append("There is no finished draft.")
        return
    for kind in (kind for kind in get_type_hints(Artifacts).values() if hasattr(kind, "FILE")):
        artifact: Artifact | None = found.workspace.of_last_run(kind)
        if artifact is None:
            found.faults.append(f"{kind.FILE} of the draft is not there, or was changed.")
        else:
            found.read_all(artifact.stored_files())


def _editions(found: _Examination) -> None:
    decisions = list(read_lines(found.workspace.root / DECISIONS, Decision))
    decided = [one.edition for one in decisions if one.kind in get_args(EditionDecision)]
    there = (path.name for path in sorted((found.workspace.root / "editions").glob("[!.]*")))
    for sha256 in dict.fromkeys((*decided, *there)):
        try:
            found.read_all(found.workspace.edition(sha256).stored_files())
        except Stale:
            found.faults.append(f"editions/{sha256} is not there, or was changed.")


def _announcements(found: _Examination) -> None:
    decisions = read_lines(found.workspace.root / DECISIONS, Decision)
    for sha256 in dict.fromkeys(one.edition for one in decisions if one.kind in get_args(AnnouncementDecision)):
        path = found.workspace.announcement_folder(sha256) / Announcement.FILE
        found.sums[path] = file_sha256(path) if path.is_file() else ""
        if found.sums[path] != sha256:
            found.faults.append(f"announcements/{sha256} is not there, or was changed.")


def _faults_of_placed(public: Path, placed: dict[str, str]) -> Iterator[str]:
    """Yield which files of the site are not what was put there."""
    for path, sha256 in placed.items():
        try:
            is_whole = file_sha256(public / path) == sha256
        except OSError:
            is_whole = False
        if not is_whole:
            yield f"{public.name}/{path} is not what was published: delete it and publish again."
