"""What the lines of decisions.jsonl amount to: decisions in, a state out."""

from collections.abc import Sequence
from typing import Literal, get_args

from digest.model.edition import AnnouncementDecision, Decision, EditionDecision

State = Literal["draft", "approved", "published", "retracted"]


def state(decisions: Sequence[Decision]) -> State:
    """Return where the digest of a webinar stands after all that was decided."""
    last = last_about_edition(decisions)
    return last.kind if last else "draft"  # type: ignore[return-value]


def last_about_edition(decisions: Sequence[Decision]) -> Decision | None:
    """Return what was decided last about the digest, or None where nothing was."""
    return next((one for one in reversed(decisions) if one.kind in get_args(EditionDecision)), None)


def about_announcement(decisions: Sequence[Decision]) -> list[Decision]:
    """Return what was decided about announcing the event, in order."""
    return [one for one in decisions if one.kind in get_args(AnnouncementDecision)]


def approval_in_force(decisions: Sequence[Decision]) -> Decision | None:
    """Return the approval that holds: the last one, unless the digest was retracted since."""
    for decision in reversed(decisions):
        if decision.kind == "retracted":
            return None
        if decision.kind == "approved":
            return decision
    return None


def publication_in_force(decisions: Sequence[Decision]) -> Decision | None:
    """Return when the Edition that readers see went out, or None where they see none."""
    for decision in reversed(decisions):
        if decision.kind == "retracted":
            return None
        if decision.kind == "published":
            return decision
    return None


def is_out(decisions: Sequence[Decision]) -> bool:
    """Return whether the approval that holds has gone out."""
    held, out = approval_in_force(decisions), publication_in_force(decisions)
    return bool(held and out and out.edition == held.edition and out.number > held.number)
