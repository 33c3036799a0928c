"""All webinars with their state and what is left to do: workspaces and the queue in, Entries out."""

import contextlib
import hashlib
import json
import logging
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal
from zoneinfo import ZoneInfo

from pydantic import AwareDatetime, TypeAdapter, ValidationError

from digest import terms
from digest.editing import Draft, open_draft, read_draft, state
from digest.editing.agenda import agenda
from digest.editing.announcing import announced_event
from digest.editing.comments import assignee, holding_up, threads
from digest.editing.consent import missing_answers, unweighed_answers
from digest.editing.decisions import last_about_edition
from digest.editing.draft import DRAFT_FILES, MACHINE_FILES, Stamps, stamps
from digest.errors import DigestError, count_noun
from digest.exports import captions
from digest.model.artifact import Picture, Record
from digest.model.deck import Pages
from digest.model.edition import Decision, EditionSlide
from digest.model.event import Event
from digest.model.media import Media
from digest.model.speech import Speaker, Speakers
from digest.privacy import audience_names, public_edition, shown_on_slides
from digest.settings import Settings
from digest.store.files import MADE, write_atomically
from digest.store.queue import OF_DIGEST, Queue, Request
from digest.store.workspace import COMMENTS, CONSENT, DECISIONS, Workspace

log = logging.getLogger(__name__)

VERSION = 5  # of what is kept of a line of the list, and of remarks about captions
_Remarks = TypeAdapter(tuple[str, ...])

GUESSES = {"title": "title", "starts_at": "date and time", "speakers": "speakers"}


class ToDo(Record):
    """Something left for an editor; `anchor` is where on the draft's page."""

    text: str
    anchor: str


class QueueEntry(Record):
    """A line of the list; `slug` is None where there is no draft to open yet, `when` empty where it is not known.

    `assignee` works on it, `comments` are open, of which `held_up` hold up approval. So do `unweighed` answers of
    speakers, and speakers who are `unanswered`.
    `again` is the number in the queue of what failed, or waits for something to pass. `since` is when
    it came to be what it is, `touched` who last corrected it and when, `doubtful` how many places are to be checked and
    in about how many minutes, `picture` whether there is one, `by_whom` the people whom one may look for, `address`
    where an event lies that is announced and has no draft.
    """

    title: str
    state: str
    slug: str | None = None
    when: str = ""
    starts_at: AwareDatetime | None = None
    problem: str | None = None
    left: tuple[ToDo, ...] = ()
    again: int | None = None
    since: AwareDatetime | None = None
    touched: tuple[str, AwareDatetime] | None = None
    doubtful: tuple[int, int] | None = None
    picture: bool = False
    by_whom: tuple[str, ...] = ()
    series: str = ""
    address: str | None = None
    assignee: str = ""
    comments: int = 0
    held_up: int = 0
    unweighed: int = 0
    unanswered: int = 0

    @property
    def is_out(self) -> bool:
        """Return whether readers have it, or had it: nothing is to be done but what failed."""
        return self.state in ("published", "retracted") and self.again is None

    @property
    def _next_editor(self) -> str:
        """Return who is next while it is a draft."""
        if self.assignee or self.touched is None:
            return self.assignee or "An editor: nobody has begun"
        if self.unanswered and not self.unweighed and self.doubtful == (0, 0):
            return "A speaker: an answer is waited for"
        is_read = self.doubtful == (0, 0) and not (self.left or self.held_up or self.unweighed)
        return "An approver" if is_read else f"{self.touched[0]}, or another editor"

    @property
    def next_step(self) -> str:
        """Return who is next, and to do what."""
        match self.state:
            case "draft":
                return self._next_editor
            case "failed" | "damaged" | "unfinished":
                return "Whoever put the files there"
            case "approved":
                return "Whoever approved it: try again" if self.again else "The program: it is being published"
            case "waiting" | "running":
                return "The program"
            case _:
                return "Whoever decided it: try again" if self.again else ""


class _Kept(Record):
    """A line of the list as it was made, and what it was made from."""

    version: int
    stamps: Stamps
    entry: QueueEntry | None


@dataclass(frozen=True)
class Outcome:
    """What became of what was decided last; `page` is where readers find it, `again` whether asking again may help."""

    kind: Literal["waiting", "done", "failed"]
    text: str
    page: str | None = None
    again: bool = False


def entries(settings: Settings, queue: Queue, find: str = "") -> tuple[QueueEntry, ...]:
    """Return what is on its way first, then all webinars, the latest first; one that cannot be read says so.

    So does one whose publication, or retraction, failed. With `find` only those that have these words in their title,
    series, state, or among their people.
    """
    workspaces = (Workspace(root) for root in settings.workspaces.glob("[!.]*"))
    listed = [entry for workspace in workspaces if (entry := _entry(workspace))]
    failed = {asked.slug: asked for asked in queue.requests() if asked.kind in OF_DIGEST}
    listed = [_with_failure(entry, failed.get(entry.slug)) for entry in listed]
    now = datetime.now(UTC)
    known = (*_on_the_way(queue), *sorted(listed, key=lambda entry: entry.starts_at or now, reverse=True))
    words = find.casefold().split()
    return tuple(one for one in known if all(word in _search_text(one) for word in words))


