"""A transcript that was corrected elsewhere, laid along ours: a draft and its lines in, where they differ out.

What is taken over is a correction of the passage like any other: all of it one group, and one undo.
"""

import hashlib
import math
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from pydantic import AwareDatetime, ValidationError

from digest.editing.draft import Draft
from digest.editing.history import WordChange, word_changes
from digest.editing.overlay import correction, record
from digest.editing.words import span_of
from digest.errors import NotAllowed, Stale
from digest.intake.corrected_transcript import CorrectedTranscript
from digest.language.pieces import small_words
from digest.model.artifact import Record, Span
from digest.model.overlay import Correct, Revision
from digest.model.speech import Word
from digest.store.files import MADE, write_atomically
from digest.store.workspace import Workspace
from digest.text.scripts import TextPiece, join_pieces
from digest.transcription.caption_alignment import MAX_HOLE, MIN_MATCHED, spoken_words
from digest.transcription.hallucination_filter import MAX_PACE
from digest.transcription.text_alignment import match_tokens, token

FILE = "brought.json"
MASKED = "[…]"  # what a reader of captions puts in place of an address
MAX_CAPITALS = 0.5  # of the letters; with more, or none, a file's capitals and points say nothing


class BroughtWords(Record):
    """What somebody brought, kept in made/ until another file is brought; `name` is the file's."""

    name: str
    by: str
    at: AwareDatetime
    transcript: CorrectedTranscript

    @property
    def key(self) -> str:
        """Return what tells it from all others that are brought."""
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()[:16]


@dataclass(frozen=True)
class DifferingPassage:
    """A passage that reads otherwise in what was brought: `text` is how, `changes` which words are others.

    `is_spelling` where nothing but capitals and punctuation differs, `corrected_by` who corrected it here before.
    """

    key: str
    span: Span
    speaker: str
    text: str
    changes: tuple[WordChange, ...]
    is_spelling: bool
    corrected_by: str | None


@dataclass(frozen=True)
class TranscriptComparison:
    """Where what was brought differs, passage by passage; `agreeing` passages are the same.

    `unplaced` are its words that nobody can have said where they stand: a title, a note, a page's foot.
    """

    passages: tuple[DifferingPassage, ...]
    agreeing: int
    unplaced: tuple[str, ...]


class _Heard(NamedTuple):
    """A word of the transcript, and the number of its passage."""

    place: int
    word: Word


class _Written(NamedTuple):
    """A word of what was brought, and the number of its line."""

    line: int
    piece: TextPiece


def keep_words(workspace: Workspace, brought: BroughtWords) -> None:
    """Keep what was brought, in place of what was before."""
    write_atomically(_file(workspace), brought.model_dump_json().encode())


def kept_words(workspace: Workspace) -> BroughtWords | None:
    """Return what was brought last, None where nothing was or it was put away."""
    with suppress(OSError, ValidationError):
        return BroughtWords.model_validate_json(_file(workspace).read_bytes())
    return None


def put_away(workspace: Workspace) -> None:
    """Forget what was brought; what was taken over of it stays."""
    _file(workspace).unlink(missing_ok=True)


def take_over(
    workspace: Workspace, draft: Draft, key: str, chosen: Sequence[str], *, by: str, at: datetime, seen: int
) -> Revision:
    """Correct the chosen passages, by their keys, as what was brought has them; one undo takes all of it back.

    Raises Stale where something else was brought meanwhile, or somebody corrected one of them.
    """
    brought = kept_words(workspace)
    if brought is None or brought.key != key:
        raise Stale("Another file was brought meanwhile, or this one put away.", remedy="Look at what differs now.")
    passages = [one for one in compare(draft, brought.transcript.lines).passages if one.key in chosen]
    if not passages or len(passages) < len(set(chosen)):
        raise NotAllowed("These passages are not there any more, or none was chosen.", remedy="Look again.")
    changes = [correction(draft, one.span.start, one.span.end, one.text) for one in passages]
    return record(workspace, *changes, by=by, at=at, seen=seen)


def compare(draft: Draft, lines: Sequence[str]) -> TranscriptComparison:
    """Return where lines say it otherwise than the transcript as it stands now.

    What they leave out for long stays: they tell only a part. Raises NotAllowed where they tell something else.
    """
    now, corrections = draft.edition.paragraphs, [r for r in draft.overlay.in_force() if isinstance(r.change, Correct)]
    texts, unplaced = _lay_along(draft, lines)
    found = list[DifferingPassage]()
    for one, words in zip(now, texts, strict=True):
        text, span = join_pieces(words), span_of(one)
        if text == one.text:
            continue
        by = next((r.by for r in corrections if _touches(r, span)), None)
        is_spelling = _tokens(words) == _tokens(small_words(one.words))
        changes = tuple(word_changes(one.text, text, plain=str if is_spelling else token))
        found.append(DifferingPassage(passage_key(span), span, one.speaker, text, changes, is_spelling, by))
    return TranscriptComparison(tuple(found), len(now) - len(found), unplaced)


