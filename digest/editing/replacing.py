"""One correction wherever it is due: a draft and a word in, every place where it stands or sounds alike out."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from digest.editing.draft import Draft
from digest.editing.event_fields import field_text
from digest.editing.glossary import lesson
from digest.editing.overlay import correction, record
from digest.editing.typed import MAX_NAME, line
from digest.editing.words import span_of
from digest.errors import NotAllowed
from digest.language.sounds import FEWEST_LETTERS, broad_sound
from digest.model.overlay import Change, Confirm, EventField, Relabel, Revision, Reword, SetChapter
from digest.store.workspace import Workspace
from digest.text.scripts import whole_words

AROUND = 48  # characters shown before and after a hit
MAX_HITS = 500
FIELDS: tuple[EventField, ...] = ("title", "description")


@dataclass(frozen=True)
class EditableText:
    """A text of the draft as readers see it; `key` tells it from all others, `place` is where it stands, for people."""

    key: str
    place: str
    text: str


@dataclass(frozen=True)
class Hit:
    """A place where the words stand; `is_alike` where others stand there that sound like them."""

    key: str
    place: str
    before: str
    found: str
    after: str
    is_alike: bool


def find_hits(draft: Draft, find: str, put: str) -> tuple[Hit, ...]:
    """Return where the words `find` stand as whole words, whatever their capitals; then what sounds like `put`."""
    find, put = line(find, MAX_NAME, "What to look for"), line(put, MAX_NAME, "What to write")
    words = r"\s+".join(map(re.escape, find.split()))
    stands = re.compile(whole_words(words, find), re.IGNORECASE)
    exact, alike = list[Hit](), list[Hit]()
    for text in texts(draft):
        taken = [found.span() for found in stands.finditer(text.text) if found[0] != put]
        exact += [_hit(text, start, end) for start, end in taken]
        others = (span for span in _sounding_like(text.text, put) if not any(_meet(span, one) for one in taken))
        alike += [_hit(text, start, end, is_alike=True) for start, end in others]
    return (*exact, *alike)[:MAX_HITS]


def replace_everywhere(
    workspace: Workspace,
    draft: Draft,
    find: str,
    put: str,
    chosen: Sequence[str],
    *,
    teach: str = "",
    by: str,
    at: datetime,
    seen: int,
) -> Revision:
    """Write `put` at the chosen hits, by their keys, all at once; one undo takes all of it back.

    `teach` names who is told of it: the next webinars of the "series", or of the "organisation". What stands rightly
    elsewhere, and was therefore not chosen there, is not taken for a misheard `put`.
    """
    put = line(put, MAX_NAME, "What to write")
    found = find_hits(draft, find, put)
    hits = [hit for hit in found if hit.key in chosen]
    if not hits or len(hits) < len(set(chosen)):
        raise NotAllowed("These places are not there any more, or none was chosen.", remedy="Look again.")
    changes = list[Change]()
    for text in texts(draft):
        spans = sorted((int(k[1]), int(k[2])) for hit in hits if (k := hit.key.rsplit("@", 2))[0] == text.key)
        if spans:
            changes.append(_change(draft, text.key, _put(text.text, spans, put)))
    right = {hit.found.casefold() for hit in found if hit.key not in chosen}
    heard = [hit.found for hit in hits if hit.found.casefold() not in right]
    if taught := lesson(draft, put, heard, teach):
        changes.append(taught)
    return record(workspace, *changes, by=by, at=at, seen=seen)


def texts(draft: Draft) -> Iterator[EditableText]:
    """Yield every text that readers see and that an editor can change."""
    edition, digest = draft.edition, draft.edition.digest
    for field in FIELDS:
        yield EditableText(f"field {field}", field.capitalize(), field_text(edition.event, field))
    for sentence in digest.sentences():
        yield EditableText(f"sentence {sentence.id}", "Account", sentence.text)
    for chapter in digest.chapters:
        yield EditableText(f"chapter {chapter.start}", "Chapter title", chapter.title)
    for question in digest.questions:
        if question.asked_by:
            yield EditableText(f"label {question.question.id}", "Who asked", question.asked_by)
    for term in digest.terms:
        yield EditableText(f"label {term.sentence.id}", "Term", term.term)
    for at, paragraph in enumerate(edition.paragraphs):
        yield EditableText(f"words {at}", "Transcript", paragraph.text)


def _change(draft: Draft, key: str, text: str) -> Change:
    kind, _, of = key.partition(" ")
    if kind == "field":
        return next(Confirm(field=field, value=text) for field in FIELDS if field == of)
    if kind == "words":
        span = span_of(draft.edition.paragraphs[int(of)])
        return correction(draft, span.start, span.end, text)
    if kind == "chapter":
        return _retitle(draft, float(of), text)
    was_there = next(one for one in draft.laid_out.sentences() if one.id == of)
    if kind == "label":
        return Relabel(sentence=of, was=was_there.text, rests_on=was_there.evidence, label=text)
    return Reword(sentence=of, was=was_there.text, rests_on=was_there.evidence, text=text)


def _retitle(draft: Draft, start: float, title: str) -> SetChapter:
    for revision in draft.overlay.in_force():
        if isinstance(revision.change, SetChapter) and revision.change.start == start:
            return revision.change.model_copy(update={"title": title})
    was = next((one.title for one in draft.artifacts.digest.chapters if one.start == start), None)
    return SetChapter(chapter=start, was=was, start=start, title=title)


def _put(text: str, spans: Sequence[tuple[int, int]], put: str) -> str:
    """Return the text with `put` in these places."""
    parts, done = list[str](), 0
    for start, end in spans:
        parts += [text[done:start], put]
        done = end
    return "".join([*parts, text[done:]])


def _hit(text: EditableText, start: int, end: int, *, is_alike: bool = False) -> Hit:
    before, after = text.text[max(0, start - AROUND) : start], text.text[end : end + AROUND]
    return Hit(f"{text.key}@{start}@{end}", text.place, before, text.text[start:end], after, is_alike)


def _sounding_like(text: str, put: str) -> Iterator[tuple[int, int]]:
    """Yield where one word, or as many as `put` has and one more or less, sound like it."""
    wanted, count = broad_sound(put), len(put.split())
    if len(wanted) < FEWEST_LETTERS:
        return
    words = list(re.finditer(r"\w[\w'’-]*", text))
    done = 0
    for first, word in enumerate(words):
        if word.start() < done:
            continue
        for size in {max(1, count - 1), count, count + 1}:
            last = words[min(first + size, len(words)) - 1]
            spoken = text[word.start() : last.end()]
            if spoken != put and broad_sound(spoken) == wanted:
                yield word.start(), last.end()
                done = last.end()
                break


def _meet(one: tuple[int, int], other: tuple[int, int]) -> bool:
    return one[0] < other[1] and other[0] < one[1]
