"""Whether pages are fit to be published: every link and file of theirs is there, and nothing is loaded from abroad."""

import re
from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from posixpath import dirname, join, normpath
from urllib.parse import unquote, urlsplit

from digest.errors import DigestError

LOADING = {("link", "href"), ("script", "src"), ("img", "src"), ("source", "src"), ("track", "src"), ("video", "src"),
           ("audio", "src"), ("video", "poster"), ("iframe", "src"), ("object", "data"), ("embed", "src")}  # fmt: skip
NEVER_LOADED = ("canonical", "alternate", "license")  # of <link>: they name something and load nothing
ABROAD = re.compile(rb"""(?:url\(|@import)\s*["']?(?:https?:)?//""", re.IGNORECASE)  # in a style sheet
MEDIA_FRAGMENT = "t="  # of a recording, or of a page whose script knows it


@dataclass(frozen=True)
class OnDisk(Container[str]):
    """The paths that lie in the folder of the site."""

    public: Path

    def __contains__(self, path: object) -> bool:
        return (self.public / str(path)).is_file()


@dataclass(frozen=True)
class Either(Container[str]):
    """The paths of two, without copying the many."""

    own: Container[str]
    others: Container[str]

    def __contains__(self, path: object) -> bool:
        return path in self.own or path in self.others


@dataclass
class _Links(HTMLParser):
    """What a page leads to and loads, and the ids that it has."""

    leads_to: list[str] = field(default_factory=list)
    loads: list[str] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if "id" in given:
            self.ids.append(given["id"])
        for name, value in given.items():
            if tag == "link" and given.get("rel") in NEVER_LOADED:
                continue
            if (tag, name) in LOADING:
                self.loads.append(value)
            elif name == "href":
                self.leads_to.append(value)


def verify(pages: Mapping[str, str], files: Container[str], contents: Mapping[str, bytes]) -> None:
    """Check pages, each by its path in the site, among the files that will lie beside them.

    `contents` are those of style sheets and scripts.
    Raises DigestError naming everything that leads nowhere, is there twice or would be loaded from elsewhere.
    """
    read = {path: _read_links(html) for path, html in pages.items()}
    faults = [f"{path}: {fault}" for path, links in read.items() for fault in _faults(path, links, read, files)]
    faults += [f"{path} loads from elsewhere" for path, css in contents.items() if ABROAD.search(css)]
    if faults:
        raise DigestError(
            f"The pages are not fit to be published: {'; '.join(faults[:10])}.",
            remedy="The site is as it was. Correct your own templates if you have any; else report this.",
        )


def _read_links(html: str) -> _Links:
    links = _Links()
    links.feed(html)
    links.close()
    return links


def _faults(path: str, links: _Links, pages: Mapping[str, _Links], files: Container[str]) -> Iterator[str]:
    yield from (f"the id {name} is there twice" for name in sorted({n for n in links.ids if links.ids.count(n) > 1}))
    for address in links.loads:
        parts = urlsplit(address)
        if parts.scheme or parts.netloc:
            yield f"{address} would be loaded from elsewhere"
        elif _target(path, parts.path) not in files:
            yield f"{address} is not there"
    for address in links.leads_to:
        parts = urlsplit(address)
        if parts.scheme or parts.netloc:
            continue
        target = _target(path, parts.path)
        if target not in pages and target not in files:
            yield f"{address} leads nowhere"
        elif target in pages and not _is_place(parts.fragment, pages[target]):
            yield f"{address} leads to no place on that page"


def _is_place(fragment: str, page: _Links) -> bool:
    return not fragment or fragment.startswith(MEDIA_FRAGMENT) or unquote(fragment) in page.ids


def _target(page: str, path: str) -> str:
    """Return the path in the site to which a relative one leads from a page."""
    if not path:
        return page
    return normpath(join("/", dirname(page), unquote(path))).lstrip("/")
