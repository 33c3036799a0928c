"""What an editor dismissed is doubted no more, also after another run; what nobody judged stays doubted."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest

from digest import editing
from digest.errors import NotAllowed, Stale
from digest.model.artifact import Span
from digest.model.doubt import AtSentence, Doubt
from digest.model.edition import Artifacts, Edition
from digest.model.overlay import Change, Dismiss, Overlay, Reopen, Revision
from digest.store.workspace import Workspace
from tests.editing.builders import a_draft, saved

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
DRAFT = a_draft()
FIRST = next(iter(DRAFT.digest.sentences()))
SAID = "and off the record the old contract was rotten"
TRAP = Doubt(place=AtSentence(sentence=FIRST.id), kind="trap", probability=0.3, compare=(FIRST.text,))
REMARK = Doubt(place=Span(start=56.0, end=64.2), kind="off the record", probability=0.9, compare=(SAID,))
PUBLISHED = Dismiss(place=REMARK.place, kind=REMARK.kind, was=SAID)


def doubting(*doubts: Doubt) -> Artifacts:
    """Return the draft with these doubts."""
    return DRAFT.model_copy(update={"digest": DRAFT.digest.model_copy(update={"doubts": doubts})})


def revised(doubts: Sequence[Doubt], *changes: Change) -> Edition:
    """Return the Edition of a draft with these doubts after these changes."""
    revisions = (Revision(number=n, at=NOW, by="Ana", change=change) for n, change in enumerate(changes, start=1))
    return editing.revise(doubting(*doubts), Overlay(revisions=tuple(revisions)))


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """Return a draft with a doubted sentence and a remark off the record, as files."""
    return saved(doubting(TRAP, REMARK), tmp_path / "norms")


def doubts_of(workspace: Workspace) -> tuple[Doubt, ...]:
    """Return what is still doubted in the draft."""
    artifacts = workspace.artifacts()
    assert artifacts
    return editing.revise(artifacts, workspace.overlay()).digest.doubts


def test_a_dismissed_doubt_is_gone_until_it_is_taken_back(workspace: Workspace) -> None:
    """Each doubt goes alone; the one taken back is there again, the other stays dismissed."""
    editing.dismiss(workspace, TRAP.name, by="Ana", at=NOW, seen=0)
    of_one = doubts_of(workspace)
    editing.dismiss(workspace, REMARK.name, by="Ana", at=NOW, seen=1)
    of_both = doubts_of(workspace)
    editing.undo(workspace, f"doubt {TRAP.name}", by="Ana", at=NOW, seen=2)

    assert (of_one, of_both, doubts_of(workspace)) == ((REMARK,), (), (TRAP,))
    assert [one.change.do for one in workspace.overlay().revisions] == ["dismiss", "dismiss", "undo"]


def test_a_dismissal_says_what_was_judged(workspace: Workspace) -> None:
    """It reads back from the file as it was written: kind, place, and the words."""
    editing.dismiss(workspace, TRAP.name, by="Ana", at=NOW, seen=0)
    editing.dismiss(workspace, REMARK.name, by="Ana", at=NOW, seen=1)

    changes = [revision.change for revision in workspace.overlay().revisions]

    assert changes == [Dismiss(place=TRAP.place, kind="trap", was=FIRST.text), PUBLISHED]


def test_only_what_is_doubted_can_be_dismissed(workspace: Workspace) -> None:
    """A doubt that the draft does not have, a dismissal that nobody made, and an old page are refused."""
    with pytest.raises(NotAllowed, match="no such doubt"):
        editing.dismiss(workspace, "trap at 0123456789", by="Ana", at=NOW, seen=0)
    with pytest.raises(NotAllowed, match="Nobody has changed"):
        editing.undo(workspace, f"doubt {TRAP.name}", by="Ana", at=NOW, seen=0)
    with pytest.raises(Stale):
        editing.dismiss(workspace, TRAP.name, by="Ana", at=NOW, seen=3)

    assert workspace.overlay() == Overlay()


@pytest.mark.parametrize(
    "again",
    [
        REMARK,
        REMARK.model_copy(update={"place": Span(start=55.7, end=64.6)}),  # the ends of words moved a little
        REMARK.model_copy(update={"place": Span(start=58.0, end=61.0)}),  # less is held for private
        REMARK.model_copy(update={"compare": ("And, off the record, the whole contract was rotten.",)}),
        REMARK.model_copy(update={"probability": 0.5, "evidence": ()}),
    ],
    ids=["the same", "moved", "shorter", "heard otherwise", "less likely"],
)
def test_a_dismissal_outlives_another_run(again: Doubt) -> None:
    """What the editor heard stays settled where another run finds it again, about there and in about these words."""
    edition = revised((again,), PUBLISHED)

    assert edition.digest.doubts == ()
    assert edition.unfit == ()


@pytest.mark.parametrize(
    "again",
    [
        REMARK.model_copy(update={"place": Span(start=44.0, end=64.2)}),  # a sentence more, which nobody judged
        REMARK.model_copy(update={"place": Span(start=63.8, end=64.7)}),  # begins where the other ended
        REMARK.model_copy(update={"compare": ("She has asked us never to repeat this",)}),  # another recording
    ],
    ids=["longer", "beside it", "other words"],
)
def test_nobody_publishes_what_they_did_not_judge(again: Doubt) -> None:
    """A remark that reaches further, or says something else, is withheld, and the dismissal is listed as unfit."""
    edition = revised((again,), PUBLISHED)

    assert edition.digest.doubts == (again,)
    assert edition.unfit == (1,)


def test_a_dismissal_of_a_sentence_is_of_its_words() -> None:
    """Where the machine writes the sentence anew, it is doubted again; a doubt of another kind was never judged."""
    other = TRAP.model_copy(update={"kind": "sentence"})
    earlier = Dismiss(place=TRAP.place, kind="trap", was="what an earlier run wrote")

    assert revised((TRAP, other), earlier).digest.doubts == (TRAP, other)
    assert revised((TRAP, other), earlier).unfit == (1,)
    assert revised((TRAP, other), earlier.model_copy(update={"was": FIRST.text})).digest.doubts == (other,)


def test_what_the_machine_doubts_no_more_needs_no_editor() -> None:
    """A dismissal of what is no longer doubted says what the machine says: it is in force, and not unfit."""
    assert revised((TRAP,), PUBLISHED).unfit == ()
    assert revised((TRAP,), PUBLISHED).digest.doubts == (TRAP,)


def test_an_edition_is_as_it_was_after_all_is_taken_back() -> None:
    """Dismissed and taken back, the digest is the machine's to the byte."""
    edition = revised((TRAP, REMARK), PUBLISHED, Reopen(place=REMARK.place, kind=REMARK.kind))

    assert edition.digest.canonical() == doubting(TRAP, REMARK).digest.canonical()
