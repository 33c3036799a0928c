"""What the lines of decisions.jsonl amount to: decisions in, a state out."""

from collections.abc import Sequence
from typing import Literal

from digest.model.edition import Decision

State = Literal["draft", "approved", "published", "retracted"]


def state(decisions: Sequence[Decision]) -> State:
    """Return where a webinar stands after all that was decided."""
    return decisions[-1].kind if decisions else "draft"


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
