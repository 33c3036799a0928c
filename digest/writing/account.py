"""Which sentences the account is made of: what the words in them are worth in, its parts out, within a budget of words.

Budgeted coverage (Lin & Bilmes 2010): the next sentence is always the one that adds most worth for each of its words,
where a word that was said shortly before adds nothing again; one that leans on the one before brings it along.
Every chapter, every main voice and every sure answer has one before any has two. No sentence stands in two places.
"""

import heapq
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from digest.language.quoting import MIN_QUOTED, leans, printed_text, speaks_of_self
from digest.language.sentences import SpokenSentence
from digest.learned.trees import Trees
from digest.model.evidence import MAX_HEARD
from digest.model.outline import Outline
from digest.writing.conversation import Conversation
from digest.writing.enumerations import enumerations
from digest.writing.worth import mentions, worths

MAX_GAP = 3.0  # seconds over which a sentence may lean on the one before
MAX_BROUGHT = 2  # sentences that one may bring along
SHORT = 8  # words: with fewer a sentence is quoted with the one before; that costs 0.005 of the facts, 12 would 0.023
MIN_HEARD = 0.4  # mean probability of the words: below, the recogniser guessed
REPEATED = 30.0  # seconds within which a word adds nothing again; with the next two chosen with the authors left out
FLOOR = 0.05  # worth that every word is foreseen to have
DENSITY = 1.0  # worth is divided by the words to this power
MAIN_SHARE = 0.1  # of the words: who says so much is one of the main voices
PLAIN = 0.5  # quantile of what sentences add, for each word: below, a chapter has none for its own sake

MIN_POINT, MAX_POINT = 8, 30  # words of a key point
FIRST_POINTS = 3  # claim and points that may take the last sentence of a chapter, while chapters keep more

Passage = tuple[SpokenSentence, ...]  # what is printed as one: sentences of one voice, one after the other


@dataclass(frozen=True)
class Account:
    """The chosen passages, each in one place and in spoken order.

    `claims` are the most important ones, for in brief; `chapters` are the Outline's, `answers` those of the exchanges
    that were given. `taken` are the places of all sentences that something was taken from.
    """

    claims: tuple[Passage, ...]
    key_points: tuple[Passage, ...]
    chapters: tuple[tuple[Passage, ...], ...]
    answers: tuple[tuple[Passage, ...], ...]
    taken: frozenset[int]


@dataclass(frozen=True)
class Candidate:
    """A sentence that may be quoted: how many words are printed of it, what the content words in it are worth."""

    spoken: SpokenSentence
    words: int
    worths: dict[str, float]


@dataclass(frozen=True)
class Stock:
    """All sentences of a webinar in order, with what is printed together; everything goes by their places.

    `answer` is the exchange that a sentence answers, of `exchanges` from 0 on, -1 for none; `unfit` are not to be
    quoted; `lists` are those that count items.
    """

    candidates: Sequence[Candidate]
    answer: Sequence[int]
    unfit: Collection[int]
    lists: Sequence[Sequence[int]] = ()
    exchanges: int = 0

    @cached_property
    def units(self) -> tuple[tuple[int, ...], ...]:
        """Return for each sentence what is printed with it, nothing where it is unfit.

        That is itself, what it leans on, and of a list all items or none.
        """
        alone = [tuple(self._unit(at)) for at in range(len(self.candidates))]
        for items in self.lists:
            leaning = [
                item
                for item in items
                if self.candidates[item].words >= MIN_QUOTED and leans(self.candidates[item].spoken)
            ]
            brought = {at for item in leaning for at in alone[item]}
            is_whole = all(alone[item] or self.candidates[item].words < MIN_QUOTED for item in items)
            is_whole = is_whole and len({self.answer[item] for item in items}) == 1 and self._unfit.isdisjoint(items)
            for item in items:
                alone[item] = tuple(sorted({*items, *brought})) if is_whole else ()
        return tuple(alone)

    def worth_by_sentence(self) -> dict[int, float]:
        """Return what the words of each fit sentence are worth, for each word, by its place."""
        return {
            at: sum(one.worths.values()) / one.words for at, one in enumerate(self.candidates) if at not in self._unfit
        }

    @cached_property
    def _unfit(self) -> frozenset[int]:
        return frozenset(self.unfit) | {at for at, one in enumerate(self.candidates) if _is_guessed(one.spoken)}

    def _unit(self, at: int) -> range:
        first = at
        while at - first < MAX_BROUGHT and self._leans(first) and self._may_bring(first, at):
            first -= 1
        opens_answer = self.answer[first] >= 0 and (not first or self.answer[first - 1] != self.answer[first])
        stands = not leans(self.candidates[first].spoken) or opens_answer
        whole = range(first, at + 1)
        fits = self._unfit.isdisjoint(whole)
        return whole if stands and fits and sum(self.candidates[one].words for one in whole) >= MIN_QUOTED else range(0)

    def _leans(self, at: int) -> bool:
        """Return whether a sentence says little without the one before: by its head, or as it is short."""
        return leans(self.candidates[at].spoken) or self.candidates[at].words < SHORT

    def _may_bring(self, first: int, last: int) -> bool:
        if not first or self.answer[first - 1] != self.answer[last]:
            return False
        before, one, end = (self.candidates[place].spoken for place in (first - 1, first, last))
        is_near = before.speaker == one.speaker and one.start - before.end < MAX_GAP
        return is_near and end.end - before.start <= MAX_HEARD


