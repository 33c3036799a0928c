"""A draft as editors see it, each sentence with what was said and shown there: Workspace in, Draft and Sections out."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile

from digest.editing import Draft
from digest.editing.agenda import AgendaItem
from digest.faithfulness.differences import Difference, differences
from digest.faithfulness.doubts import doubts
from digest.language.sentences import SpokenSentence, sentences
from digest.model.alignment import Interval
from digest.model.artifact import Span
from digest.model.companions import Poll, TypedQuestion
from digest.model.digest import Sentence
from digest.model.edition import Artifacts, Edition, EditionSlide
from digest.model.event import Event, EventSpeaker, Organiser
from digest.model.evidence import MAX_HEARD, Announced, Evidence, Heard, Left, Shown
from digest.model.overlay import Dismiss, Revision, Reword, SetChapter, SetSlide, Strike
from digest.model.speech import Speaker, text_of, utterances

CONTEXT = 16  # words shown before and after what a sentence rests on
SAMPLE = 12.0  # seconds of a voice, to tell who it is
DOUBTED = {
    "trap": "It may not have been meant so: irony, a view quoted to be refuted, a plan since dropped.",
    "correction": "The number was taken back in the next breath.",
    "off the record": "Said off the record? Readers get neither these words nor their sound: no page and no file has "
    "them, and the published recording is silent there. You hear them here and in the preview.",
    "question": "Somebody of the audience may ask something here that the digest does not have.",
    "answer": "The answer may belong to another question, or be missing.",
    "no answer": "Nothing that follows is likely to be the answer: was it declined, or passed over? Listen.",
    "sentence": "Check this against what was said: who says or does it, what the numbers count, what is denied, and "
    "whether it was meant so.",
    "audience": "Somebody of the audience may be named here, who did not agree to that. Readers get […] for the name "
    "in transcript and captions; the recording still has it.",
    "voice": "Is this the voice of whom it is named after? All that it says stands under this name.",
    "name": "The voice has no name and may be one of these.",
    "words": "The recogniser was unsure of the marked words. Sentences that quote them follow what you put right.",
    "slide": "Another slide may have come on here, or at another second.",
}


@dataclass(frozen=True)
class Passage:
    """What a sentence rests on: `heard` in recording time amid other words, the slide then, or what is `written`."""

    heard: Heard | None = None
    before: str = ""
    said: str = ""
    after: str = ""
    slide: EditionSlide | None = None
    written: str = ""  # by a companion, or in the announcement


@dataclass(frozen=True)
class Row:
    """A sentence of the draft. `text` is None where readers will not see it; `changed` is the revision in force.

    `doubts` say why an editor's wording should be checked: nothing where what was said supports it.
    """

    id: str
    machine: str
    text: str | None
    changed: Revision | None
    label: str
    passages: tuple[Passage, ...]
    doubts: tuple[str, ...] = ()

    @property
    def is_reworded(self) -> bool:
        """Return whether readers will see other words than the machine's."""
        return self.text is not None and self.text != self.machine

    @property
    def is_struck(self) -> bool:
        """Return whether an editor struck this very sentence: an answer also goes with its question."""
        return self.changed is not None and isinstance(self.changed.change, Strike)


@dataclass(frozen=True)
class Section:
    """A part of the page; `stretch` where it has a time of its own; `level` 3 stands under the level 2 before it.

    `chapter` is what a change of a chapter names, None for what is none.
    """

    title: str
    rows: tuple[Row, ...] = ()
    stretch: Span | None = None
    level: int = 2
    chapter: float | None = None


@dataclass(frozen=True)
class SlideRow:
    """A slide interval with its slide, None where none was on; `key` is what a change of it names."""

    key: float
    interval: Interval
    slide: EditionSlide | None


@dataclass(frozen=True)
class Voice:
    """A speaker with the longest stretch of theirs, cut short, and how many seconds they spoke."""

    speaker: Speaker
    sample: Span | None
    seconds: float


