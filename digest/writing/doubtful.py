"""What an editor should look at: risks of what was said, questions and answers that are unsure; in, Doubts out."""

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby, zip_longest

from digest.faithfulness.credits import CREDITED, own_share
from digest.language.en import ENGLISH
from digest.learned.trees import Floats, Trees
from digest.model.artifact import Span
from digest.model.digest import Digest
from digest.model.doubt import AtSentence, Doubt
from digest.model.evidence import Heard, heard_between
from digest.model.speech import Speakers
from digest.text.scripts import join_sentences
from digest.writing.audience_names import Audience, bare_word
from digest.writing.conversation import Conversation
from digest.writing.questions import Exchange
from digest.writing.traps import LEFT_OUT, off_record, retracted_numbers, trap_probabilities

MAX_COMPARED = 3  # likely sentences of an answer that an editor is shown
SUSPECTED = 0.15  # from which an editor is told that a printed sentence may be a trap
MISCREDITED = 0.9  # of a small model's sentences that are doubted so are false: docs/decisions/0029
CERTAIN = 0.9  # what was found by rule; the rules' precision is in docs/decisions/0024


@dataclass(frozen=True)
class Risks:
    """Why what was said may mislead: how likely each sentence is a trap, numbers taken back, remarks off the record."""

    traps: Floats
    retracted: frozenset[int]
    private: frozenset[int]

    @cached_property
    def unfit(self) -> frozenset[int]:
        """Return the places of sentences that are never quoted."""
        likely = {place for place, probability in enumerate(self.traps) if probability >= LEFT_OUT}
        return self.private | self.retracted | likely


def find_risks(talk: Conversation, trees: Trees) -> Risks:
    """Return the risks of everything that was said."""
    return Risks(trap_probabilities(talk, trees), retracted_numbers(talk), off_record(talk))


def find_doubts(
    digest: Digest,
    talk: Conversation,
    asked: Sequence[Exchange],
    risks: Risks,
    *,
    speakers: Speakers,
    audience: Audience,
) -> tuple[Doubt, ...]:
    """Return what an editor should look at, the surest first.

    `asked` are all exchanges, those that are printed and the candidates; printed ones are the first questions of the
    digest, in their order.
    """
    found = (
        *_private(talk, risks.private),
        *_taken_back(talk, risks.retracted),
        *_traps(digest, talk, risks),
        *_questions(digest, talk, asked),
        *_names(speakers),
        *_named_audience(talk, audience),
    )
    return tuple(sorted(found, key=lambda doubt: -doubt.probability))


def find_misstatements(
    written: Digest, quoted: Digest, talk: Conversation, called: Mapping[str, str]
) -> tuple[Doubt, ...]:
    """Return which sentences of a model's an editor should compare with what was said: who said it may be another.

    What was quoted says what was said. `called` is how readers know each voice. Of other languages nothing is known.
    """
    if talk.language.code != ENGLISH.code:
        return ()
    own, found = {sentence.text for sentence in quoted.sentences()}, list[Doubt]()
    for sentence in written.sentences():
        rests = [one for one in sentence.evidence if isinstance(one, Heard)]
        said = [talk.said[at] for one in rests for at in range(*_between(talk, one))]
        if said and sentence.text not in own and own_share(sentence.text, said, called) < CREDITED:
            found.append(
                Doubt(
                    place=AtSentence(sentence=sentence.id), kind="sentence", probability=MISCREDITED,
                    compare=(sentence.text, join_sentences(one.text for one in said)), evidence=sentence.evidence,
                )
            )  # fmt: skip
    return tuple(found)


def _private(talk: Conversation, places: frozenset[int]) -> Iterator[Doubt]:
    for run in _runs(places):
        text = join_sentences(talk.texts[at] for at in run)
        yield Doubt(
            place=_span(talk, run),
            kind="off the record",
            probability=CERTAIN,
            compare=(text,),
            evidence=(_evidence_of(talk, run),),
        )


def _taken_back(talk: Conversation, places: frozenset[int]) -> Iterator[Doubt]:
    for at in sorted(places):
        following = talk.texts[at + 1 : at + 2]
        yield Doubt(
            place=_span(talk, [at]), kind="correction", probability=CERTAIN,
            compare=(talk.texts[at], *following), evidence=(_evidence_of(talk, [at]),),
        )  # fmt: skip


