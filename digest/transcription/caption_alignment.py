"""A person's captions in place of what a recogniser heard: its words and the cues in, the captions' words out.

Captions come late, early and with other words, so they are laid along the recognised words by their text, and take
their times: a word that both have has the recogniser's, others share the time between.
"""

import logging
import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from statistics import median
from typing import NamedTuple

from digest.language.pieces import small_words
from digest.model.companions import CompanionCue
from digest.model.speech import Word
from digest.text.scripts import TextPiece, is_east_asian, split_pieces
from digest.transcription.hallucination_filter import MAX_PACE
from digest.transcription.text_alignment import match_tokens, token

log = logging.getLogger(__name__)

MIN_MATCHED = 0.5  # share of the shorter one's words that both have, where they tell the same
MAX_HOLE = 10.0  # seconds of recognised words that captions may leave out; beyond, they were not captioned
APPLAUSE = "拍手|笑|笑い|音楽|掌声|笑声|音乐"
SOUND = re.compile(
    rf"\[[^\]…]{{1,80}}\]|\((?:[A-Z][A-Z ]+|applause|inaudible|laughter|music)\)|（(?:{APPLAUSE})）|[♪♫]+"  # [applause]
)


class CaptionWord(NamedTuple):
    """A word of a caption, and when it is said if people speak evenly while the caption stands."""

    text: str
    spaced: bool
    start: float
    end: float


def align_captions(heard: Sequence[Word], cues: Sequence[CompanionCue], *, until: float) -> tuple[Word, ...] | None:
    """Return the words as captions have them, in order, up to a second; None where these tell something else.

    What captions leave out for long stays as it was heard; shorter than that, it was left out on purpose.
    """
    heard = tuple(small_words(heard))
    written = [word for cue in cues for word in _caption_words(cue)]
    pairs = match_tokens([token(word.text) for word in heard], [token(word.text) for word in written])
    log.debug("%d words of captions and %d recognised ones share %d", len(written), len(heard), len(pairs))
    if len(pairs) < MIN_MATCHED * min(len(heard), len(written)) or not pairs:
        return None
    late = median(heard[a].start - written[b].start for a, b in pairs)
    log.debug("the captions are used, moved by %.2f s", late)
    written = [word._replace(start=word.start + late, end=word.end + late) for word in written]
    found = list[Word]()
    for (a, b), (c, d) in pairwise([(-1, -1), *pairs, (len(heard), len(written))]):
        if a >= 0:
            found.append(_word(written[b], heard[a].start, heard[a].end))
        free = (heard[a].end if a >= 0 else 0.0, heard[c].start if c < len(heard) else until)
        there = [word for word in written[b + 1 : d] if 0 <= word.start < until]  # captions of a longer recording
        found += _between(heard[a + 1 : c], there, *free)
    return tuple(found)


def spread_captions(cues: Sequence[CompanionCue], *, until: float) -> tuple[Word, ...]:
    """Return the words of captions as if each were said evenly while its caption stands, in order, up to a second."""
    found, free = list[Word](), 0.0
    for cue in sorted(cues, key=lambda cue: cue.start):
        for word in _caption_words(cue):
            start, end = max(free, word.start), min(word.end, until)
            if start < end:
                found.append(_word(word, start, end))
                free = found[-1].end
    return tuple(found)


def _between(heard: Sequence[Word], written: Sequence[CaptionWord], after: float, before: float) -> Iterator[Word]:
    """Yield the words of captions between two that were heard too, in the time of what was heard in their place."""
    if not written:
        yield from heard if heard and heard[-1].end - heard[0].start >= MAX_HOLE else ()
        return
    letters = sum(len(word.text) for word in written)
    least = letters / MAX_PACE
    if heard and heard[-1].end - heard[0].start >= least:
        start, end = heard[0].start, heard[-1].end
    else:
        start = max(after, min(written[0].start, before - least))
        end = min(before, max(written[-1].end, start + least))
    at = start
    for word in written:
        until = at + (end - start) * len(word.text) / letters
        yield _word(word, at, until)
        at = until


def _word(one: CaptionWord, start: float, end: float) -> Word:
    return Word(text=one.text, start=round(start, 3), end=round(end, 3), probability=1.0, spaced=one.spaced)


def spoken_words(line: str) -> list[TextPiece]:
    """Return the words of a line without what was not said: sounds in brackets, a dash before who speaks."""
    found = list[TextPiece]()
    for piece in split_pieces(SOUND.sub(" ", line)):
        if token(piece.text):
            found.append(piece)
        elif found and piece.text in "–—…":
            found[-1] = found[-1]._replace(text=found[-1].text + piece.text)
    if found and is_east_asian(found[0].text[0]):  # the line before may be of the same sentence
        found[0] = found[0]._replace(spaced=False)
    return found


def _caption_words(cue: CompanionCue) -> Iterator[CaptionWord]:
    """Yield the words of a caption, each when it is said."""
    pieces = spoken_words(cue.text)
    letters, at = sum(len(piece.text) for piece in pieces), cue.start
    for piece in pieces:
        until = at + (cue.end - cue.start) * len(piece.text) / letters
        yield CaptionWord(piece.text, piece.spaced, at, until)
        at = until
