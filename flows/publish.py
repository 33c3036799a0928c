"""From an approved Edition to the site, and back: the site is always what the decisions of all workspaces say."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from prefect import flow

from digest import site
from digest.editing import approval_in_force, mark_published, publication
from digest.errors import NotAllowed, Stale
from digest.exports import make_exports
from digest.model.artifact import StoredFile
from digest.model.public import Publication, PublicEvent
from digest.privacy import public_event
from digest.settings import Settings, load
from digest.store.leases import Leases
from digest.store.runlog import log_run
from digest.store.workspace import Workspace, workspaces_in
from flows.draft import run_as_task


@flow(name="publish", flow_run_name="publish {slug}")
def publish(slug: str, edition: str, settings: Settings | None = None) -> None:
    """Put the approved Edition of this hash on the site, then record it. Doing it again changes nothing.

    Raises Stale where another Edition was approved, or the digest retracted, meanwhile; Busy while the site is
    being published by somebody else.
    """
    settings = settings or load()
    workspace, now = Workspace(settings.workspaces / slug), datetime.now(UTC)
    with Leases(settings).hold_site():
        held = approval_in_force(workspace.decisions())
        if held is None or held.edition != edition:
            raise Stale("This edition is no longer the approved one.", remedy="Look at the draft and approve it again.")
        with log_run(workspace):
            run_as_task("build", lambda: build(settings, slug, now))
        try:
            run_as_task("record", lambda: mark_published(workspace, edition, by=held.by, at=now))
        except Stale:  # retracted, or another one approved, while the site was built
            build(settings, slug, None)
            raise


@flow(name="retract", flow_run_name="retract {slug}")
def retract(slug: str, settings: Settings | None = None) -> None:
    """Take a retracted digest off the site; a note stays at its address. `slug` names the run."""
    settings = settings or load()
    with Leases(settings).hold_site(), log_run(Workspace(settings.workspaces / slug)):
        run_as_task("build", lambda: build(settings, slug, None))


def build(settings: Settings, slug: str, going_out: datetime | None) -> None:
    """Bring the site to what the decisions say; with `going_out`, to what they will say once `slug` is published.

    Raises NotAllowed where the site shows digests that have no workspace here: nobody decided to withdraw them.
    """
    workspaces = workspaces_in(settings.workspaces)
    if orphans := site.digests(settings.public) - {workspace.slug for workspace in workspaces}:
        raise NotAllowed(
            f"The site {settings.public} shows digests that have no workspace here: {', '.join(sorted(orphans))}.",
            remedy="Name the folder that holds them with --workspaces, or another site: public in digest.toml. "
            "To give a digest up for good, first delete its folder from the site.",
        )
    publications, events = list[Publication](), list[PublicEvent]()
    for workspace in workspaces:
        at = going_out if workspace.slug == slug else None
        if shown := publication(workspace, settings.media, going_out=at):
            publications.append(shown)
        events += events_shown(workspace, going_out=at is not None)

    def exports_of(publication: Publication) -> dict[str, StoredFile]:
        return make_exports(publication, settings.workspaces / publication.edition.event.slug)

    site.publish(
        publications,
        events,
        settings,
        find=lambda slug, file: find(settings, slug, file),
        exported=exports_of,
        public=settings.public,
    )


def events_shown(workspace: Workspace, *, going_out: bool) -> Iterator[PublicEvent]:
    """Yield a webinar's event as last approved, if readers have ever seen it: a draft's may hold guesses."""
    decisions = workspace.decisions()
    if going_out or any(decision.kind == "published" for decision in decisions):
        last = next(decision for decision in reversed(decisions) if decision.kind == "approved")
        yield public_event(workspace.edition(last.edition).event)


def find(settings: Settings, slug: str, file: StoredFile) -> Path:
    """Return where a file of a webinar lies."""
    return Workspace(settings.workspaces / slug).find(file)
