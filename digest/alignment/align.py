"""When each slide was on: from the platform's events, else from the picture and from what was said, joined.

Events are exact. Where page images can be compared with the picture, it decides what was on screen, and what was said
only helps between pages that look alike; where there is no picture, a slide is on while it is spoken of.
"""

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from digest.alignment.pages import page_set
from digest.alignment.picture import Look, Sightings, look_at, watch
from digest.alignment.spoken import SpeechEvidence, speech_evidence
from digest.alignment.trust import chance, witnesses
from digest.alignment.viterbi import SEEN, SPOKEN, decode_path
from digest.model.alignment import Alignment, Interval
from digest.model.companions import Companions, SlideEvent
from digest.model.deck import Deck, Pages, Slide
from digest.model.media import Media
from digest.model.speech import Transcript

log = logging.getLogger(__name__)

VERSION = 3

Floats = NDArray[np.float64]
Progress = Callable[[float], None]

SHARPNESS = 30.0  # nats that a look is worth for a difference of scores of 1
MAX_NATS = 4.0  # nats of a look at most, for any slide or for none
MARGIN, SPREAD = 0.15, 4.0  # the threshold: below the usual score by so much, or by so many deviations, if that is more
EXACT, MIN_THRESHOLD = 0.9, 0.5  # usual score of the very deck that was shown, and the threshold at least
OWN, MIN_THRESHOLD_OF_OWN = (
    0.7,
    0.35,
)  # usual score of it drawn with other fonts; then only which page fits best can tell
LOOSE = 3.0  # nats that a difference of scores of 1 is worth then: letters of other shapes differ by chance
OTHER = 0.65  # threshold where the usual score is lower: another deck of the same template
SCENE = 0.1  # difference of scores that makes another scene
FRESH, STALE = 2.0, 0.1  # seconds for which a scene's looks count in full, and what those after that count: little new
NEVER = -1e3  # nats: what cannot be
# Nats that a talk about its deck has: a sentence in the mean, and all in all. Lectures and webinars have 0.06 to 0.55
# with their own deck and 0.00 to 0.03 with another, unless it is of the same course.
OWN_SENTENCE, OWN_TALK = 0.035, 3.0
FEW_SLIDES = 3  # fewer do not tell each other's words apart
OF_SEVERAL = (
    "The platform's times of slides are not used: they do not say which of the presentations they are of. When each "
    "slide was on is told by picture and speech."
)


@dataclass(frozen=True)
class Scale:
    """How scores are read: above `threshold` a page is on screen, and a difference of 1 is worth `sharp` nats."""

    threshold: float
    sharp: float = SHARPNESS


def align(
    media: Media,
    transcript: Transcript,
    deck: Deck,
    pages: Pages,
    companions: Companions,
    *,
    root: Path,
    progress: Progress | None = None,
) -> Alignment:
    """Return slide intervals that cover the whole recording; hidden slides are never among them."""
    slides = deck.visible()
    if len(deck.presentations) > 1 and companions.slide_events:
        aligned = align(media, transcript, deck, pages, Companions(), root=root, progress=progress)
        return aligned.model_copy(update={"remarks": (OF_SEVERAL,)})
    if companions.slide_events:
        log.debug("by the platform's %d slide events", len(companions.slide_events))
        return _cover(tuple(_by_events(companions.slide_events, slides)), media.duration)
    spoken = speech_evidence(tuple(transcript.words()), slides) if slides else None
    look = _look(media, slides, pages, root)
    if look:
        log.debug("by the picture: %d pages for %d slides", len(look.pages.numbers), len(slides))
        return _cover(tuple(_by_picture(look, spoken, slides, media.duration, progress)), media.duration)
    if spoken is None or not len(spoken.starts):
        log.debug("by nothing: no picture to compare with %d slides, and no speech", len(slides))
        return _cover((), media.duration)
    log.debug("by speech: %d stretches for %d slides", len(spoken.starts), len(slides))
    return _cover(tuple(_by_speech(spoken, slides)), media.duration)


