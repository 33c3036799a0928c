"""The decisions of all workspaces in, the site out: it is always what they say."""

from collections.abc import Container
from datetime import UTC, datetime
from pathlib import Path

from digest.editing.announcing import decided_announcement, invitation, read_announcement
from digest.editing.approval import decided_publication, publication
from digest.exports import make_exports
from digest.model.artifact import StoredFile
from digest.model.event import end_of
from digest.privacy import public_event
from digest.settings import Settings
from digest.site.assets import Assets
from digest.site.listed import State
from digest.site.parts import SiteContent, SitePart, Wish, find_part, key_of, make_part
from digest.site.publish import Published, publish, reason
from digest.store.workspace import Workspace, workspaces_in


def build(
    settings: Settings, slug: str | None = None, going_out: datetime | None = None, *, now: datetime | None = None
) -> Published:
    """Bring the site to what the decisions say; with `going_out`, to what they will say once `slug` is published.

    `now` decides which events are to come; it is the clock's unless given.
    What is wrong with one webinar leaves that one as it stands. Raises what is wrong with `slug` itself.
    """
    assets, wishes, unreadable = Assets(settings), list[Wish](), dict[str, str]()
    now = now or datetime.now(UTC)
    for workspace in workspaces_in(settings.workspaces):
        at = going_out if workspace.slug == slug else None
        try:
            wish = _wish(workspace, settings, assets, at, now)
        except Exception as error:
            if workspace.slug == slug:
                raise
            unreadable[workspace.slug] = reason(workspace.slug, error)
        else:
            wishes.append(wish)

    def find(slug: str, file: StoredFile) -> Path:
        return Workspace(settings.workspaces / slug).find(file)

    return publish(wishes, unreadable, settings, find=find, first=slug, now=now)


def _wish(workspace: Workspace, settings: Settings, assets: Assets, going_out: datetime | None, now: datetime) -> Wish:
    """Return what a webinar is to have on the site: a digest, or where there was one a note instead, or its event.

    Its event page is that of the Edition approved last, before there is one that of the announcement: a draft's may
    hold guesses.
    """
    decisions = workspace.decisions()
    shown, announced = decided_publication(decisions, going_out=going_out), decided_announcement(decisions)
    was_out = any(decision.kind == "published" for decision in decisions)
    approved = [decision.edition for decision in decisions if decision.kind == "approved" and (was_out or shown)]
    is_to_come = False
    state: State = "published" if shown else "retracted"
    if announced and not approved:
        event, state = read_announcement(workspace, announced.sha256).event, announced.standing
        is_to_come = end_of(event.starts_at, event.timezone, event.minutes) > now
    depends_on = shown.key if shown else approved[-1:], announced.key if announced else None, is_to_come
    key = key_of(assets, workspace.slug, state, *depends_on)

    def content() -> SiteContent:
        invited = invitation(workspace, announced) if announced else None
        if shown:
            return SiteContent(publication(workspace, settings.media, going_out=going_out), invited, is_over=True)
        if approved:
            return SiteContent(public_event(workspace.event_of_edition(approved[-1])), invited, is_over=True)
        event = read_announcement(workspace, announced.sha256).event if announced else None
        return SiteContent(public_event(event) if event else None, invited, is_over=not is_to_come)

    def make(known: Container[str]) -> SitePart:
        if part := find_part(workspace.root, key):
            return part
        return make_part(
            content(),
            (workspace.slug, state, key),
            settings,
            assets,
            root=workspace.root,
            exported=lambda publication: make_exports(publication, workspace.root, settings, workspace.find),
            known=known,
        )

    return Wish(workspace.slug, key, make, is_withdrawal=not approved and announced is None)
