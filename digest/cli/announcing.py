"""The verbs of whoever announces events: announce, cancel, withdraw."""

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from digest.cli.decisions import decider, find_workspace, say_outcome, work_off
from digest.cli.parameters import PLAIN, By, Common, Slug
from digest.cli.words import print_json, say
from digest.settings import Settings
from digest.store.workspace import Workspace

if TYPE_CHECKING:
    from digest.editing.announcing import DecidedAnnouncement

SAYS = {"announced": "Announced.", "moved": "Announced anew: the event is moved."}


def announce(
    folder: Annotated[Path, Parameter(help="A folder with the event.toml of an event to come.")],
    /,
    *,
    by: By,
    common: Common = PLAIN,
) -> int:
    """Publish the page of an event to come; a corrected event.toml is announced again, another date moves the event."""
    from digest import editing, intake

    settings = common.settings()
    workspace = editing.announce(intake.look(folder), settings, by=decider(by), at=datetime.now(UTC))
    return _bring_onto_site(workspace, settings, common)


def cancel(slug: Slug, /, *, by: By, common: Common = PLAIN) -> int:
    """Say on its page and in its calendar file that an announced event does not take place."""
    from digest import editing

    settings = common.settings()
    workspace = find_workspace(slug, settings)
    editing.take_back(workspace, "cancelled", by=decider(by), at=datetime.now(UTC))
    return _bring_onto_site(workspace, settings, common)


def withdraw(slug: Slug, /, *, by: By, common: Common = PLAIN) -> int:
    """Take the announcement of an event back; a note stays at its address, and nothing of what it said."""
    from digest import editing

    settings = common.settings()
    workspace = find_workspace(slug, settings)
    editing.take_back(workspace, "withdrawn", by=decider(by), at=datetime.now(UTC))
    return _bring_onto_site(workspace, settings, common)


def _bring_onto_site(workspace: Workspace, settings: Settings, common: Common) -> int:
    """Bring what was decided onto the site, say where it stands, and return the exit status."""
    from digest.editing.announcing import decided_announcement, read_announcement

    decided = decided_announcement(workspace.decisions())
    assert decided  # noqa: S101 (it was decided above)
    row = work_off("announce", workspace.slug, decided.sha256, decided.lines[-1].by, settings)
    page = settings.public / workspace.slug / "index.html"
    announcement = read_announcement(workspace, decided.sha256)
    if common.json:
        print_json({"slug": workspace.slug, "standing": decided.standing, "event_page": str(page), "state": row.state})
    elif row.state == "done":
        _say_standing(decided, page, has_link=announcement.join_url is not None)
        for remark in announcement.event.remarks if decided.standing == "announced" else ():
            say(f"  note         {remark}")
    return say_outcome(row)


def _say_standing(decided: "DecidedAnnouncement", page: Path, *, has_link: bool) -> None:
    last = decided.lines[-1]
    say(SAYS.get(last.kind, f"{last.kind.capitalize()}."))
    say(f"\n  event page   {page}\n  to look      digest serve")
    if decided.standing == "announced" and not has_link:
        say("  note         event.toml has no join_url: the mail to those who registered cannot be drafted.")
