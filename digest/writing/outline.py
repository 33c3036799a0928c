"""Chapters, from slides, voices and what is said: Transcript, Speakers, Deck and Alignment in, Outline out."""

import logging
from itertools import pairwise

from digest.learned.trees import Trees, load_trees
from digest.model.alignment import Alignment
from digest.model.deck import Deck
from digest.model.outline import Chapter, Outline
from digest.model.speech import Speakers, Transcript
from digest.writing.conversation import conversation
from digest.writing.titles import chapter_titles
from digest.writing.topic_segmentation import segment

log = logging.getLogger(__name__)

VERSION = 5


def outline(
    transcript: Transcript, speakers: Speakers, deck: Deck, alignment: Alignment, *, trees: Trees | None = None
) -> Outline:
    """Return chapters that cover the whole recording, titled in the words of the slides or the speakers."""
    talk = conversation(transcript, speakers, deck, alignment)
    starts = [0.0, *segment(talk, trees or load_trees("chapters"))]
    titles = chapter_titles(talk, starts)
    log.debug("chapters begin at %s", [round(start, 1) for start in starts])
    return Outline(
        chapters=tuple(
            Chapter(start=start, end=end, title=title)
            for (start, end), title in zip(pairwise([*starts, talk.duration]), titles, strict=True)
        )
    )
