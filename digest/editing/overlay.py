"""Appends the editors' revisions to overlay.jsonl, each checked against the draft it corrects.

All take who revises (`by`), when (`at`) and the number of the last revision that the editor saw (`seen`). They raise
Stale where somebody revised the same thing meanwhile, NotAllowed where the revision makes no sense.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import get_args

from digest.editing.agenda import derived_doubts
from digest.editing.draft import Draft, open_draft
from digest.editing.glossary import lessons
from digest.editing.quotes import carry
from digest.editing.typed import MAX_NAME, MAX_SENTENCE, MAX_TEXT, event_field, label_of, line
from digest.editing.voices import is_new
from digest.editing.words import words_between
from digest.errors import NotAllowed, Stale
from digest.media.poster import picture_at
from digest.model.artifact import Span
from digest.model.digest import Sentence, sentence_id
from digest.model.doubt import AtSentence
from digest.model.evidence import MAX_HEARD, Evidence, Heard
from digest.model.overlay import (
    Add,
    Answer,
    Assign,
    Change,
    Confirm,
    Correct,
    Dismiss,
    EventField,
    Mask,
    Merge,
    Move,
    NameSpeaker,
    PageSection,
    Relabel,
    Revision,
    Reword,
    SectionName,
    SetChapter,
    SetPoster,
    SetSections,
    SetSlide,
    Strike,
    Trim,
    Undo,
    Withhold,
)
from digest.model.speech import text_of
from digest.store.journal import append_all
from digest.store.workspace import OVERLAY, Workspace
from digest.text.cleaning import clean_text

AGAIN = "Load the page again."


def reword(workspace: Workspace, sentence: str, text: str, *, by: str, at: datetime, seen: int) -> Revision:
    """Write a sentence anew; the words that stood there before take that back."""
    was, text = _sentence(workspace, sentence), line(text, MAX_SENTENCE, "The sentence")
    change: Change = Reword(sentence=sentence, was=was.text, rests_on=was.evidence, text=text)
    if text == was.text:
        change = Undo(thing=change.thing)
    return record(workspace, change, by=by, at=at, seen=seen)


def strike(workspace: Workspace, sentence: str, *, by: str, at: datetime, seen: int) -> Revision:
    """Take a sentence out."""
    was = _sentence(workspace, sentence)
    change = Strike(sentence=sentence, was=was.text, rests_on=was.evidence)
    return record(workspace, change, by=by, at=at, seen=seen)


def add(
    workspace: Workspace,
    section: SectionName,
    text: str,
    evidence: Sequence[Evidence],
    *,
    label: str = "",
    by: str,
    at: datetime,
    seen: int,
) -> Revision:
    """Add a sentence that rests on this; `label` is who asked it, the term it explains or the address it is about."""
    draft, text = _draft(workspace), line(text, MAX_SENTENCE, "The sentence")
    if section not in get_args(SectionName) or not evidence:
        raise NotAllowed(
            "A sentence stands in a section and rests on something.", remedy="Say from where to where it was said."
        )
    for rests in evidence:
        if isinstance(rests, Heard):
            _stretch(rests.start, rests.end, draft, longest=MAX_HEARD)
    usual = sentence_id(section, evidence)
    known = {one.id for one in draft.laid_out.sentences()} | {
        r.change.sentence for r in draft.overlay.revisions if isinstance(r.change, Add)
    }
    number = next(n for n in range(1, len(known) + 2) if _id_of(usual, n) not in known)
    change = Add(
        sentence=_id_of(usual, number),
        section=section,
        text=text,
        speaker=_speaking(draft, evidence),
        evidence=tuple(evidence),
        label=label_of(section, label),
    )
    return record(workspace, change, by=by, at=at, seen=seen)


def move(
    workspace: Workspace,
    sentence: str,
    section: SectionName,
    *,
    after: str | None,
    chapter: float | None = None,
    by: str,
    at: datetime,
    seen: int,
) -> Revision:
    """Put a sentence right after another, or first in a section; in "chapters" that of the second `chapter`."""
    was = _sentence(workspace, sentence)
    if section in ("questions", "terms", "resources") or section not in get_args(SectionName):
        raise NotAllowed("A sentence cannot be moved there.", remedy="Choose another section.")
    if after is not None:
        _sentence(workspace, after)
    change = Move(sentence=sentence, was=was.text, rests_on=was.evidence, section=section, after=after, at=chapter)
    return record(workspace, change, by=by, at=at, seen=seen)


def relabel(workspace: Workspace, sentence: str, label: str, *, by: str, at: datetime, seen: int) -> Revision:
    """Say who asked a question, which term is explained, or which address a resource has."""
    was, digest = _sentence(workspace, sentence), _draft(workspace).laid_out
    section = (
        "resources"
        if sentence in {one.sentence.id for one in digest.resources}
        else "terms"
        if sentence in {one.sentence.id for one in digest.terms}
        else "questions"
    )
    change = Relabel(sentence=sentence, was=was.text, rests_on=was.evidence, label=label_of(section, label))
    return record(workspace, change, by=by, at=at, seen=seen)


def answer(workspace: Workspace, question: str, spans: Sequence[Span], *, by: str, at: datetime, seen: int) -> Revision:
    """Say which seconds answer a question; none: it was not answered."""
    draft, was = _draft(workspace), _sentence(workspace, question)
    for span in spans:
        _stretch(span.start, span.end, draft)
        if not words_between(draft.edition.paragraphs, span.start, span.end):
            raise NotAllowed("Nothing is said in these seconds.", remedy="Correct where the answer begins and ends.")
    change = Answer(sentence=question, was=was.text, rests_on=was.evidence, spans=tuple(spans))
    before = next((one.answer for one in draft.laid_out.questions if one.question.id == question), ())
    return record(workspace, change, *_without_changes_of(draft, before), by=by, at=at, seen=seen)


def set_chapter(
    workspace: Workspace, chapter: float, start: float | None, title: str, *, by: str, at: datetime, seen: int
) -> Revision:
    """Say what a chapter is called and where it begins; without `start` it is joined to the one before.

    `chapter` is where the machine's begins, or anywhere else for a new one.
    """
    draft = _draft(workspace)
    was = next((one.title for one in draft.artifacts.digest.chapters if one.start == chapter), None)
    title = "" if start is None else line(title, MAX_NAME, "The title")
    for second in (chapter, start):
        if second is not None:
            _second(second, draft)
    change = SetChapter(chapter=chapter, was=was, start=start, title=title)
    return record(workspace, change, by=by, at=at, seen=seen)


def set_slide(
    workspace: Workspace, interval: float, start: float | None, slide: int | None, *, by: str, at: datetime, seen: int
) -> Revision:
    """Say which slide came on, and when; without `start` the interval is joined to the one before.

    `interval` is where the machine's begins, or anywhere else for a new one.
    """
    draft = _draft(workspace)
    was = next((one.slide for one in draft.artifacts.alignment.intervals if one.start == interval), -1)
    if slide is not None and slide not in {one.number for one in draft.edition.slides}:
        raise NotAllowed("The presentation has no such slide.", remedy="Give the number of a slide that readers see.")
    for second in (interval, start):
        if second is not None:
            _second(second, draft)
    change = SetSlide(interval=interval, was=was, start=start, slide=slide)
    return record(workspace, change, by=by, at=at, seen=seen)


def name_speaker(workspace: Workspace, speaker: str, name: str, *, by: str, at: datetime, seen: int) -> Revision:
    """Say who a voice is; an empty name takes it back."""
    draft = _draft(workspace)
    heard = _longest_turn(draft, speaker)
    clean = line(name, MAX_NAME, "The name") if name.strip() else ""
    return record(workspace, NameSpeaker(speaker=speaker, name=clean, heard=heard), by=by, at=at, seen=seen)


def merge(workspace: Workspace, speaker: str, into: str, *, by: str, at: datetime, seen: int) -> Revision:
    """Say that two voices are one."""
    draft = _draft(workspace)
    heard, also = _longest_turn(draft, speaker), _longest_turn(draft, into)
    if speaker == into or heard is None or also is None:
        raise NotAllowed("Two voices that speak are needed.", remedy=AGAIN)
    change = Merge(speaker=speaker, into=into, heard=heard, also_heard=also)
    return record(workspace, change, by=by, at=at, seen=seen)


def assign(
    workspace: Workspace, start: float, end: float, speaker: str, *, by: str, at: datetime, seen: int
) -> Revision:
    """Say which voice says what is said in [start, end); "new" is one that nobody heard apart so far."""
    draft = _draft(workspace)
    _stretch(start, end, draft)
    if not words_between(draft.edition.paragraphs, start, end):
        raise NotAllowed("Nothing is said in these seconds.", remedy=AGAIN)
    if speaker == "new":
        made = {r.change.speaker for r in draft.overlay.revisions if isinstance(r.change, Assign)}
        speaker = f"editor-{1 + sum(map(is_new, made))}"
        change = Assign(start=start, end=end, speaker=speaker)
    else:
        change = Assign(start=start, end=end, speaker=speaker, heard=_longest_turn(draft, speaker))
    return record(workspace, change, by=by, at=at, seen=seen)


def correct(
    workspace: Workspace, start: float, end: float, text: str, *, teach: str = "", by: str, at: datetime, seen: int
) -> Revision:
    """Write anew what is said in [start, end), and in the sentences that quote it; without words nothing is said there.

    What it does to sentences is of one group with it: taken back at once. Names and acronyms in it are told to the next
    webinars of the "series" or the "organisation" that `teach` names.
    """
    draft = _draft(workspace)
    change = correction(draft, start, end, text)
    heard = text_of(words_between(draft.edition.paragraphs, start, end))
    more = (*carry(draft, start, end, text), *lessons(draft, heard, text, teach))
    return record(workspace, change, *more, by=by, at=at, seen=seen)


def correction(draft: Draft, start: float, end: float, text: str) -> Change:
    """Return the change that writes these seconds of the transcript anew. Raises NotAllowed as `correct` does."""
    _stretch(start, end, draft)
    text = " ".join(clean_text(text).split())
    if len(text) > MAX_TEXT:
        raise NotAllowed(f"The passage is longer than {MAX_TEXT} characters.", remedy="Shorten it.")
    before = [r.change for r in draft.overlay.in_force() if isinstance(r.change, Correct)]
    touching = [one for one in before if one.start < end and start < one.end]
    now = draft.edition.paragraphs
    if (
        len(touching) == 1
    ):  # what was corrected before is corrected again, though its first word may begin elsewhere now
        (one,) = touching
        if words_between(now, one.start, one.end) == words_between(now, start, end):
            start, end = one.start, one.end
    was = text_of(words_between(draft.divided, start, end))
    if not was:
        raise NotAllowed("Nothing is said in these seconds.", remedy=AGAIN)
    change = Correct(start=start, end=end, was=was, text=text)
    return Undo(thing=change.thing) if text == was and change.thing in {one.thing for one in touching} else change


def withhold(workspace: Workspace, start: float, end: float, *, by: str, at: datetime, seen: int) -> Revision:
    """Keep what is said in [start, end) from readers: its words and its sound."""
    _stretch(start, end, _draft(workspace))
    return record(workspace, Withhold(start=start, end=end), by=by, at=at, seen=seen)


def mask(workspace: Workspace, name: str, *, by: str, at: datetime, seen: int) -> Revision:
    """Keep a name, or an address that a slide shows, from readers wherever it is written."""
    return record(workspace, Mask(name=line(name, MAX_SENTENCE, "The name")), by=by, at=at, seen=seen)


def confirm(workspace: Workspace, field: str, value: str, *, by: str, at: datetime, seen: int) -> Revision:
    """Confirm or correct a field of the event."""
    _draft(workspace)
    for known in get_args(EventField):
        if known == field:
            return record(workspace, Confirm(field=known, value=event_field(known, value)), by=by, at=at, seen=seen)
    raise NotAllowed("An event has no such field that could be changed here.", remedy=AGAIN)


def trim(workspace: Workspace, start: float | None, end: float | None, *, by: str, at: datetime, seen: int) -> Revision:
    """Say from where to where readers get the recording; None: from its beginning, to its end."""
    draft = _draft(workspace)
    duration = draft.artifacts.media.duration
    start = start or None
    end = None if end is None or end >= duration else end
    _stretch(start or 0.0, duration if end is None else end, draft)
    change: Change = Trim(start=start, end=end)
    if start is None and end is None:
        change = Undo(thing=change.thing)
    return record(workspace, change, by=by, at=at, seen=seen)


def set_poster(
    workspace: Workspace, *, slide: int | None = None, second: float | None = None, by: str, at: datetime, seen: int
) -> Revision:
    """Say what stands where the recording will play: a slide, or what the recording shows at a second."""
    draft, picture = _draft(workspace), None
    if not draft.artifacts.media.has_video:
        raise NotAllowed("The recording has no picture.", remedy="Nothing to do: readers see its controls.")
    if second is not None:
        _second(second, draft)
        web = draft.artifacts.media.web
        picture = picture_at(second, web, found=workspace.find(web), root=workspace.root)
    elif slide not in {one.number for one in draft.edition.slides if one.image}:
        raise NotAllowed("There is no picture of such a slide.", remedy="Choose a slide that readers see.")
    change = SetPoster(slide=None if picture else slide, second=second, picture=picture)
    return record(workspace, change, by=by, at=at, seen=seen)


def set_sections(workspace: Workspace, sections: Sequence[str], *, by: str, at: datetime, seen: int) -> Revision:
    """Say which sections of the account readers get, in their order."""
    _draft(workspace)
    known = [one for name in sections for one in get_args(PageSection) if one == name]
    if len(known) != len(sections) or len(set(known)) != len(known):
        raise NotAllowed("There is no such section, or it stands there twice.", remedy=AGAIN)
    change: Change = SetSections(sections=tuple(known))
    if tuple(known) == get_args(PageSection):
        change = Undo(thing=change.thing)
    return record(workspace, change, by=by, at=at, seen=seen)


def dismiss(workspace: Workspace, doubt: str, *, by: str, at: datetime, seen: int) -> Revision:
    """Say that nothing is wrong where the draft has a doubt of this name; off the record: that it may be published."""
    draft = _draft(workspace)
    found = next((one for one in (*draft.laid_out.doubts, *derived_doubts(draft)) if one.name == doubt), None)
    if found is None:
        raise NotAllowed("There is no such doubt in this draft.", remedy=AGAIN)
    where = found.place
    was = _sentence(workspace, where.sentence).text if isinstance(where, AtSentence) else "".join(found.compare[:1])
    return record(workspace, Dismiss(place=where, kind=found.kind, was=was), by=by, at=at, seen=seen)


def undo(workspace: Workspace, thing: str, *, by: str, at: datetime, seen: int) -> Revision:
    """Take back what was done to a thing, named as its changes name it: the machine's own stands there again."""
    if thing not in {revision.change.thing for revision in workspace.overlay().in_force()}:
        raise NotAllowed("Nobody has changed this.", remedy=AGAIN)
    draft, of = _draft(workspace), thing.removeprefix("added ")
    added = [one for one in draft.laid_out.sentences() if of != thing and one.id == of]
    return record(workspace, Undo(thing=thing), *_without_changes_of(draft, added), by=by, at=at, seen=seen)


