"""Names of the audience: found by where they stand, and in no sentence of the digest."""

import re

import pytest

from digest.learned.trees import load_trees
from digest.model.alignment import Alignment
from digest.model.companions import ChatMessage, Companions
from digest.model.deck import Deck, Line, Slide
from digest.model.event import Event
from digest.settings import WritingSettings
from digest.writing import outline, write
from digest.writing.audience_names import Audience, candidates, find_audience
from digest.writing.conversation import Conversation, conversation
from tests import truth as t
from tests.builders import a_recording, an_event, by_turns, spoken

NOTHING = Alignment(intervals=())


def a_talk(*turns: tuple[str, str], deck: Deck | None = None) -> Conversation:
    """Return a short talk: (voice, text) a turn."""
    said, spans, now = list[tuple[float, str]](), list[tuple[float, float, str]](), 0.0
    for voice, text in turns:
        said.append((now, text))
        spans.append((now, now + len(text.split()) / 2, voice))
        now = spans[-1][1]
    return conversation(spoken(*said), by_turns(*spans), deck or Deck(), NOTHING)


TREES = load_trees("audience_names")
TALK = a_talk(
    (
        "host",
        "Welcome to this webinar on norms in Vienna. Our guest is Daniel Okafor, who speaks about what was agreed.",
    ),
    (
        "guest",
        "Thank you. States met in Vienna and wrote a report about what they may do and what they may not do. " * 8,
    ),
    ("host", "We have a question from Marta. Marta, please go ahead."),
    ("asker", "Hello, my name is Marta, from Lisbon. Who pays for all this?"),
    ("guest", "Thank you, Marta. Twelve states pay for it, and nobody else does. " * 3),
    ("host", "Thank you, Marta. That's all."),
)


def test_who_asks_is_found() -> None:
    """Called, thanked and introduced by herself: more likely a name than a town, a term or whoever was announced."""
    names = find_audience(TALK, an_event(), Companions(), TREES).names

    assert names["Marta"] > 0.5
    assert names["Marta"] > 2 * names["Vienna"]
    assert not {"Daniel", "Okafor", "Welcome", "Thank", "Twelve"} & set(names)


def test_a_day_of_the_week_is_nobody() -> None:
    """“How do you unload on Saturday?” is printed as it was asked."""
    talk = a_talk(("host", "Saturday, please. Thank you, Saturday. How do we unload on Saturday without a crane?"))

    assert "Saturday" not in candidates(talk, an_event())


def test_nobody_is_withheld_where_that_is_agreed() -> None:
    """event.toml may say that the audience is named; the Chatham House rule is stronger."""
    agreed = an_event(name_audience=True)

    assert find_audience(TALK, agreed, Companions(), TREES).names == {}
    assert find_audience(TALK, agreed.model_copy(update={"chatham_house": True}), Companions(), TREES).names


def test_what_deck_or_announcement_hold_is_no_secret() -> None:
    """A name on a slide, of an organiser or in the title is for readers already."""
    deck = Deck(slides=(Slide(number=1, title="Marta's question", body=(Line(text="Who pays"),), read_by="pptx"),))

    found = candidates(a_talk(("host", "Thank you, Marta and Luc."), deck=deck), an_event())

    assert set(found) == {"Luc"}


def test_whoever_wrote_is_known() -> None:
    """Names of chat and Q&A are names, unless they are words that people say."""
    chat = tuple(ChatMessage.model_validate({"from": name, "text": "Hi"}) for name in ("Olu Adeyemi", "Grant Hill"))
    talk = a_talk(("host", "Olu asks who gets a grant, up on the hill."))

    names = find_audience(talk, an_event(), Companions(chat=chat), TREES).names

    assert (names["Olu"], names["Adeyemi"]) == (1.0, 1.0)
    assert not {"Grant", "Hill"} & set(names)


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        (
            "Can I come in? It's Marta, from Lisbon. Who pays for all of this?",
            "Can I come in? Who pays for all of this?",
        ),
        ("It's Marta.", "It's [a participant]."),
        ("We met in Vienna, Marta.", "We met in Vienna."),
    ],
)
def test_a_sentence_goes_to_readers_without_names(text: str, printed: str) -> None:
    """Who only introduces herself is left out, a call goes, elsewhere somebody stands for the name."""
    assert Audience({"Marta": 0.9, "Vienna": 0.01}, TALK.language).withhold(text) == printed


def test_the_digest_names_nobody_of_the_audience() -> None:
    """With name_audience = false no sentence holds a name of who came to ask."""
    event: Event = t.event(t.DEMO).model_copy(update={"name_audience": False})
    said, voices, deck = t.transcript(t.DEMO), t.speakers(t.DEMO), t.deck(t.DEMO)
    chapters = outline(said, voices, deck, t.alignment(t.DEMO))

    digest = write(
        event, chapters, a_recording(seconds=t.DEMO["duration"]), said, voices, deck, t.alignment(t.DEMO),
        Companions(), t.terms(t.DEMO),
        WritingSettings(),
    )  # fmt: skip

    asked = {word for question in t.DEMO["questions"] for word in question["asked_by"].split()}
    assert not [one.text for one in digest.sentences() if asked & set(re.findall(r"\w+", one.text))]
