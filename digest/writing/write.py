"""The extractive writer: chooses sentences that were said and quotes them. Nothing on the page was said by nobody.

In brief, key points and discussion together take at most a share of the words spoken; a sentence stands in one of them.
"""

import hashlib
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from digest.model.alignment import Alignment
from digest.model.companions import Companions
from digest.model.deck import Deck
from digest.model.digest import (
    Digest,
    DigestChapter,
    Evidence,
    Heard,
    Question,
    Resource,
    Sentence,
    TermEntry,
)
from digest.model.event import Event
from digest.model.media import Media
from digest.model.outline import Chapter, Outline
from digest.model.speech import Speakers, Terms, Transcript, utterances
from digest.settings import WritingSettings
from digest.writing import cues
from digest.writing.choosing import FIGURE, compressed, hangs, introduces, opinion, stands_alone, worth
from digest.writing.lookup import addresses, expansions
from digest.writing.questions import Exchange, exchanges
from digest.writing.sentences import Said, sentences

VERSION = 1

WRITER = "extractive"
LONG = 30 * 60.0  # seconds; from then on the account is measured in words, not as a share
BODY_WORDS = 2000
LONGEST_EVIDENCE = 60.0  # seconds
LONGEST_GAP = 3.0  # seconds over which a sentence may hang on the one before
MOST_A_CHAPTER = 3
QUOTE_WORDS = (15, 45)
ANSWER_SENTENCES = 2


@dataclass
class _Choice:
    """What may still be chosen: `taken` are indexes into `said`, `budget` is in words."""

    said: Sequence[Said]
    scores: Sequence[float]
    budget: float
    taken: set[int] = field(default_factory=set)

    def take(self, among: Iterable[int], most: int, by: Callable[[int], float] | None = None) -> tuple[Said, ...]:
        """Take the best that fit the budget, in spoken order; a hanging sentence with the one that it hangs on."""
        rank = by or (lambda at: self.scores[at])
        found = list[range]()
        for at in sorted(among, key=rank, reverse=True):
            whole = self._whole(at)
            words = sum(len(self.said[i].words) for i in whole)
            if len(found) < most and rank(at) > 0 and words <= self.budget and self.taken.isdisjoint(whole):
                self.budget -= words
                self.taken.update(whole)
                found.append(whole)
        return tuple(_joined(self.said[r.start : r.stop]) for r in sorted(found, key=lambda r: r.start))

    def _whole(self, at: int) -> range:
        one, before = self.said[at], self.said[at - 1] if at else None
        joins = (
            before is not None
            and hangs(one)
            and before.speaker == one.speaker
            and one.start - before.end < LONGEST_GAP
            and one.end - before.start <= LONGEST_EVIDENCE
            and not cues.is_courtesy(before)
        )
        return range(at - 1 if joins else at, at + 1)


def write(  # noqa: PLR0917
    event: Event,
    outline: Outline,
    media: Media,
    transcript: Transcript,
    speakers: Speakers,
    deck: Deck,
    alignment: Alignment,  # noqa: ARG001
    companions: Companions,  # noqa: ARG001
    terms: Terms,
    settings: WritingSettings,
) -> Digest:
    """Return the digest: sentences that were said, each with the seconds it rests on. Empty sections stay empty."""
    said = sentences(utterances(transcript, speakers), transcript.language)
    asked = exchanges(said)
    spoken = sum(len(one.words) for one in said)
    budget = settings.share * spoken if media.duration < LONG else min(settings.share * spoken, BODY_WORDS)
    choice = _Choice(said, worth(said, event, terms), budget)
    new = _Numbering({speaker.id for speaker in speakers.speakers if speaker.name})

    beginning = range(sum(one.start < media.duration / 5 for one in said))
    brief = choice.take(beginning, 2, by=lambda at: introduces(said[at], event))
    answered = {at for exchange in asked for at in exchange.places}  # these have a section of their own
    points = choice.take(_best_of_chapters(choice, outline, answered), 5 if media.duration >= LONG else 4)
    chapters = _accounts(choice, outline, answered)
    more = _Choice(said, choice.scores, spoken, choice.taken)  # to look up, not to read: beyond the share
    quotes = more.take(
        (at for at, one in enumerate(said) if more.scores[at] and QUOTE_WORDS[0] <= len(one.words) <= QUOTE_WORDS[1]),
        3,
        by=lambda at: opinion(said[at]),
    )
    figures = more.take((at for at, one in enumerate(said) if FIGURE.search(one.text)), 6)
    return Digest(
        writer=WRITER,
        in_brief=tuple(new.sentence("in brief", one) for one in brief),
        key_points=tuple(new.sentence("key point", one) for one in points),
        chapters=tuple(
            DigestChapter(
                start=chapter.start,
                end=chapter.end,
                title=chapter.title,
                sentences=tuple(new.sentence("chapter", one) for one in chosen),
            )
            for chapter, chosen in zip(outline.chapters, chapters, strict=True)
        ),
        questions=tuple(_question(exchange, choice, new) for exchange in asked),
        quotes=tuple(new.of("quote", one.text, _heard(one), one.speaker) for one in quotes),
        figures=tuple(new.sentence("figure", one) for one in figures),
        terms=tuple(
            TermEntry(term=term, sentence=new.of("term", long, rests)) for term, long, rests in expansions(said, deck)
        ),
        resources=tuple(
            Resource(url=url, sentence=new.of("resource", name, rests)) for url, name, rests in addresses(said, deck)
        ),
    )


