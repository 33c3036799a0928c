"""The event page, and the tombstone of a digest: Events and Publications in, HTML out."""

from collections.abc import Callable

from digest import theme
from digest.model.public import Publication, PublicEvent
from digest.settings import Settings

Asset = Callable[[str], str]


def render(
    event: PublicEvent, publication: Publication | None, settings: Settings, *, asset: Asset, is_over: bool = False
) -> str:
    """Return the event page; with a Publication its first line is the [Update].

    `is_over` says that the webinar has taken place though there is no digest, any more: nobody is asked to register.
    """
    edition = publication.edition if publication else None
    return _page(
        "event.html",
        settings,
        asset,
        event=edition.event if edition else event,
        publication=publication,
        is_over=is_over or publication is not None,
        has_recording=bool(edition and edition.web),
        has_slides=bool(edition and (edition.slides_pdf or edition.slides)),
        home="../index.html",
    )


def tombstone(event: PublicEvent | None, settings: Settings, *, asset: Asset) -> str:
    """Return what stands where a digest was; without an Event it leads to the index."""
    return _page("retracted.html", settings, asset, event=event, home="../../index.html")


def _page(name: str, settings: Settings, asset: Asset, **shown: object) -> str:
    template = theme.environment(settings).get_template(name)
    return template.render(organisation=settings.organisation, asset=asset, **shown)