def _search_text(entry: QueueEntry) -> str:
    return " ".join((entry.title, entry.series, entry.state, *entry.by_whom)).casefold()


def prepare(workspace: Workspace) -> None:
    """Make what opening the draft at the desk would otherwise wait for."""
    if draft := open_draft(workspace):
        _caption_remarks(workspace, draft)
    _entry(workspace)


def todo_list(event: Event, speakers: Sequence[Speaker], unfit: int) -> tuple[ToDo, ...]:
    """Return what an editor has still to do before, or beside, approving; `unfit` corrections found no place."""
    left = []
    if event.guessed:
        left.append(ToDo(text=f"Confirm {guesses(event)}", anchor="guesses"))
    if unfit:
        left.append(ToDo(text=f"Look at {count_noun(unfit, 'correction')} that no longer fit", anchor="unfit"))
    unnamed = sum(speaker.name is None for speaker in speakers)
    if unnamed:
        left.append(ToDo(text=f"Name {count_noun(unnamed, 'voice')}, if readers may know", anchor="voices"))
    return tuple(left)


def notes(workspace: Workspace, draft: Draft) -> tuple[str, ...]:
    """Return what an editor should know and need not do anything about."""
    told = draft.artifacts.terms
    # Those who wrote may have said nothing; the glossary is told to every webinar, whatever it is about.
    wrote = {term.term for term in told.terms if term.known_by in ("companions", "glossary")}
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
        *_caption_remarks(workspace, draft),
    )


def _caption_remarks(workspace: Workspace, draft: Draft) -> tuple[str, ...]:
    """Return what is to be said of the captions, kept in made/ by all that they are cut from: cutting takes seconds."""
    artifacts, edition, event = draft.artifacts, draft.edition, draft.edition.event
    in_roles = [event, *edition.speakers] if event.chatham_house else []  # names matter where roles stand for them
    said = [VERSION, artifacts.transcript.sha256(), artifacts.speakers.sha256(), event.publish_recording]
    said += [edition.shown.start, edition.shown.end]
    made_from = said + [one.model_dump_json() for one in (*edition.digest.doubts, *in_roles)]
    key = hashlib.sha256(json.dumps(made_from).encode()).hexdigest()[:16]
    path = workspace.root / MADE / f"caption-remarks-{key}.json"
    with contextlib.suppress(OSError, ValidationError):
        return _Remarks.validate_json(path.read_bytes())
    found = tuple(captions.remarks(captions.cut_cues(public_edition(edition)), edition.language))
    with contextlib.suppress(OSError):  # a full disk: they are found again
        write_atomically(path, _Remarks.dump_json(found))
    return found


def _in_roles(draft: Draft) -> Iterator[str]:
    """Yield which names readers will see as roles under the Chatham House rule, so that an editor looks for others."""
    event, speakers = draft.edition.event, draft.edition.speakers
    names = dict.fromkeys([*(one.name for one in event.speakers), *(one.name for one in speakers if one.name)])
    if event.chatham_house and names:
        yield f"Roles stand for these names wherever they are written: {', '.join(names)}. Look for other names."


def shown_by_slides(draft: Draft) -> tuple[tuple[str, tuple[EditionSlide, ...]], ...]:
    """Return what readers are not to get and slides show, each with these slides."""
    slides = {slide.number: slide for slide in draft.edition.slides}
    names = audience_names(draft.edition, draft.artifacts.companions)
    found = shown_on_slides(draft.edition, names)
    return tuple((one, tuple(slides[number] for number in numbers)) for one, numbers in found.items())


def day_and_time(event: Event) -> str:
    """Return when the event starts, in its own zone: "23 November 2016, 14:00 Europe/Zurich"."""
    return f"{event.starts_at.astimezone(ZoneInfo(event.timezone)):%-d %B %Y, %H:%M} {event.timezone}"


def ago(at: datetime, now: datetime) -> str:
    """Return how long ago something was, in the largest unit that fits: "3 days ago"."""
    seconds = (now - at).total_seconds()
    for unit, length in (("day", 86_400), ("hour", 3600), ("minute", 60)):
        if seconds >= length:
            return f"{count_noun(int(seconds // length), unit)} ago"
    return "just now"


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
    last = last_about_edition(decisions) or decisions[-1]
    doing = "retraction" if now == "retracted" else "publication"
    if asked and asked.state == "failed":
        return Outcome("failed", f"The {doing} failed. {asked.said}", again=True)
    if asked and asked.state in ("waiting", "running"):
        waits = f": {asked.said}" if asked.said else " …"
        return Outcome("waiting", f"{now.capitalize()} by {last.by}; the {doing} is {asked.state}{waits}")
    if now == "approved":
        return Outcome("failed", f"Approved by {last.by}, and not published yet.", again=True)
    page = f"{settings.organisation.base_url.rstrip('/')}/{slug}/digest/" if settings.organisation.base_url else None
    when = f"{last.at:%-d %B %Y, %H:%M} UTC"
    return Outcome("done", f"{now.capitalize()} on {when}.", page)


