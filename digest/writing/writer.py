"""What every writer keeps to: the digest as quoted and what it was chosen from in, the digest as readers get it out.

Choosing comes first and is the same for all. What was chosen, in the speakers' own words, is a Digest already; the
extractive writer leaves it so.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from digest.faithfulness.doubts import doubts
from digest.language.quoting import printed_passage, printed_text, whole_sentences
from digest.language.sentences import SpokenSentence
from digest.model.companions import Companions
from digest.model.digest import Digest, Sentence, sentence_id
from digest.model.event import Event
from digest.model.evidence import Announced, Evidence, Heard, heard_between
from digest.model.speech import Speakers, Terms
from digest.text.scripts import join_sentences
from digest.writing.account import Account, Passage
from digest.writing.audience_names import Audience
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
        self._names = {one.id: name for one in speakers.speakers if (name := one.name or one.role)}
        self._given = Counter[str]()

    def name_of(self, speaker: str) -> str | None:
        """Return what a voice is called, a role where its name is not known."""
        return self._names.get(speaker)

    def sentence(self, kind: str, passage: Passage) -> Sentence:
        """Return a passage as one sentence in the clean reading, or verbatim where that would not say the same."""
        return self._quote(kind, printed_passage(passage), passage)

    def each(self, kind: str, passage: Passage) -> tuple[Sentence, ...]:
        """Return the sentences of a passage, each by itself; only the first one loses its "But"."""
        whole = whole_sentences(passage)
        return tuple(self._quote(kind, printed_text(one, opens=not at), (one,)) for at, one in enumerate(whole))

    def _quote(self, kind: str, text: str, passage: Passage) -> Sentence:
        if doubts(text, passage[0].speaker, passage):
            text = join_sentences(one.text for one in passage)
        return self.of(kind, text, heard(passage), speaker=passage[0].speaker)

    def of(self, kind: str, text: str, *evidence: Evidence, speaker: str | None = None) -> Sentence:
        """Return a sentence of this text; it names its speaker only where the name is known."""
        usual = sentence_id(kind, evidence)
        self._given[usual] += 1
        again = self._given[usual]
        return Sentence(
            id=usual if again == 1 else f"{usual}-{again}",
            text=text if _is_announced(evidence) else self._audience.withhold(text),
            speaker=speaker if speaker in self._names else None,
            evidence=evidence,
        )


def _is_announced(evidence: Sequence[Evidence]) -> bool:
    """Return whether a text is the announcement's: it names nobody who did not agree."""
    return any(isinstance(one, Announced) for one in evidence)


def heard(passage: Passage) -> Heard:
    """Return where a passage was said, as evidence."""
    return heard_between(passage[0].start, passage[-1].end)