def take_stock(c: Conversation, worth: Trees, answers: Sequence[Collection[int]], unfit: Collection[int]) -> Stock:
    """Return the sentences of a conversation; `answers` are the places of each exchange's sure answer."""
    found = mentions(c)
    values = worths(c, found, worth)
    by_place = defaultdict[int, dict[str, float]](dict)
    for one, value in zip(found, values, strict=True):
        by_place[one.place][one.word] = max(0.0, float(value) - FLOOR)
    of_answer = {place: n for n, places in enumerate(answers) for place in places}
    candidates = [
        Candidate(spoken, len(printed_text(spoken, opens=False).split()), by_place[at])
        for at, spoken in enumerate(c.said)
    ]
    answer = [of_answer.get(at, -1) for at in range(len(candidates))]
    return Stock(candidates, answer, unfit, enumerations(c), len(answers))


def account(c: Conversation, stock: Stock, outline: Outline, *, points: int, budget: float) -> Account:
    """Return the account: at most `points` key points, and `budget` words as printed."""
    starts = [chapter.start for chapter in outline.chapters]
    chapter = [sum(start <= one.spoken.start for start in starts[1:]) for one in stock.candidates]
    main = [voice for voice, share in c.shares.items() if share >= MAIN_SHARE]
    choice = _Selection(stock, budget)
    everywhere = range(len(stock.candidates))
    for exchange in range(stock.exchanges):
        choice.take([at for at in everywhere if stock.answer[at] == exchange], 1)
    free = [at for at in everywhere if stock.answer[at] < 0]
    gains = [gain for at in free if (gain := choice.gain(at))]
    plain = float(np.quantile(gains, PLAIN)) if gains else 0.0
    for number in range(len(starts)):
        choice.take([at for at in free if chapter[at] == number], 1, above=plain)
    for voice in main:
        its = [at for at in everywhere if stock.candidates[at].spoken.speaker == voice]
        if choice.taken.isdisjoint(its):
            choice.take(its, 1)
    choice.take(everywhere, len(stock.candidates))
    return _part(choice, chapter, len(starts), main, max_points=points)


