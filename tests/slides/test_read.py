"""Every word of a deck that readers or editors need; hostile decks are refused in words."""

import json
import resource
import unicodedata
import zipfile
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfWriter

from digest import sandbox
from digest.errors import DigestError, UnusableDrop
from digest.model.deck import Deck, Link
from digest.sandbox import Limits
from digest.settings import SlidesSettings
from digest.slides import read
from digest.slides.text import links
from tests import truth as t
from tests.slides.drops import a_pptx, packed_again, taken

QUICK = SlidesSettings(seconds_limit=20)


def deck_of(path: Path, root: Path) -> Deck:
    """Return what is read of one file."""
    root.mkdir(exist_ok=True)
    return read(taken(path.parent, root, path.name), QUICK, root=root)


def test_a_pptx_is_read_whole(tmp_path: Path) -> None:
    """Title, body with levels, table, notes, links and hidden slides; a script is no link."""
    deck = deck_of(a_pptx(tmp_path / "deck.pptx"), tmp_path)

    first, second, third = deck.slides
    assert first.title == "Norms of restraint"
    assert [(line.level, line.text) for line in first.body][:2] == [
        (0, "States do not attack CERTs"),
        (1, "nor their networks"),
    ]
    assert [(link.text, link.target) for link in first.links] == [("the report", "https://example.org/report")]
    assert first.notes == "Say this slowly."
    assert second.tables == ((("Forum", "Year"), ("OSCE", "2016")),)
    assert (third.hidden, [slide.number for slide in deck.visible()]) == (True, [1, 2])


def test_the_demos_footer_is_no_content(tmp_path: Path) -> None:
    """The line and number that stand on every slide are left out; titles are those of the truth."""
    drop = taken(Path("recordings/demo"), tmp_path)

    deck = read(drop, QUICK, root=tmp_path)

    assert [slide.title for slide in deck.slides] == [slide["title"] for slide in t.DEMO["deck"]]
    assert not any("[Webinar]" in line.text for slide in deck.slides[1:] for line in slide.body)


def test_a_pdf_gives_titles_and_text(tmp_path: Path) -> None:
    """The largest line is the title, the rest the body."""
    deck = deck_of(Path("recordings/demo/slides.pdf").absolute(), tmp_path)

    assert [slide.title for slide in deck.slides] == [slide["title"] for slide in t.DEMO["deck"]]
    assert "dialogue.example.org/norms" in " ".join(line.text for line in deck.slides[5].body)


def test_a_slide_show_opens_as_a_presentation_does(tmp_path: Path) -> None:
    """A .ppsx is read though python-pptx refuses its type."""
    pptx = a_pptx(tmp_path / "deck.pptx")
    types = _part(pptx, "[Content_Types].xml").replace(b"presentation.main+xml", b"slideshow.main+xml")
    show = packed_again(pptx, tmp_path / "show.pptx", **{"[Content_Types].xml": types})

    assert len(deck_of(show, tmp_path / "a").slides) == 3


def test_without_a_deck_there_are_no_slides(tmp_path: Path) -> None:
    """A recording alone is fine."""
    assert read(taken(tmp_path, tmp_path), QUICK, root=tmp_path) == Deck()


def _part(path: Path, name: str) -> bytes:
    with zipfile.ZipFile(path) as opened:
        return opened.read(name)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"ppt/slides/slide1.xml": b'<!DOCTYPE x [<!ENTITY a "b">]><x/>'}, "document type"),
        ({"ppt/media/bomb.png": bytes(40_000_000)}, "unpacks to hundreds of times"),
        ({"[Content_Types].xml": None}, "not a presentation"),
        ({"ppt/slides/slide1.xml": b"<broken"}, "damaged"),
    ],
)
def test_a_harmful_pptx_is_refused_in_words(tmp_path: Path, change: dict[str, bytes | None], words: str) -> None:
    """Entities, bombs and broken parts are named before anything is unpacked or run."""
    path = packed_again(a_pptx(tmp_path / "deck.pptx"), tmp_path / "bad.pptx", **change)

    with pytest.raises(UnusableDrop, match=words):
        deck_of(path, tmp_path / "a")


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("cut.pptx", b"PK\x03\x04 and then nothing", "incomplete"),
        ("secret.pptx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "password"),
        ("torn.pdf", b"%PDF-1.7\n1 0 obj\n<<", "damaged"),
    ],
)
def test_a_damaged_deck_says_what_to_do(tmp_path: Path, name: str, content: bytes, words: str) -> None:
    """Staff are told what is wrong with which file, and how to mend it."""
    (tmp_path / name).write_bytes(content)

    with pytest.raises(UnusableDrop, match=words) as refused:
        deck_of(tmp_path / name, tmp_path / "a")
    assert refused.value.remedy
    assert refused.value.file == name


