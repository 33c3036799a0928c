"""What editors did, as a person reads it: an overlay in, an entry for each thing that somebody changed in a sitting."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from difflib import SequenceMatcher

from digest.model.overlay import (
    Add,
    Answer,
    Assign,
    Change,
    Confirm,
    Correct,
    Dismiss,
    Learn,
    Mask,
    Merge,
    Move,
    NameSpeaker,
    Overlay,
    Relabel,
    Reopen,
    Restore,
    Revision,
    Reword,
    SetChapter,
    SetPoster,
    SetSections,
    SetSlide,
    Strike,
    Trim,
    Undo,
    Withhold,
)
from digest.text.clock import clock_with_tenths
from digest.text.scripts import join_pieces, split_pieces

SHOWN_AROUND = 8  # words that stay, on either side of a change
SHOWN_AT_ONCE = 12  # of things that were changed at once
SITTING = timedelta(minutes=15)  # without a save of that thing

WORDS = {
    Reword: "Wrote a sentence anew",
    Strike: "Struck a sentence",
    Add: "Added a sentence",
    Move: "Moved a sentence",
    Relabel: "Said who asked, what is explained, or where it lies",
    Answer: "Said what answers a question",
    SetChapter: "Set a chapter",
    SetSlide: "Set a slide",
    NameSpeaker: "Named a voice",
    Merge: "Made two voices one",
    Assign: "Said who says a passage",
    Correct: "Corrected the transcript",
    Confirm: "Corrected the event",
    Dismiss: "Kept what was doubted",
    Trim: "Said from where to where the recording is published",
    SetPoster: "Chose the picture before the recording plays",
    SetSections: "Ordered the sections, or left some out",
    Mask: "Kept a name from readers",
    Withhold: "Kept a passage from readers",
    Learn: "Taught how a term is spelled",
    Undo: "Took back",
    Restore: "Took back",
    Reopen: "Took back",
}


@dataclass(frozen=True)
class WordChange:
    """Words that stayed, that went, or that came."""

    kind: str  # "same", "gone", "new"
    text: str


@dataclass(frozen=True)
class HistoryEntry:
    """What somebody did to a thing; `count` saves of it in one sitting, or several things at once.

    `thing` or `group` is what takes it back, None where nothing is left to take back. `taught` are the terms that the
    next webinars were told with it.
    """

    what: str
    by: str
    at: datetime
    number: int
    count: int
    changes: tuple[WordChange, ...]
    taught: tuple[str, ...] = ()
    thing: str | None = None
    group: int | None = None


def history(overlay: Overlay) -> tuple[HistoryEntry, ...]:
    """Return what was done, the latest first: saves of one thing by one person within a sitting are one entry."""
    in_force = {revision.number for revision in overlay.in_force()}
    before, last = dict[int, Change](), dict[str, Change]()
    for revision in overlay.revisions:
        if known := last.get(revision.change.thing):
            before[revision.number] = known
        last[revision.change.thing] = revision.change
    return tuple(_entry(some, before, in_force) for some in reversed(list(_sittings(overlay.revisions))))


def _sittings(revisions: Sequence[Revision]) -> Iterator[list[Revision]]:
    """Yield the revisions in runs; the runs in the order of their last revision."""
    runs = dict[tuple[str, str, int], list[Revision]]()
    sitting = Counter[tuple[str, str]]()
    for revision in revisions:
        of = (revision.by, f"group {revision.group}" if revision.group else revision.change.thing)
        run = runs.pop((*of, sitting[of]), [])
        if run and revision.at - run[-1].at > SITTING:
            runs[*of, sitting[of]] = run
            sitting[of] += 1
            run = []
        run.append(revision)
        runs[*of, sitting[of]] = run
    yield from sorted(runs.values(), key=lambda run: run[-1].number)


def _entry(some: Sequence[Revision], before: Mapping[int, Change], in_force: set[int]) -> HistoryEntry:
    last, is_group = some[-1], some[-1].group is not None
    done = [one for one in some if not isinstance(one.change, Learn)] or some
    things = len({revision.change.thing for revision in done})
    return HistoryEntry(
        what=WORDS[type(done[-1].change)] + (f", {things} at once" if is_group and things > 1 else ""),
        by=last.by,
        at=last.at,
        number=last.number,
        count=things if is_group else len(some),
        changes=tuple(_changes_at_once(done, before) if is_group else _changes(some[0], last, before)),
        taught=tuple(one.change.term for one in some if isinstance(one.change, Learn) and one is not done[-1]),
        thing=last.change.thing if last.number in in_force and not is_group else None,
        group=last.group if is_group and any(one.number in in_force for one in some) else None,
    )


def _changes(first: Revision, last: Revision, before: Mapping[int, Change]) -> Iterator[WordChange]:
    return word_changes(_text_before(first, before), _text(last.change))


def _changes_at_once(some: Sequence[Revision], before: Mapping[int, Change]) -> Iterator[WordChange]:
    """Yield the changes of things that were changed at once, one after the other, each cut short."""
    for at, one in enumerate(some[:SHOWN_AT_ONCE]):
        if at:
            yield WordChange("same", "·")
        yield from excerpt(tuple(_changes(one, one, before)))
    if len(some) > SHOWN_AT_ONCE:
        yield WordChange("same", f"· and {len(some) - SHOWN_AT_ONCE} more")


def _text_before(first: Revision, before: Mapping[int, Change]) -> str:
    """Return what stood there before: what the last change of the thing made of it, else what the machine wrote."""
    known = before.get(first.number)
    return _was(first.change) if known is None or isinstance(known, Undo | Restore) else _text(known)


def _was(change: Change) -> str:
    return str(getattr(change, "was", "") or "") if isinstance(change, Reword | Strike | Correct | SetChapter) else ""


def _text(change: Change) -> str:
    """Return what a change makes of its thing, in words."""
    match change:
        case Reword(text=text) | Add(text=text) | Correct(text=text):
            return text
        case Confirm(value=text) | NameSpeaker(name=text) | Mask(name=text) | Relabel(label=text):
            return text
        case SetChapter(title=text) | Learn(term=text) | Dismiss(was=text):
            return text
        case SetSlide(slide=slide):
            return "no slide" if slide is None else f"slide {slide}"
        case Trim() | SetPoster() | SetSections():
            return _page_text(change)
        case _:
            return ""


def _page_text(change: Trim | SetPoster | SetSections) -> str:
    """Return what a change makes of the page, in words."""
    match change:
        case Trim(start=start, end=end):
            until = "the end" if end is None else clock_with_tenths(end)
            return f"from {clock_with_tenths(start or 0.0)} to {until}"
        case SetPoster(slide=slide, second=second):
            return f"slide {slide}" if second is None else f"the recording at {clock_with_tenths(second)}"
        case SetSections(sections=sections):
            return ", ".join(one.replace("_", " ") for one in sections)


def word_changes(before: str, after: str, *, plain: Callable[[str], str] = str) -> Iterator[WordChange]:
    """Yield which words stayed, went and came, in order; words that are `plain` alike stayed, as they are `after`."""
    old, new = split_pieces(before), split_pieces(after)
    opcodes = SequenceMatcher(
        None, [plain(one.text) for one in old], [plain(one.text) for one in new], autojunk=False
    ).get_opcodes()
    for kind, i1, i2, j1, j2 in opcodes:
        if kind == "equal":
            yield WordChange("same", join_pieces(new[j1:j2]))
            continue
        if i2 > i1:
            yield WordChange("gone", join_pieces(old[i1:i2]))
        if j2 > j1:
            yield WordChange("new", join_pieces(new[j1:j2]))


def excerpt(changes: Sequence[WordChange]) -> tuple[WordChange, ...]:
    """Return word changes with what stays cut short: a few words on either side of each change."""
    last = len(changes) - 1
    return tuple(
        WordChange(one.kind, _shorten(one.text, at == 0, at == last)) if one.kind == "same" else one
        for at, one in enumerate(changes)
    )


def _shorten(text: str, is_first: bool, is_last: bool) -> str:
    words, head = split_pieces(text), 0 if is_first else SHOWN_AROUND
    tail = 0 if is_last else SHOWN_AROUND
    if len(words) <= head + tail + 1:
        return text
    return " ".join(filter(None, (join_pieces(words[:head]), "…", join_pieces(words[len(words) - tail :]))))
