"""A transcript corrected elsewhere is laid along ours: what differs is found, what agrees keeps its seconds."""

import random
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from digest import editing
from digest.editing.bringing import BroughtWords, TranscriptComparison, compare, keep_words, take_over
from digest.editing.draft import Draft, read_draft
from digest.errors import NotAllowed, Stale
from digest.intake.corrected_transcript import CorrectedTranscript
from digest.model.overlay import Correct
from digest.model.speech import Segment, Transcript
from digest.store.files import write_atomically
from digest.store.workspace import Workspace
from tests.builders import spoken
from tests.editing.builders import NOW, a_draft, saved

EDITOR: dict[str, Any] = {"by": "Ana", "at": NOW}


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """Return the demo's draft."""
    return saved(a_draft(), tmp_path / "demo")


def opened(workspace: Workspace) -> Draft:
    """Return the draft as it stands."""
    draft = read_draft(workspace)
    assert draft
    return draft


def said(draft: Draft) -> list[str]:
    """Return what stands in the transcript, a line a passage."""
    return [one.text for one in draft.edition.paragraphs]


def brought(workspace: Workspace, lines: list[str]) -> tuple[str, TranscriptComparison]:
    """Bring lines; return their key and where they differ."""
    words = BroughtWords(name="a.txt", transcript=CorrectedTranscript(lines=tuple(lines)), **EDITOR)
    keep_words(workspace, words)
    return words.key, compare(opened(workspace), lines)


def with_words(workspace: Workspace, transcript: Transcript) -> Workspace:
    """Write another transcript into a workspace."""
    write_atomically(workspace.root / Transcript.FILE, transcript.canonical())
    return workspace


def _later(segment: Segment, by: float) -> Segment:
    words = (word.model_copy(update={"start": word.start + by, "end": word.end + by}) for word in segment.words)
    return segment.model_copy(update={"words": tuple(words)})


def test_the_same_words_differ_nowhere(workspace: Workspace) -> None:
    """However they are cut into lines."""
    lines = " ".join(said(opened(workspace))).split()
    cues = [" ".join(lines[at : at + 7]) for at in range(0, len(lines), 7)]

    _, found = brought(workspace, cues)

    assert (found.passages, found.unplaced) == ((), ())
    assert found.agreeing == len(opened(workspace).edition.paragraphs)


def test_all_is_taken_over_and_one_undo_takes_it_back(workspace: Workspace) -> None:
    """Three hundred words written anew at random: all stand there, in order; those that stay keep their second."""
    before, rng = opened(workspace), random.Random(15)  # noqa: S311 (no secret)

    def write(word: str) -> str:
        return rng.choice((word, word, word, word.upper(), "Zieliński", f"{word} indeed", ""))

    lines = [" ".join(map(write, one.split())) for one in said(before)]
    key, found = brought(workspace, lines)
    spoken_before = [word for one in before.edition.paragraphs for word in one.words]

    revision = take_over(workspace, before, key, [one.key for one in found.passages], seen=0, **EDITOR)

    now = opened(workspace)
    assert " ".join(said(now)).split() == " ".join(lines).split()
    words = [word for one in now.edition.paragraphs for word in one.words]
    assert all(a.end <= b.start + 1e-9 and a.start <= a.end for a, b in pairwise(words))
    times = {(word.text.casefold(), word.start) for word in words}
    stayed = sum((word.text.casefold(), word.start) in times for word in spoken_before)
    assert stayed > 0.6 * len(spoken_before)  # five of seven draws leave a word: some beside a change give it time
    assert revision.group
    editing.undo_group(workspace, revision.group, seen=len(workspace.overlay().revisions), **EDITOR)
    assert opened(workspace).edition.paragraphs == before.edition.paragraphs


def test_another_capital_or_comma_leaves_every_second(workspace: Workspace) -> None:
    """They are other letters, not other words; the list says that nothing else differs."""
    before = opened(workspace)
    lines = [f"{text[:1].lower()}{text[1:].replace(' and', ', and')}" for text in said(before)]
    key, found = brought(workspace, lines)
    assert found.passages
    assert all(one.is_spelling for one in found.passages)

    take_over(workspace, before, key, [one.key for one in found.passages], seen=0, **EDITOR)

    def times(draft: Draft) -> list[tuple[float, float]]:
        return [(word.start, word.end) for one in draft.edition.paragraphs for word in one.words]

    assert said(opened(workspace)) == lines
    assert times(opened(workspace)) == times(before)


