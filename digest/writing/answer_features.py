"""What tells that a sentence answers a question: a conversation and its questions in, columns of the pairs out.

A second judge is given what the first one thought of the pair, of the sentence's neighbours, and of other questions.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from digest.learned.trees import Columns, Floats
from digest.writing.conversation import Conversation
from digest.writing.question_features import (
    Places,
    of_turn,
    question_columns,
    rarity,
    sum_by_turn,
    turn_content,
    voice_numbers,
    window_sums,
    wording,
)

REACH = 80  # sentences after a question within which its answer is looked for
REPLY = 12  # words of a turn that is more than "yes, go on"
REPLY_WITHIN = 8  # turns
NO_OTHER = 99.0  # turns until the next question, where there is none
LIKELY_AFTER = 6  # sentences
CONTEXT = 2  # sentences of whoever asks, on either side of the question, that say what it is about

SENTENCE = (
    "asks", "words", "content", "connective", "announced", "first person", "from the head", "to the end",
    "words before", "turn words", "turn asks", "share", "mean turn", "turn share", "asks often", "since", "until",
    "turns had", "turns since heard", "when", "handed over: asks", "before: share", "before: mean turn",
    "before: turn words", "before: asks often", "next: share", "next: mean turn", "next: turn words",
    "next: asks often", "next: head thanks", "turn: head thanks", "turn: head reply", "turn: head negations",
    "turn: head first person", "turn: negations", "turn: conditionals", "turn: content", "turn: end announced",
)  # fmt: skip
QUESTION = (
    "words after", "words before", "turn words", "share", "mean turn", "rank", "turns had", "beyond announced",
    "asks often", "changes around", "next: share", "next: mean turn", "next: turn words", "next: head negations",
    "next: head first person", "next: beyond announced", "next: asks often", "after next: share",
    "after next: turn words", "before: share", "shared next", "shared after next", "turn: end ends asking",
)  # fmt: skip
# What the second judge is told again of a pair: what its first sight weighed most, and how the reply is worded.
AGAIN = (
    "turns", "sentences", "words", "likely", "questions", "shared by turn", "more than rival by turn",
    "first to reply", "asker next", "it: asks often", "it: turn words", "it: turn likely", "it: turn before likely",
    "it: share", "it: turn: head reply", "it: turn: head negations", "it: turn: head first person",
    "it: turn: negations", "it: turn: conditionals", "it: turn: head thanks", "it: from the head", "it: to the end",
    "it: words", "asked: until next", "asked: share", "asked: turns until next", "asked: words", "asked: turn words",
    "asked: asks", "asked: beyond announced", "asked: asks often", "asked: turns had", "asked: next: turn words",
    "asked: next: share", "asked: shared next", "asked: next: head negations", "asked: next: head first person",
    "asked: changes around", "it: next: head thanks", "by the asker", "it: mean turn", "asked: mean turn",
    "asked: turn: end ends asking", "shared of question by turn", "share of its voice", "it: first person",
    "it: announced",
)  # fmt: skip


@dataclass(frozen=True)
class Asked:
    """Neighbouring sentences of one turn that are likely to be a question; `places` are theirs, in order."""

    places: tuple[int, ...]
    probability: float

    @property
    def last(self) -> int:
        """Return the place of its last sentence."""
        return self.places[-1]


@dataclass(frozen=True)
class Pairs:
    """Questions with sentences after them: which question, which sentence, and what is known of the two."""

    question: Places
    sentence: Places
    columns: Columns


def pairs_of(talk: Conversation, asked: Sequence[Asked], likely: Floats) -> Pairs:
    """Return each question with the sentences after it; `likely` is how probably each sentence asks."""
    count = len(talk.said)
    reach = [np.arange(one.last + 1, min(count, one.last + 1 + REACH)) for one in asked]
    question = np.repeat(np.arange(len(asked)), [len(one) for one in reach])
    sentence = np.concatenate([*reach, np.zeros(0, dtype=np.int64)]).astype(np.int64)
    every = question_columns(talk)
    columns = {f"it: {name}": values[sentence] for name, values in _sentences(talk, every, likely).items()}
    columns |= {f"asked: {name}": values[question] for name, values in _questions(talk, every, asked).items()}
    columns |= _distances(talk, asked, likely, question, sentence)
    columns |= _voices(talk, asked, question, sentence)
    columns |= _shared_words(talk, asked, question, sentence)
    return Pairs(question, sentence, columns)


def as_table(pairs: Pairs, values: Floats, shape: tuple[int, int]) -> Floats:
    """Return what each pair has as a row for each question and a column for each sentence, 0 where they are no pair."""
    table = np.zeros(shape)
    table[pairs.question, pairs.sentence] = values
    return table


def second_columns(talk: Conversation, asked: Sequence[Asked], pairs: Pairs, first: Floats) -> Columns:
    """Return what the second judge is given: what the first one thought of the pair, and of what is beside it.

    `highest`, `second`, `third`, `sum`: what it thought of the question's best sentences, and of all. `better`: how
    many it thought better of. `+1`, `-1`, …: of the neighbours. `rival`: of the sentence with another question; `turn`,
    `best turn`, `turn rival`: the same as means over a turn.
    """
    table = as_table(pairs, first, (len(asked), len(talk.said)))
    question, sentence = pairs.question, pairs.sentence
    turns = np.array(talk.turns, dtype=np.int64)
    by_turn = np.zeros((len(asked), len(talk.turn_places)))
    np.add.at(by_turn.T, turns, table.T)
    by_turn /= np.bincount(turns, minlength=len(talk.turn_places))
    highest = -np.sort(-table, axis=1)
    columns = {name: pairs.columns[name] for name in AGAIN}
    columns |= {
        "first": first,
        "probability": np.array([one.probability for one in asked])[question],
        "highest": highest[question, 0],
        "second": highest[question, 1],
        "third": highest[question, 2],
        "sum": table.sum(axis=1)[question],
        "better": (table[question] > first[:, None]).sum(axis=1).astype(float),
        "rival": _rivals(table)[question, sentence],
        "all": table.sum(axis=0)[sentence],
        "turn": by_turn[question, turns[sentence]],
        "turn rival": _rivals(by_turn)[question, turns[sentence]],
        "best turn": by_turn.max(axis=1, initial=0)[question],
    }
    for offset in (-2, -1, 1, 2):
        columns[f"{offset:+d}"] = table[question, np.clip(sentence + offset, 0, len(talk.said) - 1)]
    return columns


def chosen_pairs(pairs: Pairs, among: Places) -> Pairs:
    """Return some of the pairs, by their places."""
    columns = {name: values[among] for name, values in pairs.columns.items()}
    return Pairs(pairs.question[among], pairs.sentence[among], columns)


def _sentences(talk: Conversation, every: Columns, likely: Floats) -> Columns:
    """Return what is known of every sentence by itself, and how probably it and those around it ask."""
    most = np.array([likely[some.start : some.stop].max() for some in talk.turn_places])
    return {name: every[name] for name in SENTENCE} | {
        "likely": likely,
        "likely after": window_sums(likely, -1, LIKELY_AFTER),
        "turn likely": of_turn(talk, most),
        "turn before likely": of_turn(talk, most, -1),
        "next turn likely": of_turn(talk, most, 1),
    }


def _questions(talk: Conversation, every: Columns, asked: Sequence[Asked]) -> Columns:
    """Return what is known of every question by itself, and how far from it others are asked."""
    last = np.array([one.last for one in asked], dtype=np.int64)
    first = np.array([one.places[0] for one in asked], dtype=np.int64)
    turns = np.array(talk.turns, dtype=np.int64)
    until = np.append(first[1:] - last[:-1], [REACH] * bool(asked))
    turns_until = np.append(np.diff(turns[first]), [NO_OTHER] * bool(asked))
    return {name: every[name][last] for name in QUESTION} | {
        "probability": np.array([one.probability for one in asked]),
        "length": (last - first + 1).astype(float),
        "words": np.array([talk.lengths[list(one.places)].sum() for one in asked]),
        "asks": np.array([talk.asks[list(one.places)].sum() for one in asked]),
        "until next": np.minimum(until, REACH).astype(float),
        "since last": np.minimum(REACH, np.diff(last, prepend=-REACH)).astype(float),
        "turns until next": turns_until.astype(float),
    }


def _distances(
    talk: Conversation, asked: Sequence[Asked], likely: Floats, question: Places, sentence: Places
) -> Columns:
    """Return how far the sentence is from the question, and how much of what stands between them.

    In sentences, words, seconds and turns. `questions`: others, as a sum of their probabilities; `likely`: the same for
    sentences. `asking`, `thanks`, `announced`: such words.
    """
    last = np.array([one.last for one in asked], dtype=np.int64)[question]
    turns = np.array(talk.turns, dtype=np.int64)
    began = np.zeros(len(talk.said))
    for one in asked:
        began[one.places[0]] += one.probability
    worded = wording(talk)
    amounts = {"words": talk.lengths, "questions": began, "likely": likely}
    amounts |= {name: worded[name] for name in ("asking", "thanks", "announced")}
    return {
        "sentences": (sentence - last).astype(float),
        "seconds": talk.starts[sentence] - talk.ends[last],
        "turns": (turns[sentence] - turns[last]).astype(float),
    } | {name: _amount(values, last, sentence) for name, values in amounts.items()}


def _amount(values: Floats, last: Places, sentence: Places) -> Floats:
    """Return the sum of what stands after `last` and before `sentence`."""
    total = np.concatenate([[0.0], np.cumsum(values)])
    found: Floats = total[sentence] - total[last + 1]
    return found


def _voices(talk: Conversation, asked: Sequence[Asked], question: Places, sentence: Places) -> Columns:
    """Return whose the sentence and the turns around it are, and how much who has said since the question.

    `asker`, `asker before`, `asker next`: whether the sentence, the turn before and the one after are of whoever asked;
    `first to reply` whether it is whose turn first said more than a few words. `by …` are words, `share of its voice`
    a share of them.
    """
    by, turns = voice_numbers(talk), np.array(talk.turns, dtype=np.int64)
    last = np.array([one.last for one in asked], dtype=np.int64)[question]
    mine, asker = by[sentence], by[last]
    turn_by = by[[places.start for places in talk.turn_places]]
    spoken = np.zeros((by.max(initial=0) + 1, len(by) + 1))
    spoken[by, np.arange(1, len(by) + 1)] = talk.lengths
    spoken = np.cumsum(spoken, axis=1)
    from_voice = spoken[mine, sentence] - spoken[mine, last + 1]
    leads = np.array([float(voice in talk.leads) for voice in talk.voices])
    audience = np.array([float(voice in talk.audience) for voice in talk.voices])
    return {
        "asker": (mine == asker).astype(float),
        "asker before": (turn_by[np.maximum(0, turns[sentence] - 1)] == asker).astype(float),
        "asker next": (turn_by[np.minimum(len(turn_by) - 1, turns[sentence] + 1)] == asker).astype(float),
        "first to reply": (mine == _first_to_reply(talk, asked, turn_by)[question]).astype(float),
        "by its voice": from_voice,
        "share of its voice": from_voice / np.maximum(1, _amount(talk.lengths, last, sentence)),
        "by the asker": spoken[asker, sentence] - spoken[asker, last + 1],
        "by the leads": _amount(leads * talk.lengths, last, sentence),
        "by the audience": _amount(audience * talk.lengths, last, sentence),
    }


def _first_to_reply(talk: Conversation, asked: Sequence[Asked], turn_by: Places) -> Places:
    """Return for every question the voice that first says more than a few words after it, -1 for none."""
    words = sum_by_turn(talk, talk.lengths)
    found = list[int]()
    for one in asked:
        turn = talk.turns[one.last]
        after = range(turn + 1, min(len(words), turn + REPLY_WITHIN))
        others = (int(turn_by[at]) for at in after if words[at] >= REPLY and turn_by[at] != turn_by[turn])
        found.append(next(others, -1))
    return np.array(found, dtype=np.int64)


def _shared_words(talk: Conversation, asked: Sequence[Asked], question: Places, sentence: Places) -> Columns:
    """Return how much the sentence's turn has in common with the question, rare words counting more.

    Whole, for the question's size, and with the best of the other questions; `shared`: the sentence by itself.
    """
    weight, turns = rarity(talk), turn_content(talk)
    theirs = [set[str]().union(*(talk.content[at] for at in _context(talk, one))) for one in asked]
    with_it = np.zeros((len(asked), len(talk.said)))
    with_turn = np.zeros((len(asked), len(turns)))
    for at, (one, words) in enumerate(zip(asked, theirs, strict=True)):
        reach = range(one.last + 1, min(len(talk.said), one.last + 1 + REACH))
        for place in reach:
            with_it[at, place] = sum(weight[word] for word in talk.content[place] if word in words)
        for turn in range(talk.turns[reach[0]], talk.turns[reach[-1]] + 1) if reach else ():
            with_turn[at, turn] = sum(weight[word] for word in sorted(words & turns[turn]))
    turn_of = np.array(talk.turns, dtype=np.int64)[sentence]
    mine, rival = with_turn[question, turn_of], _rivals(with_turn)[question, turn_of]
    size = np.array([1 + sum(weight[word] for word in sorted(words)) for words in theirs])[question]
    return {
        "shared": with_it[question, sentence],
        "shared by turn": mine,
        "shared of question by turn": mine / size,
        "shared with rival by turn": rival,
        "more than rival by turn": mine - rival,
    }


def _context(talk: Conversation, one: Asked) -> range:
    """Return the places of a question with what its voice says just before and after it in the same turn."""
    turn = talk.turn_places[talk.turns[one.places[0]]]
    return range(max(turn.start, one.places[0] - CONTEXT), min(turn.stop, one.last + CONTEXT))


def _rivals(table: Floats) -> Floats:
    """Return for every question the greatest value that another one has in the same column."""
    if len(table) <= 1:
        return np.zeros_like(table)
    best, second = np.sort(table, axis=0)[::-1][:2]
    found: Floats = np.where(table >= best, second, best)
    return found