def _by_events(events: Sequence[SlideEvent], slides: Sequence[Slide]) -> Iterator[Interval]:
    visible = {slide.number for slide in slides}
    for event in sorted(events, key=lambda event: event.at):
        slide = event.slide if event.slide in visible else None
        yield Interval(start=event.at, end=event.at, slide=slide, confidence=1.0, known_by="event")


def _by_speech(spoken: SpeechEvidence, slides: Sequence[Slide]) -> Iterator[Interval]:
    """Yield where each slide begins, on the likeliest path through the deck; nothing if the talk is not about it."""
    nats = np.column_stack([spoken.nats, np.full(len(spoken.starts), NEVER)])
    path, sure = decode_path(nats, spoken.pauses, SPOKEN, first_of_deck(slides))
    gained = nats[np.arange(len(path)), path]
    if len(slides) >= FEW_SLIDES and (gained.mean() < OWN_SENTENCE or gained.sum() < OWN_TALK):
        log.debug("the talk is not about the slides: %.3f nats a sentence, %.1f in all", gained.mean(), gained.sum())
        return
    for at, together in _runs(path):
        yield Interval(
            start=float(spoken.starts[together[0]]),
            end=float(spoken.ends[together[-1]]),
            slide=slides[at].number,
            confidence=round(chance(witnesses(nats[together], sure[together], at)), 3),
            known_by="speech",
        )


def first_of_deck(slides: Sequence[Slide]) -> list[int]:
    """Return for each slide the index at which the presentation begins that it comes from."""
    first: dict[str | None, int] = {}
    return [first.setdefault(slide.deck, at) for at, slide in enumerate(slides)]


def _look(media: Media, slides: Sequence[Slide], pages: Pages, root: Path) -> Look | None:
    """Return how the picture is compared with the page images of the visible slides, if there are both."""
    of_visible = page_set(pages, [slide.number for slide in slides], root=root) if media.has_video else None
    return look_at(root / media.web.path, of_visible) if of_visible else None


def _by_picture(
    look: Look, spoken: SpeechEvidence | None, slides: Sequence[Slide], duration: float, progress: Progress | None
) -> Iterator[Interval]:
    """Yield where each slide, or none, comes on screen."""
    seen = watch(look, duration=duration, progress=progress)
    scale = _scale(seen)
    log.debug(
        "seen until %.1f s in %d layouts: threshold %.2f, %.0f nats for a difference of 1",
        seen.end,
        len(seen.layouts),
        scale.threshold,
        scale.sharp,
    )
    starts, nats, pauses = _join_evidence(seen, scale, spoken, look.pages.numbers, slides)
    path, sure = decode_path(nats, pauses, SEEN, first_of_deck(slides))
    column = {slide.number: at for at, slide in enumerate(slides)}
    page_of = {column[number]: at for at, number in enumerate(look.pages.numbers)}  # a state's column of scores
    before: int | None = None
    for at, together in _runs(path):
        page = page_of.get(at)
        start = float(starts[together[0]])
        if together[0] > 0:
            start = look.change_near(start, before, page, scale.threshold)
        yield Interval(
            start=start,
            end=start,
            slide=None if at == len(slides) else slides[at].number,
            confidence=round(float(sure[together, at].mean()) * _sureness(seen, starts[together], page, scale), 3),
            known_by="picture",
        )
        before = page


def _scale(seen: Sightings) -> Scale:
    """Return how scores are to be read, from the best ones in this very recording.

    Each page that won somewhere counts once, by its best moment, so that a picture that is worse throughout (small,
    covered, drawn with other fonts) lowers the threshold, and a slide that merely resembles one does not.
    """
    winner = seen.scores.argmax(axis=1)
    best = seen.scores.max(axis=1)
    tops = np.array([best[winner == page].max() for page in set(winner.tolist())])
    tops = tops[tops > MIN_THRESHOLD]
    if not len(tops):
        return Scale(OTHER)
    usual = float(np.median(tops))
    deviation = 1.4826 * float(np.median(np.abs(tops - usual)))  # of a normal distribution, from the median's
    if usual < EXACT:
        return Scale(MIN_THRESHOLD_OF_OWN, LOOSE) if usual >= OWN else Scale(OTHER)
    return Scale(max(MIN_THRESHOLD, usual - max(MARGIN, SPREAD * deviation)))


