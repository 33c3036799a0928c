"""Decisions about announcing an event, each a line of decisions.jsonl that is written last: event.toml in, files out.

`by` is who decides, `at` when; both are recorded. An Announcement is kept as an Edition is: whole, under its hash, and
never changed.
"""

import contextlib
import hashlib
import shutil
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

from pydantic import ValidationError

from digest import intake
from digest.editing.decisions import about_announcement, approval_in_force
from digest.errors import DigestError, NotAllowed, Stale, UnusableDrop
from digest.intake.event_file import EventFile
from digest.model.announcement import Announcement, Invitation, Standing
from digest.model.drop import Drop, Folder
from digest.model.edition import AnnouncementDecision, Decision
from digest.model.event import Event, end_of
from digest.settings import Settings
from digest.store.files import file_sha256, fill_folder, fsync_folder, write_atomically
from digest.store.journal import append
from digest.store.workspace import ARRIVING, DECISIONS, Workspace
from digest.temporary import temporary_folder

STANDS: dict[str, Standing] = {
    "announced": "announced",
    "moved": "announced",
    "cancelled": "cancelled",
    "withdrawn": "withdrawn",
}
LATER = "Write it into event.toml and announce the folder again."


@dataclass(frozen=True)
class DecidedAnnouncement:
    """What decisions say of announcing an event; `lines` are all of them, the last one in force."""

    lines: tuple[Decision, ...]

    @property
    def standing(self) -> Standing:
        """Return how it stands."""
        return STANDS[self.lines[-1].kind]

    @property
    def sha256(self) -> str:
        """Return the hash of the Announcement in force."""
        return self.lines[-1].edition

    @property
    def moved_from(self) -> str | None:
        """Return the hash of the Announcement before the last move, None where there was none since it stood anew."""
        for before, line in zip(reversed(self.lines[:-1]), reversed(self.lines), strict=False):
            if line.kind == "withdrawn":
                return None
            if line.kind == "moved":
                return before.edition
        return None

    @property
    def key(self) -> str:
        """Return all that pages depend on, in a line."""
        return " ".join(f"{line.kind} {line.edition} {line.at.isoformat()}" for line in self.lines)


def decided_announcement(decisions: Sequence[Decision]) -> DecidedAnnouncement | None:
    """Return what was decided about announcing an event, or None where it never was announced."""
    lines = about_announcement(decisions)
    return DecidedAnnouncement(tuple(lines)) if lines else None


def read_announcement(workspace: Workspace, sha256: str) -> Announcement:
    """Return a kept Announcement. Raises Stale if there is none of this hash or it was tampered with."""
    path = workspace.announcement_folder(sha256) / Announcement.FILE
    with contextlib.suppress(OSError, ValidationError):
        content = path.read_bytes()
        if hashlib.sha256(content).hexdigest() == sha256:
            return Announcement.parse(content)
    raise Stale("This announcement is not there or was changed.", file=path, remedy="Announce the event again.")


def announced_event(workspace: Workspace) -> tuple[Standing, Event] | tuple[None, None]:
    """Return how the announcement of a webinar stands, and its event; nothing where it never was announced.

    Raises Stale as `read_announcement` does.
    """
    decided = decided_announcement(workspace.decisions())
    return (decided.standing, read_announcement(workspace, decided.sha256).event) if decided else (None, None)


def announcements(settings: Settings) -> Iterator[tuple[Workspace, DecidedAnnouncement, Announcement]]:
    """Yield every event that was announced, as it stands; one that cannot be read is left out."""
    for decided_file in sorted(settings.workspaces.glob(f"[!.]*/{DECISIONS}")):
        workspace = Workspace(decided_file.parent)
        with contextlib.suppress(DigestError):
            if decided := decided_announcement(workspace.decisions()):
                yield workspace, decided, read_announcement(workspace, decided.sha256)


def invitation(workspace: Workspace, decided: DecidedAnnouncement) -> Invitation:
    """Return what page and calendar say of an announcement beside the event."""
    first, last = decided.lines[0], decided.lines[-1]
    before = _start_of(workspace, decided.moved_from) if decided.moved_from else None
    now = read_announcement(workspace, decided.sha256).event.starts_at
    return Invitation(
        standing=decided.standing,
        uid=str(uuid.uuid5(uuid.NAMESPACE_URL, f"{workspace.slug} {first.at.isoformat()}")),
        number=len(decided.lines) - 1,
        decided_at=last.at,
        moved_from=before if before != now else None,
    )


def announce(folder: Folder, settings: Settings, *, by: str, at: datetime, written_here: bool = False) -> Workspace:
    """Announce the event of a folder's event.toml, or announce it anew as it is now; return its workspace.

    Another start than before is a move. Announcing again what stands announced changes nothing. `written_here`: the
    folder is a passing one of the desk's own.
    Raises UnusableDrop where event.toml does not say enough, NotAllowed where its address is another webinar's or its
    digest is approved.
    """
    settings.workspaces.mkdir(parents=True, exist_ok=True)
    with temporary_folder(settings.workspaces, prefix=ARRIVING) as place:
        event_file = intake.take_in_event_file(folder, into=place)
        if event_file is None:
            raise UnusableDrop("There is no event.toml in it.", file=Path(folder.path).name, remedy="Write one.")
        written = intake.read_event_file(event_file)
        title, starts_at = _title_and_start(written, at)
        lay_in = None if written_here else folder.path
        slug = _address(written, starts_at, lay_in, settings, at=at)
        announcement = Announcement(
            event=intake.event_as_written(written, slug, title, starts_at, settings.organisation),
            join_url=written.join_url,
            event_file=file_sha256(event_file),
            folder=lay_in,
        )
        workspace = Workspace(settings.workspaces / slug)
        _keep(workspace, announcement, event_file, place)
    append(
        workspace.root / DECISIONS,
        Decision,
        lambda decisions: _announcement_line(workspace, decisions, announcement, by, at),
    )
    return workspace


