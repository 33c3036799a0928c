"""What editors do: revisions of a draft, the Edition they make, and what people decided about it."""

from digest.editing.announcing import announce, announcements, take_back
from digest.editing.approval import approve, mark_published, publication, retract
from digest.editing.arriving import find_event
from digest.editing.decisions import approval_in_force, state
from digest.editing.draft import Draft, open_draft, read_draft
from digest.editing.overlay import (
    add,
    answer,
    assign,
    confirm,
    correct,
    dismiss,
    mask,
    merge,
    move,
    name_speaker,
    relabel,
    reword,
    set_chapter,
    set_poster,
    set_sections,
    set_slide,
    strike,
    trim,
    undo,
    undo_group,
    withhold,
)
from digest.editing.revise import revise

__all__ = [
    "Draft",
    "add",
    "announce",
    "announcements",
    "answer",
    "approval_in_force",
    "approve",
    "assign",
    "confirm",
    "correct",
    "dismiss",
    "find_event",
    "mark_published",
    "mask",
    "merge",
    "move",
    "name_speaker",
    "open_draft",
    "publication",
    "read_draft",
    "relabel",
    "retract",
    "revise",
    "reword",
    "set_chapter",
    "set_poster",
    "set_sections",
    "set_slide",
    "state",
    "strike",
    "take_back",
    "trim",
    "undo",
    "undo_group",
    "withhold",
]
