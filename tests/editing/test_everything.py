"""Whatever readers see can be changed, merged with what others change meanwhile, and taken back."""

import itertools
from pathlib import Path
from typing import Any

import pytest

from digest import editing
from digest.editing.voices import is_new
from digest.errors import DigestError, NotAllowed, Stale
from digest.exports.captions import cut_cues
from digest.model.artifact import Span
from digest.model.edition import Edition
from digest.model.evidence import Heard
from digest.model.overlay import Add, Assign, Revision
from digest.privacy import public_edition
from digest.store.workspace import Workspace
from tests import truth as t
from tests.editing.builders import NOW, a_draft, saved

DRAFT = a_draft().model_copy(update={"speakers": t.speakers(t.DEMO)})
WHO: dict[str, Any] = {"by": "Ana", "at": NOW}
ANA = WHO | {"seen": 0}
CHAPTERS = DRAFT.digest.chapters
POINT = DRAFT.digest.key_points[0]
ASKED = DRAFT.digest.questions[0]


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """Return the demo's draft as files."""
    return saved(DRAFT, tmp_path / "norms")


def sentence_of(revision: Revision) -> str:
    """Return the id of the sentence that a revision adds."""
    assert isinstance(revision.change, Add)
    return revision.change.sentence


def edition(workspace: Workspace) -> Edition:
    """Return the Edition as it stands now, nothing unfit."""
    draft = editing.read_draft(workspace)
    assert draft
    assert draft.edition.unfit == ()
    return draft.edition


def test_a_sentence_of_ones_own_stands_where_it_was_said(workspace: Workspace) -> None:
    """It stands in the chapter of its seconds, said by whoever speaks there, and can be reworded like any other."""
    start = CHAPTERS[1].start + 5
    added = editing.add(workspace, "chapters", "One more thing.", [Heard(start=start, end=start + 6)], **ANA)
    of = sentence_of(added)
    editing.reword(workspace, of, "One thing more.", **WHO, seen=1)

    (found,) = (s for s in edition(workspace).digest.chapters[1].sentences if s.id == of)
    assert (found.text, found.evidence) == ("One thing more.", (Heard(start=start, end=start + 6),))
    assert found.speaker in {one.speaker for one in DRAFT.speakers.turns if one.start < start + 6 and start < one.end}
    editing.undo(workspace, f"added {of}", **WHO, seen=2)
    assert of not in {s.id for s in edition(workspace).digest.sentences()}


def test_a_passage_keeps_its_language_whatever_is_changed_in_it(tmp_path: Path) -> None:
    """What was heard in another language is marked so, also where somebody corrects its words or gives it a voice."""
    said = DRAFT.transcript
    middle = len(said.segments) // 2
    marked = [one.model_copy(update={"language": "fr"}) for one in said.segments[middle:]]
    other = said.model_copy(update={"segments": (*said.segments[:middle], *marked)})
    workspace = saved(DRAFT.model_copy(update={"transcript": other}), tmp_path / "mixed")
    last = edition(workspace).paragraphs[-1]
    editing.assign(workspace, last.start, last.end, DRAFT.speakers.speakers[0].id, **ANA)

    found = edition(workspace).paragraphs

    border = said.segments[middle].start
    assert {one.language for one in found if one.start >= border} == {"fr"}
    assert {one.language for one in found if one.end <= border} == {None}


def test_a_sentence_moves(workspace: Workspace) -> None:
    """Up and down in its section, and to another one."""
    last = DRAFT.digest.key_points[-1]
    editing.move(workspace, last.id, "key_points", after=None, **ANA)
    assert edition(workspace).digest.key_points[0].id == last.id

    editing.move(workspace, last.id, "chapters", after=None, chapter=CHAPTERS[1].start, **WHO, seen=1)
    moved = edition(workspace).digest
    assert moved.chapters[1].sentences[0].id == last.id
    assert last.id not in {one.id for one in moved.key_points}


def test_a_question_gets_its_asker_and_its_answer(workspace: Workspace) -> None:
    """Who asked, which seconds answer it, or that nobody did; the answer is what was said there."""
    of = ASKED.question.id
    editing.relabel(workspace, of, "A listener from Oslo", **ANA)
    start = ASKED.answer_start or ASKED.end or 0.0
    editing.answer(workspace, of, [Span(start=start, end=start + 20)], **WHO, seen=1)

    asked = next(one for one in edition(workspace).digest.questions if one.question.id == of)
    assert asked.asked_by == "A listener from Oslo"
    said = {
        word.text.strip(".,?!").casefold() for word in DRAFT.transcript.words() if start <= word.start <= start + 20
    }
    assert asked.answer
    assert all(
        word.strip(".,?!").casefold() in said for one in asked.answer for word in one.text.split() if word.isalpha()
    )
    first = asked.answer[0]
    editing.reword(workspace, first.id, "Nobody does.", **WHO, seen=2)
    assert "Nobody does." in {s.text for s in edition(workspace).digest.sentences()}

    editing.answer(workspace, of, [], **WHO, seen=3)
    assert next(one for one in edition(workspace).digest.questions if one.question.id == of).answer == ()


