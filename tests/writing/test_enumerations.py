"""Lists are seen as lists, also where somebody speaks between their items."""

import pytest

from digest.language.sentences import SpokenSentence
from digest.model.alignment import Alignment, Interval
from digest.model.deck import Deck
from digest.model.speech import Word
from digest.writing.conversation import Conversation
from digest.writing.enumerations import enumerations


def conversation(*turns: tuple[str, str], language: str = "en", seconds: float = 20.0) -> Conversation:
    """Return sentences as (voice, text), each begun `seconds` after the one before."""
    said = tuple(
        SpokenSentence(
            voice,
            tuple(
                Word(text=word, start=at * seconds + n / 10, end=at * seconds + n / 10 + 0.1, probability=0.9)
                for n, word in enumerate(text.split())
            ),
            language,
        )
        for at, (voice, text) in enumerate(turns)
    )
    shown = (Interval(start=0, end=len(turns) * seconds, slide=None, confidence=1, known_by="picture"),)
    return Conversation(said, Deck(slides=()), Alignment(intervals=shown))


@pytest.mark.parametrize(
    ("language", "items"),
    [
        ("en", ("The first rule is silence.", "Second, wash your hands.", "And the third: close the door.")),
        ("en", ("One, annual leave.", "Two, sick leave.", "Three, parental leave.")),
        ("de", ("Erstens, der Schlüssel.", "Zweitens die Tür.", "Und drittens das Licht.")),
        ("es", ("La primera es abrir.", "La segunda es cerrar.", "Y la tercera es esperar.")),
    ],
)
def test_items_are_counted_across_what_others_say(language: str, items: tuple[str, str, str]) -> None:
    """First, second and third are one list, though somebody speaks between two of them."""
    a, b, c = items
    talk = conversation(("s1", a), ("s2", "Hm."), ("s1", b), ("s1", "Hm."), ("s1", c), language=language)

    assert enumerations(talk) == ((0, 2, 4),)


@pytest.mark.parametrize(
    "texts",
    [
        ("The first time was in May.", "The second time was in June.", "It rained."),
        ("One pump failed.", "Two pumps were repaired.", "Three pumps are new."),
    ],
)
def test_what_only_counts_is_no_list(texts: tuple[str, ...]) -> None:
    """Two are no list, and numbers of things count no items."""
    assert enumerations(conversation(*(("s1", text) for text in texts))) == ()


def test_items_far_apart_or_of_two_voices_are_no_list() -> None:
    """After four minutes, or in another mouth, another list begins."""
    items = ("First, the key.", "Second, the door.", "Third, the light.")

    assert enumerations(conversation(*(("s1", text) for text in items), seconds=300)) == ()
    assert enumerations(conversation(*((f"s{n}", text) for n, text in enumerate(items)))) == ()


@pytest.mark.parametrize(
    ("language", "head"),
    [("en", "Three steps."), ("en", "There are 3 rules."), ("de", "Drei Schritte."), ("pt", "Três passos.")],
)
def test_a_short_list_has_its_head_and_all_items(language: str, head: str) -> None:
    """What is announced by its number and told in short sentences is one list."""
    talk = conversation(("s1", "Hm."), ("s1", head), ("s1", "A b."), ("s1", "C d."), ("s1", "E f."), language=language)

    assert enumerations(talk) == ((1, 2, 3, 4),)


def test_a_number_that_announces_nothing_makes_no_list() -> None:
    """Long sentences after it, or another voice, are no items."""
    long = "Seventeen ministers met in Vienna and wrote a report about pumps."

    assert enumerations(conversation(("s1", "Three steps."), ("s1", long), ("s1", long), ("s1", long))) == ()
    assert enumerations(conversation(("s1", "Two steps."), ("s1", "A b."), ("s2", "C d."))) == ()
