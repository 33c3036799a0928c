"""A digest to take away: a PublicEdition in, one XHTML document out, of which every format to read is made.

The words of all formats are the same because they are these. Theme and words are the organisation's; a template of its
own may change blocks, with the elements that stand at the head of `exports/document.html`.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal, NamedTuple

from lxml import etree

from digest import theme
from digest.errors import DigestError
from digest.exports import view
from digest.language.sentences import ends_sentence
from digest.model.artifact import Picture, StoredFile
from digest.model.public import PublicEdition
from digest.model.speech import Word
from digest.settings import Settings

VERSION = 1  # raised when the same Edition gives another document; counts into the version of each format made of it

XHTML = "{http://www.w3.org/1999/xhtml}"
MIN_SILENCE = 10.0  # seconds without a voice that a reader who cannot hear is told of
SPACES = re.compile("[ \t\r\n]+")  # a space that may not break is none
FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # XML 1.0, Char

Find = Callable[[StoredFile], Path]
Kind = Literal["title", "heading", "paragraph", "item", "quote", "term", "definition", "table", "figure"]
HOLDING = frozenset({"header", "section", "dl", "ul", "ol"})  # elements that are read as what they hold
LOOKS = frozenset({"a", "strong", "span", "br", "figcaption"})
KINDS: dict[str, Kind] = {
    "h1": "title",
    "h2": "heading",
    "h3": "heading",
    "p": "paragraph",
    "li": "item",
    "dt": "term",
    "dd": "definition",
}


class Document(NamedTuple):
    """The XHTML of a digest; `pictures` are those of its slides, by the `src` of their img."""

    html: etree._Element
    title: str
    language: str
    pictures: dict[str, Picture]

    @property
    def body(self) -> etree._Element:
        """Return its body."""
        return self.html[1]

    def section(self, name: str) -> etree._Element | None:
        """Return a section by its id, None where it has none."""
        return next((one for one in self.body if one.get("id") == name), None)


@dataclass(frozen=True)
class Run:
    """A stretch of text of one look; `language` is given where it is another than the document's."""

    text: str
    href: str | None = None
    is_strong: bool = False
    is_source: bool = False
    language: str | None = None


@dataclass(frozen=True)
class DocumentBlock:
    """A paragraph of a kind. `level` counts headings from 2; `rows` are of a table, the first its head.

    A figure has a picture's `src`, if there is one, its caption as `runs` and the slide's words as `words`.
    """

    kind: Kind
    runs: tuple[Run, ...] = ()
    level: int = 0
    rows: tuple[tuple[str, ...], ...] = ()
    src: str | None = None
    words: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """Return its runs joined."""
        return "".join(run.text for run in self.runs)


class TimedSentence(NamedTuple):
    """A sentence of the transcript, numbered from 1, in page time."""

    number: int
    text: str
    start: float
    end: float


def make_document(public: PublicEdition, settings: Settings) -> Document:
    """Return the document of an Edition. Raises DigestError where a template of the organisation's is not XHTML."""
    organisation, event = settings.organisation, public.event
    page = view.page_of(public, lambda file: file.sha256)
    pictures = {slide.number: slide.image for slide in public.slides if slide.image}
    shown = {on.slide.number for passage in page.transcript for on in passage.slides}
    written = (
        theme.environment(settings)
        .get_template("exports/document.html")
        .render(
            page=page,
            edition=public,
            event=event,
            organisation=organisation,
            licence=event.licence or organisation.licence,
            address=organisation.address(f"{event.slug}/digest/"),
            pictures=pictures,
            spoken=tuple(_spoken_sentences(public, page)),
            unshown=[slide for slide in public.slides if slide.number not in shown],
        )
    )
    html = _parse(FORBIDDEN.sub("", written))
    return Document(html, event.title, public.language, {f"slide-{at}": one for at, one in pictures.items()})


def blocks(parent: etree._Element) -> Iterator[DocumentBlock]:
    """Yield what an element of a document holds, in its order. Raises DigestError for an element that none knows."""
    for one in parent:
        name = _name(one)
        if name in HOLDING:
            yield from blocks(one)
        elif name in KINDS:
            yield DocumentBlock(KINDS[name], _runs(one), level=int(name[1]) if KINDS[name] == "heading" else 0)
        elif name == "blockquote":
            yield from (DocumentBlock("quote", inner.runs) for inner in blocks(one))
        elif name == "table":
            yield DocumentBlock("table", rows=tuple(_rows(one)))
        elif name == "figure":
            yield _figure(one)
        else:
            raise _unknown_element(name)


