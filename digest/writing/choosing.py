"""How much a sentence is worth to somebody who missed the hour: facts first. Sentences in, scores out.

Numbers and dates, names and how much a sentence says at all count, vagueness counts against it. Centrality
(LexRank), the position in a turn and the lines of the slides were tried and gave nothing. The weights are round numbers
set by hand: others drawn by lot do as well (docs/benchmarks.md), what is printed together matters more.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from digest.faithfulness.doubts import content
from digest.language.languages import get_language
from digest.language.sentences import SpokenSentence, ends_sentence, join_sentences
from digest.model.event import Event
from digest.model.speech import Terms
from digest.writing import phrases
from digest.writing.lookup import spoken_addresses

FEWEST_WORDS, MOST_WORDS = 7, 45
SHORTEST = 5  # words of a sentence that hangs on another one
LEAST_HEARD = 0.4  # mean probability of the words: below, the recogniser guessed
CONTENT = 0.2  # points of each word that is not a small one; a number has 1, a name 0.5
NUMBERS, NAMES, TERMS = 2, 4, 3  # so many count
VAGUE_SHARE = 0.7  # what is left of the points of a sentence that says "that"
BROKEN_SHARE = 0.5  # and of one that was broken off
DENSITY = 0.5  # points are divided by the words to this power: 0 loves long sentences, 1 short ones
LONGEST_EVIDENCE = 60.0  # seconds
LONGEST_GAP = 3.0  # seconds over which a sentence may hang on the one before
ANNOUNCEMENT = 10  # words of a sentence that only announces the next ones
LIST_HEAD, LIST_ITEM = 6, 10  # words of one that announces a list, and of what is listed
NUMBER = re.compile(
    r"\d|\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|sixteen|twenty|thirty|forty|fifty|sixty|seventy|eighty"
    r"|ninety|hundred|thousand|million|billion|half|thirds|quarter|per ?cent)\b",
    re.IGNORECASE,
)
MONTH = re.compile(r"\b(?:January|February|March|April|June|July|August|September|October|November|December)\b")
NAME = re.compile(r"(?<!^)(?<![.?!] )\b(?!(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day)[A-Z][\w'-]+")
HANGING = re.compile(
    r"^(?:(?:and|but|so|because|then|also|or|now|today|since|when|if|by),? )?"
    r"(?:it|that|this|they|these|those|he|she|them|here|there you|which|not|each one"
    r"|(?:most|some|all|none|each|both|half|many) of (?:that|them|it|those|these)"
    r"|\w+ (?:out )?of (?:two|three|four|five|ten|twenty|a hundred)"
    r"|(?:\S+ ){1,4}ago,? (?:that|it|this) (?:was|were)"
    r"|(?:in|on|at|for|from|by|since|until)(?=(?: \S+){1,5}$))\b",  # a short one without a verb
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
VAGUE = re.compile(r"\b(?:things?|this|that|it|something)\b", re.IGNORECASE)
DOING_THAT = re.compile(r"\b(?:do|does|did|done|doing) (?:that|this|so|the same)\b", re.IGNORECASE)
COUNTS = {"two": 2, "three": 3, "four": 4, "five": 5}
LIST = re.compile(r"\b(two|three|four|five) (?:\w+ )?\w+s\b", re.IGNORECASE)
# "The rule is simple.": nouns that are empty until the next sentence fills them (Schmid 2000, shell nouns).
SHELL = re.compile(
    r"^(?:(?:and|but|so|now|well),? )?(?:the|my|our|one|another|an?) (?:\w+ ){0,2}?(?:answer|case|example|fact|idea"
    r"|lesson|message|point|problem|question|reason|result|rule|story|thing|trick|truth)s? (?:is|are|was|were)\b",
    re.IGNORECASE,
)
FILLERS = re.compile(
    r"^(?:(?:so|well|now|okay|ok|oh|you know|right|yeah|i mean|and)\b,? "
    r"|(?:one|two|three|four|five|first|second|third|fourth|fifth|firstly|secondly|thirdly|finally|lastly), )+",
    re.IGNORECASE,
)
INNER_FILLERS = re.compile(r",? \b(?:you know|let me see|let me check|what|well)\b,", re.IGNORECASE)
HESITATION = re.compile(r"(?:^|,? )(?:um|uh|uhm|er|erm|hmm|mm)\b,?(?=[ .?!])", re.IGNORECASE)
RESTART = re.compile(
    r"\b(?!(?:that|had|very) (?:that|had|very)\b)([\w']+(?: [\w']+){0,2}),? (?=\1\b)", re.IGNORECASE
)  # "the, the networks", but not "he had had"


@dataclass(frozen=True)
class Valued:
    """Sentences with what each is worth. Everything here goes by their places in `said`.

    `units` are the places printed together: a sentence with what it hangs on, empty where it must not be chosen.
    `points` are a sentence's own, `words` how many of them are printed.
    """

    said: Sequence[SpokenSentence]
    units: Sequence[range]
    points: Sequence[float]
    words: Sequence[int]

    def score(self, at: int, without: Collection[int] = ()) -> float:
        """Return what a unit adds to what is told already; 0 where it must not be chosen."""
        new = [place for place in self.units[at] if place not in without]
        if not new:
            return 0.0
        return float(sum(self.points[place] for place in new) / sum(self.words[place] for place in new) ** DENSITY)


def valued(said: Sequence[SpokenSentence], event: Event, terms: Terms, *, aside: Collection[int] = ()) -> Valued:
    """Return what each sentence is worth.

    `aside` are the places of sentences that run the webinar or ask: they are told elsewhere or nowhere.
    """
    names = [term.term for term in terms.terms]
    topic = _content(event.title)
    units = [unit(said, at) for at in range(len(said))]
    return Valued(
        said,
        [whole if at not in aside and _may_stand(said, at, whole) else range(0) for at, whole in enumerate(units)],
        [_points(one, names, topic) for one in said],
        [len(compressed(one.text, one.language).split()) for one in said],
    )


def unit(said: Sequence[SpokenSentence], at: int) -> range:
    """Return the places of a sentence and of those without which it says nothing: what it hangs on, its list."""
    first = at
    while _joins(said, first):
        first -= 1
    return range(first, max(at, first + _listed(said, first)) + 1)


def _joins(said: Sequence[SpokenSentence], at: int) -> bool:
    """Return whether a sentence hangs on the one before, and that one can be brought along."""
    if not at or said[at - 1].speaker != said[at].speaker or said[at].start - said[at - 1].end >= LONGEST_GAP:
        return False
    if phrases.is_courtesy(said[at - 1]) or phrases.is_question(said[at - 1]):
        return False
    is_item = any(_listed(said, at - back) >= back for back in range(1, min(at, max(COUNTS.values())) + 1))
    return is_item or hangs(said[at]) or _is_shell(said[at - 1])


def _listed(said: Sequence[SpokenSentence], at: int) -> int:
    """Return how many short sentences after one are the list that it announces: "Three steps. Publish early. …"."""
    found = LIST.search(said[at].text)
    if not found or not _is_list_head(said[at]):
        return 0
    count = COUNTS[found[1].lower()]
    items = said[at + 1 : at + 1 + count]
    short = [one for one in items if one.speaker == said[at].speaker and len(one.words) <= LIST_ITEM]
    return count if len(short) == count and not any(map(phrases.is_question, items)) else 0


def _may_stand(said: Sequence[SpokenSentence], at: int, whole: range) -> bool:
    one, told = said[at], join_sentences(said[whole.start : whole.stop])
    if len(one.words) < SHORTEST and not any(_listed(said, place) for place in whole):
        return False
    if not FEWEST_WORDS <= len(told.words) <= MOST_WORDS or told.end - told.start > LONGEST_EVIDENCE:
        return False
    if phrases.is_question(one) or phrases.is_courtesy(one) or phrases.is_agenda(one):
        return False
    if any(spoken_addresses(one)):  # it stands among the resources
        return False
    if hangs(said[whole.start]) or announces(said[whole[-1]]):  # on what cannot be brought along
        return False
    return sum(word.probability for word in told.words) / len(told.words) >= LEAST_HEARD


def _points(one: SpokenSentence, names: Sequence[str], topic: set[str]) -> float:
    text = one.text
    points = CONTENT * len(set(content(text, one.language))) + 0.25 * len(topic & _content(text))
    points += min(NUMBERS, len(_numbers(one)))
    if not get_language(one.language).capitalises_nouns:
        points += 0.5 * min(NAMES, len(set(NAME.findall(text))))
    points += 0.5 * min(TERMS, sum(name in text for name in names))
    points *= BROKEN_SHARE if not ends_sentence(text) else 1
    return points * (VAGUE_SHARE if phrases.says(VAGUE, one) else 1)


def _numbers(one: SpokenSentence) -> list[str]:
    if one.language != phrases.LANGUAGE:
        return re.findall(r"\d[\d.,]*", one.text)
    return [*NUMBER.findall(one.text), *MONTH.findall(one.text)]


def hangs(one: SpokenSentence) -> bool:
    """Return whether a sentence leans on the one before: "It lists …", "We did that in March."."""
    if one.language != phrases.LANGUAGE:
        return False
    return bool(HANGING.search(_without_fillers(one.text)) or DOING_THAT.search(one.text))


def announces(one: SpokenSentence) -> bool:
    """Return whether a sentence says nothing without the next ones: "The rule is simple.", "Three steps."."""
    return _is_shell(one) or _is_list_head(one)


def _is_shell(one: SpokenSentence) -> bool:
    return len(one.words) <= ANNOUNCEMENT and phrases.says(SHELL, one)


def _is_list_head(one: SpokenSentence) -> bool:
    return len(one.words) <= LIST_HEAD and phrases.says(LIST, one)


def introduces(one: SpokenSentence, event: Event) -> float:
    """Return how far a sentence says who speaks about what: shared words with title and announced speakers."""
    text = one.text
    people = sum(1 for speaker in event.speakers if speaker.name.split()[-1] in text)
    roles = _content(" ".join(speaker.role or "" for speaker in event.speakers)) & _content(text)
    shared = people * 2 + len(roles) * 0.5 + len(_content(event.title) & _content(text))
    return shared * (0.5 if phrases.is_courtesy(one) or phrases.says(re.compile(r"\bI\b"), one) else 1)


def tells_topic(one: SpokenSentence, event: Event) -> int:
    """Return how many words of the title a sentence holds; 0 below two, or where it asks or only lists the agenda."""
    shared = len(_content(event.title) & _content(one.text))
    return shared if shared > 1 and not phrases.is_question(one) and not phrases.is_agenda(one) else 0


def stands_alone(one: SpokenSentence) -> bool:
    """Return whether a reader understands the sentence by itself: a key point must."""
    return len(one.words) >= 9 and not hangs(one) and not phrases.says(re.compile(r"\bthat (?:was|is)\b"), one)  # noqa: PLR2004


def opinion(one: SpokenSentence) -> int:
    """Return how many words of judgement a sentence holds: what makes it worth quoting. 1 where nobody lists them."""
    return len(OPINION.findall(one.text)) if one.language == phrases.LANGUAGE else 1


def has_figure(one: SpokenSentence) -> bool:
    """Return whether a sentence holds a figure or a date worth looking up."""
    return bool(FIGURE.search(one.text) if one.language == phrases.LANGUAGE else re.search(r"\d", one.text))


def compressed(text: str, language: str) -> str:
    """Return sentences without what says nothing: a leading "So, well", "um", words said twice; nothing is added.

    Other languages than English come back as they are: "nous nous" is no slip.
    """
    if language != phrases.LANGUAGE:
        return text
    return " ".join(_compressed(one) for one in re.split(r"(?<=[.?!]) (?=[A-Z])", text))


def _compressed(text: str) -> str:
    shorter = INNER_FILLERS.sub("", _without_fillers(text))
    clean = RESTART.sub("", shorter) or text
    return clean[0].upper() + clean[1:]


def _without_fillers(text: str) -> str:
    return FILLERS.sub("", HESITATION.sub("", text).lstrip())


def _content(text: str) -> set[str]:
    return {
        word
        for word in re.findall(r"[^\W\d_]{4,}", text.lower())
        if word not in {"from", "with", "this", "that", "what", "webinar"}
    }
