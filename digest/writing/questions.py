"""Questions of the audience and their answers: a conversation in, exchanges with their probabilities out.

Three fitted models (docs/decisions/0023) judge: which sentences ask, which later ones answer, and a second time which
of these are certain. What is unsure is returned as well, for editors; it is not to be printed.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from digest.learned.trees import Floats, Trees, load_trees
from digest.writing.answer_features import Asked, Pairs, as_table, chosen_pairs, pairs_of, second_columns
from digest.writing.conversation import Conversation, share_of
from digest.writing.question_features import HEAD, question_columns

log = logging.getLogger(__name__)

# Chosen with the authors left out; what moves where they do is in docs/decisions/0023.
ASKS = 0.25  # a sentence this likely may belong to a question
CANDIDATE = 0.3  # a question this likely is shown to an editor
PRINTED = 0.38  # and this likely is printed: recall and precision meet
WORTH_A_SECOND_LOOK = 0.2  # probability at first sight of a sentence that the second judge is asked about
CERTAIN = 0.92  # a sentence this likely is printed as an answer: 0.95 right, none in the answer to another question
PROBABLE = 0.4  # and one this likely is shown to an editor
LONGEST_ASKED = 60.0  # seconds of a turn, up to the end of the question, that are the question's
ASKED_AT_ONCE = 2  # questions of one turn that are printed
WORDED = 0.3  # of a question mark: what a word that asks at the head of a sentence is worth
SHORT_QUESTION = 12  # words: with fewer the sentence before is printed too
LITTLE = 4  # words that carry meaning: a question of so few that points back is printed with the sentence before
ASKED_AGAIN = 0.7  # of the words that carry meaning, in both
APART = 1  # sentences in a question that need not ask, one after another


@dataclass(frozen=True)
class ExchangeModels:
    """The three judges: of sentences that ask, of pairs at first sight, and of pairs among their neighbours."""

    asks: Trees
    answers: Trees
    certain: Trees


@dataclass(frozen=True)
class Exchange:
    """A question and its answer, all by places in `said`.

    `question` are the sentences that ask best, `asked` the turn of whoever asks, `asked_by` the voice. `answer` are
    those certain enough to be printed, `certainty` how probably each is right: that the question is one, and this its
    answer. `likely` is where the answer seems to be if none is certain. That a question was refused, or never answered,
    cannot be told from the words yet: such a one is unsure.
    """

    question: tuple[int, ...]
    asked: range
    asked_by: str
    probability: float
    answer: tuple[int, ...]
    certainty: tuple[float, ...]
    likely: range | None

    @property
    def is_printed(self) -> bool:
        """Return whether it is sure enough for readers; else it is a candidate for editors."""
        return self.probability >= PRINTED

    @property
    def places(self) -> frozenset[int]:
        """Return the places of the question and of its answer."""
        return frozenset((*self.asked, *self.answer))


def load_models() -> ExchangeModels:
    """Return the judges that are shipped."""
    return ExchangeModels(load_trees("questions"), load_trees("answers"), load_trees("certain_answers"))


def exchanges(talk: Conversation, models: ExchangeModels) -> tuple[Exchange, ...]:
    """Return the exchanges in order, candidates among them."""
    if len(talk.said) < 3:  # noqa: PLR2004  # the third best answer is looked at
        return ()
    likely = models.asks.probabilities(question_columns(talk))
    asked = find_questions(talk, likely)
    pairs = pairs_of(talk, asked, likely)
    first = models.answers.probabilities(pairs.columns)
    certain = second_look(talk, asked, pairs, first, models.certain)
    found = tuple(_exchange(talk, one, certain[at], certain.max(axis=0), likely) for at, one in enumerate(asked))
    log.debug("%d questions, %d of them printed", len(found), sum(one.is_printed for one in found))
    return found


def find_questions(talk: Conversation, likely: Floats) -> list[Asked]:
    """Return the neighbouring sentences of one turn that may ask, if one of them is likely enough to."""
    found = list[list[int]]()
    for at in np.flatnonzero(likely >= ASKS).tolist():
        goes_on = found and at - found[-1][-1] <= 1 + APART and talk.turns[at] == talk.turns[found[-1][-1]]
        if goes_on:
            found[-1].append(at)
        else:
            found.append([at])
    asked = [Asked(tuple(places), float(likely[places].max())) for places in found]
    return [one for one in asked if one.probability >= CANDIDATE]


def second_look(talk: Conversation, asked: Sequence[Asked], pairs: Pairs, first: Floats, certain: Trees) -> Floats:
    """Return how probably each sentence answers each question: a row for a question, a column for a sentence."""
    kept = np.flatnonzero(first >= WORTH_A_SECOND_LOOK)
    columns = second_columns(talk, asked, pairs, first)
    again = certain.probabilities({name: values[kept] for name, values in columns.items()})
    return as_table(chosen_pairs(pairs, kept), again, (len(asked), len(talk.said)))


def _exchange(talk: Conversation, asked: Asked, mine: Floats, best: Floats, likely: Floats) -> Exchange:
    """Return a question with the sentences that no other one has a better claim to."""
    answers = np.flatnonzero((mine >= CERTAIN) & (mine >= best)).tolist() if asked.probability >= PRINTED else []
    probable = np.flatnonzero((mine >= PROBABLE) & (mine >= best)).tolist()
    return Exchange(
        question=asked_with_its_point(talk, asking_best(talk, asked, likely)),
        asked=_turn_asked(talk, asked),
        asked_by=talk.voices[asked.last],
        probability=asked.probability,
        answer=tuple(answers),
        certainty=tuple(float(mine[at]) for at in answers),
        likely=range(probable[0], probable[-1] + 1) if probable and not answers else None,
    )


def _turn_asked(talk: Conversation, asked: Asked) -> range:
    """Return the whole turn of whoever asks; of who leads, and goes on to other things, the question alone."""
    turn = talk.turn_places[talk.turns[asked.last]]
    if talk.voices[asked.last] in talk.leads:
        return range(asked.places[0], asked.last + 1)
    begin = next(at for at in turn if talk.ends[asked.last] - talk.starts[at] < LONGEST_ASKED or at == asked.places[0])
    return range(begin, turn.stop)


def asking_best(talk: Conversation, asked: Asked, likely: Floats) -> tuple[int, ...]:
    """Return the one or two sentences of a question that ask: with a question mark, else with words that ask."""
    asks = {at: bool(talk.asks[at]) and talk.lengths[at] >= HEAD for at in asked.places}  # "Right?" asks nothing
    heads = {at: share_of(talk.tokens[at][:HEAD], talk.language.interrogatives) > 0 for at in asked.places}
    best = sorted(asked.places, key=lambda at: likely[at] + asks[at] + WORDED * heads[at], reverse=True)
    found = [best[0], *(at for at in best[1:ASKED_AT_ONCE] if asks[at])]
    before = [at for at in asked.places if at < min(found)]
    if before and talk.lengths[found].sum() < SHORT_QUESTION:
        found.append(before[-1])
    return tuple(sorted(found))


def asked_with_its_point(talk: Conversation, places: Sequence[int]) -> tuple[int, ...]:
    """Return the places of a question as it is printed: in whole sentences, and understandable.

    One that points back and says next to nothing has the sentence before: "Could you explain that?".
    """
    found = talk.whole(places)
    first = found[0]
    points_back = not talk.language.anaphors.isdisjoint(talk.tokens[first]) and talk.content[first].total() <= LITTLE
    is_told = first > 0 and talk.turns[first - 1] == talk.turns[first] and talk.content[first - 1].total() > LITTLE
    return (*talk.whole([first - 1]), *found) if points_back and is_told else found


def is_asked_again(talk: Conversation, one: Exchange, other: Exchange) -> bool:
    """Return whether a question only says again, as it was not heard, what the same voice asks in another."""
    mine, theirs = (frozenset[str]().union(*(talk.content[at] for at in some.question)) for some in (one, other))
    says_less = len(mine) < len(theirs) or (len(mine) == len(theirs) and one.question > other.question)
    return bool(mine) and says_less and one.asked_by == other.asked_by and len(mine & theirs) >= ASKED_AGAIN * len(mine)
