"""Questions from the audience and their answers: found by the phrases that hand the floor over, never by "?" alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from digest.writing import cues
from digest.writing.sentences import Said

WAITING = 45.0  # seconds after a hand-over within which the question must come
LONGEST_QUESTION = 4  # sentences
SHORT_QUESTION = 12  # words


@dataclass(frozen=True)
class Exchange:
    """A question and what was answered; `answer` is empty where nothing followed."""

    opened: float  # seconds: where the floor was handed over
    places: range  # indexes of all its sentences
    question: tuple[Said, ...]
    answer: tuple[Said, ...]


def exchanges(said: Sequence[Said]) -> tuple[Exchange, ...]:
    """Return the exchanges in order; an answer goes on to the next hand-over or to the closing."""
    last = cues.closing_from(said)
    opened = [at for at in cues.hand_overs(said) if at < last]
    found = list[Exchange]()
    for at, following in pairwise([*opened, last]):
        asked = _question(said[at + 1 : following], said[at].end)
        if asked:
            first, end = at + 1 + asked.start, at + 1 + asked.stop
            if sum(len(one.words) for one in said[first:end]) < SHORT_QUESTION:
                first = max(at + 1, first - 2)  # "But who checks that?" says nothing by itself
            answer = tuple(one for one in said[end:following] if not _is_thanks(one))
            found.append(Exchange(said[at].start, range(at, following), tuple(said[first:end]), answer))
    return tuple(found)


def _question(after: Sequence[Said], opened: float) -> range | None:
    """Return which sentences after a hand-over are the question: from the first that asks, while they ask."""
    asks = next(
        (at for at, one in enumerate(after) if one.start - opened <= WAITING and cues.is_question(one)),
        None,
    )
    if asks is None:
        return None
    end = asks + 1
    while end < len(after) and end - asks < LONGEST_QUESTION and cues.is_question(after[end]):
        end += 1
    return range(asks, end)


def _is_thanks(one: Said) -> bool:
    return cues.is_courtesy(one) and len(one.words) <= 8  # noqa: PLR2004
