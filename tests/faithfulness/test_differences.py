"""Editors learn where slides and speakers differ, and are not told where they agree."""

import pytest

from digest.faithfulness.differences import Difference, differences
from digest.language.sentences import sentences
from digest.model.alignment import Alignment, Interval
from digest.model.deck import Deck, Slide
from digest.model.evidence import Heard, Shown
from digest.model.speech import utterances
from tests.builders import a_deck, by_one_voice, spoken

SAID = (
    (0, "Welcome to this talk about norms."),
    (20, "The OSCE adopted eleven confidence building measures, and that was in 2013."),
    (40, "There are about 1.3 million kilometres of cable under the sea."),
)


def found(deck: Deck, *, language: str = "en", shown: tuple[int | None, ...] = (1, 2, 3)) -> tuple[Difference, ...]:
    """Return the differences of a talk of three sentences, a slide on during each."""
    intervals = tuple(
        Interval(start=20.0 * at, end=20.0 * at + 20, slide=slide, confidence=1, known_by="picture")
        for at, slide in enumerate(shown)
    )
    said = sentences(utterances(spoken(*SAID), by_one_voice(60)), language)
    return differences(said, deck, Alignment(intervals=intervals), language)


def test_another_number_is_found_with_what_was_said() -> None:
    """Where the slide has another number beside the same words, the editor has both, with slide and seconds."""
    deck = a_deck("Norms", "Forums", "Cables", bodies={"Forums": "OSCE: 16 confidence-building measures"})

    (difference,) = found(deck)

    assert (difference.shown, difference.figures) == (Shown(slide=2), ("16",))
    assert difference.said.startswith("The OSCE adopted eleven")
    assert isinstance(difference.heard, Heard)
    assert difference.heard.start == 20


def test_a_year_contradicts_a_year_only() -> None:
    """A count that was said is no other opinion about a year that was shown."""
    agreed = a_deck("Norms", "Forums", "Cables", bodies={"Forums": "11 measures of the OSCE, 2013"})
    other = a_deck("Norms", "Forums", "Cables", bodies={"Forums": "11 measures of the OSCE, 2015"})
    counted = a_deck("Norms", "Forums", "Cables", bodies={"Cables": "Kilometres of cable under the sea in 2014"})

    assert found(agreed) == ()
    assert [(one.figures, bool(one.heard)) for one in found(other)] == [(("2015",), True)]
    assert [(one.figures, bool(one.heard)) for one in found(counted)] == [(("2014",), False)]


def test_what_is_said_much_later_is_about_something_else() -> None:
    """Only while a slide is on, or just before or after, do people speak about it."""
    deck = a_deck("Norms", bodies={"Norms": "1.5 million kilometres of cable"})

    assert [bool(one.heard) for one in found(deck, shown=(1, None, None))] == [False]
    assert [bool(one.heard) for one in found(deck, shown=(None, None, 1))] == [True]


def test_what_nobody_said_is_listed() -> None:
    """Numbers and whole lines that nobody spoke of are listed, each line once though it stands on every slide."""
    bodies = {
        "Norms": "Harbour Talks 14",
        "Forums": "Harbour Talks 14",
        "Cables": "Harbour Talks 14\nRepair ships wait in Marseille\nKilometres of cable under the sea",
    }

    lines = [(one.line, one.figures, one.heard) for one in found(a_deck("Norms", "Forums", "Cables", bodies=bodies))]

    assert lines == [("Harbour Talks 14", ("14",), None), ("Repair ships wait in Marseille", (), None)]


@pytest.mark.parametrize(
    "line",
    ["Eleven measures", "More than 1.3 million km", "1. Measures of the OSCE", "example.org/2099", "G20 measures"],
)
def test_what_was_said_is_no_difference(line: str) -> None:
    """Numbers are compared as numbers, however they are written; numbering and addresses say nothing."""
    assert found(a_deck("Norms", "Forums", "Cables", bodies={"Forums": line, "Cables": line})) == ()


def test_slides_that_nobody_saw_differ_from_nothing() -> None:
    """A hidden slide, or one that was never on, was not shown."""
    bodies = {"Forums": "48 delegates of the OSCE"}

    assert found(a_deck("Norms", "Forums", "Cables", bodies=bodies, hidden=(2,))) == ()
    assert found(a_deck("Norms", "Forums", "Cables", bodies=bodies), shown=(1, None, 3)) == ()


def test_a_table_is_compared_row_by_row() -> None:
    """A row says one thing; the head of the table says nothing."""
    table = (("Forum", "Year 1999"), ("OSCE", "16 measures"), ("UN GGE", "2013"))
    deck = Deck(slides=(Slide(number=1, title="Forums", tables=(table,), read_by="pptx"),))

    assert [one.line for one in found(deck, shown=(None, 1, None))] == ["OSCE · 16 measures"]


def test_other_languages_compare_digits() -> None:
    """Where numbers are spelt out in a language that is not read, digits are compared all the same."""
    deck = a_deck("Normen", "Foren", "Kabel", bodies={"Foren": "OSCE measures 2015"})

    assert [one.figures for one in found(deck, language="de")] == [("2015",)]
