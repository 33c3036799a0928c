"""What was said by whom, with the slides beside it, as every small model of this room is given it."""

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import takewhile, zip_longest

import numpy as np

from digest.language.closed_classes import Language
from digest.language.languages import get_language
from digest.language.sentences import SpokenSentence, goes_on, sentences
from digest.learned.trees import Floats
from digest.model.alignment import Alignment
from digest.model.deck import Deck, Slide
from digest.model.event import Event
from digest.model.speech import Speakers, Transcript, utterances

WORD = re.compile(r"[^\W_]+")
OFTEN = 0.25  # of all turns: who has so many, and short ones, leads
SHORT_TURN = 60  # words of a turn, on average
SHORT_WORD = 2  # letters of a word that carries nothing, if it is no number
LONGEST_SENTENCE = 110  # words of a sentence that is printed whole or not at all
SELDOM = 0.06  # of all words: whoever says less came to ask


@dataclass(frozen=True)
class Conversation:
    """A webinar in sentences. Everything goes by their places in `said`: arrays have one entry for each, in order.

    Nobody is told who leads, presents or came to ask: `leads` and `audience` are guesses from how much and how often
    each voice speaks.
    """

    said: tuple[SpokenSentence, ...]
    deck: Deck
    alignment: Alignment
    event: Event | None = None

    @cached_property
    def language(self) -> Language:
        """Return the closed word classes of its language."""
        return get_language(self.said[0].language if self.said else "en")

    @cached_property
    def duration(self) -> float:
        """Return how long the recording is, in seconds."""
        return self.alignment.intervals[-1].end

    @cached_property
    def starts(self) -> Floats:
        """Return when each begins, in seconds."""
        return np.array([one.start for one in self.said])

    @cached_property
    def ends(self) -> Floats:
        """Return when each ends, in seconds."""
        return np.array([one.end for one in self.said])

    @cached_property
    def lengths(self) -> Floats:
        """Return how many words each has."""
        return np.array([float(len(one.words)) for one in self.said])

    @cached_property
    def texts(self) -> tuple[str, ...]:
        """Return each as it is written."""
        return tuple(one.text for one in self.said)

    @cached_property
    def tokens(self) -> tuple[tuple[str, ...], ...]:
        """Return the words of each in small letters, without signs; those with an apostrophe or a hyphen whole."""
        return tuple(
            tuple(re.findall(r"[^\W_]+(?:['’-][^\W_]+)*", text.lower().replace("’", "'"))) for text in self.texts
        )

    @cached_property
    def content(self) -> tuple[Counter[str], ...]:
        """Return the words of each that carry meaning, in small letters, with how often they stand there."""
        return tuple(Counter(content_words(text, self.language)) for text in self.texts)

    @cached_property
    def asks(self) -> Floats:
        """Return 1 where a sentence has a question mark."""
        return np.array([float("?" in text) for text in self.texts])

    @cached_property
    def voices(self) -> tuple[str, ...]:
        """Return whose each is."""
        return tuple(one.speaker for one in self.said)

    @cached_property
    def turns(self) -> tuple[int, ...]:
        """Return to which turn each belongs, from 0 on."""
        found, turn = list[int](), 0
        for at, voice in enumerate(self.voices):
            turn += at > 0 and voice != self.voices[at - 1]
            found.append(turn)
        return tuple(found)

    @cached_property
    def parts(self) -> frozenset[int]:
        """Return the places at which a sentence goes on that was cut because it is long: half of one says half.

        One that no full stop ends, or that is longer than anything printed, is told in parts: whoever speaks so would
        not be heard.
        """
        found, begin = set[int](), 0
        for at, (text, following) in enumerate(zip_longest(self.texts, self.texts[1:], fillvalue="")):
            is_over = not goes_on(text, following)
            if is_over and self.lengths[begin : at + 1].sum() <= LONGEST_SENTENCE:
                found.update(range(begin + 1, at + 1))
            if is_over or self.turns[at : at + 1] != self.turns[at + 1 : at + 2]:
                begin = at + 1
        return frozenset(found)

    def whole(self, places: Collection[int]) -> tuple[int, ...]:
        """Return places with those of the other parts of their sentences, in order."""
        found = set(places)
        for at in places:
            found.update(takewhile(lambda one: one + 1 in self.parts, range(at - 1, -1, -1)))
            found.update(takewhile(lambda one: one in self.parts, range(at + 1, len(self.said))))
        return tuple(sorted(found))

    @cached_property
    def turn_places(self) -> tuple[range, ...]:
        """Return the places of each turn's sentences."""
        return tuple(
            range(bisect_left(self.turns, turn), bisect_right(self.turns, turn))
            for turn in range(self.turns[-1] + 1 if self.turns else 0)
        )

    @cached_property
    def shares(self) -> dict[str, float]:
        """Return each voice's share of the words."""
        words = Counter[str]()
        for one in self.said:
            words[one.speaker] += len(one.words)
        return {voice: count / words.total() for voice, count in words.items()}

    @cached_property
    def turn_shares(self) -> dict[str, float]:
        """Return each voice's share of the turns."""
        turns = Counter(self.voices[places.start] for places in self.turn_places)
        return {voice: count / turns.total() for voice, count in turns.items()}

    @cached_property
    def leads(self) -> frozenset[str]:
        """Return who seems to lead: who speaks first, and who speaks often and briefly."""
        words, turns = float(self.lengths.sum()), len(self.turn_places)
        return frozenset(
            voice
            for voice, share in self.turn_shares.items()
            if voice == self.voices[0] or (share >= OFTEN and self.shares[voice] * words / (share * turns) < SHORT_TURN)
        )

    @cached_property
    def audience(self) -> frozenset[str]:
        """Return who seems to have come to ask: who does not lead and says little."""
        return frozenset(voice for voice, share in self.shares.items() if share < SELDOM and voice not in self.leads)

    @cached_property
    def slides(self) -> tuple[Slide | None, ...]:
        """Return the slide that was on at each."""
        deck = {slide.number: slide for slide in self.deck.slides}
        begins = [interval.start for interval in self.alignment.intervals]
        shown = [interval.slide for interval in self.alignment.intervals]
        return tuple(deck.get(shown[max(0, bisect_right(begins, one.start) - 1)] or -1) for one in self.said)

    def place_at(self, start: float) -> int:
        """Return the place of the first sentence that begins at a second or after it."""
        return int(np.searchsorted(self.starts, start))


