"""What every webinar is to have in, the site out: what is not there is made, each step leaving a valid site."""

import contextlib
import fcntl
import logging
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from digest.errors import Busy, DigestError
from digest.exports import data
from digest.model.event import end_of
from digest.settings import Settings
from digest.site.apply import Change, Find, apply, clear_incoming
from digest.site.assets import Assets
from digest.site.feeds import feed_files
from digest.site.index import NOT_FOUND, empty_front, list_files, root_path
from digest.site.listed import Listed
from digest.site.parts import SitePart, Wish
from digest.site.record import OnSite, SiteRecord, read_files, read_record, renew, stamp, stands
from digest.site.search_index import Searched, search_files
from digest.site.site_files import SiteFile
from digest.site.verify import Either, OnDisk, verify

log = logging.getLogger(__name__)

LOCK = ".lock"
CARD = re.compile(r'<li class="card.*?</li>', re.DOTALL)
NO_WORKSPACE = "it has no workspace here; delete its folder from the site to give it up for good"


@dataclass(frozen=True)
class Published:
    """The paths that changed, and which webinars were left as they stood, each with the reason in words."""

    changed: tuple[str, ...]
    left: dict[str, str]


def publish(
    wishes: Sequence[Wish],
    unreadable: dict[str, str],
    settings: Settings,
    *,
    find: Find,
    now: datetime,
    first: str | None = None,
) -> Published:
    """Bring the site to what each webinar is to have.

    A webinar that is `unreadable`, by slug with the reason, whose part cannot be made, or that has no workspace any
    more is left as it stands; where it is the `first`, for whose sake this is done, its error is raised.
    `find(slug, file)` says where a file of a workspace lies; what is to come at `now` is listed first.
    Raises Busy while somebody else publishes, Stale if a file of an Edition is not what was approved.
    """
    public, assets = settings.public, Assets(settings)
    public.mkdir(parents=True, exist_ok=True)
    with _hold(public):
        clear_incoming(public, is_everywhere=renew(public))
        before = read_record(public)
        parts, left = _make_parts(wishes, before, public, first)
        left |= unreadable
        wished = {wish.slug for wish in wishes}
        orphans = [slug for slug in before.webinars if slug not in wished and slug not in left]
        gone = tuple(slug for slug in orphans if not _is_there(slug, public))
        left |= {slug: NO_WORKSPACE for slug in orphans if slug not in gone}
        change = _change(parts, gone, before, now, settings=settings, assets=assets, find=find)
        if not parts and not gone and not change.lists and stands(public, before.shared):
            return Published((), left)
        changed, not_placed = apply(change, assets, public, find=find, first=first)
        return Published(changed, left | {slug: reason(slug, error) for slug, error in not_placed.items()})


def _is_there(slug: str, public: Path) -> bool:
    return any((public / path).is_file() for path in read_files(public, slug))


def _make_parts(
    wishes: Sequence[Wish], before: SiteRecord, public: Path, first: str | None
) -> tuple[tuple[SitePart, ...], dict[str, str]]:
    """Return the part of each webinar that is not as it should be, and the reasons of those that cannot be made."""
    parts, left, known = list[SitePart](), dict[str, str](), OnDisk(public)
    for wish in wishes:
        on = before.webinars.get(wish.slug)
        if wish.is_withdrawal and on is None:
            continue
        if on and on.key == wish.key and _is_as_put(public, wish.slug, on.stamp):
            continue
        try:
            parts.append(wish.make(known))
        except Exception as error:
            if wish.slug == first:
                raise
            left[wish.slug] = reason(wish.slug, error)
    return tuple(parts), left


def _is_as_put(public: Path, slug: str, as_left: str) -> bool:
    """Return whether all files of a webinar lie as they were put; whatever else lies beside them does not count."""
    if as_left and stamp(public, slug) == as_left:
        return True
    files = read_files(public, slug)
    return bool(files) and stands(public, files)


def reason(slug: str, error: Exception) -> str:
    """Return in words why a webinar cannot be published, and log what nobody foresaw."""
    if isinstance(error, DigestError):
        return str(error)
    log.error("The webinar %s cannot be published", slug, exc_info=error)
    return f"something that nobody foresaw ({type(error).__name__})"


