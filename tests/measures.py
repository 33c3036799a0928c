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


def diarization_error(
    found: Sequence[tuple[float, float, str]],
    true: Sequence[tuple[float, float, str]],
    *,
    collar: float = 0.25,
) -> tuple[float, float, float]:
    """Return missed, falsely found and confused speech as shares of the true speech (NIST md-eval's error in parts).

    Turns are (start, end, speaker); nothing within `collar` seconds of a true edge counts; voices are matched to
    people so that most agrees. Where two speak at once each counts.
    """
    step = 0.01
    frames = round(max(end for _, end, _ in (*found, *true)) / step) + 1
    scored = np.ones(frames, bool)
    for start, end, _ in true:
        for edge in (start, end):
            scored[max(0, round((edge - collar) / step)) : round((edge + collar) / step)] = False
    ours, theirs = _activity(found, frames, step), _activity(true, frames, step)
    ours, theirs = ours[:, scored], theirs[:, scored]
    agreed = _most_agreed(ours.astype(int) @ theirs.astype(int).T)
    each, wanted = ours.sum(0), theirs.sum(0)
    total = int(wanted.sum())
    missed = int(np.maximum(wanted - each, 0).sum())
    false = int(np.maximum(each - wanted, 0).sum())
    confused = int(np.minimum(wanted, each).sum()) - agreed
    return missed / total, false / total, confused / total


def _activity(turns: Sequence[tuple[float, float, str]], frames: int, step: float) -> "np.ndarray[Any, Any]":
    names = list(dict.fromkeys(name for _, _, name in turns))
    active = np.zeros((len(names), frames), bool)
    for start, end, name in turns:
        active[names.index(name), round(start / step) : round(end / step)] = True
    return active


def _most_agreed(shared: "np.ndarray[Any, Any]") -> int:
    """Return the most frames on which a one-to-one matching of rows and columns agrees."""
    if shared.shape[0] < shared.shape[1]:
        shared = shared.T
    best = {0: 0}  # by the columns used so far
    for row in shared:
        following = dict(best)
        for used, score in best.items():
            for column, value in enumerate(row):
                taken = used | 1 << column
                if taken != used:
                    following[taken] = max(following.get(taken, 0), score + int(value))
        best = following
    return max(best.values())


def words_with_right_speaker(
    found: Sequence[tuple[float, float, str]], true: Sequence[tuple[float, float, str]]
) -> float:
    """Return the share of words (start, end, speaker) that have the right one of the true turns' speakers.

    Voices are matched to people so that most agrees; a word whose middle lies in no true turn does not count.
    """
    pairs = [
        (voice, person)
        for start, end, voice in found
        for begin, until, person in true
        if begin <= (start + end) / 2 < until
    ]
    voices, people = sorted({voice for voice, _ in pairs}), sorted({person for _, person in pairs})
    shared = np.zeros((len(voices), len(people)), int)
    for voice, person in pairs:
        shared[voices.index(voice), people.index(person)] += 1
    return _most_agreed(shared) / len(pairs)
