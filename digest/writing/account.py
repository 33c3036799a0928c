"""What the account is made of: passages, chosen by what their words are worth, its parts out, within a budget of words.

Budgeted coverage (Lin & Bilmes 2010): the next passage is always the one that adds most worth for each of its words,
where a word that was said shortly before adds nothing again, and the likelier it stands as it is the better. Every
chapter and every main voice has one before any has two. No sentence stands in two places.
"""

import heapq
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import pairwise

import numpy as np

from digest.language.quoting import printed_text, speaks_of_self
from digest.language.sentences import SpokenSentence
from digest.learned.trees import Trees
from digest.model.outline import Outline
from digest.writing.conversation import Conversation
from digest.writing.enumerations import enumerations
from digest.writing.models import Models
from digest.writing.passages import HOUSEKEEPING, Window, passage_columns, windows
from digest.writing.worth import mentions, worths

MIN_HEARD = 0.4  # mean probability of the words: below, the recogniser guessed
REPEATED = 30.0  # seconds within which a word adds nothing again; with the next four chosen with the authors left out
FLOOR = 0.05  # worth that every word is foreseen to have
DENSITY = 0.9  # worth is divided by the words to this power
TRUST, POINT_TRUST = 0.5, 1.0  # and multiplied by how likely the passage stands, to this power
MIN_PASSAGE = 8  # words of a passage in the discussion
MAIN_SHARE = 0.1  # of the words: who says so much is one of the main voices
PLAIN = 0.5  # quantile of what passages add, for each word: below, a chapter has none for its own sake

MIN_POINT, MAX_POINT, MAX_CLAIM = 8, 40, 30  # words of a key point, and of what in brief quotes
POINTS_SHARE = 0.3  # of the budget that claim and points may take,
FIRST_POINTS = 2  # but for the first of them, which may take half of what is left each

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
class Unit:
    """What is told whole or not at all: places in order, neighbours but in a list, and how likely it stands so."""

    places: tuple[int, ...]
    stands: float


@dataclass(frozen=True)
class Stock:
    """All sentences of a webinar in order; everything goes by their places.

    `units` may be told, `answers` are what is printed of each exchange's answer.
    """

    candidates: Sequence[Candidate]
    units: Sequence[Unit]
    answers: Sequence[Sequence[int]] = ()

    def words(self, places: Iterable[int]) -> int:
        """Return how many words are printed of some sentences."""
        return sum(self.candidates[at].words for at in places)

    def single(self) -> dict[int, float]:
        """Return how much each sentence that may be told alone is worth, for each word, and as it stands."""
        return {
            unit.places[0]: unit.stands * sum(one.worths.values()) / one.words
            for unit in self.units
            if len(unit.places) == 1
            for one in (self.candidates[unit.places[0]],)
        }

    def passages(self, places: Iterable[int]) -> tuple[Passage, ...]:
        """Return sentences as passages: neighbours of one voice in one."""
        found = list[list[int]]()
        for at in sorted(places):
            voices = {self.candidates[one].spoken.speaker for one in (at, *(found[-1][-1:] if found else ()))}
            if found and found[-1][-1] == at - 1 and len(voices) == 1:
                found[-1].append(at)
            else:
                found.append([at])
        return tuple(tuple(self.candidates[at].spoken for at in run) for run in found)


def take_stock(
    c: Conversation, fitted: Models, outline: Outline, answers: Sequence[Sequence[int]], unfit: Collection[int]
) -> Stock:
    """Return the sentences of a conversation; `answers` are the places that are printed of each exchange's answer."""
    candidates = _candidates(c, fitted.worth)
    out = {*unfit, *(at for some in answers for at in some), *(at for at, one in enumerate(c.said) if _is_guessed(one))}
    found = windows(c, out, chapter_of(c.said, outline))
    lists = [tuple(items) for items in enumerations(c)]
    found = [window for window in found if all(_is_whole(window, items) for items in lists)]
    units = [Unit(tuple(range(*window)), likely) for window, likely in _likely_stand(c, found, fitted)]
    usual = float(np.mean([one.stands for one in units])) if units else 0.0
    return Stock(candidates, [*units, *(Unit(items, usual) for items in lists if out.isdisjoint(items))], answers)


def _likely_stand(c: Conversation, found: Sequence[Window], fitted: Models) -> Iterator[tuple[Window, float]]:
    """Yield the passages that do not only run the webinar, with how likely each stands."""
    if found:
        columns = passage_columns(c, found, fitted.traps)
        stands, keeps = fitted.stands.probabilities(columns), fitted.housekeeping.probabilities(columns)
        for window, likely, runs in zip(found, stands, keeps, strict=True):
            if runs < HOUSEKEEPING:
                yield window, float(likely)


def chapter_of(said: Sequence[SpokenSentence], outline: Outline) -> list[int]:
    """Return in which chapter each sentence begins."""
    starts = [chapter.start for chapter in outline.chapters[1:]]
    return [sum(start <= one.start for start in starts) for one in said]


def _candidates(c: Conversation, worth: Trees) -> list[Candidate]:
    found = mentions(c)
    by_place = defaultdict[int, dict[str, float]](dict)
    for one, value in zip(found, worths(c, found, worth), strict=True):
        by_place[one.place][one.word] = max(0.0, float(value) - FLOOR)
    return [
        Candidate(spoken, len(printed_text(spoken, opens=False).split()), by_place[at])
        for at, spoken in enumerate(c.said)
    ]


def _is_whole(window: tuple[int, int], items: Sequence[int]) -> bool:
    """Return whether a passage holds all of a list's items or none."""
    return sum(window[0] <= at < window[1] for at in items) in (0, len(items))


