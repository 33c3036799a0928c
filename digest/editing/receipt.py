"""What a digest took: the overlay and decisions in, minutes, corrections and what was taught out."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise

from digest.editing.decisions import approval_in_force
from digest.editing.history import SITTING
from digest.model.edition import Decision
from digest.model.overlay import (
    Add,
    Answer,
    Assign,
    Confirm,
    Correct,
    Dismiss,
    Learn,
    Merge,
    Move,
    NameSpeaker,
    Overlay,
    Relabel,
    Reword,
    SetChapter,
    SetSlide,
    Strike,
)

ALONE = timedelta(minutes=1)  # that a change took with none before it in the sitting
MOST = 4  # kinds of corrections that are named
# What the machine had wrong, by what an editor did about it; what is kept from readers, or kept as it is, was not.
WRONG = {
    Correct: "words of the transcript", Reword: "sentence", Strike: "sentence left out", Add: "sentence missing",
    Move: "sentence in another place", Relabel: "name or address of a sentence", Answer: "answer to a question",
    SetChapter: "chapter", SetSlide: "change of slides", NameSpeaker: "name of a voice", Merge: "voice that was two",
    Assign: "passage of another voice", Confirm: "field of the event",
}  # fmt: skip


@dataclass(frozen=True)
class Receipt:
    """What editors did until the approval: about how many minutes, how many decisions, what was `wrong` most.

    `kept` counts what was doubted and right, `taught` are the terms that the next webinars are told.
    """

    minutes: int
    decisions: int
    wrong: tuple[tuple[str, int], ...]
    kept: int
    taught: tuple[str, ...]
    by: tuple[str, ...]


def receipt(overlay: Overlay, decisions: Sequence[Decision]) -> Receipt | None:
    """Return what the digest took that is approved, None where none is."""
    held = approval_in_force(decisions)
    if held is None:
        return None
    until = Overlay(revisions=tuple(one for one in overlay.revisions if one.at <= held.at))
    changes = [one.change for one in until.in_force()]
    times = sorted([*(one.at for one in until.revisions), held.at])
    pauses = (later - earlier for earlier, later in pairwise(times))
    spent = sum((pause if pause <= SITTING else ALONE for pause in pauses), ALONE)
    wrong = Counter(WRONG[type(one)] for one in changes if type(one) in WRONG)
    return Receipt(
        minutes=round(spent / timedelta(minutes=1)),
        decisions=sum(not isinstance(one, Learn) for one in changes),
        wrong=tuple(wrong.most_common(MOST)),
        kept=sum(isinstance(one, Dismiss) for one in changes),
        taught=tuple(one.term for one in changes if isinstance(one, Learn)),
        by=tuple(dict.fromkeys(one.by for one in until.revisions)),
    )
