"""All webinars with their state and what is left to do: workspaces and the queue in, Entries out."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

from digest import terms
from digest.desk.draft import Draft, Stamps, open_draft, stamps
from digest.editing import state
from digest.errors import DigestError, count_noun
from digest.exports import captions
from digest.model.edition import Decision
from digest.model.event import Event
from digest.privacy import public_edition
from digest.settings import Settings
from digest.store.queue import Queue, Request
from digest.store.workspace import Workspace

GUESSES = {"title": "title", "starts_at": "date and time", "speakers": "speakers"}


@dataclass(frozen=True)
class ToDo:
    """Something left for an editor; `anchor` is where on the draft's page."""

    text: str
    anchor: str


@dataclass(frozen=True)
class QueueEntry:
    """A line of the list; `slug` is None where there is no draft to open yet."""

    title: str
    state: str
    slug: str | None = None
    event: Event | None = None
    problem: str | None = None
    left: tuple[ToDo, ...] = ()


@dataclass(frozen=True)
class Outcome:
    """What became of what was decided last; `page` is where readers find it, `again` whether asking again may help."""

    kind: Literal["waiting", "done", "failed"]
    text: str
    page: str | None = None
    again: bool = False


def entries(settings: Settings, queue: Queue) -> tuple[QueueEntry, ...]:
    """Return what is on its way first, then all webinars, the latest first."""
    workspaces = (Workspace(root) for root in settings.workspaces.glob("[!.]*"))
    files = ("provenance.json", "overlay.jsonl", "decisions.jsonl")
    drafts = [entry for each in workspaces if (entry := _entry(each.root, stamps(each, *files)))]
    return (*_on_the_way(queue), *sorted(drafts, key=_when, reverse=True))


def todo_list(draft: Draft) -> tuple[ToDo, ...]:
    """Return what an editor has still to do before, or beside, approving."""
    edition, left = draft.edition, []
    if edition.event.guessed:
        left.append(ToDo(f"Confirm {guesses(edition.event)}", "guesses"))
    if edition.unfit:
        left.append(ToDo(f"Look at {count_noun(len(edition.unfit), 'correction')} that no longer fit", "unfit"))
    unnamed = sum(speaker.name is None for speaker in edition.speakers)
    if unnamed:
        left.append(ToDo(f"Name {count_noun(unnamed, 'voice')}, if readers may know", "voices"))
    return tuple(left)


def notes(draft: Draft) -> tuple[str, ...]:
    """Return what an editor should know and need not do anything about."""
    told = draft.artifacts.terms
    wrote = {term.term for term in told.terms if term.known_by == "companions"}  # and may have said nothing
    wrote -= {speaker.name for speaker in draft.edition.speakers if speaker.name}
    missed = [term for term in terms.split_by_transcript(told, draft.artifacts.transcript)[1] if term not in wrote]
    unheard = (f"Expected and not heard, or heard otherwise: {', '.join(missed)}.",) if missed else ()
    read = ", ".join(f"{file.name} ({file.found})" for file in draft.artifacts.companions.read)
    beside = (f"Read beside the recording: {read}.",) if read else ()
    return (
        *beside,
        *draft.artifacts.remarks(),
        *unheard,
        *_in_roles(draft),
        *captions.remarks(captions.cut_cues(public_edition(draft.edition))),
    )


def _in_roles(draft: Draft) -> Iterator[str]:
    """Yield which names readers will see as roles under the Chatham House rule, so that an editor looks for others."""
    event, speakers = draft.edition.event, draft.edition.speakers
    names = dict.fromkeys([*(one.name for one in event.speakers), *(one.name for one in speakers if one.name)])
    if event.chatham_house and names:
        yield f"Roles stand for these names wherever they are written: {', '.join(names)}. Look for other names."


def day_and_time(event: Event) -> str:
    """Return when the event starts, in its own zone: "23 November 2016, 14:00 Europe/Zurich"."""
    return f"{event.starts_at.astimezone(ZoneInfo(event.timezone)):%-d %B %Y, %H:%M} {event.timezone}"


def guesses(event: Event) -> str:
    """Return the guessed fields as words: "title, date and time"."""
    return ", ".join(GUESSES.get(field, field) for field in event.guessed)


def outcome(slug: str, decisions: Sequence[Decision], asked: Request | None, settings: Settings) -> Outcome | None:
    """Return what became of the last decision, or None where nothing was decided that readers would see.

    `asked` is the newest row for this webinar in the queue.
    """
    now = state(decisions)
    if now not in ("approved", "published", "retracted"):
        return None
    last = decisions[-1]
    doing = "retraction" if now == "retracted" else "publication"
    if asked and asked.state == "failed":
        return Outcome("failed", f"The {doing} failed. {asked.said}", again=True)
    if asked and asked.state in ("waiting", "running"):
        return Outcome("waiting", f"{now.capitalize()} by {last.by}; the {doing} is {asked.state} …")
    if now == "approved":
        return Outcome("failed", f"Approved by {last.by}, and not published yet.", again=True)
    page = f"{settings.organisation.base_url.rstrip('/')}/{slug}/digest/" if settings.organisation.base_url else None
    when = f"{last.at:%-d %B %Y, %H:%M} UTC"
    return Outcome("done", f"{now.capitalize()} on {when}.", page)


@lru_cache(maxsize=1000)  # so that a list of many webinars reads each of them once
def _entry(root: Path, _: Stamps) -> QueueEntry | None:
    """Return the line of a webinar, or None for a folder that is none."""
    workspace = Workspace(root)
    try:
        if draft := open_draft(workspace):
            state_now = state(workspace.decisions())
            return QueueEntry(
                draft.edition.event.title, state_now, root.name, draft.edition.event, left=todo_list(draft)
            )
    except DigestError as error:
        return QueueEntry(root.name, "damaged", problem=str(error))
    if event := workspace.of_last_run(Event):
        return QueueEntry(event.title, "unfinished", event=event, problem="Not complete: run the drop again.")
    return None


def _on_the_way(queue: Queue) -> Iterator[QueueEntry]:
    for asked in queue.requests():
        if asked.kind == "draft" and asked.state != "done":
            yield QueueEntry(Path(asked.folder or "").name, asked.state, problem=asked.said)


def _when(entry: QueueEntry) -> datetime:
    return entry.event.starts_at if entry.event else datetime.now(UTC)
