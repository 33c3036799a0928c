"""What was not said is recognised."""

import pytest

from digest.model.speech import Word
from digest.speech.guard import is_doubtful, without_loops

SAID = "States agree that norms of restraint hold in peace and in conflict, and that they are not enough."


def spoken(text: str) -> list[Word]:
    """Return the words of a text, one a second."""
    return [Word(text=word, start=at, end=at + 1, probability=1) for at, word in enumerate(text.split())]


@pytest.mark.parametrize(
    ("text", "log_probability", "voice"),
    [
        ("And that is it. " * 20, -0.1, 20),
        (SAID, -1.5, 6),
        ("Thank you.", -0.3, 20),
        (SAID, -0.2, 1),
        ("", 0.0, 5),
    ],
    ids=["repeated", "not believed in", "stopped early", "too fast to be said", "nothing for a voice"],
)
def test_a_text_that_cannot_be_right_is_doubted(text: str, log_probability: float, voice: float) -> None:
    """Each of the signs alone sends a window to a second try."""
    assert is_doubtful(text, log_probability, voice)
    assert not is_doubtful(SAID, -0.2, 6)


def test_a_loop_is_cut_and_emphasis_stays() -> None:
    """What comes four times on end stays once; three times may have been said."""
    assert " ".join(w.text for w in without_loops(spoken("We end. Thank you. Thank you. Thank you. Thank you."))) == (
        "We end. Thank you."
    )
    emphasis = spoken("Never, never, never give up.")
    assert without_loops(emphasis) == tuple(emphasis)
