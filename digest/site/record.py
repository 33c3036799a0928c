"""What stands on the site and how each file lay there when it was put: so that what did not change is not read.

Only files that an earlier call wrote are ever removed, and these are listed here: whatever else somebody keeps in the
folder stays. The files of each webinar are a list of its own, which is read where something of it may be another: all
of an archive is compared by one stamp a webinar.
"""

import contextlib
import hashlib
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from pydantic import AwareDatetime, Field, TypeAdapter, ValidationError

from digest.model.artifact import Record
from digest.model.public import PublicEvent
from digest.site.listed import State
from digest.site.search_index import Searched
from digest.store.files import write_atomically

RECORD = ".published"  # the folder of the record, in that of the site
SITE = f"{RECORD}/site.json"
OF_ALL = frozenset({"static", "by", "search"})  # folders of the site that belong to no webinar
OF_EARLIER = ".published.json"  # all in one file, as earlier versions wrote it


class Placed(NamedTuple):
    """A file as it was put there: its SHA-256, then size, modification time in nanoseconds and inode."""

    sha256: str
    size: int
    modified: int
    inode: int


UNKNOWN = Placed("", 0, 0, 0)  # what an earlier version, or a killed publication, left: it is looked at

Files = dict[str, Placed]  # by path


class OnSite(Record):
    """A webinar as it stands on the site; `shared` are assets of all webinars, by path, that it needs.

    `stamp` says how all that is in its folder lay there, and is empty where that has to be looked at. `card` is what
    the lists show of it, `language` what was spoken, `entries` what the feeds say, by feed,
    `searched` what the search of all webinars needs.
    """

    key: str = ""
    stamp: str = ""
    state: State = "announced"
    event: PublicEvent | None = None
    shared: dict[str, str] = Field(default_factory=dict)
    card: str = ""
    language: str | None = None
    published_at: AwareDatetime | None = None
    entries: dict[str, str] = Field(default_factory=dict)
    searched: Searched | None = None


class SiteRecord(Record):
    """All of the site: webinars by slug, what they share by path, and the key of each file of the whole site."""

    webinars: dict[str, OnSite] = Field(default_factory=dict)
    shared: Files = Field(default_factory=dict)
    site_files: dict[str, str] = Field(default_factory=dict)
    list_assets: dict[str, str] = Field(default_factory=dict)


def read_record(public: Path) -> SiteRecord:
    """Return what was recorded, and nothing where it cannot be read or a path would lead out of the folder."""
    try:
        record = SiteRecord.model_validate_json((public / SITE).read_bytes())
    except (OSError, ValidationError):
        return SiteRecord()
    return record if all(map(_is_inside, record.shared)) else SiteRecord()


def write_record(public: Path, record: SiteRecord) -> None:
    """Write down what stands on the site."""
    write_atomically(public / SITE, record.model_dump_json(by_alias=True).encode())


def read_files(public: Path, slug: str) -> Files:
    """Return the files of a webinar on the site, and none where their list cannot be read or leads elsewhere."""
    try:
        files = TypeAdapter(Files).validate_json(_list_of(public, slug).read_bytes())
    except (OSError, ValidationError):
        return {}
    return files if all(path.startswith(f"{slug}/") and _is_inside(path) for path in files) else {}


def write_files(public: Path, slug: str, files: Files) -> None:
    """Write down which files a webinar has on the site; without any there is no list."""
    if files:
        write_atomically(_list_of(public, slug), json.dumps(files).encode())
    else:
        _list_of(public, slug).unlink(missing_ok=True)


def stamp(public: Path, slug: str) -> str:
    """Return a hash of how every file lies in a webinar's folder, reading none: name, size, time, inode, links.

    It is empty where files come and go meanwhile.
    """
    read = hashlib.sha256()
    with contextlib.suppress(OSError):
        for folder, folders, names, at in os.fwalk(public / slug):
            folders.sort()
            lie = [f"{folder}\0"]
            for name in sorted(names):
                one = os.stat(name, dir_fd=at, follow_symlinks=False)
                lie.append(f"{name}\0{one.st_size} {one.st_mtime_ns} {one.st_ino} {one.st_nlink}\0")
            read.update(os.fsencode("".join(lie)))
        return read.hexdigest()
    return ""


def stands(public: Path, files: Mapping[str, Placed]) -> bool:
    """Return whether every file lies there as it was put, without reading any."""
    return all(placement(f"{public}/{path}", placed.sha256) == placed for path, placed in files.items())


def placement(path: str, sha256: str) -> Placed | None:
    """Return how a file lies there; None if there is none, or if it shares its inode with another."""
    try:
        status = os.stat(path)  # noqa: PTH116 (for tens of thousands of files)
    except OSError:
        return None
    if status.st_nlink != 1:
        return None
    return Placed(sha256, status.st_size, status.st_mtime_ns, status.st_ino)


def is_whole(public: Path, slug: str) -> bool:
    """Return whether all that a webinar has on the site is still there as it was put, and the index too."""
    record = read_record(public)
    webinar = record.webinars.get(slug)
    return webinar is not None and bool(webinar.key) and stands(public, read_files(public, slug) | record.shared)


def renew(public: Path) -> bool:
    """Take over what an earlier version recorded; return whether 0.1.0 wrote it, whose half files lie anywhere.

    What it says of webinars is made anew; what it says of files is kept, as only those are ever removed.
    """
    earlier, is_list = public / OF_EARLIER, False
    if not earlier.is_file():
        return False
    if not (public / SITE).is_file():
        with contextlib.suppress(ValueError, KeyError, TypeError, AttributeError):
            content = json.loads(earlier.read_bytes())
            is_list = isinstance(content, list)
            _take_over(public, dict.fromkeys(content, UNKNOWN) if is_list else _files_of(content))
    earlier.unlink()
    return is_list


def _files_of(content: dict[str, Any]) -> Files:
    found = list(content["shared"].items())
    for webinar in content["webinars"].values():
        found += webinar["files"].items()
    return {path: Placed(*placed) for path, placed in found}


def _take_over(public: Path, files: Files) -> None:
    webinars, shared = dict[str, Files](), Files()
    for path, placed in files.items():
        slug, _, rest = path.partition("/")
        if not _is_inside(path):
            continue
        if not rest or slug in OF_ALL:
            shared[path] = placed
        else:
            webinars.setdefault(slug, {})[path] = placed
    for slug, of_it in webinars.items():
        write_files(public, slug, of_it)
    states: dict[str, State] = {
        slug: "published" if f"{slug}/digest/index.html" in of_it else "announced" for slug, of_it in webinars.items()
    }
    on_site = {slug: OnSite(state=state) for slug, state in states.items()}
    write_record(public, SiteRecord(webinars=on_site, shared=shared))


def _list_of(public: Path, slug: str) -> Path:
    return public / RECORD / "files" / f"{slug}.json"


def _is_inside(path: str) -> bool:
    return not path.startswith("/") and ".." not in path
