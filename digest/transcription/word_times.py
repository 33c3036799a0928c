"""When each word was said: the alignment heads' scores, kept while a window was decoded, to seconds.

The method is openai-whisper's (timing.py, find_alignment): attention over time, standardised over the tokens, a median
over 7 frames, the mean of the heads, and dynamic time warping. Its second pass through the decoder is not needed.
"""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numba
import numpy as np
import numpy.typing as npt

from digest.model.artifact import Span
from digest.model.speech import Word
from digest.text.scripts import UNSPACED_LANGUAGES, is_east_asian, may_part
from digest.transcription.windows import Window

if TYPE_CHECKING:
    from torch import Tensor
    from whisper.tokenizer import Tokenizer

FRAME = 0.02  # seconds of an encoded frame
MEDIAN = 7  # frames
LEADING, TRAILING = "\"'“¿([{-", "\"'.。,，!！?？:：”)]}、"  # punctuation that belongs to the next or the last word

Floats = npt.NDArray[np.float32]


class WindowWord(NamedTuple):
    """A word as the tokenizer parts it, with the space before it; seconds from the window's start."""

    text: str
    start: float
    end: float
    probability: float


def find_word_times(
    tokenizer: "Tokenizer", tokens: Sequence[int], probabilities: Floats, followed: "Tensor"
) -> list[WindowWord]:
    """Return the words of a window's text tokens.

    `followed` is (tokens + 1, heads, frames): for each token, and for the end, the scores with which it was chosen.
    """
    is_unspaced = tokenizer.language in UNSPACED_LANGUAGES
    split = tokenizer.split_tokens_on_unicode if is_unspaced else tokenizer.split_tokens_on_spaces
    texts, parts = split([*tokens, tokenizer.eot])
    if len(parts) <= 1:
        return []
    begins = _starts(_cost(followed)) * FRAME
    bounds = np.cumsum([0, *map(len, parts[:-1])])
    words = [
        WindowWord(text, float(begins[one]), float(begins[two]), float(np.mean(probabilities[one:two])))
        for text, one, two in zip(texts[:-1], bounds[:-1], bounds[1:], strict=True)
    ]
    return _join_letters(words) if is_unspaced else _join_punctuation(_join_by_spaces(words))


