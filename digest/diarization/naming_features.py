"""What speaks for and against each announced person being each voice: utterances and people in, columns out.

Everything goes by pairs, the voices of the first person first. Evidence comes from mentions of the name (who speaks
before, who after, how near to the end of the turn, set apart by commas, with thanks or a "you"), from how much and how
often a voice speaks, and from the role that was announced.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby

import numpy as np

from digest.diarization.mentions import KnownNames, NameMention, small_word
from digest.language.closed_classes import Language
from digest.language.languages import get_language
from digest.language.sentences import ends_sentence
from digest.learned.trees import Floats
from digest.model.artifact import Span
from digest.model.speech import Utterance

LATE_WORDS = 20  # words before the end of a turn in which the floor is handed over
EARLY_WORDS = 12  # words at the beginning of a turn that answer whoever spoke before
SELF_WORDS = 5  # words before a name that may say "my name is"
INTRODUCING_WORDS = 2  # words right before a name that may say "I am"
NEAR_TURNS = 4  # turns after a mention in which the person may still come to speak
ROLE_LETTERS = 5  # letters of a word of a role that must be the same: "moderator", "moderating"
FIRST_WORDS = 80  # words of a voice's first turn in which it says who it is


@dataclass(frozen=True)
class Person:
    """Who may speak: name and role as announced; not announced is who wrote in the chat."""

    name: str
    role: str = ""
    is_announced: bool = True


@dataclass(frozen=True)
class HeardTurns:
    """The turns of a recording in order: whose voice, and its words as texts. Two turns in a row have two voices.

    `spans` are the seconds of each word, by turn.
    """

    voices: tuple[str, ...]
    turns: tuple[tuple[str, tuple[str, ...]], ...]
    spans: tuple[tuple[Span, ...], ...]
    language: Language

    @cached_property
    def voice_of(self) -> list[int]:
        """Return the place in `voices` of each turn's voice."""
        places = {voice: place for place, voice in enumerate(self.voices)}
        return [places[voice] for voice, _ in self.turns]

    @cached_property
    def first_turn(self) -> list[int]:
        """Return the first turn of each voice."""
        return [self.voice_of.index(place) for place in range(len(self.voices))]


def heard_in(spoken: Sequence[Utterance], language: str) -> HeardTurns:
    """Return the turns of utterances."""
    turns = [
        (voice, tuple(word for one in said for word in one.words))
        for voice, said in groupby(spoken, key=lambda one: one.speaker)
    ]
    return HeardTurns(
        tuple(dict.fromkeys(voice for voice, _ in turns)),
        tuple((voice, tuple(word.text for word in words)) for voice, words in turns),
        tuple(tuple(Span(start=word.start, end=word.end) for word in words) for _, words in turns),
        get_language(language),
    )


def share_of_broken(heard: HeardTurns) -> float:
    """Return how many turns begin where the one before did not end its sentence: voices are told apart badly."""
    broken = [not ends_sentence(words[-1]) for _, words in heard.turns[:-1]]
    return sum(broken) / max(1, len(broken))


@dataclass(frozen=True)
class Said:
    """A mention: in which turn, at which of its words, whose name, and what stands around it."""

    turn: int
    place: int
    person: int
    marks: dict[str, bool]


MARKS = (
    "any", "late", "last", "closing", "apart", "late apart", "you", "early", "early apart", "thanks", "possessive",
    "whole", "other", "crowd", "asks", "me", "introduces", "alone", "late last",
)  # fmt: skip


def mentions_in(heard: HeardTurns, people: Sequence[Person]) -> list[Said]:
    """Return all mentions of people in order."""
    names, place_of = KnownNames([one.name for one in people]), {one.name: place for place, one in enumerate(people)}
    found = list[Said]()
    for turn, (_, words) in enumerate(heard.turns):
        mentions = list(names.mentions(words))
        if mentions:
            lower = [small_word(word) for word in words]
            found += [
                Said(turn, one.place, place_of[one.name], _marks(heard.language, words, lower, one, mentions))
                for one in mentions
            ]
    return found


