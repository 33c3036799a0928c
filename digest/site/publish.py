"""Approved Editions and Events in, the site out: brought to exactly this state, each step leaving a valid site.

What a page names is there before the page is, and goes after it. Only files that an earlier call wrote are ever
removed: `.published.json` lists them, so whatever else somebody keeps in the folder stays.
"""

import contextlib
import fcntl
import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from digest import theme
from digest.errors import Busy, DigestError, MissingTool, Stale
from digest.intake.slugs import cleaned
from digest.model.artifact import StoredFile
from digest.model.edition import Edition, Publication
from digest.model.event import Event
from digest.settings import Settings
from digest.site import digest_page, event_page
from digest.site.verify import verify
from digest.store.files import file_sha256, write_atomically

VERSION = 1

Find = Callable[[str, StoredFile], Path]

LOCK = ".lock"
LIST = ".published.json"


@dataclass
class _Site:
    """The site as it is to be, by path: pages, small files by content, a workspace's files by their slug and record.

    `until_then` are pages without a word of digests: where there is none yet, something to lead back to.
    """

    settings: Settings
    pages: dict[str, str] = field(default_factory=dict)
    until_then: dict[str, str] = field(default_factory=dict)
    made: dict[str, bytes] = field(default_factory=dict)
    stored: dict[str, tuple[str, StoredFile]] = field(default_factory=dict)

    def paths(self) -> set[str]:
        return {*self.pages, *self.made, *self.stored}

    def assets(self, folder: str, prefix: str) -> Callable[[str], str]:
        """Return what adds a style sheet or script to a folder of the site and answers with its relative address."""

        def asset(name: str) -> str:
            path = theme.static_file(self.settings, name)
            if path is None:
                missing = self.settings.organisation.logo if name == "logo" else name
                raise MissingTool(
                    "A file that the pages need is missing.", file=missing, remedy="Check templates and logo."
                )
            content = path.read_bytes()
            hashed = _hashed(path.stem if name != "logo" else name, hashlib.sha256(content).hexdigest(), path.name)
            self.made[f"{folder}{hashed}"] = content
            return f"{prefix}{hashed}"

        return asset


def publish(
    publications: Sequence[Publication], events: Sequence[Event], settings: Settings, *, find: Find, public: Path
) -> tuple[str, ...]:
    """Bring the site to these publications and events and return the paths that changed.

    A digest that was there and is in none of the publications leaves a tombstone. `find(slug, file)` says where a
    file of an Edition lies. Nothing changes if a page of it is not fit to be published.
    Raises Busy while somebody else publishes, Stale if a file of an Edition is not what was approved.
    """
    public.mkdir(parents=True, exist_ok=True)
    with _alone(public):
        before = _listed(public)
        published = {publication.edition.event.slug: publication for publication in publications}
        known = {event.slug: event for event in events}
        _check_addresses([*known, *published])
        retracted = {path.split("/")[0] for path in before if path.endswith("/digest/index.html")} - set(published)
        site = _built(published, known, retracted, settings)
        verify(site.pages, site.paths(), site.made)
        _list(public, before | site.paths())
        changed = tuple(_brought(site, before, public, published=published, retracted=retracted, find=find))
        _list(public, site.paths())
        return changed


def digests(public: Path) -> set[str]:
    """Return the slugs whose digest readers find on the site now; a tombstone has no other file beside it."""
    files = (path for path in _listed(public) if "/digest/" in path and not path.endswith("/digest/index.html"))
    return {path.split("/")[0] for path in files if (public / path).is_file()}


def is_whole(public: Path) -> bool:
    """Say whether all that was put on the site is still there."""
    paths = _listed(public)
    return bool(paths) and all((public / path).is_file() for path in paths)


def _brought(
    site: _Site, before: set[str], public: Path, *, published: Iterable[str], retracted: Iterable[str], find: Find
) -> Iterator[str]:
    """Do the steps in their order, yielding each path that changed."""
    gaining = [f"{slug}/index.html" for slug in sorted(published)]
    digests = [f"{slug}/digest/index.html" for slug in sorted(published)]
    tombstones = [f"{slug}/digest/index.html" for slug in sorted(retracted)]
    losing = [path for path in site.pages if path not in {*gaining, *digests, *tombstones, "index.html"}]
    yield from (path for path, content in site.made.items() if _written(public / path, content))
    yield from _pages(site, [*losing, *tombstones], public)
    yield from _removed(
        {path for path in before - site.paths() for slug in retracted if path.startswith(f"{slug}/digest/")}, public
    )
    yield from (path for path, (slug, file) in site.stored.items() if _placed(public / path, file, slug, find))
    for path, html in site.until_then.items():
        if not (public / path).is_file():
            yield from [path] if _written(public / path, html.encode()) else []
    yield from _pages(site, [*digests, "index.html", *gaining], public)
    yield from _removed(before - site.paths(), public)


