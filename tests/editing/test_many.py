"""Five editors at one draft, and a machine that runs again beneath them: nothing acknowledged is lost."""

import random
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest

from digest import editing
from digest.editing.revise import revise
from digest.errors import DigestError, Stale
from digest.model.edition import Artifacts
from digest.model.overlay import Correct, OfSentence, Overlay, Revision, Reword, Strike
from digest.settings import WritingSettings
from digest.store.workspace import Workspace
from digest.writing import outline, write
from tests import truth as t
from tests.editing.builders import NOW, a_draft, saved
from tests.editing.scripts import choose, edits
from tests.golden import lay_out

DRAFT = a_draft().model_copy(update={"speakers": t.speakers(t.DEMO)})


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """Return the demo's draft as files."""
    return saved(DRAFT, tmp_path / "norms")


def test_five_editors_lose_nothing(workspace: Workspace) -> None:
    """Each looks, thinks, and saves late: what was acknowledged stands in order, what met another was refused aloud."""

    def editor(number: int) -> tuple[list[tuple[Revision, int]], int]:
        chance, done, refused = random.Random(number), list[tuple[Revision, int]](), 0  # noqa: S311
        draft = editing.read_draft(workspace)
        assert draft
        for turn in range(40):
            if turn % 4 == 0:  # between looks others save
                draft = editing.read_draft(workspace)
                assert draft
            verb, given = choose(draft, chance)
            try:
                at = NOW + timedelta(seconds=turn)
                seen = len(draft.overlay.revisions)
                done.append((verb(workspace, *given, by=f"Editor {number}", at=at, seen=seen), seen))
            except Stale:
                refused += 1
            except DigestError:
                continue
        return done, refused

    with ThreadPoolExecutor(5) as pool:
        outcomes = list(pool.map(editor, range(5)))

    kept = workspace.overlay().revisions
    acknowledged = [revision for done, _ in outcomes for revision in done]
    assert len(acknowledged) > 100
    assert [one.number for one in kept] == list(range(1, len(kept) + 1))
    assert all(one in kept for one, _ in acknowledged)
    assert sum(refused for _, refused in outcomes) > 0
    for one, seen in acknowledged:
        unseen = kept[seen : one.number - 1]
        assert one.change.thing not in {other.change.thing for other in unseen}, "overwritten unseen"
    assert editing.read_draft(workspace)


def written_anew(made: Artifacts) -> Artifacts:
    """Return the artifacts with chapters and account as they are written today."""
    said, voices, deck, shown = made.transcript, made.speakers, made.deck, made.alignment
    chapters = outline(said, voices, deck, shown)
    account = write(
        made.event, chapters, made.media, said, voices, deck, shown, made.companions, made.terms, WritingSettings()
    )
    return made.model_copy(update={"outline": chapters, "digest": account})


def test_edits_land_after_the_machine_ran_again(tmp_path: Path) -> None:
    """200 edits of every kind, made where each word was known; beneath them what a recogniser and its voices misheard.

    Each edit lands or is listed, none is lost, and those that land change what they changed.
    """
    before = saved(DRAFT, tmp_path / "before")
    for _ in edits(before, 200, seed=11):
        pass
    overlay, (_, settings) = before.overlay(), lay_out(tmp_path / "again")
    (root,) = settings.workspaces.iterdir()
    again = Workspace(root).artifacts()
    assert again
    again = written_anew(again)

    edition = revise(again, overlay)

    in_force = overlay.in_force()
    landed = [one.change for one in in_force if one.number not in edition.unfit]
    assert {one.number for one in in_force} >= set(edition.unfit)
    others = [one for one in in_force if not isinstance(one.change, OfSentence)]  # the machine may leave a sentence out
    assert sum(one.number not in edition.unfit for one in others) >= 0.95 * len(others)
    text = " ".join(one.text for one in edition.paragraphs)
    assert all(_stands(change, text) for change in landed if isinstance(change, Correct))
    unstruck = Overlay(revisions=tuple(r for r in in_force if not isinstance(r.change, Strike)))  # an answer goes too
    texts = {one.text for one in revise(again, unstruck).digest.sentences()}
    assert all(change.text in texts for change in landed if isinstance(change, Reword))


def _stands(change: Correct, text: str) -> bool:
    """Return whether the words that only an editor wrote stand in the transcript."""
    return all(word in text for word in change.text.split() if word.startswith("W") and word[1:].isdigit())