def _traps(digest: Digest, talk: Conversation, risks: Risks) -> Iterator[Doubt]:
    """Yield the printed sentences that may not have been meant so: those of the likeliest place that they rest on."""
    for sentence in digest.sentences():
        for rests in sentence.evidence:
            if isinstance(rests, Heard):
                places = [at for at in range(*_between(talk, rests)) if risks.traps[at] >= SUSPECTED]
                if places:
                    worst = max(places, key=lambda at: risks.traps[at])
                    yield Doubt(
                        place=AtSentence(sentence=sentence.id), kind="trap", probability=float(risks.traps[worst]),
                        compare=(sentence.text, talk.texts[worst]), evidence=(rests,),
                    )  # fmt: skip
                    break


def _questions(digest: Digest, talk: Conversation, asked: Sequence[Exchange]) -> Iterator[Doubt]:
    """Yield the questions that are not printed, and those without an answer.

    Where no answer is likely, the evidence is what follows, for an editor to hear whether it was declined or passed
    over: that cannot be told from the words (docs/decisions/0023).
    """
    printed = {one.question.id: one for one in digest.questions if one.start is not None}
    by_start = {
        one.question.evidence[0].start: key
        for key, one in printed.items()
        if isinstance(one.question.evidence[0], Heard)
    }
    for one, following in zip_longest(asked, asked[1:]):
        begin = talk.said[one.question[0]].start
        text = join_sentences(talk.texts[at] for at in one.question)
        if begin not in by_start:
            yield Doubt(
                place=_span(talk, one.question), kind="question", probability=one.probability, compare=(text,),
                evidence=(_evidence_of(talk, one.question),),
            )  # fmt: skip
        elif not one.answer:
            until = talk.said[following.question[0]].start if following else talk.duration
            after = heard_between(talk.said[one.question[-1]].end, until)
            yield Doubt(
                place=AtSentence(sentence=by_start[begin]), kind="answer", probability=one.probability,
                compare=tuple(talk.texts[at] for at in one.likely or ())[:MAX_COMPARED],
                evidence=(_evidence_of(talk, one.likely) if one.likely else after,),
            )  # fmt: skip


def _names(speakers: Speakers) -> Iterator[Doubt]:
    """Yield the voices that have no name and may have one, with where the likely names are said beside them."""
    for voice in speakers.speakers:
        if voice.candidates and not voice.name:
            turn = next(turn for turn in speakers.turns if turn.speaker == voice.id)
            best = voice.candidates[0]
            yield Doubt(
                place=Span(start=turn.start, end=turn.end), kind="name", probability=best.probability,
                compare=tuple(one.name for one in voice.candidates),
                evidence=tuple(heard_between(one.start, one.end) for one in best.heard),
            )  # fmt: skip


def _named_audience(talk: Conversation, audience: Audience) -> Iterator[Doubt]:
    """Yield each place where somebody of the audience is named: readers are not told, unless an editor allows it."""
    for sentence in talk.said:
        for probability, words in audience.names_among(sentence.words):
            yield Doubt(
                place=Span(start=words[0].start, end=words[-1].end), kind="audience", probability=probability,
                compare=(sentence.text, " ".join(bare_word(word.text) for word in words)),
                evidence=(heard_between(sentence.start, sentence.end),),
            )  # fmt: skip


def _between(talk: Conversation, rests: Heard) -> tuple[int, int]:
    return bisect_right(talk.ends, rests.start), talk.place_at(rests.end)


def _runs(places: frozenset[int]) -> list[list[int]]:
    """Return places in order, those one after the other together."""
    return [
        [at for _, at in some] for _, some in groupby(enumerate(sorted(places)), key=lambda pair: pair[1] - pair[0])
    ]


def _span(talk: Conversation, places: Sequence[int]) -> Span:
    return Span(start=talk.said[places[0]].start, end=talk.said[places[-1]].end)


def _evidence_of(talk: Conversation, places: Sequence[int]) -> Heard:
    return heard_between(talk.said[places[0]].start, talk.said[places[-1]].end)
