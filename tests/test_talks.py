"""The measures by which digests of webinars as text are judged: they can tell a true digest from a false one."""

from typing import Any

import pytest

from digest.model.digest import Digest, Question, Sentence
from digest.model.evidence import Heard
from tests.benchmarks.talks import account_of, facts_held, measure_answers, measure_questions
from tests.talks import Talk

TRUTH: dict[str, Any] = {
    "id": "pumps",
    "author": "A",
    "language": "en",
    "title": "Pumps",
    "date": "2026-05-06",
    "description": "About pumps.",
    "duration": 100.0,
    "words": 40,
    "speakers": [],
    "deck": [],
    "slides": [],
    "utterances": [
        {"speaker": "ana", "start": 0.0, "end": 9.0, "text": "Welcome. The pump in Arlo failed in March."},
        {"speaker": "ben", "start": 40.0, "end": 44.0, "text": "Who pays for the new pump?"},
        {"speaker": "ana", "start": 45.0, "end": 50.0, "text": "The canton pays sixty percent."},
        {"speaker": "cy", "start": 70.0, "end": 74.0, "text": "When does it arrive?"},
        {"speaker": "ana", "start": 75.0, "end": 80.0, "text": "In October, if the road is dry."},
    ],
    "chapters": [],
    "questions": [
        {"by": "audience", "ask": [1], "answer": [2]},
        {"by": "audience", "ask": [3], "answer": [4]},
        {"by": "host", "ask": [0], "answer": []},
    ],
    "key_facts": [
        {"text": "The pump in Arlo failed in March.", "utterance": 0, "weight": 1},
        {"text": "The canton pays sixty percent.", "utterance": 2, "weight": 3},
    ],
}
TALK = Talk(TRUTH)


def said(at: int, text: str | None = None) -> Sentence:
    """Return an utterance as a sentence that rests on it."""
    one = TRUTH["utterances"][at]
    return Sentence(id=f"s{at}", text=text or one["text"], evidence=(Heard(start=one["start"], end=one["end"]),))


def asked(question: int, *answer: int) -> Question:
    """Return a question of the talk with these utterances as its answer."""
    one = TRUTH["utterances"][question]
    return Question(start=one["start"], end=one["end"], question=said(question), answer=tuple(map(said, answer)))


def test_quoting_everything_holds_every_fact() -> None:
    """All that was said carries all that matters; nothing carries nothing; the heavier fact counts for more."""
    everything = Digest(writer="test", key_points=tuple(said(at) for at in range(5)))
    light, heavy = Digest(writer="test", key_points=(said(0),)), Digest(writer="test", key_points=(said(2),))

    assert facts_held(everything, TALK) == 1
    assert facts_held(Digest(writer="test"), TALK) == 0
    assert facts_held(light, TALK) < 0.5 < facts_held(heavy, TALK)


def test_words_printed_elsewhere_hold_no_fact() -> None:
    """What rests on another place, or on more than a minute, carries nothing."""
    elsewhere = said(2).model_copy(update={"evidence": (Heard(start=90, end=95),)})
    vague = said(2).model_copy(update={"evidence": (Heard(start=0, end=100),)})

    for sentence in (elsewhere, vague):
        assert facts_held(Digest(writer="test", key_points=(sentence,)), TALK) == 0


@pytest.mark.parametrize(
    ("questions", "right", "other"),
    [((asked(1, 2), asked(3, 4)), 2, 0), ((asked(1, 4),), 0, 1), ((asked(1, 0),), 0, 0), ((asked(0, 2),), 0, 1)],
)
def test_an_answer_under_the_wrong_question_is_seen(questions: tuple[Question, ...], right: int, other: int) -> None:
    """A sentence counts as right under its own question alone, and as another's where it answers that."""
    digest = Digest(writer="test", questions=questions)

    found = measure_answers(digest, TALK)

    assert (found["a_right"], found["a_other"]) == (right, other)
    assert found["a_printed"] == sum(len(one.answer) for one in questions)
    assert len(account_of(digest)) == sum(1 + len(one.answer) for one in questions)


def test_only_the_audiences_questions_count() -> None:
    """One that the host put is printed, and is none of the audience's."""
    found = measure_questions(Digest(writer="test", questions=(asked(0), asked(3))), TALK)

    assert found == {"q_found": 1, "q_true": 2, "q_printed": 2, "q_right": 1}
