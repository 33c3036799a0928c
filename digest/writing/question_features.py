"""What tells that a sentence belongs to a question of the audience: a conversation in, named columns out.

Which voice speaks, how much and in what order tells more than the words do. Where a column is that of a turn, it stands
at each of the turn's sentences; "before: ", "next: " and "after next: " are those of the turns around it.
"""

from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from digest.learned.trees import Columns, Floats
from digest.writing.conversation import Conversation

NEAR = 12  # sentences on either side: how much is asked hereabouts
HEAD = 3  # words at the head of a sentence
ENDS = 2  # sentences at either end of a turn
TAIL = 3  # sentences at the end of the turn before: where the floor is handed over
NOBODY = -1.0  # what the first turn has before it and the last one after it
LONG_AGO = 60.0  # turns

Places = NDArray[np.int64]


def question_columns(talk: Conversation) -> Columns:
    """Return for every sentence how it is worded, whose it is, and what is said before and after it."""
    worded = wording(talk)
    people = voice_columns(talk, worded) | _acquaintance(talk)
    told = turn_wording(talk, worded)
    found = {name: worded[name] for name in ("asks", "words", "content", "connective", "first person", "announced")}
    found |= _in_turn(talk, worded) | _hereabouts(talk, worded) | _shared_words(talk)
    for name, offset in (("", 0), ("before: ", -1), ("next: ", 1), ("after next: ", 2)):
        found |= {f"{name}{key}": of_turn(talk, values, offset) for key, values in people.items()}
    for name, offset in (("turn: ", 0), ("next: ", 1)):
        found |= {f"{name}{key}": of_turn(talk, values, offset) for key, values in told.items()}
    return found


def wording(talk: Conversation) -> Columns:
    """Return for every sentence which share of its words is of which class, or how many of them where that is said.

    `asks`, `ends asking`: whether it has a question mark, and at its end. `head interrogatives`: among its first three
    words. `asking`, `thanks`, `announced`: counts of words that speak of questions, of words that thank, of names of
    announced people. `reply`, `connective`: whether it begins with such a word. `quotes`: a count of signs. `words`:
    its length.
    """
    language = talk.language
    asking, thanks = tuple(language.asking), tuple(language.thanks)
    announced = _announced_names(talk)
    rows = [
        (
            float("?" in text),
            float(text.rstrip("\"'»”)").endswith("?")),
            _share(words, language.interrogatives),
            _share(words[:HEAD], language.interrogatives),
            float(sum(word.startswith(asking) for word in words)),
            float(sum(word.startswith(thanks) for word in words)),
            _share(words, language.second_person),
            _share(words, language.first_person),
            _share(words, language.conditionals),
            _share(words, language.negations),
            len(content) / max(1, len(words)),
            float(bool(words) and words[0] in language.answer_heads),
            float(bool(words) and words[0] in language.connectives),
            float(sum(word in announced for word in words)),
            float(sum(text.count(sign) for sign in '"“«»„”')),
            float(len(words)),
        )
        for text, words, content in zip(talk.texts, talk.tokens, talk.content, strict=True)
    ]
    names = (
        "asks", "ends asking", "interrogatives", "head interrogatives", "asking", "thanks", "second person",
        "first person", "conditionals", "negations", "content", "reply", "connective", "announced", "quotes", "words",
    )  # fmt: skip
    return dict(zip(names, np.array(rows).reshape(-1, len(names)).T, strict=True))


