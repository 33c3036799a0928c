"""Chapters, from slides, voices and what is said: Transcript, Speakers, Deck and Alignment in, Outline out."""

import logging
import math
import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from digest.language.languages import get_language
from digest.language.sentences import SpokenSentence, sentences
from digest.model.alignment import Alignment
from digest.model.deck import Deck
from digest.model.outline import Chapter, Outline
from digest.model.speech import Speakers, Transcript, utterances
from digest.writing.topic_segmentation import Place, places

log = logging.getLogger(__name__)

VERSION = 3

MIN_CHAPTER_SECONDS = 15.0  # seconds; a shorter stretch belongs to the chapter before
MIN_WEIGHT = 1.5  # weight from which a place begins a chapter
STRONG = 3.0  # weight from which it does so beside another one
MAX_CHAPTERS = 6  # chapters between the opening and the questions: with these and the closing nine
MIN_CHAPTERS = 6  # chapters of a long webinar: fewer cannot hold its account
LONG = 30 * 60.0  # seconds
OFTEN, WORDS = 4, 3  # a word said so often may stand in a title, with at most so many
SPACING = (20.0, 240.0)  # seconds between two beginnings that are not strong: a sixteenth of the webinar, within these
MAX_TITLE = 90  # letters
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
    found = places(said, deck, alignment)
    chosen = _choose(found, duration)
    if duration >= LONG:
        chosen = _add_chapters(chosen, said, duration)
    log.debug("places and weights: %s", [(round(place.start, 1), place.weight, place.kind) for place in found])
    log.debug("chapters begin at %s", [round(place.start, 1) for place in chosen])
    starts = [0.0, *(place.start for place in chosen), duration]
    spoken = [_words(said, start, end) for start, end in pairwise(starts)]
    titles = [opening if chosen else discussion]
    for at, place in enumerate(chosen, start=1):
        titles.append(names.get(place.kind) or _short(place.title) or _characteristic(at, spoken) or discussion)
    return Outline(
        chapters=tuple(
            Chapter(start=start, end=end, title=title)
            for (start, end), title in zip(pairwise(starts), titles, strict=True)
        )
    )


def _choose(found: Sequence[Place], duration: float) -> list[Place]:
    """Return the places that begin chapters: the weightiest first, as long as they keep their distance."""
    spacing = min(max(duration / 16, SPACING[0]), SPACING[1])
    kept = list[Place]()
    for place in sorted(found, key=lambda place: (-bool(place.kind), -place.weight, place.start)):
        nearest = min((abs(place.start - other.start) for other in kept), default=duration)
        room = MIN_CHAPTER_SECONDS if place.weight >= STRONG else spacing
        is_within = place.start >= MIN_CHAPTER_SECONDS and (place.kind or place.start <= duration - MIN_CHAPTER_SECONDS)
        plain = sum(not other.kind for other in kept)
        if is_within and (place.kind or (place.weight >= MIN_WEIGHT and nearest >= room and plain < MAX_CHAPTERS)):
            kept.append(place)
    return sorted(kept, key=lambda place: place.start)


def _add_chapters(chosen: Sequence[Place], said: Sequence[SpokenSentence], duration: float) -> list[Place]:
    """Return the places, the longest stretches parted at the longest pause of their middle until there are enough."""
    found = list(chosen)
    while len(found) + 1 < MIN_CHAPTERS:
        edges = [0.0, *(place.start for place in found), duration]
        first, last = max(pairwise(edges), key=lambda stretch: stretch[1] - stretch[0])
        third = (last - first) / 3
        inner = [at for at in range(1, len(said)) if first + third <= said[at].start < last - third]
        if not inner:
            break
        at = max(inner, key=lambda at: said[at].start - said[at - 1].end)
        found = sorted([*found, Place(said[at].start, 0.0)], key=lambda place: place.start)
    return found


def _words(said: Sequence[SpokenSentence], start: float, end: float) -> Counter[str]:
    """Return how often each longer word was said in a stretch."""
    return Counter(
        word
        for one in said
        if start <= one.start < end
        for word in re.findall(r"[^\W\d_]{4,}", one.text.lower())
        if word not in get_language(one.language).function_words
    )


def _characteristic(at: int, spoken: Sequence[Counter[str]]) -> str | None:
    """Return the words that were said often in one chapter and in few others (tf-idf), None where there are none."""
    weights = {
        word: count * math.log(len(spoken) / sum(word in other for other in spoken))
        for word, count in spoken[at].items()
        if count >= OFTEN
    }
    best = sorted((word for word in weights if weights[word] > 0), key=lambda word: -weights[word])[:WORDS]
    return ", ".join(best).capitalize() or None


def _short(title: str | None) -> str | None:
    if title is None or len(title) <= MAX_TITLE:
        return title
    return title[:MAX_TITLE].rpartition(" ")[0] + " …"
