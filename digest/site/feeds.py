"""What programs follow the site by: the lists of webinars in, Atom, podcast and sitemap out, entry by entry.

An entry is written with its webinar and kept with it; here they are chosen and put into their frames. All of them need
to know where the site lives: without `base_url` there are none.
"""

import uuid
from collections.abc import Iterable, Sequence
from hashlib import sha256

from markupsafe import Markup

from digest import theme
from digest.exports.cover import draw_podcast_cover
from digest.model.artifact import StoredFile
from digest.model.public import Publication
from digest.settings import Settings
from digest.site.cards import Cover
from digest.site.listed import Listed
from digest.site.site_files import SiteFile

FEED, PODCAST, SITEMAP = "feed.xml", "podcast.xml", "sitemap.xml"
COVER = "podcast.jpg"  # of the podcast; its address stays
MAX_ENTRIES, MAX_EPISODES = 50, 300  # the newest; a reader who is further behind looks at the site
PODCAST_NAMESPACE = uuid.UUID("ead4c236-bf58-58c6-a2c6-a6b28d128cb6")  # Podcasting 2.0, podcast:guid


def entries_of(
    publication: Publication,
    settings: Settings,
    *,
    addresses: dict[str, str],
    exported: dict[str, StoredFile],
    cover: Cover | None,
) -> dict[str, str]:
    """Return a digest's entry in each feed, by the feed; `addresses` are those of its files, absolute, by SHA-256."""
    edition = publication.edition
    page = settings.organisation.address(f"{edition.event.slug}/digest/")
    if page is None:
        return {}
    shown = {
        "publication": publication,
        "edition": edition,
        "event": edition.event,
        "page": page,
        "picture": settings.organisation.address(cover.address) if cover else None,
        "files": {name: addresses[file.sha256] for name, file in exported.items()},
        "sound": exported.get("audio"),
        "recording": addresses[edition.web.sha256] if edition.web else None,
    }
    templates = {FEED: "_entry.xml"} | ({PODCAST: "_episode.xml"} if edition.web else {})
    environment = theme.environment(settings)
    return {feed: environment.get_template(name).render(shown).strip() for feed, name in templates.items()}


def feed_files(listed: Sequence[Listed], settings: Settings, *, key: str) -> list[SiteFile]:
    """Return the feeds and the sitemap; `key` is of all that every page depends on."""
    address = settings.organisation.address("")
    if address is None:
        return []
    newest = sorted(listed, key=lambda one: (one.published_at or one.event.starts_at, one.event.slug), reverse=True)
    latest = sorted(listed, key=lambda one: (one.event.starts_at, one.event.slug), reverse=True)
    pages = sorted(listed, key=lambda one: one.event.slug)
    guid = uuid.uuid5(PODCAST_NAMESPACE, f"{address}{PODCAST}".partition("://")[2])
    has_cover = "audio" in settings.exports.formats
    cover = [SiteFile(COVER, key, lambda: draw_podcast_cover(settings))] if has_cover else []
    return [
        *cover,
        _file(FEED, _entries(newest, FEED)[:MAX_ENTRIES], settings, key, updated=_date_of_newest(newest)),
        _file(
            PODCAST,
            _entries(latest, PODCAST)[:MAX_EPISODES],
            settings,
            key,
            guid=str(guid),
            cover=COVER if has_cover else "",
        ),
        _file(SITEMAP, [_in_sitemap(one, address) for one in pages], settings, key),
    ]


def _entries(listed: Iterable[Listed], feed: str) -> list[str]:
    return [one.entries[feed] for one in listed if feed in one.entries]


def _date_of_newest(listed: Iterable[Listed]) -> str:
    """Return when the newest digest came out; before there is one, a day that is long over."""
    return max((one.published_at.isoformat() for one in listed if one.published_at), default="2000-01-01T00:00:00Z")


def _in_sitemap(one: Listed, address: str) -> str:
    """Return a webinar's addresses; slugs need no escaping."""
    at = f"<lastmod>{one.published_at.isoformat(timespec='seconds')}</lastmod>" if one.published_at else ""
    pages = [f"{address}{one.event.slug}/", *([f"{address}{one.event.slug}/digest/"] if at else [])]
    return "".join(f"<url><loc>{Markup.escape(page)}</loc>{at}</url>" for page in pages)


def _file(path: str, entries: Sequence[str], settings: Settings, key: str, **shown: object) -> SiteFile:
    hashed = sha256("\0".join([key, path, *map(str, shown.values()), *entries]).encode()).hexdigest()

    def render() -> bytes:
        made = theme.environment(settings).get_template(path)
        address = settings.organisation.address
        inside = Markup("\n".join(entries))  # noqa: S704 - their templates escaped them
        text: str = made.render(organisation=settings.organisation, address=address, entries=inside, **shown)
        return text.encode()

    return SiteFile(path, hashed[:16], render)
