"""The list of all webinars: Events and the slugs of those with a digest in, HTML out."""

from collections.abc import Callable, Collection, Sequence

from digest import theme
from digest.model.public import PublicEvent
from digest.settings import Settings


def render(
    events: Sequence[PublicEvent],
    published: Collection[str],
    settings: Settings,
    *,
    asset: Callable[[str], str],
) -> str:
    """Return the list of all events, the newest first; `published` are the slugs of those with a digest."""
    newest_first = sorted(events, key=lambda event: (event.starts_at, event.slug), reverse=True)
    return (
        theme.environment(settings)
        .get_template("index.html")
        .render(
            organisation=settings.organisation,
            asset=asset,
            events=newest_first,
            publications=published,
            home="index.html",
        )
    )
