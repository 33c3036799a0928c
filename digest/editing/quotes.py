"""A correction of what was said, carried into the sentences that quote it: a draft and the words in, changes out."""

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

from digest.editing.draft import Draft
from digest.editing.words import words_between
from digest.language.pieces import small_words
from digest.model.evidence import Heard
from digest.model.overlay import Change, Reword, Undo
from digest.model.speech import Word
from digest.text.scripts import TextPiece, join_pieces, split_pieces

NEAR = 5.0  # seconds in which the words before and after are looked for
END = re.compile(r"[^\w]*$")

Pieces = list[TextPiece]
Replacement = tuple[Pieces, Pieces, Pieces, Pieces]  # the word before, those that go, those that come, after


def carry(draft: Draft, start: float, end: float, text: str) -> Iterator[Change]:
    """Yield what puts right the sentences that quote words of [start, end), where `text` is now said.

    A word is found by those beside it; where they stand twice or not at all in a sentence, it stays for an editor.
    """
    replacements = list(_replacements(draft, start, end, split_pieces(text)))
    machine = {one.id: one for one in draft.laid_out.sentences()}
    for sentence in draft.edition.digest.sentences():
        if not any(isinstance(one, Heard) and one.start < end and start < one.end for one in sentence.evidence):
            continue
        now = sentence.text
        for one in replacements:
            now = _replace(now, one)
        if now != sentence.text and now.strip() and sentence.id in machine:
            was = machine[sentence.id]
            change = Reword(sentence=was.id, was=was.text, rests_on=was.evidence, text=now)
            yield change if now != was.text else Undo(thing=change.thing)


def _replacements(draft: Draft, start: float, end: float, said: Sequence[TextPiece]) -> Iterator[Replacement]:
    spoken = draft.edition.paragraphs
    before = _pieces(words_between(spoken, start - NEAR, start))[-1:]
    after = _pieces(words_between(spoken, end, end + NEAR))[:1]
    now = _pieces(words_between(spoken, start, end))
    if now and said:  # what is typed begins a text, and here it may begin in the middle of a word
        said = (said[0]._replace(spaced=now[0].spaced), *said[1:])
    old = [*before, *now, *after]
    new = [*before, *said, *after]
    for kind, i1, i2, j1, j2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind != "equal":
            yield old[max(0, i1 - 1) : i1], old[i1:i2], new[j1:j2], old[i2 : i2 + 1]


def _replace(text: str, replacement: Replacement) -> str:
    """Return a text with words in the place of others, once; as it is where it is not clear which are meant."""
    before, old, new, after = replacement
    tokens = split_pieces(text)
    plain = [_plain(token) for token in tokens]
    for left, right in ((before, after), (before, []), ([], after), ([], [])):
        wanted = [_plain(token) for token in (*left, *old, *right)]
        if not wanted or not (old or (left and right)):
            continue
        places = [at for at in range(len(plain) - len(wanted) + 1) if plain[at : at + len(wanted)] == wanted]
        if len(places) == 1:
            first = places[0] + len(left)
            last = first + len(old)
            return join_pieces([*tokens[:first], *_fit(new, tokens[first:last]), *tokens[last:]])
    return text


def _fit(new: Sequence[TextPiece], old: Sequence[TextPiece]) -> Pieces:
    """Return the words with the sign at the end, and the capital at the head, of those that they replace."""
    if not (new and old):
        return list(new)
    fitted = [*new[:-1], new[-1]._replace(text=END.sub("", new[-1].text) + END.findall(old[-1].text)[0])]
    was, comes = old[0].text, fitted[0].text
    if was[:1].isupper() and new[0].text.islower() and was[1:].islower():
        fitted[0] = fitted[0]._replace(text=comes[:1].upper() + comes[1:])
    return fitted


def _plain(token: TextPiece) -> str:
    return re.sub(r"\W", "", token.text).casefold() or token.text


def _pieces(words: Sequence[Word]) -> Pieces:
    return [TextPiece(word.text, word.spaced) for word in small_words(words)]
