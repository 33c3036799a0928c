"""event.toml in every state in which staff leave it, and what is guessed without it."""

import contextlib
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from digest.errors import UnusableDrop
from digest.intake import deck_password, describe
from digest.intake.event_file import EventFile, parse_event_file, read_event_file
from digest.intake.roles import date_in, in_sequence
from digest.intake.slugs import MAX_LENGTH, RESERVED, slugify
from digest.model.deck import Deck
from digest.model.event import Event
from digest.settings import Organisation
from tests.builders import a_deck
from tests.intake.drops import EVENT, a_folder, taken

GOLD = Path(os.environ["DIGEST_GOLD"]) if os.environ.get("DIGEST_GOLD") else None
needs_gold = pytest.mark.skipif(GOLD is None, reason="DIGEST_GOLD names no folder")


def described(folder: Path, root: Path, *, deck: Deck | None = None) -> Event:
    """Return the event of a folder."""
    drop = taken(folder, root)
    return describe(drop, deck or Deck(), Organisation(name="Forum"), root=root)


def read(tmp_path: Path, content: str | bytes) -> EventFile:
    """Return what an event.toml of this content says, without a child process."""
    path = tmp_path / "event.toml"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return parse_event_file((path,))


def test_event_is_what_staff_wrote(tmp_path: Path) -> None:
    """Date and zone together say when it was; nothing is guessed but the speakers that nobody named."""
    event = described(a_folder(tmp_path, event=EVENT), tmp_path / "w")

    assert event.title == "[Webinar] Cyber norms"
    assert event.starts_at.isoformat() == "2016-11-23T14:00:00+01:00"
    assert event.guessed == ("speakers",)
    assert [organiser.name for organiser in event.organisers] == ["Forum"]


def test_without_event_toml_deck_and_names_are_asked(tmp_path: Path) -> None:
    """The title is the first slide's, the date the folder's; both are marked as guesses."""
    folder = a_folder(tmp_path).rename(tmp_path / "2016-11-23 Cyber")

    event = described(folder, tmp_path / "w", deck=a_deck("Norms for all"))

    assert (event.title, event.starts_at) == ("Norms for all", datetime(2016, 11, 23, tzinfo=UTC))
    assert event.guessed == ("title", "starts_at", "speakers")
    assert event.slug == "2016-11-23-cyber"


def test_without_any_date_the_recordings_own_is_taken(tmp_path: Path) -> None:
    """When the recording was last written is a guess, and the copy in the workspace keeps it."""
    folder = a_folder(tmp_path)
    os.utime(folder / "recording.wav", (1_479_906_000, 1_479_906_000))

    event = described(folder, tmp_path / "w")

    assert event.starts_at == datetime(2016, 11, 23, 13, tzinfo=UTC)
    assert event.title == "Drop of staff"


def test_secrets_stay_out_of_the_event(tmp_path: Path) -> None:
    """The link to join and the deck's password are in no artifact; whoever opens the deck gets the password."""
    folder = a_folder(
        tmp_path,
        event='title = "T"\ndate = 2016-11-23\njoin_url = "https://x.example/SECRET"\ndeck_password = "SECRET"',
    )
    drop = taken(folder, tmp_path / "w")

    event = describe(drop, Deck(), Organisation(), root=tmp_path / "w")

    assert b"SECRET" not in event.canonical() + drop.canonical()
    assert deck_password(drop, tmp_path / "w") == "SECRET"


def test_chatham_house_keeps_the_recording_back(tmp_path: Path) -> None:
    """Under the rule the recording is not published, unless somebody says so."""
    folder = a_folder(tmp_path, event='title = "T"\ndate = 2016-11-23\nchatham_house = true')

    assert not described(folder, tmp_path / "w").publish_recording


def test_whether_speakers_are_asked_is_said_in_one_word(tmp_path: Path) -> None:
    """Without it nobody is waited for, and an event of before keeps its hash; another word is a fault, not a guess."""
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
    asked = described(a_folder(tmp_path / "a", event=f'{EVENT}\nconsent = "asked"\n'), tmp_path / "w")
    silent = described(a_folder(tmp_path / "b", event=EVENT), tmp_path / "v")

    assert (asked.consent, silent.consent) == ("asked", None)
    assert b"consent" not in silent.canonical()
    with pytest.raises(UnusableDrop, match="consent"):
        read(tmp_path, 'consent = "given"')


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    """Staff correct everything in one go, line by line."""
    with pytest.raises(UnusableDrop) as refused:
        read(
            tmp_path,
            'title = 7\ndate = "soon"\ntimezone = "../../etc/localtime"\nspeakers = "Ann"\nlanguage = "x!"'
            '\ncaptions_by = "Ann"',
        )

    for words in (
        "captions_by (line 6) must be “person” or “machine”",
        "title (line 1)",
        "date (line 2)",
        "timezone (line 3)",
        "speakers (line 4)",
        "language (line 5)",
    ):
        assert words in refused.value.what