def take_back(workspace: Workspace, how: Literal["cancelled", "withdrawn"], *, by: str, at: datetime) -> Decision:
    """Say that an announced event does not take place, or withdraw its announcement; once is enough.

    Raises NotAllowed where it was never announced, was withdrawn, or its digest is approved.
    """

    def line(decisions: tuple[Decision, ...]) -> Decision:
        _check_not_approved(decisions)
        decided = decided_announcement(decisions)
        if decided is None or (decided.standing == "withdrawn" and how != "withdrawn"):
            raise NotAllowed("This event is not announced.", file=workspace.slug, remedy="Nothing to do.")
        if decided.standing == how:
            return decided.lines[-1]
        return _line(decisions, how, decided.sha256, by, at)

    return append(workspace.root / DECISIONS, Decision, line)


def _announcement_line(
    workspace: Workspace, decisions: tuple[Decision, ...], announcement: Announcement, by: str, at: datetime
) -> Decision:
    """Return the line that announces it: the last one where that says the same already."""
    _check_not_approved(decisions)
    decided, sha256 = decided_announcement(decisions), announcement.sha256()
    if decided is None:
        return _line(decisions, "announced", sha256, by, at)
    if decided.standing == "announced" and decided.sha256 == sha256:
        return decided.lines[-1]
    before = _start_of(workspace, decided.sha256)
    is_moved = decided.standing != "withdrawn" and before not in (None, announcement.event.starts_at)
    return _line(decisions, "moved" if is_moved else "announced", sha256, by, at)


def _title_and_start(written: EventFile, at: datetime) -> tuple[str, datetime]:
    """Return title and start: before an event nobody guesses. Raises UnusableDrop where one is missing or past."""
    missing = " and ".join(f"a {name}" for name in ("title", "date") if not getattr(written, name))
    if not written.title or not written.date:
        raise UnusableDrop(f"To announce an event takes {missing}.", file="event.toml", remedy=LATER)
    if end_of(written.date, written.timezone, written.minutes) <= at:
        raise UnusableDrop(
            f"The event was on {written.date:%-d %B %Y}, which is over: nothing is left to announce.",
            file="event.toml",
            remedy="Put the recording beside it to have its digest made, or correct the date.",
        )
    return written.title, written.date


def _address(written: EventFile, starts_at: datetime, folder: str | None, settings: Settings, *, at: datetime) -> str:
    """Return the slug: the one that this very event has already, else a new one.

    It is the same event where it lay in the same folder and is not over, where event.toml names its slug, or where
    title and day are the same. Raises NotAllowed where the address is taken by something else.
    """
    for workspace, _, known in announcements(settings):
        event = known.event
        is_to_come = end_of(event.starts_at, event.timezone, event.minutes) > at
        if folder and known.folder == folder and is_to_come and written.slug in (None, workspace.slug):
            return workspace.slug
    slug = intake.slug_for(written, "")  # it has a title
    workspace = Workspace(settings.workspaces / slug)
    decided = decided_announcement(workspace.decisions())
    if decided is None:
        if (workspace.root / Drop.FILE).is_file() or workspace.has_draft():
            raise _address_refusal(slug, "", "Write a slug of its own into event.toml.")
        return slug
    before, zone = _start_of(workspace, decided.sha256), ZoneInfo(written.timezone)
    if written.slug or before is None or before.astimezone(zone).date() == starts_at.astimezone(zone).date():
        return slug
    same = f'If this is the same one, moved, write slug = "{slug}" into event.toml; if not, a slug of its own.'
    raise _address_refusal(slug, f" of {before:%-d %B %Y}", same)


def _address_refusal(slug: str, when: str, remedy: str) -> NotAllowed:
    return NotAllowed(f"The address “{slug}” is another webinar’s{when}.", file="event.toml", remedy=remedy)


def _start_of(workspace: Workspace, sha256: str) -> datetime | None:
    """Return when the event of an Announcement starts; None where that cannot be read any more."""
    with contextlib.suppress(Stale):
        return read_announcement(workspace, sha256).event.starts_at
    return None


def _check_not_approved(decisions: Sequence[Decision]) -> None:
    if approval_in_force(decisions):
        raise NotAllowed(
            "The digest of this webinar is approved, and its event page is made from it.",
            remedy="Change the event at the desk, or retract the digest first.",
        )


def _keep(workspace: Workspace, announcement: Announcement, event_file: Path, place: Path) -> None:
    """Write announcements/<hash>/ whole: in the passing folder, then a rename; one that was damaged is replaced."""
    sha256 = announcement.sha256()
    if _start_of(workspace, sha256):
        return
    kept = workspace.announcement_folder(sha256)
    shutil.rmtree(kept, ignore_errors=True)
    kept.parent.mkdir(parents=True, exist_ok=True)

    def fill(into: Path) -> None:
        write_atomically(into / Announcement.FILE, announcement.canonical())
        write_atomically(into / "event.toml", event_file.read_bytes())

    fill_folder(place / "announcement", fill)
    (place / "announcement").replace(kept)
    fsync_folder(kept.parent)


def _line(decisions: Sequence[Decision], kind: AnnouncementDecision, sha256: str, by: str, at: datetime) -> Decision:
    return Decision(number=len(decisions) + 1, at=at, by=by, kind=kind, edition=sha256)
