"""Stretches that follow each other without a gap, as editors divide them: chapters and slide intervals."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from digest.model.alignment import Interval
from digest.model.artifact import Span
from digest.model.digest import Digest, DigestChapter, Sentence
from digest.model.evidence import Heard
from digest.model.overlay import Revision, SetChapter, SetSlide

NEAR = 30.0  # seconds by which a re-run may move where a chapter or an interval begins


def set_slides(
    intervals: Sequence[Interval], revisions: Sequence[Revision], slides: set[int]
) -> tuple[tuple[Interval, ...], set[int]]:
    """Return the intervals as editors set them, and the numbers of the revisions that no longer fit.

    `slides` are the numbers of the slides that there are.
    """
    by_start = {interval.start: interval for interval in intervals}
    end, unfit = (intervals[-1].end if intervals else 0.0), set[int]()
    for revision in revisions:
        change = revision.change
        if not isinstance(change, SetSlide):
            continue
        place = change.interval
        if change.was != -1:
            near = [start for start, known in by_start.items() if known.slide == change.was]
            place = min(near, key=lambda start: abs(start - change.interval), default=-NEAR - 1)
        fits = abs(place - change.interval) <= NEAR and (change.slide is None or change.slide in slides)
        if not fits or not (change.start is None or 0 <= change.start < end):
            unfit.add(revision.number)
            continue
        by_start.pop(place, None)
        if change.start is not None:
            start = place if change.start == change.interval else change.start
            by_start[start] = Interval(start=start, end=end, slide=change.slide, confidence=1.0, known_by="editor")
    first = Interval(start=0, end=0, slide=None, confidence=1.0, known_by="editor")
    ordered = [by_start[start] for start in sorted(by_start)]
    ordered = ordered if not ordered or ordered[0].start <= 0 else [first, *ordered]
    return tuple(_until_the_next(ordered, end)), unfit


def _until_the_next(intervals: Sequence[Interval], end: float) -> Iterator[Interval]:
    for interval, following in pairwise(
        [*intervals, Interval(start=end, end=end, slide=None, confidence=1, known_by="none")]
    ):
        yield interval if interval.end == following.start else interval.model_copy(update={"end": following.start})


def set_chapters(digest: Digest, revisions: Sequence[Revision]) -> tuple[Digest, set[int]]:
    """Return the account divided and titled as editors did, and the numbers of the revisions that no longer fit.

    A sentence goes to the chapter in which the first thing that it rests on was said.
    """
    by_start = {chapter.start: chapter for chapter in digest.chapters}
    end, unfit = (digest.chapters[-1].end if digest.chapters else 0.0), set[int]()
    for revision in revisions:
        change = revision.change
        if not isinstance(change, SetChapter):
            continue
        place = change.chapter
        if change.was is not None:
            place = min(by_start, key=lambda start: abs(start - change.chapter), default=-NEAR - 1)
        if abs(place - change.chapter) > NEAR or not (change.start is None or 0 <= change.start < end):
            unfit.add(revision.number)
            continue
        is_first = place == min(by_start, default=place)
        by_start.pop(place, None)
        if change.start is not None or is_first:
            start = place if is_first or change.start == change.chapter else change.start or 0.0
            by_start[start] = DigestChapter(start=start, end=end, title=change.title)
    if unfit == {r.number for r in revisions if isinstance(r.change, SetChapter)}:
        return digest, unfit
    starts = sorted(by_start)
    spans = [Span(start=start, end=stop) for start, stop in pairwise([*starts, end])]
    held = dict[float, list[Sentence]]((span.start, []) for span in spans)
    for chapter in digest.chapters:
        for sentence in chapter.sentences:
            held[_chapter_at(starts, said_at(sentence, chapter.start))].append(sentence)
    chapters = (
        DigestChapter(start=s.start, end=s.end, title=by_start[s.start].title, sentences=tuple(held[s.start]))
        for s in spans
    )
    return digest.model_copy(update={"chapters": tuple(chapters)}), unfit


def said_at(sentence: Sentence, otherwise: float) -> float:
    """Return the first second that a sentence rests on, or another where it rests on nothing that was heard."""
    return min((one.start for one in sentence.evidence if isinstance(one, Heard)), default=otherwise)


def _chapter_at(starts: Sequence[float], at: float) -> float:
    return max((start for start in starts if start <= at), default=starts[0])
