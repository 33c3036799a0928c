"""The verbs of whoever decides, approve, publish, retract; and what to say of what was published."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from digest.cli.parameters import PLAIN, By, Common, Slug
from digest.cli.words import FAILED, print_json, say, say_wrong
from digest.errors import NotAllowed
from digest.settings import Settings
from digest.store.workspace import Workspace, workspaces_in

if TYPE_CHECKING:
    from digest.store.queue import Kind, Request


def approve(slug: Slug, /, *, by: By, common: Common = PLAIN) -> int:
    """Approve a webinar's draft exactly as it stands now, and publish it."""
    from digest import editing

    settings = common.settings()
    workspace = find_workspace(slug, settings)
    draft = editing.read_draft(workspace)
    if draft is None:
        raise NotAllowed(
            "There is no finished draft of this webinar.", file=slug, remedy="Run the drop to its end first."
        )
    decision = editing.approve(
        workspace,
        draft.edition.sha256(),
        by=decider(by),
        at=datetime.now(UTC),
        four_eyes=settings.desk.four_eyes,
    )
    return _bring_onto_site(workspace, decision.edition, decision.by, settings, common)


def publish(slug: Slug, /, *, common: Common = PLAIN) -> int:
    """Put the approved edition of a webinar on the site; needed only where that failed or the site was removed."""
    from digest import editing

    settings = common.settings()
    workspace = find_workspace(slug, settings)
    held = editing.approval_in_force(workspace.decisions())
    if held is None:
        raise NotAllowed(
            "No edition of this webinar is approved.", file=slug, remedy=f"digest approve {slug} --by NAME"
        )
    return _bring_onto_site(workspace, held.edition, held.by, settings, common)


def retract(slug: Slug, /, *, by: By, common: Common = PLAIN) -> int:
    """Take a digest back; a note stays at its address."""
    from digest import editing

    settings = common.settings()
    workspace = find_workspace(slug, settings)
    decision = editing.retract(workspace, by=decider(by), at=datetime.now(UTC))
    row = work_off("retract", slug, decision.edition, decision.by, settings)
    if common.json:
        print_json(row.model_dump(mode="json"))
    elif row.state == "done":
        say(row.said or "")
    return say_outcome(row)


def share(slug: Slug, /, *, common: Common = PLAIN) -> int:
    """Print texts to copy: title, description and chapters for a video platform, a mail, a post."""
    from digest.editing import approval
    from digest.site import share as texts

    settings = common.settings()
    published = approval.publication(find_workspace(slug, settings), settings.media)
    if published is None:
        raise NotAllowed("This webinar is not published.", file=slug, remedy=f"digest approve {slug} --by NAME")
    text = texts.render(published, settings)
    if common.json:
        print_json({"text": text})
    else:
        say(text)
    return 0


def _bring_onto_site(workspace: Workspace, edition: str, by: str, settings: Settings, common: Common) -> int:
    """Bring an approved edition onto the site, say where its pages are, and return the exit status."""
    from flows.dispatch import digest_page, is_published

    page = digest_page(workspace.slug, settings)
    where = {"digest_page": str(page), "event_page": str(page.parent.parent / page.name)}
    if is_published(workspace, edition, settings):
        said = {"edition": edition, "made": False, **where}
    else:
        row = work_off("publish", workspace.slug, edition, by, settings)
        if row.state != "done":
            return say_outcome(row)
        said = {"edition": edition, "made": True, **where}
    if common.json:
        print_json(said)
        return 0
    say("Published." if said["made"] else "This edition is already published.")
    say(f"\n  digest page  {where['digest_page']}\n  event page   {where['event_page']}\n  to look      digest serve")
    return 0


def work_off(kind: "Kind", slug: str, edition: str, by: str, settings: Settings) -> "Request":
    """Ask, and work the request off here where no dispatcher is running."""
    from digest.store.queue import Queue
    from flows import dispatch

    return dispatch.work_off(Queue(settings).ask(kind, slug=slug, edition=edition, by=by), settings)


def say_outcome(row: "Request") -> int:
    """Say what became of a request that is not done, and return its exit status."""
    if row.state == "done":
        return 0
    say_wrong(row.said or "A dispatcher is still at it: `digest status` says what becomes of it.")
    return FAILED


def find_workspace(slug: str, settings: Settings) -> Workspace:
    """Return the workspace of a webinar. Raises NotAllowed where there is none of this slug."""
    known = {workspace.slug: workspace for workspace in workspaces_in(settings.workspaces)}
    if slug not in known:
        raise NotAllowed("There is no such webinar.", file=slug, remedy="`digest status` lists them all.")
    return known[slug]


def decider(by: str) -> str:
    """Return the name of who decides. Raises NotAllowed where it is none."""
    name = " ".join(by.split())
    if not name or not name.isprintable():
        raise NotAllowed("A decision needs the name of who decides.", remedy="Say who: --by NAME")
    return name
