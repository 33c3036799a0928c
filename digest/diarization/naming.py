"""Whose voice it is, by all that is said and by who speaks how: turns and people in, names for voices out.

One model judges each pair of a person and a voice; pairs exclude each other, so that what speaks for one speaks against
others. A second model says of each voice how likely it is of the audience, a third how sure the pair is that remains
for each person.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from digest.diarization.naming_features import HeardTurns, Person, Said, mentions_in, pair_columns, share_of_broken
from digest.learned.trees import Columns, Floats, Trees, load_trees
from digest.model.artifact import Span


@dataclass(frozen=True)
class Needed:
    """How sure a name must be to be printed, and to be suggested to the editor."""

    printed: float
    suggested: float


# Chosen on written talks alone, authors left out; docs/decisions/0045 has what other values give.
OF_ALL = Needed(0.8, 0.7)  # everybody on stage was announced: who is left has the name that is left; of 313 1 is wrong
WITH_CHAT = Needed(0.85, 0.7)  # people who wrote in the chat may speak too: of 378 none is wrong
OF_SOME = Needed(0.95, 0.85)  # others are on stage too: of 234 none is wrong, with one announced of 200 3
OF_BROKEN = Needed(0.98, 0.7)  # voices are told apart badly: of 373 8 are wrong, 1 in 109 of those announced
BROKEN = 0.1  # of the turns begin amid a sentence: at most 0.07 where voices are right, nearly always more if confused
OTHERS = 0.5  # voices on stage more than people announced, from which there are others
AUDIENCE = 0.2  # from which a voice is given no announced name: of 390 of the audience none then has one
MAY_ASK = 0.1  # from which none is suggested either: with confused voices 6 of 12 of the audience's go, and 15 of 631
ASKS = 0.5  # from which a voice is of the audience; below, nobody's name from the chat is given to it
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


OF_A_VOICE = (
    "share", "turn share", "rank", "turn rank", "words a turn", "longest", "opens", "closes", "debut at",
    "debut order", "gone at", "names others", "hub", "called unknown", "calls itself unknown", "asks",
    "question marks", "thanks", "you", "me", "people", "voices",
)  # fmt: skip  # columns that all pairs of a voice share
MOST_OF_A_VOICE = (
    "next any", "own introduces", "role introduced", "prior any", "next late last", "role spoken", "debut",
)  # fmt: skip  # columns of which the highest of all announced people says something of the voice


@dataclass(frozen=True)
class NamingModels:
    """What is fitted: how likely a pair is by itself, who is audience, how sure what remains of all pairs."""

    pairs: Trees
    audience: Trees
    certain: Trees


@dataclass(frozen=True)
class VoiceName:
    """A name for a voice, how likely it is right, and where the name is said by, right before or after the voice."""

    name: str
    probability: float
    heard: tuple[Span, ...] = ()


@dataclass(frozen=True)
class NamedVoice:
    """Who a voice may be, the likeliest first and at most two, and how likely it is of the audience.

    The first name may be printed (`is_sure`), or be suggested (`is_likely`).
    """

    names: tuple[VoiceName, ...]
    audience: float
    is_sure: bool = False
    is_likely: bool = False


@cache
def shipped_models() -> NamingModels:
    """Return the models as they were fitted to all written talks."""
    return NamingModels(load_trees("naming"), load_trees("audience_voices"), load_trees("certain_names"))


def names(heard: HeardTurns, people: Sequence[Person], models: NamingModels) -> dict[str, NamedVoice]:
    """Return who each voice may be; no two voices have the same one first."""
    if not people or not heard.voices:
        return {}
    said = mentions_in(heard, people)
    columns = pair_columns(heard, people, said)
    matched = match(len(people), columns, models.pairs)
    audience = models.audience.probabilities(audience_columns(matched, columns))
    sure = models.certain.probabilities(certainty_columns(matched, columns, audience))
    announced = sum(one.is_announced for one in people)
    others = float((1 - audience).sum()) - announced
    needed = needed_for(share_of_broken(heard), others, has_chat=announced < len(people))
    found = {name: NamedVoice((), float(likely)) for name, likely in zip(heard.voices, audience, strict=True)}
    for (person, voice), probability in zip(matched.pairs, sure, strict=True):
        likely = _likely_people(matched, person, voice, float(probability))
        is_announced = people[person].is_announced
        may_be = audience[voice] < AUDIENCE if is_announced else audience[voice] >= ASKS
        may_seem = audience[voice] < MAY_ASK if is_announced else may_be
        found[heard.voices[voice]] = NamedVoice(
            tuple(
                VoiceName(people[one].name, value, _places(heard, said, one, voice))
                for one, value in likely.items()
                if value >= WORTH_A_LOOK
            ),
            float(audience[voice]),
            is_sure=bool(may_be and probability >= needed.printed),
            is_likely=bool(may_seem and probability >= needed.suggested),
        )
    return found


def needed_for(broken: float, others: float, *, has_chat: bool) -> Needed:
    """Return how sure names must be.

    `broken` turns begin amid a sentence, `others` are on stage beside those announced, `has_chat`: some only wrote.
    """
    if broken > BROKEN:
        return OF_BROKEN
    if others >= OTHERS:
        return OF_SOME
    return WITH_CHAT if has_chat else OF_ALL


def _likely_people(matched: "Matched", person: int, voice: int, probability: float) -> dict[int, float]:
    """Return the person that goes with a voice and the next best, with how likely each is."""
    others = matched.among_all[:, voice].copy()
    others[person] = -np.inf
    second = int(others.argmax())
    next_best = {} if second == person else {second: min(1 - probability, float(1 / (1 + np.exp(-others[second]))))}
    return {person: probability} | next_best


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


def audience_columns(matched: Matched, columns: Columns) -> Mapping[str, Floats]:
    """Return what is known of each voice.

    `likeliest`, `second`: the highest log-odds among all of announced people; `alone`: the highest by itself; `free`:
    how likely it is nobody's of them; `unmatched`: it is in no pair with one. Those of `OF_A_VOICE`, and the most of
    `MOST_OF_A_VOICE`.
    """
    shape = matched.alone.shape
    is_announced = columns["announced"].reshape(shape)[:, 0] > 0
    pairs = {name: columns[name].reshape(shape) for name in (*OF_A_VOICE, *MOST_OF_A_VOICE)}
    among_all = matched.among_all[is_announced]
    ranked = np.sort(np.vstack([np.full((2, shape[1]), -2 * MAX_ODDS), among_all]), axis=0)
    taken = [voice for person, voice in matched.pairs if is_announced[person]]
    return {
        "likeliest": ranked[-1],
        "second": ranked[-2],
        "alone": matched.alone[is_announced].max(axis=0, initial=-MAX_ODDS),
        "free": 1 - (1 / (1 + np.exp(-among_all))).sum(axis=0),
        "unmatched": 1 - np.isin(np.arange(shape[1]), taken).astype(float),
        **{name: pairs[name][0] for name in OF_A_VOICE},
        **{f"most {name}": pairs[name][is_announced].max(axis=0, initial=0.0) for name in MOST_OF_A_VOICE},
    }


def certainty_columns(matched: Matched, columns: Columns, audience: Floats) -> Mapping[str, Floats]:
    """Return what is known of each pair that remains; `audience` is how likely each voice is of the audience.

    `alone`, `among all`: its log-odds; `other voice`, `other person`: those of the next best for the same person, or
    the same voice, both alone and among all; `least sure`, `mean of others`: how the other pairs are. `audience`: how
    likely its voice is, `least audience`: of the voices without a pair; `others on stage`: by how many the voices that
    are likely not of the audience outnumber those announced.
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
    found["audience"] = audience[voices]
    found["least audience"] = np.full(len(voices), np.delete(audience, voices).min(initial=1.0))
    found["others on stage"] = (1 - audience).sum() - columns["people"].reshape(shape)[people, voices]
    return found | {name: columns[name].reshape(shape)[people, voices] for name in BESIDE}


def _least_of_others(values: Floats) -> Floats:
    if len(values) == 1:
        return np.full(1, MAX_ODDS)
    least, second = np.sort(values)[:2]
    found: Floats = np.where(values == least, second, least)
    return found
