"""What readers and calendars find of an event before it takes place."""

import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import icalendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest import editing
from digest.model.announcement import Invitation
from digest.model.public import PublicEvent
from digest.settings import Organisation, Settings
from digest.site import build, calendar_file
from tests.announcements import (
    AFTER,
    DURING,
    EVENT,
    JOIN,
    MARCH,
    SLUG,
    an_event_folder,
    announce,
    settings_in,
    texts_of,
)

LATER = EVENT.replace("2027-03-09T14", "2027-03-16T15")


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Return the settings of an organisation."""
    return settings_in(tmp_path)


def page_of(settings: Settings, slug: str = SLUG) -> str:
    """Return an event page as it stands."""
    return (settings.public / slug / "index.html").read_text(encoding="utf-8")


def entry_of(settings: Settings, slug: str = SLUG) -> icalendar.Event:
    """Return what the calendar file of an event says, read by the library that others read it with."""
    (entry,) = icalendar.Calendar.from_ical((settings.public / slug / "event.ics").read_bytes()).events
    return entry


def data_of(settings: Settings) -> dict[str, object]:
    """Return what machines read on the event page."""
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', page_of(settings), re.DOTALL)
    assert found
    data = json.loads(found[1])
    assert isinstance(data, dict)
    return data


def test_the_page_says_all_that_one_needs_to_come(tmp_path: Path, settings: Settings) -> None:
    """Title, time in its zone, where, what about, who, how to take part, what else; and the list leads there."""
    announce(an_event_folder(tmp_path / "drop"), settings)

    page, index = page_of(settings), (settings.public / "index.html").read_text(encoding="utf-8")

    for said in (
        "[Webinar] Attribution: who says who did it?",
        "Tuesday, 9 March 2027, 14:00–15:30 (Central European Standard Time)</time>",
        "<span>online</span>",
        "<em>who says who did it</em>",
        "<li>What states must show</li>",
        "<strong>Ana Lind</strong>",
        'href="https://dialogue.example.org/" rel="noopener">Geneva Digital Dialogue</a>',
        "Fill in the form and follow the instructions on the screen; the link is ",
        "e-mailed</span> one hour before the start.",
        'href="https://forms.example.org/attribution"',
        "Confidence-building measures explained",
        'href="event.ics"',
    ):
        assert said in page
    assert f'href="{SLUG}/index.html"' in index
    assert "Coming up" in index


def test_the_link_to_join_is_nowhere(tmp_path: Path, settings: Settings) -> None:
    """However staff repeat it (text, Markdown, without a scheme, as an address), no file that readers get has it."""
    workspace = announce(an_event_folder(tmp_path / "drop"), settings)

    texts = texts_of(settings.public) | texts_of(workspace.root / "made")

    assert not {path for path, text in texts.items() if "room/8123" in text}
    assert "Join at […], or by" in page_of(settings)
    assert "https://example.org/others" in page_of(settings)


def test_a_calendar_takes_the_event(tmp_path: Path, settings: Settings) -> None:
    """It stands there at the right hour for as long as it is, with the page to look at."""
    announce(an_event_folder(tmp_path / "drop"), settings)

    entry = entry_of(settings)

    assert entry.start == datetime(2027, 3, 9, 13, tzinfo=UTC)
    assert entry.end == datetime(2027, 3, 9, 14, 30, tzinfo=UTC)
    assert (entry["SEQUENCE"], entry["STATUS"]) == (0, "CONFIRMED")
    assert entry["URL"] == f"https://webinars.example.org/{SLUG}/"
    assert "who says who did it? Ask what others say (https://example.org/others)" in str(entry["DESCRIPTION"])


def test_machines_read_the_event(tmp_path: Path, settings: Settings) -> None:
    """schema.org has it online, with the same title, time and people as the page."""
    announce(an_event_folder(tmp_path / "drop"), settings)

    data = data_of(settings)

    assert (data["@type"], data["name"]) == ("Event", "[Webinar] Attribution: who says who did it?")
    assert (data["startDate"], data["duration"]) == ("2027-03-09T14:00:00+01:00", "PT90M")
    assert data["eventAttendanceMode"] == "https://schema.org/OnlineEventAttendanceMode"
    assert data["eventStatus"] == "https://schema.org/EventScheduled"
    assert data["location"] == {"@type": "VirtualLocation", "url": "https://forms.example.org/attribution"}
    assert data["performer"] == [{"@type": "Person", "name": "Ana Lind", "jobTitle": "Chair of International Law"}]


def test_a_move_is_said_wherever_the_date_stands(tmp_path: Path, settings: Settings) -> None:
    """The page names the date before, machines too; in calendars it is the same event with a higher number."""
    folder = an_event_folder(tmp_path / "drop")
    announce(folder, settings)
    before = entry_of(settings)["UID"]
    announce(an_event_folder(folder, LATER), settings)
    announce(an_event_folder(folder, LATER.replace("Ana Lind", "Ana Lindh")), settings)  # a correction, no move

    page, entry, data = page_of(settings), entry_of(settings), data_of(settings)

    assert "<strong>Moved.</strong> It was announced for" in page
    assert "9 March 2027, 14:00 (Central European Standard Time)</time>." in page
    assert "Tuesday, 16 March 2027, 15:00–16:30" in page
    assert (entry["UID"], entry["SEQUENCE"], entry.start) == (before, 2, datetime(2027, 3, 16, 14, tzinfo=UTC))
    assert data["eventStatus"] == "https://schema.org/EventRescheduled"
    assert data["previousStartDate"] == "2027-03-09T14:00:00+01:00"


def test_a_cancelled_event_asks_nobody_to_register(tmp_path: Path, settings: Settings) -> None:
    """Page, list, calendar and machines say that it is off; there is no form and nothing to add to a calendar."""
    workspace = announce(an_event_folder(tmp_path / "drop"), settings)
    editing.take_back(workspace, "cancelled", by="Bo", at=MARCH)
    build(settings, SLUG, now=MARCH)

    page, entry = page_of(settings), entry_of(settings)

    assert "<strong>Cancelled.</strong> This webinar does not take place." in page
    assert "forms.example.org" not in page.partition("</head>")[2]
    assert "Add to your calendar" not in page
    assert (entry["STATUS"], entry["SEQUENCE"]) == ("CANCELLED", 1)
    assert data_of(settings)["eventStatus"] == "https://schema.org/EventCancelled"
    assert "Cancelled" in (settings.public / "index.html").read_text(encoding="utf-8")


def test_a_withdrawn_announcement_leaves_a_note_alone(tmp_path: Path, settings: Settings) -> None:
    """Nothing of what it said is on the site; its address says so, and calendars drop it."""
    workspace = announce(an_event_folder(tmp_path / "drop"), settings)
    editing.take_back(workspace, "withdrawn", by="Bo", at=MARCH)
    build(settings, SLUG, now=MARCH)

    texts = texts_of(settings.public)

    assert "This announcement has been withdrawn" in page_of(settings)
    assert entry_of(settings)["STATUS"] == "CANCELLED"
    assert not {path for path, text in texts.items() if "who did it?" in text or "Ana Lind" in text}
    assert SLUG not in texts["index.html"]


def test_what_is_over_is_listed_with_the_past(tmp_path: Path, settings: Settings) -> None:
    """While it lasts it is to come; after its last minute nobody is asked to register, and the list moves it down."""
    announce(an_event_folder(tmp_path / "drop"), settings)

    build(settings, now=DURING)
    lasting = page_of(settings)
    build(settings, now=AFTER)

    assert "To the form" in lasting
    assert "To the form" not in page_of(settings)
    assert "registration is closed" in page_of(settings)
    assert "Coming up" not in (settings.public / "index.html").read_text(encoding="utf-8")


def test_an_event_of_unknown_length_lasts_its_day(tmp_path: Path, settings: Settings) -> None:
    """Nobody said when it ends: it is over with the day where it takes place, and has no end in calendars."""
    announce(an_event_folder(tmp_path / "drop", EVENT.replace("minutes = 90\n", "")), settings)

    build(settings, now=datetime(2027, 3, 9, 22, 30, tzinfo=UTC))  # half past eleven in Zurich
    late = page_of(settings)
    build(settings, now=datetime(2027, 3, 9, 23, 30, tzinfo=UTC))

    assert "To the form" in late
    assert "To the form" not in page_of(settings)
    assert "DURATION" not in entry_of(settings)


def test_the_same_decisions_make_the_same_site(tmp_path: Path, settings: Settings) -> None:
    """A site that was deleted is made again byte for byte."""
    announce(an_event_folder(tmp_path / "drop"), settings)
    again = settings.model_copy(update={"public": tmp_path / "again"})

    build(again, now=MARCH)

    first, second = (
        {path: text for path, text in texts_of(folder).items() if not path.startswith(".")}
        for folder in (settings.public, again.public)
    )
    assert first == second


@given(
    title=st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=300),
    description=st.text(max_size=500),
    tags=st.lists(st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=20), max_size=3),
    minutes=st.integers(1, 1440),
)
def test_any_words_come_through_a_calendar_file(title: str, description: str, tags: list[str], minutes: int) -> None:
    """Commas, semicolons, backslashes and any script are read again as they were written; no line breaks the file."""
    event = PublicEvent(
        slug="x",
        title=title,
        starts_at=MARCH,
        timezone="UTC",
        minutes=minutes,
        description=description,
        tags=tuple(tags),
    )

    made = calendar_file.render(
        event, Invitation(standing="announced", uid="u", number=3, decided_at=MARCH), Organisation()
    )

    (entry,) = icalendar.Calendar.from_ical(made).events
    assert entry["SUMMARY"] == title
    assert entry.end - entry.start == timedelta(minutes=minutes)
    assert all(len(line) <= 75 for line in made.split(b"\r\n"))
    assert made.count(b"BEGIN:") == 2
    assert JOIN.encode() not in made