def sections(draft: Draft) -> tuple[Section, ...]:
    """Return all of the draft in the order of the digest page; an empty section is left out."""
    digest = draft.laid_out
    row, moved = _rows(draft), _keys(draft, SetChapter, "chapter")

    def rows(sentences: Sequence[Sentence], label: str = "") -> tuple[Row, ...]:
        return tuple(row(sentence, label) for sentence in sentences)

    found = [Section("In brief", rows(digest.in_brief)), Section("Key points", rows(digest.key_points))]
    chapters = [
        Section(
            chapter.title,
            rows(chapter.sentences),
            Span(start=chapter.start, end=chapter.end),
            3,
            moved.get(chapter.start, chapter.start),
        )
        for chapter in digest.chapters
    ]
    asked = [
        Section(
            f"Question {number}",
            (row(question.question, "Question"), *rows(question.answer, "Answer")),
            None if question.start is None or question.end is None else Span(start=question.start, end=question.end),
            3,
        )
        for number, question in enumerate(digest.questions, start=1)
    ]
    found += [Section("Discussion"), *chapters] if chapters else []
    found += [Section("Questions"), *asked] if asked else []
    found += [
        Section("Polls", tuple(row(poll.question, "Poll") for poll in digest.polls)),
        Section("Quotes", rows(digest.quotes)),
        Section("Figures", rows(digest.figures)),
        Section("Left open", rows(digest.left_open)),
        Section("Terms", tuple(row(term.sentence, term.term) for term in digest.terms)),
        Section("Resources", tuple(row(resource.sentence, resource.url) for resource in digest.resources)),
    ]
    return tuple(
        section for section in found if section.rows or section.stretch or section.title in ("Discussion", "Questions")
    )


def slide_rows(draft: Draft) -> tuple[SlideRow, ...]:
    """Return the slide intervals, each by the second that names it in the overlay."""
    moved, slides = _keys(draft, SetSlide, "interval"), {slide.number: slide for slide in draft.edition.slides}
    return tuple(
        SlideRow(moved.get(one.start, one.start), one, slides.get(one.slide or 0)) for one in draft.edition.intervals
    )


def _keys(draft: Draft, kind: type[SetChapter | SetSlide], name: str) -> dict[float, float]:
    """Return by which second the overlay names what begins at another since an editor moved it."""
    changes = [revision.change for revision in draft.overlay.in_force()]
    starts = ((change.start, getattr(change, name)) for change in changes if isinstance(change, kind))
    return {start: key for start, key in starts if start is not None}


def slide_differences(draft: Draft) -> tuple[Difference, ...]:
    """Return where slides and speakers differ, what was said otherwise first."""
    found, transcript = draft.artifacts, draft.artifacts.transcript
    said = sentences(utterances(transcript, found.speakers), transcript.language)
    of_all = differences(said, found.deck, found.alignment, transcript.language)
    return tuple(sorted(of_all, key=lambda difference: difference.heard is None))


def voices(draft: Draft) -> tuple[Voice, ...]:
    """Return the speakers of the Edition, each with a sample of the voice."""
    found = []
    for speaker in draft.edition.speakers:
        turns = [turn for turn in draft.artifacts.speakers.turns if turn.speaker == speaker.id]
        longest = max(turns, key=lambda turn: turn.end - turn.start, default=None)
        sample = Span(start=longest.start, end=min(longest.end, longest.start + SAMPLE)) if longest else None
        found.append(Voice(speaker, sample, sum(turn.end - turn.start for turn in turns)))
    return tuple(found)


def unfit(draft: Draft) -> tuple[Revision, ...]:
    """Return the revisions that no longer fit what the machine wrote, so that none is lost unseen."""
    return tuple(revision for revision in draft.overlay.revisions if revision.number in draft.edition.unfit)


def left_questions(draft: Draft) -> Iterator[tuple[str, TypedQuestion]]:
    """Yield what was typed into the platform's report and is no question of the account, with its number there."""
    asked = {e.item for one in draft.laid_out.questions for e in one.question.evidence if isinstance(e, Left)}
    for number, typed in enumerate(draft.artifacts.companions.questions):
        if number not in asked:
            yield str(number), typed


def dismissals(draft: Draft) -> tuple[Revision, ...]:
    """Return the dismissals of doubts in force, the latest first."""
    found = (
        r for r in draft.overlay.in_force() if isinstance(r.change, Dismiss) and r.number not in draft.edition.unfit
    )
    return tuple(sorted(found, key=lambda revision: -revision.number))


def sounds(item: AgendaItem) -> tuple[Span, ...]:
    """Return what to listen to, at most a minute each: all of a stretch, for nobody judges what they cannot hear."""
    where = item.doubt.place
    whole = (
        [where] if isinstance(where, Span) and item.doubt.kind not in ("words", "slide", "voice") else list(item.heard)
    )
    return tuple(part for span in whole for part in _minutes(span))


def _minutes(span: Span) -> Iterator[Span]:
    starts = (span.start + minute * MAX_HEARD for minute in range(1 + int((span.end - span.start) / MAX_HEARD)))
    yield from (Span(start=start, end=min(span.end, start + MAX_HEARD)) for start in starts if start < span.end)