def passage_key(span: Span) -> str:
    """Return what tells a passage from all others: its first millisecond."""
    return f"{round(span.start * 1000)}"


def _lay_along(draft: Draft, lines: Sequence[str]) -> tuple[list[list[TextPiece]], tuple[str, ...]]:
    """Return the words of each passage as the lines have them, and what of these has no place."""
    now = draft.edition.paragraphs
    heard = [_Heard(at, word) for at, one in enumerate(now) for word in small_words(one.words)]
    written = [_Written(at, piece) for at, line in enumerate(lines) for piece in spoken_words(line)]
    pairs = match_tokens([token(one.word.text) for one in heard], [token(one.piece.text) for one in written])
    if not pairs or len(pairs) < MIN_MATCHED * min(len(heard), len(written)):
        raise NotAllowed(
            "The words in this file are not those of this recording.", remedy="Bring the file of this webinar."
        )
    if not _has_capitals(lines):
        for a, b in pairs:
            written[b] = written[b]._replace(piece=_piece(heard[a].word))
    texts, unplaced = [list[TextPiece]() for _ in now], list[str]()
    for place, piece in _readings(heard, written, pairs, draft.artifacts.transcript.voiced):
        if place is None:
            unplaced.append(piece.text)
        else:
            texts[place].append(piece)
    return texts, tuple(unplaced)


def _readings(
    heard: Sequence[_Heard], written: Sequence[_Written], pairs: Sequence[tuple[int, int]], voiced: Sequence[Span]
) -> Iterator[tuple[int | None, TextPiece]]:
    """Yield what is written with the number of the passage in which it is said, None for what cannot be said there."""
    for (a, b), (c, d) in pairwise([(-1, -1), *pairs, (len(heard), len(written))]):
        if a >= 0:
            yield heard[a].place, written[b].piece
        mine, theirs = heard[a + 1 : c], written[b + 1 : d]
        before, after = heard[a] if a >= 0 else None, heard[c] if c < len(heard) else None
        if theirs and _can_be_said(theirs, before, after, voiced):
            here = [one.place for one in mine] or [one.place for one in (before, after) if one]
            yield from _share_out(theirs, here, written[b].line if before else None, written[d].line if after else None)
        elif theirs or (mine and mine[-1].word.end - mine[0].word.start >= MAX_HOLE):
            if theirs:
                yield None, TextPiece(join_pieces(one.piece for one in theirs), spaced=True)
            yield from ((one.place, _piece(one.word)) for one in mine)


def _can_be_said(
    theirs: Sequence[_Written], before: _Heard | None, after: _Heard | None, voiced: Sequence[Span]
) -> bool:
    """Return whether there is time for words between two that both have, one of these included: it may be too long.

    Ahead of the first and behind the last one counts only time in which there is a voice: a title is not spoken.
    """
    if any(MASKED in one.piece.text for one in theirs):
        return False
    start = before.word.start if before else 0.0
    if before and after:
        room = after.word.start - start
    else:
        end = after.word.end if after else math.inf
        room = sum(max(0.0, min(end, one.end) - max(start, one.start)) for one in voiced)
    return sum(len(one.piece.text) for one in theirs) <= MAX_PACE * room


def _share_out(
    theirs: Sequence[_Written], places: Sequence[int], before: int | None, after: int | None
) -> Iterator[tuple[int, TextPiece]]:
    """Yield words with the passages in which they are said: those of the words that they stand for, or beside them.

    What goes on in the line of the word before is said in the first of them, what leads into that of the word after in
    the last, and what stands between by its share.
    """
    for at, one in enumerate(theirs):
        shared = places[at * len(places) // len(theirs)]
        yield places[0] if one.line == before else places[-1] if one.line == after else shared, one.piece


def _tokens(words: Iterable[TextPiece | Word]) -> list[str]:
    return [plain for word in words if (plain := token(word.text))]


def _piece(word: Word) -> TextPiece:
    return TextPiece(word.text, word.spaced)


def _has_capitals(lines: Sequence[str]) -> bool:
    """Return whether capitals and small letters are both used: else neither says anything, nor do the points."""
    letters = [letter for line in lines for letter in line if letter.isalpha()]
    return 0 < sum(map(str.isupper, letters)) < MAX_CAPITALS * len(letters)


def _touches(revision: Revision, span: Span) -> bool:
    change = revision.change
    return isinstance(change, Correct) and change.start < span.end and span.start < change.end


def _file(workspace: Workspace) -> Path:
    return workspace.root / MADE / FILE
