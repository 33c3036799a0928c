"""Publications and Events in, the site out: brought to exactly this state, each step leaving a valid site."""

from collections.abc import Sequence
from pathlib import Path

from digest.model.public import Publication, PublicEvent
from digest.settings import Settings
from digest.site.apply import Find, apply, hold, read_list
from digest.site.manifest import Exported, build_manifest
from digest.site.verify import verify


def publish(
    publications: Sequence[Publication],
    events: Sequence[PublicEvent],
    settings: Settings,
    *,
    find: Find,
    exported: Exported,
    public: Path,
) -> tuple[str, ...]:
    """Bring the site to these publications and events and return the paths that changed.

    A digest that was there and is in none of the publications leaves a tombstone. `find(slug, file)` says where a
    file of a workspace lies. Nothing changes if a page of it is not fit to be published.
    Raises Busy while somebody else publishes, Stale if a file of an Edition is not what was approved.
    """
    public.mkdir(parents=True, exist_ok=True)
    with hold(public):
        site = build_manifest(publications, events, settings, exported=exported, before=read_list(public))
        verify(site.pages, site.paths(), site.static)
        return tuple(apply(site, public, find=find))