def _built(
    published: dict[str, Publication], known: dict[str, Event], retracted: set[str], settings: Settings
) -> _Site:
    site = _Site(settings)
    shown = known | {slug: publication.edition.event for slug, publication in published.items()}
    for slug, event in shown.items():
        asset = site.assets("static/", "../static/")
        site.pages[f"{slug}/index.html"] = event_page.render(
            event, published.get(slug), settings, asset=asset, is_over=slug in retracted
        )
    asset = site.assets("static/", "static/")
    site.until_then["index.html"] = event_page.index((), {}, settings, asset=asset)
    for slug, publication in published.items():
        event_asset = site.assets("static/", "../static/")
        site.until_then[f"{slug}/index.html"] = event_page.render(
            publication.edition.event, None, settings, asset=event_asset, is_over=True
        )
        _add_digest(site, slug, publication)
    for slug in sorted(retracted):
        grave_asset = site.assets("static/", "../../static/")
        site.pages[f"{slug}/digest/index.html"] = event_page.tombstone(shown.get(slug), settings, asset=grave_asset)
    site.pages["index.html"] = event_page.index(tuple(shown.values()), published, settings, asset=asset)
    return site


def _add_digest(site: _Site, slug: str, publication: Publication) -> None:
    """Add a digest page with what it names and nothing else: what it does not show is not published."""
    folder = f"{slug}/digest/"
    names = dict(_names(publication.edition))
    exports = digest_page.exports(publication.edition)
    downloads = [
        StoredFile(path=name, sha256=hashlib.sha256(content).hexdigest(), size=len(content))
        for name, content in exports.items()
    ]

    def address(file: StoredFile) -> str:
        if file.path in exports:
            name = _hashed(PurePosixPath(file.path).stem, file.sha256, file.path)
            site.made[f"{folder}{name}"] = exports[file.path]
            return name
        name = _hashed(names[file.sha256], file.sha256, file.path)
        site.stored[f"{folder}{name}"] = (slug, file)
        return name

    site.pages[f"{folder}index.html"] = digest_page.render(
        publication, site.settings, address=address, asset=site.assets(folder, ""), downloads=downloads
    )


def _names(edition: Edition) -> Iterator[tuple[str, str]]:
    """Yield what each file of an Edition is called on the site, by its SHA-256."""
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


def _hashed(stem: str, sha256: str, path: str) -> str:
    return f"{stem}-{sha256[:8]}{PurePosixPath(path).suffix}"


def _check_addresses(slugs: Iterable[str]) -> None:
    for slug in slugs:
        if cleaned(slug) != slug:
            raise DigestError(
                f"“{slug}” cannot be a webinar's address.",
                remedy="Write another slug into event.toml: small letters, digits and hyphens, no reserved name.",
            )


def _pages(site: _Site, paths: Iterable[str], public: Path) -> Iterator[str]:
    return (path for path in paths if _written(public / path, site.pages[path].encode()))


def _written(path: Path, content: bytes) -> bool:
    """Write a file where its content differs, and say whether it did."""
    with contextlib.suppress(OSError):
        if path.read_bytes() == content:
            return False
    write_atomically(path, content)
    return True


def _placed(path: Path, file: StoredFile, slug: str, find: Find) -> bool:
    """Put a workspace's file in place, hash checked, and say whether it was not there yet: its name has its hash."""
    with contextlib.suppress(OSError):
        if path.stat().st_size == file.size:
            return False
    source = find(slug, file)
    if file_sha256(source) != file.sha256:
        raise Stale("A file is no longer the one that was approved.", file=source, remedy="Run the drop again.")
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.tmp")
    beside.unlink(missing_ok=True)
    try:
        beside.hardlink_to(source)
    except OSError:  # another disk, or one that knows no links
        shutil.copyfile(source, beside)
    beside.replace(path)
    return True


def _removed(paths: Iterable[str], public: Path) -> Iterator[str]:
    """Remove files and the folders that they leave empty, yielding each path that was there."""
    for path in sorted(paths):
        target = public / path
        if not target.is_file():
            continue
        target.unlink()
        yield path
        with contextlib.suppress(OSError):
            os.removedirs(target.parent)


@contextlib.contextmanager
def _alone(public: Path) -> Iterator[None]:
    with (public / LOCK).open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise Busy(
                "The site is being published just now.", remedy="Nothing is lost: try again in a minute."
            ) from error
        yield


def _listed(public: Path) -> set[str]:
    """Return the paths that earlier calls wrote; a path that would lead out of the folder is none of them."""
    try:
        paths = json.loads((public / LIST).read_bytes())
    except (OSError, ValueError):
        return set()
    return {path for path in paths if isinstance(path, str) and not path.startswith("/") and ".." not in path}


def _list(public: Path, paths: Iterable[str]) -> None:
    _written(public / LIST, json.dumps(sorted(paths), indent=0).encode() + b"\n")
