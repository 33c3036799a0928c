"""Sentences and paragraphs keep every word and its time."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digest.language.sentences import LONG_PARAGRAPH, MAX_SENTENCE_WORDS, ends_sentence, paragraphs, sentences
from digest.model.speech import Utterance, Word

WORD = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zs", "Zl", "Zp")), min_size=1, max_size=8)
TEXTS = st.lists(
    st.one_of(
        st.sampled_from(["Dr.", "p.m.", "end.", "Why?", "and", "U.N.", "3.5"]), WORD.filter(lambda w: bool(w.split()))
    ),
    min_size=1,
    max_size=120,
)


def utterance(texts: list[str]) -> Utterance:
    """Return the words as one turn, three in a second or so."""
    words = tuple(Word(text=text, start=at * 0.4, end=at * 0.4 + 0.3, probability=0.9) for at, text in enumerate(texts))
    return Utterance(start=0, end=words[-1].end, speaker="s1", words=words)


@settings(max_examples=60, deadline=None)
@given(TEXTS)
def test_no_word_is_lost_or_doubled(texts: list[str]) -> None:
    """All words stand in exactly one sentence and one paragraph, in the order in which they were said."""
    said = utterance(texts)

    split = sentences([said], "en")
    shown = paragraphs([said], "en")

    assert [word for one in split for word in one.words] == list(said.words)
    assert [word for paragraph in shown for word in paragraph.words] == list(said.words)


@pytest.mark.parametrize(
    ("text", "ends"),
    [
        ("so.", True),
        ("Why?", True),
        ("No!", True),
        ("well…", True),
        ("and,", False),
        ("", False),
        ("day.”", True),
        ("(so.)", True),
        ("so”", False),
    ],
)
def test_a_full_stop_ends_a_sentence(text: str, ends: bool) -> None:
    """A full stop, a question mark, an exclamation mark and three dots end one; a comma does not, nor nothing."""
    assert ends_sentence(text) is ends


def test_a_title_with_a_full_stop_stays_whole() -> None:
    """A sentence does not end after “Dr.” or “p.m.”."""
    said = utterance(["We", "met", "Dr.", "Okafor", "at", "5", "p.m.", "sharp.", "He", "left", "early."])

    assert [one.text for one in sentences([said], "en")] == ["We met Dr. Okafor at 5 p.m. sharp.", "He left early."]


def test_speech_without_full_stops_is_still_cut() -> None:
    """A sentence of 200 words, as a transcriber sometimes leaves it, is cut at pauses into readable ones."""
    said = utterance(["word"] * 200)

    assert max(len(one.words) for one in sentences([said], "en")) <= MAX_SENTENCE_WORDS
    assert max(len(paragraph.words) for paragraph in paragraphs([said], "en")) <= LONG_PARAGRAPH


def test_a_long_sentence_is_cut_where_one_in_it_ends() -> None:
    """What somebody quotes in several sentences is cut between them."""
    quoted = "“" + "We open the gate on every single Thursday of March. " * 3 + "And we close it on Friday.”"
    said = utterance(f"He told them {quoted} {'and nobody ever came there but us ' * 3}".split())

    split = sentences([said], "en")

    assert len(said.words) > MAX_SENTENCE_WORDS
    assert all(ends_sentence(one.text) for one in split[:-1])


def test_three_hours_without_a_pause_are_cut() -> None:
    """Thirty thousand words in one turn come out as their sentences."""
    said = utterance(("This is a sentence of eight words indeed. " * 3750).split())

    assert len(sentences([said], "en")) == 3750


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("pt", "Ontem falou a Dra. Natalia e hoje fala o Sr. Relator."),
        ("pt", "Peço a V. Exa. em nome de todos que espere."),
        ("es", "Hoy viene el Sr. Pérez a la oficina."),
        ("en", "Nuclear power goes since Williams et al. do not call it renewable."),
        (
            "en",
            "Nuclear power goes "
            + "and it goes " * 12
            + "since Williams et al. do not "
            + "call it so and " * 5
            + "go.",
        ),
    ],
)
def test_a_shortened_word_ends_no_sentence(language: str, text: str) -> None:
    """No sentence begins in the middle of one, behind “Dra.” or “et al.”, though it is long."""
    split = sentences([utterance(text.split())], language)

    assert not any(one.text.endswith(("Dra.", "Sr.", "Exa.", "al.")) for one in split)


@pytest.mark.parametrize(
    ("language", "text"),
    [("en", "Good morning madam. Mphatso speaks."), ("es", "Buenos días, señora. Mphatso habla.")],
)
def test_who_is_addressed_ends_a_sentence(language: str, text: str) -> None:
    """A title that is said in full is no shortened word: whoever speaks next is not called so."""
    assert len(sentences([utterance(text.split())], language)) == 2
