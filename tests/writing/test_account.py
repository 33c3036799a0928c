"""What the account is made of: how a budget of words is spent."""

from collections.abc import Sequence

import pytest

from digest.language.sentences import SpokenSentence
from digest.model.alignment import Alignment, Interval
from digest.model.deck import Deck
from digest.model.outline import Chapter, Outline
from digest.model.speech import Word
from digest.writing.account import Account, Candidate, Stock, account
from digest.writing.conversation import Conversation

SECONDS = 10.0  # that each sentence takes


def said(text: str, at: int, speaker: str = "s1", gap: float = 0.0) -> SpokenSentence:
    """Return the sentence number `at` of a conversation."""
    words = text.split()
    each = (SECONDS - gap) / len(words)
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
    answer: Sequence[int] = (),
    unfit: Sequence[int] = (),
    lists: Sequence[Sequence[int]] = (),
) -> Account:
    """Return the account of sentences, each with what a word of its own in it is worth."""
    voices = speakers or ["s1"] * len(texts)
    spoken = tuple(said(text, at, voices[at]) for at, (text, _) in enumerate(texts))
    candidates = [
        Candidate(one, len(one.words), {f"word {at}": worth})
        for at, (one, (_, worth)) in enumerate(zip(spoken, texts, strict=True))
    ]
    end = len(texts) * SECONDS
    talk = Conversation(
        spoken,
        Deck(slides=()),
        Alignment(intervals=(Interval(start=0, end=end, slide=None, confidence=1, known_by="picture"),)),
    )
    outline = Outline(
        chapters=tuple(
            Chapter(start=start, end=until, title="x")
            for start, until in zip(chapters, [*chapters[1:], end], strict=True)
        )
    )
    stock = Stock(candidates, answer or [-1] * len(texts), frozenset(unfit), lists, max(answer, default=-1) + 1)
    return account(talk, stock, outline, points=5, budget=budget)


def texts_of(made: Account) -> list[str]:
    """Return every passage of an account as text."""
    parts = (made.claims, made.key_points, *made.chapters, *made.answers)
    return [" ".join(one.text for one in passage) for part in parts for passage in part]


SIX = [(f"The pump of village {n} failed in March.", 1.0 + n) for n in range(6)]


@pytest.mark.parametrize("budget", [0, 8, 16, 24, 100])
def test_the_budget_is_kept_and_used(budget: int) -> None:
    """No more words than there is room for, and as many as fit; the worthiest first."""
    made = chosen(*SIX, budget=budget)

    words = sum(len(text.split()) for text in texts_of(made))
    assert words == min(budget // 8, 6) * 8
    assert len(set(texts_of(made))) == len(texts_of(made))
    assert (5 in made.taken) == (budget >= 8)


def test_every_chapter_and_every_main_voice_is_heard() -> None:
    """A chapter has a sentence before another has two, unless it says next to nothing; so has who speaks a lot."""
    chapters = chosen(*SIX[::-1], budget=16, chapters=(0.0, 20.0))
    voices = chosen(*SIX[::-1], budget=16, speakers=["s1"] * 5 + ["s2"])
    nothing_said = chosen(*SIX[::-1], budget=16, chapters=(0.0, 50.0))

    assert not chapters.taken.isdisjoint(range(2, 6))
    assert 5 in voices.taken
    assert 5 not in nothing_said.taken


def test_what_leans_brings_what_it_leans_on() -> None:
    """“They failed” is never printed without who failed."""
    made = chosen(("The pumps of Arlo are old.", 0.1), ("They failed in March all at once.", 9.0), budget=13)

    assert texts_of(made) == ["The pumps of Arlo are old. They failed in March all at once."]
    assert not chosen(("Who failed?", 0.1), ("They failed in March all at once.", 9.0), budget=13, unfit=[0]).taken


def test_a_list_is_told_whole_or_not_at_all() -> None:
    """Of three rules all three or none, also where somebody speaks between them."""
    items = [(f"The {word} rule is about the pumps.", 3.0) for word in ("first", "second", "third")]
    between = ("The weather in Arlo was fine that day.", 0.1)
    rows = [items[0], between, items[1], items[2]]

    assert chosen(*rows, budget=21, lists=[(0, 2, 3)]).taken == {0, 2, 3}
    assert chosen(*rows, budget=20, lists=[(0, 2, 3)]).taken == {1}


def test_an_answer_stands_under_its_question_alone() -> None:
    """What answers a question is no part of the discussion, and each answer has something before the rest has more."""
    made = chosen(*SIX, budget=24, answer=[0, 0, -1, -1, 1, -1])

    assert [len(answer) for answer in made.answers] == [1, 1]
    assert not any("village 1" in one.text for part in made.chapters for passage in part for one in passage)


def test_what_was_said_shortly_before_adds_nothing() -> None:
    """The same words within half a minute are told once."""
    texts = [("The pump of Arlo failed in March.", 5.0), ("The pump of Arlo did fail in March.", 5.0)]
    spoken = tuple(said(text, at) for at, (text, _) in enumerate(texts))
    stock = Stock([Candidate(one, len(one.words), {"pump": 3.0, "arlo": 2.0}) for one in spoken], [-1, -1], ())
    shown = Alignment(intervals=(Interval(start=0, end=20, slide=None, confidence=1, known_by="picture"),))
    talk = Conversation(spoken, Deck(slides=()), shown)

    made = account(talk, stock, Outline(chapters=(Chapter(start=0, end=20, title="x"),)), points=5, budget=100)

    assert len(made.taken) == 1


def test_a_short_list_comes_with_its_head_and_nothing_before_it() -> None:
    """“Three steps.” brings the three, and not what was said before."""
    rows = [
        ("And now I go to my last point here.", 0.1),
        ("Three steps.", 0.1),
        ("Publish early.", 5.0),
        ("Pay travel.", 1.0),
        ("Answer all.", 1.0),
    ]

    assert texts_of(chosen(*rows, budget=8, lists=[(1, 2, 3, 4)])) == [
        "Three steps. Publish early. Pay travel. Answer all."
    ]
