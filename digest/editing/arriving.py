"""Which announced event a drop belongs to: the folder as it lies there in, the same with its event out."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from digest import intake
from digest.editing.announcing import announcements, decided_announcement
from digest.errors import UnusableDrop
from digest.intake.event_file import EventFile
from digest.intake.roles import RECORDINGS, date_in
from digest.intake.slugs import slugify
from digest.model.drop import Drop, Folder
from digest.model.event import Event
from digest.settings import Settings
from digest.store.workspace import ARRIVING, Workspace, workspace_of
from digest.temporary import temporary_folder

MAX_NAMED = 3  # events that staff are asked about at once


@dataclass(frozen=True)
class _Expected:
    """An event whose recording has not come yet, and from which folder it was announced."""

    workspace: Workspace
    event: Event
    folder: str | None

    @property
    def day(self) -> date:
        """Return its day where it takes place."""
        return self.event.starts_at.astimezone(ZoneInfo(self.event.timezone)).date()

    @property
    def names(self) -> set[str | None]:
        """Return what it is called, as slugs."""
        return {self.workspace.slug, _bare(self.event.title)}


@dataclass(frozen=True)
class _Told:
    """What a drop tells of its event: its title in all the ways that it is written, and its day, None where unknown."""

    names: set[str | None]
    written: EventFile

    def is_called_as(self, expected: _Expected) -> bool:
        """Return whether it has a title of this event."""
        return bool((self.names - {None}) & expected.names)

    def is_of_day(self, expected: _Expected, days: Sequence[date]) -> bool | None:
        """Return whether it is of the day of this event; None where it names no day."""
        if self.written.date:
            days = [self.written.date.astimezone(ZoneInfo(expected.event.timezone)).date()]
        return expected.day in days if days else None


def find_event(folder: Folder, settings: Settings) -> tuple[Folder, Workspace | None]:
    """Return a drop with the Announcement of its event, and the event's workspace; None where it was not announced.

    It is the event that event.toml names by its slug; else the one of that title and day, or of that title where no
    day is known; a folder that announced an event has its recording. Raises UnusableDrop where title and day do not say
    the same: staff are asked.
    """
    home = workspace_of(folder.path, settings.workspaces) or _expected_event(folder, settings)
    decided = decided_announcement(home.decisions()) if home else None
    return folder.model_copy(update={"announced": decided.sha256 if decided else None}), home


def _expected_event(folder: Folder, settings: Settings) -> Workspace | None:
    waiting = [
        _Expected(workspace, known.event, known.folder)
        for workspace, decided, known in announcements(settings)
        if decided.standing == "announced" and not (workspace.root / Drop.FILE).is_file()
    ]
    if not waiting:
        return None
    written, names, days = _read_signs(folder, settings)
    told = _Told({_bare(written.title)} if written.title else names, written)
    if written.slug:
        return next((one.workspace for one in waiting if one.workspace.slug == slugify(written.slug)), None)
    sure, doubtful = list[_Expected](), list[_Expected]()
    for one in waiting:
        is_called, is_of_day = told.is_called_as(one), told.is_of_day(one, days)
        if one.folder == folder.path and (is_called or is_of_day is not False):
            return one.workspace
        if is_called and is_of_day is not False:
            sure.append(one)
        elif is_called or is_of_day:
            doubtful.append(one)
    if len(sure) == 1:
        return sure[0].workspace
    if sure or doubtful:
        raise _question(sure or doubtful, folder)
    return None


def _read_signs(folder: Folder, settings: Settings) -> tuple[EventFile, set[str | None], list[date]]:
    """Return what event.toml says, the titles in the names of folder and recordings, and the days in them."""
    with temporary_folder(settings.workspaces, prefix=ARRIVING) as place:
        event_file = intake.take_in_event_file(folder, into=place)
        written = intake.read_event_file(*([event_file] if event_file else []))
    recordings = [Path(entry.name) for entry in folder.entries]
    stems = [path.stem for path in recordings if path.suffix.casefold().removeprefix(".") in RECORDINGS]
    names = [Path(folder.path).name, *stems]
    days = [datetime.fromisoformat(day).date() for day in map(date_in, names) if day and _is_day(day)]
    return written, {_bare(re.sub(r"\d{4}[-_. ]?\d\d[-_. ]?\d\d", " ", name)) for name in names}, days


def _is_day(written: str) -> bool:
    try:
        return bool(date.fromisoformat(written))
    except ValueError:  # 31 February
        return False


def _bare(title: str) -> str | None:
    """Return a title as a slug without what stands in brackets before it: "[Webinar] Cyber norms"."""
    return slugify(re.sub(r"^\s*\[[^\]]*\]\s*", "", title))


def _question(events: Sequence[_Expected], folder: Folder) -> UnusableDrop:
    named = ", or ".join(f"“{one.event.title}” of {one.day:%-d %B %Y}" for one in events[:MAX_NAMED])
    slugs = " or ".join(f'slug = "{one.workspace.slug}"' for one in events[:MAX_NAMED])
    return UnusableDrop(
        f"This may be the recording of {named}, which was announced; title and date do not both say so.",
        file=Path(folder.path).name,
        remedy=f"If it is, write {slugs} into event.toml in this folder; if it is another webinar, a slug of its own.",
    )