def _join_evidence(
    seen: Sightings, scale: Scale, spoken: SpeechEvidence | None, numbers: Sequence[int], slides: Sequence[Slide]
) -> tuple[Floats, Floats, Floats]:
    """Return starts, evidence and pauses of rows that begin wherever the picture changes or a stretch of speech begins.

    A row's evidence is what its looks and its part of the speech are worth; a slide without a page image has none.
    """
    heard_at = spoken.starts if spoken else np.zeros(0)
    starts = np.unique(np.concatenate([seen.starts, heard_at[(heard_at > 0) & (heard_at < seen.end)]]))
    lengths = np.diff(np.append(starts, seen.end))
    shown = np.searchsorted(seen.starts, starts, side="right") - 1
    column = {slide.number: at for at, slide in enumerate(slides)}
    nats = np.full((len(starts), len(slides) + 1), NEVER)
    nats[:, -1] = 0
    scores = seen.scores[shown].astype(float)
    best = scores.max(axis=1, keepdims=True)
    looks = np.clip(SHARPNESS * (best - scale.threshold), -MAX_NATS, MAX_NATS) + scale.sharp * (scores - best)
    nats[:, [column[number] for number in numbers]] = looks * _new_looks(seen, starts, lengths)[:, None]
    pauses = np.zeros(len(starts))
    if spoken is not None and len(spoken.starts):
        part = np.clip(np.searchsorted(spoken.starts, starts, side="right") - 1, 0, None)
        share = lengths / np.maximum(np.diff(np.append(spoken.starts, seen.end))[part], lengths)
        nats[:, :-1] += spoken.nats[part] * (share * (starts >= spoken.starts[0]))[:, None]
        begins = np.isin(starts, spoken.starts)
        pauses[begins] = spoken.pauses[part[begins]]
    return starts, nats, pauses


def _new_looks(seen: Sightings, starts: Floats, lengths: Floats) -> Floats:
    """Return how many looks each row is worth: many at a scene that stays the same tell little more than a few."""
    scores = seen.scores[np.searchsorted(seen.starts, starts, side="right") - 1]
    worth, since, first = np.empty(len(starts)), 0.0, scores[0]
    for row, length in enumerate(lengths.tolist()):
        if np.abs(scores[row] - first).max() > SCENE:
            since, first = 0.0, scores[row]
        fresh = min(max(FRESH - since, 0.0), length)
        worth[row] = (fresh + STALE * (length - fresh)) / seen.period
        since += length
    return worth


def _sureness(seen: Sightings, starts: Floats, page: int | None, scale: Scale) -> float:
    """Return how far above the threshold (none: below) an interval's scores lie, as a chance."""
    scores = seen.scores[np.searchsorted(seen.starts, starts, side="right") - 1].astype(float)
    above = -scores.max(axis=1) + scale.threshold if page is None else scores[:, page] - scale.threshold
    return float((1 / (1 + np.exp(-SHARPNESS * above))).mean())


def _runs(path: NDArray[np.int64]) -> Iterator[tuple[int, list[int]]]:
    for at, rows in groupby(range(len(path)), key=lambda row: int(path[row])):
        yield at, list(rows)


def _cover(found: Sequence[Interval], duration: float) -> Alignment:
    """Return intervals without gap or overlap from 0 to the end; each lasts until the next begins."""
    inside = [interval for interval in found if interval.start < duration]
    if not inside or (inside[0].known_by == "event" and inside[0].start > 0):
        inside.insert(0, Interval(start=0, end=0, slide=None, confidence=0.0 if not inside else 1.0, known_by="none"))
    starts = [0.0, *(max(0.0, interval.start) for interval in inside[1:]), duration]
    covering = (
        interval.model_copy(update={"start": start, "end": end})
        for interval, start, end in zip(inside, starts, starts[1:], strict=False)
    )
    intervals = tuple(interval for interval in covering if interval.end > interval.start)
    log.debug("%d intervals, %d of them with a slide", len(intervals), sum(one.slide is not None for one in intervals))
    return Alignment(intervals=intervals)
