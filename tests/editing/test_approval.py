"""Approving, publishing and retracting are lines in files that nothing changes afterwards."""

import sys
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from digest import editing
from digest.editing import revise, state
from digest.errors import NotAllowed, Stale
from digest.model.overlay import Overlay
from digest.settings import MediaSettings
from digest.store.workspace import Workspace
from tests.editing.builders import a_draft, saved

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
WHO: dict[str, Any] = {"by": "Ana", "at": NOW}
DRAFT = a_draft()
FIRST = next(DRAFT.digest.sentences())


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """Return a finished draft."""
    return saved(DRAFT, tmp_path / "cyber-norms")


def current(workspace: Workspace) -> str:
    """Return the hash of the Edition as it is now."""
    artifacts = workspace.artifacts()
    assert artifacts
    return revise(artifacts, workspace.overlay()).sha256()


def test_what_is_approved_is_kept_whole(workspace: Workspace) -> None:
    """The Edition lies in a folder of its hash, and nothing else; approving twice is one decision."""
    sha256 = current(workspace)

    decision = editing.approve(workspace, sha256, **WHO)

    assert decision.edition == sha256
    assert editing.approve(workspace, sha256, **WHO) == decision
    assert workspace.edition(sha256) == revise(DRAFT, Overlay())
    kept = sorted(path.name for path in (workspace.root / "editions" / sha256).iterdir())
    assert kept == ["edition.json"]


def test_a_draft_that_changed_is_not_approved(workspace: Workspace) -> None:
    """An approval names what was read: after a correction it must be read again."""
    seen = current(workspace)
    editing.reword(workspace, FIRST.id, "Better.", **WHO, seen=0)

    with pytest.raises(Stale, match="changed since you saw it"):
        editing.approve(workspace, seen, **WHO)
    assert state(workspace.decisions()) == "draft"


def test_four_eyes_see_what_is_approved(workspace: Workspace) -> None:
    """Where that is asked for, whoever changed the draft last needs another to approve it, and may once others did."""
    editing.reword(workspace, FIRST.id, "Better.", by="Ben", at=NOW, seen=0)
    sha256 = current(workspace)

    with pytest.raises(NotAllowed, match=r"You changed this draft last\. Ask another approver"):
        editing.approve(workspace, sha256, by="Ben", at=NOW, four_eyes=True)
    assert workspace.decisions() == ()
    assert editing.approve(workspace, sha256, by="Ana", at=NOW, four_eyes=True).by == "Ana"

    editing.reword(workspace, FIRST.id, "Best.", by="Ana", at=NOW, seen=1)
    assert editing.approve(workspace, current(workspace), by="Ben", at=NOW, four_eyes=True).by == "Ben"


def test_a_guess_is_not_approved_until_somebody_confirms_it(tmp_path: Path) -> None:
    """The error names what is guessed; after confirmation approval goes through."""
    event = DRAFT.event.model_copy(update={"guessed": ("title", "starts_at")})
    workspace = saved(DRAFT.model_copy(update={"event": event}), tmp_path / "guessed")

    with pytest.raises(NotAllowed, match="confirmed the title and the date"):
        editing.approve(workspace, current(workspace), **WHO)

    editing.confirm(workspace, "title", "Cyber norms", **WHO, seen=0)
    editing.confirm(workspace, "starts_at", "2016-11-23T14:00:00+01:00[Europe/Zurich]", **WHO, seen=1)
    assert editing.approve(workspace, current(workspace), **WHO).kind == "approved"


def test_two_editors_do_not_overwrite_each_other(workspace: Workspace) -> None:
    """The second one, who saw an older revision, is told so and nothing is written."""
    editing.strike(workspace, FIRST.id, by="Ana", at=NOW, seen=0)

    with pytest.raises(Stale, match="Somebody else"):
        editing.reword(workspace, FIRST.id, "Mine.", by="Ben", at=NOW, seen=0)
    assert len(workspace.overlay().revisions) == 1


def test_the_life_of_a_digest(workspace: Workspace) -> None:
    """Draft, approved, published, retracted: what readers see follows, and each decision is recorded once."""
    states = [state(workspace.decisions())]
    sha256 = current(workspace)
    editing.approve(workspace, sha256, **WHO)
    states.append(state(workspace.decisions()))
    assert editing.publication(workspace, MediaSettings()) is None
    shown = editing.publication(workspace, MediaSettings(), going_out=NOW)
    assert shown
    assert (shown.sha256, shown.approved_by) == (sha256, "Ana")
    assert shown.edition.voiced == DRAFT.transcript.voiced
    editing.mark_published(workspace, sha256, by="the publisher", at=NOW)
    editing.mark_published(workspace, sha256, by="the publisher", at=NOW)
    states.append(state(workspace.decisions()))
    assert editing.publication(workspace, MediaSettings()) == shown
    editing.retract(workspace, **WHO)
    states.append(state(workspace.decisions()))

    assert states == ["draft", "approved", "published", "retracted"]
    assert editing.publication(workspace, MediaSettings()) is None
    assert len(workspace.decisions()) == 3


