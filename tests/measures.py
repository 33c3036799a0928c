"""How good a result is, measured as the field does."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from whisper.normalizers import EnglishTextNormalizer

from digest.model.speech import Transcript


def errors_and_words(said: str, true: str) -> tuple[int, int]:
    """Return the word errors (substituted, left out, put in) and the number of true words.

    Both texts go through openai-whisper's English normaliser, as in the Whisper paper.
    """
    normalised = EnglishTextNormalizer()
    found, wanted = normalised(said).split(), normalised(true).split()
    return _distance(found, wanted), len(wanted)


def word_error_rate(transcript: Transcript, truth: dict[str, Any], *, end: float = float("inf")) -> float:
    """Return the word error rate of a transcript against the truth, up to a second."""
    said = " ".join(word.text for word in transcript.words())
    true = " ".join(utterance["text"] for utterance in truth["utterances"] if utterance["end"] <= end)
    errors, words = errors_and_words(said, true)
    return errors / words


def _distance(found: Sequence[str], wanted: Sequence[str]) -> int:
    """Return Levenshtein's distance, a row at a time."""
    row = np.arange(len(wanted) + 1)
    for at, word in enumerate(found, start=1):
        costs = np.array([word != true for true in wanted], dtype=int)
        best = np.minimum(row[1:] + 1, row[:-1] + costs)
        row[0] = at
        following = np.concatenate(([at], best))
        offsets = np.arange(len(following))
        row = np.minimum.accumulate(following - offsets) + offsets
    return int(row[-1])
