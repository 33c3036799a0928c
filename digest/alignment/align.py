"""When each slide was on: from the platform's own events where it left any, else from what was said."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path

import numpy as np

from digest.alignment.likeness import likeness
from digest.alignment.path import likeliest
from digest.model.alignment import Alignment, Interval
from digest.model.companions import Companions, SlideEvent
from digest.model.deck import Deck, Pages, Slide
from digest.model.media import Media
from digest.model.speech import Transcript, Word

VERSION = 1

STRETCH = 8.0  # seconds of speech that are compared as one
BREATH = 0.35  # seconds of silence at which a stretch may end early
SHORTEST = 3.0  # seconds of a stretch that a breath may end
NEIGHBOUR = 0.5  # how much the stretches beside one count


def align(
    media: Media,
    transcript: Transcript,
    deck: Deck,
    pages: Pages,  # noqa: ARG001
    companions: Companions,
    *,
    root: Path,  # noqa: ARG001
) -> Alignment:
    """Return slide intervals that cover the whole recording; hidden slides are never among them."""
    slides = deck.visible()
    if companions.slide_events:
        return _covering(tuple(_told(companions.slide_events, slides)), media.duration)
    stretches = tuple(_stretches(tuple(transcript.words())))
    if not slides or not stretches:
        return _covering((), media.duration)
    return _covering(tuple(_heard(stretches, slides)), media.duration)


def _told(events: Sequence[SlideEvent], slides: Sequence[Slide]) -> Iterator[Interval]:
    visible = {slide.number for slide in slides}
    for event in sorted(events, key=lambda event: event.at):
        slide = event.slide if event.slide in visible else None
        yield Interval(start=event.at, end=event.at, slide=slide, confidence=1.0, known_by="event")


def _heard(stretches: Sequence[Sequence[Word]], slides: Sequence[Slide]) -> Iterator[Interval]:
    """Yield where each slide begins: the likeliest path through the deck for all that was said."""
    scores = likeness([" ".join(word.text for word in stretch) for stretch in stretches], slides)
    around = scores.copy()
    around[1:] += NEIGHBOUR * scores[:-1]
    around[:-1] += NEIGHBOUR * scores[1:]
    ends = np.array([stretch[-1].end for stretch in stretches])
    starts = np.array([stretch[0].start for stretch in stretches])
    pauses = np.concatenate(([0.0], np.maximum(starts[1:] - ends[:-1], 0.0)))
    path, sure = likeliest(around / (1 + 2 * NEIGHBOUR), pauses)
    for at, rows in groupby(range(len(path)), key=lambda row: int(path[row])):
        together = list(rows)
        yield Interval(
            start=float(starts[together[0]]),
            end=float(ends[together[-1]]),
            slide=slides[at].number,
            confidence=round(float(sure[together, at].mean()), 3),
            known_by="speech",
        )


def _stretches(words: Sequence[Word]) -> Iterator[Sequence[Word]]:
    """Yield what was said in stretches of some seconds, ended by a breath, a full stop or their length."""
    begin = 0
    for at in range(1, len(words) + 1):
        length = words[at - 1].end - words[begin].start
        ends = at == len(words) or length >= STRETCH
        if not ends and length >= SHORTEST:
            ends = words[at].start - words[at - 1].end >= BREATH or words[at - 1].text[-1] in ".?!"
        if ends:
            yield words[begin:at]
            begin = at


def _covering(found: Sequence[Interval], duration: float) -> Alignment:
    """Return intervals without gap or overlap from 0 to the end; each lasts until the next begins."""
    inside = [interval for interval in found if interval.start < duration]
    if not inside or (inside[0].known_by == "event" and inside[0].start > 0):
        inside.insert(0, Interval(start=0, end=0, slide=None, confidence=0.0 if not inside else 1.0, known_by="none"))
    starts = [0.0, *(max(0.0, interval.start) for interval in inside[1:]), duration]
    covering = (
        interval.model_copy(update={"start": start, "end": end})
        for interval, start, end in zip(inside, starts, starts[1:], strict=False)
    )
    return Alignment(intervals=tuple(interval for interval in covering if interval.end > interval.start))
