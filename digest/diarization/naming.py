"""Whose voice it is, by what people say to each other: utterances and announced names in, names for voices out.

Introductions, hand-overs, thanks and self-introductions each count for or against; a name is given only where they
clearly agree, and is a suggestion to the editor where they do not. Only English has phrases yet; in other languages
names are found where they are said alone.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from digest.language.sentences import ends_sentence
from digest.model.speech import Utterance

SURE, DOUBTFUL = 2.0, 1.0  # points for a name, and for a suggestion
CLEAR = 1.0  # points by which a name must be ahead of the next one
ALIKE = 0.8  # of letters in order, from which a misheard name is held for an announced one
LOOSELY = 0.5  # the same where the first name or the consonants agree
MIN_LETTERS = 4  # letters of a name that may be misheard; shorter ones must be right
EDGE = 45  # words at the end of an utterance in which the floor is handed over
GREETING = 12  # words at its beginning that answer whoever spoke before
FAR = 120.0  # seconds over which an introduction still holds

SELF = re.compile(r"\b(?:my name(?:'s| is)|i'm|i am|this is)$", re.IGNORECASE)
OVER = re.compile(
    r"over to|floor is yours|unmute|question (?:is|comes|goes|came)?|(?:first|second|third|next|last)(?: one)? is from"
    r"|is from|comes from|go ahead|please|welcome|can you hear|back to|can you see|what do you|your turn|hand over"
    r"|join(?:s|ed)? us|take it away|pleased|our guest|with me|guest|speaker|on the line|telephone",
    re.IGNORECASE,
)
THANKS = re.compile(
    r"\b(?:thank you|thanks|hello|hi|yes|good question|great question|brilliant|question)\b", re.IGNORECASE
)


@dataclass(frozen=True)
class VoiceName:
    """A name for a voice; `points` how much was said for it."""

    name: str
    points: float
    is_sure: bool


def names(spoken: Sequence[Utterance], people: Sequence[str]) -> dict[str, VoiceName]:
    """Return the names of voices as far as they are known; two voices may have one name: they are one person."""
    points: dict[tuple[str, str], float] = defaultdict(float)
    for at, utterance in enumerate(spoken):
        for name, value, voice in _hints(spoken, at, utterance, people):
            points[voice, name] += value
    return dict(_choose_names(points, {utterance.speaker for utterance in spoken}, people))


def _hints(
    spoken: Sequence[Utterance], at: int, utterance: Utterance, people: Sequence[str]
) -> Iterator[tuple[str, float, str]]:
    """Yield (name, points, voice) for every name in an utterance."""
    texts = [word.text for word in utterance.words]
    before = spoken[at - 1] if at else None
    after = spoken[at + 1] if at + 1 < len(spoken) else None
    for place, length, name in mentions(texts, people):
        lead, rest = " ".join(texts[max(0, place - 8) : place]), len(texts) - place - length
        if SELF.search(_plain(lead)) and not re.match(
            r"from .*(?:and|question)", " ".join(texts[place + length :][:3])
        ):
            yield name, 3.0, utterance.speaker
            continue
        yield name, -1.5, utterance.speaker  # people do not call themselves
        near = _sentence(texts, place, length)
        if rest <= EDGE and after and after.start - utterance.end < FAR and OVER.search(near):
            yield name, 2.0 if rest <= GREETING else 1.5, after.speaker
        elif rest <= 3 and after and utterance.words[-1].text.endswith("?"):  # noqa: PLR2004
            yield name, 1.0, after.speaker
        if place <= GREETING and before and THANKS.search(" ".join(texts[: place + length])):
            yield name, 1.0, before.speaker


def _sentence(texts: Sequence[str], place: int, length: int) -> str:
    """Return the sentence in which a name stands; a name that ends or is one goes with its neighbour."""
    begin = next((at + 1 for at in range(place - 1, -1, -1) if ends_sentence(texts[at])), 0)
    end = next((at + 1 for at in range(place + length - 1, len(texts)) if ends_sentence(texts[at])), len(texts))
    if end - begin <= length:
        begin = next((at + 1 for at in range(begin - 2, -1, -1) if ends_sentence(texts[at])), 0)
    return " ".join(texts[begin:end])


def _choose_names(
    points: dict[tuple[str, str], float], voices: set[str], people: Sequence[str]
) -> Iterator[tuple[str, VoiceName]]:
    """Yield the names that are clearly ahead for their voice; of two for one voice the better."""
    for voice in sorted(voices):
        ranked = sorted(((points[voice, name], name) for name in people), reverse=True)
        if not ranked or ranked[0][0] < DOUBTFUL:
            continue
        best, name = ranked[0]
        second = ranked[1][0] if len(ranked) > 1 else 0.0
        yield voice, VoiceName(name, best, is_sure=best >= SURE and best - max(second, 0.0) >= CLEAR)


def mentions(texts: Sequence[str], people: Sequence[str]) -> Iterator[tuple[int, int, str]]:
    """Yield (place, words, name) for each name in a list of words: whole, or the part that only one person has."""
    plain = [_plain(text) for text in texts]
    parts = {name: [_plain(part) for part in name.split()] for name in people}
    at = 0
    while at < len(plain):
        found = [(length, name) for name, own in parts.items() if (length := _length(plain, at, own, texts))]
        longest = max((length for length, _ in found), default=0)
        named = {name for length, name in found if length == longest}
        if len(named) == 1:
            yield at, longest, named.pop()
        at += max(1, longest)


def _length(plain: Sequence[str], at: int, own: Sequence[str], texts: Sequence[str]) -> int:
    """Return how many words from a place on are a person's name; a single one must be a first or last name.

    A name with a hyphen is often heard as two words: "May Ling".
    """
    if not (texts[at][:1].isupper() and len(plain[at]) > 1):
        return 0
    for length in (2, 1) if "-" in own[0] else (1,):
        if not _is_alike("".join(plain[at : at + length]), own[0].replace("-", "")):
            continue
        following = plain[at + length] if at + length < len(plain) else ""
        return length + (len(own) > 1 and _is_alike(following, own[-1], loose=True))
    return 1 if len(own) > 1 and _is_alike(plain[at], own[-1]) else 0


def _is_alike(heard: str, name: str, *, loose: bool = False) -> bool:
    """Return whether a word may be a name misheard: nearly the same letters, or the same but for its vowels."""
    if heard == name:
        return True
    if min(len(heard), len(name)) < MIN_LETTERS:
        return False
    shared = SequenceMatcher(None, heard, name).ratio()
    same_sound = _skeleton(heard) == _skeleton(name) and len(_skeleton(name)) >= MIN_LETTERS - 1
    return shared >= (LOOSELY if loose else ALIKE) or (same_sound and shared >= LOOSELY)


def _skeleton(text: str) -> str:
    return re.sub(r"[^\w]|[aeiouy]", "", text)


def _plain(text: str) -> str:
    """Return a word without case, accents and punctuation around it; a possessive is gone."""
    letters = unicodedata.normalize("NFKD", text.casefold().replace("ł", "l").replace("’", "'"))
    bare = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return re.sub(r"^[^\w]+|[^\w]+$", "", re.sub(r"'s\b(?=[^\w]*$)", "", bare))
