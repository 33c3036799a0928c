"""A person's captions in place of what a recogniser heard: its words and the cues in, the captions' words out.

Captions come late, early and with other words, so they are laid along the recognised words by their text, and take
their times: a word that both have has the recogniser's, others share the time between.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from statistics import median
from typing import NamedTuple

from digest.model.companions import CompanionCue
from digest.model.speech import Word
from digest.transcription.text_alignment import matched, token

LEAST_MATCHED = 0.5  # share of the shorter one's words that both have, where they tell the same
LONGEST_HOLE = 10.0  # seconds of recognised words that captions may leave out; beyond, they were not captioned
FASTEST = 30.0  # characters a second; nobody speaks faster
SOUND = re.compile(r"\[[^\]…]{1,80}\]|\((?:[A-Z][A-Z ]+|applause|inaudible|laughter|music)\)|[♪♫]+")  # [applause]


class _Told(NamedTuple):
    """A word of a caption, and when it is said if people speak evenly while the caption stands."""

    text: str
    start: float
    end: float


def captioned(heard: Sequence[Word], cues: Sequence[CompanionCue], *, until: float) -> tuple[Word, ...] | None:
    """Return the words as captions have them, in order, up to a second; None where these tell something else.

    What captions leave out for long stays as it was heard; shorter than that, it was left out on purpose.
    """
    told = [word for cue in cues for word in _words(cue)]
    pairs = matched([token(word.text) for word in heard], [token(word.text) for word in told])
    if len(pairs) < LEAST_MATCHED * min(len(heard), len(told)) or not pairs:
        return None
    late = median(heard[a].start - told[b].start for a, b in pairs)
    told = [word._replace(start=word.start + late, end=word.end + late) for word in told]
    found = list[Word]()
    for (a, b), (c, d) in pairwise([(-1, -1), *pairs, (len(heard), len(told))]):
        if a >= 0:
            found.append(_word(told[b].text, heard[a].start, heard[a].end))
        free = (heard[a].end if a >= 0 else 0.0, heard[c].start if c < len(heard) else until)
        there = [word for word in told[b + 1 : d] if 0 <= word.start < until]  # captions of a longer recording
        found += _between(heard[a + 1 : c], there, *free)
    return tuple(found)


def _between(heard: Sequence[Word], told: Sequence[_Told], after: float, before: float) -> Iterator[Word]:
    """Yield the words of captions between two that were heard too, in the time of what was heard in their place."""
    if not told:
        yield from heard if heard and heard[-1].end - heard[0].start >= LONGEST_HOLE else ()
        return
    letters = sum(len(word.text) for word in told)
    least = letters / FASTEST
    if heard and heard[-1].end - heard[0].start >= least:
        start, end = heard[0].start, heard[-1].end
    else:
        start = max(after, min(told[0].start, before - least))
        end = min(before, max(told[-1].end, start + least))
    at = start
    for word in told:
        until = at + (end - start) * len(word.text) / letters
        yield _word(word.text, at, until)
        at = until


def _word(text: str, start: float, end: float) -> Word:
    return Word(text=text, start=round(start, 3), end=round(end, 3), probability=1.0)


def _words(cue: CompanionCue) -> Iterator[_Told]:
    """Yield the words of a caption without what was not said: sounds in brackets, a dash before who speaks."""
    texts = list[str]()
    for text in SOUND.sub(" ", cue.text).split():
        if token(text):
            texts.append(text)
        elif texts and text in "–—…":
            texts[-1] += text
    letters, at = sum(map(len, texts)), cue.start
    for text in texts:
        until = at + (cue.end - cue.start) * len(text) / letters
        yield _Told(text, at, until)
        at = until
