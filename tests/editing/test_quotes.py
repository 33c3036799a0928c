"""A correction of what was said reaches the sentences that quote it."""

from pathlib import Path

import pytest

from digest import editing
from digest.model.digest import Sentence
from digest.model.evidence import Heard
from digest.store.workspace import Workspace
from tests.editing.builders import NOW, a_draft, saved


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """Return the demo's draft with a key point that quotes the first three words of a passage, and one elsewhere."""
    draft = a_draft()
    words = list(draft.transcript.words())[40:48]
    rests = (Heard(start=words[0].start, end=words[-1].end),)
    quote = Sentence(id="aa00000001", text=" ".join(word.text for word in words), evidence=rests)
    digest = draft.digest.model_copy(update={"key_points": (quote,)})
    return saved(draft.model_copy(update={"digest": digest}), tmp_path / "norms")


def texts(workspace: Workspace) -> dict[str, str]:
    """Return the sentences as readers get them."""
    draft = editing.read_draft(workspace)
    assert draft
    return {one.id: one.text for one in draft.edition.digest.sentences()}


def test_a_quote_follows_what_was_said(workspace: Workspace) -> None:
    """One word typed is right in the transcript and in the sentence, and taken back in both by one press."""
    draft = editing.read_draft(workspace)
    assert draft
    word = list(draft.artifacts.transcript.words())[43]
    machine = texts(workspace)

    first = editing.correct(workspace, word.start, word.end, "Zieliński", by="Ana", at=NOW, seen=0)

    now = texts(workspace)
    assert now["aa00000001"].split()[3].startswith("Zieliński")
    assert "Zieliński" in " ".join(one.text for one in editing.read_draft(workspace).edition.paragraphs)  # type: ignore[union-attr]
    assert first.group == 1
    editing.undo_group(workspace, 1, by="Ana", at=NOW, seen=len(workspace.overlay().revisions))
    assert texts(workspace) == machine


def test_what_an_editor_worded_is_left_to_editors(workspace: Workspace) -> None:
    """A sentence that has other words there stays as somebody wrote it."""
    draft = editing.read_draft(workspace)
    assert draft
    word = list(draft.artifacts.transcript.words())[43]
    editing.reword(workspace, "aa00000001", "Norms are what people expect.", by="Ben", at=NOW, seen=0)

    editing.correct(workspace, word.start, word.end, "Zieliński", by="Ana", at=NOW, seen=1)

    assert texts(workspace)["aa00000001"] == "Norms are what people expect."