def undo_group(workspace: Workspace, group: int, *, by: str, at: datetime, seen: int) -> Revision:
    """Take back all that was changed at once and that nobody changed since."""
    overlay = workspace.overlay()
    things = [r.change.thing for r in overlay.in_force() if r.group == group]
    if not things:
        raise NotAllowed("Nothing of this is left to take back.", remedy=AGAIN)
    return record(workspace, *(Undo(thing=thing) for thing in things), by=by, at=at, seen=seen)


def record(workspace: Workspace, *changes: Change, by: str, at: datetime, seen: int) -> Revision:
    """Append the changes as revisions and return the first; more than one are a group, taken back at once.

    Raises Stale where somebody changed one of these things after revision `seen`.
    """

    def lines(revisions: tuple[Revision, ...]) -> tuple[Revision, ...]:
        last = len(revisions)
        if not 0 <= seen <= last or any(_is_same(r.change, c) for r in revisions[seen:] for c in changes):
            raise Stale("Somebody else changed this meanwhile.", remedy="Compare both texts and save again.")
        group = last + 1 if len(changes) > 1 else None
        return tuple(
            Revision(number=last + n, at=at, by=by, change=change, group=group) for n, change in enumerate(changes, 1)
        )

    return append_all(workspace.root / OVERLAY, Revision, lines)[0]