def voice_columns(talk: Conversation, worded: Columns) -> dict[str, Floats]:
    """Return for every turn what is known of whoever speaks in it, and of the turn.

    `share`, `turn share`: of all words and turns. `mean turn`: its voice's words a turn. `rank`: 0 for who says most;
    `beyond announced`: the rank less the number of announced people. `asks often`: which share of its voice's sentences
    asks. `since`, `until`: when the voice is first and last heard, as shares of the recording. `turn words`,
    `turn asks`, `turn asking`: words, question marks and words that speak of questions in the turn.
    """
    voices = tuple(dict.fromkeys(talk.voices))
    by = voice_numbers(talk)
    mine = by[[places.start for places in talk.turn_places]]
    share = np.array([talk.shares[voice] for voice in voices])
    turn_share = np.array([talk.turn_shares[voice] for voice in voices])
    rank = np.argsort(np.argsort(-share, kind="stable"), kind="stable").astype(float)
    first = np.array([talk.starts[by == at].min() for at in range(len(voices))])
    last = np.array([talk.ends[by == at].max() for at in range(len(voices))])
    people = {
        "share": share,
        "turn share": turn_share,
        "mean turn": share * talk.lengths.sum() / (turn_share * len(talk.turn_places)),
        "rank": rank,
        "beyond announced": rank - len(talk.event.speakers if talk.event else ()),
        "asks often": np.bincount(by, talk.asks, len(voices)) / np.bincount(by, minlength=len(voices)),
        "since": first / talk.duration,
        "until": last / talk.duration,
    }
    return {name: values[mine] for name, values in people.items()} | {
        "turn words": sum_by_turn(talk, talk.lengths),
        "turn asks": sum_by_turn(talk, talk.asks),
        "turn asking": sum_by_turn(talk, worded["asking"]),
    }


def turn_wording(talk: Conversation, worded: Columns) -> Columns:
    """Return for every turn how it is worded: as a whole, in its first two sentences (`head`), in its last (`end`)."""
    words = np.maximum(1, sum_by_turn(talk, talk.lengths))
    found: dict[str, Floats] = {
        name: sum_by_turn(talk, worded[name] * talk.lengths) / words
        for name in ("interrogatives", "second person", "first person", "conditionals", "negations", "content")
    }
    found["quotes"] = sum_by_turn(talk, worded["quotes"])
    heads = [places[:ENDS] for places in talk.turn_places]
    for name in ("reply", "negations", "first person", "second person", "thanks", "asking"):
        found[f"head {name}"] = np.array([worded[name][some.start : some.stop].mean() for some in heads])
    ends = [places[-ENDS:] for places in talk.turn_places]
    for name in ("ends asking", "interrogatives", "announced"):
        found[f"end {name}"] = np.array([worded[name][some.start : some.stop].max() for some in ends])
    found["first asks"] = worded["asks"][[places.start for places in talk.turn_places]]
    return found


def voice_numbers(talk: Conversation) -> Places:
    """Return for every sentence the number of its voice, in the order in which they are first heard."""
    number = {voice: at for at, voice in enumerate(dict.fromkeys(talk.voices))}
    return np.array([number[voice] for voice in talk.voices], dtype=np.int64)


def sum_by_turn(talk: Conversation, values: Floats) -> Floats:
    """Return the sum over the sentences of every turn."""
    found: Floats = np.bincount(np.array(talk.turns, dtype=np.int64), values, len(talk.turn_places)).astype(float)
    return found


def of_turn(talk: Conversation, values: Floats, offset: int = 0) -> Floats:
    """Return for every sentence what its turn has, or the one `offset` turns on; NOBODY beyond the ends."""
    at = np.array(talk.turns, dtype=np.int64) + offset
    inside = (at >= 0) & (at < len(values))
    return np.where(inside, values[np.clip(at, 0, len(values) - 1)], NOBODY)


def window_sums(values: Floats, before: int, after: int) -> Floats:
    """Return the sum from `before` sentences back up to `after` sentences on."""
    total = np.concatenate([[0.0], np.cumsum(values)])
    at = np.arange(len(values))
    sums: Floats = total[np.minimum(len(values), at + after + 1)] - total[np.maximum(0, at - before)]
    return sums


def rarity(talk: Conversation) -> dict[str, float]:
    """Return how much each word that carries meaning tells: the log of how few sentences have it."""
    have = Counter(word for one in talk.content for word in one)
    return {word: float(np.log(len(talk.content) / count)) for word, count in have.items()}


def turn_content(talk: Conversation) -> list[set[str]]:
    """Return the words that carry meaning of every turn."""
    return [set[str]().union(*(talk.content[at] for at in places)) for places in talk.turn_places]


