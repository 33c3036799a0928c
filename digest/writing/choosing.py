"""How much a sentence is worth to somebody who missed the hour: facts first. Sentences in, scores out.

What counts was measured on real and made webinars: numbers and dates, names, the guest and what comes next; centrality
(LexRank) and the position in a turn gave nothing.
"""

import re
from collections.abc import Collection, Sequence

from digest.model.event import Event
from digest.model.speech import Terms
from digest.writing import cues
from digest.writing.sentences import Said, joined

FEWEST_WORDS, MOST_WORDS = 7, 45
SHORTEST = 5  # words of a sentence that hangs on another one
LEAST_HEARD = 0.4  # mean probability of the words: below, the recogniser guessed
GROUND = 0.8  # points of every sentence
DENSITY = 0.75  # points are divided by the words to this power: 0 loves long sentences, 1 short ones
LONGEST_EVIDENCE = 60.0  # seconds
LONGEST_GAP = 3.0  # seconds over which a sentence may hang on the one before
NUMBER = re.compile(
    r"\d|\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|sixteen|twenty|thirty|forty|fifty|sixty|seventy|eighty"
    r"|ninety|hundred|thousand|million|billion|half|thirds|quarter|per ?cent)\b",
    re.IGNORECASE,
)
MONTH = re.compile(r"\b(?:January|February|March|April|June|July|August|September|October|November|December)\b")
NAME = re.compile(r"(?<!^)(?<![.?!] )\b[A-Z][\w'-]+")
HANGING = re.compile(
    r"^(?:(?:and|but|so|because|then|also|or|now|today|since|when|if|by),? )?"
    r"(?:it|that|this|they|these|those|he|she|them|here|there you|which|not|each one"
    r"|(?:most|some|all|none|each|both|half|many) of (?:that|them|it|those|these)"
    r"|(?:\S+ ){1,4}ago,? (?:that|it|this) (?:was|were))\b",
    re.IGNORECASE,
)
FIGURE = re.compile(
    r"\d|\b(?:hundred|thousand|million|billion|half|thirds|per ?cent|(?:twen|thir|for|fif|six|seven|eigh|nine)ty)\b"
    rf"|{MONTH.pattern}"
)
OPINION = re.compile(
    r"\b(?:should|must|need|think|believe|argue|important|problem|never|nobody|isn't|not just|reason|honest|why"
    r"|responsib\w+)\b",
    re.IGNORECASE,
)
FILLERS = re.compile(r"^(?:(?:so|well|now|okay|ok|you know|right|yeah|i mean|and|um|uh)\b,? )+", re.IGNORECASE)
INNER_FILLERS = re.compile(r",? \b(?:um|uh|you know|let me see|let me check|well)\b,", re.IGNORECASE)

RESTART = re.compile(
    r"\b(?!(?:that|had|very) \w+\b)([\w']+(?: [\w']+){0,2}),? (?=\1\b)", re.IGNORECASE
)  # "the, the networks"


def worth(said: Sequence[Said], event: Event, terms: Terms, *, aside: Collection[int] = ()) -> list[float]:
    """Return a score for each sentence, together with the one it hangs on; 0 where it must not be chosen.

    `aside` are the places of sentences that run the webinar or ask: they are told elsewhere or nowhere.
    """
    names = [term.term for term in terms.terms]
    topic = _content(event.title)
    return [0.0 if at in aside else _worth(said, at, names, topic) for at in range(len(said))]


def unit(said: Sequence[Said], at: int) -> range:
    """Return the places of a sentence and, where it hangs on it, the one before."""
    one, before = said[at], said[at - 1] if at else None
    joins = (
        before is not None
        and hangs(one)
        and before.speaker == one.speaker
        and one.start - before.end < LONGEST_GAP
        and one.end - before.start <= LONGEST_EVIDENCE
        and not cues.is_courtesy(before)
    )
    return range(at - 1 if joins else at, at + 1)


def _worth(said: Sequence[Said], at: int, names: Sequence[str], topic: set[str]) -> float:
    one, whole = said[at], joined([said[place] for place in unit(said, at)])
    if len(one.words) < SHORTEST or not FEWEST_WORDS <= len(whole.words) <= MOST_WORDS:
        return 0.0
    if cues.is_question(one) or cues.is_courtesy(one):
        return 0.0
    if sum(word.probability for word in whole.words) / len(whole.words) < LEAST_HEARD:
        return 0.0
    text = whole.text
    points = GROUND + 0.25 * len(topic & _content(text))
    points += min(4, len(NUMBER.findall(text)) + len(MONTH.findall(text)))
    points += 0.5 * min(4, len(set(NAME.findall(text)))) + 0.5 * min(3, sum(1 for name in names if name in text))
    if HANGING.search(text):  # what it hangs on cannot be brought along
        points *= 0.5
    return float(points / len(whole.words) ** DENSITY)


def hangs(one: Said) -> bool:
    """Return whether a sentence begins with a word whose meaning stands in the sentence before."""
    return bool(HANGING.search(FILLERS.sub("", one.text)))


def introduces(one: Said, event: Event) -> float:
    """Return how far a sentence says who speaks about what: shared words with title and announced speakers."""
    text = one.text
    people = sum(1 for speaker in event.speakers if speaker.name.split()[-1] in text)
    roles = _content(" ".join(speaker.role or "" for speaker in event.speakers)) & _content(text)
    shared = people * 2 + len(roles) * 0.5 + len(_content(event.title) & _content(text))
    return shared * (0.5 if cues.is_courtesy(one) or re.search(r"\bI\b", text) else 1)


def stands_alone(one: Said) -> bool:
    """Return whether a reader understands the sentence by itself: a key point must."""
    return len(one.words) >= 9 and not hangs(one) and not re.search(r"\bthat (?:was|is)\b", one.text)  # noqa: PLR2004


def opinion(one: Said) -> int:
    """Return how many words of judgement a sentence holds: what makes it worth quoting."""
    return len(OPINION.findall(one.text))


def compressed(text: str) -> str:
    """Return a sentence without what says nothing: a leading "So, well", "um", words said twice; nothing is added."""
    shorter = INNER_FILLERS.sub("", FILLERS.sub("", text))
    clean = RESTART.sub("", shorter) or text
    return clean[0].upper() + clean[1:]


def _content(text: str) -> set[str]:
    return {
        word
        for word in re.findall(r"[^\W\d_]{4,}", text.lower())
        if word not in {"from", "with", "this", "that", "what", "webinar"}
    }
