"""The event page, the index and the tombstone: Events and Publications in, HTML out."""

from collections.abc import Callable, Mapping, Sequence

from digest import theme
from digest.model.edition import Publication
from digest.model.event import Event
from digest.settings import Settings
from digest.site import view

Asset = Callable[[str], str]


def render(
    event: Event, publication: Publication | None, settings: Settings, *, asset: Asset, is_over: bool = False
) -> str:
    """Return the event page; with a Publication its first line is the [Update].

    `is_over` says that the webinar has taken place though there is no digest, any more: nobody is asked to register.
    """
    edition = view.as_published(publication.edition) if publication else None
    return _page(
        "event.html",
        settings,
        asset,
        event=edition.event if edition else view.event_as_published(event),
        publication=publication,
        is_over=is_over or publication is not None,
        has_recording=bool(edition and edition.event.publish_recording),
        has_slides=bool(edition and (edition.slides_pdf or edition.slides)),
        home="../index.html",
    )


def index(events: Sequence[Event], publications: Mapping[str, Publication], settings: Settings, *, asset: Asset) -> str:
    """Return the list of all events, the newest first; `publications` by slug."""
    newest_first = sorted(events, key=lambda event: (event.starts_at, event.slug), reverse=True)
    return _page("index.html", settings, asset, events=newest_first, publications=publications, home="index.html")


def tombstone(event: Event | None, settings: Settings, *, asset: Asset) -> str:
    """Return what stands where a digest was; without an Event it leads to the index."""
    return _page("retracted.html", settings, asset, event=event, home="../../index.html")


def _page(name: str, settings: Settings, asset: Asset, **shown: object) -> str:
    template = theme.environment(settings).get_template(name)
    return template.render(organisation=settings.organisation, asset=asset, **shown)
