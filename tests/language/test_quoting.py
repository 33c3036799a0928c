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
        ("en", "So the pump in Arlo failed in March.", "The pump in Arlo failed in March."),
        ("fr", "Donc le canal est fermé depuis mars.", "Le canal est fermé depuis mars."),
        ("es", "Entonces los turnos empiezan en el mes de mayo.", "Los turnos empiezan en el mes de mayo."),
        ("it", "Quindi la pompa si è rotta in marzo.", "La pompa si è rotta in marzo."),
        ("nl", "Dus de pomp is in maart kapot gegaan.", "De pomp is in maart kapot gegaan."),
        ("pt", "Então a bomba quebrou no mês de março.", "A bomba quebrou no mês de março."),
        ("de", "Also die Pumpe war im März kaputt.", "Die Pumpe war im März kaputt."),
        ("de", "So eine Pumpe hatte im März niemand mehr.", "So eine Pumpe hatte im März niemand mehr."),
        ("fr", "Voilà le problème que nous avons eu en mars.", "Voilà le problème que nous avons eu en mars."),
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


@pytest.mark.parametrize(
    ("language", "before", "after"),
    [
        ("en", "Their economies are much larger.", "So it looks like they emit very little."),
        ("de", "Der Wirt hat fünf Pumpen.", "Also die Pumpe ist nicht das Problem."),
        ("fr", "Le canal est fermé.", "Donc on arrose la nuit et le matin."),
    ],
)
def test_what_follows_keeps_its_reason(language: str, before: str, after: str) -> None:
    """Inside a passage "So" says why; only at its head has it nothing to go on from."""
    assert printed_passage((said(before, language), said(after, language))) == f"{before} {after}"


@pytest.mark.parametrize(
    ("language", "text", "reads"),
    [
        ("en", "So the—we’re responsible for inflation in the law.", "We’re responsible for inflation in the law."),
        ("en", "But it’s—the situation is difficult for all.", "The situation is difficult for all."),
        ("en", "You wouldn't--you would expect that in March.", "You would expect that in March."),
        ("fr", "C'est—le canal est fermé depuis mars.", "Le canal est fermé depuis mars."),
        ("en", "We—the board and I—decided to pay.", "We—the board and I—decided to pay."),
        ("en", "We did it—the pump works in the end.", "We did it—the pump works in the end."),
        ("en", "No—we paid for all of it.", "No—we paid for all of it."),
    ],
)
def test_a_sentence_given_up_at_once_is_not_printed(language: str, text: str, reads: str) -> None:
    """Of "the—we're" only what was begun anew stands; what is set between dashes stays."""
    assert printed_text(said(text, language)) == reads


@pytest.mark.parametrize(
    ("language", "text", "reads"),
    [
        ("en", "Again, the pump in Arlo failed in March.", "The pump in Arlo failed in March."),
        ("en", "As I mentioned a couple of times, all three pumps failed here.", "All three pumps failed here."),
        ("en", "You know, we paid for all of it.", "We paid for all of it."),
        ("en", "You know the pump, and we paid for it.", "You know the pump, and we paid for it."),
        ("de", "Wie gesagt, die Pumpe war im März kaputt.", "Die Pumpe war im März kaputt."),
        ("de", "Wie gesagt, hatten wir im März keine Pumpe.", "Wie gesagt, hatten wir im März keine Pumpe."),
        ("fr", "Comme je l’ai dit tout à l’heure, le canal est fermé depuis mars.", "Le canal est fermé depuis mars."),
        ("es", "Como he dicho, los turnos empiezan en mayo.", "Los turnos empiezan en mayo."),
        ("it", "Come dicevo prima, la pompa si è rotta in marzo.", "La pompa si è rotta in marzo."),
        ("nl", "Zoals gezegd, de pomp was in maart kapot.", "De pomp was in maart kapot."),
        ("pt", "Como eu disse, a bomba quebrou em março.", "A bomba quebrou em março."),
    ],
)
def test_what_is_said_in_passing_is_not_printed(language: str, text: str, reads: str) -> None:
    """“As I said” means nothing to who was not there; German verbs need what stands before them."""
    assert printed_text(said(text, language)) == reads


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
