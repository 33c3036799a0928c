"""Words that are put into another's mouth are for an editor to compare; somebody's own are not."""

import pytest

from digest.faithfulness.credits import CREDITED, own_share
from digest.language.sentences import SpokenSentence
from digest.model.speech import Word

CALLED = {"s1": "Ada Brook", "s2": "Tom Hale", "s3": "Questioner 1"}
SAID = (
    ("s1", "We tested forty wells in the north and eleven of them had arsenic above the limit."),
    ("s2", "And the pumps? We replaced six pumps last year because the seals had failed."),
    ("s1", "The ministry has not paid for the filters, the villages paid for them."),
)


def a_sentence(speaker: str, text: str) -> SpokenSentence:
    """Return a sentence as it was said."""
    words = tuple(Word(text=word, start=n, end=n + 1, probability=1) for n, word in enumerate(text.split()))
    return SpokenSentence(speaker, words)


def share(text: str, called: dict[str, str] | None = None) -> float:
    """Return the share of own words in a sentence that rests on what was said."""
    return own_share(text, [a_sentence(*one) for one in SAID], CALLED if called is None else called)


@pytest.mark.parametrize(
    "right",
    [
        "Brook said that they tested 40 wells in the north.",
        "Tom Hale explained that they replaced six pumps last year because the seals had failed.",
        "According to Brook, the villages paid for the filters, and Hale added that the seals failed.",
    ],
)
def test_whoever_said_it_is_credited(right: str) -> None:
    """In the right mouth nothing is doubted, also in other forms of the words; in another's it is."""
    swapped = right.replace("Brook", "X").replace("Tom Hale", "Brook").replace("Hale", "Brook").replace("X", "Hale")

    assert share(right) >= CREDITED
    assert share(swapped) < CREDITED


def test_a_part_in_anothers_mouth_is_enough() -> None:
    """Of several who are credited in a sentence the worst counts."""
    text = "Brook said that eleven wells had arsenic, and Hale said that the ministry has not paid for the filters."

    assert share(text) < CREDITED


@pytest.mark.parametrize("text", ["The villages paid for the filters.", "Somebody said that nobody paid.", ""])
def test_where_nobody_is_credited_nothing_is_told(text: str) -> None:
    """A sentence that names no speaker with a verb of saying says nothing of who said it."""
    assert share(text) == 1.0
    assert share(text, called={}) == 1.0