def _marks(
    language: Language, words: Sequence[str], lower: Sequence[str], one: NameMention, mentions: Sequence[NameMention]
) -> dict[str, bool]:
    """Return what stands around a mention.

    `late`, `early`: near the end or the beginning of the turn; `last`: no other name follows in the turn; `closing`: in
    its last sentence; `apart`: between commas or the edges of a sentence; `you`, `thanks`, `asks`: such a word in the
    sentence; `me`: one right before the name; `possessive`; `whole`: more than one part of the name; `other`: a word
    with a capital follows; `crowd`: others are named in the sentence.
    """
    end = one.place + one.length
    begin = next((at + 1 for at in range(one.place - 1, -1, -1) if ends_sentence(words[at])), 0)
    close = next((at + 1 for at in range(end - 1, len(words)) if ends_sentence(words[at])), len(words))
    around = lower[begin:close]
    if close - begin <= one.length + 1:  # a name that is a sentence goes with the one after
        further = next((at + 1 for at in range(close, len(words)) if ends_sentence(words[at])), len(words))
        around = lower[begin:further]
    before, after = words[one.place - 1] if one.place else ".", words[end - 1]
    is_apart = (one.place == begin or before[-1] in ",;:–-") and (not after[-1].isalnum() or end == len(words))
    is_late, is_early = len(words) - end <= LATE_WORDS, one.place <= EARLY_WORDS
    is_last = not any(other.place > one.place and other.name != one.name for other in mentions)
    me = lower[max(begin, one.place - SELF_WORDS) : one.place]
    if one.is_other and not one.is_whole:
        return dict.fromkeys(MARKS, False) | {"other": True}
    return {
        "any": True,

        "late": is_late,
        "last": is_last,
        "late last": is_late and is_last,
        "closing": close >= len(words),
        "apart": is_apart,
        "late apart": is_late and is_apart,
        "you": any(_starts(word, language.second_person) for word in around),
        "early": is_early,
        "early apart": is_early and is_apart,
        "thanks": _any_begins(around, language.thanks),
        "asks": _any_begins(around, language.asking),
        "me": any(_starts(word, language.first_person) for word in me),
        "possessive": words[end - 1].replace("’", "'").rstrip(".,?!").endswith("'s"),
        "whole": one.is_whole,
        "other": False,
        "introduces": any(word in language.introducing for word in me[-INTRODUCING_WORDS:]),
        "alone": close - begin <= one.length,
        "crowd": any(begin <= other.place < close and other.name != one.name for other in mentions),
    }  # fmt: skip


def _starts(word: str, words: frozenset[str]) -> bool:
    return word in words or word.partition("'")[0] in words


def _any_begins(words: Sequence[str], beginnings: frozenset[str]) -> bool:
    return bool(beginnings) and any(word.startswith(tuple(beginnings)) for word in words)


Pairs = dict[str, Floats]  # by name, each (people, voices)


def pair_columns(heard: HeardTurns, people: Sequence[Person], said: Sequence[Said]) -> dict[str, Floats]:
    """Return the columns of all pairs, the voices of the first person first; `said` are the mentions of people."""
    pairs = {
        **_by_mentions(heard, people, said),
        **_by_roles(heard, people),
        **_of_voices(heard, people, said),
        **_of_people(heard, people, said),
    }
    pairs |= _against_others(pairs)
    return {name: values.ravel() for name, values in pairs.items()}