def _entry(workspace: Workspace) -> QueueEntry | None:
    """Return the line of a webinar, kept in made/ until something of it changes; None for a folder that is none."""
    now = stamps(workspace, *DRAFT_FILES, DECISIONS, COMMENTS, CONSENT)
    path = workspace.root / MADE / "entry.json"
    with contextlib.suppress(OSError, ValidationError):
        kept = _Kept.model_validate_json(path.read_bytes())
        if (kept.version, kept.stamps) == (VERSION, now):
            return kept.entry
    try:
        entry = _read_entry(workspace)
    except DigestError as error:
        return QueueEntry(title=workspace.slug, state="damaged", slug=workspace.slug, problem=str(error))
    except Exception as error:
        log.exception("The webinar %s cannot be listed", workspace.slug)
        problem = f"It cannot be shown ({type(error).__name__}). Ask whoever looks after the program."
        return QueueEntry(title=workspace.slug, state="damaged", slug=workspace.slug, problem=problem)
    if entry:
        with contextlib.suppress(OSError):
            write_atomically(path, _Kept(version=VERSION, stamps=now, entry=entry).model_dump_json().encode())
    return entry


def _read_entry(workspace: Workspace) -> QueueEntry | None:
    event, speakers = workspace.of_last_run(Event), workspace.of_last_run(Speakers)
    if event is None:
        return _of_announcement(workspace)
    if speakers and workspace.has_draft():
        decisions, draft = workspace.decisions(), read_draft(workspace)
        last = draft.overlay.revisions[-1:] if draft else ()
        todo, lines, consent = agenda(draft) if draft else None, workspace.comments(), workspace.consent()
        event, known = (draft.edition.event, draft.edition.speakers) if draft else (event, speakers.speakers)
        return _of_event(
            event,
            workspace,
            state(decisions),
            left=todo_list(event, known, len(draft.edition.unfit) if draft else 0),
            since=decisions[-1].at if decisions else _drafted_at(workspace),
            touched=(last[0].by, last[0].at) if last else None,
            doubtful=(len(todo.items), math.ceil(todo.seconds / 60)) if todo else None,
            picture=picture(workspace) is not None,
            by_whom=(*(one.name for one in event.speakers), *(one.name for one in known if one.name), assignee(lines)),
            assignee=assignee(lines),
            comments=sum(thread.is_open for thread in threads(lines)),
            held_up=len(holding_up(lines)),
            unweighed=len(unweighed_answers(consent)),
            unanswered=len(missing_answers(consent, draft.edition)) if draft else 0,
            series=event.series or "",
        )
    return _of_event(event, workspace, "unfinished", problem="Not complete: run the drop again.")


def _drafted_at(workspace: Workspace) -> datetime | None:
    """Return when the draft was made last: when its last run was recorded."""
    found = [stamp for stamp in stamps(workspace, *MACHINE_FILES) if stamp]
    return datetime.fromtimestamp(found[0][0] / 1e9, UTC) if found else None


def picture(workspace: Workspace) -> Picture | None:
    """Return what stands for a webinar in the list: its first slide, small, else the recording's poster."""
    pages, media = workspace.of_last_run(Pages), workspace.of_last_run(Media)
    first = next((page.thumbnail for page in pages.pages), None) if pages else None
    return first or (media.poster if media else None)


def _of_announcement(workspace: Workspace) -> QueueEntry | None:
    standing, event = announced_event(workspace)
    if standing is None or event is None:
        return None
    when, address = day_and_time(event), f"/events/{workspace.slug}/"
    return QueueEntry(title=event.title, state=standing, when=when, starts_at=event.starts_at, address=address)


def _of_event(event: Event, workspace: Workspace, state: str, **more: Any) -> QueueEntry:
    slug = workspace.slug if state != "unfinished" else None
    return QueueEntry(
        title=event.title, state=state, slug=slug, when=day_and_time(event), starts_at=event.starts_at, **more
    )


def _with_failure(entry: QueueEntry, asked: Request | None) -> QueueEntry:
    """Return a line of the list with what became of the last wish to publish or retract, where that failed."""
    if asked is None or asked.state != "failed":
        return entry
    what = "publication" if asked.kind == "publish" else "retraction"
    return entry.model_copy(update={"problem": f"The {what} failed. {asked.said or ''}".strip(), "again": asked.id})


def _on_the_way(queue: Queue) -> Iterator[QueueEntry]:
    for asked in queue.requests():
        if asked.folder and asked.state != "done":
            again = asked.id if asked.state == "failed" or (asked.state == "waiting" and asked.said) else None
            name = Path(asked.folder).name
            yield QueueEntry(title=name, state=asked.state, problem=asked.said, again=again, since=asked.asked_at)
