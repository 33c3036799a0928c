"""Webinars as text with what a digest of them should carry (the gold folder's talks/), as a run would have them.

What a run knows: the announcement with the names of hosts and guests, words and their times, voices as ids, the deck,
when each slide was on. Never who is host, guest or audience, nor what anybody of the audience is called.
"""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from whisper.normalizers import BasicTextNormalizer

from digest.diarization.diarize import name_voices
from digest.language.languages import get_language
from digest.model.alignment import Alignment, Interval
from digest.model.companions import Companions
from digest.model.deck import Deck, Line, Slide
from digest.model.event import Event, EventSpeaker
from digest.model.speech import Glossary, Speakers, Terms, Transcript, Turn
from digest.settings import Organisation
from digest.terms import collect
from tests import truth as t
from tests.benchmarks import accounts

NEAR = 20.0  # seconds around a fact's utterance, or a chapter's start


@dataclass(frozen=True)
class Talk:
    """A webinar as text; `truth` is its file as it stands."""

    truth: dict[str, Any]

    @property
    def name(self) -> str:
        """Return what it is called."""
        return str(self.truth["id"])

    @property
    def author(self) -> str:
        """Return who wrote it: the fold; “real” for a webinar that took place."""
        return str(self.truth["author"])

    @property
    def language(self) -> str:
        """Return its language."""
        return str(self.truth["language"])

    @cached_property
    def transcript(self) -> Transcript:
        """Return what was said, the words of an utterance spread evenly over its time."""
        return t.transcript(self.truth).model_copy(update={"language": self.language})

    @cached_property
    def event(self) -> Event:
        """Return what was announced: hosts and guests by name, nobody of the audience."""
        people = (one for one in self.truth["speakers"] if one["part"] != "audience" and one["name"])
        return Event(
            slug=self.name,
            title=self.truth["title"],
            starts_at=datetime.fromisoformat(self.truth["date"]).replace(tzinfo=UTC),
            timezone="UTC",
            language=self.language,
            description=self.truth["description"],
            speakers=tuple(EventSpeaker(name=one["name"], role=one["role"]) for one in people),
        )

    @cached_property
    def deck(self) -> Deck:
        """Return the slides."""
        return Deck(
            slides=tuple(
                Slide(
                    number=one["number"],
                    title=one["title"],
                    body=tuple(Line(text=line) for line in one["body"]),
                    read_by="pptx",
                )
                for one in self.truth["deck"]
            )
        )

    @cached_property
    def alignment(self) -> Alignment:
        """Return when each slide was on."""
        return Alignment(
            intervals=tuple(
                Interval(start=z["start"], end=z["end"], slide=z["slide"], confidence=1, known_by="picture")
                for z in self.truth["slides"]
            )
        )

    @cached_property
    def turns(self) -> tuple[Turn, ...]:
        """Return who spoke when, by voices that have no name."""
        voices = dict[str, str]()
        return tuple(
            Turn(
                start=one["start"],
                end=one["end"],
                speaker=voices.setdefault(one["speaker"], f"s{len(voices) + 1}"),
            )
            for one in self.truth["utterances"]
        )

    @cached_property
    def speakers(self) -> Speakers:
        """Return the voices with the names that a run finds for them."""
        return name_voices(self.turns, self.transcript, Companions(), self.event, [])

    @cached_property
    def terms(self) -> Terms:
        """Return the names and terms that a run collects."""
        return collect(self.event, self.deck, Companions(), Organisation(), Glossary())


def read_talks(folder: Path) -> list[Talk]:
    """Return all talks of a folder, by name."""
    return [Talk(json.loads(path.read_text(encoding="utf-8"))) for path in sorted(folder.glob("*.json"))]


@cache
def content(text: str, language: str) -> frozenset[str]:
    """Return the content words of a text: without function words, English ones without their endings too."""
    if language == "en":
        return accounts.content(text)
    small = get_language(language).function_words
    words = BasicTextNormalizer()(text).split()
    return frozenset(word for word in words if (len(word) > 2 or word.isdigit()) and word not in small)
