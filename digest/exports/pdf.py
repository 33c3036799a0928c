"""The digest as a tagged PDF (PDF/UA-1): to be printed, filed and read aloud."""

import copy
import hashlib
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from lxml import etree

from digest import theme
from digest.errors import DigestError, MissingTool
from digest.exports.document import XHTML, Document, Find, document_version, make_document, slide_words
from digest.exports.pictures import as_jpeg
from digest.model.public import PublicEdition
from digest.settings import Settings

VERSION = document_version(1)

BASE = "https://digest.invalid/"  # no host: what is named relative to it belongs to the document


def export(public: PublicEdition, into: Path, settings: Settings, find: Find) -> None:
    """Write digest.pdf. Raises MissingTool where Pango is not installed."""
    made = make_document(public, settings)
    html = with_pictures(made)
    head = html[0]
    for name, content in (
        ("dcterms.created", public.event.starts_at.date().isoformat()),
        ("dcterms.modified", public.event.starts_at.date().isoformat()),
        ("author", settings.organisation.name),
        ("keywords", ", ".join(public.event.tags)),
    ):
        if content:
            etree.SubElement(head, f"{XHTML}meta", name=name, content=content)
    draw(
        etree.tostring(html, encoding="unicode"),
        theme.environment(settings).get_template("exports/print.css").render(look=theme.look(settings)),
        into / "digest.pdf",
        pictures={src: find(picture) for src, picture in made.pictures.items()},
    )


def with_pictures(made: Document) -> etree._Element:
    """Return a document in which a slide with a picture says its words as that picture's alternative text."""
    html = copy.deepcopy(made.html)
    for figure in html.iter(f"{XHTML}figure"):
        picture, words = figure.find(f"{XHTML}img"), figure.find(f"{XHTML}ul")
        if picture is not None:
            caption = figure.find(f"{XHTML}figcaption")
            said = "; ".join(slide_words(figure))
            picture.set("alt", said or " ".join("".join(caption.itertext()).split()) if caption is not None else said)
            if words is not None:
                figure.remove(words)
    return html


def draw(html: str, style: str, to: Path, *, pictures: dict[str, Path], fonts: dict[str, bytes] | None = None) -> None:
    """Write an XHTML document as PDF; it shows these pictures, by their `src`, and reaches nothing else.

    Raises MissingTool where Pango is not installed, DigestError where a theme names a file from elsewhere.
    """
    try:
        from weasyprint import CSS, HTML
        from weasyprint.text.fonts import FontConfiguration
        from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse
    except OSError as error:
        raise MissingTool(
            "Pango, which draws PDFs, is not installed.",
            remedy="sudo apt-get install --no-install-recommends libpangoft2-1.0-0, or take “pdf” out of [exports].",
        ) from error
    given = fonts or {}

    class Given(URLFetcher):  # type: ignore[misc]
        """Fetches what belongs to the document, and nothing from any host or folder."""

        def fetch(self, url: str, headers: Any = None) -> Any:  # noqa: ARG002 - WeasyPrint gives them
            name = urlsplit(url).path.rpartition("/")[2]
            if url.startswith(BASE) and name in pictures:
                return URLFetcherResponse(url, as_jpeg(pictures[name]), {"Content-Type": "image/jpeg"})
            if url.startswith(BASE) and name in given:
                return URLFetcherResponse(url, given[name], {"Content-Type": "font/woff2"})
            raise FatalURLFetchingError(url)

    fetcher, known = Given(), FontConfiguration()
    try:
        sheet = CSS(string=style, base_url=BASE, url_fetcher=fetcher, font_config=known)
        HTML(string=html, base_url=BASE, url_fetcher=fetcher).write_pdf(
            str(to),
            stylesheets=[sheet],
            font_config=known,
            pdf_variant="pdf/ua-1",
            pdf_identifier=hashlib.sha256(html.encode()).hexdigest()[:32].encode(),
        )
    except FatalURLFetchingError as error:
        raise DigestError(
            f"A document may load only what belongs to it, not {error}.", remedy="Correct the theme."
        ) from error
