"""Which sentences the account is made of: what they are worth and the Outline in, its parts out, within a budget.

Who speaks about what and what comes next always, then one sentence a chapter, then whatever adds most; a sentence that
hangs on others brings them along. What was chosen is then parted: no sentence stands in two places, and a chapter that
had one keeps one.
"""

import heapq
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field

from digest.language.sentences import SpokenSentence, join_sentences
from digest.model.event import Event
from digest.model.outline import Chapter, Outline
from digest.writing import phrases
from digest.writing.choosing import LONGEST_EVIDENCE, Valued, introduces, stands_alone, tells_topic, unit


@dataclass(frozen=True)
class Lengths:
    """How long the parts of an account are: (fewest, most) words of each, `points` are counted.

    The fewest come before anything has more; `sentences` are the most of a chapter.
    """

    brief: tuple[int, int]
    point: tuple[int, int]
    chapter: tuple[int, int]
    points: tuple[int, int]
    sentences: int


BRIEF = Lengths(brief=(0, 60), point=(9, 30), chapter=(0, 200), points=(3, 5), sentences=3)  # below half an hour
FULL = Lengths(brief=(50, 90), point=(15, 30), chapter=(80, 200), points=(5, 7), sentences=30)


@dataclass(frozen=True)
class Account:
    """The chosen sentences, each in one place and in spoken order; `chapters` are the Outline's."""

    in_brief: tuple[SpokenSentence, ...]
    key_points: tuple[SpokenSentence, ...]
    chapters: tuple[tuple[SpokenSentence, ...], ...]
    taken: frozenset[int]


def account(
    valued: Valued, outline: Outline, event: Event, lengths: Lengths, *, budget: float, asked: Collection[int] = ()
) -> Account:
    """Return the account: at most `budget` words as printed.

    `asked` are the places of questions and answers: their chapter has a section of its own, and may lose all to points.
    """
    said = valued.said
    choice = _Selection(valued, [range(*_within(said, chapter)) for chapter in outline.chapters], lengths, budget)
    closing = phrases.closing_from(said)
    introducing = _take_introduction(
        choice, range(min(closing, max(1, bisect_left(_starts(said), said[-1].end / 5)))), event
    )
    choice.take(range(closing, len(said)), 1, by=lambda at: valued.score(at) + 2 * phrases.comes_next(said[at]))
    for place in choice.places:
        if choice.taken.isdisjoint(place):
            choice.take([at for at in place if at not in asked], 1)
    choice.take([at for at in range(closing) if _is_point(choice, valued.units[at])], lengths.points[0])
    for place in choice.places:
        while choice.printed(place) < lengths.chapter[0] and choice.take(place, 1):
            pass
    choice.take(range(len(said)), len(said))
    return _part(choice, introducing, closing, asked)


@dataclass
class _Selection:
    """What may still be chosen: `taken` are places in `said`, `budget` is in words as printed."""

    valued: Valued
    places: Sequence[range]  # of each chapter
    lengths: Lengths
    budget: float
    taken: set[int] = field(default_factory=set)
    begun: Counter[int] = field(default_factory=Counter)  # sentences as printed, by chapter

    def take(self, among: Iterable[int], max_count: int, by: Callable[[int], float] | None = None) -> int:
        """Take the best that fit, and return how many: by what they add to what is taken, or by a rank of their own."""
        rank = by or (lambda at: self.valued.score(at, self.taken))
        waiting = [(-rank(at), at) for at in among]
        heapq.heapify(waiting)
        took = 0
        while waiting and took < max_count and waiting[0][0] < 0:
            before, at = heapq.heappop(waiting)
            if -rank(at) > before:  # what it hangs on was taken meanwhile
                heapq.heappush(waiting, (-rank(at), at))
                continue
            whole = unit(self.valued.said, at) if by else self.valued.units[at]
            new = [place for place in whole if place not in self.taken]
            words = sum(self.valued.words[place] for place in new)
            chapter = next((n for n, place in enumerate(self.places) if whole.start in place), 0)
            begins = new[:1] == [whole.start]
            if new and words <= self.budget and (by or self._has_room(chapter, words, begins=begins)):
                self.budget -= words
                self.taken.update(new)
                self.begun[chapter] += begins
                took += 1
        return took

    def printed(self, places: Iterable[int]) -> int:
        """Return how many words of these places are printed."""
        return sum(self.valued.words[at] for at in places if at in self.taken)

    def runs(self) -> list[range]:
        """Return the taken places in order, those that hang together in one."""
        said, found = self.valued.said, list[range]()
        for at in sorted(self.taken):
            hangs = unit(said, at).start < at or (at and phrases.presents(said[at - 1], said[at]))
            if (
                found
                and found[-1].stop == at
                and hangs
                and said[at].end - said[found[-1].start].start <= LONGEST_EVIDENCE
            ):
                found[-1] = range(found[-1].start, at + 1)
            else:
                found.append(range(at, at + 1))
        return found

    def _has_room(self, chapter: int, words: int, *, begins: bool) -> bool:
        if self.begun[chapter] + begins > self.lengths.sentences:
            return False
        return self.printed(self.places[chapter]) + words <= self.lengths.chapter[1]