def conversation(
    transcript: Transcript, speakers: Speakers, deck: Deck, alignment: Alignment, event: Event | None = None
) -> Conversation:
    """Return what was said as the models are given it."""
    said = sentences(utterances(transcript, speakers), transcript.language)
    return Conversation(said, deck, alignment, event)


def content_words(text: str, language: Language) -> list[str]:
    """Return the words of a text that carry meaning, in small letters: no function words, none of two letters."""
    words = WORD.findall(text.lower())
    return [
        word for word in words if (len(word) > SHORT_WORD or word.isdigit()) and word not in language.function_words
    ]


def words_of_slide(slide: Slide, language: Language) -> frozenset[str]:
    """Return the words of a slide's title and lines that carry meaning."""
    return frozenset(content_words(" ".join((slide.title or "", *(line.text for line in slide.body))), language))


def share_of(words: Sequence[str], among: frozenset[str]) -> float:
    """Return which share of some words is among others; 0 for no words."""
    return sum(word in among for word in words) / len(words) if words else 0.0


def shift(values: Floats, by: int) -> Floats:
    """Return for each place the value `by` places before (after, where negative), 0 beyond the ends."""
    moved = np.zeros(len(values))
    if abs(by) < len(values):
        moved[max(0, by) : len(values) + min(0, by)] = values[max(0, -by) : len(values) - max(0, by)]
    return moved
