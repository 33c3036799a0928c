"""What programs read of the site: feeds, sitemap, previews, data. Every value is the one that readers see."""

import json
import re
from collections.abc import Iterator
from datetime import datetime
from email.utils import parsedate_to_datetime
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import jsonschema
import pytest
import yaml
from lxml import etree

from digest.exports import data
from digest.model.event import EventSpeaker
from digest.settings import Organisation, Settings
from digest.text.clock import clock
from tests.site.editions import NOON, SLUG, an_edition, announced, full, published, put_out

BASE = "https://digests.example.org/forum/"
DIGEST = f"{BASE}{SLUG}/digest/"
NAMES = {
    "atom": "http://www.w3.org/2005/Atom",
    "itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
    "podcast": "https://podcastindex.org/namespace/1.0",
    "map": "http://www.sitemaps.org/schemas/sitemap/0.9",
}
TITLE = "Norms & <rules>: who’s “in”?"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a site that knows where it lives, with a digest whose title needs escaping, and an event to come."""
    root = tmp_path_factory.mktemp("feeds")
    organisation = Organisation(name="Forum", contact="a@example.org", licence="CC BY 4.0", base_url=BASE.rstrip("/"))
    speakers = (EventSpeaker(name="Ana Lind", url="https://example.org/ana"), EventSpeaker(name="Daniel Okafor"))
    edition = full(an_edition(root / "kept", title=TITLE, tags=("norms", "R&D"), speakers=speakers))
    put_out(
        root / "kept", [published(edition)], Settings(public=root / "public", organisation=organisation), announced()
    )
    return root / "public"


class _Page(HTMLParser):
    """What a digest page says: its text, its meta and links, its JSON-LD."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.meta, self.links, self.data, self._is_data = dict[str, str](), list[dict[str, str]](), "", False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self._is_data = given.get("type") == "application/ld+json"
        if tag == "meta" and "content" in given:
            self.meta[given.get("property") or given.get("name", "")] = given["content"]
        if tag in ("link", "a"):
            self.links.append(given)

    def handle_data(self, data: str) -> None:
        if self._is_data:
            self.data += data


@pytest.fixture(scope="module")
def page(site: Path) -> _Page:
    """Return the digest page."""
    return _Page((site / SLUG / "digest" / "index.html").read_text(encoding="utf-8"))


def on_site(site: Path, address: str) -> Path:
    """Return the file that an address of the site leads to; fails where there is none."""
    assert address.startswith(BASE), address
    path = site / urlsplit(address).path.removeprefix("/forum/")
    path = path / "index.html" if urlsplit(address).path.endswith("/") else path
    assert path.is_file(), address
    return path


def read_xml(path: Path) -> etree._Element:
    """Return the root of an XML file."""
    return etree.fromstring(path.read_bytes(), etree.XMLParser(resolve_entities=False))


def texts(element: etree._Element, path: str) -> list[str]:
    """Return what an XPath finds, as text."""
    return [str(one) for one in element.xpath(path, namespaces=NAMES)]


def chapters_of(site: Path) -> Iterator[tuple[str, str]]:
    """Yield the time and the title of each chapter, as the page has them in its list."""
    html = (site / SLUG / "digest" / "index.html").read_text(encoding="utf-8")
    listed = html.partition('class="chapters"')[2].partition("</details>")[0]
    yield from re.findall(r'<span class="time">([\d:]+)</span> <span>([^<]+)</span>', listed)


