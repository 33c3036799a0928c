"""What an editor is led to first, worked off by a scripted editor in a draft with planted errors."""

from pathlib import Path

import pytest

from digest import editing
from digest.editing.agenda import AgendaItem, agenda
from digest.learned.trees import load_trees
from digest.model.artifact import Span
from digest.model.edition import Edition
from digest.writing.models import shipped_models
from tests import truth as t
from tests.benchmarks.planted import Lenders, Planted, as_talk, plant
from tests.benchmarks.scripted_editor import area, by_list, by_page, share_gone, work
from tests.editing.builders import NOW, saved
from tests.training.refit import Refitted


def demo(seed: int) -> Planted:
    """Return the demo with planted errors."""
    talk = as_talk("demo", t.DEMO)
    return plant(talk, Lenders.of([talk]), Refitted(load_trees("chapters"), shipped_models()), seed)


@pytest.fixture(scope="module")
def drafts() -> list[Planted]:
    """Return the demo with planted errors, some of each kind, made once."""
    return [demo(seed) for seed in range(6)]


def test_the_same_errors_every_time(drafts: list[Planted]) -> None:
    """A figure can be measured again; some words are misheard, and no more than a recogniser mishears."""
    assert demo(2).errors == drafts[2].errors
    assert all(0 < len(one.errors.words) < 0.1 * len(one.tokens) for one in drafts)


def test_the_list_mends_more_than_reading_on(drafts: list[Planted]) -> None:
    """In the first twelve minutes an hour; and most errors of the digest are on it."""
    by_gain, in_order = ([work(one, order) for one in drafts] for order in (by_list, by_page))

    assert area(by_gain, 12) > area(in_order, 12)
    assert share_gone(by_gain, float("inf")) > 0.6


def test_a_voice_with_anothers_name_is_led_to(drafts: list[Planted], tmp_path: Path) -> None:
    """Each named voice stands on the list once, for six seconds, until it was heard: right or named anew."""
    planted = drafts[0]
    voices = [one.name for one in planted.draft.edition.speakers if one.name]
    turns = {turn.start: turn.speaker for turn in planted.draft.artifacts.speakers.turns}
    artifacts = planted.draft.artifacts
    exchanged = artifacts.speakers.model_copy(
        update={
            "speakers": tuple(
                one.model_copy(update={"name": voices[-1 - voices.index(one.name)]}) if one.name else one
                for one in artifacts.speakers.speakers
            )
        }
    )
    workspace = saved(artifacts.model_copy(update={"speakers": exchanged}), tmp_path / "exchanged")

    def on_list() -> list[AgendaItem]:
        draft = editing.read_draft(workspace)
        assert draft
        return [one for one in agenda(draft).items if one.doubt.kind == "voice"]

    first, *others = on_list()
    place = first.doubt.place
    assert isinstance(place, Span)
    assert sorted(one.text for one in (first, *others)) == sorted(voices)
    assert len(voices) > 1
    assert all(sum(span.end - span.start for span in one.heard) <= 6 for one in (first, *others))
    editing.name_speaker(workspace, turns[place.start], "Somebody Else", by="Ana", at=NOW, seen=0)
    editing.dismiss(workspace, others[0].doubt.name, by="Ana", at=NOW, seen=1)
    assert [one.doubt.name for one in on_list()] == [one.doubt.name for one in others[1:]]


def test_what_is_put_right_on_the_list_is_right_for_readers(drafts: list[Planted], tmp_path: Path) -> None:
    """By the verbs that the desk calls: the sentences follow, as the scripted editor counts on."""
    met = followed = 0
    for number, planted in enumerate(drafts):
        places = [look.place for look in by_list(planted) if look.kind == "words" and look.place]
        workspace = saved(planted.draft.artifacts, tmp_path / f"{number}")
        for place in places:
            said = " ".join(planted.tokens[at].said for at in planted.tokens_in(place) if planted.tokens[at].said)
            seen = len(workspace.overlay().revisions)
            editing.correct(workspace, place.start, place.end, said, by="Ana", at=NOW, seen=seen)
        draft = editing.read_draft(workspace)
        assert draft
        now, machine = _texts(draft.edition), _texts(planted.draft.edition)
        for of, spans in planted.errors.misheard.items():
            if any(place.start <= span.start < place.end for span in spans for place in places):
                met += 1
                followed += now[of] != machine[of]

    assert met > 2
    assert followed >= 0.9 * met


def _texts(edition: Edition) -> dict[str, str]:
    return {one.id: one.text for one in edition.digest.sentences()}
