"""Parts that changed in, the site moved to them: what a page names is there before the page is, and goes after it."""

import contextlib
import hashlib
import logging
import os
import re
import shutil
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from digest.errors import DigestError, Stale
from digest.model.artifact import StoredFile
from digest.site.assets import Assets
from digest.site.index import INDEX
from digest.site.parts import SitePart
from digest.site.record import (
    UNKNOWN,
    Files,
    OnSite,
    SiteRecord,
    placement,
    stamp,
    stands,
    write_files,
    write_record,
)
from digest.store.files import copy_file, file_sha256, fsync_folder, temporary_beside, write_durably

log = logging.getLogger(__name__)

Find = Callable[[str, StoredFile], Path]

INCOMING = ".incoming"  # what is being written, until it takes its place; a killed publication leaves it here alone
LEFTOVER = re.compile(r"\..*\.tmp")  # as earlier versions left them beside their places


@dataclass
class Change:
    """What is to be done: the webinars whose part is another, the slugs that go, and the lists that are others.

    `empty_index` has no webinar: something to lead back to, while there is none. `files` are those that each of these
    webinars has on the site before. `keys` are those of all files of the whole site, `lists` the content of those that
    are written. `placed` fills up on the way.
    """

    parts: tuple[SitePart, ...]
    gone: tuple[str, ...]
    before: SiteRecord
    files: Mapping[str, Files]
    keys: dict[str, str] = field(default_factory=dict)
    lists: dict[str, bytes] = field(default_factory=dict)
    empty_index: str = ""
    list_assets: dict[str, str] = field(default_factory=dict)
    placed: Files = field(default_factory=dict)

    def assets(self, assets: Assets) -> dict[str, str]:
        """Return the assets to be written, by path: those of the parts, and shared ones that the theme still has."""
        found = self.list_assets | {
            path: name for on in self.before.webinars.values() for path, name in on.shared.items()
        }
        of_parts = {path: name for part in self.parts for path, name in part.assets.items()}
        return {path: name for path, name in found.items() if assets.has(path, name)} | of_parts


def apply(
    change: Change, assets: Assets, public: Path, *, find: Find, first: str | None
) -> tuple[tuple[str, ...], dict[str, Exception]]:
    """Do the steps in their order, every one leaving a valid site; return what changed, and whose files could not go.

    Raises Stale where a file of `first` is not what was approved; another webinar with such a file stays as it stands.
    """
    site = _Site(public, find, assets, change)
    _record_on_the_way(change, public)
    changed, failed = list[str](), dict[str, Exception]()
    for part in change.parts:
        try:
            changed += site.place_files(part)
        except (DigestError, OSError) as error:
            if part.slug == first:
                raise
            failed[part.slug] = error
    change.parts = tuple(part for part in change.parts if part.slug not in failed)
    for path in site.steps():
        log.debug("changed %s", path)
        changed.append(path)
    _record_after(change, public, failed)
    return tuple(changed), failed


def clear_incoming(public: Path, *, is_everywhere: bool) -> None:
    """Remove what a killed publication was writing; 0.1.0 wrote it everywhere."""
    shutil.rmtree(public / INCOMING, ignore_errors=True)
    if is_everywhere:
        for path in public.rglob(".*.tmp"):
            if LEFTOVER.fullmatch(path.name):
                path.unlink()


