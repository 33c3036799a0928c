"""What an editor looks at first: a Draft in, everything doubtful in one order out.

The order is that of the gain: chance that something is wrong, times what a reader loses by it, by the seconds that it
takes to judge. Marking all doubtful words where they stand gains nothing and hides the errors that are not marked
(Vertanen & Kristensson 2008); an order by gain mends 15 to 42 % more errors in equal time (Sperber et al. 2017).
"""

import math
import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from digest.editing.dismissals import undismissed_doubts
from digest.editing.draft import Draft
from digest.editing.misheard import chances
from digest.editing.words import words_between
from digest.language.clean_reading import clean
from digest.model.artifact import Span
from digest.model.doubt import AtSentence, Doubt, Kind
from digest.model.evidence import Heard, Shown, heard_between
from digest.model.overlay import Answer, Dismiss, Learn, Withhold
from digest.model.speech import Word, text_of

# What a reader loses where it is wrong and nobody judges it, by judgement: a name stands in many places; a
# sentence is false; something is left out; what readers do not get until somebody judges it loses least.
STAKES: dict[Kind, float] = {
    "name": 4, "voice": 3, "sentence": 3, "trap": 3, "answer": 2, "question": 2, "off the record": 2, "audience": 1,
    "correction": 1, "slide": 1, "words": 0.3,
}  # fmt: skip
# A voice's stake is that of each sentence said to be its: somebody else said it.
QUOTED = 10.0  # times that of words on which the account rests: a sentence is false with them
SPEED = 1.5  # times as fast as it was said
DECIDING = 4.0  # seconds to read and choose
MISHEARD = 0.03  # chance from which a word is doubted
UNQUOTED = 0.2  # the same where the account does not rest on it: the transcript is published as a machine's
APART = 4.0  # seconds between unsure words that are judged at once
WORDED = 0.09  # chance that a model's sentence which passed the gate is false: 1 of 11 in docs/decisions/0046
MISNAMED = 0.01  # chance that a printed name is another's: 3 of 322, 0.9 % with confused voices, in docs/decisions/0045
SAMPLE = 6.0  # seconds of a voice that are heard to know it
LONGEST = 15.0  # seconds of what is judged at once
UNSURE_SLIDE = 0.85  # confidence below which a change of slides is doubted
AROUND = 1.0  # seconds heard before and after words or a change
CONTEXT = 4.0  # seconds of words shown before and after


@dataclass(frozen=True)
class AgendaItem:
    """Something to judge: the doubt, what is to be heard, how long that takes in seconds, and what readers lose by it.

    `text` is what they get there now, `before` and `after` the words around it, `sentence` the id if it is one.
    """

    doubt: Doubt
    heard: tuple[Span, ...]
    seconds: float
    stake: float
    text: str
    sentence: str | None
    before: str = ""
    after: str = ""


@dataclass(frozen=True)
class Agenda:
    """What is left to judge, in order, about how long that takes in seconds, and how much was judged."""

    items: tuple[AgendaItem, ...]
    seconds: float
    judged: int


def agenda(draft: Draft) -> Agenda:
    """Return everything doubtful, what gains most by a second first."""
    now = {sentence.id: sentence.text for sentence in draft.edition.digest.sentences()}
    quoted = [e for one in draft.edition.digest.sentences() for e in one.evidence if isinstance(e, Heard)]
    said = Counter(sentence.speaker for sentence in draft.edition.digest.sentences())
    spoken = {one.name: max(1, said[one.id]) for one in draft.edition.speakers if one.name}
    items = [_item(doubt, draft, now, quoted, spoken) for doubt in _once_a_name(open_doubts(draft))]
    ordered = tuple(sorted(items, key=_gain, reverse=True))
    settled = {r.change.thing for r in draft.overlay.in_force() if not isinstance(r.change, Learn)}
    return Agenda(ordered, sum(item.seconds for item in ordered), len(settled))


