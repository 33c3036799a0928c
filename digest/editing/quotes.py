"""A correction of what was said, carried into the sentences that quote it: a draft and the words in, changes out."""

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

from digest.editing.draft import Draft
from digest.editing.words import words_between
from digest.model.evidence import Heard
from digest.model.overlay import Change, Reword, Undo

NEAR = 5.0  # seconds in which the words before and after are looked for
END = re.compile(r"[^\w]*$")

Replacement = tuple[
    list[str], list[str], list[str], list[str]
]  # the word before, those that go, those that come, after


def carry(draft: Draft, start: float, end: float, text: str) -> Iterator[Change]:
    """Yield what puts right the sentences that quote words of [start, end), where `text` is now said.

    A word is found by those beside it; where they stand twice or not at all in a sentence, it stays for an editor.
    """
    replacements = list(_replacements(draft, start, end, text.split()))
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


def _replacements(draft: Draft, start: float, end: float, said: Sequence[str]) -> Iterator[Replacement]:
    spoken = draft.edition.paragraphs
    before = [word.text for word in words_between(spoken, start - NEAR, start)][-1:]
    after = [word.text for word in words_between(spoken, end, end + NEAR)][:1]
    old = [*before, *(word.text for word in words_between(spoken, start, end)), *after]
    new = [*before, *said, *after]
    for kind, i1, i2, j1, j2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind != "equal":
            yield old[max(0, i1 - 1) : i1], old[i1:i2], new[j1:j2], old[i2 : i2 + 1]


def _replace(text: str, replacement: Replacement) -> str:
    """Return a text with words in the place of others, once; as it is where it is not clear which are meant."""
    before, old, new, after = replacement
    tokens = text.split()
    plain = [_plain(token) for token in tokens]
    for left, right in ((before, after), (before, []), ([], after), ([], [])):
        wanted = [_plain(token) for token in (*left, *old, *right)]
        if not wanted or not (old or (left and right)):
            continue
        places = [at for at in range(len(plain) - len(wanted) + 1) if plain[at : at + len(wanted)] == wanted]
        if len(places) == 1:
            first = places[0] + len(left)
            return " ".join(
                [*tokens[:first], *_fit(new, tokens[first : first + len(old)]), *tokens[first + len(old) :]]
            )
    return text


def _fit(new: Sequence[str], old: Sequence[str]) -> list[str]:
    """Return the words with the sign at the end, and the capital at the head, of those that they replace."""
    if not (new and old):
        return list(new)
    fitted = [*new[:-1], END.sub("", new[-1]) + END.findall(old[-1])[0]]
    if old[0][:1].isupper() and new[0].islower() and old[0][1:].islower():
        fitted[0] = fitted[0][:1].upper() + fitted[0][1:]
    return fitted


def _plain(token: str) -> str:
    return re.sub(r"\W", "", token).casefold() or token