def test_syntax_error_names_the_line(tmp_path: Path) -> None:
    """A missing quotation mark is found by its line."""
    with pytest.raises(UnusableDrop, match='Line 2 cannot be read: title = "open'):
        read(tmp_path, 'date = 2016-11-23\ntitle = "open\n')


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_any_notepad_is_read(tmp_path: Path, encoding: str) -> None:
    """However Notepad saved it, the accents are right; where that was guessed, staff are told."""
    told = read(tmp_path, 'title = "Société"\r\n'.encode(encoding))

    assert told.title == "Société"
    assert bool(told.remarks) == (encoding in {"utf-16", "cp1252"})


def test_unknown_keys_and_bad_links_are_remarked(tmp_path: Path) -> None:
    """What nobody reads is named; a link that does harm is left out."""
    told = read(tmp_path, 'title = "T"\ncolour = "red"\nregistration_url = "javascript:alert(1)"\n')

    assert told.registration_url is None
    assert told.remarks == (
        "event.toml: registration_url is no web or mail address and was left out.",
        "event.toml: nobody reads colour.",
    )


def test_invisible_letters_are_removed(tmp_path: Path) -> None:
    """Control letters and those that turn the direction of writing do not reach a page or a header."""
    told = read(tmp_path, 'title = "a\\u0000b\\u202ec\\u2028d"\ndescription = "one\\r\\ntwo"')

    assert (told.title, told.description) == ("abc d", "one\ntwo")


def test_too_large_event_toml_is_refused(tmp_path: Path) -> None:
    """A megabyte is no event.toml."""
    (tmp_path / "event.toml").write_text(f'title = "{"x" * 300_000}"')

    with pytest.raises(UnusableDrop, match="larger than 256 kB"):
        read_event_file(tmp_path / "event.toml")


def test_endless_nesting_ends_in_words(tmp_path: Path) -> None:
    """What makes the parser fall over is refused as any other fault."""
    (tmp_path / "event.toml").write_text(".".join(["a"] * 20_000) + " = 1")

    with pytest.raises(UnusableDrop, match="nested too deep"):
        read_event_file(tmp_path / "event.toml")


@given(st.text())
def test_slug_is_always_safe(text: str) -> None:
    """Whatever the title, the address is short ASCII that no file system keeps for itself."""
    slug = slugify(text)

    assert slug is None or (slug.isascii() and 0 < len(slug) <= MAX_LENGTH and slug not in RESERVED)
    assert slug is None or set(slug) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")


@given(content=st.binary(max_size=300) | st.text(max_size=300).map(str.encode))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200, deadline=None)
def test_anything_is_read_or_refused(tmp_path: Path, content: bytes) -> None:
    """No event.toml ends in anything but an event or words for staff."""
    with contextlib.suppress(UnusableDrop):
        assert isinstance(read(tmp_path, content), EventFile)


@pytest.mark.parametrize(
    ("names", "ordered"),
    [
        (("b_2.mp4", "b_1.mp4"), ("b_1.mp4", "b_2.mp4")),
        (("20161123-140500.mp4", "20161123-130500.mp4"), ("20161123-130500.mp4", "20161123-140500.mp4")),
        (("2016-11-23 talk.mp4", "2016-11-24 talk.mp4"), None),
        (("talk 2016.mp4", "talk 2017.mp4"), None),
        (("a1.mp4", "a3.mp4"), None),
        (("talk.mp4", "talk (1).mp4"), None),
    ],
)  # fmt: skip
def test_sequence_in_names(names: tuple[str, ...], ordered: tuple[str, ...] | None) -> None:
    """Counting numbers and the time of one day make parts; two dates are two webinars."""
    assert in_sequence(names) == ordered


def test_date_in_a_name() -> None:
    """A date is found however it is written, and never in the middle of a longer number."""
    assert [date_in(name) for name in ("x 2016-11-23", "20161123_rec", "120161123", "2016-13-23")] == [
        "2016-11-23",
        "2016-11-23",
        None,
        None,
    ]


@needs_gold
@pytest.mark.long
def test_every_hostile_event_toml_is_read_or_refused() -> None:
    """Each is an event with a safe address, or words for staff."""
    assert GOLD
    read_or_refused = {path.name: outcome(path) for path in sorted((GOLD / "hostile" / "events").iterdir())}

    assert {name for name, told in read_or_refused.items() if told is None} == {
        "binary.toml",
        "date-31-november.toml",
        "dates.toml",
        "dotted-key-20000.toml",
        "duplicate-key.toml",
        "nested-20000.toml",
        "syntax-error.toml",
        "title-1-mb.toml",
        "types.toml",
    }


def outcome(path: Path) -> EventFile | None:
    """Return what an event.toml says, or None if it is refused in words."""
    with contextlib.suppress(UnusableDrop):
        return read_event_file(path)
    return None
