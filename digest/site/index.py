"""The list of all webinars: Events and Publications in, HTML out."""

from collections.abc import Callable, Mapping, Sequence

from digest import theme
from digest.model.public import Publication, PublicEvent
from digest.settings import Settings


def render(
    events: Sequence[PublicEvent],
    publications: Mapping[str, Publication],
    settings: Settings,
    *,
    asset: Callable[[str], str],
) -> str:
    """Return the list of all events, the newest first; `publications` by slug."""
    newest_first = sorted(events, key=lambda event: (event.starts_at, event.slug), reverse=True)
    return (
        theme.environment(settings)
        .get_template("index.html")
        .render(
            organisation=settings.organisation,
            asset=asset,
            events=newest_first,
            publications=publications,
            home="index.html",
        )
    )
