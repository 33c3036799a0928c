"""The written account. Every text is a Sentence, and every Sentence says what it rests on."""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from typing import Any, ClassVar

from pydantic import Field

from digest.model.artifact import Artifact, Record
from digest.model.companions import PollOption
from digest.model.doubt import Doubt
from digest.model.evidence import Evidence, Heard


class Sentence(Record):
    """A sentence of the digest.

    `id` is a hash of section kind and evidence, not of place or wording, so that corrections and links
    find it again after a re-run; a second one alike gets `-2`. `speaker` is a Speaker's id, or None.
    """

    id: str
    text: str
    speaker: str | None = None
    evidence: tuple[Evidence, ...] = Field(min_length=1)


def sentence_id(kind: str, evidence: Sequence[Evidence]) -> str:
    """Return the id of a sentence of this kind of section that rests on this."""
    hashed = " ".join((kind, *(one.model_dump_json() for one in evidence)))
    return hashlib.sha256(hashed.encode()).hexdigest()[:10]


class DigestChapter(Record):
    """A chapter of the Outline with its account."""

    start: float
    end: float
    title: str
    sentences: tuple[Sentence, ...] = ()


class Question(Record):
    """A question and its answer; `start` is None for one that was only typed, `answer` empty for none given.

    `start` and `end` hold the whole turn of whoever asked.
    """

    start: float | None
    end: float | None
    asked_by: str | None = None
    question: Sentence
    answer: tuple[Sentence, ...] = ()
    answer_start: float | None = None
    answer_end: float | None = None


class PollResult(Record):
    """A poll put to the audience, and how many chose each answer."""

    question: Sentence
    options: tuple[PollOption, ...]


class TermEntry(Record):
    """A term or acronym as deck or speakers expanded it."""

    term: str
    sentence: Sentence


class Resource(Record):
    """Something to look up; `url` is http or https."""

    url: str
    sentence: Sentence


class WritingModel(Record):
    """The language model that worded the account; `is_local` where it ran on the machine that made the digest."""

    name: str
    is_local: bool


class LeftOut(Record):
    """What a writer wrote and readers do not get; `why` in words for an editor."""

    text: str
    why: tuple[str, ...]
    evidence: tuple[Heard, ...] = ()


class Digest(Artifact):
    """The account as the machine wrote it; editors' corrections live in the overlay.

    `writer` names the method, `model` the language model where one worded it. `left_out` and `remarks` (which rules the
    language lacks, what a model spent) and `doubts` are for editors. Where there are no doubts the file does not name
    them, so that one written before there were any keeps its hash.
    """

    FILE: ClassVar[str] = "digest.json"

    writer: str
    model: WritingModel | None = None
    in_brief: tuple[Sentence, ...] = ()
    key_points: tuple[Sentence, ...] = ()
    chapters: tuple[DigestChapter, ...] = ()
    questions: tuple[Question, ...] = ()
    quotes: tuple[Sentence, ...] = ()
    figures: tuple[Sentence, ...] = ()
    left_open: tuple[Sentence, ...] = ()
    polls: tuple[PollResult, ...] = ()
    terms: tuple[TermEntry, ...] = ()
    resources: tuple[Resource, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    remarks: tuple[str, ...] = ()
    doubts: tuple[Doubt, ...] = Field(default=(), exclude_if=lambda doubts: not doubts)

    def sentences(self) -> Iterator[Sentence]:
        """Yield every sentence in the order of the page."""
        yield from self.in_brief
        yield from self.key_points
        for chapter in self.chapters:
            yield from chapter.sentences
        for question in self.questions:
            yield question.question
            yield from question.answer
        for poll in self.polls:
            yield poll.question
        yield from self.quotes
        yield from self.figures
        yield from self.left_open
        for term in self.terms:
            yield term.sentence
        for resource in self.resources:
            yield resource.sentence

    def map_sentences(self, one: Callable[[Sentence], Sentence | None]) -> "Digest":
        """Return the account with what `one` makes of each sentence, and without those of which it makes None.

        What hangs on a sentence goes with it: an answer with its question, options with their poll, an address.
        """

        def many(sentences: tuple[Sentence, ...]) -> tuple[Sentence, ...]:
            return tuple(kept for sentence in sentences if (kept := one(sentence)))

        def holding(items: tuple[Any, ...], name: str) -> tuple[Any, ...]:
            return tuple(item.model_copy(update={name: kept}) for item in items if (kept := one(getattr(item, name))))

        return self.model_copy(
            update={
                name: many(getattr(self, name)) for name in ("in_brief", "key_points", "quotes", "figures", "left_open")
            }
            | {name: holding(getattr(self, name), "sentence") for name in ("terms", "resources")}
            | {
                "chapters": tuple(
                    part.model_copy(update={"sentences": many(part.sentences)}) for part in self.chapters
                ),
                "questions": tuple(
                    asked.model_copy(update={"answer": many(asked.answer)})
                    for asked in holding(self.questions, "question")
                ),
                "polls": holding(self.polls, "question"),
            }
        )
