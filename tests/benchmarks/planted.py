"""Drafts with planted errors: a talk in, what a run would make of it and every error in that out, the same every time.

Nothing here asks what the program doubts. Words are misheard as tests/data/hearing.json says that a recogniser does it
(tests/training/hearing.py), and written, named and aligned from by the program itself. Half of the English talks have
their account worded: a key fact for each sentence, one in eight false as a small language model was, each way as often
as in the gold folder's natural-errors, and passed by the gate. One named voice in twelve has another's name. A third of
the talks has no picture: their slides are aligned by speech alone, and wrong where that is.
"""

import json
import random
import re
from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from digest.alignment import align
from digest.editing.draft import Draft
from digest.editing.revise import apply_overlay, transcript_paragraphs
from digest.faithfulness.doubts import content, doubts, in_digits, numbers
from digest.language.languages import get_language
from digest.language.sentences import SpokenSentence
from digest.model.alignment import Alignment
from digest.model.artifact import Span
from digest.model.companions import Companions
from digest.model.deck import Pages
from digest.model.digest import Digest, DigestChapter, Sentence, WritingModel, sentence_id
from digest.model.drop import Drop
from digest.model.edition import Artifacts
from digest.model.evidence import Heard, heard_between
from digest.model.outline import Outline
from digest.model.overlay import Overlay
from digest.model.speech import Segment, Speakers, Transcript, Word
from digest.privacy.roles import published_name
from digest.settings import WritingSettings
from digest.writing import outline, write
from digest.writing.audience_names import find_audience
from digest.writing.conversation import Conversation, conversation
from digest.writing.doubtful import find_doubts, find_misstatements, find_risks
from digest.writing.questions import exchanges
from digest.writing.spelling import known_names, spell_names
from tests.builders import a_recording
from tests.talks import Talk
from tests.training.hearing import FITTED, QUANTILES, is_same, likeness, plain, word_class
from tests.training.refit import Refitted

FALSE = 1 / 8  # of the worded sentences; of those that passed the gate in docs/decisions/0046 one in eleven
EXCHANGED_NAMES = 1 / 12  # of the named voices
PICTURES = 2 / 3  # of the talks
LISTENER = "Participant"  # as the roles of questioners begin
CANDIDATES = 60  # words that a misheard one is chosen among
TRIES = 12  # for an error that passes the gate
FEWEST_LETTERS = 5  # of a word that changes places with another
WIDEST = 3  # sentences that a worded one rests on, at most
SIGNS = '.,;:?!…“”"()—-'
ENDS = re.compile(r"[.?!…]$")


@dataclass(frozen=True)
class Token:
    """A word as it was heard, what was said there, and which voice said it."""

    word: Word
    said: str

    @property
    def is_wrong(self) -> bool:
        """Return whether readers get another word than was said."""
        return not is_same(self.word.text, self.said)

    @property
    def middle(self) -> float:
        """Return the second by which a stretch has it."""
        return (self.word.start + self.word.end) / 2


@dataclass
class Errors:
    """What readers would get wrong: sentences, voices, slides, words of the transcript.

    `misheard` has by sentence where each wrong word of it is heard, `false` by sentence how it is false and what it
    rests on, `names` the right name of each wrong voice, `slides` where intervals with another slide begin, `words` the
    places of wrong tokens.
    """

    misheard: dict[str, list[Span]] = field(default_factory=dict)
    false: dict[str, tuple[str, Span]] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    slides: set[float] = field(default_factory=set)
    words: set[int] = field(default_factory=set)


