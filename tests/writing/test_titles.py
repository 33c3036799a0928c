"""What chapters are called."""

from collections.abc import Sequence

import pytest

from digest.language.languages import LANGUAGES
from digest.model.alignment import Alignment, Interval
from digest.model.deck import Deck
from digest.writing.conversation import Conversation, conversation
from digest.writing.titles import NAMES, chapter_titles
from tests.builders import a_deck, by_turns, spoken

Turns = Sequence[tuple[str, str]]  # who said what

OIL = "We looked at the oil first. The oil was thick. After the oil came the timer. The timer stops at four."
SHIPS = "The repair ship is in the harbour. A repair ship has ten days. The harbour is small."


def a_talk(
    *turns: tuple[str, str], deck: Deck | None = None, shown: Sequence[tuple[float, int | None]] = ()
) -> Conversation:
    """Return a talk in which a turn begins each minute; `shown` are seconds and slides."""
    said = [(60.0 * at, text) for at, (_, text) in enumerate(turns)]
    voices = [(60.0 * at, 60.0 * at + 59, who) for at, (who, _) in enumerate(turns)]
    seconds, end = [*shown] or [(0.0, None)], 60.0 * len(turns)
    intervals = tuple(
        Interval(start=start, end=until, slide=slide, confidence=1, known_by="picture" if slide else "none")
        for (start, slide), (until, _) in zip(seconds, [*seconds[1:], (end, None)], strict=True)
    )
    return conversation(spoken(*said), by_turns(*voices), deck or Deck(), Alignment(intervals=intervals))


def test_a_chapter_is_called_after_its_slide() -> None:
    """The title of the slide that came on; not the deck's first, nor an agenda, nor thanks."""
    deck = a_deck(
        "Cables under the sea", "Today", "1. Who owns them", "What breaks a cable", "Thank you",
        bodies={"Today": "Who owns them\nWhat breaks a cable"},
    )  # fmt: skip
    talk = a_talk(*[("Ann", "So.")] * 5, deck=deck, shown=[(0, 1), (60, 2), (120, 3), (180, 4), (240, 5)])

    titles = chapter_titles(talk, [0, 60, 120, 180, 240])

    assert titles == ["Opening", "Discussion", "Who owns them", "What breaks a cable", "Closing"]


def test_a_day_keeps_its_number() -> None:
    """The 5 of "5 de agosto" orders nothing; that of "2 Cables" does, for "1 Ships" stands beside it."""
    deck = a_deck("Reunión", "5 de agosto", "1 Los barcos", "2 Los cables")
    talk = a_talk(*[("Ann", "So.")] * 4, deck=deck, shown=[(0, 1), (60, 2), (120, 3), (180, 4)])

    assert chapter_titles(talk, [0, 60, 120, 180])[1:] == ["5 de agosto", "Los barcos", "Los cables"]


def test_a_verb_stands_in_no_title() -> None:
    """“The timer stops” is no thing, “the four rules” are."""
    said = "The timer stops at four. It stops. We keep the rules. The four rules. Four rules."
    talk = a_talk(("Ann", SHIPS), ("Ann", said), ("Ann", SHIPS))

    title = chapter_titles(talk, [0, 60, 120])[1]

    assert title == "The four rules"


def test_a_slide_that_returns_calls_nothing() -> None:
    """A slide that comes on again for a question has named its chapter already."""
    deck = a_deck("Cables", "Who owns them", "What breaks a cable")
    talk = a_talk(*[("Ann", "So.")] * 4, deck=deck, shown=[(0, 1), (60, 2), (120, 3), (180, 2)])

    assert chapter_titles(talk, [0, 60, 120, 180])[3] == "Closing"


def test_speakers_own_nouns_make_a_title() -> None:
    """Without a slide, what people speak of often there and not elsewhere: a noun or two, and no list."""
    talk = a_talk(("Ann", SHIPS), ("Ann", OIL), ("Ann", SHIPS))

    assert chapter_titles(talk, [0, 60, 120])[1] == "The oil"


def test_a_phrase_is_kept_whole() -> None:
    """A “repair ship” is one thing."""
    talk = a_talk(("Ann", OIL), ("Ann", SHIPS), ("Ann", OIL))

    assert chapter_titles(talk, [0, 60, 120])[1] == "The repair ship"


def test_a_slide_of_one_word_calls_its_chapter() -> None:
    """“Timeline” is what the deck says; a word beside it would be ours."""
    deck = a_deck("Linkspan", "Timeline")
    talk = a_talk(("Ann", SHIPS), ("Ann", OIL), ("Ann", SHIPS), deck=deck, shown=[(0, 1), (60, 2)])

    assert chapter_titles(talk, [0, 60, 120])[1] == "Timeline"


@pytest.mark.parametrize("name", ["Meredith", "Mrs Bevan"])
def test_nobody_is_named(name: str) -> None:
    """Who came to ask stands in no title, however often the host says the name."""
    said = f"Thank you, {name}. The {name} that we know. And {name} has the oil. The oil is {name}'s. Some oil, {name}."
    talk = a_talk(("Ann", SHIPS), ("Ann", said), ("Ann", SHIPS))

    assert "Meredith" not in chapter_titles(talk, [0, 60, 120])[1]
    assert "Bevan" not in chapter_titles(talk, [0, 60, 120])[1]


def test_questions_are_called_so_where_the_audience_asks() -> None:
    """A stretch in which several people of the audience ask has the name of it; no other has."""
    long = " ".join([OIL, SHIPS] * 3)
    asked: Turns = [("Cleo", "Who pays for it?"), ("Ann", OIL), ("Dan", "Does it rust when it is wet?"), ("Ann", OIL)]
    talk = a_talk(("Ann", long), ("Ben", long), ("Ann", long), *asked)

    titles = chapter_titles(talk, [0, 60, 180])

    assert titles[2] == "Questions and answers"
    assert "Questions and answers" not in titles[:2]


@pytest.mark.parametrize("code", ["en", "de", "fr", "es", "pt", "it", "nl"])
def test_every_language_has_its_names(code: str) -> None:
    """Opening, questions and closing are said in the language of the webinar, and nouns are told by its articles."""
    (language,) = [one for one in LANGUAGES if one.code == code]
    names = NAMES[code]

    assert language.determiners
    assert language.joiners
    assert language.light_nouns
    assert len({names.opening, names.discussion, names.questions, names.closing}) == 4
    assert names.pair.format("a", "b").startswith("a ")


def test_titles_are_not_the_same() -> None:
    """Two chapters about the same thing are told apart."""
    talk = a_talk(*[("Ann", OIL)] * 4)

    titles = chapter_titles(talk, [0, 60, 120, 180])

    assert len(set(titles) - {"Discussion"}) == len([title for title in titles if title != "Discussion"])
