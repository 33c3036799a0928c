"""What the transcriber is told."""

from digest.model.companions import Companions
from digest.model.event import EventSpeaker, Organiser
from digest.settings import Organisation
from digest.terms import collect
from tests.builders import a_deck, an_event


def test_names_and_acronyms_are_collected_in_order_of_worth() -> None:
    """Glossary, people, where they work, organisers, then acronyms of event and visible slides; each once."""
    event = an_event(
        speakers=(EventSpeaker(name="Daniel Okafor", role="Director of Policy, Halden Systems"),),
        organisers=(Organiser(name="Geneva Digital Dialogue"),),
        tags=("UN GGE", "cyber norms"),
    )
    deck = a_deck("The OSCE and CBMs", "ALL IN CAPITALS HERE TODAY", "Hidden NATO", hidden=(3,))

    terms = collect(event, deck, Companions(), Organisation(glossary=("Diplo", "OSCE")))

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