@dataclass(frozen=True)
class HeardTalk(Talk):
    """A talk as a recogniser hears it."""

    tokens: tuple[tuple[Token, ...], ...]  # of each utterance

    @cached_property
    def alignment(self) -> Alignment:
        """Return the slides: as they were for whoever has a picture; one talk in three is sound alone."""
        chance = random.Random(f"picture {self.name}")  # noqa: S311
        if chance.random() < PICTURES:
            return super().alignment
        media = a_recording(seconds=self.truth["duration"])
        return align(media, self.transcript, self.deck, Pages(), Companions(), root=Path())

    @cached_property
    def transcript(self) -> Transcript:
        """Return what was heard."""
        segments = tuple(
            Segment(start=some[0].word.start, end=some[-1].word.end, text=" ".join(one.word.text for one in some),
                    words=tuple(one.word for one in some))
            for some in self.tokens
            if some
        )  # fmt: skip
        voiced = tuple(Span(start=one.start, end=one.end) for one in segments)
        return Transcript(
            language=self.language, language_probability=1, model="planted", voiced=voiced, segments=segments
        )


@dataclass(frozen=True)
class Planted:
    """A draft, the words in it with what was said, and its errors; `true_names` has the names of announced voices."""

    talk: Talk
    draft: Draft
    tokens: tuple[Token, ...]
    errors: Errors
    true_names: dict[str, str]
    is_worded: bool

    @property
    def hours(self) -> float:
        """Return how long the talk is."""
        return float(self.talk.truth["duration"]) / 3600

    def tokens_in(self, span: Span) -> range:
        """Return the places of the words whose middle lies in a stretch."""
        return _between(self.tokens, span.start, span.end)


@dataclass(frozen=True)
class Lenders:
    """What talks lend to errors: the words of each language, and what is true elsewhere."""

    words: Mapping[str, Sequence[str]]
    facts: Sequence[str]

    @classmethod
    def of(cls, talks: Sequence[Talk]) -> "Lenders":
        """Return what these talks lend."""
        words, facts = dict[str, set[str]](), list[str]()
        for talk in talks:
            spoken = (word for said in talk.truth["utterances"] for word in said["text"].split())
            known = words.setdefault(talk.language, set())
            known |= {bare for word in spoken if len(bare := word.strip(SIGNS)) > 1}
            facts += [fact["text"] for fact in talk.truth["key_facts"] if talk.language == "en"]
        return cls({language: sorted(some) for language, some in words.items()}, facts)


def as_talk(name: str, truth: dict[str, Any]) -> Talk:
    """Return a webinar whose recording has this truth as a talk, its questioners the audience."""
    people = [
        one | {"id": one["name"], "part": "audience" if str(one["role"]).startswith(LISTENER) else "guest"}
        for one in truth["speakers"]
    ]
    more = {"id": name, "author": name, "language": "en", "title": truth["deck"][0]["title"], "description": ""}
    deck = [one | {"body": []} for one in truth["deck"]]
    facts = [{"weight": 1} | one for one in truth["key_facts"]]
    return Talk(truth | more | {"date": "2026-11-23", "speakers": people, "deck": deck, "key_facts": facts})


def plant(talk: Talk, lenders: Lenders, fitted: Refitted, seed: int = 0) -> Planted:
    """Return the draft of a talk with its errors; `fitted` are the models that write it."""
    chance = random.Random(f"{talk.name} {seed}")  # noqa: S311  # the same every time
    heard = HeardTalk(talk.truth, tuple(mishear(talk, lenders.words[talk.language], chance)))
    tokens = tuple(token for some in heard.tokens for token in some)
    true_names = _true_names(talk)
    speakers = _exchange_names(heard.speakers, chance)
    is_worded = talk.language == "en" and chance.random() < 0.5
    chapters = outline(heard.transcript, speakers, heard.deck, heard.alignment, trees=fitted.chapters)
    writing = _Writing(heard, speakers, chapters, fitted)
    digest, false = writing.quoted, dict[str, tuple[str, Span]]()
    if is_worded:
        digest, false = writing.word(tokens, lenders.facts, chance)
    draft = _draft(heard, speakers, chapters, digest)
    errors = Errors(words={at for at, one in enumerate(tokens) if one.is_wrong}, false=false)
    _add_misheard(errors, digest, tokens)
    errors.slides = set(_wrong_slides(heard))
    named = {one.id: one.name for one in speakers.speakers}
    errors.names = {voice: name for voice, name in true_names.items() if voice in named and named[voice] != name}
    return Planted(talk, draft, tokens, errors, true_names, is_worded)