def open_doubts(draft: Draft) -> tuple[Doubt, ...]:
    """Return what is unsure, the likeliest first; what an editor reworded, struck, named or dismissed is settled."""
    now = {sentence.id: sentence.text for sentence in draft.edition.digest.sentences()}
    texts = {one.id: one.text for one in draft.laid_out.sentences()}
    settled = {of for of, text in texts.items() if now.get(of) != text}
    named = {one.id for one in draft.edition.speakers if one.name}
    begins = {turn.start for turn in draft.artifacts.speakers.turns if turn.speaker in named}
    answered = {r.change.sentence for r in draft.overlay.in_force() if isinstance(r.change, Answer)}
    asked = {one.start for one in draft.edition.digest.questions}
    private = [r.change for r in draft.overlay.in_force() if isinstance(r.change, Withhold)]
    dismissals = [r.change for r in draft.overlay.in_force() if isinstance(r.change, Dismiss)]
    found = (
        doubt
        for doubt in (*draft.edition.digest.doubts, *undismissed_doubts(derived_doubts(draft), dismissals, texts))
        if (
            doubt.place.sentence not in settled and not (doubt.kind == "answer" and doubt.place.sentence in answered)
            if isinstance(doubt.place, AtSentence)
            else not (doubt.kind == "name" and doubt.place.start in begins)
            and not (doubt.kind == "audience" and doubt.compare[1] in draft.edition.masked)
            and not (doubt.kind == "question" and doubt.place.start in asked)
            and not any(one.start <= doubt.place.start and doubt.place.end <= one.end for one in private)
        )
    )
    return tuple(sorted(found, key=lambda doubt: -doubt.probability))


def _once_a_name(doubts: Iterable[Doubt]) -> Iterator[Doubt]:
    """Yield the doubts; of those about one name of the audience the likeliest, as one press masks it everywhere."""
    names = set[str]()
    for doubt in doubts:
        if doubt.kind == "audience":
            if doubt.compare[1] in names:
                continue
            names.add(doubt.compare[1])
        yield doubt


def derived_doubts(draft: Draft) -> tuple[Doubt, ...]:
    """Return what may be wrong as the artifacts stand: words, names of voices, sentences of a model's, slides."""
    return (*_misheard(draft), *_named_voices(draft), *_worded_sentences(draft), *_unsure_slides(draft))


def _named_voices(draft: Draft) -> Iterator[Doubt]:
    """Yield each voice that a machine named, once: a name that is another's is as sure as one that is right."""
    for voice in draft.edition.speakers:
        turns = [turn for turn in draft.artifacts.speakers.turns if turn.speaker == voice.id]
        if voice.name and voice.known_by != "editor" and turns:
            longest = max(turns, key=lambda turn: turn.end - turn.start)
            yield Doubt(
                place=Span(start=longest.start, end=longest.end),
                kind="voice",
                probability=MISNAMED,
                compare=(voice.name,),
                evidence=(heard_between(longest.start, min(longest.end, longest.start + SAMPLE)),),
            )


def _misheard(draft: Draft) -> Iterator[Doubt]:
    """Yield the stretches of words that may be misheard, no fillers: those that the account rests on by themselves."""
    language, quoted = draft.edition.language, _quoted_seconds(draft)
    for paragraph in draft.edition.paragraphs:
        unsure = [
            (chance, word)
            for chance, word in zip(chances(paragraph.words), paragraph.words, strict=True)
            if chance >= (MISHEARD if _is_quoted(word, quoted) else UNQUOTED) and clean((word,), language)
        ]
        for run in _stretches(unsure, quoted):
            yield _of_words(run, paragraph.words)


def _quoted_seconds(draft: Draft) -> list[tuple[float, float]]:
    """Return the seconds that the account rests on, in order and without overlap."""
    found = list[tuple[float, float]]()
    heard = [one for each in draft.edition.digest.sentences() for one in each.evidence if isinstance(one, Heard)]
    for one in sorted(heard, key=lambda one: one.start):
        if found and one.start <= found[-1][1]:
            found[-1] = found[-1][0], max(found[-1][1], one.end)
        else:
            found.append((one.start, one.end))
    return found


def _is_quoted(word: Word, quoted: Sequence[tuple[float, float]]) -> bool:
    middle = (word.start + word.end) / 2
    at = bisect_right(quoted, middle, key=lambda one: one[0]) - 1
    return at >= 0 and middle < quoted[at][1]