def _is_guessed(one: SpokenSentence) -> bool:
    """Return whether the recogniser was so unsure that nobody should be quoted by it."""
    return sum(word.probability for word in one.words) / len(one.words) < MIN_HEARD


def account(stock: Stock, outline: Outline, *, main: Collection[str], points: int, budget: float) -> Account:
    """Return the account: at most `points` key points, and `budget` words as printed; `main` are the main voices."""
    said = [one.spoken for one in stock.candidates]
    chapter = chapter_of(said, outline)
    choice = _Selection(stock, budget)
    choice.spend({at for some in stock.answers for at in some})
    told = _points(choice, chapter, max_count=points + 1)
    every = [unit for unit in stock.units if stock.words(unit.places) >= MIN_PASSAGE]
    # What goes on from a key point or an answer has lost what it goes on from: it comes last.
    behind = {at + 1 for at in choice.taken if said[at + 1 : at + 2] and said[at + 1].speaker == said[at].speaker}
    units = [unit for unit in every if unit.places[0] not in behind]
    gains = [gain for unit in units if (gain := choice.gain(unit))]
    plain = float(np.quantile(gains, PLAIN)) if gains else 0.0
    for voice in sorted(main):
        its = [at for at, one in enumerate(said) if one.speaker == voice]
        if choice.taken.isdisjoint(its):
            choice.take([unit for unit in units if unit.places[0] in its], 1)
    begun = {chapter[at] for at in choice.taken}
    for number in sorted(range(len(outline.chapters)), key=lambda number: number in begun):
        choice.take([unit for unit in units if chapter[unit.places[0]] == number], 1, above=plain)
    for some in (units, every):
        choice.take(some, len(some))
    brief = [one for one in told if said[one[0]].speaker in main and stock.words(one) <= MAX_CLAIM]
    claims = [one for one in brief if not speaks_of_self(said[one[0]])][:1]
    key_points = sorted([one for one in told if one not in claims][:points])
    apart = {at for one in (*claims, *key_points, *stock.answers) for at in one}
    rest = stock.passages(choice.taken - apart)
    places = {one.start: chapter[at] for at, one in enumerate(said)}
    return Account(
        claims=tuple(passage for one in claims for passage in stock.passages(one)),
        key_points=tuple(passage for one in key_points for passage in stock.passages(one)),
        chapters=tuple(
            tuple(passage for passage in rest if places[passage[0].start] == number)
            for number in range(len(outline.chapters))
        ),
        answers=tuple(stock.passages(some) for some in stock.answers),
        taken=frozenset(choice.taken),
    )


def _points(choice: "_Selection", chapter: Sequence[int], *, max_count: int) -> list[tuple[int, ...]]:
    """Take the best short passages, from as many chapters as there are, within their share of the budget."""
    stock, found = choice.stock, list[tuple[int, ...]]()
    short = [unit for unit in stock.units if MIN_POINT <= stock.words(unit.places) <= MAX_POINT]
    short = [unit for unit in short if not any(b - a > 1 for a, b in pairwise(unit.places))]
    room = POINTS_SHARE * choice.budget
    for others in (False, True):
        for unit in sorted(short, key=partial(choice.gain, trust=POINT_TRUST), reverse=True):
            is_new = others or chapter[unit.places[0]] not in {chapter[one[0]] for one in found}
            words = stock.words(unit.places)
            fits = words <= (room if len(found) >= FIRST_POINTS else choice.budget / 2)
            if is_new and fits and len(found) < max_count and choice.gain(unit):
                room -= words
                choice.spend(unit.places)
                found.append(unit.places)
    return found


@dataclass
class _Selection:
    """What may still be chosen: `taken` are places in the stock, `budget` is in words as printed."""

    stock: Stock
    budget: float
    taken: set[int] = field(default_factory=set)
    said: defaultdict[str, list[float]] = field(default_factory=lambda: defaultdict(list))  # when, of each word

    def gain(self, unit: Unit, *, trust: float = TRUST) -> float:
        """Return what a passage adds for each of its words, nothing where part of it was taken."""
        if not self.taken.isdisjoint(unit.places):
            return 0.0
        adds = dict[str, float]()
        for at in unit.places:
            one = self.stock.candidates[at]
            new = {word: worth for word, worth in one.worths.items() if self._is_new(word, one.spoken.start)}
            adds |= {word: max(worth, adds.get(word, 0.0)) for word, worth in new.items()}
        return float(unit.stands**trust * sum(adds.values()) / self.stock.words(unit.places) ** DENSITY)

    def _is_new(self, word: str, start: float) -> bool:
        return all(abs(start - other) >= REPEATED for other in self.said.get(word, ()))

    def spend(self, places: Collection[int]) -> None:
        """Take sentences, whatever they add."""
        self.budget -= self.stock.words(places)
        self.taken.update(places)
        for at in places:
            for word in self.stock.candidates[at].worths:
                self.said[word].append(self.stock.candidates[at].spoken.start)

    def take(self, among: Sequence[Unit], max_count: int, *, above: float = 0.0) -> None:
        """Take those that add most and fit; what a passage adds only falls, so that only the best is weighed anew."""
        waiting = [(-self.gain(unit), at) for at, unit in enumerate(among)]
        heapq.heapify(waiting)
        took = 0
        while waiting and took < max_count and waiting[0][0] < -above:
            before, at = heapq.heappop(waiting)
            if (now := -self.gain(among[at])) != before:
                heapq.heappush(waiting, (now, at))
            elif self.stock.words(among[at].places) <= self.budget:
                took += 1
                self.spend(among[at].places)
