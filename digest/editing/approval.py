"""Decisions about an Edition, each a line of decisions.jsonl that is written last: files in, files out.

`by` is who decides, `at` when; both are recorded.
"""

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from digest.editing.comments import holding_up
from digest.editing.consent import check_consent, check_hold
from digest.editing.decisions import approval_in_force, is_out, last_about_edition, publication_in_force
from digest.editing.draft import read_draft
from digest.errors import NotAllowed, Stale
from digest.media.mute import mute
from digest.model.edition import Decision, Edition, EditionDecision
from digest.model.public import Publication
from digest.model.speech import Transcript
from digest.privacy import public_edition, silences
from digest.settings import MediaSettings
from digest.store.files import write_atomically
from digest.store.journal import append
from digest.store.workspace import DECISIONS, Workspace

Decisions = tuple[Decision, ...]

GUESSED = {"title": "the title", "starts_at": "the date", "speakers": "the speakers"}


@dataclass(frozen=True)
class DecidedPublication:
    """Which Edition readers see, who approved it and when, and when it went (or goes) out.

    `first_published_at` is when an earlier Edition first went out, None where there was none.
    """

    edition: str
    approved_by: str
    approved_at: datetime
    published_at: datetime
    first_published_at: datetime | None

    @property
    def key(self) -> str:
        """Return all of it in a line."""
        known = filter(None, (self.approved_at, self.published_at, self.first_published_at))
        return " ".join((self.edition, *(at.astimezone(UTC).isoformat() for at in known), self.approved_by))


def approve(workspace: Workspace, sha256: str, *, by: str, at: datetime, four_eyes: bool = False) -> Decision:
    """Approve the draft as it stands, which must be the Edition of this hash; keep it whole, then record it.

    Approving again what is approved, or already out, returns the earlier decision.
    Raises NotAllowed while there is no draft, something of the event is a guess, a comment that nobody settled holds it
    up, a speaker's answer is missing or was not weighed, or, with `four_eyes`, whoever changed the draft last is the
    one who approves; Stale if the draft changed.
    """
    draft = read_draft(workspace)
    if draft is None:
        raise NotAllowed("There is no finished draft of this webinar.", remedy="Run the drop to its end first.")
    edition = draft.revised.edition
    if edition.sha256() != sha256:
        raise Stale("The draft has changed since you saw it.", remedy="Load it again and read what is new.")
    if edition.event.guessed:
        raise NotAllowed(
            f"Nobody has confirmed {' and '.join(GUESSED.get(name, name) for name in edition.event.guessed)}: "
            "a guess may not be published.",
            remedy="Confirm or correct it in the desk (digest review), or write it into event.toml and run again.",
        )
    if held_up := holding_up(workspace.comments()):
        first = held_up[0]
        raise NotAllowed(
            f"A comment of {first.by} holds up approval: “{first.comment.text}”",
            remedy="See to it, settle it under Comments, and approve then.",
        )
    check_consent(workspace.consent(), edition)
    if four_eyes and draft.changed_last_by == by:
        raise NotAllowed("You changed this draft last.", remedy="Ask another approver to read and approve it.")
    _keep(workspace, edition, sha256)

    def approval(decisions: Decisions) -> Decision:
        held = approval_in_force(decisions)
        return held if held and held.edition == sha256 else _line(decisions, "approved", sha256, by=by, at=at)

    return append(workspace.root / DECISIONS, Decision, approval)


def retract(workspace: Workspace, *, by: str, at: datetime) -> Decision:
    """Take the digest back. Retracting again returns the earlier decision.

    Raises NotAllowed where nothing was approved.
    """

    def retraction(decisions: Decisions) -> Decision:
        held = approval_in_force(decisions)
        if held:
            return _line(decisions, "retracted", held.edition, by=by, at=at)
        last = last_about_edition(decisions)
        if last and last.kind == "retracted":
            return last
        raise NotAllowed(
            "There is nothing to retract: no digest of this webinar was approved.", remedy="Nothing to do."
        )

    return append(workspace.root / DECISIONS, Decision, retraction)


def mark_published(workspace: Workspace, sha256: str, *, by: str, at: datetime) -> Decision:
    """Record that the approved Edition is on the site; once is enough.

    Raises Stale where another Edition was approved, or the digest retracted, meanwhile; Held where a speaker answered
    in a way that holds it back.
    """

    def line(decisions: Decisions) -> Decision:
        held, out = approval_in_force(decisions), publication_in_force(decisions)
        if held is None or held.edition != sha256:
            raise Stale("This edition is no longer the approved one.", remedy="Publish again.")
        if out and is_out(decisions):
            return out
        check_hold(workspace.consent(), at)
        return _line(decisions, "published", sha256, by=by, at=at)

    return append(workspace.root / DECISIONS, Decision, line)


def decided_publication(
    decisions: Sequence[Decision], *, going_out: datetime | None = None
) -> DecidedPublication | None:
    """Return what decisions say that readers see, or None; with `going_out`, what they see after publishing then."""
    out = publication_in_force(decisions)
    shown = approval_in_force(decisions) if going_out else out
    if shown is None:
        return None
    held = next(d for d in reversed(decisions) if d.kind == "approved" and d.edition == shown.edition)
    at = going_out or held.at
    if out and out.edition == shown.edition and out.number > held.number:
        at = out.at
    earlier = [d for d in decisions if d.kind == "published" and d.number < held.number]
    return DecidedPublication(
        edition=shown.edition,
        approved_by=held.by,
        approved_at=held.at,
        published_at=at,
        first_published_at=earlier[0].at if any(d.edition != shown.edition for d in earlier) else None,
    )


def publication(
    workspace: Workspace, settings: MediaSettings, *, going_out: datetime | None = None
) -> Publication | None:
    """Return what readers see: the published Edition, or None. With `going_out`, what they see after publishing then.

    The recording is silent where something was said off the record, and of the part that readers get: such a copy is
    made where there is none yet.
    Raises Stale where the Edition's file is gone or was changed, DigestError where the copy cannot be made.
    """
    shown = decided_publication(workspace.decisions(), going_out=going_out)
    if shown is None:
        return None
    edition = workspace.edition(shown.edition)
    silent = silences(edition) if edition.event.publish_recording else ()
    part, find, root = edition.shown if edition.trimmed else None, workspace.find, workspace.root
    is_cut = edition.event.publish_recording and part is not None
    muted = mute(edition.web, silent, settings, part=part, find=find, root=root) if silent or is_cut else None
    transcript = workspace.artifact(Transcript, edition.made_from.get(Transcript.FILE, ""))
    return Publication(
        edition=public_edition(edition, muted=muted, voiced=transcript.voiced if transcript else ()),
        sha256=shown.edition,
        approved_by=shown.approved_by,
        approved_at=shown.approved_at,
        published_at=shown.published_at,
        first_published_at=shown.first_published_at,
    )


def _keep(workspace: Workspace, edition: Edition, sha256: str) -> None:
    """Write editions/<hash>/ whole: a folder beside it, then a rename."""
    kept = workspace.root / "editions" / sha256
    if (kept / Edition.FILE).is_file():
        return
    beside = workspace.root / "editions" / f".{sha256}"
    shutil.rmtree(beside, ignore_errors=True)
    shutil.rmtree(kept, ignore_errors=True)
    write_atomically(beside / Edition.FILE, edition.canonical())
    beside.replace(kept)


def _line(decisions: Decisions, kind: EditionDecision, sha256: str, *, by: str, at: datetime) -> Decision:
    return Decision(number=len(decisions) + 1, at=at, by=by, kind=kind, edition=sha256)
