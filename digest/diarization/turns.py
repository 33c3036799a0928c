"""Who spoke when, by sound alone: a Transcript and its sound in, turns of unnamed voices out.

What was measured and what gave nothing stands in the project's benchmarks: windows of two seconds without overlap and
average linkage carry it; overlap, Viterbi and a number of speakers given from outside do not help.
"""

import logging
import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import pairwise

import numpy as np

from digest.diarization.clustering import Labels, Vectors, centroids, cluster, renumber
from digest.language.sentences import ends_sentence
from digest.model.artifact import Span
from digest.model.speech import Transcript, Turn, Word

log = logging.getLogger(__name__)

WINDOW = 2.0  # seconds embedded at once: the threshold belongs to it
APART = 0.6  # mean cosine distance between two voices: the same one stays below 0.45, strangers above 0.7
SURE = 1.0  # seconds from which a stretch decides about voices; shorter ones go to the nearest
PAUSE, LONG_PAUSE = 0.25, 0.6  # seconds without a word that end a stretch, a long one and a short one
SMALL = 4.0  # seconds; a voice heard less is held for the nearest one
MAX_GAP = 1.5  # seconds that one speaker may be silent within a turn
FAINTER = 25.0  # dB below the middling second with words, at which somebody may still be speaking
ALIKE = 0.4  # cosine from which a stretch without words is held for a known voice; applause and music stay below 0.25

Embed = Callable[[Sequence[Span]], Vectors]


def turns(transcript: Transcript, levels: Sequence[float], embed: Embed) -> tuple[Turn, ...]:
    """Return turns of voices "s1", "s2" … in the order of their first words; `levels` are dBFS, one a second."""
    windows = [window for stretch in _stretches(transcript) for window in _windows(stretch)]
    if not windows:
        return ()
    vectors = embed(windows)
    labels = label_windows(windows, vectors)
    wordless = list(_wordless_windows(windows, levels))
    if wordless:
        seconds = np.array([window.end - window.start for window in windows])
        likeness = embed(wordless) @ centroids(vectors, labels, seconds).T
        found = [(wordless[at], int(likeness[at].argmax())) for at in np.flatnonzero(likeness.max(1) >= ALIKE)]
        heard = sorted((*zip(windows, labels.tolist(), strict=True), *found), key=lambda item: item[0].start)
        windows, labels = [window for window, _ in heard], renumber([label for _, label in heard])
    log.debug(
        "%d windows with words and %d without any known by their sound, %d voices",
        len(vectors),
        len(windows) - len(vectors),
        len(set(labels.tolist())),
    )
    heard_turns = (
        Turn(start=window.start, end=window.end, speaker=f"s{label + 1}")
        for window, label in zip(windows, labels, strict=True)
    )
    return tuple(_to_voice(tuple(merge_turns(without_overlap(heard_turns), max_gap=MAX_GAP)), transcript.voiced))


def without_overlap(turns: Iterable[Turn]) -> Iterator[Turn]:
    """Yield turns, in order of their starts, none of which begins before all earlier ones have ended."""
    until = 0.0
    for turn in turns:
        start = max(turn.start, until)
        until = max(turn.end, start)
        yield turn.model_copy(update={"start": start, "end": until})


def merge_turns(turns: Iterable[Turn], *, max_gap: float) -> Iterator[Turn]:
    """Yield turns in order, neighbours of one speaker as one where at most `max_gap` seconds lie between them."""
    last: Turn | None = None
    for turn in turns:
        if last and last.speaker == turn.speaker and turn.start - last.end <= max_gap:
            last = last.model_copy(update={"end": max(last.end, turn.end)})
            continue
        if last:
            yield last
        last = turn
    if last:
        yield last


