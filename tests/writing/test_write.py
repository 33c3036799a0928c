"""The digest of the demo and of the gold webinars, made from what was really said."""

import json
import re
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest

from digest.model.alignment import Alignment, Interval
from digest.model.artifact import Span
from digest.model.companions import Companions, Poll, PollOption, TypedQuestion
from digest.model.deck import Deck
from digest.model.digest import Digest
from digest.model.evidence import Heard, Left
from digest.model.outline import Outline
from digest.model.speech import NameCandidate, Terms
from digest.settings import WritingSettings
from digest.writing import outline, write
from tests import truth as t
from tests.benchmarks.accounts import boundary_f1, facts_carried, pieces
from tests.builders import a_recording, an_event, by_turns, spoken

SETS = ("dev-1-cyber-norms", "dev-2-standards", "dev-3-audio-only")


def made(truth: dict[str, Any]) -> tuple[Outline, Digest]:
    """Return chapters and digest as the line makes them while no voice has a name."""
    said, voice, deck, shown = t.transcript(truth), t.one_voice(truth), t.deck(truth), t.alignment(truth)
    chapters = outline(said, voice, deck, shown)
    media = a_recording(seconds=truth["duration"])
    digest = write(
        t.event(truth), chapters, media, said, voice, deck, shown, Companions(), t.terms(truth), WritingSettings()
    )
    return chapters, digest


def made_by_voices(truth: dict[str, Any]) -> tuple[Outline, Digest]:
    """Return chapters and digest as the line makes them when everybody is told apart."""
    said, voices, deck, shown = t.transcript(truth), t.speakers(truth), t.deck(truth), t.alignment(truth)
    chapters = outline(said, voices, deck, shown)
    media = a_recording(seconds=truth["duration"])
    digest = write(
        t.event(truth), chapters, media, said, voices, deck, shown, Companions(), t.terms(truth), WritingSettings()
    )
    return chapters, digest


def words(text: str) -> list[str]:
    """Return the words without case and punctuation."""
    return re.findall(r"[\w'-]+", text.lower())


def quoted_in(text: str) -> str:
    """Return what is quoted in a sentence: all of it, or what stands behind “Somebody said:”."""
    return text.rpartition("said: “")[2]


def check_grounds(truth: dict[str, Any], digest: Digest) -> None:
    """Every word of every sentence that was heard was said in the seconds it points to, in that order."""
    said = list(t.transcript(truth).words())
    for sentence in digest.sentences():
        rests = sentence.evidence[0]
        is_framed = sentence in digest.in_brief and "“" not in sentence.text
        if isinstance(rests, Heard) and not is_framed:
            there = iter(
                [
                    w
                    for word in said
                    if rests.start <= word.start and word.end <= rests.end + 0.01
                    for w in words(word.text)
                ]
            )
            assert all(word in there for word in words(quoted_in(sentence.text))), sentence.text
            assert 0 < rests.end - rests.start <= 60


@pytest.mark.parametrize("expected", ["fr", None])
def test_what_is_in_another_language_is_not_quoted(expected: str | None) -> None:
    """Nothing at all where somebody expected another language; else nothing of the stretch that is in another one."""
    truth = t.DEMO
    said, voice, deck, shown = t.transcript(truth), t.one_voice(truth), t.deck(truth), t.alignment(truth)
    middle = len(said.segments) // 2
    marked = [one.model_copy(update={"language": "fr"}) for one in said.segments[middle:]]
    other = said.model_copy(update={"expected": expected, "segments": (*said.segments[:middle], *marked)})

    digest = write(
        t.event(truth), outline(other, voice, deck, shown), a_recording(seconds=truth["duration"]), other, voice, deck,
        shown, Companions(), t.terms(truth), WritingSettings(),
    )  # fmt: skip

    chapters = [one for chapter in digest.chapters for one in chapter.sentences]
    asked = [one for question in digest.questions for one in (question.question, *question.answer)]
    told = [*digest.key_points, *chapters, *asked, *digest.quotes, *digest.figures]
    starts = [one.evidence[0].start for one in told if isinstance(one.evidence[0], Heard)]
    assert (not told) if expected else (starts and max(starts) < said.segments[middle].start)


