"""In brief: who spoke about what and when, how much was answered, then the most important claims; true by construction.

Its frame is made of what is known, one language's sentences around names, dates and titles; the claims are quoted. It
is what a search engine shows.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from digest.language.quoting import printed_passage
from digest.model.event import Event, EventSpeaker
from digest.model.evidence import Announced, Evidence, Heard, heard_between
from digest.model.outline import Chapter, Outline
from digest.model.speech import Speakers
from digest.privacy.roles import published_name
from digest.writing.account import Passage
from digest.writing.frames import FRAMES, Frame

MAX_WORDS = 70  # of the frame, without the claims
MAX_PEOPLE = 8  # with more the announcement is the better place to look
MAX_TITLES, MIN_TITLES = 4, 2  # of chapters
FIRST_WORDS = 10.0  # seconds in which one hears that somebody speaks, or that a chapter begins


@dataclass(frozen=True)
class BriefSentence:
    """A sentence of in brief with what it rests on; `speaker` is the voice whose words it quotes, None in the frame."""

    text: str
    evidence: tuple[Evidence, ...]
    speaker: str | None = None


def in_brief(
    event: Event,
    speakers: Speakers,
    outline: Outline,
    answered: Sequence[Evidence],
    *,
    language: str,
    untold: Collection[str] = (),
) -> tuple[BriefSentence, ...]:
    """Return the frame, at most 70 words; nothing in a language that has none.

    `answered` is where each question was asked that the digest answers, `untold` are titles of chapters that say
    nothing of the subject. What nobody wrote down, or the machine only guessed, is left out.
    """
    frame = FRAMES.get(language)
    if frame is None:
        return ()
    found, count = _occasion(frame, event), _count(frame, answered)
    found += _people(frame, event, speakers, MAX_WORDS - _words(found) - _words(count))
    chapters = [one for one in outline.chapters if one.title not in untold]
    found += _subject(frame, event, chapters, MAX_WORDS - _words(found) - _words(count))
    return (*found, *count)


def attribute(claim: Passage, event: Event, speakers: Speakers) -> BriefSentence:
    """Return a claim as its speaker's; nobody's where it is not known whose, or readers may not know."""
    text = printed_passage(claim)
    frame = FRAMES.get(claim[0].language)
    voice = next((known for known in speakers.speakers if known.id == claim[0].speaker), None)
    if frame:
        name = voice and voice.name and published_name(voice, event)  # "Speaker 1 said" says nothing
        text = frame.said.format(names=name, text=frame.quote(text)) if name else frame.quote(text)
    return BriefSentence(text, (heard_between(claim[0].start, claim[-1].end),), claim[0].speaker)


def _words(told: Sequence[BriefSentence]) -> int:
    return sum(len(one.text.split()) for one in told)


def _occasion(frame: Frame, event: Event) -> list[BriefSentence]:
    """Return what took place when, and who invited."""
    if "title" in event.guessed:
        return []
    title = frame.quote(re.sub(r"^\[.*?\]\s*", "", event.title))
    fields = ["title"]
    by = ""
    if event.organisers:
        by = frame.by.format(names=frame.enumerate([one.name for one in event.organisers]))
        fields.append("organisers")
    if "starts_at" in event.guessed:
        text = frame.is_about.format(title=title, by=by).replace(",.", ".")
    else:
        text = frame.took_place.format(title=title, by=by, day=frame.day(event.starts_at.date()))
        fields.append("starts_at")
    return [BriefSentence(text, tuple(Announced(field=field) for field in fields))]


def _people(frame: Frame, event: Event, speakers: Speakers, room: int) -> list[BriefSentence]:
    """Return who spoke, where every voice of those announced is known, else who was announced; with roles if they fit.

    Under the Chatham House rule nobody: who is meant by a role would be told by the others.
    """
    people = event.speakers
    if not people or len(people) > MAX_PEOPLE or event.chatham_house or "speakers" in event.guessed:
        return []
    voices = {one.name: one.id for one in speakers.speakers if one.name}
    firsts = dict[str, Heard]()
    for turn in speakers.turns:
        firsts.setdefault(turn.speaker, heard_between(turn.start, min(turn.end, turn.start + FIRST_WORDS)))
    spoke = [firsts[voices[one.name]] for one in people if voices.get(one.name) in firsts]
    if len(spoke) < len(people):
        words, evidence = frame.were_announced, list[Evidence]()
    else:
        words, evidence = frame.one_spoke if len(people) == 1 else frame.many_spoke, list[Evidence](spoke)
    texts = [
        words.format(names=frame.enumerate(names))
        for names in ([*map(_with_role, people)], [one.name for one in people])
    ]
    text = texts[0] if len(texts[0].split()) <= room else texts[1]
    return [BriefSentence(text, (Announced(field="speakers"), *evidence))]


def _with_role(person: EventSpeaker) -> str:
    return f"{person.name} ({person.role})" if person.role else person.name


def _subject(frame: Frame, event: Event, chapters: Sequence[Chapter], room: int) -> list[BriefSentence]:
    """Return the titles of the longest chapters, as many as there is room for; else how the announcement begins."""
    longest = sorted(chapters, key=lambda one: one.start - one.end)
    for count in range(min(MAX_TITLES, len(chapters)), MIN_TITLES - 1, -1):
        told = sorted(longest[:count], key=lambda one: one.start)
        text = frame.chapters.format(names=frame.enumerate([frame.quote(one.title) for one in told]))
        if len(text.split()) <= room and len({one.title for one in told}) == count:
            starts = (heard_between(one.start, min(one.end, one.start + FIRST_WORDS)) for one in told)
            return [BriefSentence(text, tuple(starts))]
    first = re.split(r"(?<=[.!?])\s|\n", event.description.strip())[0]
    text = frame.announcement.format(text=frame.quote(first))
    return [BriefSentence(text, (Announced(field="description"),))] if first and len(text.split()) <= room else []


def _count(frame: Frame, answered: Sequence[Evidence]) -> list[BriefSentence]:
    """Return how many questions the digest answers: that more were answered is for nobody to know."""
    if not answered:
        return []
    text = frame.one_answer if len(answered) == 1 else frame.many_answers.format(count=len(answered))
    return [BriefSentence(text, tuple(answered))]
