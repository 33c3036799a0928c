"""The transcript as editors see it, a chapter at a time: a Draft in, its passages out; the words of one they choose."""

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from digest.editing import Draft
from digest.editing.words import span_of, words_between
from digest.errors import NotAllowed
from digest.language.pieces import small_words
from digest.model.artifact import Span
from digest.model.edition import Paragraph
from digest.model.overlay import Correct, Revision
from digest.model.speech import text_of
from digest.text.scripts import split_pieces

NOT_THERE = "These words do not stand together in this passage."


@dataclass(frozen=True)
class TranscriptPart:
    """A chapter of the transcript; `number` counts from 1."""

    number: int
    title: str
    start: float
    end: float


@dataclass(frozen=True)
class SpokenPassage:
    """A paragraph: `key` tells it from all others, `corrected` is the revision that made it other than `machine`."""

    key: str
    span: Span
    voice: str
    called: str
    text: str
    machine: str
    corrected: Revision | None


def parts(draft: Draft) -> tuple[TranscriptPart, ...]:
    """Return the chapters of the transcript; all of it is one where there are none."""
    chapters = draft.edition.digest.chapters
    found = [TranscriptPart(number, one.title, one.start, one.end) for number, one in enumerate(chapters, start=1)]
    return tuple(found) or (TranscriptPart(1, "All of it", 0.0, draft.artifacts.media.duration),)


def passages(draft: Draft, part: TranscriptPart, called: dict[str, str]) -> tuple[SpokenPassage, ...]:
    """Return the paragraphs that begin in a chapter; `called` says what each voice is called."""
    starts = [one.start for one in parts(draft)]
    return tuple(
        _passage(draft, key, one, called)
        for key, one in passages_by_key(draft).items()
        if max(1, bisect_right(starts, one.start)) == part.number  # the first chapter may begin after the first word
    )


def passages_by_key(draft: Draft) -> dict[str, Paragraph]:
    """Return every paragraph by what tells it from all others, in order.

    That is when it begins, or began before somebody corrected it: another first word may begin at another second.
    """
    corrections, found = _corrections(draft), dict[str, Paragraph]()
    for one in draft.edition.paragraphs:
        corrected = _correction_of(one, corrections)
        begins = corrected.change.start if corrected and isinstance(corrected.change, Correct) else one.start
        found[_key(one.start if _key(begins) in found else begins)] = one
    return found


def find_passage(draft: Draft, key: str) -> Paragraph:
    """Return the paragraph of a key. Raises NotAllowed where there is none any more."""
    found = passages_by_key(draft).get(key)
    if found is None:
        raise NotAllowed("This passage begins elsewhere now.", remedy="Look for it below and repeat your change.")
    return found


def stretch_of(paragraph: Paragraph, typed: str) -> Span:
    """Return the seconds of some words of a paragraph, all of it where none are given. Raises NotAllowed for others."""
    words = list(small_words(paragraph.words))
    wanted = [plain for piece in split_pieces(typed) if (plain := _plain(piece.text))]
    said = [_plain(word.text) for word in words]
    count = len(wanted) or len(words)
    starts = [at for at in range(len(words) - count + 1) if not wanted or said[at : at + count] == wanted]
    if not starts:
        raise NotAllowed(NOT_THERE, remedy="Copy them from the passage as they stand.")
    if len(starts) > 1:
        raise NotAllowed("These words stand there more than once.", remedy="Copy one word more before or after them.")
    first, last = words[starts[0]], words[starts[0] + count - 1]
    return Span(start=first.start, end=last.end + 0.001)


def _key(start: float) -> str:
    return f"{round(start * 1000)}"


def _corrections(draft: Draft) -> list[Revision]:
    return [revision for revision in draft.overlay.in_force() if isinstance(revision.change, Correct)]


def _correction_of(one: Paragraph, corrections: Sequence[Revision]) -> Revision | None:
    """Return what corrected a paragraph, or a part of it, None where nobody did."""
    span = span_of(one)
    for revision in corrections:
        change = revision.change
        if isinstance(change, Correct) and change.start < span.end and span.start < change.end:
            return revision
    return None


def _passage(draft: Draft, key: str, one: Paragraph, called: dict[str, str]) -> SpokenPassage:
    span, corrected = span_of(one), _correction_of(one, _corrections(draft))
    return SpokenPassage(
        key=key,
        span=span,
        voice=one.speaker,
        called=called.get(one.speaker, ""),
        text=one.text,
        machine=text_of(words_between(draft.divided, span.start, span.end)) if corrected else one.text,
        corrected=corrected,
    )


def _plain(word: str) -> str:
    return re.sub(r"\W", "", word).casefold()