def test_every_sentence_was_said_where_it_points() -> None:
    """Nothing on the page was said by nobody, and each piece of evidence holds its sentence."""
    check_grounds(t.DEMO, made(t.DEMO)[1])


def test_polls_stand_in_the_digest_as_they_were_counted() -> None:
    """Each poll is a question that rests on the platform's report, with its numbers; without a report there is none."""
    said, voice, deck = t.transcript(t.DEMO), t.one_voice(t.DEMO), t.deck(t.DEMO)
    chapters, none = made(t.DEMO)
    poll = Poll(question="Who pays?", options=(PollOption(text="Nobody", votes=3),))

    digest = write(
        t.event(t.DEMO), chapters, a_recording(seconds=t.DEMO["duration"]), said, voice, deck,
        t.alignment(t.DEMO), Companions(polls=(poll,)), t.terms(t.DEMO), WritingSettings(),
    )  # fmt: skip

    assert [(found.question.text, found.options) for found in digest.polls] == [("Who pays?", poll.options)]
    assert digest.polls[0].question.evidence == (Left(companion="polls", item=0),)
    assert none.polls == ()


def test_what_was_answered_in_writing_is_in_the_digest() -> None:
    """A typed question with its answer joins those that were asked aloud; one that was asked aloud stands once."""
    said, voices, deck = t.transcript(t.DEMO), t.speakers(t.DEMO), t.deck(t.DEMO)
    chapters, spoken = made_by_voices(t.DEMO)
    typed = (
        TypedQuestion(text="How can a small state with two diplomats follow these processes?", answer="By region."),
        TypedQuestion(text="Will the slides be sent?", asked_by="Luc Perrin", answer="Yes, on Friday."),
        TypedQuestion(text="Is anybody there?"),
    )

    digest = write(
        t.event(t.DEMO), chapters, a_recording(seconds=t.DEMO["duration"]), said, voices, deck,
        t.alignment(t.DEMO), Companions(questions=typed), t.terms(t.DEMO), WritingSettings(),
    )  # fmt: skip

    (more,) = digest.questions[len(spoken.questions) :]
    assert digest.questions[: len(spoken.questions)] == spoken.questions
    assert (more.start, more.asked_by, more.question.text) == (None, "Luc Perrin", "Will the slides be sent?")
    assert [(one.text, one.evidence) for one in more.answer] == [
        ("Yes, on Friday.", (Left(companion="questions", item=1),))
    ]


def test_the_account_is_a_quarter_of_what_was_said() -> None:
    """In brief, key points and discussion together stay within the share."""
    _, digest = made(t.DEMO)
    account = [*digest.in_brief, *digest.key_points, *(s for c in digest.chapters for s in c.sentences)]

    spoken = sum(len(said["text"].split()) for said in t.DEMO["utterances"])
    assert 0.15 * spoken <= sum(len(sentence.text.split()) for sentence in account) <= 0.25 * spoken
    assert len({sentence.text for sentence in account}) == len(account)


@pytest.mark.parametrize("made_so", [made, made_by_voices])
def test_key_points_leave_something_to_discuss(made_so: Callable[[dict[str, Any]], tuple[Outline, Digest]]) -> None:
    """There are at most five key points, and few chapters lose their last sentence to them."""
    chapters, digest = made_so(t.DEMO)

    assert 1 <= len(digest.key_points) <= 5
    assert sum(bool(told.sentences) for told in digest.chapters) >= len(digest.chapters) - 3
    assert len(digest.chapters) == len(chapters.chapters)


def test_key_facts_are_told() -> None:
    """A quarter of the words, questions among them, carries a good part of what people would have noted."""
    carried, facts = facts_carried(pieces(made_by_voices(t.DEMO)[1]), t.DEMO)

    assert carried >= 0.3 * facts


def test_what_only_runs_the_webinar_is_nowhere() -> None:
    """Welcome, moderator, where the recording will be and the next date are no part of the account."""
    _, digest = made_by_voices(t.DEMO)

    text = " ".join(sentence.text for sentence in digest.sentences())
    for housekeeping in ("moderator", "type them in the chat", "will be on our website", "next webinar", "joining"):
        assert any(housekeeping in said["text"] for said in t.DEMO["utterances"])
        assert housekeeping not in text


