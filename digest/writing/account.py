"""Which sentences the account is made of: Said and Outline in, in brief, key points and chapters out, within a budget.

One sentence a chapter first, who speaks and what comes next always, then whatever is worth most; a sentence that hangs
on the one before brings it along. What was chosen is then parted: no sentence stands in two places.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from digest.model.event import Event
from digest.model.outline import Chapter, Outline
from digest.writing import cues
from digest.writing.choosing import LONGEST_EVIDENCE, compressed, introduces, stands_alone, unit
from digest.writing.sentences import Said, joined

FEWEST_POINTS = 3


@dataclass(frozen=True)
class Account:
    """The chosen sentences, each in one place and in spoken order; `chapters` are the Outline's."""

    in_brief: tuple[Said, ...]
    key_points: tuple[Said, ...]
    chapters: tuple[tuple[Said, ...], ...]
    taken: frozenset[int]


@dataclass
class _Choice:
    """What may still be chosen: `taken` are places in `said`, `budget` is in words as printed."""

    said: Sequence[Said]
    scores: Sequence[float]
    budget: float
    taken: set[int] = field(default_factory=set)

    def take(self, among: Iterable[int], most: int, by: Callable[[int], float] | None = None) -> None:
        """Take the best that fit the budget; a hanging sentence with the one that it hangs on."""
        rank = by or (lambda at: self.scores[at])
        for at in sorted(among, key=lambda at: (-rank(at), at)):
            if not most or rank(at) <= 0:
                break
            new = [place for place in unit(self.said, at) if place not in self.taken]
            words = sum(len(compressed(self.said[place].text).split()) for place in new)
            if new and words <= self.budget:
                self.budget -= words
                self.taken.update(new)
                most -= 1

    def runs(self) -> list[range]:
        """Return the taken places in order, those that hang together in one."""
        found = list[range]()
        for at in sorted(self.taken):
            hangs = unit(self.said, at).start < at or (at and cues.presents(self.said[at - 1], self.said[at]))
            if found and found[-1].stop == at and hangs and self._fits(found[-1].start, at):
                found[-1] = range(found[-1].start, at + 1)
            else:
                found.append(range(at, at + 1))
        return found

    def _fits(self, first: int, last: int) -> bool:
        return self.said[last].end - self.said[first].start <= LONGEST_EVIDENCE


def account(
    said: Sequence[Said], scores: Sequence[float], outline: Outline, event: Event, *, budget: float, points: int
) -> Account:
    """Return the account: at most `budget` words as printed, at most `points` key points."""
    choice = _Choice(said, scores, budget)
    closing = cues.closing_from(said)
    early = range(min(closing, max(1, sum(one.start < outline.chapters[-1].end / 5 for one in said))))
    choice.take(early, 1, by=lambda at: introduces(said[at], event))
    choice.take([at - 1 for at in choice.taken if at and cues.presents(said[at - 1], said[at])], 1, by=lambda _: 1.0)
    introducing = set(choice.taken)
    choice.take(range(closing, len(said)), 1, by=lambda at: scores[at] + 2 * cues.comes_next(said[at]))
    places = [range(*_within(said, chapter)) for chapter in outline.chapters]
    for place in places:
        if choice.taken.isdisjoint(place):
            choice.take(place, 1)
    choice.take(range(len(said)), len(said))
    runs = choice.runs()
    brief = [run for run in runs if not introducing.isdisjoint(run)]
    rest = [run for run in runs if run not in brief]
    keys = _key_points(choice, [run for run in rest if run.start < closing], places, points)
    return Account(
        in_brief=_of(said, brief),
        key_points=_of(said, keys),
        chapters=tuple(_of(said, [run for run in rest if run.start in place and run not in keys]) for place in places),
        taken=frozenset(choice.taken),
    )


def _key_points(choice: _Choice, chosen: Sequence[range], places: Sequence[range], most: int) -> list[range]:
    """Return the best that a reader understands alone, from as many chapters as there are.

    A chapter is left its last sentence, unless there would be too few points.
    """

    def chapter(whole: range) -> int:
        return next((n for n, place in enumerate(places) if whole.start in place), -1)

    left = Counter(map(chapter, chosen))
    alone = [w for w in chosen if stands_alone(joined(choice.said[w.start : w.stop]))]
    ranked = sorted(alone, key=lambda whole: -max(choice.scores[at] for at in whole))
    found, used = list[range](), set[int]()
    for whole in ranked:
        if len(found) < most and chapter(whole) not in used and left[chapter(whole)] > 1:
            found.append(whole)
            used.add(chapter(whole))
            left[chapter(whole)] -= 1
    more = sorted((w for w in ranked if w not in found), key=lambda whole: left[chapter(whole)] < 2)  # noqa: PLR2004
    return sorted([*found, *more[: max(0, FEWEST_POINTS - len(found))]], key=lambda whole: whole.start)


def _of(said: Sequence[Said], chosen: Sequence[range]) -> tuple[Said, ...]:
    return tuple(joined(said[whole.start : whole.stop]) for whole in chosen)


def _within(said: Sequence[Said], chapter: Chapter) -> tuple[int, int]:
    starts = [one.start for one in said]
    return bisect_left(starts, chapter.start), bisect_left(starts, chapter.end)