class _Site:
    """The folder of the site while it is changed."""

    def __init__(self, public: Path, find: Find, assets: Assets, change: Change) -> None:
        self._public, self._find, self._assets, self._change = public, find, assets, change
        self._before = dict(change.before.shared)
        self._unsettled = set[Path]()
        for part in change.parts:
            self._before |= change.files[part.slug]

    def place_files(self, part: SitePart) -> Iterator[str]:
        """Place what the pages of a webinar name, and yet nobody is led to, yielding each path that changed."""
        for path in sorted(part.files.keys() - {part.event_page, part.digest_page, part.embedded_page}):
            yield from self._place(part, path)
        self._settle()

    def steps(self) -> Iterator[str]:
        """Do the steps in their order, yielding each path that changed."""
        change, parts = self._change, self._change.parts
        out = [part for part in parts if part.state == "published"]
        back = [part for part in parts if part.state == "retracted"]
        for path, name in change.assets(self._assets).items():
            yield from self._write(path, self._assets.content(name))
        self._settle()
        if change.empty_index and not (self._public / INDEX).is_file():
            yield from self._write(INDEX, change.empty_index.encode())
        yield from (path for part in parts if part not in out for path in self._pages(part, part.event_page))
        yield from (path for part in back for path in self._pages(part, part.digest_page))
        yield from self._lead_back(out)
        for part in out:
            yield from self._pages(part, part.digest_page)
            yield from self._pages(part, part.embedded_page)
        for path, content in change.lists.items():
            yield from self._write(path, content)
        self._settle()
        yield from (path for part in back for path in self._remove(self._files_to_withdraw(part)))
        yield from (path for part in out for path in self._pages(part, part.event_page))
        yield from self._remove(_unnamed_paths(change))
        shutil.rmtree(self._public / INCOMING, ignore_errors=True)

    def _lead_back(self, out: Iterable[SitePart]) -> Iterator[str]:
        """Write event pages without a word of a digest where there are none yet: a digest page leads back to them."""
        for part in out:
            if part.until_then and not (self._public / part.event_page).is_file():
                content = self._find(part.slug, part.until_then).read_bytes()
                yield from self._write(part.event_page, content)

    def _files_to_withdraw(self, part: SitePart) -> list[str]:
        on = self._change.files[part.slug]
        return [path for path in on if path.startswith(f"{part.slug}/digest/") and path not in part.files]

    def _pages(self, part: SitePart, path: str) -> Iterator[str]:
        if path in part.files:
            yield from self._place(part, path)
            self._settle()

    def _place(self, part: SitePart, path: str) -> Iterator[str]:
        """Put a copy of a workspace's file in place, its hash checked, unless it lies there already."""
        file = part.files[path]
        if self._is_there(path, file.sha256, file.size):
            return
        source = self._find(part.slug, file)
        with self._incoming(path) as beside:
            with source.open("rb") as content:
                copy_file(content, beside)
            if file_sha256(beside) != file.sha256:
                raise Stale("A file is no longer the one that was approved.", file=source, remedy="Run the drop again.")
        self._note(path, file.sha256)
        yield path

    def _write(self, path: str, content: bytes) -> Iterator[str]:
        sha256 = hashlib.sha256(content).hexdigest()
        if self._is_there(path, sha256, len(content)):
            return
        if path.endswith(".html"):  # what it leads to is there first; all of that at once, as each time costs
            self._settle()
        with self._incoming(path) as beside:
            write_durably(beside, content)
        if path.endswith(".html"):
            self._settle()
        self._note(path, sha256)
        yield path

    def _is_there(self, path: str, sha256: str, size: int) -> bool:
        """Return whether this very file lies there; one that is not as it was put is read."""
        now = placement(f"{self._public}/{path}", sha256)
        if now is None or now.size != size:
            return False
        if now != self._before.get(path) and file_sha256(self._public / path) != sha256:
            return False
        self._change.placed[path] = now
        return True

    def _note(self, path: str, sha256: str) -> None:
        if now := placement(f"{self._public}/{path}", sha256):
            self._change.placed[path] = now

    @contextlib.contextmanager
    def _incoming(self, path: str) -> Iterator[Path]:
        """Yield where to write a file, and move it to its place."""
        target = self._public / path
        beside = temporary_beside(self._public / INCOMING / "file")
        beside.parent.mkdir(exist_ok=True)
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            yield beside
            beside.replace(target)
        finally:
            beside.unlink(missing_ok=True)
        self._unsettled.add(target.parent)

    def _settle(self) -> None:
        """Make the new names durable: what is led to next is then there, also after a power cut."""
        for folder in self._unsettled:
            fsync_folder(folder)
        self._unsettled.clear()

    def _remove(self, paths: Iterable[str]) -> Iterator[str]:
        """Remove files, pages before what they name, and the folders left empty, yielding each path that was there."""
        for path in sorted(paths, key=lambda path: (not path.endswith(".html"), path)):
            target = self._public / path
            if not target.is_file():
                continue
            target.unlink()
            yield path
            with contextlib.suppress(OSError):
                os.removedirs(target.parent)


