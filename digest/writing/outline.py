"""Chapters, from slide intervals, the hand-over to questions and the closing: Transcript and Alignment in."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from digest.model.alignment import Alignment
from digest.model.deck import Deck
from digest.model.outline import Chapter, Outline
from digest.model.speech import Speakers, Transcript, utterances
from digest.writing import cues
from digest.writing.questions import exchanges
from digest.writing.sentences import Said, sentences

VERSION = 1

SHORTEST = 15.0  # seconds; a shorter stretch belongs to the chapter before
SNAP = 8.0  # seconds by which a chapter may begin before or after its slide came on
TITLES = {
    "en": ("Opening", "Discussion", "Questions and answers", "Closing"),
    "de": ("Eröffnung", "Gespräch", "Fragen und Antworten", "Schluss"),
    "fr": ("Ouverture", "Discussion", "Questions et réponses", "Conclusion"),
    "es": ("Apertura", "Debate", "Preguntas y respuestas", "Cierre"),
}


@dataclass(frozen=True)
class _Part:
    start: float
    title: str
    slide: int | None


def outline(transcript: Transcript, speakers: Speakers, deck: Deck, alignment: Alignment) -> Outline:
    """Return chapters that cover the whole recording, titled in the words of the slides."""
    duration = alignment.intervals[-1].end
    said = sentences(utterances(transcript, speakers), transcript.language)
    opening, discussion, asking, closing = TITLES.get(transcript.language, TITLES["en"])
    parts = list(_shown(deck, alignment, opening, discussion))
    if asked := exchanges(said):
        parts = _from(parts, _Part(asked[0].opened, asking, None))
    if (at := cues.closing_from(said)) < len(said):
        parts = _from(parts, _Part(said[at].start, closing, None))
    parts = _long_enough([replace(part, start=_snapped(part.start, said)) for part in parts], duration)
    ends = [part.start for part in parts[1:]] + [duration]
    return Outline(
        chapters=tuple(
            Chapter(start=part.start, end=end, title=part.title) for part, end in zip(parts, ends, strict=True)
        )
    )


def _shown(deck: Deck, alignment: Alignment, opening: str, discussion: str) -> Iterator[_Part]:
    """Yield a part where a titled slide comes on for the first time; other changes go on with the part before."""
    titles = {slide.number: slide.title for slide in deck.visible() if slide.title}
    seen = set[int]()
    for interval in alignment.intervals:
        if interval.start == 0 and interval.slide is None:
            yield _Part(0.0, opening if len(alignment.intervals) > 1 else discussion, None)
        elif interval.slide in titles and interval.slide not in seen:
            seen.add(interval.slide)
            yield _Part(interval.start, titles[interval.slide], interval.slide)


def _from(parts: Sequence[_Part], part: _Part) -> list[_Part]:
    """Return the parts with this one instead of all that begin at or after it."""
    return [kept for kept in parts if kept.start < part.start] + [part]


def _snapped(start: float, said: Sequence[Said]) -> float:
    """Return where the sentence nearest to a slide change begins: slides change in the middle of a sentence."""
    if start == 0:
        return 0.0
    nearest = min((one.start for one in said), key=lambda at: abs(at - start), default=start)
    return nearest if abs(nearest - start) <= SNAP else start


def _long_enough(parts: Sequence[_Part], duration: float) -> list[_Part]:
    """Return the parts in order, the first from 0, without any that ends before it has begun to matter."""
    kept = list[_Part]()
    ends = [part.start for part in parts[1:]] + [duration]
    for part, end in zip(parts, ends, strict=True):
        if kept and ((end - part.start < SHORTEST and part is not parts[-1]) or part.start <= kept[-1].start):
            continue
        kept.append(part)
    if len(kept) > 1 and kept[1].start < SHORTEST:
        kept.pop(0)
    return [replace(kept[0], start=0.0), *kept[1:]] if kept else [_Part(0.0, TITLES["en"][1], None)]
