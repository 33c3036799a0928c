"""The draft as it stands now: a workspace in, its artifacts, revisions and Edition out.

Dividing the transcript into paragraphs takes longer than all the rest and depends on no revision: it is kept in made/.
"""

import contextlib
import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from digest.editing.revise import Revised, apply_overlay, transcript_paragraphs
from digest.model.artifact import StoredFile
from digest.model.digest import Digest
from digest.model.edition import Artifacts, Edition, Paragraph
from digest.model.overlay import Overlay
from digest.model.speech import Word
from digest.store.files import MADE, write_atomically
from digest.store.workspace import OVERLAY, RUNS, Workspace

VERSION = 2  # of the division into paragraphs that is kept
MACHINE_FILES = (RUNS, "provenance.json")  # that are written anew when a draft's artifacts are others
DRAFT_FILES = (*MACHINE_FILES, OVERLAY)  # and when it is another draft

Stamps = tuple[tuple[int, int] | None, ...]
_Divided = TypeAdapter(list[tuple[float, float, str, int]])  # start, end, speaker, number of words


@dataclass(frozen=True)
class Draft:
    """All artifacts of a webinar with the editors' revisions, and what they make; `divided` is the machine's text."""

    artifacts: Artifacts
    divided: tuple[Paragraph, ...]
    overlay: Overlay
    revised: Revised

    @property
    def edition(self) -> Edition:
        """Return the Edition as it stands now."""
        return self.revised.edition

    @property
    def laid_out(self) -> Digest:
        """Return the account with every sentence in its place, before anybody wrote it anew or struck it."""
        return self.revised.laid_out

    @property
    def changed_last_by(self) -> str | None:
        """Return who changed something last, or None where nobody has."""
        revisions = self.overlay.revisions
        return revisions[-1].by if revisions else None

    @cached_property
    def files(self) -> dict[str, StoredFile]:
        """Return the files that the Edition names, by SHA-256."""
        return {file.sha256: file for file in self.edition.stored_files()}


def read_draft(workspace: Workspace) -> Draft | None:
    """Return the draft as it stands now, or None while it is not complete."""
    artifacts = workspace.artifacts()
    return None if artifacts is None else _revise(artifacts, _paragraphs(workspace, artifacts), workspace.overlay())


def open_draft(workspace: Workspace) -> Draft | None:
    """Return what `read_draft` does, at once where nothing was written since it was opened last."""
    return _open_draft(workspace.root, stamps(workspace, *MACHINE_FILES), stamps(workspace, OVERLAY))


def stamps(workspace: Workspace, *names: str) -> Stamps:
    """Return what tells that one of these files was written anew: modification time in nanoseconds, and size."""
    return tuple(_stamp(workspace.root / name) for name in names)


@lru_cache(maxsize=4)  # a page asks for it once a picture
def _open_draft(root: Path, machine: Stamps, _: Stamps) -> Draft | None:
    read = _read_artifacts(root, machine)
    return None if read is None else _revise(*read, Workspace(root).overlay())


@lru_cache(maxsize=4)  # those of three hours take a second to read
def _read_artifacts(root: Path, _: Stamps) -> tuple[Artifacts, tuple[Paragraph, ...]] | None:
    workspace = Workspace(root)
    artifacts = workspace.artifacts()
    return None if artifacts is None else (artifacts, _paragraphs(workspace, artifacts))


def _revise(artifacts: Artifacts, divided: tuple[Paragraph, ...], overlay: Overlay) -> Draft:
    return Draft(artifacts, divided, overlay, apply_overlay(artifacts, overlay, divided))


def _stamp(path: Path) -> tuple[int, int] | None:
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size


def _paragraphs(workspace: Workspace, artifacts: Artifacts) -> tuple[Paragraph, ...]:
    made_from = f"{artifacts.transcript.sha256()} {artifacts.speakers.sha256()} {VERSION}"
    path = workspace.root / MADE / f"paragraphs-{hashlib.sha256(made_from.encode()).hexdigest()[:16]}.json"
    words = tuple(artifacts.transcript.words())
    with contextlib.suppress(OSError, ValidationError):
        return tuple(_join(_Divided.validate_json(path.read_bytes()), words))
    divided = transcript_paragraphs(artifacts)
    if tuple(word for paragraph in divided for word in paragraph.words) == words:
        rows = [(one.start, one.end, one.speaker, len(one.words)) for one in divided]
        with contextlib.suppress(OSError):  # a full disk: it is computed again
            write_atomically(path, _Divided.dump_json(rows))
    return divided


def _join(divided: Sequence[tuple[float, float, str, int]], words: Sequence[Word]) -> Iterator[Paragraph]:
    first = 0
    for start, end, speaker, count in divided:
        yield Paragraph(start=start, end=end, speaker=speaker, words=tuple(words[first : first + count]))
        first += count