def test_passages_are_taken_over_one_by_one(workspace: Workspace) -> None:
    """What was not chosen stays as it was heard and goes on being shown."""
    lines = [f"Well {text}" for text in said(opened(workspace))]
    key, found = brought(workspace, lines)

    take_over(workspace, opened(workspace), key, [found.passages[1].key], seen=0, **EDITOR)

    now = said(opened(workspace))
    assert [text.startswith("Well ") for text in now[:3]] == [False, True, False]
    assert len(compare(opened(workspace), lines).passages) == len(found.passages) - 1


def test_captions_of_capitals_change_no_spelling(workspace: Workspace) -> None:
    """Captioners of the old school write nothing else; their words count, their letters do not."""
    lines = [text.upper() for text in said(opened(workspace))]

    assert brought(workspace, lines)[1].passages == ()


def test_what_nobody_can_have_said_is_named_and_left_out(workspace: Workspace) -> None:
    """A title, who was there, a page's foot: none of it gets into the transcript, and none is lost unseen."""
    texts = said(opened(workspace))
    with_words(workspace, a_draft().transcript)
    title = "Transcript of the webinar on cyber norms of 23 November, corrected by the secretariat of the foundation"

    _, found = brought(workspace, [title, *texts])

    assert found.passages == ()
    assert found.unplaced == (title,)


def test_a_part_of_the_recording_changes_that_part(workspace: Workspace) -> None:
    """What the file leaves out for long was not transcribed there, rather than not said."""
    texts = said(opened(workspace))
    half = [text.replace(" the ", " our ") for text in texts[: len(texts) // 2]]

    _, found = brought(workspace, half)

    assert found.passages
    assert {one.kind for passage in found.passages for one in passage.changes} == {"same", "gone", "new"}
    assert all(passage.text in half for passage in found.passages)


def test_a_sentence_that_was_not_heard_is_put_in(workspace: Workspace) -> None:
    """In the passage that it goes on with in its line, in the pause where it was said."""
    transcript = spoken((2, "Good afternoon and welcome to this webinar"), (30, "Who checks whether a norm is kept"))
    with_words(workspace, transcript)
    draft = opened(workspace)
    lines = ["Good afternoon and welcome to this webinar.", "Thank you. Who checks whether a norm is kept?"]

    _, found = brought(workspace, lines)

    texts = [one.text for one in found.passages]
    assert (
        " ".join(texts) == "Good afternoon and welcome to this webinar. Thank you. Who checks whether a norm is kept?"
    )
    assert len(draft.edition.paragraphs) == len(texts)


def test_another_recording_is_refused(workspace: Workspace) -> None:
    """In words, before anything is kept."""
    with pytest.raises(NotAllowed, match="not those of this recording"):
        compare(opened(workspace), ["Nobody said anything like this at all, neither here nor there."] * 40)


def test_what_somebody_corrected_meanwhile_is_not_overwritten(workspace: Workspace) -> None:
    """Neither in silence nor by another file; what was corrected before says by whom."""
    lines = [f"Well {text}" for text in said(opened(workspace))]
    key, found = brought(workspace, lines)
    first = found.passages[0]
    editing.correct(workspace, first.span.start, first.span.end, "Ben's own words", seen=0, by="Ben", at=NOW)

    with pytest.raises(Stale):
        take_over(workspace, opened(workspace), key, [first.key], seen=0, **EDITOR)
    again = compare(opened(workspace), lines).passages
    assert [one.corrected_by for one in again[:2]] == ["Ben", None]
    brought(workspace, lines[1:])
    with pytest.raises(Stale, match="Another file"):
        take_over(workspace, opened(workspace), key, [again[1].key], seen=1, **EDITOR)
    assert len(workspace.overlay().revisions) == 1


def test_what_was_taken_over_lands_after_a_re_run(workspace: Workspace) -> None:
    """It is a correction like any other: a word heard otherwise by then does not lose it."""
    lines = [text.replace("norms", "standards") for text in said(opened(workspace))]
    key, found = brought(workspace, lines)
    take_over(workspace, opened(workspace), key, [one.key for one in found.passages], seen=0, **EDITOR)
    heard = a_draft().transcript
    later = [_later(segment, 0.4) for segment in heard.segments]
    with_words(workspace, heard.model_copy(update={"segments": tuple(later)}))

    now = opened(workspace)

    assert now.edition.unfit == ()
    assert "norms" not in " ".join(said(now))
    assert all(isinstance(r.change, Correct) and r.at - NOW < timedelta(1) for r in now.overlay.revisions)
