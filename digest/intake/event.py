"""The event that the webinar was: Drop and Deck in, Event out; what nobody wrote down is guessed."""

import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from digest.errors import UnusableDrop
from digest.intake.event_file import CaptionsBy, EventFile, read_event_file
from digest.intake.roles import date_in
from digest.model.deck import Deck
from digest.model.drop import Drop
from digest.model.event import YEARS, Event, Organiser
from digest.settings import Organisation

VERSION = 2

MAX_TITLE = 300
EARLIEST, LATEST = (int(datetime(year, 1, 2, tzinfo=UTC).timestamp()) for year in (YEARS[0], YEARS[-1]))


def describe(drop: Drop, deck: Deck, organisation: Organisation, *, root: Path) -> Event:
    """Say what the event page says: event.toml's fields, and guesses for title, date and speakers, named as such.

    Raises UnusableDrop with every fault of event.toml.
    """
    written = read_event_file(*_event_files(drop, root))
    guessed = [name for name, value in (("title", written.title), ("starts_at", written.date)) if value is None]
    if not written.speakers:
        guessed.append("speakers")
    title = written.title or _title(drop, deck)
    starts_at = written.date or _date(drop, root, ZoneInfo(written.timezone))
    return event_as_written(written, drop.slug, title, starts_at, organisation, guessed=tuple(guessed))


def event_as_written(
    written: EventFile,
    slug: str,
    title: str,
    starts_at: datetime,
    organisation: Organisation,
    *,
    guessed: tuple[str, ...] = (),
) -> Event:
    """Return the event of an event.toml with this address, title and start; else the organisation invites."""
    chosen = written.publish_recording
    return Event(
        slug=slug,
        title=title,
        starts_at=starts_at,
        timezone=written.timezone,
        minutes=written.minutes,
        language=written.language,
        organisers=written.organisers or _organisers(organisation),
        speakers=written.speakers,
        description=written.description,
        tags=written.tags,
        series=written.series,
        registration_url=written.registration_url,
        licence=written.licence or organisation.licence or None,
        also_of_interest=written.also_of_interest,
        speakers_count=written.speakers_count,
        name_audience=written.name_audience,
        chatham_house=written.chatham_house,
        publish_recording=not written.chatham_house if chosen is None else chosen,
        publish_original_deck=written.publish_original_deck,
        consent=written.consent,
        guessed=guessed,
        remarks=written.remarks,
    )


def deck_password(drop: Drop, root: Path) -> str | None:
    """Return the deck's password from event.toml, or None. It goes into no artifact."""
    return read_event_file(*_event_files(drop, root)).deck_password


def captions_by(drop: Drop, root: Path) -> CaptionsBy | None:
    """Return who wrote the captions as event.toml says, or None where it does not, or has faults: see `describe`."""
    with suppress(UnusableDrop):
        return read_event_file(*_event_files(drop, root)).captions_by
    return None


def is_urgent(folder: Path) -> bool:
    """Say whether the event.toml of a folder, as staff left it, asks for its draft before all others."""
    path = folder / "event.toml"
    with suppress(UnusableDrop, OSError):  # its faults are told when its turn comes
        return path.is_file() and read_event_file(path).urgent
    return False


def _event_files(drop: Drop, root: Path) -> tuple[Path, ...]:
    """Return where event.toml lies: as the event was announced, if it was, then as it was dropped."""
    return tuple(root / file.path for file in drop.of_role("event"))


def _organisers(organisation: Organisation) -> tuple[Organiser, ...]:
    return (Organiser(name=organisation.name),) if organisation.name else ()


def _title(drop: Drop, deck: Deck) -> str:
    """Return the first slide's title, but of a panel, or where it has none, a readable form of the folder's name."""
    is_panel = len(deck.presentations) > 1
    first = next((slide.title for slide in deck.visible()[:1] if slide.title and not is_panel), None)
    named = next((title for title in map(_title_of_name, _names(drop)) if title), "Webinar")
    return " ".join((first or named).split())[:MAX_TITLE]


def _names(drop: Drop) -> Iterator[str]:
    yield drop.folder
    yield from (Path(file.name).stem for file in drop.of_role("recording"))


def _title_of_name(name: str) -> str:
    words = re.sub(r"[-_.\s]+", " ", name).strip()
    return words[:1].upper() + words[1:]


def _date(drop: Drop, root: Path, zone: ZoneInfo) -> datetime:
    """Return the date in the name of the folder or the recording, else when the recording was last written."""
    for written in filter(None, map(date_in, _names(drop))):
        with suppress(ValueError):  # 31 February
            found = datetime.fromisoformat(written).replace(tzinfo=zone)
            if found.year in YEARS:
                return found
    recordings = drop.of_role("recording")
    modified = (root / recordings[0].path).stat().st_mtime if recordings else 0
    return datetime.fromtimestamp(min(max(int(modified), EARLIEST), LATEST), tz=UTC).astimezone(zone)
