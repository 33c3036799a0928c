"""What the transcriber is told."""

from digest.model.companions import ChatMessage, CompanionCue, Companions
from digest.model.event import EventSpeaker, Organiser
from digest.model.speech import Glossary
from digest.settings import Organisation
from digest.terms import collect, split_by_transcript
from tests.builders import a_deck, an_event, spoken


def test_names_and_acronyms_are_collected_in_order_of_worth() -> None:
    """Glossary, people, where they work, organisers, then acronyms of event and visible slides; each once."""
    event = an_event(
        speakers=(EventSpeaker(name="Daniel Okafor", role="Director of Policy, Halden Systems"),),
        organisers=(Organiser(name="Geneva Digital Dialogue"),),
        tags=("UN GGE", "cyber norms"),
    )
    deck = a_deck("The OSCE and CBMs", "ALL IN CAPITALS HERE TODAY", "Hidden NATO", hidden=(3,))

    terms = collect(event, deck, Companions(), Organisation(glossary=("Diplo", "OSCE")), Glossary())

    assert [term.term for term in terms.terms] == [
        "Diplo",
        "OSCE",
        "Daniel Okafor",
        "Halden Systems",
        "Geneva Digital Dialogue",
        "UN GGE",
        "CBMs",
    ]
    assert terms.language == "en"


def test_names_are_found_as_they_are_written() -> None:
    """Names of several words, in a sentence or not, and words like YouTube; a title in capitals is no name."""
    deck = a_deck(
        "In 2008 Pakistan Telecom took YouTube down",
        "The University of Colombo and RFC 6811",
        "How Small States Could Take Part And Be Heard",
    )

    terms = collect(an_event(title="Norms", speakers=()), deck, Companions(), Organisation(), Glossary())

    assert [term.term for term in terms.terms] == ["RFC 6811", "YouTube", "Pakistan Telecom", "University of Colombo"]


def test_who_wrote_and_spoke_is_told_as_the_platform_spells_them() -> None:
    """A questioner's name is in no event.toml, but in the chat."""
    companions = Companions(
        chat=(ChatMessage.model_validate({"from": "Tomasz Zieliński", "text": "Who verifies it?"}),),
        cues=(CompanionCue(start=0, end=1, speaker="Priya Raman", text="Hello"),),
    )

    terms = collect(an_event(title="Norms", speakers=()), a_deck(), companions, Organisation(), Glossary())

    assert [(term.term, term.known_by) for term in terms.terms] == [
        ("Priya Raman", "companions"),
        ("Tomasz Zieliński", "companions"),
    ]


def test_an_editor_can_learn_which_names_were_not_heard() -> None:
    """A name that was expected and is nowhere in the transcript may stand there misspelt."""
    terms = collect(
        an_event(title="Norms", speakers=()), a_deck("OSCE and ASEAN"), Companions(), Organisation(), Glossary()
    )

    assert split_by_transcript(terms, spoken((0, "the OSCE, in Vienna"))) == (("OSCE",), ("ASEAN",))
