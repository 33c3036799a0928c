"""Tells text that was not said: what Whisper repeats, invents or leaves out."""

import re
import zlib
from collections.abc import Iterator, Sequence
from statistics import median

from digest.model.artifact import Span
from digest.model.speech import Word

# openai-whisper's own threshold (transcribe.py) for text that repeats itself.
COMPRESSION = 2.4
LOG_PROBABILITY = -0.7  # mean of the tokens; below it the model does not believe its own text
MAX_PACE = 30.0  # characters a second; nobody speaks faster
MIN_PACE = 8.0  # characters a second of voice; Whisper stops early now and then
SHARE = 0.6  # of the recording's own pace; told names, it skipped half a window at 0.55
TIMES = 4  # that a phrase comes on end: nobody says one so often
WORD_TIMES = 8  # that a single word does; "no, no, no, no" is said
MAX_PHRASE = 12  # words


def min_pace(paces: Sequence[float]) -> float:
    """Return the characters a second of voice below which something was left out, given those of all windows."""
    return max(MIN_PACE, SHARE * median(paces)) if paces else MIN_PACE


def is_doubtful(text: str, log_probability: float, voice: float, min_pace: float = MIN_PACE) -> bool:
    """Return whether a text repeats itself, is not believed in, or cannot be what was said in `voice` seconds."""
    return (
        compression(text) > COMPRESSION
        or log_probability < LOG_PROBABILITY
        or not min_pace <= len(text) / voice <= MAX_PACE
    )


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
    voice = sum(max(0.0, min(end, span.end) - max(begin, span.start)) for span in voiced)
    spoken = sum(len(words[at].text) + 1 for at in run)
    return len(run) // length + 1 < TIMES and spoken <= MAX_PACE * voice
