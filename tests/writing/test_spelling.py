"""Names are spelt as announcement and deck spell them, and nothing else is."""

import pytest

from digest.language.sentences import SpokenSentence
from digest.model.companions import Companions
from digest.model.deck import Deck, Line, Slide
from digest.model.event import EventSpeaker
from digest.model.speech import Glossary, Word
from digest.settings import Organisation
from digest.terms import collect
from digest.writing.spelling import known_names, spell_names
from tests.builders import an_event

EVENT = an_event(speakers=(EventSpeaker(name="Hannah Whitcombe"), EventSpeaker(name="Ritienne Zerafa")))
DECK = Deck(
    slides=(Slide(number=1, title="What we store", body=(Line(text="see Tresham Lode in the north"),), read_by="pptx"),)
)
TERMS = collect(EVENT, DECK, Companions(), Organisation(), Glossary())


def said(text: str) -> SpokenSentence:
    """Return a sentence."""
    return SpokenSentence("s1", tuple(Word(text=w, start=0, end=1, probability=1) for w in text.split()))


@pytest.mark.parametrize(
    ("heard", "written"),
    [
        ("Thank you, Hannah Witcomb.", "Thank you, Hannah Whitcombe."),
        ("At Tressham Lode's gate.", "At Tresham Lode's gate."),
        ("Over to you, Ritiene.", "Over to you, Ritienne."),
        ("We tress ham and lodes here.", "We tress ham and lodes here."),
        ("Hanna-Marie and Zerafina are others.", "Hanna-Marie and Zerafina are others."),
        ("Marta Tresher asks.", "Marta Tresher asks."),
    ],
)
def test_what_sounds_like_a_name_is_written_so(heard: str, written: str) -> None:
    """A name that announcement or deck hold is put right by its sound; another name stays."""
    names = known_names(EVENT, DECK, TERMS, [heard])

    (one,), changed = spell_names([said(heard)], names)

    assert one.text == written
    assert bool(changed) == (heard != written)


def test_a_word_that_people_say_is_no_misspelt_name() -> None:
    """Where the sound is an ordinary word of the webinar, nothing is changed; nor where it is written in two ways."""
    event = an_event(speakers=(EventSpeaker(name="Ann Parker"), EventSpeaker(name="Bo Meyers")))
    deck = Deck(slides=(Slide(number=1, title="What Meijers said", read_by="pptx"),))
    terms = collect(event, deck, Companions(), Organisation(), Glossary())

    names = known_names(event, deck, terms, ["The parker is late."])

    assert not {"Parker", "Meyers"} & set(names.values())
