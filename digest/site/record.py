"""What stands on the site and how each file lay there when it was put: so that what did not change is not read.

Only files that an earlier call wrote are ever removed, and these are listed here: whatever else somebody keeps in the
folder stays.
"""

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from pydantic import Field, TypeAdapter, ValidationError

from digest.model.artifact import Record
from digest.model.public import PublicEvent
from digest.site.parts import State

LIST = ".published.json"


class Placed(NamedTuple):
    """A file as it was put there: its SHA-256, then size, modification time in nanoseconds and inode."""

    sha256: str
    size: int
    modified: int
    inode: int


UNKNOWN = Placed("", 0, 0, 0)  # what an earlier version, or a killed publication, left: it is looked at


class OnSite(Record):
    """A webinar as it stands on the site, by path; `shared` are assets of all webinars, by path, that it needs."""

    key: str = ""
    state: State = "announced"
    event: PublicEvent | None = None
    files: dict[str, Placed] = Field(default_factory=dict)
    shared: dict[str, str] = Field(default_factory=dict)


class SiteRecord(Record):
    """All of the site: webinars by slug, what they share by path, and what the index was made from."""

    webinars: dict[str, OnSite] = Field(default_factory=dict)
    shared: dict[str, Placed] = Field(default_factory=dict)
    index: str = ""
    index_assets: dict[str, str] = Field(default_factory=dict)

    def paths(self) -> Iterator[str]:
        """Yield every path."""
        yield from self.shared
        for webinar in self.webinars.values():
            yield from webinar.files


def read_record(public: Path) -> SiteRecord:
    """Return what was recorded, and nothing where it cannot be read or a path would lead out of the folder."""
    try:
        content = (public / LIST).read_bytes()
        if content.startswith(b"["):
            return _of_list(TypeAdapter(list[str]).validate_json(content))
        record = SiteRecord.model_validate_json(content)
    except (OSError, ValidationError):
        return SiteRecord()
    return record if all(map(_is_inside, record.paths())) else SiteRecord()


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
    return webinar is not None and bool(webinar.key) and stands(public, {**webinar.files, **record.shared})


def _of_list(paths: list[str]) -> SiteRecord:
    """Return the record of an earlier version, which listed paths."""
    webinars, shared = dict[str, dict[str, Any]](), dict[str, Placed]()
    for path in filter(_is_inside, paths):
        slug, _, rest = path.partition("/")
        if not rest or slug == "static":
            shared[path] = UNKNOWN
            continue
        webinar = webinars.setdefault(slug, {"files": {}})
        webinar["files"][path] = UNKNOWN
        if path == f"{slug}/digest/index.html":
            webinar["state"] = "published"
    return SiteRecord(webinars={slug: OnSite(**fields) for slug, fields in webinars.items()}, shared=shared)


def _is_inside(path: str) -> bool:
    return not path.startswith("/") and ".." not in path
