"""Which doubts are settled: those of the machine and an editor's dismissals in, those that are still open out."""

import re
from collections.abc import Mapping, Sequence

from digest.model.artifact import Span
from digest.model.doubt import AtSentence, Doubt
from digest.model.overlay import Dismiss

SLACK = 0.5  # seconds by which another run may move the ends of a stretch: hardly a sentence is as short
WORD = re.compile(r"\w+")


def undismissed_doubts(
    doubts: Sequence[Doubt], dismissals: Sequence[Dismiss], machine: Mapping[str, str]
) -> tuple[Doubt, ...]:
    """Return the doubts that nobody dismissed; `machine` has the machine's sentences by id."""
    return tuple(doubt for doubt in doubts if not any(_settles(one, doubt, machine) for one in dismissals))


def is_outdated(dismissal: Dismiss, doubts: Sequence[Doubt], machine: Mapping[str, str]) -> bool:
    """Return whether the machine now doubts something else there than what the editor judged.

    Where it doubts nothing there any more, the editor's word and the machine's are the same.
    """
    near = [doubt for doubt in doubts if _is_near(dismissal, doubt)]
    return bool(near) and not any(_settles(dismissal, doubt, machine) for doubt in near)


def _is_near(dismissal: Dismiss, doubt: Doubt) -> bool:
    if dismissal.kind != doubt.kind:
        return False
    if isinstance(dismissal.place, Span) and isinstance(doubt.place, Span):
        return _overlap(dismissal.place, doubt.place) > 0
    return dismissal.place == doubt.place


def _settles(dismissal: Dismiss, doubt: Doubt, machine: Mapping[str, str]) -> bool:
    """Return whether an editor judged this very thing: nobody vouches for seconds that they did not hear."""
    if not _is_near(dismissal, doubt):
        return False
    if isinstance(doubt.place, AtSentence):
        return machine.get(doubt.place.sentence) == dismissal.was
    return _is_within(doubt.place, dismissal.place) and _says_the_same(doubt, dismissal)


def _is_within(stretch: Span, judged: AtSentence | Span) -> bool:
    """Return whether a stretch lies in what was judged, most of it and all but SLACK at its ends."""
    return (
        isinstance(judged, Span)
        and 2 * _overlap(stretch, judged) >= stretch.end - stretch.start
        and judged.start - SLACK <= stretch.start
        and stretch.end <= judged.end + SLACK
    )


def _says_the_same(doubt: Doubt, dismissal: Dismiss) -> bool:
    """Return whether most of its words are those that were judged: another recording says others in these seconds."""
    now, then = (set(WORD.findall(text.casefold())) for text in ("".join(doubt.compare[:1]), dismissal.was))
    return 2 * len(now & then) >= len(now)


def _overlap(one: Span, other: Span) -> float:
    return min(one.end, other.end) - max(one.start, other.start)
