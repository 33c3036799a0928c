"""What an editor is shown of questions that have no answer on the page."""

import numpy as np

from digest.language.sentences import SpokenSentence
from digest.model.alignment import Alignment, Interval
from digest.model.deck import Deck
from digest.model.digest import Digest, Question, Sentence
from digest.model.evidence import Heard
from digest.model.speech import Speakers, Word
from digest.writing.audience_names import Audience
from digest.writing.conversation import Conversation
from digest.writing.doubtful import Risks, find_doubts
from digest.writing.questions import Exchange
from digest.writing.writer import heard


def a_sentence(text: str, at: int) -> SpokenSentence:
    """Return the sentence number `at` of a conversation: ten seconds after the one before, by another voice."""
    words = [
        Word(text=word, start=at * 10 + n, end=at * 10 + n + 0.5, probability=0.9)
        for n, word in enumerate(text.split())
    ]
    return SpokenSentence(f"s{at}", tuple(words))


def test_a_question_without_any_likely_answer_leads_to_what_follows_it() -> None:
    """Whether it was answered, declined or passed over, an editor hears there; nothing is offered as its answer."""
    texts = "Who pays for the pump?", "We take the next one.", "When does the gate open?", "It opens on Thursday."
    said = tuple(a_sentence(text, at) for at, text in enumerate(texts))
    shown = Alignment(intervals=(Interval(start=0, end=40, slide=None, confidence=1, known_by="picture"),))
    asked = [
        Exchange(
            question=(at,), asked=range(at, at + 1), asked_by=said[at].speaker, probability=0.9, answer=(),
            certainty=(), likely=likely,
        )
        for at, likely in ((0, None), (2, range(3, 4)))
    ]  # fmt: skip
    questions = [
        Question(start=one.start, end=one.end, question=Sentence(id=one.text, text=one.text, evidence=(heard((one,)),)))
        for one in said[::2]
    ]

    digest = Digest(writer="extractive", questions=tuple(questions))
    talk = Conversation(said, Deck(slides=()), shown)
    found = find_doubts(
        digest,
        talk,
        asked,
        Risks(np.zeros(len(said)), frozenset(), frozenset()),
        speakers=Speakers(speakers=(), turns=()),
        audience=Audience({}, talk.language),
    )

    passed_over, answered = sorted(found, key=lambda doubt: len(doubt.compare))
    assert passed_over.compare == ()
    assert passed_over.evidence == (Heard(start=said[0].end, end=said[2].start),)
    assert answered.compare == ("It opens on Thursday.",)