def test_the_atom_feed_has_all_that_atom_asks_for(site: Path) -> None:
    """RFC 4287, section 4: one id, title and updated of feed and entries, authors, links; and the page's own words."""
    feed = read_xml(site / "feed.xml")

    assert feed.tag == f"{{{NAMES['atom']}}}feed"
    for element in (feed, *feed.findall("atom:entry", NAMES)):
        for name in ("id", "title", "updated"):
            (only,) = element.findall(f"atom:{name}", NAMES)
            assert (only.text or "").strip()
        assert urlsplit(element.findtext("atom:id", namespaces=NAMES)).scheme == "https"
        assert datetime.fromisoformat(element.findtext("atom:updated", namespaces=NAMES)).tzinfo
    assert texts(feed, "atom:link[@rel='self']/@href") == [f"{BASE}feed.xml"]
    assert texts(feed, "atom:entry/atom:title/text()") == [TITLE]
    assert texts(feed, "atom:entry/atom:author/atom:name/text()") == ["Ana Lind", "Daniel Okafor"]
    assert texts(feed, "atom:entry/atom:category/@term") == ["norms", "R&D"]
    assert texts(feed, "atom:entry/atom:updated/text()") == [NOON.isoformat()]
    for address in texts(feed, "atom:entry/atom:link/@href"):
        on_site(site, address)
    (content,) = texts(feed, "atom:entry/atom:content[@type='html']/text()")
    for address in re.findall(r'(?:href|src)="([^"]+)"', content):
        on_site(site, address)
    assert "<li>" in content


def test_the_podcast_has_all_that_players_ask_for(site: Path) -> None:
    """RSS 2.0 with Podcasting 2.0: recording, transcript, chapters and people, each where it is said to be."""
    channel = read_xml(site / "podcast.xml").find("channel")
    assert channel is not None
    (item,) = channel.findall("item")

    for name in ("title", "link", "description", "language"):
        assert len(texts(channel, f"{name}/text()")) == 1
    assert re.fullmatch(r"[0-9a-f-]{14}5[0-9a-f-]{21}", texts(channel, "podcast:guid/text()")[0])
    assert texts(item, "title/text()") == [TITLE]
    assert parsedate_to_datetime(texts(item, "pubDate/text()")[0]) == datetime.fromisoformat("2016-11-23T14:00+01:00")
    (url,), (length,), (mime,) = (texts(item, f"enclosure/@{name}") for name in ("url", "length", "type"))
    assert on_site(site, url).stat().st_size == int(length)
    assert mime == "video/mp4"
    assert texts(item, "itunes:duration/text()") == ["222"]
    assert texts(item, "podcast:transcript/@type") == ["text/vtt", "application/x-subrip"]
    assert all(on_site(site, one).suffix in (".vtt", ".srt") for one in texts(item, "podcast:transcript/@url"))
    assert texts(item, "podcast:person/text()") == ["Ana Lind", "Daniel Okafor"]
    assert texts(item, "podcast:person/@href") == ["https://example.org/ana"]
    (address,) = texts(item, "podcast:chapters/@url")
    chapters = json.loads(on_site(site, address).read_text(encoding="utf-8"))
    assert chapters["version"] == "1.2.0"
    found = [(clock(one["startTime"]), one["title"]) for one in chapters["chapters"]]
    assert found == list(chapters_of(site))


def test_the_sitemap_names_every_page_of_a_webinar(site: Path) -> None:
    """Each address leads to a page, and each page of a webinar that readers are led to is there."""
    urls = read_xml(site / "sitemap.xml")

    assert urls.tag == f"{{{NAMES['map']}}}urlset"
    named = texts(urls, "map:url/map:loc/text()")
    assert set(named) == {BASE, f"{BASE}{SLUG}/", DIGEST, f"{BASE}attribution/"}
    assert all(on_site(site, one) for one in named)
    assert {datetime.fromisoformat(at) for at in texts(urls, "map:url/map:lastmod/text()")} == {NOON}


def test_other_sites_show_title_and_first_slide(site: Path, page: _Page) -> None:
    """Open Graph: title, address and description are the page's, the picture is the first slide in full."""
    meta = page.meta

    assert meta["og:title"] == TITLE
    assert meta["og:url"] == DIGEST
    assert meta["og:description"] == meta["description"]
    assert on_site(site, meta["og:image"]).name.startswith("slide-1-")
    assert "small" not in meta["og:image"]
    assert (meta["og:image:width"], meta["og:image:height"]) == ("1600", "900")