def _unnamed_paths(change: Change) -> set[str]:
    touched = (*change.gone, *(part.slug for part in change.parts))
    before = {path for slug in touched for path in change.files[slug]}
    kept = {path for part in change.parts for path in (*part.files, *part.assets)}
    return (before - kept) | (change.before.shared.keys() - _shared_after(change, _webinars_after(change)).keys())


def _record_on_the_way(change: Change, public: Path) -> None:
    """Record a site that is being changed: all that may lie there, nothing settled of what changes."""
    webinars = dict(change.before.webinars)
    for part in change.parts:
        write_files(public, part.slug, dict.fromkeys(_own_paths(part), UNKNOWN) | change.files[part.slug])
        before = webinars.get(part.slug) or OnSite()
        webinars[part.slug] = before.model_copy(update={"key": "", "stamp": ""})
    shared = dict.fromkeys((*change.keys, *change.list_assets), UNKNOWN)
    shared |= {path: UNKNOWN for part in change.parts for path in _shared_assets(part)} | change.before.shared
    settled = {path: key for path, key in change.before.site_files.items() if path not in change.lists}
    write_record(
        public,
        SiteRecord(webinars=webinars, shared=shared, site_files=settled, list_assets=change.list_assets),
    )


def _record_after(change: Change, public: Path, failed: Collection[str]) -> None:
    """Record the changed site; a webinar that failed is looked at again the next time."""
    webinars = _webinars_after(change, failed)
    for part in change.parts:
        files = {path: change.placed.get(path, UNKNOWN) for path in _own_paths(part)}
        write_files(public, part.slug, files)
        as_left = stamp(public, part.slug)  # before the files are looked at: what changes meanwhile gives another one
        webinars[part.slug] = webinars[part.slug].model_copy(update={"stamp": as_left if stands(public, files) else ""})
    for slug in change.gone:
        write_files(public, slug, {})
    shared = _shared_after(change, webinars)
    record = SiteRecord(webinars=webinars, shared=shared, site_files=change.keys, list_assets=change.list_assets)
    write_record(public, record)


def _webinars_after(change: Change, failed: Collection[str] = ()) -> dict[str, OnSite]:
    webinars = {
        slug: on.model_copy(update={"key": "", "stamp": ""}) if slug in failed else on
        for slug, on in change.before.webinars.items()
        if slug not in change.gone
    }
    for part in change.parts:
        webinars[part.slug] = OnSite(
            key=part.key,
            state=part.state,
            event=part.event,
            shared=_shared_assets(part),
            card=part.card,
            language=part.language,
            published_at=part.published_at,
            entries=part.entries,
            searched=part.searched,
        )
    return webinars


def _shared_after(change: Change, webinars: Mapping[str, OnSite]) -> Files:
    named = {INDEX, *change.keys, *change.list_assets, *(path for on in webinars.values() for path in on.shared)}
    return {path: placed for path, placed in (change.before.shared | change.placed).items() if path in named}


def _own_paths(part: SitePart) -> list[str]:
    return [*part.files, *(path for path in part.assets if path.startswith(f"{part.slug}/"))]


def _shared_assets(part: SitePart) -> dict[str, str]:
    return {path: name for path, name in part.assets.items() if not path.startswith(f"{part.slug}/")}
