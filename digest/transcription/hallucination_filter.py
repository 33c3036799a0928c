"""Tells text that was not said: what Whisper repeats, invents or leaves out."""

import re
import zlib
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from itertools import zip_longest
from statistics import median

from digest.model.artifact import Span
from digest.model.speech import Word
from digest.text.scripts import width

# openai-whisper's own threshold (transcribe.py) for text that repeats itself.
COMPRESSION = 2.4
LOG_PROBABILITY = -0.7  # mean of the tokens; below it the model does not believe its own text
MAX_PACE = 30.0  # characters a second; nobody speaks faster
MIN_PACE = 8.0  # characters a second of voice; Whisper stops early now and then
SHARE = 0.6  # of the recording's own pace; told names, it skipped half a window at 0.55
TIMES = 4  # that a phrase comes on end: nobody says one so often
WORD_TIMES = 8  # that a single word does; "no, no, no, no" is said
MAX_PHRASE = 12  # words
# A word that lasts longer hides what was not understood: of 3,768 words on five gold sounds one does, and 20 are lost.
LONGEST, LONGEST_LETTER = 2.0, 0.35  # seconds, and a letter or digit: an address is spelt out
MISSED = 2.0  # seconds of voice without a word; there is nowhere more than 0.9 on those sounds


def min_pace(paces: Sequence[float]) -> float:
    """Return the characters a second of voice below which something was left out, given those of all windows."""
    return max(MIN_PACE, SHARE * median(paces)) if paces else MIN_PACE


def pace(text: str, voice: float) -> float:
    """Return the letters a second of voice; an East Asian one says as much as several."""
    return width(text, "") / voice


def is_doubtful(text: str, log_probability: float, voice: float, min_pace: float = MIN_PACE) -> bool:
    """Return whether a text repeats itself, is not believed in, or cannot be what was said in `voice` seconds."""
    return (
        compression(text) > COMPRESSION
        or log_probability < LOG_PROBABILITY
        or not min_pace <= pace(text, voice) <= MAX_PACE
    )


def lasts_too_long(word: Word) -> bool:
    """Return whether nobody takes so long for a word."""
    return word.end - word.start > max(LONGEST, LONGEST_LETTER * len(word.text))


def missing_words(words: Sequence[Word], voiced: Sequence[Span]) -> Iterator[Span]:
    """Yield where somebody speaks and no words are: under a word that lasts too long, or between two; in order."""
    for word, following in zip_longest(words, words[1:]):
        if lasts_too_long(word):
            yield Span(start=word.start, end=word.end)
        elif following and _seconds_of_voice(word.end, following.start, voiced) > MISSED:
            yield Span(start=word.end, end=following.start)


def _seconds_of_voice(start: float, end: float, voiced: Sequence[Span]) -> float:
    first = max(0, bisect_right(voiced, start, key=lambda span: span.start) - 1)
    last = bisect_left(voiced, end, key=lambda span: span.start)
    return sum(max(0.0, min(end, span.end) - max(start, span.start)) for span in voiced[first:last])


def compression(text: str) -> float:
    """Return how far a text can be compressed: openai-whisper's sign of one that repeats itself."""
    data = text.encode()
    return len(data) / len(zlib.compress(data)) if data else 0.0


def worth(text: str) -> int:
    """Return how much was understood: words that do not repeat each other."""
    return len(zlib.compress(text.encode()))


def without_loops(words: Sequence[Word], voiced: Sequence[Span]) -> tuple[Word, ...]:
    """Return the words with a phrase that follows itself but was not said again kept once, as it was first said."""
    plain = [re.sub(r"\W", "", word.text).lower() for word in words]
    dropped = {at for length, run in _repeats(plain) if not _is_said_again(words, length, run, voiced) for at in run}
    return tuple(word for at, word in enumerate(words) if at not in dropped)


def _repeats(plain: Sequence[str]) -> Iterator[tuple[int, range]]:
    """Yield how many words a phrase has that follows itself, and the indexes of its repeats after the first time."""
    at = 0
    while at < len(plain):
        for length in range(1, MAX_PHRASE + 1):
            phrase, times = plain[at : at + length], 1
            while plain[at + times * length : at + (times + 1) * length] == phrase:
                times += 1
            if times > 1 and len(phrase) == length:
                yield length, range(at + length, at + times * length)
                at += times * length - 1
                break
        at += 1


def _is_said_again(words: Sequence[Word], length: int, run: range, voiced: Sequence[Span]) -> bool:
    """Return whether a phrase of so many words came again as often: not too often, and with voice enough behind it.

    A single word's own time is too rough to judge it by.
    """
    if length == 1:
        return len(run) + 1 < WORD_TIMES
    begin, end = words[run.start - 1].end, words[run.stop - 1].end
    voice = _seconds_of_voice(begin, end, voiced)
    spoken = sum(len(words[at].text) + 1 for at in run)
    return len(run) // length + 1 < TIMES and spoken <= MAX_PACE * voice