def _take_introduction(choice: _Selection, early: range, event: Event) -> set[int]:
    """Take who speaks, and what the webinar is about where that sentence does not say it; return their places."""
    said = choice.valued.said
    choice.take(early, 1, by=lambda at: introduces(said[at], event))
    choice.take([at - 1 for at in choice.taken if at and phrases.presents(said[at - 1], said[at])], 1, by=lambda _: 1.0)
    if not any(tells_topic(said[at], event) for at in choice.taken):
        choice.take(early, 1, by=lambda at: tells_topic(said[at], event))
    return set(choice.taken)


def _is_point(choice: _Selection, run: range) -> bool:
    """Return whether a reader understands what stands there alone, and it has the length of a key point."""
    said, (fewest, most) = choice.valued.said, choice.lengths.point
    if not run or not fewest <= sum(choice.valued.words[at] for at in run) <= most:
        return False
    is_answer = bool(run.start and phrases.is_question(said[run.start - 1]))  # without its question
    return not is_answer and stands_alone(join_sentences(said[run.start : run.stop]))


def _part(choice: _Selection, introducing: set[int], closing: int, asked: Collection[int]) -> Account:
    said, lengths = choice.valued.said, choice.lengths
    runs = choice.runs()
    chapter = {run: next((n for n, place in enumerate(choice.places) if run.start in place), -1) for run in runs}
    brief = [run for run in runs if not introducing.isdisjoint(run)]
    alone = [run for run in runs if run not in brief and run.start < closing and _is_point(choice, run)]
    alone.sort(key=lambda run: -max(choice.valued.score(at) for at in run))
    left = Counter[int]()  # words of each chapter
    for run in runs:
        left[chapter[run]] += choice.printed(run) * (run not in brief)

    def spare(run: range) -> bool:
        rest = left[chapter[run]] - choice.printed(run)
        return run.start in asked or (rest > 0 and rest >= lengths.chapter[0])

    def move(run: range, to: list[range]) -> None:
        to.append(run)
        alone.remove(run)
        left[chapter[run]] -= choice.printed(run)

    for run in list(alone):
        words = sum(map(choice.printed, brief))
        if words < lengths.brief[0] and words + choice.printed(run) <= lengths.brief[1] and spare(run):
            move(run, brief)
    points = list[range]()
    for others in (False, True):  # from as many chapters as there are
        for run in list(alone):
            is_new = others or chapter[run] not in {chapter[point] for point in points}
            if is_new and len(points) < lengths.points[1] and spare(run):
                move(run, points)
    told = [run for run in runs if run not in brief and run not in points]
    return Account(
        in_brief=_of(said, sorted(brief, key=lambda run: run.start)),
        key_points=_of(said, sorted(points, key=lambda run: run.start)),
        chapters=tuple(_of(said, [run for run in told if chapter[run] == n]) for n in range(len(choice.places))),
        taken=frozenset(choice.taken),
    )


def _of(said: Sequence[SpokenSentence], chosen: Sequence[range]) -> tuple[SpokenSentence, ...]:
    return tuple(join_sentences(said[whole.start : whole.stop]) for whole in chosen)


def _within(said: Sequence[SpokenSentence], chapter: Chapter) -> tuple[int, int]:
    return bisect_left(_starts(said), chapter.start), bisect_left(_starts(said), chapter.end)


def _starts(said: Sequence[SpokenSentence]) -> list[float]:
    return [one.start for one in said]
