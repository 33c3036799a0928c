"""The digest for programs, as JSON: what readers see and nothing else, times in seconds of the page.

Its schema lies beside the site's front page, `digest.schema.json`; names and fields stay.
"""

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Literal

from pydantic import AwareDatetime, Field

from digest.model.artifact import Record, Span
from digest.model.companions import PollOption
from digest.model.digest import Sentence
from digest.model.event import EventSpeaker, Organiser
from digest.model.evidence import Heard, Shown
from digest.model.public import PublicEdition

VERSION = 1
SCHEMA = "digest.schema.json"  # at the top of the site


class PublishedSource(Record):
    """What a sentence rests on: a stretch of page time, or a slide."""

    start: float | None = None
    end: float | None = None
    slide: int | None = None


class PublishedText(Record):
    """A sentence; `speaker` is whom it is of, None where nobody knows or says so."""

    id: str
    text: str
    speaker: str | None
    sources: tuple[PublishedSource, ...]


class PublishedChapter(Span):
    """A titled stretch and its account."""

    title: str
    sentences: tuple[PublishedText, ...]


class PublishedQuestion(Record):
    """A question and its answer; `start` is None for one that was only typed."""

    start: float | None
    end: float | None
    asked_by: str | None
    question: PublishedText
    answer: tuple[PublishedText, ...]


class PublishedPoll(Record):
    """A poll: what was asked, and how many gave each answer."""

    question: PublishedText
    answers: tuple[PollOption, ...]


class PublishedEntry(Record):
    """A term or an address, and what is said of it."""

    name: str
    sentence: PublishedText


class PublishedSlide(Record):
    """A slide: its words, and when it was on; of several presentations what its own is called."""

    number: int
    title: str | None
    text: tuple[str, ...]
    shown: tuple[Span, ...]
    deck: str | None = Field(default=None, exclude_if=lambda deck: deck is None)


class PublishedParagraph(Span):
    """A paragraph of the transcript, word for word."""

    speaker: str | None
    text: str


class PublishedDigest(Record):
    """The whole digest; every text is as the page has it."""

    schema_: str = Field(default=f"../../{SCHEMA}", alias="$schema")
    version: Literal[1] = 1
    slug: str
    title: str
    starts_at: AwareDatetime
    timezone: str
    language: str
    series: str | None
    tags: tuple[str, ...]
    organisers: tuple[Organiser, ...]
    speakers: tuple[EventSpeaker, ...]
    duration: float
    in_brief: tuple[PublishedText, ...]
    key_points: tuple[PublishedText, ...]
    chapters: tuple[PublishedChapter, ...]
    questions: tuple[PublishedQuestion, ...]
    polls: tuple[PublishedPoll, ...]
    quotes: tuple[PublishedText, ...]
    figures: tuple[PublishedText, ...]
    left_open: tuple[PublishedText, ...]
    terms: tuple[PublishedEntry, ...]
    resources: tuple[PublishedEntry, ...]
    slides: tuple[PublishedSlide, ...]
    transcript: tuple[PublishedParagraph, ...]


def export(public: PublicEdition, into: Path, *_: object) -> None:
    """Write digest.json."""
    text = published_digest(public).model_dump_json(by_alias=True, indent=1)
    (into / "digest.json").write_text(text + "\n", encoding="utf-8")


def json_schema() -> bytes:
    """Return the schema of digest.json."""
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
    schema |= PublishedDigest.model_json_schema(mode="serialization")
    return (json.dumps(schema, ensure_ascii=False, indent=1) + "\n").encode()


def published_digest(public: PublicEdition) -> PublishedDigest:
    """Return what the page of an Edition says, as a program reads it."""
    event, digest, said = public.event, public.digest, _PageTimes(public)
    return PublishedDigest(
        slug=event.slug,
        title=event.title,
        starts_at=event.starts_at,
        timezone=event.timezone,
        language=public.language,
        series=event.series,
        tags=event.tags,
        organisers=event.organisers,
        speakers=event.speakers,
        duration=round(public.page_time(public.shown.end), 2),
        in_brief=said.texts(digest.in_brief),
        key_points=said.texts(digest.key_points),
        chapters=tuple(
            PublishedChapter(**said.span(one.start, one.end), title=one.title, sentences=said.texts(one.sentences))
            for one in digest.chapters
        ),
        questions=tuple(
            PublishedQuestion(
                start=said.time(one.start),
                end=said.time(one.end),
                asked_by=one.asked_by,
                question=said.text(one.question),
                answer=said.texts(one.answer),
            )
            for one in digest.questions
        ),
        polls=tuple(PublishedPoll(question=said.text(one.question), answers=one.options) for one in digest.polls),
        quotes=said.texts(digest.quotes),
        figures=said.texts(digest.figures),
        left_open=said.texts(digest.left_open),
        terms=tuple(PublishedEntry(name=one.term, sentence=said.text(one.sentence)) for one in digest.terms),
        resources=tuple(PublishedEntry(name=one.url, sentence=said.text(one.sentence)) for one in digest.resources),
        slides=tuple(said.slides()),
        transcript=tuple(
            PublishedParagraph(**said.span(one.start, one.end), speaker=public.speaker_name(one.speaker), text=one.text)
            for one in public.paragraphs
        ),
    )


class _PageTimes:
    """An Edition's texts in page time."""

    def __init__(self, public: PublicEdition) -> None:
        self._public = public

    def time(self, t: float | None) -> float | None:
        return None if t is None else round(self._public.page_time(t), 2)

    def span(self, start: float, end: float) -> dict[str, float]:
        return {"start": round(self._public.page_time(start), 2), "end": round(self._public.page_time(end), 2)}

    def texts(self, sentences: Sequence[Sentence]) -> tuple[PublishedText, ...]:
        return tuple(map(self.text, sentences))

    def text(self, sentence: Sentence) -> PublishedText:
        speaker = self._public.speaker_name(sentence.speaker)
        return PublishedText(
            id=sentence.id, text=sentence.text, speaker=speaker, sources=tuple(self._sources(sentence))
        )

    def _sources(self, sentence: Sentence) -> Iterable[PublishedSource]:
        for evidence in sentence.evidence:
            if isinstance(evidence, Heard):
                yield PublishedSource(**self.span(evidence.start, evidence.end))
            elif isinstance(evidence, Shown):
                yield PublishedSource(slide=evidence.slide)

    def slides(self) -> Iterable[PublishedSlide]:
        for slide in self._public.slides:
            shown = (Span(**self.span(i.start, i.end)) for i in self._public.intervals if i.slide == slide.number)
            cells = (cell for table in slide.tables for row in table for cell in row if cell)
            text = (*(line.text for line in slide.body), *cells)
            yield PublishedSlide(number=slide.number, title=slide.title, text=text, shown=tuple(shown), deck=slide.deck)