# Words


@cache
def _hearing() -> dict[str, Any]:
    read: dict[str, Any] = json.loads(Path(FITTED).read_text(encoding="utf-8"))
    return read


def mishear(talk: Talk, vocabulary: Sequence[str], chance: random.Random) -> list[tuple[Token, ...]]:
    """Return what a recogniser hears of each utterance: sounds of hesitation it leaves out."""
    found, is_wrong, hesitations = list[tuple[Token, ...]](), False, get_language(talk.language).hesitations
    for said in talk.truth["utterances"]:
        words = [word for word in said["text"].split() if plain(word) not in hesitations and plain(word)]
        if not words:
            found.append(())
            continue
        each, tokens, lost = (said["end"] - said["start"]) / len(words), list[Token](), list[str]()
        for at, word in enumerate(words):
            of = word_class(word, talk.language, begins=not at or bool(ENDS.search(words[at - 1])))
            rates = _hearing()[of]
            is_wrong = chance.random() < rates["wrong after wrong" if is_wrong else "wrong after right"]
            kind = chance.choices(*zip(*rates["kinds"].items(), strict=True))[0] if is_wrong else "right"
            if kind == "left out" and at + 1 < len(words):
                lost.append(word)
                continue
            text, true = word, " ".join([*lost, word])
            if kind == "misheard":
                text = _confuse(word, vocabulary, rates["likeness"], chance)
            kind, lost = ("left out" if lost and kind == "right" else kind), []
            sure = _drawn(rates["probability"].get(kind) or rates["probability"]["misheard"], chance)
            start, end = said["start"] + at * each, said["start"] + (at + 1) * each
            if kind == "put in":
                half = (start + end) / 2
                more = chance.choice(vocabulary)
                tokens.append(Token(_word(more, start, half, sure), ""))
                start, sure = half, _drawn(rates["probability"]["right"], chance)
            tokens.append(Token(_word(text, start, end, sure), true))
        found.append(tuple(tokens))
    return found


def _confuse(word: str, vocabulary: Sequence[str], quantiles: Sequence[float], chance: random.Random) -> str:
    """Return another word, about as alike to this one as the recogniser's are; its signs stay."""
    wanted, bare = _drawn(quantiles, chance), plain(word)
    some = [one for one in chance.choices(vocabulary, k=CANDIDATES) if plain(one) != bare]
    if not some:
        return word
    best = min(some, key=lambda one: abs(likeness(one, bare) - wanted))
    tail = re.search(r"[.,;:?!…]*$", word)
    return best + (tail[0] if tail else "")


def _drawn(quantiles: Sequence[float], chance: random.Random) -> float:
    at = chance.random() * (len(QUANTILES) - 1)
    low = int(at)
    return float(quantiles[low] + (at - low) * (quantiles[min(low + 1, len(quantiles) - 1)] - quantiles[low]))


def _word(text: str, start: float, end: float, probability: float) -> Word:
    return Word(text=text, start=round(start, 3), end=round(end, 3), probability=round(probability, 3))


def _add_misheard(errors: Errors, digest: Digest, tokens: Sequence[Token]) -> None:
    """Find the sentences in which a wrong word stands: where the writer spelt it right, it does not."""
    for sentence in digest.sentences():
        words = set(plain(sentence.text).split())
        for rests in sentence.evidence:
            if not isinstance(rests, Heard):
                continue
            for at in _between(tokens, rests.start, rests.end):
                word = tokens[at].word
                if tokens[at].is_wrong and set(plain(word.text).split()) <= words:
                    errors.misheard.setdefault(sentence.id, []).append(Span(start=word.start, end=word.end))


