"""A manifest in, the site moved to it: what a page names is there before the page is, and goes after it.

Only files that an earlier call wrote are ever removed: `.published.json` lists them, so whatever else somebody keeps in
the folder stays.
"""

import contextlib
import fcntl
import json
import logging
import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from digest.errors import Busy, Stale
from digest.model.artifact import StoredFile
from digest.site.manifest import Manifest
from digest.store.files import copy_file, file_sha256, fsync_folder, temporary_beside, write_atomically

log = logging.getLogger(__name__)

Find = Callable[[str, StoredFile], Path]

LOCK = ".lock"
LIST = ".published.json"


def apply(site: Manifest, public: Path, *, find: Find) -> Iterator[str]:
    """Do the steps in their order, yielding each path that changed.

    Raises Stale if a file of a workspace is not the one that the manifest names.
    """
    before = read_list(public)
    _write_list(public, before | site.paths())
    for path in _steps(site, before, public, find=find):
        log.debug("changed %s", path)
        yield path
    _write_list(public, site.paths())


def _steps(site: Manifest, before: set[str], public: Path, *, find: Find) -> Iterator[str]:
    gaining = [f"{slug}/index.html" for slug in site.published]
    digests = [f"{slug}/digest/index.html" for slug in site.published]
    tombstones = [f"{slug}/digest/index.html" for slug in site.retracted]
    losing = [path for path in site.pages if path not in {*gaining, *digests, *tombstones, "index.html"}]
    yield from (path for path, content in site.static.items() if _write_if_other(public / path, content))
    yield from _write_pages(site, [*losing, *tombstones], public)
    withdrawn = tuple(f"{slug}/digest/" for slug in site.retracted)
    yield from _remove({path for path in before - site.paths() if path.startswith(withdrawn)}, public)
    yield from (path for path, (slug, file) in site.stored.items() if _place(public / path, file, slug, find))
    for path, html in site.until_then.items():
        if not (public / path).is_file():
            yield from [path] if _write_if_other(public / path, html.encode()) else []
    yield from _write_pages(site, [*digests, "index.html", *gaining], public)
    yield from _remove(before - site.paths(), public)


def digests(public: Path) -> set[str]:
    """Return the slugs whose digest readers find on the site now; a tombstone has no other file beside it."""
    files = (path for path in read_list(public) if "/digest/" in path and not path.endswith("/digest/index.html"))
    return {path.split("/")[0] for path in files if (public / path).is_file()}


def is_whole(public: Path) -> bool:
    """Say whether all that was put on the site is still there."""
    paths = read_list(public)
    return bool(paths) and all((public / path).is_file() for path in paths)


@contextlib.contextmanager
def hold(public: Path) -> Iterator[None]:
    """Keep other publishers out while the block runs. Raises Busy while another one is at it."""
    with (public / LOCK).open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise Busy(
                "The site is being published just now.", remedy="Nothing is lost: try again in a minute."
            ) from error
        yield


def read_list(public: Path) -> set[str]:
    """Return the paths that earlier calls wrote; a path that would lead out of the folder is none of them."""
    try:
        paths = json.loads((public / LIST).read_bytes())
    except (OSError, ValueError):
        return set()
    return {path for path in paths if isinstance(path, str) and not path.startswith("/") and ".." not in path}


def _write_list(public: Path, paths: Iterable[str]) -> None:
    _write_if_other(public / LIST, json.dumps(sorted(paths), indent=0).encode() + b"\n")


def _write_pages(site: Manifest, paths: Iterable[str], public: Path) -> Iterator[str]:
    return (path for path in paths if _write_if_other(public / path, site.pages[path].encode()))


def _write_if_other(path: Path, content: bytes) -> bool:
    """Write a file where its content differs, and say whether it did."""
    with contextlib.suppress(OSError):
        if path.read_bytes() == content:
            return False
    write_atomically(path, content)
    return True


def _place(path: Path, file: StoredFile, slug: str, find: Find) -> bool:
    """Put a copy of a workspace's file in place, its hash checked, and say whether it was not there yet.

    One that shares its inode with another file is not ours: whoever writes there would change what is published.
    """
    with contextlib.suppress(OSError):
        status = path.stat()
        if status.st_size == file.size and status.st_nlink == 1:
            return False
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = temporary_beside(path)
    source = find(slug, file)
    try:
        with source.open("rb") as content:
            copy_file(content, beside)
        if file_sha256(beside) != file.sha256:
            raise Stale("A file is no longer the one that was approved.", file=source, remedy="Run the drop again.")
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
    fsync_folder(path.parent)
    return True


def _remove(paths: Iterable[str], public: Path) -> Iterator[str]:
    """Remove files and the folders that they leave empty, yielding each path that was there."""
    for path in sorted(paths):
        target = public / path
        if not target.is_file():
            continue
        target.unlink()
        yield path
        with contextlib.suppress(OSError):
            os.removedirs(target.parent)
