"""Archives of webinars that are out: the demo's words, said again and again, with files of some bytes each."""

from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

from digest import editing
from digest.editing import revise
from digest.model.alignment import Alignment
from digest.model.artifact import Picture, Record, StoredFile
from digest.model.deck import Deck, PageImage, Pages
from digest.model.digest import Digest
from digest.model.edition import Artifacts
from digest.model.media import WebCopy
from digest.model.outline import Outline
from digest.model.speech import Speakers, Transcript
from digest.settings import Settings
from digest.site import build
from digest.store.files import file_sha256, write_atomically
from digest.store.workspace import Workspace
from tests.editing.builders import a_draft, saved

NOON = datetime(2016, 12, 1, 12, tzinfo=UTC)
R = TypeVar("R", bound=Record)


def a_webinar(settings: Settings, slug: str, *, minutes: float = 0) -> Workspace:
    """Write a finished draft of the demo, or of as many minutes of it, and return its workspace."""
    workspace = Workspace(settings.workspaces / slug)
    draft = _said_again(a_draft(), minutes * 60)
    event = draft.event.model_copy(update={"slug": slug, "title": f"Webinar {slug}", "guessed": ()})
    web = WebCopy.model_validate(draft.media.web.model_dump() | _a_file(workspace.root, "media/web.mp4").model_dump())
    sound = _a_file(workspace.root, "media/sound.wav")
    pages = tuple(
        PageImage(
            number=slide.number,
            image=_a_picture(workspace.root, f"pages/slide-{slide.number:03}.webp"),
            thumbnail=_a_picture(workspace.root, f"pages/slide-{slide.number:03}-small.webp"),
        )
        for slide in draft.deck.visible()
    )
    (source,) = draft.media.sources
    recording = source.model_copy(update=_a_file(workspace.root, source.path).model_dump())
    media = draft.media.model_copy(update={"web": web, "sound": sound, "sources": (recording,)})
    drop = draft.drop.model_copy(update={"slug": slug})
    update = {"drop": drop, "event": event, "media": media, "pages": Pages(pages=pages)}
    saved(draft.model_copy(update=update), workspace.root)
    write_atomically(workspace.root / "provenance.json", b"{}\n")
    return workspace


def approve(workspace: Workspace) -> str:
    """Approve a draft as it stands and return its Edition's hash."""
    artifacts = workspace.artifacts()
    assert artifacts
    sha256 = revise(artifacts, workspace.overlay()).sha256()
    editing.approve(workspace, sha256, by="Ada", at=NOON)
    return sha256


def put_out(workspace: Workspace, settings: Settings) -> None:
    """Approve a draft and publish it."""
    sha256 = approve(workspace)
    build(settings, workspace.slug, NOON)
    editing.mark_published(workspace, sha256, by="Ada", at=NOON)


def _said_again(draft: Artifacts, seconds: float) -> Artifacts:
    """Return a draft of at least so many seconds: what was said, shown and written, again and again."""
    length = draft.media.duration
    times = max(1, round(seconds / length))

    def again(records: tuple[R, ...], *, ids: bool = False) -> tuple[R, ...]:
        return tuple(_later(one, length * at, f"{at}" if ids else "") for at in range(times) for one in records)

    def shown(deck: Deck) -> Deck:
        slides = deck.slides
        return deck.model_copy(
            update={
                "slides": tuple(
                    slide.model_copy(update={"number": slide.number + at * len(slides)})
                    for at in range(min(times, 8))
                    for slide in slides
                )
            }
        )

    digest: Digest = draft.digest.model_copy(
        update={
            "chapters": again(draft.digest.chapters, ids=True),
            "questions": again(draft.digest.questions, ids=True),
            "doubts": (),
        }
    )
    parts: dict[str, Record] = {
        "media": draft.media.model_copy(update={"duration": length * times}),
        "transcript": Transcript.model_validate(
            draft.transcript.model_copy(
                update={"segments": again(draft.transcript.segments), "voiced": again(draft.transcript.voiced)}
            )
        ),
        "speakers": Speakers.model_validate(draft.speakers.model_copy(update={"turns": again(draft.speakers.turns)})),
        "alignment": Alignment(intervals=again(draft.alignment.intervals)),
        "outline": Outline(chapters=again(draft.outline.chapters)),
        "deck": shown(draft.deck),
        "digest": digest,
    }
    return draft.model_copy(update=parts)


def _later(record: R, by: float, suffix: str) -> R:
    """Return a record whose times are later, at any depth, and whose ids end in this."""
    update: dict[str, object] = {}
    for name in type(record).model_fields:
        value = getattr(record, name)
        if name in ("start", "end", "answer_start", "answer_end") and value is not None:
            update[name] = round(value + by, 3)
        elif name == "id" and suffix:
            update[name] = f"{value}{suffix}"
        elif isinstance(value, Record):
            update[name] = _later(value, by, suffix)
        elif isinstance(value, tuple) and value and isinstance(value[0], Record):
            update[name] = tuple(_later(one, by, suffix) for one in value)
    return record.model_copy(update=update)


def _a_file(root: Path, path: str) -> StoredFile:
    content = f"{root.name} {path}".encode() * 40
    write_atomically(root / path, content)
    return StoredFile(path=path, sha256=file_sha256(root / path), size=len(content))


def _a_picture(root: Path, path: str) -> Picture:
    return Picture(**_a_file(root, path).model_dump(), width=1600, height=900)