def _between(tokens: Sequence[Token], start: float, end: float) -> range:
    return range(*(bisect_left(tokens, edge, key=lambda one: one.middle) for edge in (start, end)))


def _wrong_slides(heard: HeardTalk) -> Iterator[float]:
    """Yield where the intervals begin during which another slide was on, or none, most of the time."""
    for one in heard.alignment.intervals:
        on = dict[int | None, float]()
        for true in heard.truth["slides"]:
            common = min(one.end, true["end"]) - max(one.start, true["start"])
            on[true["slide"]] = on.get(true["slide"], 0.0) + max(0.0, common)
        if one.slide is not None and max(on, key=lambda slide: on[slide], default=None) != one.slide:
            yield one.start


# Names


def _true_names(talk: Talk) -> dict[str, str]:
    """Return the names of the announced voices that speak."""
    announced = {one["id"]: one["name"] for one in talk.truth["speakers"] if one["part"] != "audience" and one["name"]}
    said = zip(talk.truth["utterances"], talk.turns, strict=True)
    return {turn.speaker: announced[one["speaker"]] for one, turn in said if one["speaker"] in announced}


def _exchange_names(speakers: Speakers, chance: random.Random) -> Speakers:
    """Return the voices, some with the name of another."""
    named = [one.name for one in speakers.speakers if one.name]
    given = [
        one.model_copy(update={"name": chance.choice([name for name in named if name != one.name])})
        if one.name and len(set(named)) > 1 and chance.random() < EXCHANGED_NAMES
        else one
        for one in speakers.speakers
    ]
    return speakers.model_copy(update={"speakers": tuple(given)})


# Sentences