def _is_same(one: Change, other: Change) -> bool:
    """Return whether two changes are of one thing: words are, where their seconds overlap."""
    if isinstance(one, Correct) and isinstance(other, Correct):
        return one.start < other.end and other.start < one.end
    return one.thing == other.thing


def _draft(workspace: Workspace) -> Draft:
    draft = open_draft(workspace)
    if draft is None:
        raise NotAllowed("There is no draft yet.", remedy="Run the drop first.")
    return draft


def _sentence(workspace: Workspace, sentence: str) -> Sentence:
    draft = open_draft(workspace)
    for known in draft.laid_out.sentences() if draft else ():
        if known.id == sentence:
            return known
    raise NotAllowed("There is no such sentence in this draft.", remedy=AGAIN)


def _without_changes_of(draft: Draft, sentences: Sequence[Sentence]) -> tuple[Undo, ...]:
    """Return what takes back the changes of sentences that go, so that they are not listed as lost."""
    ids = {sentence.id for sentence in sentences}
    changes = (r.change.thing for r in draft.overlay.in_force() if draft.revised.anchors.get(r.number) in ids)
    return tuple(Undo(thing=thing) for thing in changes)


def _longest_turn(draft: Draft, speaker: str) -> Span | None:
    """Return where a voice speaks longest, None for one that an editor made. Raises NotAllowed for no voice."""
    if speaker not in {voice.id for voice in draft.edition.speakers}:
        raise NotAllowed("There is no such voice in this webinar.", remedy=AGAIN)
    turns = [turn for turn in draft.artifacts.speakers.turns if turn.speaker == speaker]
    longest = max(turns, key=lambda turn: turn.end - turn.start, default=None)
    return Span(start=longest.start, end=longest.end) if longest else None


def _speaking(draft: Draft, evidence: Sequence[Evidence]) -> str | None:
    """Return the voice that is heard in all of the evidence, None where there are several."""
    heard = [one for one in evidence if isinstance(one, Heard)]
    paragraphs = draft.edition.paragraphs
    voices = {p.speaker for p in paragraphs for one in heard if words_between([p], one.start, one.end)}
    return voices.pop() if len(voices) == 1 else None


def _second(second: float, draft: Draft) -> None:
    if not 0 <= second < draft.artifacts.media.duration:
        raise NotAllowed("The recording has no such second.", remedy="Write a time like 12:34.")


def _stretch(start: float, end: float, draft: Draft, longest: float | None = None) -> None:
    _second(start, draft)
    if not start < end:
        raise NotAllowed("The end must come after the beginning.", remedy="Correct where it begins and ends.")
    if longest is not None and end - start > longest:
        raise NotAllowed(f"A sentence rests on at most {longest:.0f} seconds.", remedy="Choose the part that says it.")


def _id_of(id_: str, number: int) -> str:
    return id_ if number == 1 else f"{id_}-{number}"
