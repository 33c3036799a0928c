"""Quotations: what is left out of a sentence, what never is, and what stands alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.language.languages import LANGUAGES
from digest.language.quoting import has_figure, leans, printed_passage, printed_text
from digest.language.sentences import SpokenSentence
from digest.model.speech import Word


def said(text: str, language: str = "en") -> SpokenSentence:
    """Return a sentence whose words take half a second each."""
    words = tuple(
        Word(text=one, start=at / 2, end=at / 2 + 0.4, probability=0.9) for at, one in enumerate(text.split())
    )
    return SpokenSentence("s1", words, language)


@pytest.mark.parametrize(
    ("language", "text", "reads"),
    [
        ("en", "So, um, the the pump failed in March,", "The pump failed in March."),
        ("en", "And we had no spare one.", "We had no spare one."),
        ("en", "But headline inflation is what people feel.", "Headline inflation is what people feel."),
        ("de", "Und Köln hat im März keine Pumpe gehabt.", "Köln hat im März keine Pumpe gehabt."),
        ("en", "Yet nobody has paid for it so far.", "Nobody has paid for it so far."),
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


def test_a_contrast_stays_with_what_it_is_against() -> None:
    """Only at the head of a quotation "But" has nothing to go on from."""
    before, after = said("The pump in Arlo failed."), said("But the pump in Brenn works.")

    assert printed_passage((before, after)) == "The pump in Arlo failed. But the pump in Brenn works."


def test_a_sentence_that_ends_in_quotation_marks_gets_no_second_full_stop() -> None:
    """A reader sees the signs that were written, and no stray one behind them."""
    assert printed_text(said("They wrote: “We open on Thursday.”")) == "They wrote: “We open on Thursday.”"


@pytest.mark.parametrize(
    ("text", "reads"),
    [
        ("We would go to .1 of a second.", "We would go to .1 of a second."),
        ("It took 0 .1 of a second.", "It took 0.1 of a second."),
        ("It cost 75 ,000 euros.", "It cost 75,000 euros."),
    ],
)
def test_only_what_follows_a_figure_is_part_of_it(text: str, reads: str) -> None:
    """A figure that the recogniser parted is joined, and a word is none."""
    assert said(text).text == reads
    assert printed_text(said(text)) == reads


def test_a_long_sentence_that_was_cut_is_printed_as_one() -> None:
    """The second part of a sentence has no capital, and the first no full stop."""
    long = said("The pump in Arlo failed in March and nobody in the nine villages had a spare one.")
    parts = [SpokenSentence("s1", long.words[:7], "en"), SpokenSentence("s1", long.words[7:], "en")]

    assert printed_passage(parts) == long.text


@pytest.mark.parametrize(
    ("text", "is_figure"),
    [
        ("We paid for twelve cables across the sea in March.", True),
        ("About 50% of our energy comes from the river.", True),
        ("The repair of the bench costs €40 in all.", True),
        ("About 50 of our energy comes from the river.", False),
        ("Ten years later that was, what, three or four.", False),
        ("Since 2018 they had twenty-six crises in March.", True),
        ("The second one is about the river and its banks.", False),
    ],
)
def test_a_figure_says_what_it_counts(text: str, is_figure: bool) -> None:
    """“50 of our energy” has lost its percent sign, and “three or four” its noun: neither is a figure to look up."""
    assert has_figure(said(text)) == is_figure


def test_a_pronoun_near_the_beginning_leans() -> None:
    """Nothing has been named yet that it could stand for; later in the sentence something has."""
    assert leans(said("Last year it was used seven times."))
    assert leans(said("In Köln hat er das bezahlt.", "de"))
    assert not leans(said("The canton and the nine villages say it was used."))


@given(st.lists(st.text("abcé ,.;—-'’", min_size=1, max_size=9).filter(str.strip), min_size=1, max_size=40), st.data())
def test_no_word_is_lost_or_made(texts: list[str], data: st.DataObject) -> None:
    """What is printed are words that were said, and never nothing."""
    language = data.draw(st.sampled_from([one.code for one in LANGUAGES]))
    words = tuple(Word(text=text.strip(), start=at, end=at + 0.5, probability=0.5) for at, text in enumerate(texts))
    one = SpokenSentence("s1", words, language)

    printed = printed_text(one)
    assert printed
    assert len(printed.split()) <= len(one.text.split())
