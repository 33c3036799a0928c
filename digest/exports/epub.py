"""The digest as a book (EPUB 3.3): each sentence lights up while the voice of who said it is heard (media overlays)."""

import uuid
from collections.abc import Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

from lxml import etree

from digest import theme
from digest.exports.archive import write_archive
from digest.exports.cover import draw_cover
from digest.exports.document import XHTML, Document, Find, document_version, make_document
from digest.exports.pdf import with_pictures
from digest.exports.pictures import as_jpeg
from digest.media.sound_only import extract_sound
from digest.model.media import WebCopy
from digest.model.public import PublicEdition
from digest.settings import Settings
from digest.theme.filters import direction

VERSION = document_version(1)

NAMESPACE = uuid.UUID("7d4aa1c6-6f0d-5d0c-9f1e-2a7c7fb3e6d1")  # of the books' identifiers: drawn once by chance
CONTAINER = (
    '<?xml version="1.0" encoding="utf-8"?>\n<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:'
    'container"><rootfiles><rootfile full-path="EPUB/package.opf" media-type="application/oebps-package+xml"/>'
    "</rootfiles></container>\n"
)


class Clip(NamedTuple):
    """A sentence by its id, and when it is heard, in seconds of the sound."""

    id: str
    start: float
    end: float


class BookPart(NamedTuple):
    """A file of the book: its elements, and the sentences of it that can be heard."""

    name: str
    elements: tuple[etree._Element, ...]
    clips: tuple[Clip, ...]

    @property
    def overlay(self) -> bool:
        """Return whether anything of it can be heard."""
        return bool(self.clips)

    @property
    def seconds(self) -> float:
        """Return how long its sentences take to be heard."""
        return sum(clip.end - clip.start for clip in self.clips)


def export(public: PublicEdition, into: Path, settings: Settings, find: Find) -> None:
    """Write digest.epub; without a recording it is a book like others."""
    made = make_document(public, settings)
    parts = tuple(_parts(made, is_heard=public.web is not None))
    pictures = {"cover": draw_cover(public, settings, find)}
    pictures |= {src: as_jpeg(find(picture)) for src, picture in made.pictures.items()}
    files = [("mimetype", b"application/epub+zip"), ("META-INF/container.xml", CONTAINER.encode())]
    files += [(f"EPUB/{name}", content) for name, content in _texts(public, made, parts, pictures, settings)]
    files += [(f"EPUB/{name}.jpg", content) for name, content in pictures.items()]
    if public.web:
        files.append(("EPUB/voices.m4a", _voices(public.web, settings, find)))
    write_archive(into / "digest.epub", files)


def _parts(made: Document, *, is_heard: bool) -> Iterator[BookPart]:
    """Yield the files of the book: cover, account, transcript, and what is left."""
    html = with_pictures(made)
    body = {str(one.get("id") or "head"): one for one in html[1]}
    cover = etree.fromstring(f'<p xmlns="{XHTML[1:-1]}" class="cover"><img src="cover.jpg" alt=""/></p>')
    cover[0].set("alt", made.title)
    apart = ("transcript", "slides", "colophon")
    account = tuple(one for name, one in body.items() if name not in apart)
    groups = {"cover": (cover,), "account": account}
    groups |= {name: (body[name],) for name in apart if name in body}
    for name, elements in groups.items():
        clips = tuple(clip for one in elements for clip in _clips(one)) if is_heard else ()
        yield BookPart(name, elements, clips)


def _clips(parent: etree._Element) -> Iterator[Clip]:
    """Yield what can be heard, and take off the times: XHTML knows no such attributes here."""
    for one in parent.iter(f"{XHTML}span"):
        start, end = one.attrib.pop("data-start", None), one.attrib.pop("data-end", None)
        if start and end and float(end) > float(start):
            yield Clip(str(one.get("id")), float(start), float(end))


def _texts(
    public: PublicEdition,
    made: Document,
    parts: tuple[BookPart, ...],
    pictures: Mapping[str, bytes],
    settings: Settings,
) -> Iterator[tuple[str, bytes]]:
    environment, organisation, event = theme.environment(settings), settings.organisation, public.event
    shown: dict[str, Any] = {
        "edition": public,
        "event": event,
        "organisation": organisation,
        "licence": event.licence or organisation.licence,
        "address": organisation.address(f"{event.slug}/digest/"),
        "identifier": uuid.uuid5(NAMESPACE, f"{organisation.base_url} {event.slug}"),
        "modified": event.starts_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "parts": parts,
        "pictures": tuple(pictures),
        "overlays": any(part.overlay for part in parts),
        "contents": tuple(_contents(parts)),
        "is_rtl": direction(made.language) == "rtl",
        "look": theme.look(settings),
    }
    for name in ("package.opf", "nav.xhtml", "book.css"):
        yield name, environment.get_template(f"exports/{name}").render(shown).encode()
    for part in parts:
        yield f"{part.name}.xhtml", _page(part, made)
        if part.clips:
            overlay = environment.get_template("exports/overlay.smil").render(name=part.name, clips=part.clips)
            yield f"{part.name}.smil", overlay.encode()


def _page(part: BookPart, made: Document) -> bytes:
    """Return a part as a file: its pictures have addresses."""
    html = etree.Element(f"{XHTML}html", dict(made.html.attrib), {None: XHTML[1:-1]})
    head = etree.SubElement(html, f"{XHTML}head")
    etree.SubElement(head, f"{XHTML}title").text = made.title
    etree.SubElement(head, f"{XHTML}link", rel="stylesheet", type="text/css", href="book.css")
    body = etree.SubElement(html, f"{XHTML}body")
    for element in part.elements:
        for picture in element.iter(f"{XHTML}img"):
            picture.set("src", f"{str(picture.get('src')).removesuffix('.jpg')}.jpg")
        body.append(element)
    return bytes(etree.tostring(html, encoding="utf-8", xml_declaration=True))


class PackageEntry(NamedTuple):
    """A line of the contents."""

    href: str
    text: str
    inner: tuple["PackageEntry", ...] = ()


def _contents(parts: tuple[BookPart, ...]) -> Iterator[PackageEntry]:
    """Yield a line for each section, with the chapters of the discussion within."""
    for part in parts:
        for section in part.elements:
            if (heading := section.find(f"{XHTML}h2")) is not None:
                at = f"{part.name}.xhtml#"
                inner = tuple(
                    PackageEntry(at + str(one.get("id")), _text(one))
                    for one in section.iter(f"{XHTML}h3")
                    if one.get("id")
                )
                yield PackageEntry(at + str(section.get("id")), _text(heading), inner)


def _text(heading: etree._Element) -> str:
    """Return a heading without what stands in brackets after it."""
    own = (text for text in heading.xpath(".//text()[not(ancestor::*[@class='source'])]"))
    return " ".join("".join(own).split())


def _voices(web: WebCopy, settings: Settings, find: Find) -> bytes:
    with TemporaryDirectory() as folder:
        to = Path(folder) / "voices.m4a"
        extract_sound(web, to, find=find, seconds_limit=settings.media.seconds_limit)
        return to.read_bytes()