def _by_mentions(heard: HeardTurns, people: Sequence[Person], said: Sequence[Said]) -> Pairs:
    """Return how often a voice stands in each relation to the mentions of a name, by their marks.

    `own`: says it; `next`: speaks next; `prior`: spoke before; `near`: speaks in one of the turns after; `debut`:
    speaks next for the first time; `back`: speaks next and spoke before. Also as the share of all mentions by others.
    """
    shape = len(people), len(heard.voices)
    table: Pairs = defaultdict(lambda: np.zeros(shape))
    for one in said:
        _count_neighbours(table, heard, one)
        _count_first_turns(table, heard, one)
    names = [f"{relation} {mark}" for relation in ("own", "next", "prior") for mark in MARKS]
    names += [
        "debut",
        "debut late",
        "back",
        "own debut",
        "own debut me",
        "own debut introduces",
        "own debut alone",
        "near",
        "near before",
    ]
    found = {name: table[name] for name in names}
    by_others = np.maximum(1, found["own any"].sum(axis=1, keepdims=True) - found["own any"])
    for name in ("next any", "prior any", "near", "near before", "next late last", "prior early"):
        found[f"{name}, share"] = found[name] / by_others
    found["own any, share"] = found["own any"] / np.maximum(1, found["own any"].sum(axis=1, keepdims=True))
    return found


def _count_neighbours(table: Pairs, heard: HeardTurns, one: Said) -> None:
    """Add a mention for who says it, speaks next, spoke before, or speaks some turns before or after."""
    turns, p, t = heard.voice_of, one.person, one.turn
    for mark, holds in one.marks.items():
        if holds:
            table[f"own {mark}"][p, turns[t]] += 1
            for relation, voices in (("next", turns[t + 1 : t + 2]), ("prior", turns[max(0, t - 1) : t])):
                table[f"{relation} {mark}"][p, voices] += 1
    for voice in set(turns[t + 1 : t + 1 + NEAR_TURNS]) - {turns[t]}:
        table["near"][p, voice] += 1
    for voice in set(turns[max(0, t - NEAR_TURNS) : t]) - {turns[t]}:
        table["near before"][p, voice] += 1


def _count_first_turns(table: Pairs, heard: HeardTurns, one: Said) -> None:
    """Add a mention for who speaks next for the first time, or again, and for who says it in a first turn."""
    turns, p, t = heard.voice_of, one.person, one.turn
    for following in turns[t + 1 : t + 2]:
        if heard.first_turn[following] == t + 1:
            table["debut"][p, following] += 1
            table["debut late"][p, following] += one.marks["late"]
        table["back"][p, following] += turns[max(0, t - 1) : t] == [following]
    if heard.first_turn[turns[t]] == t:
        own = turns[t]
        table["own debut"][p, own] += 1
        table["own debut me"][p, own] += one.marks["me"]
        table["own debut introduces"][p, own] += one.marks["introduces"] and one.marks["early"]
        table["own debut alone"][p, own] += one.marks["alone"] and one.marks["early"]


def _by_roles(heard: HeardTurns, people: Sequence[Person]) -> Pairs:
    """Return how much of the role is said before a voice's first turn, in it, and by the voice at all."""
    shape = len(people), len(heard.voices)
    roles = [_stems(one.role.split(), heard.language) for one in people]
    names = ("role introduced", "role in first words", "role spoken", "role before", "role after", "role own")
    found = {name: np.zeros(shape) for name in names}
    spoken = [Counter[str]() for _ in heard.voices]
    for voice, (_, words) in zip(heard.voice_of, heard.turns, strict=True):
        spoken[voice].update(_stems_of(words))
    totals = sum(spoken, Counter[str]())
    for v, first in enumerate(heard.first_turn):
        own = set(_stems_of(heard.turns[first][1][:FIRST_WORDS]))
        before = set(_stems_of(heard.turns[first - 1][1][-FIRST_WORDS:])) if first else set[str]()
        share = sum(spoken[v].values()) / max(1, sum(totals.values()))
        for p, role in enumerate(roles):
            many = max(1, len(role))
            found["role introduced"][p, v] = len(role & before) / many
            found["role in first words"][p, v] = len(role & own) / many
            known = [stem for stem in role if totals[stem]]
            found["role spoken"][p, v] = sum(spoken[v][stem] / totals[stem] - share for stem in known) / many
    said = Counter(stem for role in roles for stem in role)
    turns = heard.voice_of
    for t, (_, words) in enumerate(heard.turns):
        early, late = set(_stems_of(words[:EARLY_WORDS])), set(_stems_of(words[-LATE_WORDS:]))
        for p, role in enumerate(roles):
            own = {stem for stem in role if said[stem] == 1}
            found["role own"][p, turns[t]] += bool(own & (early | late))
            if t + 1 < len(turns):
                found["role before"][p, turns[t + 1]] += len(own & late)
            if t:
                found["role after"][p, turns[t - 1]] += len(own & early)
    return found


