"""What the account is made of: how a budget of words is spent."""

from collections.abc import Sequence

import pytest

from digest.language.sentences import SpokenSentence
from digest.model.outline import Chapter, Outline
from digest.model.speech import Word
from digest.writing.account import Account, Candidate, Stock, Unit, account

SECONDS = 10.0  # that each sentence takes


def said(text: str, at: int, speaker: str = "s1") -> SpokenSentence:
    """Return the sentence number `at` of a conversation."""
    words = text.split()
    each = SECONDS / len(words)
    return SpokenSentence(
        speaker,
        tuple(
            Word(text=word, start=at * SECONDS + n * each, end=at * SECONDS + (n + 1) * each, probability=0.9)
            for n, word in enumerate(words)
        ),
    )


def chosen(
    *texts: tuple[str, float],
    budget: float,
    chapters: Sequence[float] = (0.0,),
    speakers: Sequence[str] = (),
    answers: Sequence[Sequence[int]] = (),
    passages: Sequence[tuple[Sequence[int], float]] = (),
) -> Account:
    """Return the account of sentences, each with what a word of its own in it is worth.

    `passages` are places that may be told together, with how likely they stand; without any, each sentence alone.
    """
    voices = speakers or ["s1"] * len(texts)
    spoken = tuple(said(text, at, voices[at]) for at, (text, _) in enumerate(texts))
    candidates = [
        Candidate(one, len(one.words), {f"word {at}": worth})
        for at, (one, (_, worth)) in enumerate(zip(spoken, texts, strict=True))
    ]
    answering = {at for some in answers for at in some}
    units = [Unit((at,), 1.0) for at in range(len(texts)) if at not in answering]
    if passages:
        units = [Unit(tuple(places), stands) for places, stands in passages]
    ends = [*chapters[1:], len(texts) * SECONDS]
    outline = Outline(
        chapters=tuple(Chapter(start=start, end=end, title="x") for start, end in zip(chapters, ends, strict=True))
    )
    return account(Stock(candidates, units, answers), outline, main=set(voices), points=5, budget=budget)


def texts_of(made: Account) -> list[str]:
    """Return every passage of an account as text."""
    parts = (made.claims, made.key_points, *made.chapters, *made.answers)
    return [" ".join(one.text for one in passage) for part in parts for passage in part]


SIX = [(f"The pump of village {n} failed in March.", 1.0 + n) for n in range(6)]


@pytest.mark.parametrize("budget", [0, 8, 16, 24, 100])
def test_the_budget_is_kept_and_used(budget: int) -> None:
    """No more words than there is room for, and as many as fit; the worthiest first."""
    made = chosen(*SIX, budget=budget, speakers=["s1", "s2"] * 3)

    words = sum(len(text.split()) for text in texts_of(made))
    assert words == min(budget // 8, 6) * 8
    assert len(set(texts_of(made))) == len(texts_of(made))
    assert (5 in made.taken) == (budget > 8)


def test_every_chapter_and_every_main_voice_is_heard() -> None:
    """A chapter has a sentence before another has two, unless it says next to nothing; so has who speaks a lot."""
    chapters = chosen(*SIX[::-1], budget=16, chapters=(0.0, 20.0))
    voices = chosen(*SIX[::-1], budget=16, speakers=["s1"] * 5 + ["s2"])
    nothing_said = chosen(*SIX[::-1], budget=16, chapters=(0.0, 50.0))

    assert not chapters.taken.isdisjoint(range(2, 6))
    assert 5 in voices.taken
    assert 5 not in nothing_said.taken


def test_a_passage_is_told_whole_in_one_place() -> None:
    """Sentences that stand only together are printed one after the other, or none of them is."""
    rows = [("The pumps of Arlo are old.", 0.1), ("They failed in March all at once.", 9.0)]

    assert texts_of(chosen(*rows, budget=13, passages=[((0, 1), 0.5)])) == [
        "The pumps of Arlo are old. They failed in March all at once."
    ]
    assert not chosen(*rows, budget=12, passages=[((0, 1), 0.5)]).taken


def test_of_two_of_equal_worth_the_likelier_to_stand_is_told() -> None:
    """What a reader would understand goes before what they would not."""
    rows = [("The pump of village one failed in March.", 3.0), ("The pump of village two failed in March.", 3.0)]

    assert chosen(*rows, budget=8, passages=[((0,), 0.2), ((1,), 0.3)]).taken == {1}
    assert chosen(*rows, budget=8, passages=[((0,), 0.3), ((1,), 0.2)]).taken == {0}


def test_a_list_is_told_whole_or_not_at_all() -> None:
    """Of three rules all three or none, also where somebody speaks between them."""
    items = [(f"The {word} rule is about the pumps.", 3.0) for word in ("first", "second", "third")]
    between = ("The weather in Arlo was fine that day.", 0.1)
    rows = [items[0], between, items[1], items[2]]
    units = [((1,), 0.5), ((0, 2, 3), 0.5)]

    assert chosen(*rows, budget=29, passages=units).taken == {0, 1, 2, 3}
    assert chosen(*rows, budget=28, passages=units).taken == {1}


def test_what_goes_on_from_a_key_point_is_not_told_far_from_it() -> None:
    """The sentence after a key point is said of it: others come first, though they are worth less."""
    of_the_point = f"Ten years ago that was three or four {'of them or so ' * 10}."
    rows = [
        ("More than thirty states now say so publicly.", 9.0),
        (of_the_point, 3.0),
        (f"The pump of village one failed in March {'and in May too ' * 10}.", 2.0),
    ]

    made = chosen(*rows, budget=60)

    assert [one.text for passage in (*made.claims, *made.key_points) for one in passage] == [rows[0][0]]
    assert made.taken == {0, 2}
    assert chosen(*rows, budget=60, speakers=["s1", "s2", "s2"]).taken == {0, 1}


def test_an_answer_stands_under_its_question_alone() -> None:
    """What answers a question is no part of the discussion, and is printed before anything else is."""
    made = chosen(*SIX, budget=24, answers=[[0, 1], [4]])

    assert [[one.text for one in passage] for answer in made.answers for passage in answer] == [
        [SIX[0][0], SIX[1][0]],
        [SIX[4][0]],
    ]
    assert made.taken == {0, 1, 4}


def test_what_was_said_shortly_before_adds_nothing() -> None:
    """The same words within half a minute are told once."""
    texts = [("The pump of Arlo failed in March.", 5.0), ("The pump of Arlo did fail in March.", 5.0)]
    spoken = tuple(said(text, at) for at, (text, _) in enumerate(texts))
    candidates = [Candidate(one, len(one.words), {"pump": 3.0, "arlo": 2.0}) for one in spoken]
    stock = Stock(candidates, [Unit((0,), 1.0), Unit((1,), 1.0)])

    made = account(stock, Outline(chapters=(Chapter(start=0, end=20, title="x"),)), main=(), points=5, budget=100)

    assert len(made.taken) == 1