@dataclass
class _Selection:
    """What may still be chosen: `taken` are places in the stock, `budget` is in words as printed."""

    stock: Stock
    budget: float
    taken: set[int] = field(default_factory=set)
    said: defaultdict[str, list[float]] = field(default_factory=lambda: defaultdict(list))  # when, of each word

    def gain(self, at: int) -> float:
        """Return what a sentence and what it brings add for each of their words."""
        new = [place for place in self.stock.units[at] if place not in self.taken]
        worth = sum(self._adds(self.stock.candidates[place]) for place in new)
        words = sum(self.stock.candidates[place].words for place in new)
        return float(worth / max(MIN_QUOTED, words) ** DENSITY) if new else 0.0

    def _adds(self, one: Candidate) -> float:
        start = one.spoken.start
        return sum(
            worth
            for word, worth in one.worths.items()
            if all(abs(start - other) >= REPEATED for other in self.said.get(word, ()))
        )

    def take(self, among: Iterable[int], max_count: int, *, above: float = 0.0) -> None:
        """Take those that add most and fit; what a sentence adds only falls, so that only the best is weighed anew."""
        waiting = [(-self.gain(at), at) for at in among]
        heapq.heapify(waiting)
        took = 0
        while waiting and took < max_count and waiting[0][0] < -above:
            before, at = heapq.heappop(waiting)
            if (now := -self.gain(at)) != before:
                heapq.heappush(waiting, (now, at))
                continue
            new = [place for place in self.stock.units[at] if place not in self.taken]
            words = sum(self.stock.candidates[place].words for place in new)
            if words <= self.budget:
                self.budget -= words
                took += 1
                self.taken.update(new)
                for place in new:
                    for word in self.stock.candidates[place].worths:
                        self.said[word].append(self.stock.candidates[place].spoken.start)

    def runs(self) -> list[range]:
        """Return the taken places in order, in one what is printed as one: what leans with what it leans on."""
        found = list[range]()
        for at in sorted(self.taken):
            if found and found[-1].stop == at and self._goes_on(found[-1], at):
                found[-1] = range(found[-1].start, at + 1)
            else:
                found.append(range(at, at + 1))
        return found

    def _goes_on(self, run: range, at: int) -> bool:
        first, before, one = (self.stock.candidates[place].spoken for place in (run.start, at - 1, at))
        is_one = self.stock.answer[at] == self.stock.answer[at - 1] and one.speaker == before.speaker
        return at - 1 in self.stock.units[at] and is_one and one.end - first.start <= MAX_HEARD


def _part(
    choice: _Selection, chapter: Sequence[int], chapters: int, main: Collection[str], *, max_points: int
) -> Account:
    """Return what was chosen in its parts.

    The worthiest that stand alone are points, as long as chapters keep one, and the first of a main voice that does not
    speak of itself is the claim.
    """
    stock, runs = choice.stock, choice.runs()
    told = [run for run in runs if stock.answer[run.start] < 0]
    left = Counter(chapter[run.start] for run in told)
    alone = [run for run in told if _stands_alone(stock, run)]
    alone.sort(key=lambda run: (speaks_of_self(stock.candidates[run.start].spoken), -_worth(stock, run)))
    points = list[range]()
    for others in (False, True):  # from as many chapters as there are
        for run in alone:
            is_new = others or chapter[run.start] not in {chapter[point.start] for point in points}
            if (
                run not in points
                and is_new
                and len(points) <= max_points
                and (left[chapter[run.start]] > 1 or len(points) < min(FIRST_POINTS, left.total() - 1))
            ):
                points.append(run)
                left[chapter[run.start]] -= 1
    firsts = {run: stock.candidates[run.start].spoken for run in points}
    claims = [run for run in points if firsts[run].speaker in main and not speaks_of_self(firsts[run])][:1]
    points = sorted([run for run in points if run not in claims][:max_points], key=lambda run: run.start)
    rest = [run for run in told if run not in claims and run not in points]

    def passages(some: Iterable[range]) -> tuple[Passage, ...]:
        return tuple(tuple(stock.candidates[at].spoken for at in run) for run in some)

    return Account(
        claims=passages(claims),
        key_points=passages(points),
        chapters=tuple(passages(run for run in rest if chapter[run.start] == n) for n in range(chapters)),
        answers=tuple(passages(run for run in runs if stock.answer[run.start] == n) for n in range(stock.exchanges)),
        taken=frozenset(choice.taken),
    )


def _worth(stock: Stock, run: range) -> float:
    return sum(sum(stock.candidates[at].worths.values()) for at in run)


def _stands_alone(stock: Stock, run: range) -> bool:
    words = sum(stock.candidates[at].words for at in run)
    return not leans(stock.candidates[run.start].spoken) and MIN_POINT <= words <= MAX_POINT


def _is_guessed(one: SpokenSentence) -> bool:
    """Return whether the recogniser was so unsure that nobody should be quoted by it."""
    return sum(word.probability for word in one.words) / len(one.words) < MIN_HEARD