def _stems(words: Sequence[str], language: Language) -> frozenset[str]:
    small = language.function_words | language.honorifics
    return frozenset(stem for stem, word in zip(_stems_of(words), words, strict=True) if small_word(word) not in small)


def _stems_of(words: Sequence[str]) -> list[str]:
    return [small_word(word)[:ROLE_LETTERS] for word in words]


def _of_voices(heard: HeardTurns, people: Sequence[Person], said: Sequence[Said]) -> Pairs:
    """Return what is known of each voice.

    `share`, `turn share`, `rank`, `turn rank`, `words a turn`, `longest`; `opens`, `closes`, `debut at`, `gone at`
    (how far into the webinar); `names others` (announced people), `called unknown` (names of others right before its
    first turn), `calls itself unknown`; `asks`, `question marks`, `thanks`, `you`, `me` a word; `hub`: the share of
    voices that it speaks right before.
    """
    many, language, names = len(heard.voices), heard.language, KnownNames([one.name for one in people])
    words, turns, longest = np.zeros(many), np.zeros(many), np.zeros(many)
    counts = {name: np.zeros(many) for name in ("asks", "question marks", "thanks", "you", "me")}
    follows = [set[int]() for _ in range(many)]
    last = np.zeros(many)
    for t, (voice, (_, texts)) in enumerate(zip(heard.voice_of, heard.turns, strict=True)):
        words[voice] += len(texts)
        turns[voice] += 1
        longest[voice] = max(longest[voice], len(texts))
        last[voice] = t
        if t:
            follows[heard.voice_of[t - 1]].add(voice)
        lower = [small_word(word) for word in texts]
        counts["question marks"][voice] += sum("?" in word for word in texts)
        counts["asks"][voice] += sum(_any_begins((word,), language.asking) for word in lower)
        counts["thanks"][voice] += sum(_any_begins((word,), language.thanks) for word in lower)
        counts["you"][voice] += sum(_starts(word, language.second_person) for word in lower)
        counts["me"][voice] += sum(_starts(word, language.first_person) for word in lower)
    first = np.array(heard.first_turn, dtype=float)
    named = [{one.person for one in said if heard.voice_of[one.turn] == v} for v in range(many)]
    columns = {
        "share": words / words.sum(),
        "turn share": turns / turns.sum(),
        "rank": _ranks(words),
        "turn rank": _ranks(turns),
        "words a turn": words / turns,
        "longest": longest,
        "opens": (first == 0).astype(float),
        "closes": np.array([float(v == heard.voice_of[-1]) for v in range(many)]),
        "debut at": first / len(heard.turns),
        "debut order": _ranks(-first),
        "gone at": last / len(heard.turns),
        "names others": np.array([float(len(some)) for some in named]),
        "hub": np.array([len(some) / max(1, many - 1) for some in follows]),
        "called unknown": np.array([_unknown_before(heard, names, t) for t in heard.first_turn]),
        "calls itself unknown": np.array([_unknown_self(heard, names, t) for t in heard.first_turn]),
        **{name: some / words for name, some in counts.items()},
    }
    return {name: np.tile(values, (len(people), 1)) for name, values in columns.items()}


