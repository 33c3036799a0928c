"""The draft as it stands now: a workspace in, its artifacts, revisions and Edition out.

Dividing the transcript into paragraphs takes longer than all the rest and depends on no revision: it is kept in made/.
"""

import contextlib
import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pydantic import TypeAdapter, ValidationError

from digest.editing.revise import revise, transcript_paragraphs
from digest.model.edition import Artifacts, Edition, Overlay, Paragraph
from digest.model.speech import Word
from digest.store.files import MADE, write_atomically
from digest.store.workspace import Workspace

VERSION = 2  # of the division into paragraphs that is kept

_Divided = TypeAdapter(list[tuple[float, float, str, int]])  # start, end, speaker, number of words


@dataclass(frozen=True)
class Reading:
    """All artifacts of a draft with the editors' revisions, and the Edition that they make."""

    artifacts: Artifacts
    overlay: Overlay
    edition: Edition


def read_draft(workspace: Workspace) -> Reading | None:
    """Return the draft as it stands now, or None while it is not complete."""
    artifacts = workspace.artifacts()
    if artifacts is None:
        return None
    overlay = workspace.overlay()
    return Reading(artifacts, overlay, revise(artifacts, overlay, _paragraphs(workspace, artifacts)))


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
