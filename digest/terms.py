"""What the transcriber is told: names and acronyms of the event, the deck and the companions, the surest first."""

import re
from collections.abc import Iterable, Iterator
from itertools import chain

from digest.language.languages import LANGUAGES
from digest.model.companions import Companions
from digest.model.deck import Deck
from digest.model.event import Event
from digest.model.speech import Glossary, Term, Terms, Transcript, text_of
from digest.settings import Organisation
from digest.text.scripts import is_unspaced

VERSION = 3

MAX_TERMS = 60
# Two capitals or more, a small "s" of a plural or a number allowed, and two that belong together: "UN GGE", "RFC 6811".
ACRONYM = re.compile(r"\b[A-Z]{2,}[A-Z0-9]*s?(?: [A-Z]{2,}s?)?(?: \d{3,4}\b)?")
CAMEL = re.compile(r"\b[A-Z][a-z]+[A-Z][A-Za-z]+\b")  # YouTube
# A line may be in another language than the event, and a name in a third.
PARTICLES = frozenset[str]().union(*(language.name_particles for language in LANGUAGES))
OPENERS = frozenset[str]().union(*(language.openers for language in LANGUAGES))
MAX_NAME_WORDS = 4
LONG_WORD = 4  # letters from which a word of a title has a capital
MANY_LONG_WORDS = 4  # with more in a line it can be told whether it is in title case


def collect(event: Event, deck: Deck, companions: Companions, organisation: Organisation, glossary: Glossary) -> Terms:
    """Return the terms, each once: glossary, people, organisers, then acronyms and names as they are written.

    The first are told first, and Whisper's prompt is short: names of more than one word come last. What editors taught
    is there whole, for the transcript is spelled by it too.
    """
    found: dict[str, Term] = {}
    sources = (
        _glossary(organisation),
        _of_event(event),
        glossary.terms,
        _people(companions),
        _acronyms(event, deck),
        _names(event, deck),
    )
    taught = {term.term.casefold(): term for term in glossary.terms}
    for term in chain(*sources):
        found.setdefault(term.term.casefold(), taught.get(term.term.casefold(), term))
    terms = tuple(found.values())
    late = (term for term in terms[MAX_TERMS:] if term in glossary.terms)
    return Terms(language=event.language, terms=(*terms[:MAX_TERMS], *late))


def split_by_transcript(terms: Terms, transcript: Transcript) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the terms that stand in the transcript, and those that do not."""
    said = _bare(text_of(transcript.words()))
    stands = {
        term.term: (_bare(term.term).strip() if is_unspaced(term.term) else _bare(term.term)) in said
        for term in terms.terms
    }
    return tuple(term for term in stands if stands[term]), tuple(term for term in stands if not stands[term])


def _bare(text: str) -> str:
    return " ".join(["", *re.findall(r"\w+", text.casefold()), ""])


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


def _people(companions: Companions) -> Iterator[Term]:
    """Yield the full names of those who spoke or wrote: a platform writes them as people write themselves."""
    wrote = (message.from_ for message in companions.chat)
    for name in chain((cue.speaker for cue in companions.cues), wrote):
        if name and 2 <= len(name.split()) <= MAX_NAME_WORDS:  # noqa: PLR2004
            yield Term(term=name, known_by="companions")


def _acronyms(event: Event, deck: Deck) -> Iterator[Term]:
    for line in _of_event_text(event):
        yield from (Term(term=term, known_by="event") for term in _acronyms_of(line))
    for line in _of_deck_text(deck):
        yield from (Term(term=term, known_by="deck") for term in _acronyms_of(line))


def _names(event: Event, deck: Deck) -> Iterator[Term]:
    for line in _of_event_text(event):
        yield from (Term(term=term, known_by="event") for term in _names_of(line))
    for line in _of_deck_text(deck):
        yield from (Term(term=term, known_by="deck") for term in _names_of(line))


def _of_event_text(event: Event) -> Iterable[str]:
    sentences = re.split(r"(?<=[.!?:])\s|\n", event.description)
    return (re.sub(r"^\[.*?\]", "", event.title), event.series or "", *event.tags, *sentences)


def _of_deck_text(deck: Deck) -> Iterator[str]:
    for slide in deck.visible():
        yield slide.title or ""
        yield from (line.text for line in slide.body)
        yield from (cell for table in slide.tables for row in table for cell in row)


def _acronyms_of(line: str) -> Iterator[str]:
    """Yield acronyms; a line that is all in capitals has none."""
    words = line.split()
    if sum(word.isupper() for word in words) <= max(2, len(words) / 2):
        yield from ACRONYM.findall(line)


def _names_of(line: str) -> Iterator[str]:
    """Yield names of two to four words, and words like YouTube; a line in title case has none."""
    yield from CAMEL.findall(line)
    long = [word for word in line.split() if len(word) >= LONG_WORD]
    if len(long) > MANY_LONG_WORDS and sum(word[0].isupper() for word in long) > len(long) / 2:
        return
    for part in re.split(r"[,;:.!?()|/–—]", line):
        yield from _runs(part.split())


def _runs(words: list[str]) -> Iterator[str]:
    """Yield the runs of capitalised words, a small "of" inside allowed."""
    run = list[str]()
    for word in [*words, ""]:
        begins = word[:1].isupper() and not ACRONYM.fullmatch(word) and (run or word.casefold() not in OPENERS)
        if begins or (run and word in PARTICLES):
            run.append(word)
            continue
        while run and run[-1] in PARTICLES:
            run.pop()
        if 2 <= len(run) <= MAX_NAME_WORDS:  # noqa: PLR2004
            yield " ".join(run)
        run = []
