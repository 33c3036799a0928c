"""From an approved Edition to the site, and back: the site is always what the decisions of all workspaces say."""

from datetime import UTC, datetime

from digest.editing import approval_in_force, mark_published
from digest.editing.consent import check_hold
from digest.editing.decisions import is_out
from digest.errors import Held, Stale
from digest.settings import Settings
from digest.site import build
from digest.store.leases import Leases
from digest.store.runlog import log_run
from digest.store.workspace import Workspace
from flows.shell import run_step


def publish(slug: str, edition: str, settings: Settings) -> dict[str, str]:
    """Put the approved Edition of this hash on the site, then record it. Doing it again changes nothing.

    Returns which other webinars were left as they stood, each with the reason.

    Raises Stale where another Edition was approved, or the digest retracted, meanwhile; Busy while the site is
    being published by somebody else; Held while a speaker asked to wait, or nobody has weighed what one answered.
    """
    workspace, now = Workspace(settings.workspaces / slug), datetime.now(UTC)
    with Leases(settings).hold_site():
        held = approval_in_force(decisions := workspace.decisions())
        if held is None or held.edition != edition:
            raise Stale("This edition is no longer the approved one.", remedy="Look at the draft and approve it again.")
        if not is_out(decisions):
            check_hold(workspace.consent(), now)
        with log_run(workspace, settings):
            done = run_step("build", lambda: build(settings, slug, now))
        try:
            run_step("record", lambda: mark_published(workspace, edition, by=held.by, at=now))
        except (Stale, Held):  # retracted, another one approved, or a speaker answered, while the site was built
            build(settings, slug)
            raise
    return done.left


def announce(slug: str, settings: Settings) -> dict[str, str]:
    """Bring what was decided about announcing an event onto the site: its page, its calendar file and the list.

    Returns which other webinars were left as they stood, each with the reason.
    """
    with Leases(settings).hold_site():
        return run_step("build", lambda: build(settings, slug)).left


def retract(slug: str, settings: Settings) -> dict[str, str]:
    """Take a retracted digest off the site; a note stays at its address. `slug` names the run.

    Returns which other webinars were left as they stood, each with the reason.
    """
    with Leases(settings).hold_site(), log_run(Workspace(settings.workspaces / slug), settings):
        return run_step("build", lambda: build(settings, slug)).left