def test_search_engines_get_recording_and_chapters(site: Path, page: _Page) -> None:
    """schema.org: a VideoObject with what Google asks for, a Clip a chapter at its second, and the Event."""
    said: dict[str, Any] = json.loads(page.data)

    assert (said["@type"], said["name"]) == ("VideoObject", TITLE)
    assert said["description"].startswith(page.meta["description"].rstrip("…"))
    for name in ("contentUrl", "embedUrl", "thumbnailUrl", "url"):
        on_site(site, said[name])
    assert said["duration"] == "PT3M42S"
    assert datetime.fromisoformat(said["uploadDate"]) == NOON
    clips = said["hasPart"]
    assert [(clock(one["startOffset"]), one["name"]) for one in clips] == list(chapters_of(site))
    assert all(one["@type"] == "Clip" and one["url"] == f"{DIGEST}?t={int(one['startOffset'])}" for one in clips)
    assert all(one["startOffset"] < one["endOffset"] <= 222 for one in clips)
    assert said["recordedAt"]["@type"] == "Event"
    assert datetime.fromisoformat(said["recordedAt"]["startDate"]) == datetime.fromisoformat("2016-11-23T14:00+01:00")
    assert [one["name"] for one in said["recordedAt"]["performer"]] == ["Ana Lind", "Daniel Okafor"]


def test_the_player_can_be_embedded(site: Path, page: _Page) -> None:
    """OEmbed 1.0: the page names the file, the file the frame, the frame the player."""
    (address,) = (one["href"] for one in page.links if one.get("type") == "application/json+oembed")
    said = json.loads(on_site(site, address).read_text(encoding="utf-8"))

    assert (said["version"], said["type"], said["title"]) == ("1.0", "video", TITLE)
    assert {"html", "width", "height", "provider_name", "thumbnail_url"} <= said.keys()
    frame = etree.HTML(said["html"]).find(".//iframe")
    assert frame is not None
    assert frame.get("title") == TITLE
    embedded = on_site(site, frame.get("src", ""))
    assert 'src="recording-' in embedded.read_text(encoding="utf-8")


def test_a_citation_is_by_the_format(site: Path) -> None:
    """Citation File Format 1.2: what it requires and nothing it does not know; the licence by its SPDX name."""
    said = yaml.safe_load((site / SLUG / "digest" / "CITATION.cff").read_text(encoding="utf-8"))

    jsonschema.validate(said, CITATION_SCHEMA, format_checker=jsonschema.FormatChecker())
    assert said["title"] == f"{TITLE} (webinar digest)"
    assert said["license"] == "CC-BY-4.0"
    assert said["url"] == said["preferred-citation"]["url"] == DIGEST
    assert [one["name"] for one in said["authors"]] == ["Ana Lind", "Daniel Okafor"]
    assert said["preferred-citation"]["date-released"] == "2016-11-23"


# What Citation File Format 1.2 says of the fields that are written here (its own schema is CC BY 4.0 and 64 kB).
_DATE = {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}$"}
_AUTHORS = {"type": "array", "minItems": 1, "items": {"type": "object", "required": ["name"]}}
_FIELDS: dict[str, Any] = {
    "title": {"type": "string", "minLength": 1},
    "authors": _AUTHORS,
    "date-released": _DATE,
    "url": {"type": "string", "pattern": "^(https|http|ftp|sftp)://.+"},
}
CITATION_SCHEMA = {
    "type": "object",
    "required": ["authors", "cff-version", "message", "title"],
    "additionalProperties": False,
    "properties": _FIELDS
    | {
        "cff-version": {"const": "1.2.0"},
        "message": {"type": "string", "minLength": 1},
        "type": {"enum": ["dataset", "software"]},
        "abstract": {"type": "string", "minLength": 1},
        "keywords": {"type": "array", "minItems": 1, "uniqueItems": True, "items": {"type": "string"}},
        "license": {"type": "string", "pattern": r"^CC-[A-Z-]+-[34]\.0$"},
        "preferred-citation": {
            "type": "object",
            "required": ["authors", "title", "type"],
            "additionalProperties": False,
            "properties": _FIELDS
            | {
                "type": {"enum": ["video", "generic"]},
                "year": {"type": "integer"},
                "publisher": {"type": "object", "required": ["name"]},
            },
        },
    },
}


