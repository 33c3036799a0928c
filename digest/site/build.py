"""The decisions of all workspaces in, the site out: it is always what they say."""

from collections.abc import Container
from datetime import datetime
from pathlib import Path

from digest.editing.approval import decided_publication, publication
from digest.exports import make_exports
from digest.model.artifact import StoredFile
from digest.model.public import Publication, PublicEvent
from digest.privacy import public_event
from digest.settings import Settings
from digest.site.assets import Assets
from digest.site.parts import SitePart, State, Wish, find_part, key_of, make_part
from digest.site.publish import Published, publish, reason
from digest.store.workspace import Workspace, workspaces_in


def build(settings: Settings, slug: str | None = None, going_out: datetime | None = None) -> Published:
    """Bring the site to what the decisions say; with `going_out`, to what they will say once `slug` is published.

    What is wrong with one webinar leaves that one as it stands. Raises what is wrong with `slug` itself.
    """
    assets, wishes, unreadable = Assets(settings), list[Wish](), dict[str, str]()
    for workspace in workspaces_in(settings.workspaces):
        at = going_out if workspace.slug == slug else None
        try:
            wish = _wish(workspace, settings, assets, at)
        except Exception as error:
            if workspace.slug == slug:
                raise
            unreadable[workspace.slug] = reason(workspace.slug, error)
        else:
            wishes.append(wish)

    def find(slug: str, file: StoredFile) -> Path:
        return Workspace(settings.workspaces / slug).find(file)

    return publish(wishes, unreadable, settings, find=find, first=slug)


def _wish(workspace: Workspace, settings: Settings, assets: Assets, going_out: datetime | None) -> Wish:
    """Return what a webinar is to have on the site: a digest, or where there was one a note instead.

    Its event page is that of the Edition approved last: a draft's may hold guesses.
    """
    decisions = workspace.decisions()
    shown = decided_publication(decisions, going_out=going_out)
    state: State = "published" if shown else "retracted"
    was_out = any(decision.kind == "published" for decision in decisions)
    approved = [decision.edition for decision in decisions if decision.kind == "approved" and (was_out or shown)]
    key = key_of(assets, workspace.slug, state, shown.key if shown else approved[-1:])

    def content() -> Publication | PublicEvent | None:
        if shown:
            return publication(workspace, settings.media, going_out=going_out)
        return public_event(workspace.event_of_edition(approved[-1])) if approved else None

    def make(known: Container[str]) -> SitePart:
        if part := find_part(workspace.root, key):
            return part
        return make_part(
            content(),
            (workspace.slug, state, key),
            settings,
            assets,
            root=workspace.root,
            exported=lambda publication: make_exports(publication, workspace.root),
            known=known,
        )

    return Wish(workspace.slug, key, make, is_withdrawal=not approved)
