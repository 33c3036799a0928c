"""Chapters, from slides, voices and what is said: Transcript, Speakers, Deck and Alignment in, Outline out."""

from collections.abc import Sequence

from digest.model.alignment import Alignment
from digest.model.deck import Deck
from digest.model.outline import Chapter, Outline
from digest.model.speech import Speakers, Transcript, utterances
from digest.writing.boundaries import Place, places
from digest.writing.sentences import sentences

VERSION = 3

SHORTEST = 15.0  # seconds; a shorter stretch belongs to the chapter before
LEAST = 1.5  # weight from which a place begins a chapter
STRONG = 3.0  # weight from which it does so beside another one
MOST = 10  # chapters between the opening and the questions, however long the webinar
SPACING = (20.0, 240.0)  # seconds between two beginnings that are not strong: a sixteenth of the webinar, within these
LONGEST_TITLE = 90  # letters
TITLES = {
    "en": ("Opening", "Discussion", "Questions and answers", "Closing"),
    "de": ("Eröffnung", "Gespräch", "Fragen und Antworten", "Schluss"),
    "fr": ("Ouverture", "Discussion", "Questions et réponses", "Conclusion"),
    "es": ("Apertura", "Debate", "Preguntas y respuestas", "Cierre"),
}


def outline(transcript: Transcript, speakers: Speakers, deck: Deck, alignment: Alignment) -> Outline:
    """Return chapters that cover the whole recording, titled in the words of the slides or the speakers."""
    duration = alignment.intervals[-1].end
    said = sentences(utterances(transcript, speakers), transcript.language)
    opening, discussion, asking, closing = TITLES.get(transcript.language, TITLES["en"])
    names = {"questions": asking, "closing": closing}
    chosen = _chosen(places(said, deck, alignment), duration)
    starts = [0.0, *(place.start for place in chosen), duration]
    titles = [opening if chosen else discussion, *(names.get(p.kind) or _short(p.title) or discussion for p in chosen)]
    return Outline(
        chapters=tuple(
            Chapter(start=start, end=end, title=title)
            for start, end, title in zip(starts, starts[1:], titles, strict=False)
        )
    )


def _chosen(found: Sequence[Place], duration: float) -> list[Place]:
    """Return the places that begin chapters: the weightiest first, as long as they keep their distance."""
    spacing = min(max(duration / 16, SPACING[0]), SPACING[1])
    kept = list[Place]()
    for place in sorted(found, key=lambda place: (-bool(place.kind), -place.weight, place.start)):
        nearest = min((abs(place.start - other.start) for other in kept), default=duration)
        room = SHORTEST if place.weight >= STRONG else spacing
        is_within = place.start >= SHORTEST and (place.kind or place.start <= duration - SHORTEST)
        plain = sum(not other.kind for other in kept)
        if is_within and (place.kind or (place.weight >= LEAST and nearest >= room and plain < MOST)):
            kept.append(place)
    return sorted(kept, key=lambda place: place.start)


def _short(title: str | None) -> str | None:
    if title is None or len(title) <= LONGEST_TITLE:
        return title
    return title[:LONGEST_TITLE].rpartition(" ")[0] + " …"
