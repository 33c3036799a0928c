"""Decks that somebody damaged on purpose: read, or refused in words; bounded, the same ones each time."""

import copy
import io
import random
import zipfile
from contextlib import suppress
from pathlib import Path

import pytest
from lxml import etree

from digest.errors import UnusableDrop
from digest.model.deck import Deck
from digest.settings import SlidesSettings
from digest.slides import read
from tests.slides.drops import a_pptx, taken

PIECES = (b"<", b"</a:t>", b'"', b"&#x0;", b"\x00", b"\xff\xfe", b"-1", b"9" * 40, b"<!DOCTYPE a [<!ENTITY b 'c'>]>")
VALUES = ("", "-1", "9" * 40, "1.5", "rId99", "../../../etc/passwd", "NaN", "\u202e", "true")
PARTS = (".xml", ".rels")
EACH = {"pptx": 4, "parts of a pptx": 4, "pdf": 2}  # decks, of two children each
# Each lost a whole deck: by a run without text, a slide without shapes, an odd placeholder, a part packed wrongly.
FOUND = (("parts of a pptx", 10), ("parts of a pptx", 32), ("parts of a pptx", 81), ("pptx", 19))


def damaged(content: bytes, draw: random.Random) -> bytes:
    """Return bytes with some taken out, doubled, put in or changed, at up to three places."""
    for _ in range(draw.randint(1, 3)):
        start = draw.randrange(max(len(content), 1))
        end = min(len(content), start + draw.choice((0, 1, 8, 200)))
        middle = draw.choice((b"", content[start:end] * 2, draw.choice(PIECES), draw.randbytes(end - start)))
        content = content[:start] + middle + content[end:]
    return content


def damaged_parts(content: bytes, draw: random.Random) -> bytes:
    """Return a zip file in which the XML of some parts says something else, well formed: readers come far into it."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(made, "w") as new:
        names = [name for name in old.namelist() if name.endswith(PARTS)]
        slides = [name for name in names if "slides/" in name]
        hurt = {draw.choice(names), *draw.sample(slides, 2)}
        for name in old.namelist():
            new.writestr(name, rewritten(old.read(name), draw) if name in hurt else old.read(name))
    return made.getvalue()


def rewritten(content: bytes, draw: random.Random) -> bytes:
    """Return XML with up to five elements taken out, doubled, emptied, or with an attribute of another value."""
    root = etree.fromstring(content)
    for _ in range(draw.randint(1, 5)):
        element = draw.choice(list(root.iter("*")))
        parent = element.getparent()
        match draw.choice(("gone", "twice", "empty", "value", "value", "text")):
            case "gone" if parent is not None:
                parent.remove(element)
            case "twice" if parent is not None:
                element.addnext(copy.deepcopy(element))
            case "empty":
                element[:] = []
            case "value" if element.attrib:
                element.set(draw.choice(list(element.attrib)), draw.choice(VALUES))
            case _:
                element.text = draw.choice(VALUES)
    return bytes(etree.tostring(root))


def a_pdf_deck() -> bytes:
    """Return the demo's deck."""
    return (Path(__file__).parents[2] / "recordings" / "demo" / "slides.pdf").read_bytes()


@pytest.mark.parametrize(
    ("kind", "seed"), [*FOUND, *((kind, seed) for kind, count in EACH.items() for seed in range(count))]
)
def test_a_damaged_deck_is_read_or_refused(tmp_path: Path, kind: str, seed: int) -> None:
    """No trace, no hang, no file left: a deck, or words for staff; an odd slide costs itself alone."""
    draw = random.Random(f"{kind} {seed}")  # noqa: S311
    path = tmp_path / ("deck.pdf" if kind == "pdf" else "deck.pptx")
    whole = a_pdf_deck() if kind == "pdf" else a_pptx(path).read_bytes()
    path.write_bytes(damaged_parts(whole, draw) if kind == "parts of a pptx" else damaged(whole, draw))
    drop = taken(tmp_path, tmp_path, path.name)

    with suppress(UnusableDrop):  # and not LimitReached: a parser that stopped at what nobody foresaw
        assert isinstance(read(drop, SlidesSettings(), root=tmp_path), Deck)
    assert {found.name for found in tmp_path.iterdir()} == {path.name, "drop"}
