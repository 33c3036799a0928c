"""Phrases by which people run a webinar: handing over, asking, thanking, closing. Only English has any yet."""

import re
from collections import Counter
from collections.abc import Sequence
from itertools import groupby, pairwise

from digest.language.sentences import SpokenSentence

LANGUAGE = "en"
AUDIENCE = 0.4  # of the words of whoever speaks most: somebody who says more was invited
SELDOM = 6  # turns of somebody who only asks; whoever has more takes part
OPENING = re.compile(
    r"\b(questions? (?:is |comes )?from|(?:first|second|third|next|last|another|other|final) question\b"
    r"|(?:we have|we've got|i've got|i have|there (?:is|are)|let's take),? .{0,20}\bquestions?\b|open the floor)",
    re.IGNORECASE,
)
FOLLOWING = re.compile(
    r"^(?:(?:and|so|then|now),? )*the (?:first|second|third|next|other|last)(?: one)?"
    r"(?:[,.]| is\b| comes\b| which\b| that\b)",
    re.IGNORECASE,
)
INVITING = re.compile(
    r"\b(type|put|write|post|then we(?:'ll| will)? take|later|at the end|at any time)\b", re.IGNORECASE
)
AUXILIARY = "can|could|should|would|will|do|does|did|is|are|was|were|has|have|isn't|aren't|don't|doesn't"
ASKING = re.compile(
    r"^(?:(?:so|and|but|well|okay|yes|then|now|um|i mean|hello|hi),? )*"
    rf"(?:(?:how|what|who|why|when|where)(?:'s| (?:{AUXILIARY}))\b|how (?:many|much|far|long|often)\b"
    rf"|(?:{AUXILIARY}) (?:you|we|i|they|he|she|it|there|the|a|an|this|that|any|some|small|people)\b)",
    re.IGNORECASE,
)
CLOSING = re.compile(
    r"\b(run out of time|brings us to the end|our next webinar|thank you all for|thanks for joining|until (?:then|next)"
    r"|good ?bye|before we close|we have to stop|thank you (?:so|very) much|(?:the|our) next .{3,40} is on"
    r"|next (?:week|month))\b",
    re.IGNORECASE,
)
FLOOR = re.compile(
    r"\b(floor is yours|over to you|please go ahead|go ahead|take it away|hand over to|back to you|the stage is yours"
    r"|can you hear (?:me|us)|unmute|welcome, [A-Z])",
    re.IGNORECASE,
)
ANNOUNCING = re.compile(
    r"\b(i'll show you|i(?:'ll| will| am going to|'m going to) (?:talk|speak|cover|walk)|first\b.{3,80}\bthen\b)",
    re.IGNORECASE,
)
PRESENTING = re.compile(
    r"^(?:and |so |now )?(?:our|my|today's) (?:guest|speaker|panellist|panelist)s?\b", re.IGNORECASE
)
NEXT = re.compile(
    r"\b(?:(?:the|our) next|next (?:week|month|time|year)|will be (?:on|available|sent|published)|follow[- ]up)\b",
    re.IGNORECASE,
)
LEFT_OPEN = re.compile(
    r"\b(?:nobody knows|remains? (?:open|unclear|to be)|open question|still (?:missing|open|unclear|unresolved)"
    r"|we (?:don't|do not) (?:yet )?know|(?:is|are) not yet|work in progress|hasn't been decided"
    r"|(?:i|we)(?:'ll| will) (?:send|share|follow up|come back|publish|post|get back)"
    r"|will be (?:on our|available|sent|published))\b",
    re.IGNORECASE,
)
COURTESY = re.compile(
    r"\b(thank|thanks|welcome|hello|hi,|good (?:morning|afternoon|evening|night)|bye|can you (?:hear|see)|unmute"
    r"|floor is yours|over to you|back to you|great question|good question|please type|next slide|my name is"
    r"|sorry about|let me start|let me show|i'll skip|your questions|hear me|hear you|back to the slides)",
    re.IGNORECASE,
)