def test_each_sentence_of_a_passage_leads_to_its_own_seconds() -> None:
    """A reader who clicks on the second sentence of a passage hears the second one."""
    _, digest = made_by_voices(t.DEMO)

    seconds = [
        (rests.start, rests.end)
        for chapter in digest.chapters
        for sentence in chapter.sentences
        for rests in sentence.evidence
        if isinstance(rests, Heard)
    ]
    assert len(seconds) > 1
    assert all(end <= start for (_, end), (start, _) in pairwise(seconds))


def test_in_brief_says_who_and_about_what() -> None:
    """The first lines name the guest and the subject."""
    told = " ".join(one.text for one in made_by_voices(t.DEMO)[1].in_brief)

    assert "Daniel Okafor" in told
    assert "Cyber norms" in told


def test_both_questions_are_found_and_no_answer_is_wrong() -> None:
    """The demo's two questions from the audience stand there and no other; what stands under them answers them."""
    _, digest = made_by_voices(t.DEMO)

    assert len(digest.questions) == len(t.DEMO["questions"])
    for question, true in zip(digest.questions, t.DEMO["questions"], strict=True):
        assert question.start is not None
        assert true["start"] - 1 <= question.start < true["end"]
        assert question.asked_by == true["asked_by"]
        for sentence in question.answer:
            (rests,) = sentence.evidence
            assert isinstance(rests, Heard)
            assert true["answer_start"] - 1 <= rests.start < true["answer_end"]


def test_chapters_have_the_words_of_the_slides_and_cover_everything() -> None:
    """Chapters follow the slides, and no second belongs to none."""
    chapters = made(t.DEMO)[0].chapters

    assert [chapter.start for chapter in chapters[1:]] == [chapter.end for chapter in chapters[:-1]]
    assert (chapters[0].start, chapters[-1].end) == (0, t.DEMO["duration"])
    titles = [chapter.title for chapter in chapters]
    assert "Who agrees on what" in titles
    assert all(sum(abs(c.start - true["start"]) <= 10 for true in t.DEMO["chapters"]) <= 1 for c in chapters)


def test_what_readers_look_up_is_there() -> None:
    """An acronym is expanded as the speaker did; an address that was spoken once is no link, but a remark."""
    _, digest = made(t.DEMO)

    assert ("UN GGE", "Group of Governmental Experts") in [(x.term, x.sentence.text) for x in digest.terms]
    assert not digest.resources
    assert any("dialogue.example.org/norms" in remark for remark in digest.remarks)


def test_ids_do_not_change_and_are_unique() -> None:
    """Two runs give the same ids, and no two sentences share one: links and corrections depend on it."""
    first, second = made(t.DEMO)[1], made(t.DEMO)[1]

    ids = [sentence.id for sentence in first.sentences()]
    assert ids == [sentence.id for sentence in second.sentences()]
    assert len(set(ids)) == len(ids)


def test_an_editor_is_asked_who_a_voice_is() -> None:
    """A voice that may be somebody announced is a doubt, with the likely names and where they are said."""
    voices = t.one_voice(t.DEMO)
    likely = NameCandidate(name="Hannah Whitcombe", probability=0.6, heard=(Span(start=3, end=9),))
    unsure = voices.model_copy(update={"speakers": (voices.speakers[0].model_copy(update={"candidates": (likely,)}),)})
    said, deck, shown = t.transcript(t.DEMO), t.deck(t.DEMO), t.alignment(t.DEMO)
    chapters, media = outline(said, unsure, deck, shown), a_recording(seconds=t.DEMO["duration"])

    digest = write(
        t.event(t.DEMO), chapters, media, said, unsure, deck, shown, Companions(), t.terms(t.DEMO), WritingSettings()
    )

    (doubt,) = (one for one in digest.doubts if one.kind == "name")
    assert (doubt.probability, doubt.compare, doubt.evidence) == (0.6, (likely.name,), (Heard(start=3, end=9),))


