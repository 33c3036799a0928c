"""Questions as they are printed: whole, with their point, and once."""

import pytest

from digest.writing.questions import Exchange, asked_with_its_point, is_asked_again
from tests.writing.test_enumerations import conversation


@pytest.mark.parametrize(
    ("language", "point", "question"),
    [
        ("en", "Economists fear that you hit the economy with a hammer.", "Could you say more about that?"),
        ("de", "Die Bauern sagen, dass der Kanal im Winter leer war.", "Können Sie das erklären?"),
        ("fr", "Les voisins disent que le canal était vide cet hiver.", "Pouvez-vous expliquer ça ?"),
        ("es", "Los vecinos dicen que el canal estaba vacío en invierno.", "¿Puede usted explicar eso?"),
    ],
)
def test_a_question_is_printed_with_its_point(language: str, point: str, question: str) -> None:
    """“Could you say more about that?” tells a reader nothing without the sentence before."""
    talk = conversation(("s1", point), ("s1", question), language=language)

    assert asked_with_its_point(talk, (1,)) == (0, 1)


def test_a_question_that_says_what_it_asks_stands_alone() -> None:
    """Nothing is added to one that names what it asks about, nor what says nothing, nor another voice's words."""
    alone = conversation(
        ("s1", "I have a question."), ("s1", "Will the repair of that pump cost the farmers anything?")
    )
    empty = conversation(("s1", "One more question, doctor."), ("s1", "Was it too much?"))
    others = conversation(("s2", "The pump is broken."), ("s1", "Could you say more about that?"))

    assert asked_with_its_point(alone, (1,)) == (1,)
    assert asked_with_its_point(empty, (1,)) == (1,)
    assert asked_with_its_point(others, (1,)) == (1,)


def test_a_question_is_printed_whole() -> None:
    """A question that was cut because it is long has its head on the page."""
    talk = conversation(
        ("s1", "Given the new projections, could you say what accounts for less confidence than,"),
        ("s1", "say, a month ago or three months ago that inflation will normalise by itself?"),
    )

    assert asked_with_its_point(talk, (1,)) == (0, 1)


def an_exchange(place: int, voice: str) -> Exchange:
    """Return a question of one sentence without an answer."""
    return Exchange((place,), range(place, place + 1), voice, 0.9, (), (), None)


def test_what_was_not_heard_and_is_asked_again_is_one_question() -> None:
    """The shorter of two that one voice asks in the same words says nothing new; another voice's does."""
    long = "Are you concerned that selling bonds will make the extraordinary volatility of the markets worse?"
    short = "Just whether selling bonds will make the volatility of the markets worse."
    talk = conversation(("s1", long), ("s2", "Sorry, what was it?"), ("s1", short), ("s3", short))
    first, again, other = an_exchange(0, "s1"), an_exchange(2, "s1"), an_exchange(3, "s3")

    assert is_asked_again(talk, again, first)
    assert not is_asked_again(talk, first, again)
    assert not is_asked_again(talk, other, first)