class _Numbering:
    """Gives sentences their ids: a hash of section kind and evidence; the second one alike gets "-2"."""

    def __init__(self, named: set[str]) -> None:
        self._named = named
        self._given = Counter[str]()

    def sentence(self, kind: str, one: Said) -> Sentence:
        """Return a sentence in the clean reading."""
        return self.of(kind, compressed(one.text), _heard(one), one.speaker)

    def of(self, kind: str, text: str, rests: Evidence, speaker: str | None = None) -> Sentence:
        """Return a sentence of this very text; it names its speaker only where the name is known."""
        digest = hashlib.sha256(f"{kind} {rests.model_dump_json()}".encode()).hexdigest()[:10]
        self._given[digest] += 1
        again = self._given[digest]
        return Sentence(
            id=digest if again == 1 else f"{digest}-{again}",
            text=text,
            speaker=speaker if speaker in self._named else None,
            evidence=(rests,),
        )


def _best_of_chapters(choice: _Choice, outline: Outline, answered: set[int]) -> list[int]:
    """Return the two best sentences of each chapter but the closing: no chapter takes all key points."""
    closing = cues.closing_from(choice.said)
    return [
        at
        for chapter in outline.chapters
        for at in sorted(
            (
                at
                for at in _within(choice.said, chapter)
                if at < closing and at not in answered and stands_alone(choice.said[at])
            ),
            key=lambda at: -choice.scores[at],
        )[:2]
    ]


def _accounts(choice: _Choice, outline: Outline, answered: set[int]) -> tuple[tuple[Said, ...], ...]:
    """Return up to three sentences a chapter: first one for each, then more."""
    found: list[list[Said]] = [[] for _ in outline.chapters]
    for _ in range(MOST_A_CHAPTER):
        for chosen, chapter in zip(found, outline.chapters, strict=True):
            chosen.extend(choice.take((at for at in _within(choice.said, chapter) if at not in answered), 1))
    return tuple(tuple(sorted(chosen, key=lambda one: one.start)) for chosen in found)


def _within(said: Sequence[Said], chapter: Chapter) -> range:
    starts = [one.start for one in said]
    return range(bisect_left(starts, chapter.start), bisect_left(starts, chapter.end))


def _question(exchange: Exchange, choice: _Choice, new: _Numbering) -> Question:
    asked, answered = exchange.question, exchange.answer
    scores = {one.start: score for one, score in zip(choice.said, choice.scores, strict=True)}
    best = sorted(answered, key=lambda one: -scores[one.start])[:ANSWER_SENTENCES]
    whole = _joined(asked)
    return Question(
        start=whole.start,
        end=whole.end,
        question=new.of("question", compressed(whole.text), _heard(whole), whole.speaker),
        answer=tuple(new.sentence("answer", one) for one in sorted(best, key=lambda one: one.start)),
        answer_start=answered[0].start if answered else None,
        answer_end=answered[-1].end if answered else None,
    )


def _joined(said: Sequence[Said]) -> Said:
    return Said(said[0].speaker, tuple(word for one in said for word in one.words))


def _heard(one: Said) -> Heard:
    return Heard(start=one.start, end=min(one.end, one.start + LONGEST_EVIDENCE))