def test_what_was_retracted_is_approved_no_more(workspace: Workspace) -> None:
    """A publication that was waiting meanwhile shows nobody the digest, and is not recorded."""
    sha256 = current(workspace)
    editing.approve(workspace, sha256, **WHO)
    editing.retract(workspace, **WHO)

    assert editing.approval_in_force(workspace.decisions()) is None
    assert editing.publication(workspace, MediaSettings(), going_out=NOW) is None
    with pytest.raises(Stale, match="no longer the approved one"):
        editing.mark_published(workspace, sha256, by="the publisher", at=NOW)
    assert state(workspace.decisions()) == "retracted"


def test_nothing_is_decided_between_a_look_and_its_line(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who retracts while a publication is being recorded waits for that line: the retraction is the last word."""
    sha256 = current(workspace)
    editing.approve(workspace, sha256, **WHO)
    module = sys.modules["digest.editing.approval"]
    look, retracting = (
        module.publication_in_force,
        threading.Thread(target=editing.retract, args=(workspace,), kwargs=WHO),
    )

    def look_slowly(decisions: Any) -> Any:
        retracting.start()
        retracting.join(0.5)
        return look(decisions)

    monkeypatch.setattr(module, "publication_in_force", look_slowly)
    editing.mark_published(workspace, sha256, by="the publisher", at=NOW)
    retracting.join()

    assert [decision.kind for decision in workspace.decisions()] == ["approved", "published", "retracted"]


def test_an_edition_that_cannot_be_kept_is_not_approved(workspace: Workspace) -> None:
    """The decision is written last: one that names an Edition which is not there would stop every publication."""
    (workspace.root / "editions").write_text("a file where the folder should be", encoding="utf-8")

    with pytest.raises(OSError, match="editions"):
        editing.approve(workspace, current(workspace), **WHO)
    assert workspace.decisions() == ()


def test_readers_keep_the_published_edition_until_the_next_goes_out(workspace: Workspace) -> None:
    """A newly approved Edition is seen only once it is published, not because another webinar is."""
    first = current(workspace)
    editing.approve(workspace, first, **WHO)
    editing.mark_published(workspace, first, by="the publisher", at=NOW)
    editing.reword(workspace, FIRST.id, "Better.", **WHO, seen=0)
    editing.approve(workspace, current(workspace), **WHO)

    shown = editing.publication(workspace, MediaSettings())

    assert shown
    assert shown.sha256 == first


def test_a_correction_is_known_as_one(workspace: Workspace) -> None:
    """Another Edition after one that readers saw corrects it; the same one, approved again after a day, does not."""
    first, later, latest = (NOW + timedelta(days=days) for days in (0, 1, 2))

    def publish(sha256: str, at: datetime) -> datetime | None:
        editing.approve(workspace, sha256, by="Ana", at=at)
        editing.mark_published(workspace, sha256, by="the publisher", at=at)
        shown = editing.publication(workspace, MediaSettings())
        assert shown
        return shown.first_published_at

    before = current(workspace)
    told = [publish(before, first)]
    editing.retract(workspace, by="Ana", at=later)
    told.append(publish(before, later))
    editing.reword(workspace, FIRST.id, "Better.", **WHO, seen=0)
    told.append(publish(current(workspace), latest))

    assert told == [None, None, first]


def test_a_changed_edition_is_refused(workspace: Workspace) -> None:
    """An approved Edition whose file somebody touched is never shown."""
    sha256 = current(workspace)
    editing.approve(workspace, sha256, **WHO)
    path = workspace.root / "editions" / sha256 / "edition.json"
    path.write_bytes(path.read_bytes().replace(b"Cyber norms", b"Cyber gnomes"))

    with pytest.raises(Stale, match="not there or was changed"):
        editing.publication(workspace, MediaSettings(), going_out=NOW)


@pytest.mark.parametrize(
    ("act", "words"),
    [
        (lambda w: editing.reword(w, "nosuch", "x", **WHO, seen=0), "no such sentence"),
        (lambda w: editing.reword(w, FIRST.id, " \u202e\x00 ", **WHO, seen=0), "is empty"),
        (lambda w: editing.reword(w, FIRST.id, "x" * 2001, **WHO, seen=0), "longer than 2000"),
        (lambda w: editing.name_speaker(w, "s9", "x", **WHO, seen=0), "no such voice"),
        (lambda w: editing.confirm(w, "starts_at", "yesterday", **WHO, seen=0), "date is not understood"),
        (lambda w: editing.confirm(w, "slug", "x", **WHO, seen=0), "no such field"),
        (lambda w: editing.retract(w, **WHO), "nothing to retract"),
    ],
)
def test_what_makes_no_sense_is_refused_in_words(
    workspace: Workspace, act: Callable[[Workspace], object], words: str
) -> None:
    """Nothing is written, and the message says what is wrong."""
    with pytest.raises(NotAllowed, match=words):
        act(workspace)
    assert not workspace.overlay().revisions
