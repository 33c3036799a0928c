"""Decks of other kinds, and locked ones, are opened first."""

from pathlib import Path

import pytest
from msoffcrypto.format.ooxml import OOXMLFile
from pypdf import PdfWriter
from pypdf.generic import ArrayObject, ByteStringObject, DictionaryObject, NameObject, NumberObject

from digest.errors import UnusableDrop
from digest.settings import SlidesSettings
from digest.slides import read, render
from digest.slides.office import FILTERS, convert
from tests.slides.drops import a_pdf, a_pptx, at, taken, with_password

QUICK = SlidesSettings(seconds_limit=60)


@pytest.mark.parametrize("ending", ["odp", pytest.param("ppt", marks=pytest.mark.long)])
def test_old_and_open_formats_are_read(tmp_path: Path, ending: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """LibreOffice makes a pptx of them first; hidden slides and notes come through."""
    monkeypatch.setitem(FILTERS, "pptx", {"odp": "odp", "ppt": "ppt:MS PowerPoint 97"}[ending])
    (tmp_path / "made").mkdir()
    with pytest.raises(UnusableDrop, match="cannot open"):  # it looks for a .pptx beside it
        convert(a_pptx(tmp_path / "slides.pptx"), "pptx", QUICK, tmp_path)
    monkeypatch.undo()
    root = tmp_path / "a"
    root.mkdir()

    deck = read(taken(tmp_path / "made", root, f"slides.{ending}"), QUICK, root=root)

    assert [(slide.title, slide.hidden) for slide in deck.slides] == [
        ("Norms of restraint", False),
        ("Who agrees", False),
        ("Not for readers", True),
    ]
    assert deck.slides[0].notes == "Say this slowly."


@pytest.mark.parametrize(("strings", "is_read"), [("/Identity", True), ("/StdCF", False)])
def test_a_password_of_attachments_alone_locks_no_slide(tmp_path: Path, strings: str, is_read: bool) -> None:
    """A PDF whose pages anybody can read is read, drawn and copied; one whose pages are locked is refused."""
    source = tmp_path / "staff"
    source.mkdir()
    writer = PdfWriter(clone_from=a_pdf(tmp_path / "open.pdf", at(60, 40, "Norms of restraint", 40)))
    aes = DictionaryObject({NameObject("/CFM"): NameObject("/AESV2"), NameObject("/AuthEvent"): NameObject("/EFOpen")})
    names = {"/Filter": "/Standard", "/StmF": strings, "/StrF": strings, "/EFF": "/StdCF"}
    numbers = {"/V": 4, "/R": 4, "/Length": 128, "/P": -4}
    encryption = DictionaryObject(
        {NameObject(key): NameObject(value) for key, value in names.items()}
        | {NameObject(key): NumberObject(value) for key, value in numbers.items()}
        | {NameObject(key): ByteStringObject(bytes(32)) for key in ("/O", "/U")}
        | {NameObject("/CF"): DictionaryObject({NameObject("/StdCF"): aes})}
    )
    writer._add_object(encryption)
    writer._encrypt_entry = encryption
    writer._ID = ArrayObject([ByteStringObject(b"0123456789abcdef")] * 2)
    writer.write(source / "slides.pdf")
    drop = taken(source, tmp_path)

    if not is_read:
        with pytest.raises(UnusableDrop, match="protected with a password"):
            read(drop, QUICK, root=tmp_path)
        return
    (into := tmp_path / "pages").mkdir()
    deck = read(drop, QUICK, root=tmp_path)
    drawn = render(drop, deck, QUICK, root=tmp_path, into=into)

    assert [slide.title for slide in deck.slides] == ["Norms of restraint"]
    assert len(drawn.pages) == 1
    assert drawn.pdf is not None


@pytest.mark.parametrize(("password", "words"), [(None, "protected with a password"), ("wrong", "does not open")])
def test_a_locked_pptx_says_so(tmp_path: Path, password: str | None, words: str) -> None:
    """Without the password, and with a wrong one, staff read what to do."""
    path, root = a_locked_deck(tmp_path), tmp_path / "a"
    root.mkdir()
    drop = taken(path.parent, root, path.name)

    with pytest.raises(UnusableDrop, match=words):
        read(with_password(drop, root, password) if password else drop, QUICK, root=root)


def test_a_locked_pptx_opens_with_the_password_of_event_toml(tmp_path: Path) -> None:
    """It is read as if it had none."""
    path, root = a_locked_deck(tmp_path), tmp_path / "a"
    root.mkdir()

    deck = read(with_password(taken(path.parent, root, path.name), root, "webinar2016"), QUICK, root=root)

    assert len(deck.slides) == 3


def a_locked_deck(folder: Path) -> Path:
    """Return a pptx locked with the password webinar2016."""
    plain, locked = a_pptx(folder / "plain.pptx"), folder / "locked" / "slides.pptx"
    locked.parent.mkdir()
    with plain.open("rb") as file, locked.open("wb") as to:
        OOXMLFile(file).encrypt("webinar2016", to)
    return locked
