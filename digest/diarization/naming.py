"""Whose voice it is, by all that is said and by who speaks how: turns and people in, names for voices out.

One model judges each pair of a person and a voice; pairs exclude each other, so that what speaks for one speaks against
others; a second model says how sure the pair is that remains for each person.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from digest.diarization.naming_features import HeardTurns, Person, Said, mentions_in, pair_columns
from digest.learned.trees import Columns, Floats, Trees, load_trees
from digest.model.artifact import Span

SURE = 0.94  # from which a name is printed: with authors left out none of 240 is wrong, 2 of 186 with confused voices
LIKELY = 0.7  # from which it is suggested to the editor: 50 of 56 are right
WORTH_A_LOOK = 0.1  # from which a second name is shown beside the first
AROUND, MAX_PLACES = 12, 3  # words before and after a name that an editor listens to, and how many such places
SILENT = 0.02  # weight of an announced person's not speaking, beside the odds of pairs
ROUNDS = 60  # of messages between people and voices: they settle after some 20
MAX_ODDS = 9.0  # logarithm; what a pair says is never final
BESIDE = (
    "announced", "asks", "back", "called unknown", "calls itself unknown", "debut", "debut at", "debut order",
    "gone at", "hub", "leads", "longest", "mentions", "names others", "near", "near, share", "next any",
    "next apart", "next late last", "next late last, ahead of people", "next late last, ahead of voices",
    "next you", "opens", "own any", "own apart", "own introduces", "own late apart", "people", "prior any",
    "prior early", "prior thanks", "question marks", "rank", "role in first words", "role introduced",
    "role spoken", "share", "turn rank", "turn share", "voices", "words a turn",
)  # fmt: skip  # columns of a pair that the second model is given too


@dataclass(frozen=True)
class NamingModels:
    """What is fitted: how likely a pair is by itself, and how sure what remains of all pairs."""

    pairs: Trees
    certain: Trees


@dataclass(frozen=True)
class VoiceName:
    """A name for a voice, how likely it is right, and where the name is said by, right before or after the voice."""

    name: str
    probability: float
    heard: tuple[Span, ...] = ()

    @property
    def is_sure(self) -> bool:
        """Return whether it may be printed."""
        return self.probability >= SURE

    @property
    def is_likely(self) -> bool:
        """Return whether it may be suggested."""
        return self.probability >= LIKELY


@cache
def shipped_models() -> NamingModels:
    """Return the models as they were fitted to all written talks."""
    return NamingModels(load_trees("naming"), load_trees("certain_names"))


def names(heard: HeardTurns, people: Sequence[Person], models: NamingModels) -> dict[str, tuple[VoiceName, ...]]:
    """Return who a voice may be, the likeliest first and at most two; no two voices have the same one first."""
    if not people or not heard.voices:
        return {}
    said = mentions_in(heard, people)
    columns = pair_columns(heard, people, said)
    matched = match(len(people), columns, models.pairs)
    sure = models.certain.probabilities(certainty_columns(matched, columns))
    found = dict[str, tuple[VoiceName, ...]]()
    for (person, voice), probability in zip(matched.pairs, sure, strict=True):
        likely = {person: float(probability)}
        if len(people) > 1:
            others = np.delete(np.arange(len(people)), person)
            second = int(others[matched.among_all[others, voice].argmax()])
            odds = float(np.exp(-matched.among_all[second, voice]))
            likely[second] = min(1 - float(probability), 1 / (1 + odds))
        found[heard.voices[voice]] = tuple(
            VoiceName(people[one].name, value, _places(heard, said, one, voice))
            for one, value in likely.items()
            if value >= WORTH_A_LOOK or one == person
        )
    return found


def _places(heard: HeardTurns, said: Sequence[Said], person: int, voice: int) -> tuple[Span, ...]:
    """Return the seconds around a name, where the voice says it or speaks in the turn before or after."""
    turns, found = heard.voice_of, list[Span]()
    for one in said:
        if one.person == person and voice in turns[max(0, one.turn - 1) : one.turn + 2]:
            words = heard.spans[one.turn]
            begin, end = max(0, one.place - AROUND), min(len(words) - 1, one.place + AROUND)
            found.append(Span(start=words[begin].start, end=words[end].end))
    return tuple(found[:MAX_PLACES])


@dataclass(frozen=True)
class Matched:
    """People and voices brought together: log-odds of each pair by itself and among all, and who goes with whom.

    Both tables have a line for each person and a column for each voice.
    """

    alone: Floats
    among_all: Floats
    pairs: tuple[tuple[int, int], ...]


def match(people: int, columns: Columns, trees: Trees) -> Matched:
    """Return who goes with whom: the surest pair first, then the surest of those left."""
    sums = trees.slope * trees.sums(columns) + trees.shift
    alone = np.clip(sums.reshape(people, -1), -MAX_ODDS, MAX_ODDS)
    among_all = _log_odds(_marginals(np.exp(alone)))
    left, pairs = among_all.copy(), list[tuple[int, int]]()
    for _ in range(min(left.shape)):
        person, voice = divmod(int(left.argmax()), left.shape[1])
        pairs.append((person, voice))
        left[person], left[:, voice] = -np.inf, -np.inf
    return Matched(alone, among_all, tuple(sorted(pairs)))


def _marginals(odds: Floats) -> Floats:
    """Return how likely each pair is, if a person has at most one voice and a voice at most one of the people.

    Each way to pair them weighs the product of its odds; the sums are those of belief propagation (Huang and Jebara
    2009, “Approximating the Permanent with Belief Propagation”), here with people and voices that may stay alone.
    """
    to_people = np.ones_like(odds)
    from_people = np.ones_like(odds)
    for _ in range(ROUNDS):
        weighed = odds * to_people
        from_people = odds / (SILENT + weighed.sum(axis=1, keepdims=True) - weighed)
        answered = 1 / (1 + from_people.sum(axis=0, keepdims=True) - from_people)
        to_people = np.sqrt(to_people * answered)  # damped: without it two equal pairs swing for ever
    together = from_people * to_people
    found: Floats = together / (1 + together)
    return found


def _log_odds(probabilities: Floats) -> Floats:
    found: Floats = np.log((probabilities + 1e-6) / (1 - probabilities + 1e-6))
    return found


def certainty_columns(matched: Matched, columns: Columns) -> Mapping[str, Floats]:
    """Return what is known of each pair that remains.

    `alone`, `among all`: its log-odds; `other voice`, `other person`: those of the next best for the same person, or
    the same voice, both alone and among all; `least sure`, `mean of others`: how the other pairs are.
    """
    people, voices = (np.array(some, dtype=int) for some in zip(*matched.pairs, strict=True))
    found = dict[str, Floats]()
    for name, table in (("alone", matched.alone), ("among all", matched.among_all)):
        others = table.copy()
        others[people, voices] = -np.inf
        found[name] = table[people, voices]
        found[f"{name}, other voice"] = np.maximum(others[people].max(axis=1), -2 * MAX_ODDS)
        found[f"{name}, other person"] = np.maximum(others[:, voices].max(axis=0), -2 * MAX_ODDS)
    likely = 1 / (1 + np.exp(-found["among all"]))
    found["least sure"] = _least_of_others(found["among all"])
    found["mean of others"] = (likely.sum() - likely) / (len(likely) - 1) if len(likely) > 1 else np.ones(1)
    shape = matched.alone.shape
    return found | {name: columns[name].reshape(shape)[people, voices] for name in BESIDE}


def _least_of_others(values: Floats) -> Floats:
    if len(values) == 1:
        return np.full(1, MAX_ODDS)
    least, second = np.sort(values)[:2]
    found: Floats = np.where(values == least, second, least)
    return found
