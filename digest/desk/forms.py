"""What an editor's form does: fields in, a call of editing; out comes what to say, and where on the page."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from digest import editing
from digest.store.queue import Queue
from digest.store.workspace import Workspace

Said = tuple[str, str]  # where on the page (an anchor), and what
FIELDS = dict.fromkeys(("do", "sentence", "doubt", "text", "field", "title", "date", "time", "zone", "speakers"), "")

MAX_DIGITS = 9  # of a revision's number: no form of ours has more


@dataclass(frozen=True)
class Sent:
    """A form that an editor sent."""

    workspace: Workspace
    queue: Queue
    editor: str
    fields: dict[str, str]

    def __getitem__(self, name: str) -> str:
        """Return a field, empty where the form has none of this name."""
        return self.fields.get(name, "")

    def who_and_when(self) -> dict[str, Any]:
        """Return who decides, and when."""
        return {"by": self.editor, "at": datetime.now(UTC)}

    def who_when_and_seen(self) -> dict[str, Any]:
        """Return who revises, when, and the revision that the form was made from."""
        seen = self["revision"]
        is_number = seen.isdecimal() and len(seen) < MAX_DIGITS
        return self.who_and_when() | {"seen": int(seen) if is_number else -1}


def sentence(sent: Sent) -> Said:
    """Reword, strike or restore a sentence."""
    of = sent["sentence"]
    if sent["do"] == "strike":
        done, revision = "Struck", editing.strike(sent.workspace, of, **sent.who_when_and_seen())
    elif sent["do"] == "dismiss":
        revision = editing.undo(sent.workspace, f"sentence {of}", **sent.who_when_and_seen())
        return "content", f"Dismissed as revision {revision.number}."
    elif sent["do"] == "restore":
        done, revision = "Restored", editing.undo(sent.workspace, f"sentence {of}", **sent.who_when_and_seen())
    else:
        done, revision = "Saved", editing.reword(sent.workspace, of, sent["text"], **sent.who_when_and_seen())
    return f"s-{of}", f"{done} as revision {revision.number}."


def speaker(sent: Sent) -> Said:
    """Name a voice, or take the name back."""
    revision = editing.name_speaker(sent.workspace, sent["speaker"], sent["name"], **sent.who_when_and_seen())
    return "voices", f"Saved as revision {revision.number}."


def doubt(sent: Sent) -> Said:
    """Dismiss a doubt, or take that back."""
    if sent["do"] == "reopen":
        revision = editing.undo(sent.workspace, f"doubt {sent['doubt']}", **sent.who_when_and_seen())
        return "doubts", f"Doubted again as revision {revision.number}."
    revision = editing.dismiss(sent.workspace, sent["doubt"], **sent.who_when_and_seen())
    return "doubts", f"Noted as revision {revision.number}. It stands below, where you can take it back."


def confirm(sent: Sent) -> Said:
    """Confirm or correct what was guessed of the event."""
    field = sent["field"]
    value = _start(sent) if field == "starts_at" else sent[field]
    revision = editing.confirm(sent.workspace, field, value, **sent.who_when_and_seen())
    return "content", f"Confirmed as revision {revision.number}."


def approve(sent: Sent) -> Said:
    """Approve the Edition that the form names, and ask for its publication."""
    decision = editing.approve(sent.workspace, sent["edition"], **sent.who_and_when())
    sent.queue.ask("publish", slug=sent.workspace.slug, edition=decision.edition, by=sent.editor)
    return "approval", "Approved. Publication is asked for."


def retract(sent: Sent) -> Said:
    """Retract the digest and ask for its pages to be taken off."""
    decision = editing.retract(sent.workspace, **sent.who_and_when())
    sent.queue.ask("retract", slug=sent.workspace.slug, edition=decision.edition, by=sent.editor)
    return "approval", "Retracted. The pages are being taken off the site."


ACTS: dict[str, Callable[[Sent], Said]] = {
    act.__name__: act for act in (sentence, speaker, doubt, confirm, approve, retract)
}


def _start(sent: Sent) -> str:
    """Return date, time and zone as RFC 9557 writes them, the offset left to whoever reads it."""
    return f"{sent['date']}T{sent['time']}[{sent['zone']}]"
