"""Questions from the audience and their answers: found by the phrases that hand the floor over, never by "?" alone."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from digest.language.sentences import SpokenSentence
from digest.writing import phrases

WAITING = 45.0  # seconds after a hand-over within which the question must come
LONGEST_ASKED = 60.0  # seconds
LONGEST_QUESTION = 4  # sentences
SHORT_QUESTION = 12  # words


@dataclass(frozen=True)
class Exchange:
    """A question and what was answered; `answer` is empty where nothing followed.

    `opened` and `asked_from` are seconds: where the floor was handed over, and where whoever asks began to speak.
    `places` are the indexes of all its sentences.
    """

    opened: float
    asked_from: float
    places: range
    question: tuple[SpokenSentence, ...]
    answer: tuple[SpokenSentence, ...]


def exchanges(said: Sequence[SpokenSentence]) -> tuple[Exchange, ...]:
    """Return the exchanges in order; an answer goes on to the next hand-over or to the closing.

    A host's own questions to a guest are none, unless a host hands them over as somebody's.
    """
    last = phrases.closing_from(said)
    opened = sorted({*(at for at in phrases.hand_overs(said) if at < last), *_unannounced(said, last)})
    found = list[Exchange]()
    for at, following in pairwise([*opened, last]):
        after = at if phrases.is_question(said[at]) else at + 1  # "The other one, can a mistake …?" is both
        asked = _question(said[after:following], said[at])
        if asked:
            first, end = after + asked.start, after + asked.stop
            if sum(len(one.words) for one in said[first:end]) < SHORT_QUESTION:
                first = max(after, first - 2)  # "But who checks that?" says nothing by itself
            question = tuple(one for one in said[first:end] if one.speaker == said[end - 1].speaker)
            begin = _asked_from(said, at, said.index(question[0]))
            answer = _answer(said[end:following], question[0].speaker)
            found.append(Exchange(said[at].start, begin, range(at, following), question, answer))
    return tuple(found)


def _unannounced(said: Sequence[SpokenSentence], last: int) -> Iterator[int]:
    """Yield the sentence before somebody of the audience asks though nobody handed over."""
    audience = phrases.audience(said)
    announced = phrases.hand_overs(said)
    for at in range(1, last):
        is_new = said[at].speaker in audience and said[at - 1].speaker not in audience
        if is_new and not any(0 <= said[at].start - said[other].end <= WAITING for other in announced):
            yield at - 1


def _asked_from(said: Sequence[SpokenSentence], opened: int, first: int) -> float:
    """Return where the turn of whoever asks began, no earlier than the hand-over and a minute before the end."""
    if said[opened].speaker == said[first].speaker:  # a host reads it out, or nobody is told apart
        return said[first].start
    begin = first
    while (
        begin - 1 > opened and said[begin - 1].speaker == said[first].speaker and _lasts(said[begin - 1], said[first])
    ):
        begin -= 1
    return said[begin].start


def _lasts(one: SpokenSentence, other: SpokenSentence) -> bool:
    return other.end - one.start < LONGEST_ASKED


def _answer(after: Sequence[SpokenSentence], asker: str) -> tuple[SpokenSentence, ...]:
    """Return what was answered: without thanks, and without what whoever asked says once somebody has answered."""
    others = [at for at, one in enumerate(after) if one.speaker != asker]
    if others:
        answering = after[others[0]].speaker
        after = [one for one in after[others[0] : others[-1] + 1] if one.speaker != asker or one.speaker == answering]
        while after and after[-1].speaker != answering and phrases.is_courtesy(after[-1]):
            after = after[:-1]
    return tuple(one for one in after if not _is_thanks(one))


def _question(after: Sequence[SpokenSentence], opening: SpokenSentence) -> range | None:
    """Return which sentences after a hand-over are the question: from the first that asks, while they ask.

    Whoever was handed the floor is heard out: recognisers put a question mark where somebody only draws breath.
    """
    asks = next(
        (at for at, one in enumerate(after) if one.start - opening.end <= WAITING and phrases.is_question(one)),
        None,
    )
    if asks is None:
        return None
    end, asker = asks + 1, after[asks].speaker
    while end < len(after) and end - asks < LONGEST_QUESTION and after[end].speaker == asker:
        if asker == opening.speaker and not phrases.is_question(after[end]):
            break
        end += 1
    return range(asks, end)


def _is_thanks(one: SpokenSentence) -> bool:
    return phrases.is_courtesy(one) and len(one.words) <= 8  # noqa: PLR2004