def slide_at(draft: Draft, second: float) -> EditionSlide | None:
    """Return the slide that was on then."""
    number = _slide_during(draft.edition, Heard(start=second, end=second + 1))
    return next((slide for slide in draft.edition.slides if slide.number == number), None)


def voice_at(draft: Draft, second: float) -> str:
    """Return the voice whose turn begins then, empty where none does."""
    return next((turn.speaker for turn in draft.artifacts.speakers.turns if turn.start == second), "")


def _rows(draft: Draft) -> Callable[[Sentence, str], Row]:
    now = {sentence.id: sentence.text for sentence in draft.edition.digest.sentences()}
    changes = {
        draft.revised.anchors[revision.number]: revision
        for revision in draft.overlay.in_force()
        if isinstance(revision.change, Reword | Strike) and revision.number in draft.revised.anchors
    }
    passage = _passages(draft.artifacts, draft.edition)

    def row(sentence: Sentence, label: str) -> Row:
        passages, text = tuple(map(passage, sentence.evidence)), now.get(sentence.id)
        doubted = _doubts(text, sentence, draft) if text not in (None, sentence.text) else ()
        return Row(sentence.id, sentence.text, text, changes.get(sentence.id), label, passages, doubted)

    return row


def _doubts(text: str | None, sentence: Sentence, draft: Draft) -> tuple[str, ...]:
    """Return why a rewording may not say what was said; its rules are English, and need something that was heard."""
    transcript = draft.artifacts.transcript
    heard = [evidence for evidence in sentence.evidence if isinstance(evidence, Heard)]
    if not (text and heard) or transcript.language != "en":
        return ()
    words = tuple(w for w in transcript.words() for e in heard if e.start <= (w.start + w.end) / 2 < e.end)
    names = [speaker.name for speaker in draft.edition.speakers if speaker.name]
    return doubts(text, None, [SpokenSentence(speaker="", words=words)], names) if words else ()


def _passages(artifacts: Artifacts, edition: Edition) -> Callable[[Evidence], Passage]:
    words = tuple(artifacts.transcript.words())
    middles = [(word.start + word.end) / 2 for word in words]
    slides = {slide.number: slide for slide in edition.slides}

    def passage(evidence: Evidence) -> Passage:
        if isinstance(evidence, Shown):
            return Passage(slide=slides.get(evidence.slide))
        if isinstance(evidence, Left):
            return Passage(written=_typed_text(artifacts, evidence))
        if isinstance(evidence, Announced):
            return Passage(written=_announced_text(edition.event, evidence.field))
        first, last = bisect_left(middles, evidence.start), bisect_left(middles, evidence.end)
        number = _slide_during(edition, evidence)
        return Passage(
            heard=evidence,
            before=text_of(words[max(0, first - CONTEXT) : first]),
            said=text_of(words[first:last]),
            after=text_of(words[last : last + CONTEXT]),
            slide=slides.get(number) if number else None,
        )

    return passage


def _slide_during(edition: Edition, heard: Heard) -> int | None:
    """Return the slide that was on longest while this was said."""
    first = max(0, bisect_right(edition.intervals, heard.start, key=lambda interval: interval.start) - 1)
    on = takewhile(lambda interval: interval.start < heard.end, edition.intervals[first:])
    shown = max(on, key=lambda interval: min(interval.end, heard.end) - max(interval.start, heard.start), default=None)
    return shown.slide if shown else None


def _typed_text(artifacts: Artifacts, evidence: Left) -> str:
    items = getattr(artifacts.companions, evidence.companion, ())
    if evidence.item >= len(items):
        return ""
    item = items[evidence.item]
    if isinstance(item, TypedQuestion):
        return " ".join(filter(None, (item.text, item.answer)))
    return _count(item) if isinstance(item, Poll) else str(getattr(item, "text", ""))


def _announced_text(event: Event, field: str) -> str:
    """Return a field of the announcement as text: names and roles in a line each."""
    value = getattr(event, field, "")
    if isinstance(value, tuple):
        people = ((one.name, getattr(one, "role", None)) for one in value if isinstance(one, EventSpeaker | Organiser))
        return "\n".join(", ".join(filter(None, person)) for person in people)
    return str(value)


def _count(poll: Poll) -> str:
    """Return a poll in a line: "Who pays? Nobody: 3, everybody: 12"."""
    return f"{poll.question} {', '.join(f'{option.text}: {option.votes}' for option in poll.options)}"
