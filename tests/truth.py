"""What was really said and shown in a recording, as artifacts: the demo's, and those of the folder in DIGEST_GOLD."""

import json
import os
from pathlib import Path
from typing import Any

from digest.model.alignment import Alignment, Interval
from digest.model.artifact import Span
from digest.model.deck import Deck
from digest.model.event import Event, EventSpeaker
from digest.model.speech import Segment, Speakers, Term, Terms, Transcript, Turn, Word
from tests.builders import a_deck, an_event, by_turns

DEMO: dict[str, Any] = json.loads((Path(__file__).parent / "data" / "demo-truth.json").read_text(encoding="utf-8"))


def gold(*parts: str) -> Path | None:
    """Return a path in the gold folder, or None where there is none."""
    found = Path(os.environ.get("DIGEST_GOLD") or "/nowhere", *parts)
    return found if found.exists() else None


def read(path: Path) -> dict[str, Any]:
    """Return what a truth.json says."""
    said: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return said


def between(shown: list[dict[str, Any]], start: float, end: float) -> list[dict[str, Any]]:
    """Return when each slide was on in a part of a recording, from its own start."""
    return [
        {"start": max(one["start"], start) - start, "end": min(one["end"], end) - start, "slide": one["slide"]}
        for one in shown
        if one["start"] < end and one["end"] > start
    ]


def transcript(truth: dict[str, Any]) -> Transcript:
    """Return what was said, the words of an utterance spread evenly over its time."""
    segments = []
    for said in truth["utterances"]:
        texts = said["text"].split()
        each = (said["end"] - said["start"]) / len(texts)
        begins = [round(said["start"] + at * each, 3) for at in range(len(texts) + 1)]
        words = tuple(
            Word(text=text, start=begins[at], end=begins[at + 1], probability=0.99) for at, text in enumerate(texts)
        )
        segments.append(Segment(start=begins[0], end=begins[-1], text=" ".join(texts), words=words))
    voiced = tuple(Span(start=segment.start, end=segment.end) for segment in segments)
    return Transcript(language="en", language_probability=1, model="truth", voiced=voiced, segments=tuple(segments))


def speakers(truth: dict[str, Any]) -> Speakers:
    """Return who spoke when, by name."""
    return by_turns(*((said["start"], said["end"], said["speaker"]) for said in truth["utterances"]))


def one_voice(truth: dict[str, Any]) -> Speakers:
    """Return what is known when nobody is told apart."""
    unnamed = by_turns((0, truth["duration"], "somebody"))
    turn = Turn(start=0, end=truth["duration"], speaker="s1")
    return Speakers(
        speakers=(unnamed.speakers[0].model_copy(update={"name": None, "known_by": "none"}),), turns=(turn,)
    )


def deck(truth: dict[str, Any]) -> Deck:
    """Return the titles of the slides."""
    hidden = tuple(slide["number"] for slide in truth["deck"] if slide["hidden"])
    return a_deck(*(slide["title"] for slide in truth["deck"]), hidden=hidden)


def alignment(truth: dict[str, Any]) -> Alignment:
    """Return when each slide was on."""
    return Alignment(
        intervals=tuple(
            Interval(start=shown["start"], end=shown["end"], slide=shown["slide"], confidence=1, known_by="picture")
            for shown in truth["slides"]
        )
    )


def event(truth: dict[str, Any]) -> Event:
    """Return the event with its two announced speakers."""
    people = tuple(EventSpeaker(name=person["name"], role=person.get("role")) for person in truth["speakers"][:2])
    return an_event(title=truth["deck"][0]["title"], speakers=people)


def terms(truth: dict[str, Any]) -> Terms:
    """Return the names that matter."""
    return Terms(language="en", terms=tuple(Term(term=name, known_by="event") for name in truth["names"]))