def slide_words(figure: etree._Element) -> tuple[str, ...]:
    """Return the words of a slide, a line each."""
    return tuple(_text(line) for line in figure.iter(f"{XHTML}li"))


def document_version(own: int) -> int:
    """Return the version of a format made of a document."""
    return 1000 * VERSION + own


def _figure(figure: etree._Element) -> DocumentBlock:
    picture, caption = figure.find(f"{XHTML}img"), figure.find(f"{XHTML}figcaption")
    runs = () if caption is None else _runs(caption)
    return DocumentBlock("figure", runs, src=None if picture is None else picture.get("src"), words=slide_words(figure))


def _rows(table: etree._Element) -> Iterator[tuple[str, ...]]:
    yield from (tuple(map(_text, row)) for row in table.iter(f"{XHTML}tr"))


def _text(element: etree._Element) -> str:
    return " ".join("".join(element.itertext()).split(None))


def _runs(element: etree._Element) -> tuple[Run, ...]:
    """Return the text of an element with one space where it has several, and none at its ends."""
    found = list[Run]()
    for run in _raw_runs(element, Run("")):
        text = SPACES.sub(" ", run.text)
        if not found or found[-1].text.endswith(" "):
            text = text.removeprefix(" ")
        if text:
            found.append(replace(run, text=text))
    if found:
        found[-1] = replace(found[-1], text=found[-1].text.removesuffix(" "))
    return tuple(run for run in found if run.text)


def _raw_runs(element: etree._Element, look: Run) -> Iterator[Run]:
    """Yield the text of an element as it stands in the source."""
    name = _name(element)
    if name not in LOOKS | set(KINDS):
        raise _unknown_element(name)
    look = Run(
        text=" " if name == "br" else "",
        href=element.get("href") or look.href,
        is_strong=look.is_strong or name == "strong",
        is_source=look.is_source or element.get("class") == "source",
        language=element.get("lang") or look.language,
    )
    yield replace(look, text=element.text or look.text)
    for child in element:
        yield from _raw_runs(child, look)
        yield replace(look, text=child.tail or "")


def _name(element: etree._Element) -> str:
    return str(element.tag).removeprefix(XHTML)


def _unknown_element(name: str) -> DigestError:
    return DigestError(
        f"Documents cannot have the element “{name}”.",
        file="exports/document.html",
        remedy="Use one of those that the head of our template names.",
    )


def _parse(written: str) -> etree._Element:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True)
    try:
        return etree.fromstring(written.strip().encode(), parser)
    except etree.XMLSyntaxError as error:
        raise DigestError(
            f"A document is not well-formed: {error}.", file="exports/document.html", remedy="Correct the template."
        ) from error


def _spoken_sentences(
    public: PublicEdition, page: view.Page
) -> Iterator[tuple[view.TranscriptPassage, list[float], list[TimedSentence]]]:
    """Yield each passage with the silences before it, in seconds, and its sentences."""
    silences = [
        (public.page_time(start), end - start) for start, end in view.find_pauses(public) if end - start >= MIN_SILENCE
    ]
    number = 0
    for passage in page.transcript:
        before = [seconds for start, seconds in silences if start < passage.moment.start]
        silences = silences[len(before) :]
        sentences = [
            TimedSentence(number + at, text, round(start, 2), round(end, 2))
            for at, (text, start, end) in enumerate(_sentences(passage.words, public), start=1)
        ]
        number += len(sentences)
        yield passage, before, sentences


def _sentences(words: tuple[Word, ...], public: PublicEdition) -> Iterator[tuple[str, float, float]]:
    begin = 0
    for at, word in enumerate(words, start=1):
        if at == len(words) or ends_sentence(word.text):
            part = words[begin:at]
            text = " ".join("\u00a0".join(one.text.split()) for one in part)
            yield text, public.page_time(part[0].start), public.page_time(part[-1].end)
            begin = at
