"""How much a sentence is worth to somebody who missed the hour: facts first. Sentences in, scores out.

What counts was measured on real and made webinars: numbers and dates, names, the guest and what comes next; centrality
(LexRank) and the position in a turn gave nothing.
"""

import re
from collections.abc import Sequence

from digest.model.event import Event
from digest.model.speech import Terms
from digest.writing import cues
from digest.writing.sentences import Said

FEWEST_WORDS, MOST_WORDS = 7, 45
NUMBER = re.compile(
    r"\d|\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|sixteen|twenty|thirty|forty|fifty|sixty|seventy|eighty"
    r"|ninety|hundred|thousand|million|billion|half|thirds|quarter|per ?cent)\b",
    re.IGNORECASE,
)
MONTH = re.compile(r"\b(?:January|February|March|April|June|July|August|September|October|November|December)\b")
NAME = re.compile(r"(?<!^)(?<![.?!] )\b[A-Z][\w'-]+")
HANGING = re.compile(
    r"^(?:(?:and|but|so|because|then|also|or),? )?(?:it|that|this|they|these|those|he|she|them|here|there you|which)\b",
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


def worth(said: Sequence[Said], event: Event, terms: Terms) -> list[float]:
    """Return a score for each sentence; 0 where it must not be chosen."""
    names = [term.term for term in terms.terms]
    topic = _content(event.title)
    return [_worth(one, names, topic) for one in said]


def _worth(one: Said, names: Sequence[str], topic: set[str]) -> float:
    text = one.text
    if not FEWEST_WORDS <= len(one.words) <= MOST_WORDS or cues.is_question(one) or cues.is_courtesy(one):
        return 0.0
    if sum(word.probability for word in one.words) / len(one.words) < 0.4:  # noqa: PLR2004
        return 0.0
    points = 0.4
    points += min(3, len(NUMBER.findall(text))) + len(MONTH.findall(text))
    points += 0.5 * min(4, len(set(NAME.findall(text))))
    points += 0.5 * min(3, sum(1 for name in names if name in text))
    points += 0.25 * len(topic & _content(text))
    if HANGING.search(text):
        points *= 0.5
    return float(points / len(one.words) ** 0.5)


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
