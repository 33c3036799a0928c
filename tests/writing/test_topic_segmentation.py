"""Where chapters begin: the features, the shortest path, and what the fitted weights promise."""

import json
import time

import numpy as np
import pytest

from digest.learned.trees import FOLDER, Floats, load_trees
from digest.model.alignment import Alignment, Interval
from digest.model.deck import Deck
from digest.writing.conversation import Conversation, conversation
from digest.writing.topic_features import topic_columns
from digest.writing.topic_segmentation import MARGIN, choose, fewest_and_most, segment, shortest_path
from tests.builders import a_deck, by_turns, spoken
from tests.talks import Talk
from tests.training.disturbance import disturb


def a_talk(minutes: float, deck: Deck | None = None) -> Conversation:
    """Return a talk of two voices, a sentence every five seconds and a turn every half minute."""
    texts = [(5.0 * at, f"Sentence {at} tells of matter {at // 40} here.") for at in range(int(minutes * 12))]
    turns = [(30.0 * at, 30.0 * at + 29.9, "Ann" if at % 3 else "Ben") for at in range(max(1, int(minutes * 2)))]
    end, number = 60 * minutes, len(deck.slides) if deck else 1
    shown = tuple(
        Interval(start=end * at / number, end=end * (at + 1) / number, slide=at + 1 if deck else None, confidence=1,
                 known_by="picture" if deck else "none")
        for at in range(number)
    )  # fmt: skip
    return conversation(spoken(*texts), by_turns(*turns), deck or Deck(), Alignment(intervals=shown))


def likely_at(talk: Conversation, *seconds: float) -> Floats:
    """Return probabilities that are high where the sentences nearest to these seconds begin."""
    likely = np.full(len(talk.said), 0.002)
    for second in seconds:
        likely[np.abs(talk.starts - second).argmin()] = 0.6
    return likely


def test_chapters_begin_at_the_likely_sentences() -> None:
    """A chapter begins exactly at the sentence that is likely, not somewhere near it."""
    talk = a_talk(20)

    assert choose(talk, likely_at(talk, 240, 480, 700, 960)) == [240.0, 480.0, 700.0, 960.0]


def test_two_likely_sentences_beside_each_other_make_one_chapter() -> None:
    """Chapters keep their distance: nobody wants one of half a minute."""
    talk = a_talk(20)

    found = choose(talk, likely_at(talk, 240, 480, 510, 700, 960))

    assert len(found) == 4
    assert sum(470 <= start <= 520 for start in found) == 1


@pytest.mark.parametrize("minutes", [9, 20, 60, 180])
def test_there_are_three_to_nine(minutes: int) -> None:
    """Whether everything is likely or nothing, a webinar has three to nine chapters."""
    talk = a_talk(minutes)

    for likely in (np.full(len(talk.said), 0.4), np.full(len(talk.said), 1e-4)):
        found = choose(talk, likely)
        assert 3 <= len(found) + 1 <= 9
        assert found == sorted(found)
        assert found[0] >= MARGIN
        assert found[-1] <= talk.duration - MARGIN


def test_a_talk_of_a_minute_needs_no_chapters() -> None:
    """The shortest recordings may be one chapter; no more fit than have room."""
    assert fewest_and_most(70)[0] == 1
    assert fewest_and_most(70)[1] <= 3
    assert fewest_and_most(10) == (1, 1)


def test_the_path_is_the_best_of_all() -> None:
    """No other choice of starts has a higher sum of gains less costs: even lengths win where nothing else speaks."""
    starts = np.arange(30.0, 870.0, 30.0)

    path = shortest_path(np.zeros(len(starts)), starts, 900.0)

    lengths = np.diff([0.0, *starts[path], 900.0])
    assert lengths.max() - lengths.min() <= 30


def test_nothing_said_is_one_chapter() -> None:
    """A recording in which nobody speaks has nowhere to begin."""
    silent = Conversation((), Deck(), a_talk(9).alignment)

    assert segment(silent, load_trees("chapters")) == []


@pytest.mark.parametrize("deck", [None, a_deck("Welcome", "Norms", "Norms again", "Thank you")])
@pytest.mark.parametrize("minutes", [0.1, 1, 9])
def test_every_column_has_a_number_for_each_sentence(minutes: float, deck: Deck | None) -> None:
    """With slides or without, after one sentence or many: the columns are the same, and finite."""
    talk = a_talk(minutes, deck)

    columns = topic_columns(talk)

    assert set(columns) == set(load_trees("chapters").features)
    assert all(len(column) == len(talk.said) and np.isfinite(column).all() for column in columns.values())


def test_three_hours_are_judged_in_seconds() -> None:
    """Nothing grows with the square of the length."""
    talk = a_talk(180)
    assert talk.content

    began = time.process_time()
    segment(talk, load_trees("chapters"))

    assert time.process_time() - began < 8


def test_the_weights_promise_what_was_measured() -> None:
    """The file says what it was fitted to and what holds for authors left out; no real talk is among the first."""
    fitted = json.loads((FOLDER / "chapters.json").read_text(encoding="utf-8"))["fitted"]

    assert fitted["left out"]["F1 within 20 s, all"] >= 0.6
    assert fitted["left out"]["F1 within 20 s, real"] >= 0.42
    assert len(fitted["talks"]) == 83


def test_a_disturbed_talk_is_the_same_every_time() -> None:
    """Words are misheard, turns begin late; utterances and their order stay."""
    said = [
        {
            "start": 0.0,
            "end": 4.0,
            "speaker": "a",
            "text": "The fund pays for half of the roof. Who pays for the rest?",
        },
        {"start": 4.0, "end": 9.0, "speaker": "b", "text": "The town does, over eleven years, as we agreed in March."},
    ] * 6
    talk = Talk({"id": "x", "utterances": said})

    once, again = disturb(talk), disturb(talk)

    assert once.truth == again.truth
    assert once.truth["utterances"] != said
    assert [one["speaker"] for one in once.truth["utterances"]] == [one["speaker"] for one in said]
