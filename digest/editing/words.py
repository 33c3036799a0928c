"""The transcript as editors correct it: paragraphs and corrections in, paragraphs out, each word with its time.

A word that stays keeps its time; those that take the place of others share their seconds; the order never breaks.
"""

import re
from collections.abc import Sequence
from difflib import SequenceMatcher

from digest.editing.voices import Voices
from digest.language.pieces import share, small_words
from digest.model.artifact import Span
from digest.model.edition import Paragraph
from digest.model.overlay import Assign, Correct, Revision
from digest.model.speech import Word, text_of
from digest.text.scripts import TextPiece, join_pieces, split_pieces

NEAR = 10.0  # seconds by which a re-run may move a word
SHORTEST = 0.08  # seconds that a word which an editor put in between two others gets at least, if they have them
USUAL = 0.4  # seconds that it gets where there is time
SIMILAR = 0.5  # of the words in a stretch must be those that were corrected, for it to be the same after a re-run


def edit_paragraphs(
    paragraphs: Sequence[Paragraph], revisions: Sequence[Revision], voices: Voices
) -> tuple[tuple[Paragraph, ...], set[int]]:
    """Return the paragraphs as editors corrected and assigned them, and the numbers of revisions that no longer fit."""
    now, unfit = [_of_voice(one, voices.merged.get(one.speaker, one.speaker)) for one in paragraphs], set[int]()
    for revision in revisions:
        match revision.change:
            case Correct() as change:
                fits = _correct(now, paragraphs, change)
            case Assign(start=start, end=end):
                voice = voices.assigned.get(revision.number)
                fits = voice is None or _assign(now, start, end, voice)
            case _:
                continue
        if not fits:
            unfit.add(revision.number)
    return tuple(now), unfit


def _of_voice(paragraph: Paragraph, voice: str) -> Paragraph:
    return paragraph if paragraph.speaker == voice else paragraph.model_copy(update={"speaker": voice})


def words_between(paragraphs: Sequence[Paragraph], start: float, end: float) -> tuple[Word, ...]:
    """Return the words whose middle lies in [start, end)."""
    first, last = _paragraphs_in(paragraphs, start, end)
    return tuple(word for one in paragraphs[first:last] for word in one.words if start <= _middle(word) < end)


def span_of(paragraph: Paragraph) -> Span:
    """Return the seconds of a paragraph, in which the middle of each of its words lies, also of one without length."""
    return Span(start=paragraph.start, end=paragraph.end + 0.001)


def _correct(now: list[Paragraph], machine: Sequence[Paragraph], change: Correct) -> bool:
    """Put the editor's words in place of those of a stretch; return whether it is still the same stretch."""
    heard = words_between(machine, change.start, change.end)
    if text_of(heard) == change.was:
        _replace(now, change.start, change.end, change.text)
        return True
    near = tuple(small_words(words_between(machine, change.start - NEAR, change.end + NEAR)))
    was = split_pieces(change.was)
    found = _same_stretch(near, was)
    if found is None:
        return False
    first, last = found
    start, end = _middle(near[first]), _middle(near[last - 1]) + 1e-6
    text = _merge([_piece(word) for word in near[first:last]], was, split_pieces(change.text))
    if text is not None:
        _replace(now, start, end, join_pieces(text))
    return text is not None


def _same_stretch(words: Sequence[Word], was: Sequence[TextPiece]) -> tuple[int, int] | None:
    """Return from where to where the words are those that were corrected, or None where too few are."""
    if not was:
        return None
    blocks = SequenceMatcher(None, _plain(words), _plain(was), autojunk=False).get_matching_blocks()[:-1]
    if sum(block.size for block in blocks) < SIMILAR * len(was):
        return None
    first = max(0, blocks[0].a - blocks[0].b)
    last = min(len(words), blocks[-1].a + blocks[-1].size + len(was) - blocks[-1].b - blocks[-1].size)
    return first, last


def _merge(now: Sequence[TextPiece], was: Sequence[TextPiece], text: Sequence[TextPiece]) -> list[TextPiece] | None:
    """Return the words as they are now with what an editor made of those that were; None where a change has no place.

    A change lands between the same words as before, whatever the machine hears there now: a person listened.
    """
    kept = {
        block.b + at: block.a + at
        for block in SequenceMatcher(None, _plain(now), _plain(was), autojunk=False).get_matching_blocks()
        for at in range(block.size)
    } | {-1: -1, len(was): len(now)}
    merged, done = list[TextPiece](), 0
    for kind, i1, i2, j1, j2 in SequenceMatcher(None, was, text, autojunk=False).get_opcodes():
        if kind == "equal":
            continue
        before, after = kept.get(i1 - 1), kept.get(i2)
        if before is None or after is None or before < done - 1 or after - before - 1 > i2 - i1 + 3:
            return None
        merged += [*now[done : before + 1], *text[j1:j2]]
        done = after
    return [*merged, *now[done:]]