def _shown_after(parts: Sequence[SitePart], gone: tuple[str, ...], before: SiteRecord) -> dict[str, OnSite | SitePart]:
    """Return all webinars that the site will have, by slug."""
    shown: dict[str, OnSite | SitePart] = {slug: on for slug, on in before.webinars.items() if slug not in gone}
    return shown | {part.slug: part for part in parts}


def _lines_of_list(shown: Mapping[str, OnSite | SitePart], now: datetime) -> tuple[Listed, ...]:
    """Return every event that the list will have."""
    return tuple(
        Listed(
            event,
            one.state,
            is_to_come=end_of(event.starts_at, event.timezone, event.minutes) > now,
            card=one.card,
            language=one.language,
            published_at=one.published_at,
            entries=one.entries,
        )
        for one in shown.values()
        if (event := one.event)
    )


def _change(
    parts: tuple[SitePart, ...],
    gone: tuple[str, ...],
    before: SiteRecord,
    now: datetime,
    *,
    settings: Settings,
    assets: Assets,
    find: Find,
) -> Change:
    named = dict[str, str]()

    def asset(name: str, up: str) -> str:
        path = f"static/{assets.hashed_name(name)}"
        named[path] = name
        return f"{up}{path}"

    public, slugs = settings.public, (*gone, *(part.slug for part in parts))
    change = Change(parts, gone, before, {slug: read_files(public, slug) for slug in slugs})
    shown, key = _shown_after(parts, gone, before), assets.key
    listed = _lines_of_list(shown, now)
    files = [
        SiteFile(data.SCHEMA, str(data.VERSION), data.json_schema),
        *feed_files(listed, settings, key=key),
        *search_files(_searchable(shown), settings, key=key, read=_reader(parts, public, find), asset=asset),
        *list_files(listed, settings, key=key, asset=asset),
    ]
    for file in files:
        change.keys[file.path] = file.key
        placed = before.shared.get(file.path)
        if before.site_files.get(file.path) != file.key or placed is None or not stands(public, {file.path: placed}):
            change.lists[file.path] = file.render()
    change.empty_index = empty_front(settings, asset=lambda name, up: f"{up}static/{assets.hashed_name(name)}")
    earlier = {path: name for path, name in before.list_assets.items() if assets.has(path, name)}
    change.list_assets |= earlier | named
    _verify_lists(change, public, root_path(settings))
    return change


def _searchable(shown: Mapping[str, OnSite | SitePart]) -> list[tuple[str, Searched]]:
    """Return the webinars that can be searched, in the order of time."""
    found = [(one.event.starts_at, slug, one.searched) for slug, one in shown.items() if one.event and one.searched]
    return [(slug, searched) for _, slug, searched in sorted(found, key=lambda one: one[:2])]


def _reader(parts: Sequence[SitePart], public: Path, find: Find) -> Callable[[str, str], bytes]:
    """Return what reads the terms of a webinar: those that are to be put there, else those that lie there."""
    coming = {part.slug: part for part in parts}

    def read(slug: str, name: str) -> bytes:
        path = f"{slug}/digest/{name}"
        source = find(slug, coming[slug].files[path]) if slug in coming else public / path
        try:
            return source.read_bytes()
        except OSError:
            log.warning("The words of %s are not in the search: %s cannot be read", slug, source)
            return b"{}"

    return read


def _verify_lists(change: Change, public: Path, root: str) -> None:
    """Check the frames of the lists: their cards were checked when they were made."""
    pages = {path: CARD.sub("", html.decode()) for path, html in change.lists.items() if path.endswith(".html")}
    if NOT_FOUND in pages:
        pages[NOT_FOUND] = pages[NOT_FOUND].replace(f'="{root}', '="/')  # the root of the site is / to the check
    new = {*change.keys, *change.list_assets, *(path for part in change.parts for path in part.files)}
    verify(pages, Either(new, OnDisk(public)), {})


@contextlib.contextmanager
def _hold(public: Path) -> Iterator[None]:
    """Keep other publishers out while the block runs. Raises Busy while another one is at it."""
    with (public / LOCK).open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise Busy(
                "The site is being published just now.", remedy="Nothing is lost: try again in a minute."
            ) from error
        yield
