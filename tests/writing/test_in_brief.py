"""In brief: what is known first, then what was claimed, by whom."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from digest.language.sentences import SpokenSentence
from digest.model.event import Event, EventSpeaker, Organiser
from digest.model.evidence import Announced, Evidence, Heard
from digest.model.outline import Chapter, Outline
from digest.model.speech import Speaker, Speakers, Turn, Word
from digest.writing.frames import FRAMES
from digest.writing.in_brief import MAX_WORDS, attribute, in_brief

ASKED: tuple[Evidence, ...] = (Heard(start=80, end=90), Heard(start=95, end=99))
CHAPTERS = Outline(
    chapters=(
        Chapter(start=0, end=5, title="Opening"),
        Chapter(start=5, end=40, title="Eleven norms"),
        Chapter(start=40, end=60, title="Who pays"),
    )
)
HEARD = Speakers(
    speakers=(
        Speaker(id="s1", name="Ana Lind", known_by="introduction"),
        Speaker(id="s2", name="Ben Okafor", known_by="introduction"),
        Speaker(id="s3", name="Marta Vidal", known_by="introduction", role="Questioner 1"),
    ),
    turns=(
        Turn(start=0, end=5, speaker="s1"),
        Turn(start=5, end=90, speaker="s2"),
        Turn(start=90, end=99, speaker="s3"),
    ),
)


def an_announcement(**changes: object) -> Event:
    """Return an event with two speakers and an organiser."""
    event = Event(
        slug="norms",
        title="[Webinar] Cyber norms",
        starts_at=datetime(2016, 11, 1, 13, tzinfo=UTC),
        timezone="UTC",
        organisers=(Organiser(name="Geneva Dialogue"),),
        speakers=(
            EventSpeaker(name="Ana Lind", role="Moderator"),
            EventSpeaker(name="Ben Okafor", role="Halden Systems"),
        ),
        description="Which rules exist? And who keeps them?",
    )
    return event.model_copy(update=changes)


def claim(text: str, speaker: str = "s2") -> SpokenSentence:
    """Return a sentence said a minute into the webinar."""
    return SpokenSentence(speaker, tuple(Word(text=w, start=60, end=61, probability=1) for w in text.split()))


def told(event: Event, *claims: SpokenSentence, speakers: Speakers = HEARD, language: str = "en") -> list[str]:
    """Return the sentences of in brief."""
    found = in_brief(event, speakers, CHAPTERS, ASKED, language=language, untold={"Opening"})
    claimed = (attribute((replace(one, language=language),), event, speakers) for one in claims)
    return [one.text for one in (*found, *claimed)]


def test_who_about_what_when_and_how_much_was_answered() -> None:
    """The frame is made of what is known; then whoever claimed something is quoted."""
    assert told(an_announcement(), claim("Most states agree on eleven norms.")) == [
        "The event “Cyber norms”, organised by Geneva Dialogue, took place on 1 November 2016.",
        "The speakers were Ana Lind (Moderator) and Ben Okafor (Halden Systems).",
        "The chapters include “Eleven norms” and “Who pays”.",
        "The digest has the answers to 2 questions from the audience.",
        "Ben Okafor said: “Most states agree on eleven norms.”",
    ]


def test_every_sentence_says_what_it_rests_on() -> None:
    """The announcement, where somebody first spoke, where chapters begin, where questions were asked."""
    found = in_brief(an_announcement(), HEARD, CHAPTERS, ASKED, language="en", untold={"Opening"})

    assert [one.evidence for one in found] == [
        (Announced(field="title"), Announced(field="organisers"), Announced(field="starts_at")),
        (Announced(field="speakers"), Heard(start=0, end=5), Heard(start=5, end=15)),
        (Heard(start=5, end=15), Heard(start=40, end=50)),
        ASKED,
    ]
    claimed = attribute((claim("Yes."),), an_announcement(), HEARD)
    assert (claimed.evidence, claimed.speaker) == ((Heard(start=60, end=61),), "s2")
    assert {one.speaker for one in found} == {None}


@pytest.mark.parametrize("language", FRAMES)
def test_no_event_is_called_a_webinar_that_may_be_none(language: str) -> None:
    """A press conference is no webinar: what kind of event it was is said nowhere."""
    for event in (an_announcement(), an_announcement(guessed=("starts_at",))):
        first = told(event, language=language)[0]
        assert FRAMES[language].quote("Cyber norms") in first
        assert "web" not in first.lower()


@pytest.mark.parametrize("language", FRAMES)
def test_each_language_has_its_own_sentences(language: str) -> None:
    """Date, list and quotation marks are those of the language, and no placeholder is left."""
    text = " ".join(told(an_announcement(), claim("Eleven."), language=language))

    assert "2016" in text
    assert "Ben Okafor" in text
    assert FRAMES[language].quote("Eleven.") in text
    assert not set("{}") & set(text)
    others = [" ".join(told(an_announcement(), claim("Eleven."), language=other)) for other in FRAMES]
    assert others.count(text) == 1


def test_what_nobody_wrote_down_is_left_out() -> None:
    """A guessed date or title is no fact; without names, chapters and questions what is left is still a sentence."""
    guessed = an_announcement(guessed=("starts_at", "speakers"), organisers=())

    assert told(guessed)[0] == "This is the digest of the event “Cyber norms”."
    assert not any("Ana Lind" in text for text in told(guessed))
    bare = guessed.model_copy(update={"guessed": ("title", "starts_at"), "speakers": (), "description": ""})
    assert in_brief(bare, HEARD, Outline(chapters=()), (), language="en") == ()
    assert told(an_announcement(), language="fi") == []


def test_who_was_announced_and_not_heard_did_not_speak() -> None:
    """Where a voice has no name, nobody is said to have spoken, not even “Speaker 2”."""
    unknown = HEARD.model_copy(
        update={"speakers": (HEARD.speakers[0], Speaker(id="s2", role="Speaker 2"), HEARD.speakers[2])}
    )

    assert told(an_announcement(), claim("Yes."), speakers=unknown)[1:2] == [
        "The announcement named Ana Lind (Moderator) and Ben Okafor (Halden Systems)."
    ]
    assert told(an_announcement(), claim("Yes."), speakers=unknown)[-1] == "“Yes.”"


def test_names_that_are_not_for_readers_do_not_stand_there() -> None:
    """Somebody of the audience is called by role, and under the Chatham House rule so is everybody."""
    assert told(an_announcement(), claim("Yes.", "s3"))[-1] == "Questioner 1 said: “Yes.”"
    secret = " ".join(told(an_announcement(chatham_house=True), claim("Yes.")))
    assert "Okafor" not in secret
    assert "Halden Systems said: “Yes.”" in secret


def test_without_chapters_the_announcement_says_what_it_was_about() -> None:
    """The first sentence of the announcement stands in for titles."""
    found = in_brief(an_announcement(), HEARD, Outline(chapters=()), (), language="en")

    assert found[-1].text == "From the announcement: “Which rules exist?”"
    assert found[-1].evidence == (Announced(field="description"),)


def test_the_frame_stays_short() -> None:
    """Long roles give way, then titles."""
    long = tuple(EventSpeaker(name=f"Ann Lee {n}", role="Director of many things in many places") for n in range(6))

    found = in_brief(an_announcement(speakers=long), HEARD, CHAPTERS, ASKED, language="en")

    assert sum(len(one.text.split()) for one in found) <= MAX_WORDS
    assert "Ann Lee 5" in found[1].text


def test_small_rules_of_languages() -> None:
    """French and Italian count the first of a month, Spanish says "e Inés", marks within marks are inner ones."""
    assert FRAMES["fr"].day(datetime(2016, 11, 1, tzinfo=UTC).date()) == "1er novembre 2016"
    assert FRAMES["fr"].day(datetime(2016, 11, 11, tzinfo=UTC).date()) == "11 novembre 2016"
    assert FRAMES["es"].enumerate(["Ana", "Inés"]) == "Ana e Inés"
    assert FRAMES["es"].enumerate(["Ana", "Hierro"]) == "Ana y Hierro"
    assert FRAMES["de"].quote('Was "frei" heißt') == "„Was ‚frei‘ heißt“"
