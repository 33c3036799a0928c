"""Whether pages are fit to be published: every link and file of theirs is there, and nothing is loaded from abroad."""

import re
from collections import Counter
from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from posixpath import dirname, join, normpath
from urllib.parse import unquote, urlsplit

from digest.errors import DigestError

# What a page leads to, and what it loads (XPath). Some <link>s name something and do neither.
LEADING = "//*[not(self::link)]/@href"
LOADED = (
    "//link[not(@rel = 'canonical' or @rel = 'alternate' or @rel = 'license')]/@href",
    *(f"//{name}/@src" for name in ("script", "img", "source", "track", "video", "audio", "iframe", "embed")),
    "//video/@poster",
    "//object/@data",
)
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


@dataclass(frozen=True)
class _Links:
    """What a page leads to and loads, and the ids that it has."""

    leads_to: tuple[str, ...]
    loads: tuple[str, ...]
    ids: Counter[str]


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
    """Read a page by a parser in C: a list of a thousand webinars takes a fifth of html.parser's time."""
    from lxml import etree

    page = etree.HTML(html or "<html>", etree.HTMLParser(huge_tree=True))

    def values(path: str) -> list[str]:
        return [str(value) for value in page.xpath(path, smart_strings=False)]

    loaded = [value for path in LOADED for value in values(path)]
    return _Links(tuple(values(LEADING)), tuple(loaded), Counter(values("//@id")))


def _faults(path: str, links: _Links, pages: Mapping[str, _Links], files: Container[str]) -> Iterator[str]:
    yield from (f"the id {name} is there twice" for name, times in sorted(links.ids.items()) if times > 1)
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