def _ranks(values: Floats) -> Floats:
    """Return the place of each in descending order."""
    return np.argsort(np.argsort(-values, kind="stable"), kind="stable").astype(float)


def _unknown_names(words: Sequence[str], heard: HeardTurns, names: KnownNames) -> list[int]:
    """Return the places of words with a capital that are no part of an announced name."""
    taken = {at for one in names.mentions(words) for at in range(one.place, one.place + one.length)}
    small = heard.language.function_words | heard.language.first_person | heard.language.honorifics
    return [
        at
        for at, word in enumerate(words)
        if word[:1].isupper() and not word[1:].isupper() and at not in taken and small_word(word) not in small
        and len(small_word(word)) > 1
    ]  # fmt: skip


def _unknown_before(heard: HeardTurns, names: KnownNames, turn: int) -> float:
    """Return how many other names stand apart at the end of the turn before."""
    if turn == 0:
        return 0.0
    words = heard.turns[turn - 1][1][-LATE_WORDS:]
    places = _unknown_names(words, heard, names)
    return float(sum(not words[at][-1].isalnum() or (at > 0 and words[at - 1][-1] in ",.") for at in places))


def _unknown_self(heard: HeardTurns, names: KnownNames, turn: int) -> float:
    """Return 1 where a voice begins with another name soon after a word of the first person."""
    words = heard.turns[turn][1][: LATE_WORDS + SELF_WORDS]
    lower = [small_word(word) for word in words]
    return float(
        any(
            any(_starts(word, heard.language.first_person) for word in lower[max(0, at - SELF_WORDS) : at])
            for at in _unknown_names(words, heard, names)
        )
    )


def _of_people(heard: HeardTurns, people: Sequence[Person], said: Sequence[Said]) -> Pairs:
    """Return what is known of each person.

    `mentions`, `mentioned by` (voices), `leads` (the role says so), `another leads`, `announced`; how many `people` and
    `voices` there are.
    """
    many = len(heard.voices)
    leads = np.array([_any_begins([small_word(w) for w in one.role.split()], heard.language.leads) for one in people])
    mentions = Counter(one.person for one in said)
    by = [{heard.voice_of[one.turn] for one in said if one.person == p} for p in range(len(people))]
    columns = {
        "mentions": np.array([float(mentions[p]) for p in range(len(people))]),
        "mentioned by": np.array([float(len(some)) for some in by]),
        "leads": leads.astype(float),
        "another leads": np.array([float(leads.sum() - own > 0) for own in leads]),
        "announced": np.array([float(one.is_announced) for one in people]),
        "people": np.full(len(people), float(sum(one.is_announced for one in people))),
        "voices": np.full(len(people), float(many)),
    }
    return {name: np.tile(values[:, None], (1, many)) for name, values in columns.items()}


RIVALS = (
    "next late last", "next any", "next late apart", "near", "debut", "debut late", "prior early", "prior thanks",
    "own me", "own any", "own apart", "next whole", "role introduced", "role in first words", "role spoken",
    "role before", "role after", "own introduces", "next any, share", "near, share",
)  # fmt: skip


def _against_others(pairs: Pairs) -> Pairs:
    """Return by how much some columns are ahead of the next best voice, and of the next best person."""
    found: Pairs = {}
    for name in RIVALS:
        found[f"{name}, ahead of voices"] = _ahead(pairs[name])
        found[f"{name}, ahead of people"] = _ahead(pairs[name].T).T
    return found


def _ahead(values: Floats) -> Floats:
    """Return by how much each is ahead of the best of the others in its row."""
    if values.shape[1] < 2:  # noqa: PLR2004
        return values.copy()
    order = np.sort(values, axis=1)
    best, second = order[:, -1:], order[:, -2:-1]
    ahead: Floats = values - np.where(values >= best, second, best)
    return ahead
