"""The account as editors left it: a Digest and revisions in, the Digest with their sentences in their places out."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from difflib import SequenceMatcher

from digest.editing.borders import said_at
from digest.language.clean_reading import clean
from digest.language.sentences import sentences
from digest.model.artifact import Span
from digest.model.digest import Digest, DigestChapter, Question, Resource, Sentence, TermEntry, sentence_id
from digest.model.edition import Paragraph
from digest.model.evidence import Evidence, Heard, heard_between
from digest.model.overlay import (
    Add,
    Answer,
    Move,
    OfSentence,
    Relabel,
    Revision,
    Reword,
    SectionName,
    Strike,
)
from digest.model.speech import Utterance, text_of

SAME_PLACE = 0.5  # of the seconds on which either rests, for a sentence to be the same after a re-run
SAME_WORDS = 0.6  # of its letters

Anchors = dict[int, str]  # by the number of a revision: the id of the sentence that it changes now


def add_sentences(digest: Digest, revisions: Sequence[Revision]) -> Digest:
    """Return the account with the sentences that editors added."""
    for revision in revisions:
        if isinstance(revision.change, Add):
            digest = _with(digest, revision.change)
    return digest


def anchors(digest: Digest, revisions: Sequence[Revision]) -> tuple[Anchors, set[int]]:
    """Return which sentence each revision changes now, and the numbers of those that no longer find theirs.

    After a re-run that is the sentence which rests on the same and says much the same; it has one change of a kind.
    """
    known = {sentence.id: sentence for sentence in digest.sentences()}
    likely = list[tuple[float, int, str, str]]()
    changes = [(r.number, r.change) for r in revisions if isinstance(r.change, OfSentence)]
    for number, change in changes:
        exact = known.get(change.sentence)
        if exact and exact.text == change.was:
            likely.append((2.0, number, exact.id, _kind(change)))
        else:
            likely += [(likeness, number, of, _kind(change)) for likeness, of in _same_sentences(change, known)]
    found, taken = Anchors(), set[tuple[str, str]]()
    for _, number, of, kind in sorted(likely, key=lambda one: (-one[0], one[1])):
        if number not in found and (of, kind) not in taken:
            found[number] = of
            taken.add((of, kind))
    return found, {number for number, _ in changes} - found.keys()


def _kind(change: OfSentence) -> str:
    return change.thing.partition(" ")[0]


def _same_sentences(change: OfSentence, known: Mapping[str, Sentence]) -> Iterator[tuple[float, str]]:
    """Yield how alike each sentence is to the one that was changed, where it is much alike, and its id."""
    for one in known.values():
        if _overlap(one.evidence, change.rests_on) >= SAME_PLACE:
            likeness = SequenceMatcher(None, one.text, change.was, autojunk=False).ratio()
            if likeness >= SAME_WORDS:
                yield likeness, one.id


def _overlap(one: Sequence[Evidence], other: Sequence[Evidence]) -> float:
    """Return which share of what either rests on both rest on: of the seconds, or of the slides and files."""
    heard, also = ([(e.start, e.end) for e in some if isinstance(e, Heard)] for some in (one, other))
    if not heard or not also:
        mine, theirs = ({e.model_dump_json() for e in some} for some in (one, other))
        return len(mine & theirs) / len(mine | theirs) if mine | theirs else 0.0
    both = sum(max(0.0, min(a[1], b[1]) - max(a[0], b[0])) for a in heard for b in also)
    return both / (sum(b - a for a, b in heard) + sum(b - a for a, b in also) - both)


def reword_sentences(digest: Digest, revisions: Sequence[Revision], found: Anchors) -> Digest:
    """Return the account with the sentences that editors wrote anew, and without those they struck."""
    texts = dict[str, str | None]()
    for revision in revisions:
        if revision.number in found and isinstance(revision.change, Reword | Strike):
            texts[found[revision.number]] = revision.change.text if isinstance(revision.change, Reword) else None

    def one(sentence: Sentence) -> Sentence | None:
        text = texts.get(sentence.id, sentence.text)
        return None if text is None else sentence.model_copy(update={"text": text})

    return digest.map_sentences(one)


def rearrange(digest: Digest, revisions: Sequence[Revision], found: Anchors) -> Digest:
    """Return the account with sentences moved and labels changed as editors did."""
    for revision in revisions:
        of = found.get(revision.number)
        match revision.change:
            case Move() as change if of:
                digest = _move(digest, change, of)
            case Relabel(label=label) if of:
                digest = _relabel(digest, of, label)
    return digest


def set_answers(
    digest: Digest, revisions: Sequence[Revision], found: Anchors, paragraphs: Sequence[Paragraph], language: str
) -> Digest:
    """Return the account with the answers that editors chose: what was said in these seconds, a sentence each."""
    for revision in revisions:
        of = found.get(revision.number)
        if isinstance(revision.change, Answer) and of:
            digest = _answer(digest, of, revision.change.spans, paragraphs, language)
    return digest


def _with(digest: Digest, change: Add) -> Digest:
    sentence = Sentence(id=change.sentence, text=change.text, speaker=change.speaker, evidence=change.evidence)
    match change.section:
        case "questions":
            asked = next((one for one in change.evidence if isinstance(one, Heard)), None)
            start, end = (asked.start, asked.end) if asked else (None, None)
            question = Question(start=start, end=end, asked_by=change.label or None, question=sentence)
            questions = [*digest.questions, question]
            last = float("inf")
            ordered = sorted(questions, key=lambda one: last if one.start is None else one.start)
            return digest.model_copy(update={"questions": tuple(ordered)})
        case "terms":
            return digest.model_copy(update={"terms": (*digest.terms, TermEntry(term=change.label, sentence=sentence))})
        case "resources":
            added = Resource(url=change.label, sentence=sentence)
            return digest.model_copy(update={"resources": (*digest.resources, added)})
        case _:
            at = said_at(sentence, 0.0)
            return _place(digest, sentence, change.section, at=at, position=lambda some: _by_time(some, at))


def _by_time(some: Sequence[Sentence], at: float) -> int:
    """Return where a sentence about this second belongs among others: before the first that is about a later one."""
    return next((place for place, one in enumerate(some) if said_at(one, 0.0) > at), len(some))


def _place(
    digest: Digest,
    sentence: Sentence,
    section: SectionName,
    *,
    at: float,
    position: Callable[[Sequence[Sentence]], int],
) -> Digest:
    def among(some: tuple[Sentence, ...]) -> tuple[Sentence, ...]:
        place = position(some)
        return (*some[:place], sentence, *some[place:])

    if section != "chapters":
        return digest.model_copy(update={section: among(getattr(digest, section))})
    holding = max((c.start for c in digest.chapters if c.start <= at), default=None)
    chapters = tuple(_holding(c, among) if c.start == holding else c for c in digest.chapters)
    return digest.model_copy(update={"chapters": chapters})


def _holding(chapter: DigestChapter, among: Callable[[tuple[Sentence, ...]], tuple[Sentence, ...]]) -> DigestChapter:
    return chapter.model_copy(update={"sentences": among(chapter.sentences)})


def _move(digest: Digest, change: Move, of: str) -> Digest:
    sentence = next((one for one in digest.sentences() if one.id == of), None)
    if sentence is None:
        return digest
    left = digest.map_sentences(lambda one: None if one.id == of else one)

    def position(some: Sequence[Sentence]) -> int:
        after = next((place + 1 for place, one in enumerate(some) if one.id == change.after), None)
        return 0 if after is None else after

    at = change.at if change.at is not None else said_at(sentence, 0.0)
    return _place(left, sentence, change.section, at=at, position=position)


def _relabel(digest: Digest, of: str, label: str) -> Digest:
    return digest.model_copy(
        update={
            "questions": tuple(
                one.model_copy(update={"asked_by": label or None}) if one.question.id == of else one
                for one in digest.questions
            ),
            "terms": tuple(
                one.model_copy(update={"term": label}) if one.sentence.id == of else one for one in digest.terms
            ),
            "resources": tuple(
                one.model_copy(update={"url": label}) if one.sentence.id == of else one for one in digest.resources
            ),
        }
    )


def _answer(
    digest: Digest,
    of: str,
    spans: Sequence[Span],
    paragraphs: Sequence[Paragraph],
    language: str,
) -> Digest:
    said = tuple(_speech_in(spans, paragraphs, language))
    update = {
        "answer": said,
        "answer_start": min((span.start for span in spans), default=None),
        "answer_end": max((span.end for span in spans), default=None),
    }
    questions = tuple(q.model_copy(update=update) if q.question.id == of else q for q in digest.questions)
    return digest.model_copy(update={"questions": questions})


def _speech_in(spans: Sequence[Span], paragraphs: Sequence[Paragraph], language: str) -> Iterator[Sentence]:
    """Yield what was said in these seconds, a sentence each, in the clean reading."""
    for span in spans:
        for paragraph in paragraphs:
            words = tuple(w for w in paragraph.words if span.start <= (w.start + w.end) / 2 < span.end)
            if not words:
                continue
            spoken = Utterance(start=words[0].start, end=words[-1].end, speaker=paragraph.speaker, words=words)
            for one in sentences([spoken], language):
                evidence = (heard_between(one.start, one.end),)
                text = text_of(clean(one.words, language))
                if text:
                    yield Sentence(
                        id=sentence_id("answer", evidence), text=text, speaker=paragraph.speaker, evidence=evidence
                    )
