"""The mail to those who registered: when it is there, what it says, and that nothing else says it."""

from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from pathlib import Path

import pytest

from digest import editing, intake
from digest.mail import draft_due_mails
from digest.settings import Settings
from digest.site import build
from digest.store.workspace import Workspace
from flows.due import look_after_events
from tests.announcements import (
    AFTER,
    BEFORE,
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

STARTS = datetime(2027, 3, 9, 13, tzinfo=UTC)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Return settings with an event announced from the inbox."""
    settings = settings_in(tmp_path)
    announce(an_event_folder(settings.inbox / "attribution"), settings)
    return settings


def mails(settings: Settings) -> list[Path]:
    """Return the mails that are drafted."""
    return list(settings.workspaces.rglob("*.eml"))


def test_it_is_there_an_hour_before_and_not_earlier(settings: Settings) -> None:
    """To the minute that the event page promises; looking again drafts no second one."""
    draft_due_mails(settings, STARTS - timedelta(hours=1, seconds=1))
    early = mails(settings)

    draft_due_mails(settings, STARTS - timedelta(hours=1))
    (mail,) = mails(settings)
    mail.write_bytes(b"as staff changed it")

    assert early == []
    assert draft_due_mails(settings, BEFORE) == ()
    assert mail.read_bytes() == b"as staff changed it"


def test_a_mail_program_opens_it_to_be_sent(settings: Settings) -> None:
    """It has the link, the time in its zone and whose it is, and nobody to go to: staff add those who registered."""
    draft_due_mails(settings, BEFORE)

    (path,) = mails(settings)
    mail = message_from_bytes(path.read_bytes(), policy=policy.default)
    text = mail.get_content().replace("\r\n", "\n")

    assert mail["Subject"] == "How to join: [Webinar] Attribution: who says who did it?"
    assert (mail["From"], mail["X-Unsent"], mail["To"]) == ("forum@example.org", "1", None)
    assert f"\n{JOIN}\n" in text
    assert "Tuesday, 9 March 2027, 14:00–15:30 (Central European Standard Time)" in text
    assert f"https://webinars.example.org/{SLUG}/" in text
    assert "\n\n\n" not in text


@pytest.mark.parametrize("how", ["cancelled", "withdrawn"])
def test_of_an_event_that_is_off_there_is_none(settings: Settings, how: str) -> None:
    """Nobody sends people to a meeting that does not take place: what was drafted goes."""
    draft_due_mails(settings, BEFORE)
    editing.take_back(Workspace(settings.workspaces / SLUG), how, by="Bo", at=BEFORE)  # type: ignore[arg-type]

    draft_due_mails(settings, BEFORE)

    assert mails(settings) == []


def test_another_link_makes_another_mail(settings: Settings) -> None:
    """The link in the mail is that of the announcement in force; a move puts the mail off."""
    draft_due_mails(settings, BEFORE)
    folder = settings.inbox / "attribution"
    announce(an_event_folder(folder, EVENT.replace("room/8123", "room/9")), settings, at=BEFORE)
    draft_due_mails(settings, BEFORE)
    (mail,) = mails(settings)
    renewed = mail.read_text(encoding="utf-8")
    announce(an_event_folder(folder, EVENT.replace("T14", "T20")), settings, at=BEFORE)
    draft_due_mails(settings, BEFORE)

    assert "room/9" in renewed
    assert "room/8123" not in renewed
    assert mails(settings) == []


def test_without_a_link_nothing_is_drafted(tmp_path: Path) -> None:
    """There is nothing to say."""
    settings = settings_in(tmp_path)
    announce(an_event_folder(tmp_path / "x", EVENT.replace("join_url", "#join_url")), settings)

    assert draft_due_mails(settings, BEFORE) == ()


def test_staff_are_told_and_the_site_never_has_it(settings: Settings) -> None:
    """Beside the announced folder stands where the mail is; after the event it goes, and the page says it is over."""
    look_after_events(settings, MARCH, BEFORE)
    build(settings, now=BEFORE)
    told = (settings.inbox / "attribution" / "STATUS.txt").read_text(encoding="utf-8")
    look_after_events(settings, BEFORE, DURING)
    lasting = (settings.public / SLUG / "index.html").read_text(encoding="utf-8")
    (mail,) = mails(settings)
    look_after_events(settings, DURING, AFTER)

    assert str(mail) in told
    assert "To the form" in lasting
    assert "To the form" not in (settings.public / SLUG / "index.html").read_text(encoding="utf-8")
    assert mails(settings) == []
    assert not {path for path, text in texts_of(settings.public).items() if "room/8123" in text}


def test_a_folder_outside_the_inbox_is_left_alone(tmp_path: Path) -> None:
    """Who announces by the command line finds nothing written into the folder."""
    settings = settings_in(tmp_path)
    folder = an_event_folder(tmp_path / "mine")
    editing.announce(intake.look(folder), settings, by="Ana", at=MARCH)

    look_after_events(settings, MARCH, BEFORE)

    assert [path.name for path in folder.iterdir()] == ["event.toml"]
    assert len(mails(settings)) == 1