def test_a_new_question_stands_in_its_time(workspace: Workspace) -> None:
    """Also one that the machine missed."""
    added = editing.add(workspace, "questions", "Who pays?", [Heard(start=1.0, end=4.0)], label="Ann", **ANA)

    first = edition(workspace).digest.questions[0]
    assert (first.question.id, first.asked_by, first.start) == (sentence_of(added), "Ann", 1.0)


def test_chapters_are_divided_and_titled_anew(workspace: Workspace) -> None:
    """A title, a border, a new chapter, one joined to the one before: sentences go where their seconds are."""
    second, third = CHAPTERS[1], CHAPTERS[2]
    editing.set_chapter(workspace, second.start, second.start, "Why norms", **ANA)
    editing.set_chapter(workspace, third.start, third.start + 30, third.title, **WHO, seen=1)
    now = edition(workspace).digest.chapters
    assert now[1].title == "Why norms"
    assert (now[1].end, now[2].start) == (third.start + 30, third.start + 30)
    assert {s.id for c in now for s in c.sentences} == {s.id for c in CHAPTERS for s in c.sentences}

    editing.set_chapter(workspace, third.start, None, "", **WHO, seen=2)
    editing.set_chapter(workspace, 12.5, 12.5, "A word first", **WHO, seen=3)
    now = edition(workspace).digest.chapters
    assert [c.title for c in now[:3]] == [CHAPTERS[0].title, "A word first", "Why norms"]
    assert len(now) == len(CHAPTERS)
    assert all(a.end == b.start for a, b in itertools.pairwise(now))


def test_slides_come_on_when_editors_say(workspace: Workspace) -> None:
    """Another slide, another second, and none at all; every second still has one interval."""
    first, second = DRAFT.alignment.intervals[:2]
    editing.set_slide(workspace, second.start, second.start + 3, second.slide, **ANA)
    editing.set_slide(workspace, first.start, first.start, None, **WHO, seen=1)

    now = edition(workspace).intervals
    assert (now[0].slide, now[0].end, now[1].start, now[1].slide) == (
        None,
        second.start + 3,
        second.start + 3,
        second.slide,
    )
    assert all(a.end == b.start for a, b in itertools.pairwise(now))
    with pytest.raises(NotAllowed, match="no such slide"):
        editing.set_slide(workspace, second.start, second.start, 99, **WHO, seen=2)


def test_a_voice_apart_gets_its_name(workspace: Workspace) -> None:
    """A stretch that the machine gave to somebody else becomes a voice of its own."""
    one = max(DRAFT.speakers.turns, key=lambda turn: turn.end - turn.start)
    made = editing.assign(workspace, one.start + 2, one.start + 12, "new", **ANA)
    assert isinstance(made.change, Assign)
    voice = made.change.speaker
    editing.name_speaker(workspace, voice, "Lena Ruiz", **WHO, seen=1)

    now = edition(workspace)
    assert is_new(voice)
    assert now.speaker_name(voice) == "Lena Ruiz"
    assert any(paragraph.speaker == voice for paragraph in now.paragraphs)


def test_a_named_voice_is_said_to_have_said_it(tmp_path: Path) -> None:
    """Once an editor names a voice that the machine could not, its sentences are theirs."""
    unnamed = a_draft()
    workspace = saved(unnamed, tmp_path / "unnamed")
    voice = unnamed.speakers.speakers[0].id
    editing.name_speaker(workspace, voice, "Hannah Whitcombe", **ANA)

    assert {one.speaker for one in edition(workspace).digest.key_points} == {voice}


def test_two_voices_become_one(workspace: Workspace) -> None:
    """What either said is said by one, in account, transcript and captions; taken back, they are two again."""
    one, other = (speaker.id for speaker in DRAFT.speakers.speakers[:2])
    merged = editing.merge(workspace, other, one, **ANA)
    now = edition(workspace)

    assert other not in {speaker.id for speaker in now.speakers}
    assert {p.speaker for p in now.paragraphs} == {s.id for s in DRAFT.speakers.speakers} - {other}
    assert other not in {s.speaker for s in now.digest.sentences()}
    assert DRAFT.speakers.speakers[1].name not in {cue.speaker for cue in cut_cues(public_edition(now))}
    editing.undo(workspace, merged.change.thing, **WHO, seen=1)
    assert other in {speaker.id for speaker in edition(workspace).speakers}


def test_captions_follow_the_transcript(workspace: Workspace) -> None:
    """A word that an editor puts right is right in the captions, at its second."""
    word = next(w for w in DRAFT.transcript.words() if len(w.text) > 8)
    editing.correct(workspace, word.start, word.end + 0.001, "Zanzibar", **ANA)

    (cue,) = (one for one in cut_cues(public_edition(edition(workspace))) if "Zanzibar" in " ".join(one.lines))
    assert cue.start <= word.start < cue.end


