"""What editors do: revisions of a draft, the Edition they make, and what people decided about it."""

from digest.editing.approval import approve, mark_published, publication, retract
from digest.editing.decisions import approval_in_force, state
from digest.editing.overlay import confirm, name_speaker, restore, reword, strike
from digest.editing.revise import revise

__all__ = [
    "approval_in_force",
    "approve",
    "confirm",
    "mark_published",
    "name_speaker",
    "publication",
    "restore",
    "retract",
    "revise",
    "reword",
    "state",
    "strike",
]
