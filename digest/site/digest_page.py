"""The digest page: a Publication in, HTML out. The site publishes it and the desk previews it."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from types import MappingProxyType
from urllib.parse import urljoin
from zoneinfo import ZoneInfo

from digest import theme
from digest.exports import EXPORTS, view
from digest.model.artifact import StoredFile
from digest.model.public import Publication, PublicEdition
from digest.settings import Settings
from digest.site.cards import Cover
from digest.site.structured_data import digest_data

DEMONSTRATION = "demonstration"  # who approves when no editor does
SLIDES_LABELS = {"slides": "Slides (PDF)", "presentation": "Presentation (original file)"}  # of the downloads


def render(
    publication: Publication,
    settings: Settings,
    *,
    address: Callable[[StoredFile], str],
    asset: Callable[[str], str] = "/static/{}".format,
    exported: Mapping[str, StoredFile] = MappingProxyType({}),
    template: str = "digest.html",
) -> str:
    """Return the page. `address` says where a file of the Edition is served, `asset` a style sheet or script.

    `exported` are the files made of the Edition by the name of the export; without them the page offers none and its
    captions travel in the page alone. A `template` that extends the page's own may frame it otherwise.
    """
    edition, preview = publication.edition, _preview(publication.edition, settings, address)
    page = view.page_of(edition, address, exported.get("captions-vtt"))
    return (
        theme.environment(settings)
        .get_template(template)
        .render(
            page=replace(page, downloads=_downloads(edition, exported, address)),
            edition=edition,
            event=edition.event,
            publication=publication,
            about_page=_about(edition, settings),
            is_demonstration=publication.approved_by == DEMONSTRATION,
            licence=edition.event.licence or settings.organisation.licence,
            organisation=settings.organisation,
            canonical=_canonical(edition, settings),
            preview=preview,
            data=_data(publication, preview, settings, address),
            asset=asset,
            home="../../index.html",
        )
    )


def _downloads(
    edition: PublicEdition, exported: Mapping[str, StoredFile], address: Callable[[StoredFile], str]
) -> dict[str, view.Download]:
    files = [
        ("slides", SLIDES_LABELS["slides"], edition.slides_pdf),
        ("presentation", SLIDES_LABELS["presentation"], edition.original_deck),
        *((export.name, export.label, exported.get(export.name)) for export in EXPORTS),
    ]
    found = {name: view.Download(label, address(file), file.size) for name, label, file in files if file}
    if more := edition.more_original_decks:
        found["presentation"] = replace(found["presentation"], number=1)
        label = SLIDES_LABELS["presentation"]
        found |= {
            f"presentation-{at}": view.Download(label, address(deck), deck.size, at)
            for at, deck in enumerate(more, start=2)
        }
    return found


def _canonical(edition: PublicEdition, settings: Settings) -> str | None:
    return settings.organisation.address(f"{edition.event.slug}/digest/")


def _preview(edition: PublicEdition, settings: Settings, address: Callable[[StoredFile], str]) -> Cover | None:
    """Return the picture that other sites show of the page, at its absolute address: the first slide, the recording."""
    large = next((slide.image for slide in edition.slides if slide.image), None) or edition.poster
    canonical = _canonical(edition, settings)
    return Cover(large, urljoin(canonical, address(large))) if large and canonical else None


def _data(
    publication: Publication, preview: Cover | None, settings: Settings, address: Callable[[StoredFile], str]
) -> dict[str, object]:
    web, canonical = publication.edition.web, _canonical(publication.edition, settings)
    if canonical is None:
        return {}
    recording = urljoin(canonical, address(web)) if web else None
    files = {"recording": recording, "picture": preview.address if preview else None}
    return digest_data(publication, files, settings.organisation)


def _about(edition: PublicEdition, settings: Settings) -> dict[str, object]:
    """Return what a quote from the page is cited with, as plain JSON."""
    event = edition.event
    held_on = event.starts_at.astimezone(ZoneInfo(event.timezone)).date()
    return {
        "slug": event.slug,
        "title": event.title,
        "date": held_on.isoformat(),
        "day": theme.environment(settings).filters["day"](event.starts_at, event.timezone),
        "publisher": settings.organisation.name or "",
        "url": _canonical(edition, settings),
        "roles": {speaker.name: speaker.role for speaker in event.speakers if speaker.role},
    }