@dataclass(frozen=True)
class _Writing:
    """The account of what was heard: as the program quotes it, or worded."""

    heard: HeardTalk
    speakers: Speakers
    chapters: Outline
    fitted: Refitted

    @cached_property
    def quoted(self) -> Digest:
        """Return the account as it is quoted."""
        heard = self.heard
        return write(
            heard.event, self.chapters, a_recording(seconds=heard.truth["duration"]), heard.transcript, self.speakers,
            heard.deck, heard.alignment, Companions(), heard.terms, WritingSettings(), models=self.fitted.models,
        )  # fmt: skip

    @cached_property
    def talk(self) -> Conversation:
        """Return what was heard as the writer sees it, names spelt as announced."""
        heard = self.heard
        so = conversation(heard.transcript, self.speakers, heard.deck, heard.alignment, heard.event)
        said, _ = spell_names(so.said, known_names(heard.event, heard.deck, heard.terms, so.texts))
        return Conversation(said, heard.deck, heard.alignment, heard.event)

    def word(
        self, tokens: Sequence[Token], facts: Sequence[str], chance: random.Random
    ) -> tuple[Digest, dict[str, tuple[str, Span]]]:
        """Return the account with a sentence for each key fact, and the false ones: their kind, where that is heard."""
        told, false, utterances = list[tuple[int, Sentence]](), dict[str, tuple[str, Span]](), self.heard.tokens
        own = [fact["text"] for fact in self.heard.truth["key_facts"]]
        for fact in self.heard.truth["key_facts"]:
            if not (spoken := utterances[fact["utterance"]]):
                continue
            said = self._resting(fact["text"], spoken[0].word.start, spoken[-1].word.end)
            rests = heard_between(said[0].start, said[-1].end)
            text, kind = _as_heard(fact["text"], [tokens[at] for at in _between(tokens, rests.start, rests.end)]), ""
            if chance.random() < FALSE:
                text, kind = falsify(text, said, chance, near=own, far=facts)
            of = sentence_id("worded", [rests, Heard(start=rests.start, end=rests.end + len(told) / 1e4)])
            told.append((fact["weight"], Sentence(id=of, text=text, speaker=said[0].speaker, evidence=(rests,))))
            if kind:
                false[of] = kind, Span(start=rests.start, end=rests.end)
        return self._with_doubts(told), false

    def _resting(self, text: str, start: float, end: float) -> Sequence[SpokenSentence]:
        """Return the few sentences of an utterance that say most of a fact, for their length."""
        said = [one for one in self.talk.said if start <= (one.start + one.end) / 2 < end]
        said = said or [min(self.talk.said, key=lambda one: abs(one.start - start))]
        wanted = set(content(text))
        runs = [said[at : at + size] for size in range(1, WIDEST + 1) for at in range(len(said) - size + 1)]
        return max(runs, key=lambda run: len(wanted & {w for one in run for w in content(one.text)}) - len(run) / 2)

    def _with_doubts(self, told: Sequence[tuple[int, Sentence]]) -> Digest:
        """Return the account of these sentences in place of what was quoted, with the doubts that a run would have."""
        most = len(self.quoted.key_points)
        points = [one for weight, one in sorted(told, key=lambda pair: -pair[0])][:most]
        rest = [one for _, one in told if one not in points]
        chapters = tuple(
            DigestChapter(
                start=one.start, end=one.end, title=one.title,
                sentences=tuple(s for s in rest if one.start <= _begin(s) < one.end),
            )
            for one in self.chapters.chapters
        )  # fmt: skip
        model = WritingModel(name="planted", is_local=True)
        written = self.quoted.model_copy(update={"model": model, "key_points": tuple(points), "chapters": chapters})
        heard, talk, models = self.heard, self.talk, self.fitted.models
        risks = find_risks(talk, models.traps)
        found = [one for one in exchanges(talk, models.questions) if risks.private.isdisjoint(one.places)]
        audience = find_audience(talk, heard.event, Companions(), models.audience_names)
        called = {one.id: name for one in self.speakers.speakers if (name := published_name(one, heard.event))}
        doubted = (
            *find_doubts(written, talk, found, risks, speakers=self.speakers, audience=audience),
            *find_misstatements(written, self.quoted, talk, called),
        )
        return written.model_copy(update={"doubts": tuple(sorted(doubted, key=lambda doubt: -doubt.probability))})


def _begin(sentence: Sentence) -> float:
    (rests,) = sentence.evidence
    return rests.start if isinstance(rests, Heard) else 0.0


def _as_heard(text: str, tokens: Sequence[Token]) -> str:
    """Return a text as whoever was given the heard words would have written it: what was misheard, misheard."""
    for one in tokens:
        if one.is_wrong and plain(one.said) and len(one.said.split()) == 1:
            wrong, true = one.word.text.strip(SIGNS), one.said.strip(SIGNS)
            text = re.sub(rf"(?<!\w){re.escape(true)}(?!\w)", wrong, text) if wrong else text
    return text


Falsifier = Callable[[str, Sequence[SpokenSentence], random.Random, Sequence[str], Sequence[str]], str | None]


def falsify(
    text: str, said: Sequence[SpokenSentence], chance: random.Random, *, near: Sequence[str], far: Sequence[str]
) -> tuple[str, str]:
    """Return a text made false as a small model does, in a way that the gate passes, and the kind; else as it is."""
    for _ in range(TRIES):
        kind = chance.choices(list(KINDS), [weight for weight, _ in KINDS.values()])[0]
        made = KINDS[kind][1](text, said, chance, near, far)
        if made and made != text and not doubts(made, None, said):
            return made, kind
    return text, ""


def _exchange_number(
    text: str, said: Sequence[SpokenSentence], chance: random.Random, near: Sequence[str], far: Sequence[str]
) -> str | None:
    """Put another number of these seconds, else of another fact, in the place of one."""
    del far
    own = numbers(text)
    there = [n for one in said for n in numbers(one.text) if n not in own]
    there = there or [n for fact in near for n in numbers(fact) if n not in own]
    return (
        in_digits(text).replace(" | ", " ").replace(chance.choice(own), chance.choice(there), 1)
        if own and there
        else None
    )


