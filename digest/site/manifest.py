"""What the site should be: Publications and Events in, every path of it with what lies there out."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from digest import theme
from digest.errors import DigestError, MissingTool
from digest.intake.slugs import slugify
from digest.model.artifact import StoredFile
from digest.model.public import Publication, PublicEdition, PublicEvent
from digest.settings import Settings
from digest.site import digest_page, event_page, index

Exported = Callable[[Publication], Mapping[str, StoredFile]]  # the files made of an Edition, by the export's name


@dataclass
class Manifest:
    """The site as it is to be, by path: pages, static files by content, a workspace's files by its slug and record.

    `until_then` are pages without a word of digests: where there is none yet, something to lead back to.
    `published` and `retracted` are slugs.
    """

    published: tuple[str, ...]
    retracted: tuple[str, ...]
    pages: dict[str, str] = field(default_factory=dict)
    until_then: dict[str, str] = field(default_factory=dict)
    static: dict[str, bytes] = field(default_factory=dict)
    stored: dict[str, tuple[str, StoredFile]] = field(default_factory=dict)

    def paths(self) -> set[str]:
        """Return every path of the site."""
        return {*self.pages, *self.static, *self.stored}


def build_manifest(
    publications: Iterable[Publication],
    events: Iterable[PublicEvent],
    settings: Settings,
    *,
    exported: Exported,
    before: Iterable[str],
) -> Manifest:
    """Return the site of these publications and events; a digest that was there `before` leaves a tombstone.

    Raises DigestError where a slug cannot be an address, MissingTool where a file that the pages need is missing.
    """
    published = {publication.edition.event.slug: publication for publication in publications}
    known = {event.slug: event for event in events}
    check_addresses([*known, *published])
    shown = known | {slug: publication.edition.event for slug, publication in published.items()}
    retracted = {path.split("/")[0] for path in before if path.endswith("/digest/index.html")} - set(published)
    site = Manifest(published=tuple(sorted(published)), retracted=tuple(sorted(retracted)))
    for slug, event in shown.items():
        asset = _assets(site, settings, "static/", "../static/")
        site.pages[f"{slug}/index.html"] = event_page.render(
            event, published.get(slug), settings, asset=asset, is_over=slug in retracted
        )
    asset = _assets(site, settings, "static/", "static/")
    site.until_then["index.html"] = index.render((), {}, settings, asset=asset)
    for slug, publication in published.items():
        event_asset = _assets(site, settings, "static/", "../static/")
        site.until_then[f"{slug}/index.html"] = event_page.render(
            publication.edition.event, None, settings, asset=event_asset, is_over=True
        )
        _add_digest(site, slug, publication, settings, exported(publication))
    for slug in site.retracted:
        grave_asset = _assets(site, settings, "static/", "../../static/")
        site.pages[f"{slug}/digest/index.html"] = event_page.tombstone(shown.get(slug), settings, asset=grave_asset)
    site.pages["index.html"] = index.render(tuple(shown.values()), published, settings, asset=asset)
    return site


def check_addresses(slugs: Iterable[str]) -> None:
    """See to it that every slug can be an address. Raises DigestError naming one that cannot."""
    for slug in slugs:
        if slugify(slug) != slug:
            raise DigestError(
                f"“{slug}” cannot be a webinar's address.",
                remedy="Write another slug into event.toml: small letters, digits and hyphens, no reserved name.",
            )


def _assets(site: Manifest, settings: Settings, folder: str, prefix: str) -> Callable[[str], str]:
    """Return what adds a style sheet or script to a folder of the site and answers with its relative address."""

    def asset(name: str) -> str:
        path = theme.static_file(settings, name)
        if path is None:
            missing = settings.organisation.logo if name == "logo" else name
            raise MissingTool(
                "A file that the pages need is missing.", file=missing, remedy="Check templates and logo."
            )
        content = path.read_bytes()
        stem = path.stem if name != "logo" else name
        hashed = hashed_name(stem, hashlib.sha256(content).hexdigest(), path.name)
        site.static[f"{folder}{hashed}"] = content
        return f"{prefix}{hashed}"

    return asset


def _add_digest(
    site: Manifest, slug: str, publication: Publication, settings: Settings, exported: Mapping[str, StoredFile]
) -> None:
    """Add a digest page with what it names and nothing else: what it does not show is not published."""
    folder = f"{slug}/digest/"
    names = dict(_names(publication.edition)) | {
        file.sha256: PurePosixPath(file.path).stem for file in exported.values()
    }

    def address(file: StoredFile) -> str:
        name = hashed_name(names[file.sha256], file.sha256, file.path)
        site.stored[f"{folder}{name}"] = (slug, file)
        return name

    site.pages[f"{folder}index.html"] = digest_page.render(
        publication, settings, address=address, asset=_assets(site, settings, folder, ""), exported=exported
    )


def _names(edition: PublicEdition) -> Iterator[tuple[str, str]]:
    """Yield what each file of an Edition is called on the site, by its SHA-256."""
    if edition.web:
        yield edition.web.sha256, "recording"
    if edition.poster:
        yield edition.poster.sha256, "poster"
    if edition.slides_pdf:
        yield edition.slides_pdf.sha256, "slides"
    if edition.original_deck:
        yield edition.original_deck.sha256, "presentation"
    for slide in edition.slides:
        if slide.image:
            yield slide.image.sha256, f"slide-{slide.number}"
        if slide.thumbnail:
            yield slide.thumbnail.sha256, f"slide-{slide.number}-small"
        for at, part in enumerate(slide.parts, start=1):
            yield part.sha256, f"slide-{slide.number}-picture-{at}"


def hashed_name(stem: str, sha256: str, path: str) -> str:
    """Return a file's name on the site: what it is, its hash, its ending."""
    return f"{stem}-{sha256[:8]}{PurePosixPath(path).suffix}"