def _cost(followed: "Tensor") -> Floats:
    """Return how badly each frame fits each token (tokens + 1, frames)."""
    import torch

    weights = torch.softmax(followed.float(), -1)
    weights -= weights.mean(0)
    weights /= weights.square().mean(0).sqrt_().clamp_min_(1e-8)
    if weights.shape[-1] <= MEDIAN // 2:
        return np.asarray(-weights.mean(1).numpy())
    sides = torch.nn.functional.pad(weights, (MEDIAN // 2, MEDIAN // 2), mode="reflect")
    return np.asarray(-_median_sum(sides.numpy()) / followed.shape[1])


@numba.njit(cache=True, nogil=True)
def _median_sum(weights: Any) -> Any:
    """Return the sum over the heads of weights (tokens, heads, frames + 6), each the median of 7 frames.

    By exchanges (Devillard's opt_med7), not by sorting: so the compiler makes vector instructions of the loop.
    """
    tokens, heads, frames = weights.shape
    total = np.zeros((tokens, frames - 6), np.float32)
    for token in range(tokens):
        for head in range(heads):
            row = weights[token, head]
            for at in range(frames - 6):
                a, b, c, d = row[at], row[at + 1], row[at + 2], row[at + 3]
                e, f, g = row[at + 4], row[at + 5], row[at + 6]
                a, f = min(a, f), max(a, f)
                a, d = min(a, d), max(a, d)
                b, g = min(b, g), max(b, g)
                c, e = min(c, e), max(c, e)
                a, b = min(a, b), max(a, b)
                d, f = min(d, f), max(d, f)
                c, g = min(c, g), max(c, g)
                c, d = min(c, d), max(c, d)
                d, g = min(d, g), max(d, g)
                e, f = min(e, f), max(e, f)
                b, e = min(b, e), max(b, e)
                b, d = min(b, d), max(b, d)
                d, e = min(d, e), max(d, e)
                total[token, at] += d
    return total


@numba.njit(cache=True, nogil=True)
def _starts(cost: Any) -> Any:
    """Return the first frame of each token on the cheapest way through cost (tokens, frames), never backwards."""
    tokens, frames = cost.shape
    total = np.full((tokens + 1, frames + 1), np.inf, np.float32)
    total[0, 0] = 0
    for j in range(frames):
        for i in range(tokens):
            total[i + 1, j + 1] = cost[i, j] + min(total[i, j], total[i, j + 1], total[i + 1, j])
    starts = np.zeros(tokens, np.int64)
    i, j = tokens, frames
    while i > 0 and j > 0:
        starts[i - 1] = j - 1
        across, up, back = total[i - 1, j - 1], total[i - 1, j], total[i, j - 1]
        if across < up and across < back:
            i, j = i - 1, j - 1
        elif up < across and up < back:
            i -= 1
        else:
            j -= 1
    return starts


def _join_by_spaces(words: Sequence[WindowWord]) -> list[WindowWord]:
    """Return the words as they are written: the tokenizer parts "bye-bye" and "example.org" at their punctuation."""
    joined: list[WindowWord] = []
    for word in words:
        if joined and not word.text.startswith(" ") and word.text not in TRAILING:
            joined[-1] = _join(joined[-1], word)
        else:
            joined.append(word)
    return joined


def _join_letters(words: Sequence[WindowWord]) -> list[WindowWord]:
    """Return the words of a script without spaces as they can be parted: Latin ones among them whole."""
    joined: list[WindowWord] = []
    for word in words:
        before = joined[-1].text if joined else ""
        if before.strip() and word.text[:1].strip() and not may_part(before[-1], word.text[0]):
            joined[-1] = _join(joined[-1], word)
        elif joined and not before.strip():  # a token of nothing but space
            joined[-1] = word._replace(text=before + word.text)
        else:
            joined.append(word)
    return joined


def _join(before: WindowWord, word: WindowWord) -> WindowWord:
    return WindowWord(before.text + word.text, before.start, word.end, min(before.probability, word.probability))


def _join_punctuation(words: Sequence[WindowWord]) -> list[WindowWord]:
    """Return the words with the punctuation that stands by itself joined to the word it belongs to."""
    joined: list[WindowWord] = []
    opening = ""
    for word in words:
        text = opening + word.text
        opening = ""
        if word.text.startswith(" ") and word.text.strip() in LEADING:
            opening = text
        elif joined and word.text in TRAILING:
            joined[-1] = joined[-1]._replace(text=joined[-1].text + text)
        else:
            joined.append(word._replace(text=text))
    if opening and joined:
        joined[-1] = joined[-1]._replace(text=joined[-1].text + opening)
    return joined


def place_words(words: Sequence[WindowWord], window: Window) -> Iterator[Word]:
    """Yield the words in seconds of the recording, in order, inside the window, their edges where the voice is."""
    first, last = window.pieces[0].start, window.pieces[-1].end
    before = ""
    for word in words:
        if text := word.text.strip():
            begins, ends = _cut_to_voice(*window.in_recording(word.start, word.end), window.voiced)
            begins = min(max(begins, first), last)
            first = min(max(ends, begins), last)
            is_bound = may_part(before, text[0]) if before else is_east_asian(text[0])
            yield Word(
                text=text, start=round(begins, 3), end=round(first, 3), probability=round(word.probability, 3),
                spaced=word.text.startswith(" ") or not is_bound,
            )  # fmt: skip
            before = word.text[-1]


def _cut_to_voice(start: float, end: float, voiced: Sequence[Span]) -> tuple[float, float]:
    """Return a word's time cut down to the voiced region that holds most of it; as it was where none does."""
    shared = [min(end, span.end) - max(start, span.start) for span in voiced]
    most = max(range(len(voiced)), key=lambda at: shared[at])
    if shared[most] <= 0:
        return start, end
    return max(start, voiced[most].start), min(end, voiced[most].end)
