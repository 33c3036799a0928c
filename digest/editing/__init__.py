"""What editors do: revisions of a draft, the Edition they make, and what people decided about it."""

from digest.editing.approval import approve, mark_published, publication, retract
from digest.editing.decisions import approval_in_force, state
from digest.editing.draft import read_draft
from digest.editing.overlay import confirm, dismiss, name_speaker, reopen, restore, reword, strike
from digest.editing.revise import in_force, revise

__all__ = [
    "approval_in_force",
    "approve",
    "confirm",
    "dismiss",
    "in_force",
    "mark_published",
    "name_speaker",
    "publication",
    "read_draft",
    "reopen",
    "restore",
    "retract",
    "revise",
    "reword",
    "state",
    "strike",
]
