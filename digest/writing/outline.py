"""Chapters, from slides, voices and what is said: Transcript, Speakers, Deck and Alignment in, Outline out."""

import logging
from dataclasses import replace
from itertools import pairwise

from digest.learned.trees import Trees, load_trees
from digest.model.alignment import Alignment
from digest.model.deck import Deck
from digest.model.outline import Chapter, Outline
from digest.model.speech import Speakers, Transcript
from digest.writing.conversation import Conversation, conversation
from digest.writing.titles import chapter_titles
from digest.writing.topic_segmentation import segment
from digest.writing.traps import off_record

log = logging.getLogger(__name__)

VERSION = 6


def outline(
    transcript: Transcript, speakers: Speakers, deck: Deck, alignment: Alignment, *, trees: Trees | None = None
) -> Outline:
    """Return chapters that cover the whole recording, titled in the words of the slides or the speakers."""
    talk = conversation(transcript, speakers, deck, alignment)
    starts = [0.0, *segment(talk, trees or load_trees("chapters"))]
    titles = chapter_titles(_on_the_record(talk), starts)
    log.debug("chapters begin at %s", [round(start, 1) for start in starts])
    return Outline(
        chapters=tuple(
            Chapter(start=start, end=end, title=title)
            for (start, end), title in zip(pairwise([*starts, talk.duration]), titles, strict=True)
        )
    )


def _on_the_record(talk: Conversation) -> Conversation:
    """Return what was said without the remarks that are not for readers: a title is for them."""
    private = off_record(talk)
    said = tuple(one for place, one in enumerate(talk.said) if place not in private)
    return replace(talk, said=said) if private else talk