def test_terms_and_addresses_are_put_right(workspace: Workspace) -> None:
    """Which term is explained, and where a resource lies."""
    rests = [Heard(start=30, end=34)]
    term = sentence_of(editing.add(workspace, "terms", "A team for emergencies.", rests, label="SERT", **ANA))
    link = sentence_of(
        editing.add(workspace, "resources", "The report.", rests, label="https://example.org/a", **WHO, seen=1)
    )
    editing.relabel(workspace, term, "CERT", **WHO, seen=2)
    editing.relabel(workspace, link, "https://example.org/report", **WHO, seen=3)
    with pytest.raises(NotAllowed):
        editing.relabel(workspace, link, "javascript:alert(1)", **WHO, seen=4)

    now = edition(workspace).digest
    assert [entry.term for entry in now.terms if entry.sentence.id == term] == ["CERT"]
    assert [entry.url for entry in now.resources if entry.sentence.id == link] == ["https://example.org/report"]


def test_readers_do_not_get_what_is_withheld(workspace: Workspace) -> None:
    """Neither words nor sound of the seconds, nor the name: in no text, not on a slide."""
    point = next(e for e in POINT.evidence if isinstance(e, Heard))
    name = next(speaker.name for speaker in DRAFT.speakers.speakers if speaker.name)
    editing.withhold(workspace, point.start, point.end, **ANA)
    editing.mask(workspace, name, **WHO, seen=1)

    public = public_edition(edition(workspace))

    assert public.web is None  # until there is a copy that is silent there
    assert POINT.id not in {one.id for one in public.digest.sentences()}
    assert not any(point.start <= (w.start + w.end) / 2 < point.end for p in public.paragraphs for w in p.words)
    assert name not in public.model_dump_json()


@pytest.mark.parametrize(
    ("field", "typed", "value"),
    [
        ("description", "A talk.\n\nIn two parts.", "A talk.\n\nIn two parts."),
        ("tags", "norms, cyber", ("norms", "cyber")),
        ("series", "", None),
        ("licence", "CC BY 4.0", "CC BY 4.0"),
        ("registration_url", "https://example.org/go", "https://example.org/go"),
    ],
)
def test_an_announced_field_can_be_corrected(workspace: Workspace, field: str, typed: str, value: object) -> None:
    """Also what event.toml gave."""
    editing.confirm(workspace, field, typed, **ANA)

    assert getattr(edition(workspace).event, field) == value


def test_lines_of_an_event_become_links(workspace: Workspace) -> None:
    """Organisers and further links are a line each: name, address."""
    editing.confirm(workspace, "organisers", "Diplo | https://example.org\nGIP", **ANA)

    now = edition(workspace).event.organisers
    assert [(one.name, one.url) for one in now] == [("Diplo", "https://example.org"), ("GIP", None)]
    with pytest.raises(NotAllowed, match="no address"):
        editing.confirm(workspace, "organisers", "Diplo | javascript:alert(1)", **WHO, seen=1)


def test_two_editors_change_two_things(workspace: Workspace) -> None:
    """Both saw the draft as it was: different things merge, the same thing is refused."""
    editing.reword(workspace, POINT.id, "Better.", **ANA)
    editing.name_speaker(workspace, DRAFT.speakers.speakers[0].id, "Mei Lin", by="Ben", at=NOW, seen=0)

    with pytest.raises(Stale):
        editing.strike(workspace, POINT.id, by="Ben", at=NOW, seen=0)

    assert [one.by for one in workspace.overlay().revisions] == ["Ana", "Ben"]


@pytest.mark.parametrize(
    "act",
    [
        lambda w: editing.add(w, "chapters", "x", [], **ANA),
        lambda w: editing.add(w, "chapters", "x", [Heard(start=5, end=70)], **ANA),
        lambda w: editing.add(w, "chapters", "x", [Heard(start=9e9, end=9e9 + 1)], **ANA),
        lambda w: editing.add(w, "resources", "x", [Heard(start=5, end=9)], label="javascript:1", **ANA),
        lambda w: editing.add(w, "nosuch", "x", [Heard(start=5, end=9)], **ANA),  # type: ignore[arg-type]
        lambda w: editing.move(w, POINT.id, "questions", after=None, **ANA),
        lambda w: editing.move(w, POINT.id, "key_points", after="nosuch", **ANA),
        lambda w: editing.set_chapter(w, 0.0, 0.0, " ", **ANA),
        lambda w: editing.set_chapter(w, 0.0, float("nan"), "x", **ANA),
        lambda w: editing.assign(w, 5, 4, "s1", **ANA),
        lambda w: editing.assign(w, 4, 5, "nobody", **ANA),
        lambda w: editing.merge(w, "s1", "s1", **ANA),
        lambda w: editing.correct(w, 0, 0, "x", **ANA),
        lambda w: editing.mask(w, " ", **ANA),
        lambda w: editing.undo(w, "chapter 1.0", **ANA),
        lambda w: editing.undo_group(w, 1, **ANA),
    ],
)
def test_what_makes_no_sense_is_refused(workspace: Workspace, act: object) -> None:
    """In words, and nothing is written."""
    with pytest.raises(DigestError):
        act(workspace)  # type: ignore[operator]

    assert workspace.overlay().revisions == ()
