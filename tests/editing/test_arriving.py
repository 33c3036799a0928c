"""Which announced event a drop belongs to, by what is in it and how it is called."""

from pathlib import Path

import pytest

from digest import editing, intake
from digest.errors import UnusableDrop
from digest.intake import describe
from digest.model.deck import Deck
from digest.settings import Organisation, Settings
from digest.store.stages import make, take_into_workspace
from digest.store.workspace import Workspace
from tests.announcements import EVENT, JOIN, MARCH, SLUG, an_event_folder, announce, settings_in
from tests.media.recordings import beeps, made

TITLE = "Attribution: who says who did it?"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Return settings with one event announced."""
    settings = settings_in(tmp_path)
    announce(an_event_folder(tmp_path / "announced"), settings)
    return settings


def a_drop(folder: Path, event: str | None = None, *, recording: str = "recording.wav") -> Path:
    """Return a folder with a recording of two seconds."""
    folder.mkdir(parents=True, exist_ok=True)
    made(folder / recording, *beeps(2))
    if event is not None:
        (folder / "event.toml").write_text(event, encoding="utf-8")
    return folder


def home_of(folder: Path, settings: Settings) -> str | None:
    """Return the address of the announced event that a drop belongs to, if any."""
    home = editing.find_event(intake.look(folder), settings)[1]
    return home.slug if home else None


@pytest.mark.parametrize(
    ("name", "event", "recording"),
    [
        ("x", f'slug = "{SLUG}"\ntitle = "Something else"\ndate = 2026-01-01\n', "recording.wav"),
        ("x", f'title = "{TITLE}"\ndate = 2027-03-09T14:05:00\ntimezone = "Europe/Zurich"\n', "recording.wav"),
        ("x", f'title = "[Webinar] {TITLE}"\n', "recording.wav"),
        ("x", f'title = "{TITLE}"\ndate = 2027-03-09T08:00:00\ntimezone = "America/New_York"\n', "recording.wav"),
        (SLUG, None, "recording.wav"),
        ("2027-03-09 Attribution - who says who did it", None, "recording.wav"),
        ("x", None, "Attribution who says who did it 2027-03-09.wav"),
    ],
)
def test_a_drop_finds_its_event(
    tmp_path: Path, settings: Settings, name: str, event: str | None, recording: str
) -> None:
    """By the slug that event.toml names, else by title and day, wherever they are written."""
    assert home_of(a_drop(tmp_path / "drops" / name, event, recording=recording), settings) == SLUG


@pytest.mark.parametrize(
    ("name", "event"),
    [
        ("norms", None),
        ("x", 'title = "Norms"\ndate = 2027-03-10T14:00:00\n'),
        ("x", f'slug = "of-its-own"\ntitle = "{TITLE}"\ndate = 2027-03-09T14:00:00\n'),
    ],
)
def test_a_drop_that_was_not_announced_is_its_own(
    tmp_path: Path, settings: Settings, name: str, event: str | None
) -> None:
    """Neither title nor day are the event's, or staff say so by a slug."""
    assert home_of(a_drop(tmp_path / "drops" / name, event), settings) is None


@pytest.mark.parametrize(
    ("name", "event"),
    [
        ("x", f'title = "{TITLE}"\ndate = 2027-02-09T14:00:00\n'),  # February's of a series
        ("x", 'title = "Who did it"\ndate = 2027-03-09T14:00:00\n'),
        ("2027-03-09", None),
        ("20270309_zoom", None),
    ],
)
def test_staff_are_asked_where_title_and_day_differ(
    tmp_path: Path, settings: Settings, name: str, event: str | None
) -> None:
    """They read which event it may be, and the line that settles it."""
    with pytest.raises(UnusableDrop, match="of 9 March 2027") as asked:
        home_of(a_drop(tmp_path / "drops" / name, event), settings)

    assert f'slug = "{SLUG}"' in asked.value.remedy


def test_the_folder_that_announced_has_the_recording(tmp_path: Path, settings: Settings) -> None:
    """A recording that is put beside event.toml needs no name."""
    assert home_of(a_drop(tmp_path / "announced", recording="GMT20270310-0001_Recording.wav"), settings) == SLUG


def test_two_of_one_day_are_told_apart_by_title(tmp_path: Path, settings: Settings) -> None:
    """The other event of the day stays where it is."""
    other = EVENT.replace(TITLE, "Norms").replace(JOIN, "https://live.example.org/room/2")
    announce(an_event_folder(tmp_path / "other", other), settings)

    assert home_of(a_drop(tmp_path / "x", 'title = "Norms"\ndate = 2027-03-09T14:00:00\n'), settings) == "norms"


def test_what_was_cancelled_is_not_found(tmp_path: Path, settings: Settings) -> None:
    """A recording of that day is something else."""
    editing.take_back(Workspace(settings.workspaces / SLUG), "cancelled", by="Bo", at=MARCH)

    assert home_of(a_drop(tmp_path / "2027-03-09"), settings) is None


def test_it_keeps_its_address_and_what_was_announced(tmp_path: Path, settings: Settings) -> None:
    """What the drop's event.toml says is taken, all else stays as announced; the link to join is in neither."""
    folder = a_drop(tmp_path / "x", f'slug = "{SLUG}"\ntitle = "Who did it?"\ndescription = "Was at {JOIN}."\n')
    looked, home = editing.find_event(intake.look(folder), settings)

    workspace, drop = take_into_workspace(intake.take_in, looked, settings.workspaces, home)
    event = make(workspace, describe, drop, Deck(), Organisation())

    assert workspace.slug == drop.slug == SLUG
    assert (event.title, event.guessed) == ("Who did it?", ())
    assert (f"{event.starts_at:%Y-%m-%d %H:%M}", event.speakers[0].name) == ("2027-03-09 14:00", "Ana Lind")
    assert event.description == "Was at […]."
    assert JOIN not in event.model_dump_json()


def test_what_is_announced_anew_reaches_the_draft(tmp_path: Path, settings: Settings) -> None:
    """A correction of the announcement makes the drop's event anew; without one nothing runs."""
    folder = a_drop(tmp_path / SLUG)
    looked, home = editing.find_event(intake.look(folder), settings)
    workspace, first = take_into_workspace(intake.take_in, looked, settings.workspaces, home)

    same, again = editing.find_event(intake.look(folder), settings)
    announce(an_event_folder(tmp_path / "announced", EVENT.replace("Ana Lind", "Ana Lindh")), settings)
    other, home = editing.find_event(intake.look(folder), settings)
    _, second = take_into_workspace(intake.take_in, other, settings.workspaces, home)

    assert (same, again, home) == (looked, workspace, workspace)
    assert make(workspace, describe, first, Deck(), Organisation()).speakers[0].name == "Ana Lindh"
    assert first.sha256() != second.sha256()
