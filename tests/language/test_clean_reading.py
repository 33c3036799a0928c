"""The clean reading drops what nobody would write down, and adds nothing."""

import re
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.language.clean_reading import clean
from digest.model.speech import Word
from tests import truth as t

WEBINARS = sorted(gold.glob("dev-*/truth.json")) if (gold := t.gold()) else []


def words(text: str) -> tuple[Word, ...]:
    """Return the words of a text, a second each."""
    return tuple(Word(text=word, start=at, end=at + 1, probability=0.9) for at, word in enumerate(text.split()))


def read(text: str, language: str = "en") -> str:
    """Return the clean reading of a text."""
    return " ".join(word.text for word in clean(words(text), language))


def check_subset(verbatim: Sequence[Word], language: str) -> None:
    """Every word of the clean reading is one of the verbatim reading, or several joined, in order and in its time."""
    left = iter([bare(word.text) for word in verbatim])
    starts, ends = {word.start for word in verbatim}, {word.end for word in verbatim}
    for word in clean(verbatim, language):
        letters = bare(word.text)
        while letters:
            part = next((part for part in left if part and letters.startswith(part)), None)
            assert part, f"{word.text} was not said"
            letters = letters.removeprefix(part)
        assert word.start in starts
        assert word.end in ends


def bare(text: str) -> str:
    """Return the letters and digits."""
    return re.sub(r"\W", "", text).casefold()


@pytest.mark.parametrize(
    ("verbatim", "cleaned"),
    [
        ("Um, so the, the networks, uh, work.", "So the networks, work."),
        ("Good morning, and, um, good evening.", "Good morning, and good evening."),
        ("They're, um, rounded um. The rest", "They're rounded. The rest"),
        ("some 75 ,000 at example .org , or 50 %", "some 75,000 at example.org , or 50%"),
        ("I, I can hear you.", "I can hear you."),
        ("in 2013, and UM, five more", "in 2013, and five more"),
        ("Um.", ""),
    ],
)
def test_hesitation_is_dropped(verbatim: str, cleaned: str) -> None:
    """Fillers and words begun twice go, with the comma that led to them; a full stop stays, and a capital."""
    assert read(verbatim) == cleaned


@pytest.mark.parametrize(
    "text",
    [
        "When we patch, we patch for everyone.",
        "I know that that had had a very, very long way to go. No, no.",
        "The ER and the UM were told. Who are we? We are",
    ],
)
def test_what_means_something_stays(text: str) -> None:
    """Words that follow themselves with reason, and names that look like fillers, are no slips."""
    assert read(text) == text


def test_other_languages_have_their_own_fillers() -> None:
    """What hesitates in one language is a word in another."""
    assert read("Er sagt, ähm, die die Regel kennen", "de") == "Er sagt, die die Regel kennen"
    assert read("Nous nous voyons, euh, demain", "fr") == "Nous nous voyons, demain"
    assert read("um dois tres", "pt") == "um dois tres"


@given(
    st.lists(st.sampled_from(["Um,", "um.", "the", "the,", "I", "We", "we", ".5", "-so", "%", "norm.", "ER", "uh"])),
    st.sampled_from(["en", "de", "pt"]),
)
def test_nothing_is_added(said: list[str], language: str) -> None:
    """Whatever was said, the clean reading is a part of the verbatim one."""
    check_subset(words(" ".join(said)), language)


def test_nothing_is_added_to_what_was_really_said() -> None:
    """The clean reading of each webinar is a part of what was said, and hardly shorter."""
    truths = [t.DEMO, *(t.read(path) for path in WEBINARS)]
    for truth in truths:
        said = tuple(t.transcript(truth).words())

        check_subset(said, "en")

        assert 0.97 * len(said) <= len(clean(said, "en")) < len(said)
