"""What was said as evidence for slides: words and slides in, SpeechEvidence out."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from digest.alignment.likeness import WEIGHTS, Weights, likeness
from digest.language.sentences import ends_sentence
from digest.model.deck import Slide
from digest.model.speech import Word, text_of

MAX_STRETCH = 12.0  # seconds of a stretch: recognised text may have no full stop for minutes
BREATH = 0.5  # seconds of silence at which a stretch ends
MIN_STRETCH = 3.0  # seconds of a stretch that a breath may end
SHARPNESS = 14.0  # nats that a likeness of 1 is worth

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class SpeechEvidence:
    """Stretches of speech: `starts` and `ends` (seconds), `pauses` before each, `nats` (stretches, slides)."""

    starts: Floats
    ends: Floats
    pauses: Floats
    nats: Floats


def speech_evidence(
    words: Sequence[Word], slides: Sequence[Slide], weights: Weights = WEIGHTS, sharpness: float = SHARPNESS
) -> SpeechEvidence:
    """Return how much each stretch of speech speaks for each slide; at least one slide."""
    parts = tuple(stretches(words))
    if not parts:
        return SpeechEvidence(np.zeros(0), np.zeros(0), np.zeros(0), np.zeros((0, len(slides))))
    starts = np.array([part[0].start for part in parts])
    ends = np.array([part[-1].end for part in parts])
    pauses = np.maximum(starts - np.concatenate((starts[:1], ends[:-1])), 0.0)
    scores = likeness([text_of(part) for part in parts], slides, weights)
    return SpeechEvidence(starts, ends, pauses, sharpness * scores)


def stretches(words: Sequence[Word]) -> Iterator[Sequence[Word]]:
    """Yield what was said, a sentence at a time; a long or breathless one in parts."""
    begin = 0
    for at in range(1, len(words) + 1):
        length = words[at - 1].end - words[begin].start
        ends = at == len(words) or ends_sentence(words[at - 1].text) or length >= MAX_STRETCH
        if ends or (length >= MIN_STRETCH and words[at].start - words[at - 1].end >= BREATH):
            yield words[begin:at]
            begin = at