def _negate(
    text: str, _: Sequence[SpokenSentence], chance: random.Random, near: Sequence[str], far: Sequence[str]
) -> str | None:
    del chance, near, far
    if " not " in text:
        return text.replace(" not ", " ", 1)
    return re.sub(r"\b(is|are|was|were|can|will|has|have|does|must)\b", r"\1 not", text, count=1)


def _swap(
    text: str, _: Sequence[SpokenSentence], chance: random.Random, near: Sequence[str], far: Sequence[str]
) -> str | None:
    """Exchange two words of a sentence: who does it to whom, what counts what."""
    del near, far
    words = [one for one in dict.fromkeys(re.findall(r"[^\W\d_]+", text)) if len(one) >= FEWEST_LETTERS]
    if len(words) < 2:
        return None
    one, other = chance.sample(words, 2)
    swapped = {one: other, other: one}
    return re.sub(rf"\b(?:{one}|{other})\b", lambda found: swapped[found[0]], text)


def _append(joins: Sequence[str], *, is_far: bool) -> Falsifier:
    def append(
        text: str, _: Sequence[SpokenSentence], chance: random.Random, near: Sequence[str], far: Sequence[str]
    ) -> str:
        more = chance.choice([one for one in (far if is_far else near) if one != text] or [text])
        clause = re.split(r"[,;:.]", more)[0]
        return f"{text.rstrip('.')}{chance.choice(list(joins))}{clause[:1].lower()}{clause[1:]}."

    return append


def _credit(
    text: str, said: Sequence[SpokenSentence], chance: random.Random, near: Sequence[str], far: Sequence[str]
) -> str | None:
    """Let a name of another fact stand for one in this."""
    del said
    own, others = _names(text), sorted({name for fact in near for name in _names(fact)} - set(_names(text)))
    del far
    return text.replace(chance.choice(own), chance.choice(others), 1) if own and others else None


def _names(text: str) -> list[str]:
    return re.findall(r"(?<!^)(?<![.?!] )\b[A-Z][a-zà-ž]+(?: [A-Z][a-zà-ž]+)*", text)


def _widen(
    text: str, _: Sequence[SpokenSentence], chance: random.Random, near: Sequence[str], far: Sequence[str]
) -> str | None:
    del chance, near, far
    made = re.sub(r"\b(?:some|most|many|several|about half of|a few|part of)\b", "all", text, count=1)
    return made if made != text else re.sub(r"\b(?:may|might|could|should|would)\b", "will", text, count=1)


# How often each kind is among the 104 false sentences of natural-errors, and what makes one.
KINDS: dict[str, tuple[int, Falsifier]] = {
    "person or speaker": (28, _credit),
    "agent and object": (14, _swap),
    "number": (19, _exchange_number),
    "fused": (9, _append((" and ", ", while "), is_far=False)),
    "cause": (4, _append((" because ", " due to "), is_far=False)),
    "invented": (15, _append((" and ", ", so that "), is_far=True)),
    "negation": (4, _negate),
    "scope": (11, _widen),
}


def _draft(heard: HeardTalk, speakers: Speakers, chapters: Outline, digest: Digest) -> Draft:
    artifacts = Artifacts(
        drop=Drop(slug=heard.name, folder="planted", files=()), companions=Companions(), deck=heard.deck, pages=Pages(),
        event=heard.event, media=a_recording(seconds=heard.truth["duration"]), terms=heard.terms,
        transcript=heard.transcript, speakers=speakers, alignment=heard.alignment, outline=chapters, digest=digest,
    )  # fmt: skip
    divided = transcript_paragraphs(artifacts)
    return Draft(artifacts, divided, Overlay(), apply_overlay(artifacts, Overlay(), divided))
