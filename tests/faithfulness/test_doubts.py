"""What was said passes; what was changed, put into another's mouth or made up does not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.faithfulness.doubts import doubts, numbers
from digest.language.sentences import SpokenSentence
from digest.model.speech import Word

OSCE = "They adopted eleven confidence building measures in 2013, and five more in March of this year."
NOBODY = "Nobody, today. There's no body that verifies it."


def a_sentence(text: str, speaker: str = "s1") -> SpokenSentence:
    """Return a sentence as it was said."""
    words = tuple(Word(text=word, start=n, end=n + 1, probability=1) for n, word in enumerate(text.split()))
    return SpokenSentence(speaker, words)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (OSCE, OSCE),
        ("They adopted 11 confidence-building measures in 2013 and 5 more in March", OSCE),
        ("There is no body that verifies it", NOBODY),
        ("The standard is ten pages long", "The standard is RFC 6811, and it's only ten pages long."),
    ],
)
def test_what_was_said_is_supported(text: str, said: str) -> None:
    """The words themselves and the same in other forms carry no doubt."""
    assert doubts(text, "s1", [a_sentence(said)]) == ()


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("They adopted twelve confidence building measures in 2013", "12"),
        ("They adopted eleven confidence building measures in 2014", "2014"),
        ("Then NATO adopted eleven confidence building measures in 2013", "NATO"),
        ("They never adopted eleven confidence building measures in 2013", "not"),
        ("They must always have adopted eleven confidence building measures", "stronger"),
        ("The routers ask the validator about announcements", "other words"),
        ("There are votes on measures", "other words"),
        ("They adopted eleven confidence building measures in 2013, which cheered ministers everywhere", "added"),
    ],
)
def test_what_was_changed_is_doubted(text: str, why: str) -> None:
    """A number, a name, a not, a stronger word, an invention and an added clause are each named to the editor."""
    assert any(why in doubt for doubt in doubts(text, "s1", [a_sentence(OSCE)]))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("France supports Germany in this", "Germany supports France in this."),
        ("The report lists five norms and eleven measures", "The report lists eleven norms and five measures."),
        ("The website and the digest will be on our slides", "The slides and the digest will be on our website."),
    ],
)
def test_what_was_put_together_otherwise_is_doubted(text: str, said: str) -> None:
    """Who does what to whom, and how many of what, is not turned round."""
    assert any("put together otherwise" in doubt for doubt in doubts(text, "s1", [a_sentence(said)]))


def test_phrases_may_be_moved() -> None:
    """Telling the same in another order of phrases is no exchange of words."""
    said = "On some routes they own or lease more than half of the capacity."

    assert doubts("They own or lease more than half of the capacity on some routes", "s1", [a_sentence(said)]) == ()


def test_words_of_somebody_else_are_doubted() -> None:
    """Nobody is quoted with what another person said; without a speaker there is nothing to doubt."""
    assert doubts(OSCE, "s2", [a_sentence(OSCE)]) == ("somebody else said this",)
    assert doubts(OSCE, None, [a_sentence(OSCE)]) == ()


def test_numbers_in_words_and_figures_are_one() -> None:
    """Written out or not, a number is the same; "the second" and "may" are none that matter."""
    assert numbers("seventy-five thousand of them, sixteen") == ["75000", "16"] == numbers("75,000 of them, 16")
    assert numbers("It may be so") == []


SOME = ("the", "norm", "is", "not", "a", "law", "of", "2013", "eleven", "Vienna", "we", "should.", "verify,", "it")


@given(st.lists(st.sampled_from(SOME), min_size=1))
def test_verbatim_always_passes(words: list[str]) -> None:
    """Whatever was said may be quoted as it was said."""
    text = " ".join(words)

    assert doubts(text, "s1", [a_sentence(text)]) == ()
