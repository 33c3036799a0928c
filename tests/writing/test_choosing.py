"""What is printed together, what is never printed alone, and what is left out of a sentence."""

import pytest

from digest.language.sentences import SpokenSentence
from digest.model.speech import Terms, Word
from digest.writing.choosing import compressed, unit, valued
from tests.builders import an_event


def spoken(*texts: str) -> list[SpokenSentence]:
    """Return sentences of one voice, without a pause between them."""
    said, now = list[SpokenSentence](), 0.0
    for text in texts:
        words = tuple(
            Word(text=w, start=now + at * 0.4, end=now + at * 0.4 + 0.3, probability=1)
            for at, w in enumerate(text.split())
        )
        said.append(SpokenSentence("s1", words))
        now = words[-1].end + 0.3
    return said


@pytest.mark.parametrize(
    ("texts", "together"),
    [
        (("The report is from 2015.", "It lists eleven voluntary norms."), [0, 1]),
        (("An origin was signed wrongly.", "Your route is then invalid.", "We did that in 2021."), [1, 2]),
        (("We signed the wrong origin.", "Um, in 2021 for eleven minutes."), [0, 1]),
        (("The rule is simple.", "You drop what is invalid."), [0, 1]),
        (("So, three steps.", "Publish early.", "Pay for travel.", "And answer in writing."), [0, 1, 2, 3]),
        (("So, three steps.", "Publish early.", "Pay for travel.", "Then " + "and then " * 9 + "stop."), [3]),
        (("What made the difference?", "It wasn't a law."), [1]),
    ],
)
def test_what_belongs_together_is_printed_together(texts: tuple[str, ...], together: list[int]) -> None:
    """A pronoun brings what it stands for, a short list comes whole, and a question is nobody's first half."""
    assert list(unit(spoken(*texts), len(texts) - 1)) == together


@pytest.mark.parametrize(
    "text",
    [
        "What does the norm of 2015 say about states?",
        "I'll show you how routing works, then how it goes wrong.",
        "Thank you, Daniel, for these eleven norms of 2015.",
        "They adopted eleven measures in Vienna in 2013.",
        "The classic case is from the 24th of February, 2008.",
        "You'll find all the texts at dialogue.example.org slash norms.",
    ],
)
def test_what_says_nothing_by_itself_is_not_chosen(text: str) -> None:
    """A question, an agenda, a courtesy, a pronoun without its noun, an announcement, an address: none is printed."""
    assert valued(spoken(text), an_event(), Terms()).score(0) == 0


def test_what_is_told_already_is_not_counted_again() -> None:
    """A sentence that hangs on a printed one adds no more than its own points."""
    worth = valued(
        spoken("The report of the UN is from July 2015.", "It lists eleven voluntary norms."), an_event(), Terms()
    )

    assert worth.score(1, {0}) < worth.score(1)
    assert worth.score(1, {0, 1}) == 0


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("So, well, the, the networks grow.", "The networks grow."),
        (
            "They grow fast. You know, ten years ago there were, what, three.",
            "They grow fast. Ten years ago there were three.",
        ),
        ("And four, join the others.", "Join the others."),
        ("Four states, then five, had to, well, had to leave.", "Four states, then five, had to leave."),
        ("He had had enough.", "He had had enough."),
    ],
)
def test_only_what_says_nothing_is_left_out(text: str, clean: str) -> None:
    """Fillers, restarts and the number of an item go; a number that counts something stays."""
    assert compressed(text, "en") == clean