def test_voices_without_a_name_are_attributed_nothing() -> None:
    """While nobody is told apart, no sentence names a speaker."""
    assert {sentence.speaker for sentence in made(t.DEMO)[1].sentences()} == {None}


@pytest.mark.parametrize("name", SETS)
def test_gold_webinars_are_grounded_too(name: str) -> None:
    """The same holds on the other webinars: grounded, and a question of the audience is found."""
    path = t.gold(name, "truth.json")
    if path is None:
        pytest.skip("needs the gold webinars: set DIGEST_GOLD")
    truth = json.loads(path.read_text(encoding="utf-8"))

    _, digest = made(truth)

    check_grounds(truth, digest)
    asked = [q.start for q in made_by_voices(truth)[1].questions if q.start is not None]
    assert any(abs(start - true["start"]) < 12 for true in truth["questions"] for start in asked)


def test_sentences_are_attributed_to_who_said_them() -> None:
    """With voices told apart, each sentence names the one who spoke at its seconds."""
    _, digest = made_by_voices(t.DEMO)
    names = {speaker.id: speaker.name for speaker in t.speakers(t.DEMO).speakers}

    check_grounds(t.DEMO, digest)
    looked_up = {term.sentence.id for term in digest.terms} | {found.sentence.id for found in digest.resources}
    for sentence in digest.sentences():
        rests = sentence.evidence[0]
        if isinstance(rests, Heard) and sentence.speaker and sentence.id not in looked_up:
            there = {u["speaker"] for u in t.DEMO["utterances"] if u["start"] <= rests.start < u["end"]}
            assert {names[sentence.speaker]} == there


def test_chapters_begin_where_the_truth_says() -> None:
    """With voices and slides, four of the demo's five are found within twenty seconds, and no other."""
    chapters, _ = made_by_voices(t.DEMO)

    found = [chapter.start for chapter in chapters.chapters[1:]]
    true = [chapter["start"] for chapter in t.DEMO["chapters"][1:]]
    assert boundary_f1(found, true, within=20) >= 0.8


def talked(*turns: tuple[str, str]) -> Digest:
    """Return the digest of a short talk: (speaker, text) a turn, without a deck."""
    said, spans, now = list[tuple[float, str]](), list[tuple[float, float, str]](), 0.0
    for speaker, text in turns:
        said.append((now, text))
        spans.append((now, now + len(text.split()) / 2, speaker))
        now = spans[-1][1]
    transcript, voices = spoken(*said), by_turns(*spans)
    shown = Alignment(intervals=(Interval(start=0, end=now, slide=None, confidence=1, known_by="none"),))
    chapters = outline(transcript, voices, Deck(), shown)
    media = a_recording(seconds=now)
    half = WritingSettings(share=0.5)
    return write(an_event(), chapters, media, transcript, voices, Deck(), shown, Companions(), Terms(), half)


LONG_TALK = (
    "The ministers met in Vienna in 2013 and wrote a report on what states owe each other. "
    "A norm tells you before a crisis what a responsible state would not do. "
    "Thirty states are developing offensive capabilities against the networks of others. "
    "Eleven norms were adopted by states in July. "
)


def told(digest: Digest) -> set[str | None]:
    """Return whose words the account is made of."""
    chapters = [one for part in digest.chapters for one in part.sentences]
    return {one.speaker for one in (*digest.in_brief, *digest.key_points, *chapters)}


def test_who_presents_without_a_host_is_quoted() -> None:
    """Somebody who opens, closes and speaks most is no mere host, though she gives the floor."""
    digest = talked(
        ("Ann", LONG_TALK + "Do you have a question?"), ("Ben", "Who pays for it?"), ("Ann", "Twelve states pay.")
    )

    assert "s1" in told(digest)


def test_a_quiet_panellist_is_no_audience() -> None:
    """Somebody who says little and asks once, but speaks again and again, takes part."""
    turns = [
        turn
        for cables in range(3, 10)
        for turn in (
            ("Ann", LONG_TALK),
            ("Ben", f"In 200{cables} we paid for {cables} cables across the sea."),
        )
    ]

    assert "s2" in told(talked(*turns, ("Ann", LONG_TALK), ("Ben", "Who pays?"), ("Ann", LONG_TALK)))