def _in_turn(talk: Conversation, worded: Columns) -> dict[str, Floats]:
    """Return where in its turn a sentence stands, what its turn asks after it, how the turn before ends."""
    turns, at = np.array(talk.turns, dtype=np.int64), np.arange(len(talk.said))
    begins = np.array([places.start for places in talk.turn_places])[turns]
    ends = np.array([places.stop for places in talk.turn_places])[turns]
    length = np.concatenate([[0.0], np.cumsum(talk.lengths)])
    found: dict[str, Floats] = {
        "from the head": (at - begins).astype(float),
        "to the end": (ends - at - 1).astype(float),
        "words before": length[at] - length[begins],
        "words after": length[ends] - length[at + 1],
    }
    for name in ("asks", "interrogatives", "asking"):
        total = np.concatenate([[0.0], np.cumsum(worded[name])])
        found[f"turn after: {name}"] = total[ends] - total[at + 1]
        tail = [total[places.stop] - total[max(places.start, places.stop - TAIL)] for places in talk.turn_places]
        found[f"handed over: {name}"] = of_turn(talk, np.array(tail), -1)
    return found


def _hereabouts(talk: Conversation, worded: Columns) -> dict[str, Floats]:
    """Return when it is, how long it all lasts, and how much the audience and its questions are heard around."""
    audience = np.array([float(voice in talk.audience) for voice in talk.voices])
    new_turn = np.diff(np.array(talk.turns, dtype=float), prepend=0)
    return {
        "when": talk.starts / talk.duration,
        "duration": np.full(len(audience), talk.duration),
        "asked after": window_sums(worded["asks"], -1, NEAR),
        "changes around": window_sums(new_turn, NEAR, NEAR),
        "audience before": window_sums(audience, NEAR, -1),
        "audience so far": np.cumsum(audience) / np.arange(1, len(audience) + 1),
        "of questions around": window_sums(worded["asking"], NEAR, NEAR),
    }


def _acquaintance(talk: Conversation) -> dict[str, Floats]:
    """Return for every turn how many turns ago its voice was last heard, and how many it had."""
    last, had = dict[str, int](), Counter[str]()
    since, turns_had = list[float](), list[float]()
    for at, places in enumerate(talk.turn_places):
        voice = talk.voices[places.start]
        since.append(min(LONG_AGO, at - last.get(voice, -len(talk.said))))
        turns_had.append(float(had[voice]))
        last[voice] = at
        had[voice] += 1
    return {"turns since heard": np.array(since), "turns had": np.array(turns_had)}


def _shared_words(talk: Conversation) -> dict[str, Floats]:
    """Return how much a turn has in common with those beside it, rare words counting more: whole, and for its size."""
    weight, turns = rarity(talk), turn_content(talk)
    size = np.array([1.0 + _weigh(one, weight) for one in turns])
    found = dict[str, Floats]()
    for name, offset in (("before", -1), ("next", 1), ("after next", 2)):
        others = [turns[at] if 0 <= at < len(turns) else set[str]() for at in range(offset, len(turns) + offset)]
        shared = np.array([_weigh(one & other, weight) for one, other in zip(turns, others, strict=True)])
        found[f"shared {name}"] = of_turn(talk, shared)
        found[f"shared {name} of all"] = of_turn(talk, shared / size)
    return found


def _weigh(words: set[str], weight: dict[str, float]) -> float:
    return sum(weight[word] for word in sorted(words))


def _announced_names(talk: Conversation) -> frozenset[str]:
    """Return the names of announced people in small letters, each part by itself."""
    people = talk.event.speakers if talk.event else ()
    small = talk.language.function_words | talk.language.name_particles
    parts = (part.lower() for one in people for part in one.name.replace("-", " ").split())
    return frozenset(part for part in parts if part not in small)


def _share(words: Sequence[str], among: frozenset[str]) -> float:
    return sum(word in among for word in words) / len(words) if words else 0.0
