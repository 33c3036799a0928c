"""What was not said is recognised."""

import pytest

from digest.model.artifact import Span
from digest.model.speech import Word
from digest.transcription.hallucination_filter import (
    is_doubtful,
    lasts_too_long,
    min_pace,
    missing_words,
    without_loops,
)

SAID = "States agree that norms of restraint hold in peace and in conflict, and that they are not enough."


def words_of(text: str) -> list[Word]:
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


def test_a_window_that_says_half_of_what_others_say_is_doubted() -> None:
    """Nine characters a second are slow speech, unless everybody else in the recording speaks at sixteen."""
    assert not is_doubtful(SAID, -0.2, len(SAID) / 9, min_pace([9, 10, 11]))
    assert is_doubtful(SAID, -0.2, len(SAID) / 9, min_pace([16, 17, 15, 9]))


def test_a_word_that_lasts_too_long_hides_others() -> None:
    """An address is spelt out, a figure is read; nobody takes four seconds for "a"."""
    took = {"a": 4.3, "Thank": 4.6, "192.0.2.0": 2.7, "boarding": 1.6}
    words = [Word(text=text, start=10.0, end=10.0 + seconds, probability=1) for text, seconds in took.items()]

    assert [word.text for word in words if lasts_too_long(word)] == ["a", "Thank"]


def test_where_somebody_speaks_and_no_words_are_is_found() -> None:
    """Under a long word, and between two words where a voice goes on; a pause is none, a breath of voice neither."""
    voiced = (Span(start=0, end=4), Span(start=9, end=14.5), Span(start=30, end=31))
    times = ((0, 1), (1.2, 4), (9, 9.4), (13, 13.4), (14, 14.5), (30, 31))
    words = [Word(text="so", start=start, end=end, probability=1) for start, end in times]

    assert [(one.start, one.end) for one in missing_words(words, voiced)] == [(1.2, 4), (9.4, 13)]


def text_without_loops(words: list[Word], voice: float | None = None) -> str:
    """Return the text without loops; a voice is heard from 0 to `voice`, or throughout."""
    voiced = (Span(start=0, end=words[-1].end if voice is None else voice),)
    return " ".join(word.text for word in without_loops(words, voiced))


def test_a_loop_is_cut_and_emphasis_stays() -> None:
    """A phrase that comes four times on end stays once, a word that comes eight times; less often it may be said."""
    assert text_without_loops(words_of("We end. " + "Thank you. " * 4)) == "We end. Thank you."
    assert text_without_loops(words_of("We end. " + "you " * 8)) == "We end. you"
    for said in (
        "Never, never, never give up.",
        "some more words, words, words, words.",
        "We patch, we patch, we patch.",
    ):
        assert text_without_loops(words_of(said)) == said


def test_a_phrase_that_comes_again_without_sound_is_cut() -> None:
    """Said twice it stays; in a tenth of a second, or after the voice has ended, it was not said."""
    said = words_of("the grave and thee. The grave and thee.")
    squeezed = [*said[:4], *(word.model_copy(update={"start": 4, "end": 4.1}) for word in said[4:])]

    assert text_without_loops(said) == "the grave and thee. The grave and thee."
    assert text_without_loops(squeezed) == "the grave and thee."
    assert text_without_loops(said, voice=4.2) == "the grave and thee."
