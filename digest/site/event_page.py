"""The event page, and what stands where it or a digest was: Events and Publications in, HTML out."""

from collections.abc import Callable

from digest import theme
from digest.model.announcement import Invitation
from digest.model.event import end_of
from digest.model.public import Publication, PublicEvent
from digest.settings import Settings
from digest.site.structured_data import event_data

Asset = Callable[[str], str]


def render(
    event: PublicEvent,
    publication: Publication | None,
    settings: Settings,
    *,
    asset: Asset,
    is_over: bool = False,
    invitation: Invitation | None = None,
) -> str:
    """Return the event page; with a Publication its first line is the [Update], with an Invitation it has a calendar.

    `is_over` says that the webinar has taken place though there is no digest, yet or any more.
    """
    edition = publication.edition if publication else None
    event = edition.event if edition else event
    return _page(
        "event.html",
        settings,
        asset,
        event=event,
        publication=publication,
        is_over=is_over or publication is not None,
        ends_at=end_of(event.starts_at, event.timezone, event.minutes),
        invitation=invitation,
        data=event_data(event, invitation, settings.organisation),
        has_recording=bool(edition and edition.web),
        has_slides=bool(edition and (edition.slides_pdf or edition.slides)),
        home="../index.html",
    )


def withdrawal_note(settings: Settings, *, asset: Asset) -> str:
    """Return what stands where an event was announced whose announcement was taken back."""
    return _page("withdrawn.html", settings, asset, home="../index.html")


def tombstone(event: PublicEvent | None, settings: Settings, *, asset: Asset) -> str:
    """Return what stands where a digest was; without an Event it leads to the index."""
    return _page("retracted.html", settings, asset, event=event, home="../../index.html")


def _page(name: str, settings: Settings, asset: Asset, **shown: object) -> str:
    template = theme.environment(settings).get_template(name)
    return template.render(organisation=settings.organisation, asset=asset, **shown)
