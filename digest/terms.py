"""What the transcriber is told: names and acronyms of the event and the deck, the surest first."""

import re
from collections.abc import Iterator

from digest.model.companions import Companions
from digest.model.deck import Deck
from digest.model.event import Event
from digest.model.speech import Term, Terms
from digest.settings import Organisation

VERSION = 1

MOST = 60
# Two capitals or more, a small "s" of a plural allowed, and two that belong together: "UN GGE".
ACRONYM = re.compile(r"\b[A-Z]{2,}[A-Z0-9]*s?(?: [A-Z]{2,}s?)?\b")


def collect(event: Event, deck: Deck, companions: Companions, organisation: Organisation) -> Terms:  # noqa: ARG001
    """Return the terms, each once: glossary, people, organisers, acronyms in the order of their appearance."""
    found: dict[str, Term] = {}
    for term in (*_glossary(organisation), *_of_event(event), *_of_deck(deck)):
        found.setdefault(term.term.casefold(), term)
    return Terms(language=event.language, terms=tuple(found.values())[:MOST])


def _glossary(organisation: Organisation) -> Iterator[Term]:
    for term in organisation.glossary:
        yield Term(term=term, known_by="glossary")


def _of_event(event: Event) -> Iterator[Term]:
    for speaker in event.speakers:
        yield Term(term=speaker.name, known_by="event")
    for speaker in event.speakers:
        if speaker.role and "," in speaker.role:  # "Director of Cybersecurity Policy, Halden Systems"
            yield Term(term=speaker.role.rpartition(",")[2].strip(), known_by="event")
    for organiser in event.organisers:
        yield Term(term=organiser.name, known_by="event")
    for acronym in _acronyms(" ; ".join((event.title, event.description, *event.tags))):
        yield Term(term=acronym, known_by="event")


def _of_deck(deck: Deck) -> Iterator[Term]:
    for slide in deck.visible():
        cells = [cell for table in slide.tables for row in table for cell in row]
        for acronym in _acronyms(" ; ".join([slide.title or "", *(line.text for line in slide.body), *cells])):
            yield Term(term=acronym, known_by="deck")


def _acronyms(text: str) -> Iterator[str]:
    """Yield acronyms; a line that is all in capitals has none."""
    for part in re.split(r"[;\n]", text):
        if sum(word.isupper() for word in part.split()) <= max(2, len(part.split()) / 2):
            yield from ACRONYM.findall(part)