def says(pattern: re.Pattern[str], one: SpokenSentence) -> bool:
    """Return whether a sentence holds an English phrase; one in another language never does."""
    return one.language == LANGUAGE and bool(pattern.search(one.text))


def hand_overs(said: Sequence[SpokenSentence]) -> list[int]:
    """Return which sentences hand the floor to somebody who asks; "the second one" counts once questions are opened."""
    found = list[int]()
    for at, one in enumerate(said):
        follows = bool(found) and says(FOLLOWING, one)
        opens = follows or (says(OPENING, one) and not is_question(one))
        if opens and not says(INVITING, one):
            found.append(at)
    return found


def is_question(said: SpokenSentence) -> bool:
    """Return whether the sentence asks something; recognised text loses its "?", so its first words count too."""
    return said.text.rstrip().endswith("?") or says(ASKING, said)


def presents(before: SpokenSentence, one: SpokenSentence) -> bool:
    """Return whether a sentence presents somebody whom the following one names: "Our guest is on the telephone."."""
    return before.speaker == one.speaker and says(PRESENTING, before) and not is_courtesy(before)


def is_agenda(said: SpokenSentence) -> bool:
    """Return whether the sentence only says what will be spoken about."""
    return says(ANNOUNCING, said)


def comes_next(said: SpokenSentence) -> bool:
    """Return whether the sentence says what will happen after the webinar."""
    return says(NEXT, said)


def leaves_open(said: SpokenSentence) -> bool:
    """Return whether the sentence says that something is not settled, or promises to follow it up."""
    return says(LEFT_OPEN, said) and not is_question(said)


def gives_floor(said: SpokenSentence) -> bool:
    """Return whether the sentence hands the floor to somebody."""
    return says(FLOOR, said)


def is_courtesy(said: SpokenSentence) -> bool:
    """Return whether the sentence only greets, thanks, hands over or invites questions."""
    return says(COURTESY, said) or says(OPENING, said)


def closing_from(said: Sequence[SpokenSentence]) -> int:
    """Return the index of the first sentence of the closing, or the number of sentences where there is none."""
    if not said:
        return 0
    late = next(at for at, one in enumerate(said) if one.start >= said[-1].start * 0.85)
    begin = max([late, *hand_overs(said)])
    return next((at for at in range(begin, len(said)) if says(CLOSING, said[at])), len(said))


def leads(said: Sequence[SpokenSentence]) -> set[str]:
    """Return who leads: whoever gives the floor away or asks most often, and opens or closes."""
    given: dict[str, int] = {}
    for one, following in pairwise(said):
        if following.speaker != one.speaker and (is_question(one) or gives_floor(one)):
            given[one.speaker] = given.get(one.speaker, 0) + 1
    ends = {said[0].speaker, said[-1].speaker} if said else set()
    most = max((given.get(speaker, 0) for speaker in ends), default=0)
    return {speaker for speaker in ends if most and given.get(speaker, 0) == most}


def only_leads(said: Sequence[SpokenSentence]) -> set[str]:
    """Return who leads and does not speak most: whoever presents alone, or chairs and reports, leads as well."""
    counts = _counts(said)
    return {speaker for speaker in leads(said) if counts[speaker] < max(counts.values())}


def audience(said: Sequence[SpokenSentence]) -> set[str]:
    """Return the voices that only ask: they lead nothing, and speak little and seldom."""
    counts = _counts(said)
    most = max(counts.values(), default=0)
    turns = Counter(speaker for speaker, _ in groupby(one.speaker for one in said))
    asks = {one.speaker for one in said if is_question(one)}
    return {speaker for speaker in asks - leads(said) if counts[speaker] < AUDIENCE * most and turns[speaker] <= SELDOM}


def _counts(said: Sequence[SpokenSentence]) -> Counter[str]:
    """Return how many words each voice has."""
    counts = Counter[str]()
    for one in said:
        counts[one.speaker] += len(one.words)
    return counts