def test_the_digest_as_data_is_what_the_page_says(site: Path, page: _Page) -> None:
    """By the schema that is published beside it; every sentence, its speaker and its second stand so on the page."""
    (href,) = (one["href"] for one in page.links if one.get("type") == "application/json")
    path = site / SLUG / "digest" / href
    said = json.loads(path.read_text(encoding="utf-8"))
    schema = json.loads((path.parent / said["$schema"]).resolve().read_text(encoding="utf-8"))
    html = (site / SLUG / "digest" / "index.html").read_text(encoding="utf-8")

    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(said, schema, format_checker=jsonschema.FormatChecker())
    assert schema.keys() >= {"properties", "required"}
    shown = {id_: _words(rest) for id_, rest in re.findall(r'id="s-([^"]+)"[^>]*>(.*?)href="#s-\1"', html, re.DOTALL)}
    sentences = list(_sentences(said))
    assert {one["id"] for one in sentences} == shown.keys()
    for one in sentences:
        assert _words(one["text"]) in shown[one["id"]]
        for source in one["sources"]:
            assert (clock(source["start"]) if source["slide"] is None else str(source["slide"])) in shown[one["id"]]
    assert [(clock(one["start"]), one["title"]) for one in said["chapters"]] == list(chapters_of(site))
    assert len(said["slides"]) == html.count('class="slide-picture"')


def _words(html: str) -> str:
    return " ".join(re.sub(r"<[^>]*>?", " ", etree.HTML(f"<p>{html}</p>").xpath("string()")).split())


def _sentences(said: object) -> Iterator[dict[str, Any]]:
    if isinstance(said, dict):
        if {"id", "text", "sources"} <= said.keys():
            yield said
        for one in said.values():
            yield from _sentences(one)
    elif isinstance(said, list):
        for one in said:
            yield from _sentences(one)


def test_without_an_address_there_are_no_feeds(tmp_path: Path, settings: Settings) -> None:
    """Feeds, sitemap and previews need absolute addresses: a site that has none writes none, and leads to none."""
    put_out(tmp_path / "kept", [published(full(an_edition(tmp_path / "kept")))], settings)

    assert not list(settings.public.glob("*.xml"))
    assert not list(settings.public.rglob("oembed.json"))
    texts = "".join(path.read_text(encoding="utf-8") for path in settings.public.rglob("*.html"))
    for never in ("og:", "feed.xml", "podcast.xml", "oembed"):
        assert never not in texts
    assert (settings.public / SLUG / "digest" / "CITATION.cff").is_file()


def test_who_was_taken_back_is_in_no_feed(tmp_path: Path, settings: Settings) -> None:
    """A retracted digest goes from feeds, sitemap and data; a recording that is not published is in no podcast."""
    there = settings.model_copy(update={"organisation": Organisation(name="Forum", base_url=BASE)})
    silent = published(an_edition(tmp_path / "kept", publish_recording=False))
    put_out(tmp_path / "kept", [silent], there)
    podcast, feed = (there.public / name for name in ("podcast.xml", "feed.xml"))
    assert SLUG in feed.read_text()
    assert SLUG not in podcast.read_text()
    assert "recording" not in feed.read_text()

    put_out(tmp_path / "kept", [], there, announced(slug=SLUG))

    assert SLUG not in feed.read_text() + podcast.read_text()
    assert "/digest/" not in (there.public / "sitemap.xml").read_text()
    assert [path.name for path in (there.public / SLUG / "digest").iterdir()] == ["index.html"]


def test_the_schema_has_no_field_that_is_not_said(site: Path) -> None:
    """Whoever reads digest.json finds each of its names in the schema, and the other way round."""
    (path,) = (site / SLUG / "digest").glob("digest-*.json")

    said, schema = json.loads(path.read_bytes()), json.loads(data.json_schema())

    assert said.keys() == schema["properties"].keys()
