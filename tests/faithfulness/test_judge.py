"""What is likely false is told from what is likely true, as far as words show it."""

import json
import time
from itertools import cycle, islice

import pytest

from digest.faithfulness.judge import CHECKED, Pair, judge, judge_features
from digest.language.sentences import SpokenSentence
from digest.learned.trees import FOLDER, load_trees
from digest.model.speech import Word

CALLED = {"s1": "Ada Brook", "s2": "Tom Hale"}
SAID = (
    ("s1", "We tested forty wells in the north and eleven of them had arsenic above the limit."),
    ("s2", "And the pumps? We replaced six pumps last year because the seals had failed."),
    ("s1", "The ministry has not paid for the filters, the villages paid for them."),
)


def a_sentence(speaker: str, text: str) -> SpokenSentence:
    """Return a sentence as it was said."""
    words = tuple(Word(text=word, start=n, end=n + 1, probability=1) for n, word in enumerate(text.split()))
    return SpokenSentence(speaker, words)


def pair(text: str) -> Pair:
    """Return a sentence that rests on what was said."""
    return Pair(text, [a_sentence(*one) for one in SAID], CALLED)


@pytest.mark.parametrize(
    ("true", "false"),
    [
        (
            "Brook said that they tested forty wells in the north.",
            "Hale said that they tested forty wells in the north.",
        ),
        (
            "Hale said that they replaced six pumps last year because the seals had failed.",
            "Brook said that they replaced six pumps last year because the seals had failed.",
        ),
        (
            "Brook said that eleven of the wells had arsenic above the limit.",
            "Brook said that the ministry tested the seals of eleven villages above the pumps.",
        ),
        (
            "The villages paid for the filters.",
            "The arsenic replaced the ministry in the north.",
        ),
    ],
)  # fmt: skip
def test_the_false_of_two_is_the_likelier_wrong(true: str, false: str) -> None:
    """Of two sentences about the same words, the one that credits or joins them wrongly is doubted more."""
    likely_true, likely_false = judge([pair(true), pair(false)])

    assert likely_true < likely_false


def test_who_is_credited_wrongly_is_worth_a_look() -> None:
    """Words put into another's mouth are for an editor to check; in the right one they are not."""
    right = "Hale said that they replaced six pumps last year because the seals had failed."

    mine, others = judge([pair(right), pair(right.replace("Hale", "Brook"))])

    assert mine < CHECKED <= others


def test_features_see_what_they_are_named_after() -> None:
    """A number beside other words, a voice that did not say it, a question told as a fact."""
    columns = judge_features(
        [
            pair("Brook said that forty wells were tested."),
            pair("Hale said that forty pumps had arsenic."),
            pair("Brook said that the ministry has paid for the filters."),
        ]
    )

    assert list(columns["credit_held"] < 1) == [False, True, False]
    assert columns["figure_role"][0] > columns["figure_role"][1]
    assert columns["denied_otherwise"][2] == 1
    assert set(load_trees("faithfulness").features) == set(columns)


def test_what_is_shipped_says_how_far_it_can_be_trusted() -> None:
    """The weights carry what left-out authors gave: few facts are doubted, and most that is false passes unseen."""
    found = json.loads((FOLDER / "faithfulness.json").read_text(encoding="utf-8"))["fitted"]["left out"]

    assert found["facts doubted"] <= 0.15
    assert found["true doubted"] <= 0.15
    assert found["false caught"] >= 0.3


def test_an_hour_is_judged_within_a_second() -> None:
    """A digest of an hour has some fifty worded sentences; judging them is no wait (processor seconds)."""
    texts = islice(cycle(("Brook said that the villages paid for {} filters.", "Hale replaced {} pumps.")), 50)
    pairs = [pair(text.format(count)) for count, text in enumerate(texts)]
    judge(pairs[:1])

    begun = time.process_time()
    judge(pairs)

    assert time.process_time() - begun < 1