def _replace(now: list[Paragraph], start: float, end: float, text: str) -> None:
    first, last = _paragraphs_in(now, start, end)
    touched = [at for at in range(first, last) if any(start <= _middle(word) < end for word in now[at].words)]
    if not touched:
        return
    words = [word for at in touched for word in now[at].words]
    inside = [at for at, word in enumerate(words) if start <= _middle(word) < end]
    low, high = inside[0], inside[-1] + 1
    until = words[high].start if high < len(words) else _next_start(now, touched[-1], words[-1].end)
    since = words[low - 1].end if low else _last_end(now, touched[0], words[0].start)
    fresh = retime(words[low:high], text, since=since, until=until)
    whole = (*words[:low], *fresh, *words[high:])
    one = now[touched[0]]
    if whole:
        speech = one.model_copy(update={"words": whole, "start": whole[0].start, "end": whole[-1].end})
    now[touched[0] : touched[-1] + 1] = [speech] if whole else []


def _next_start(now: Sequence[Paragraph], at: int, end: float) -> float:
    return max(end, now[at + 1].start) if at + 1 < len(now) else end + 1


def _last_end(now: Sequence[Paragraph], at: int, start: float) -> float:
    return min(start, now[at - 1].end) if at else max(0.0, start - 1)


def retime(words: Sequence[Word], text: str, *, since: float, until: float) -> tuple[Word, ...]:
    """Return the text as words with times between `since` and `until`: those that stay keep theirs.

    Words in the place of others share the seconds of these by their letters; words between two others get the pause
    there, and where it is too short a part of the word before it.
    """
    tokens, found = split_pieces(text), list[Word]()
    if words and tokens:
        tokens = (tokens[0]._replace(spaced=words[0].spaced), *tokens[1:])
    words = tuple(small_words(words))
    heard = _plain(words)  # another comma or capital is the same word
    for kind, i1, i2, j1, j2 in SequenceMatcher(None, heard, _plain(tokens), autojunk=False).get_opcodes():
        if kind == "equal":
            found += map(_as_typed, words[i1:i2], tokens[j1:j2])
        elif kind == "replace":
            found += share(tokens[j1:j2], words[i1].start, words[i2 - 1].end)
        elif kind == "insert":
            low = found[-1].end if found else since
            high = words[i1].start if i1 < len(words) else until
            wanted = SHORTEST * (j2 - j1)
            if high - low < wanted and found:
                last = found.pop()
                low = round(max(last.start + (last.end - last.start) / 2, min(last.end, high - wanted)), 3)
                found.append(last.model_copy(update={"end": low}))
            length = min(USUAL * (j2 - j1), max(0.0, high - low))
            start = round(low if i1 else high - length, 3)  # what begins a passage is said right before its first word
            found += share(tokens[j1:j2], start, start + length)
    return tuple(found)


def _as_typed(word: Word, typed: TextPiece) -> Word:
    sure = word.probability if word.text == typed.text else 1.0
    return word.model_copy(update={"text": typed.text, "spaced": typed.spaced, "probability": sure})


def _assign(now: list[Paragraph], start: float, end: float, speaker: str) -> bool:
    """Give what is said in [start, end) to a voice; return whether anything is said there."""
    first, last = _paragraphs_in(now, start, end)
    pieces = list[Paragraph]()
    for paragraph in now[first:last]:
        runs = list[tuple[bool, list[Word]]]()
        for word in paragraph.words:
            is_inside = start <= _middle(word) < end
            if not runs or runs[-1][0] != is_inside:
                runs.append((is_inside, []))
            runs[-1][1].append(word)
        pieces += [
            Paragraph(
                start=run[0].start,
                end=run[-1].end,
                speaker=speaker if is_inside else paragraph.speaker,
                words=tuple(run),
            )
            for is_inside, run in runs
        ]
    changed = tuple(pieces) != tuple(now[first:last]) or any(piece.speaker == speaker for piece in pieces)
    now[first:last] = pieces
    return changed


def _paragraphs_in(paragraphs: Sequence[Paragraph], start: float, end: float) -> tuple[int, int]:
    """Return from which to which paragraph something may lie in [start, end)."""
    touched = [at for at, one in enumerate(paragraphs) if one.end >= start and one.start < end]
    return (touched[0], touched[-1] + 1) if touched else (0, 0)


def _plain(words: Sequence[Word | TextPiece]) -> list[str]:
    return [re.sub(r"\W", "", word.text).casefold() or word.text for word in words]


def _piece(word: Word) -> TextPiece:
    return TextPiece(word.text, word.spaced)


def _middle(word: Word) -> float:
    return (word.start + word.end) / 2
