"""Tells text that was not said: what Whisper repeats, invents or leaves out."""

import re
import zlib
from collections.abc import Iterator, Sequence

from digest.model.speech import Word

# openai-whisper's own threshold (transcribe.py) for text that repeats itself.
COMPRESSION = 2.4
LOG_PROBABILITY = -0.7  # mean of the tokens; below it the model does not believe its own text
FASTEST = 30.0  # characters a second; nobody speaks faster
SLOWEST = 8.0  # characters a second of voice; Whisper stops early now and then
TIMES = 4  # that a phrase may follow itself before it is a loop
LONGEST_PHRASE = 12  # words


def is_doubtful(text: str, log_probability: float, voice: float) -> bool:
    """Return whether a text repeats itself, is not believed in, or cannot be what was said in `voice` seconds."""
    return (
        compression(text) > COMPRESSION
        or log_probability < LOG_PROBABILITY
        or not SLOWEST <= len(text) / voice <= FASTEST
    )


def compression(text: str) -> float:
    """Return how far a text can be compressed: openai-whisper's sign of one that repeats itself."""
    data = text.encode()
    return len(data) / len(zlib.compress(data)) if data else 0.0


def worth(text: str) -> int:
    """Return how much was understood: words that do not repeat each other."""
    return len(zlib.compress(text.encode()))


def without_loops(words: Sequence[Word]) -> tuple[Word, ...]:
    """Return the words with a phrase that was repeated over and over kept once, as it was first said."""
    plain = [re.sub(r"\W", "", word.text).lower() for word in words]
    dropped = set(_looping(plain))
    return tuple(word for at, word in enumerate(words) if at not in dropped)


def _looping(plain: Sequence[str]) -> Iterator[int]:
    """Yield the indexes of words that only repeat what was just said, the fourth time a phrase comes or more."""
    at = 0
    while at < len(plain):
        for length in range(1, LONGEST_PHRASE + 1):
            phrase, times = plain[at : at + length], 1
            while plain[at + times * length : at + (times + 1) * length] == phrase:
                times += 1
            if times >= TIMES and len(phrase) == length:
                yield from range(at + length, at + times * length)
                at += times * length - 1
                break
        at += 1
