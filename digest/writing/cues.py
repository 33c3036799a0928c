"""Phrases by which people run a webinar: handing over, asking, thanking, closing. Only English has any yet."""

import re
from collections.abc import Sequence

from digest.writing.sentences import Said

OPENING = re.compile(
    r"\b(questions? (?:is |comes )?from|(?:first|second|third|next|last|another|other|final) question\b"
    r"|(?:we have|we've got|i've got|i have|there (?:is|are)|let's take),? .{0,20}\bquestions?\b|open the floor)",
    re.IGNORECASE,
)
FOLLOWING = re.compile(
    r"^(?:(?:and|so|then|now),? )*the (?:first|second|third|next|other|last)(?: one)?(?:,| is\b| comes\b)",
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
COURTESY = re.compile(
    r"\b(thank|thanks|welcome|hello|hi,|good (?:morning|afternoon|evening|night)|bye|can you (?:hear|see)|unmute"
    r"|floor is yours|over to you|back to you|great question|good question|please type|next slide|my name is"
    r"|sorry about|let me start|let me show|i'll skip|your questions|hear me|hear you|back to the slides)",
    re.IGNORECASE,
)


def hand_overs(said: Sequence[Said]) -> list[int]:
    """Return which sentences hand the floor to somebody who asks; "the second one" counts once questions are opened."""
    found = list[int]()
    for at, one in enumerate(said):
        opens = OPENING.search(one.text) or (found and FOLLOWING.search(one.text))
        if opens and not INVITING.search(one.text) and not is_question(one):
            found.append(at)
    return found


def is_question(said: Said) -> bool:
    """Return whether the sentence asks something; recognised text loses its "?", so its first words count too."""
    return said.text.rstrip().endswith("?") or bool(ASKING.search(said.text))


def is_courtesy(said: Said) -> bool:
    """Return whether the sentence only greets, thanks, hands over or invites questions."""
    return bool(COURTESY.search(said.text) or OPENING.search(said.text))


def closing_from(said: Sequence[Said]) -> int:
    """Return the index of the first sentence of the closing, or the number of sentences where there is none."""
    if not said:
        return 0
    late = next(at for at, one in enumerate(said) if one.start >= said[-1].start * 0.85)
    begin = max([late, *hand_overs(said)])
    return next((at for at in range(begin, len(said)) if CLOSING.search(said[at].text)), len(said))
