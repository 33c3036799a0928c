"""What every writer keeps to: the digest as quoted and what it was chosen from in, the digest as readers get it out.

Choosing comes first and is the same for all. What was chosen, in the speakers' own words, is a Digest already; the
extractive writer leaves it so.
"""

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from digest.faithfulness.doubts import doubts
from digest.language.sentences import SpokenSentence
from digest.model.companions import Companions
from digest.model.digest import Digest, Sentence
from digest.model.event import Event
from digest.model.evidence import Evidence, Heard
from digest.model.speech import Speakers, Terms
from digest.writing.account import Account
from digest.writing.audience_names import Audience
from digest.writing.choosing import LONGEST_EVIDENCE, compressed
from digest.writing.questions import Exchange


@dataclass(frozen=True)
class Material:
    """What a writer writes from: all sentences, which of them were chosen and asked, and what is known of people.

    `aside` are the places of sentences that only run the webinar; `budget` is in words, for in brief, key points and
    discussion together, `points` the most key points.
    """

    event: Event
    said: Sequence[SpokenSentence]
    chosen: Account
    asked: Sequence[Exchange]
    aside: frozenset[int]
    speakers: Speakers
    audience: Audience
    companions: Companions
    terms: Terms
    language: str
    budget: float
    points: int


class Writer(Protocol):
    """Words the account. Every sentence it returns rests on what was said, and the gate found no doubt in it."""

    def __call__(self, quoted: Digest, material: Material, /) -> Digest:
        """Return the digest as readers get it, given as quoted."""


def extractive(quoted: Digest, _: Material) -> Digest:
    """Return the digest as it was quoted: nothing on the page was said by nobody."""
    return quoted


class Numbering:
    """Gives sentences their ids: a hash of section kind and evidence; the second one alike gets "-2".

    No name of the audience stands in them.
    """

    def __init__(self, speakers: Speakers, audience: Audience) -> None:
        self._audience = audience
        self._named = {speaker.id for speaker in speakers.speakers if speaker.name or speaker.role}
        self._given = Counter[str]()

    def sentence(self, kind: str, one: SpokenSentence) -> Sentence:
        """Return a sentence in the clean reading, or verbatim where that would not say the same."""
        text = compressed(one.text, one.language)
        return self.of(kind, one.text if doubts(text, one.speaker, [one]) else text, heard(one), one.speaker)

    def of(
        self, kind: str, text: str, rests: Evidence, speaker: str | None = None, *, more: Sequence[Evidence] = ()
    ) -> Sentence:
        """Return a sentence of this text; it names its speaker only where the name is known."""
        evidence = (rests, *more)
        hashed = " ".join((kind, *(one.model_dump_json() for one in evidence)))
        digest = hashlib.sha256(hashed.encode()).hexdigest()[:10]
        self._given[digest] += 1
        again = self._given[digest]
        return Sentence(
            id=digest if again == 1 else f"{digest}-{again}",
            text=self._audience.withhold(text),
            speaker=speaker if speaker in self._named else None,
            evidence=evidence,
        )


def heard(one: SpokenSentence) -> Heard:
    """Return where a sentence was said, as evidence."""
    return Heard(start=one.start, end=min(one.end, one.start + LONGEST_EVIDENCE))
