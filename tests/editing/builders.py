"""A draft made from what was really said in the demo, and a small Edition."""

from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from digest.editing import revise
from digest.model.artifact import Artifact
from digest.model.companions import Companions
from digest.model.deck import Pages
from digest.model.digest import Digest
from digest.model.drop import Drop
from digest.model.edition import Artifacts, Edition, Paragraph
from digest.model.event import Event
from digest.model.outline import Outline
from digest.model.overlay import Change, Overlay, Revision
from digest.settings import WritingSettings
from digest.store.workspace import Workspace
from digest.writing import outline, write
from tests import truth as t
from tests.builders import a_recording

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


@cache
def a_draft() -> Artifacts:
    """Return all artifacts of the demo, written once: nobody can change them."""
    said, voice, deck, shown = t.transcript(t.DEMO), t.one_voice(t.DEMO), t.deck(t.DEMO), t.alignment(t.DEMO)
    media, chapters = a_recording(seconds=t.DEMO["duration"]), outline(said, voice, deck, shown)
    event = t.event(t.DEMO)
    return Artifacts(
        drop=Drop(slug=event.slug, folder="demo", files=()),
        companions=Companions(),
        deck=deck,
        pages=Pages(),
        event=event,
        media=media,
        terms=t.terms(t.DEMO),
        transcript=said,
        speakers=voice,
        alignment=shown,
        outline=chapters,
        digest=_digest(event, chapters),
    )


def _digest(event: Event, chapters: Outline) -> Digest:
    """Return the digest of the demo while no voice has a name; its questions are those found among known voices."""
    said, deck, shown = t.transcript(t.DEMO), t.deck(t.DEMO), t.alignment(t.DEMO)
    media, terms = a_recording(seconds=t.DEMO["duration"]), t.terms(t.DEMO)
    nobody, known = (
        write(event, chapters, media, said, voices, deck, shown, Companions(), terms, WritingSettings())
        for voices in (t.one_voice(t.DEMO), t.speakers(t.DEMO))
    )
    unnamed = known.map_sentences(lambda one: one.model_copy(update={"speaker": None}))
    questions = tuple(one.model_copy(update={"asked_by": None}) for one in unnamed.questions)
    return nobody.model_copy(update={"questions": questions})


def overlay(*changes: Change) -> Overlay:
    """Return these changes as revisions, numbered from 1."""
    return Overlay(
        revisions=tuple(
            Revision(number=n, at=NOW, by="Ana", change=change) for n, change in enumerate(changes, start=1)
        )
    )


def saved(draft: Artifacts, root: Path) -> Workspace:
    """Write the artifacts of a draft as the stages leave them."""
    root.mkdir(parents=True, exist_ok=True)
    for name in Artifacts.model_fields:
        artifact: Artifact = getattr(draft, name)
        (root / artifact.FILE).write_bytes(artifact.canonical())
    return Workspace(root)


def an_edition(paragraphs: tuple[Paragraph, ...], *, seconds: float) -> Edition:
    """Return an Edition with this transcript."""
    edition = revise(a_draft(), Overlay())
    shown = edition.shown.model_copy(update={"end": seconds})
    return edition.model_copy(update={"paragraphs": paragraphs, "shown": shown})