def _stretches(
    unsure: Sequence[tuple[float, Word]], quoted: Sequence[tuple[float, float]]
) -> Iterator[list[tuple[float, Word]]]:
    """Yield unsure words that are judged at once: neighbours, all of them quoted or none."""
    run = list[tuple[float, Word]]()
    for chance, word in unsure:
        if run and (
            word.start - run[-1][1].end > APART
            or word.end - run[0][1].start > LONGEST
            or _is_quoted(word, quoted) != _is_quoted(run[0][1], quoted)
        ):
            yield run
            run = []
        run.append((chance, word))
    if run:
        yield run


def _of_words(unsure: Sequence[tuple[float, Word]], spoken: Sequence[Word]) -> Doubt:
    start, end = unsure[0][1].start, max(unsure[-1][1].end, unsure[0][1].start + 0.01)
    text = text_of([word for word in spoken if start <= (word.start + word.end) / 2 < end])
    return Doubt(
        place=Span(start=start, end=end),
        kind="words",
        probability=round(1 - math.prod(1 - chance for chance, _ in unsure), 4),
        compare=(text, *dict.fromkeys(word.text for _, word in unsure)),
        evidence=(heard_between(max(0.0, start - AROUND), end + AROUND),),
    )


def _worded_sentences(draft: Draft) -> Iterator[Doubt]:
    """Yield the sentences that a language model worded: every one of them wants to be heard."""
    if draft.artifacts.digest.model is None:
        return
    doubted = {one.place for one in draft.artifacts.digest.doubts if one.kind == "sentence"}
    for sentence in draft.laid_out.sentences():
        place = AtSentence(sentence=sentence.id)
        heard = [one for one in sentence.evidence if isinstance(one, Heard)]
        said = " ".join(_words_in(draft, Span(start=one.start, end=one.end)) for one in heard)
        if said and place not in doubted and _plain(sentence.text) not in _plain(said):
            yield Doubt(
                place=place, kind="sentence", probability=WORDED, compare=(sentence.text, said), evidence=tuple(heard)
            )  # fmt: skip


def _plain(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))


def _unsure_slides(draft: Draft) -> Iterator[Doubt]:
    for before, after in pairwise(draft.edition.intervals):
        unsure = min(before.confidence, after.confidence)
        if unsure < UNSURE_SLIDE and after.slide is not None and after.slide != before.slide:
            start = max(0.0, after.start - AROUND)
            yield Doubt(
                place=Span(start=after.start, end=after.end),
                kind="slide",
                probability=round(1 - unsure, 4),
                compare=(f"Slide {after.slide}",),
                evidence=(heard_between(start, min(after.end, after.start + 3 * AROUND)), Shown(slide=after.slide)),
            )


def _item(
    doubt: Doubt, draft: Draft, now: Mapping[str, str], quoted: Sequence[Heard], spoken: Mapping[str, int]
) -> AgendaItem:
    heard = tuple(Span(start=one.start, end=one.end) for one in doubt.evidence if isinstance(one, Heard))
    where = doubt.place
    if isinstance(where, AtSentence):
        text, sentence, before, after = now.get(where.sentence, ""), where.sentence, "", ""
    else:
        text, sentence, heard = _words_in(draft, where), None, heard or (where,)
        before = _words_in(draft, Span(start=where.start - CONTEXT, end=where.start))
        after = _words_in(draft, Span(start=where.end, end=where.end + CONTEXT))
    seconds = DECIDING + sum(one.end - one.start for one in heard) / SPEED
    is_quoted = isinstance(where, Span) and any(one.start < where.end and where.start < one.end for one in quoted)
    stake = STAKES[doubt.kind] * (QUOTED if doubt.kind == "words" and is_quoted else 1)
    if doubt.kind == "voice":
        text, before, after, stake = doubt.compare[0], "", "", stake * spoken[doubt.compare[0]]
    return AgendaItem(doubt, heard, seconds, stake, text, sentence, before, after)


def _words_in(draft: Draft, where: Span) -> str:
    spoken = draft.edition.paragraphs
    first = max(0, bisect_right(spoken, where.start, key=lambda one: one.start) - 1)
    last = bisect_left(spoken, where.end, key=lambda one: one.start)
    return text_of(words_between(spoken[first:last], where.start, where.end))


def _gain(item: AgendaItem) -> float:
    """Return what judging an item gains a second."""
    return item.doubt.probability * item.stake / item.seconds
