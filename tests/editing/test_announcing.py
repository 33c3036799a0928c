"""What is decided about announcing an event, and what may not be."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from digest import editing, intake
from digest.editing.announcing import decided_announcement, invitation, read_announcement
from digest.errors import NotAllowed, Stale, UnusableDrop
from digest.settings import Settings
from digest.store.workspace import Workspace
from tests.announcements import EVENT, JOIN, MARCH, SLUG, an_event_folder, settings_in
from tests.archives import a_webinar, approve


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Return settings that keep everything in the test's own folder."""
    return settings_in(tmp_path)


def announced(folder: Path, settings: Settings, text: str = EVENT, *, at: datetime = MARCH) -> Workspace:
    """Announce what this event.toml says from a folder."""
    return editing.announce(intake.look(an_event_folder(folder, text)), settings, by="Ana", at=at)


def kinds(workspace: Workspace) -> list[str]:
    """Return what was decided, in order."""
    return [decision.kind for decision in workspace.decisions()]


def test_it_is_written_down_who_announced_what_and_when(tmp_path: Path, settings: Settings) -> None:
    """The decision names what it was about, which is kept as it was, with the link for the mail."""
    workspace = announced(tmp_path / "drop", settings)

    (decision,) = workspace.decisions()
    known = read_announcement(workspace, decision.edition)

    assert (decision.kind, decision.by, decision.at, workspace.slug) == ("announced", "Ana", MARCH, SLUG)
    assert (known.event.title, known.join_url) == ("[Webinar] Attribution: who says who did it?", JOIN)
    assert JOIN not in known.event.model_dump_json()


def test_announcing_again_changes_nothing(tmp_path: Path, settings: Settings) -> None:
    """The same words at another time are no new decision."""
    workspace = announced(tmp_path / "drop", settings)

    announced(tmp_path / "drop", settings, at=datetime(2027, 3, 2, tzinfo=UTC))

    assert kinds(workspace) == ["announced"]


def test_another_start_is_a_move_and_other_words_are_none(tmp_path: Path, settings: Settings) -> None:
    """The folder is known again, whatever its event.toml says now: the address stays."""
    workspace = announced(tmp_path / "drop", settings)
    announced(tmp_path / "drop", settings, EVENT.replace("Attribution: who", "Who"))
    moved = announced(tmp_path / "drop", settings, EVENT.replace("T14", "T16"))

    assert moved == workspace
    assert kinds(workspace) == ["announced", "announced", "moved"]


def test_what_was_cancelled_can_be_announced_again(tmp_path: Path, settings: Settings) -> None:
    """Cancelling twice is one decision; what was withdrawn is not cancelled."""
    workspace = announced(tmp_path / "drop", settings)
    editing.take_back(workspace, "cancelled", by="Bo", at=MARCH)
    editing.take_back(workspace, "cancelled", by="Bo", at=MARCH)
    announced(tmp_path / "drop", settings)
    editing.take_back(workspace, "withdrawn", by="Bo", at=MARCH)

    with pytest.raises(NotAllowed, match="not announced"):
        editing.take_back(workspace, "cancelled", by="Bo", at=MARCH)
    assert kinds(workspace) == ["announced", "cancelled", "announced", "withdrawn"]


def test_the_next_of_a_series_does_not_move_the_last_one(tmp_path: Path, settings: Settings) -> None:
    """The same title on another day from another folder: staff say whether it is the same event."""
    workspace = announced(tmp_path / "march", settings)
    april = EVENT.replace("2027-03-09", "2027-04-13")

    with pytest.raises(NotAllowed, match="another webinar’s of 9 March 2027") as asked:
        announced(tmp_path / "april", settings, april)
    assert f'slug = "{SLUG}"' in asked.value.remedy
    assert kinds(workspace) == ["announced"]

    assert announced(tmp_path / "april", settings, f'slug = "{SLUG}"\n{april}') == workspace
    assert kinds(workspace) == ["announced", "moved"]


def test_a_folder_that_is_used_again_is_another_event(tmp_path: Path, settings: Settings) -> None:
    """Once the event is over its folder may announce the next one."""
    announced(tmp_path / "next", settings)
    after = datetime(2027, 3, 10, tzinfo=UTC)
    text = EVENT.replace("2027-03-09", "2027-04-13").replace("Attribution: who says who did it?", "Norms")

    assert announced(tmp_path / "next", settings, text, at=after).slug == "norms"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ('title = "Norms"\n', "takes a date"),
        ("date = 2027-03-09T14:00:00\n", "takes a title"),
        ('title = "Norms"\ndate = 2027-02-09T14:00:00\n', "which is over"),
        ('title = "Norms"\ndate = "soon"\n', "date"),
    ],
)
def test_nothing_is_guessed_before_an_event(tmp_path: Path, settings: Settings, text: str, why: str) -> None:
    """Title and date are written down, and the date is to come; else nothing is decided."""
    with pytest.raises(UnusableDrop, match=why):
        announced(tmp_path / "drop", settings, text)

    assert not list(settings.workspaces.glob("[!.]*"))


def test_an_approved_digest_has_the_last_word(settings: Settings, tmp_path: Path) -> None:
    """Its page is made from what was approved: neither announced anew nor cancelled."""
    approve(a_webinar(settings, "norms"))

    with pytest.raises(NotAllowed, match="is approved"):
        editing.take_back(Workspace(settings.workspaces / "norms"), "cancelled", by="Bo", at=MARCH)
    with pytest.raises(NotAllowed, match="another webinar’s"):
        announced(tmp_path / "drop", settings, EVENT.replace("[Webinar] Attribution: who says who did it?", "Norms"))


def test_what_a_crash_left_is_no_other_webinar(tmp_path: Path, settings: Settings) -> None:
    """Killed before the decision was written, announcing is simply done again."""
    workspace = announced(tmp_path / "drop", settings)
    (workspace.root / "decisions.jsonl").unlink()

    assert announced(tmp_path / "drop", settings) == workspace
    assert kinds(workspace) == ["announced"]


def test_an_announcement_that_was_changed_by_hand_is_not_shown(tmp_path: Path, settings: Settings) -> None:
    """What was decided on is what its hash says; announcing again, the same or another time, mends it."""
    workspace = announced(tmp_path / "drop", settings)
    decided = decided_announcement(workspace.decisions())
    assert decided
    kept = workspace.announcement_folder(decided.sha256) / "announcement.json"
    kept.write_text(kept.read_text(encoding="utf-8").replace("Ana Lind", "Bo Lind"), encoding="utf-8")

    with pytest.raises(Stale):
        read_announcement(workspace, decided.sha256)
    announced(tmp_path / "drop", settings)
    assert read_announcement(workspace, decided.sha256).event.speakers[0].name == "Ana Lind"
    kept.write_text("{}", encoding="utf-8")
    announced(tmp_path / "drop", settings, EVENT.replace("T14", "T16"))
    again = decided_announcement(workspace.decisions())
    assert again
    assert invitation(workspace, again).standing == "announced"