def test_a_pdf_with_a_password_needs_it_from_event_toml(tmp_path: Path) -> None:
    """Without the password a clear message; the deck opens with deck_password of event.toml."""
    writer = PdfWriter(clone_from="recordings/demo/slides.pdf")
    writer.encrypt("webinar2016", algorithm="AES-256")
    writer.write(tmp_path / "slides.pdf")

    with pytest.raises(UnusableDrop, match="protected with a password"):
        deck_of(tmp_path / "slides.pdf", tmp_path / "a")

    (tmp_path / "event.toml").write_text('deck_password = "webinar2016"\n', encoding="utf-8")
    drop = taken(tmp_path, tmp_path / "a", "slides.pdf")
    event = drop.files[0].model_copy(update={"path": "drop/event.toml", "role": "event", "name": "event.toml"})
    (tmp_path / "a" / "drop" / "event.toml").write_bytes((tmp_path / "event.toml").read_bytes())
    told = drop.model_copy(update={"files": (*drop.files, event)})
    assert len(read(told, QUICK, root=tmp_path / "a").slides) == 7


@pytest.mark.parametrize(
    "target",
    ["javascript://example.org/%0aalert(1)", "file://example.org/share", "https://ann:secret@example.org/", "//x.org/"],
)
def test_only_three_kinds_of_link_are_shown(target: str) -> None:
    """A host in it makes no link of a script, a share or an address with a password."""
    assert links([("the report", target), ("a page", "https://example.org/")]) == (
        Link(text="a page", target="https://example.org/"),
    )


GOLD_DECKS = t.gold("decks")
READABLE = ("everything.pptx", "slideshow.ppsx", "four-three.pptx", "vertical.pptx", "beamer.pdf")


@pytest.mark.skipif(GOLD_DECKS is None, reason="needs the gold decks: set DIGEST_GOLD")
@pytest.mark.parametrize("name", READABLE)
def test_gold_decks_are_found_in_full(tmp_path: Path, name: str) -> None:
    """Every string is found on its slide, those of SmartArt and equations too."""
    assert GOLD_DECKS
    expected = json.loads((GOLD_DECKS / f"{name}.expected.json").read_text(encoding="utf-8"))
    path = tmp_path / f"deck{'.pptx' if name.endswith('x') else '.pdf'}"
    path.write_bytes((GOLD_DECKS / name).read_bytes())

    deck = deck_of(path, tmp_path / "a")

    wanted = found = 0
    for true, slide in zip(expected["slides"], deck.slides, strict=True):
        text = _plain(slide.model_dump_json())
        strings = [_plain(json.dumps(string, ensure_ascii=False)[1:-1]).lstrip("•- ") for string in true["strings"]]
        wanted += len(strings)
        found += sum(string in text for string in strings)
    assert found == wanted


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).split())


HOSTILE = t.gold("hostile", "decks")
HARMFUL = (
    sorted(path.name for path in HOSTILE.iterdir() if path.suffix in (".pptx", ".pdf", ".pptm")) if HOSTILE else []
)
SAMPLE = ["external-pictures.pptx", "form-draws-itself.pdf", "shape-of-unknown-type.pptx", "zip-bomb-slide.pptx"]


MAX_SECONDS = 150.0  # two readers with 20 each, and 50 for a picture


def marks() -> set[Path]:
    """Return what the files would leave behind where they try to write."""
    return set(Path("/tmp").glob("digest-*-marker*"))  # noqa: S108


def used() -> float:
    """Return the seconds of processor time of all children that have ended."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return children.ru_utime + children.ru_stime


def check_hostile(tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Read a hostile deck: it is read, or refused in words, in bounded time; never a trace, never anything outside.

    Each child may take some seconds, all together no more than a few readers may, and what they used is no more.
    """
    assert HOSTILE
    path = tmp_path / f"deck{'.pdf' if name.endswith('.pdf') else '.pptx'}"
    path.write_bytes((HOSTILE / name).read_bytes())
    given, run = list[float](), sandbox.run

    def counted(*program: Any, limits: Limits, **others: Any) -> sandbox.Finished:
        given.append(limits.seconds)
        return run(*program, limits=limits, **others)

    monkeypatch.setattr(sandbox, "run", counted)
    before, began = marks(), used()
    try:
        deck = deck_of(path, tmp_path / "a")
        assert "root:" not in deck.model_dump_json()
        assert all(link.target.startswith(("http", "mailto:")) for slide in deck.slides for link in slide.links)
    except DigestError as refused:
        assert all((refused.what, refused.remedy))  # noqa: PT017  # refusing is one of two good ends
    assert marks() == before
    assert sum(given) <= MAX_SECONDS
    assert used() - began < MAX_SECONDS


@pytest.mark.skipif(HOSTILE is None, reason="needs the hostile decks: set DIGEST_GOLD")
@pytest.mark.parametrize("name", SAMPLE)
def test_hostile_decks_do_no_harm(tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A sample of the decks made to do harm."""
    check_hostile(tmp_path, name, monkeypatch)


@pytest.mark.long
@pytest.mark.skipif(HOSTILE is None, reason="needs the hostile decks: set DIGEST_GOLD")
@pytest.mark.parametrize("name", [name for name in HARMFUL if name not in SAMPLE])
def test_all_hostile_decks_do_no_harm(tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every deck made to do harm."""
    check_hostile(tmp_path, name, monkeypatch)
