"""Parts of sentences that stand by themselves: what is left out, and what never is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.language.clauses import clauses, leans, printed_text
from digest.language.languages import LANGUAGES
from digest.language.sentences import SpokenSentence, join_sentences
from digest.model.speech import Word


def said(text: str, language: str = "en") -> SpokenSentence:
    """Return a sentence whose words take half a second each."""
    words = tuple(
        Word(text=one, start=at / 2, end=at / 2 + 0.4, probability=0.9) for at, one in enumerate(text.split())
    )
    return SpokenSentence("s1", words, language)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("The pump in Arlo failed in March, and we had no spare one.", 2),
        ("We asked the canton for money in May; the answer came in October.", 2),
        ("If the pump in Arlo fails again, and we have no spare one, the valley is dry.", 1),
        ("They say that the pump in Arlo failed, and we had no spare one.", 1),
        ("The canton, the city, and the nine villages of the valley pay half of it.", 1),
    ],
)
def test_a_sentence_parts_where_both_sides_stand(text: str, parts: int) -> None:
    """Two statements can be quoted apart; a condition, somebody else's view and a list stay whole."""
    found = clauses(said(text))

    assert len(found) == parts
    assert join_sentences(found) == said(text)


@pytest.mark.parametrize(
    ("language", "text", "reads"),
    [
        ("en", "So, um, the the pump failed in March,", "The pump failed in March."),
        ("en", "And we had no spare one.", "We had no spare one."),
        ("en", "So far nobody has paid for it.", "So far nobody has paid for it."),
        ("de", "Also, äh, wir haben im März keine Pumpe gehabt.", "Wir haben im März keine Pumpe gehabt."),
        ("fr", "Alors, euh, on a eu soixante dossiers cette année.", "On a eu soixante dossiers cette année."),
    ],
)
def test_what_says_nothing_is_not_printed(language: str, text: str, reads: str) -> None:
    """Hesitations, restarts and what only takes the floor go; a word that means something stays."""
    assert printed_text(said(text, language)) == reads


def test_what_leans_is_known_in_every_language() -> None:
    """A sentence that begins with "they" or "because" needs the one before."""
    assert leans(said("They failed in March."))
    assert leans(said("And because of that they failed."))
    assert not leans(said("The pumps have failed in March."))
    assert leans(said("In the north of Arlo."))
    assert leans(said("Das war im März.", "de"))
    assert not leans(said("Die Pumpen waren im März kaputt.", "de"))


@given(st.lists(st.text("abcé ,.;—-'’", min_size=1, max_size=9).filter(str.strip), min_size=1, max_size=40), st.data())
def test_no_word_is_lost_or_made(texts: list[str], data: st.DataObject) -> None:
    """Every word stands in one clause, and what is printed is never empty."""
    language = data.draw(st.sampled_from([one.code for one in LANGUAGES]))
    words = tuple(Word(text=text.strip(), start=at, end=at + 0.5, probability=0.5) for at, text in enumerate(texts))
    one = SpokenSentence("s1", words, language)

    assert join_sentences(clauses(one)) == one
    assert all(printed_text(part) for part in clauses(one))