def label_windows(windows: Sequence[Span], vectors: Vectors) -> Labels:
    """Return the voice of each window, counted from 0 in order of appearance.

    Long windows decide which voices there are; short ones go to the nearest, and so do voices heard too little.
    """
    seconds = np.array([window.end - window.start for window in windows])
    sure = np.flatnonzero((seconds >= SURE) & vectors.any(1))
    if not len(sure):
        return np.zeros(len(windows), np.int64)
    labels = cluster(vectors[sure], apart=APART)
    middle = centroids(vectors[sure], labels, seconds[sure])
    found = (vectors @ middle.T).argmax(1)
    found[sure] = labels
    heard = np.bincount(found, weights=seconds, minlength=len(middle))
    large = heard >= min(SMALL, heard.max())
    nearest = np.where(large, vectors @ middle.T, -1.0).argmax(1)
    return renumber(np.where(large[found], found, nearest))


def _stretches(transcript: Transcript) -> Iterator[Span]:
    """Yield where one voice alone is likely: runs of words without a pause or a full stop, and what no word covers.

    The recogniser misses a word now and then, voice activity a hoarse man: together they miss little.
    """
    runs = list(_runs(list(transcript.words())))
    for at, run in enumerate(runs):
        before = runs[at - 1].end if at else 0.0
        uncovered = [
            Span(start=max(before, voiced.start), end=min(run.start, voiced.end))
            for voiced in transcript.voiced
            if voiced.end > before and voiced.start < run.start
        ]
        yield from (part for part in uncovered if part.end - part.start >= SURE)
        yield run
    last = runs[-1].end if runs else 0.0
    rest = [Span(start=max(last, voiced.start), end=voiced.end) for voiced in transcript.voiced if voiced.end > last]
    yield from (part for part in rest if part.end - part.start >= SURE)


def _runs(words: Sequence[Word]) -> Iterator[Span]:
    """Yield runs of words, cut at full stops and pauses; short ones of a sentence go together over a short pause."""
    begin = 0
    for at, (word, following) in enumerate(pairwise(words), start=1):
        pause = following.start - word.end
        is_long = word.end - words[begin].start >= SURE
        if ends_sentence(word.text) or pause > (PAUSE if is_long else LONG_PAUSE):
            yield Span(start=words[begin].start, end=max(word.end, words[begin].start + 0.01))
            begin = at
    if words:
        yield Span(start=words[begin].start, end=max(words[-1].end, words[begin].start + 0.01))


def _wordless_windows(windows: Sequence[Span], levels: Sequence[float]) -> Iterator[Span]:
    """Yield two-second windows as loud as speech in which neither words nor a voice were found: a hoarse man's."""
    covered = np.zeros(len(levels), bool)
    for window in windows:
        covered[int(window.start) : int(np.ceil(window.end))] = True
    if not covered.any():
        return
    loud = np.array(levels) >= np.median(np.array(levels)[covered]) - FAINTER
    at = 0
    while at + 1 < len(levels):
        if (loud & ~covered)[at : at + 2].all():
            yield Span(start=float(at), end=at + WINDOW)
            at += 1
        at += 1


def _windows(stretch: Span) -> Iterator[Span]:
    """Yield the stretch in equal windows of at most two seconds."""
    length = stretch.end - stretch.start
    parts = max(1, round(length / WINDOW)) if length > WINDOW else 1
    edges = [round(stretch.start + at * length / parts, 3) for at in range(parts + 1)]
    yield from (Span(start=start, end=end) for start, end in pairwise(edges))


def _to_voice(found: Sequence[Turn], voiced: Sequence[Span]) -> Iterator[Turn]:
    """Yield the turns, each out to where the voice at its ends begins and stops: the last word ends early."""
    for at, turn in enumerate(found):
        before = found[at - 1].end if at else 0.0
        after = found[at + 1].start if at + 1 < len(found) else math.inf
        start = max(before, min((v.start for v in voiced if v.start <= turn.start < v.end), default=turn.start))
        end = min(after, max((v.end for v in voiced if v.start < turn.end <= v.end), default=turn.end))
        yield turn.model_copy(update={"start": start, "end": max(start, end)})
