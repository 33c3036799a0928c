"""Scripted editors: seeded edits of every kind, made through the verbs that the desk calls."""

import random
from collections.abc import Callable, Iterator
from datetime import timedelta

from digest import editing
from digest.editing.words import span_of
from digest.errors import DigestError
from digest.model.artifact import Span
from digest.model.evidence import Heard
from digest.model.overlay import Revision
from digest.store.workspace import Workspace
from tests.editing.builders import NOW

Edit = tuple[Callable[..., Revision], tuple[object, ...]]  # a verb, and what it is given
PLAIN = ("description", "tags", "series", "licence")


def edits(workspace: Workspace, count: int, *, seed: int, by: str = "Ana") -> Iterator[Revision]:
    """Yield so many revisions, each made by an editor who has just looked; what makes no sense there is no edit."""
    chance = random.Random(seed)  # noqa: S311
    made = 0
    while made < count:
        draft = editing.read_draft(workspace)
        assert draft
        verb, given = choose(draft, chance)
        try:
            at = NOW + timedelta(minutes=made)
            yield verb(workspace, *given, by=by, at=at, seen=len(draft.overlay.revisions))
            made += 1
        except DigestError:
            continue


def choose(draft: editing.Draft, chance: random.Random) -> Edit:
    """Return an edit of this draft."""
    kind: Callable[[editing.Draft, random.Random], Edit] = chance.choice(KINDS)
    return kind(draft, chance)


def _reword(draft: editing.Draft, chance: random.Random) -> Edit:
    one = chance.choice(list(draft.laid_out.sentences()))
    return editing.reword, (one.id, f"{one.text} Or so, {chance.random():.6f}.")


def _strike(draft: editing.Draft, chance: random.Random) -> Edit:
    return editing.strike, (chance.choice(list(draft.laid_out.sentences())).id,)


def _correct(draft: editing.Draft, chance: random.Random) -> Edit:
    one = chance.choice(draft.edition.paragraphs)
    words = [word.text for word in one.words]
    words[chance.randrange(len(words))] = f"W{chance.randrange(10**6)}"
    span = span_of(one)
    return editing.correct, (span.start, span.end, " ".join(words))


def _assign(draft: editing.Draft, chance: random.Random) -> Edit:
    span = span_of(chance.choice(draft.edition.paragraphs))
    voices = [one.id for one in draft.edition.speakers]
    return editing.assign, (span.start, span.end, chance.choice([*voices, "new"]))


def _name(draft: editing.Draft, chance: random.Random) -> Edit:
    return editing.name_speaker, (chance.choice(draft.edition.speakers).id, f"Name {chance.randrange(10**6)}")


def _chapter(draft: editing.Draft, chance: random.Random) -> Edit:
    one = chance.choice(draft.artifacts.digest.chapters)
    return editing.set_chapter, (one.start, one.start, f"Title {chance.randrange(10**6)}")


def _slide(draft: editing.Draft, chance: random.Random) -> Edit:
    one = chance.choice(draft.artifacts.alignment.intervals)
    slide = chance.choice(draft.edition.slides).number
    return editing.set_slide, (one.start, one.start, slide)


def _add(draft: editing.Draft, chance: random.Random) -> Edit:
    start = chance.random() * (draft.artifacts.media.duration - 10)
    section = chance.choice(["chapters", "key_points", "quotes"])
    evidence = [Heard(start=round(start, 2), end=round(start + 5, 2))]
    return editing.add, (section, f"Added {chance.randrange(10**6)}.", evidence)


def _answer(draft: editing.Draft, chance: random.Random) -> Edit:
    asked = chance.choice(draft.laid_out.questions)
    start = (asked.end or 0.0) + chance.random() * 5
    return editing.answer, (asked.question.id, [Span(start=start, end=start + 12)])


def _confirm(draft: editing.Draft, chance: random.Random) -> Edit:
    del draft
    return editing.confirm, (chance.choice(PLAIN), f"Text {chance.randrange(10**6)}")


KINDS = (_reword, _reword, _strike, _correct, _correct, _assign, _name, _chapter, _slide, _add, _answer, _confirm)
