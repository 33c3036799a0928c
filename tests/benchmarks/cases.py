"""How many small inputs after public reports of faults are read right: `… cases --gold DIR --json FILE`.

DIR/cases/cases.json says of each file what a run should make of it, in the words of the artifacts; its README explains
them. Right and of how many is printed by kind. Recordings take minutes and are not judged here.
"""

import argparse
import json
import re
import shutil
import tempfile
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterator
from itertools import groupby
from pathlib import Path
from typing import Any

from PIL import Image
from rich.console import Console
from rich.table import Table

from digest import sandbox
from digest.errors import DigestError
from digest.intake import companions, look, take_in_companions
from digest.model.artifact import Record
from digest.model.companions import CompanionCue, Companions
from digest.model.deck import Deck, Line, Slide
from digest.model.drop import Drop
from digest.sandbox import Limits
from digest.settings import SlidesSettings
from digest.slides import read, render
from digest.slides.pdf_text import read_pdf_text
from tests.slides.drops import taken

LIMITS = Limits(seconds=60)
NEAR = 0.5  # seconds
YELLOW = 60  # of 255 by which blue lies below red and green
NOTES = frozenset({"note", "form"})  # for people who read the case


class Judged(Record):
    """A case, and what of it is wrong: nothing where it is right."""

    file: str
    kind: str
    wrong: tuple[str, ...] = ()


class LeftBeside:
    """What a run makes of a file that a platform left."""

    def __init__(self, drop: Drop, found: Companions) -> None:
        self.drop, self.found = drop, found
        self.cues = found.cues or found.captions
        self.said = json.dumps(found.model_dump(mode="json", by_alias=True), ensure_ascii=False)

    def texts(self) -> list[str]:
        """Return every text of a person, in the order of the file."""
        found = self.found
        said = (self.cues, found.chat, found.questions)
        return [one.text for kind in said for one in kind]

    def role(self) -> str | None:
        """Return what the file is used as: None where it is ignored."""
        unused = {file.name for file in self.found.ignored}
        return next((file.role for file in self.drop.files if file.name not in unused), None)


class OfDeck:
    """What a run makes of a presentation."""

    def __init__(self, path: Path, deck: Deck, page: Image.Image | None) -> None:
        self.path, self.deck, self.page = path, deck, page
        self.said = json.dumps(deck.model_dump(mode="json"), ensure_ascii=False)

    def body(self, number: int) -> list[str]:
        """Return the lines of a slide."""
        return [line.text for slide in self.deck.slides if slide.number == number for line in slide.body]


def _speakers(found: LeftBeside, wanted: list[str]) -> bool:
    """Each cue has its speaker; several cues of one speaker may be one, and two voices in one cue may stay unnamed."""
    named = [cue.speaker for cue in found.cues]
    runs = [name for name, _ in groupby(named)]
    return named == wanted or runs == [name for name, _ in groupby(wanted)] or named == [None]


def _starts(cues: tuple[CompanionCue, ...], wanted: list[float]) -> bool:
    return len(cues) == len(wanted) and all(abs(cue.start - at) < NEAR for cue, at in zip(cues, wanted, strict=True))


def _first(texts: list[str], wanted: str, *, is_refused: bool = False) -> bool:
    return texts[:1] == [wanted] or (is_refused and not texts)


def _all(wanted: str | list[str]) -> list[str]:
    return [wanted] if isinstance(wanted, str) else wanted


def _texts(slide: Slide) -> Iterator[str]:
    yield from (line.text for line in (*slide.body, Line(text=slide.title or "")))


def _is_read_by(found: OfDeck, wanted: str) -> bool:
    """Say whether all slides were read so; or, said in words, whether PDFium read the pages without falling over."""
    if wanted in {"pdf", "pptx", "ocr"}:
        return {slide.read_by for slide in found.deck.slides} == {wanted}
    pages = len(found.deck.slides)
    return len(sandbox.call(read_pdf_text, LIMITS, found.path, pages, "")) == pages


LEFT_BESIDE: dict[str, Callable[[LeftBeside, Any], bool]] = {
    "role": lambda found, wanted: found.role() == wanted,
    "cues": lambda found, wanted: len(found.cues) == wanted,
    "messages": lambda found, wanted: len(found.found.chat) == wanted,
    "questions": lambda found, wanted: len(found.found.questions) == wanted,
    "polls": lambda found, wanted: len(found.found.polls) == wanted,
    "speakers": _speakers,
    "starts": lambda found, wanted: _starts(found.cues, wanted),
    "end_of_first": lambda found, wanted: bool(found.cues) and abs(found.cues[0].end - wanted) < NEAR,
    "texts": lambda found, wanted: found.texts() == wanted,
    "first_text": lambda found, wanted: _first(found.texts(), wanted, is_refused=bool(found.found.ignored)),
    "first_from": lambda found, wanted: _first([message.from_ for message in found.found.chat], wanted),
    "asked_by": lambda found, wanted: [one.asked_by for one in found.found.questions][:1] == [wanted],
    "answer": lambda found, wanted: [one.answer for one in found.found.questions][:1] == [wanted],
    "never": lambda found, wanted: not any(text in found.said for text in _all(wanted)),
    "keeps": lambda found, wanted: all(any(text in said for said in found.texts()) for text in _all(wanted)),
    "never_regex": lambda found, wanted: not any(re.search(one, said) for one in wanted for said in found.texts()),
}
OF_DECK: dict[str, Callable[[OfDeck, Any], bool]] = {
    "slides": lambda found, wanted: len(found.deck.slides) == wanted,
    "titles": lambda found, wanted: [slide.title for slide in found.deck.slides] == wanted,
    "body_1": lambda found, wanted: found.body(1) == wanted,
    "body_1_never": lambda found, wanted: wanted not in " ".join(found.body(1)),
    "body_2_holds": lambda found, wanted: all(any(text in line for line in found.body(2)) for text in wanted),
    "page_numbers_gone": lambda found, _: (
        not any(line.text == str(slide.number) for slide in found.deck.slides for line in slide.body)
    ),
    "lines": lambda found, wanted: len(found.body(1)) == wanted,
    "holds": lambda found, wanted: all(text in found.said for text in _all(wanted)),
    "never": lambda found, wanted: not any(text in found.said for text in _all(wanted)),
    "text_never": lambda found, wanted: wanted not in found.said,
    "text": lambda found, wanted: any(wanted in text for slide in found.deck.slides for text in _texts(slide)),
    "read_by": _is_read_by,
    "picture": lambda found, _: found.page is not None and not _is_yellow(found.page),
}


def _is_yellow(page: Image.Image) -> bool:
    """Say whether a box for a comment is drawn at the top right."""
    corner = page.convert("RGB").crop((page.width * 2 // 3, 0, page.width, page.height // 3))
    seen = corner.getcolors(corner.width * corner.height) or []
    return any(red - blue > YELLOW and green - blue > YELLOW for _, (red, green, blue) in _colours(seen))


def _colours(seen: Any) -> Iterator[tuple[int, tuple[int, int, int]]]:
    yield from seen


def read_beside(path: Path) -> LeftBeside:
    """Return what `digest companions` would make of a folder with this file alone."""
    with tempfile.TemporaryDirectory() as folder:
        drop, root = Path(folder) / "drop of staff", Path(folder) / "w"
        drop.mkdir()
        (root / "drop").mkdir(parents=True)
        shutil.copyfile(path, drop / path.name)
        taken_in = take_in_companions(look(drop), slug="case", into=root / "drop")
        return LeftBeside(taken_in, companions(taken_in, root=root))


def read_deck(path: Path, *, is_drawn: bool) -> OfDeck:
    """Return what `digest slides` would make of this presentation, with its first page where that is asked for."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        drop = taken(path.parent, root, path.name)
        deck, page = read(drop, SlidesSettings(), root=root), None
        if is_drawn:
            (into := root / "pages").mkdir()
            drawn = render(drop, deck, SlidesSettings(), root=root, into=into)
            page = Image.open(root / drawn.pages[0].image.path) if drawn.pages else None
            if page:
                page.load()
        return OfDeck(path, deck, page)


def judge(path: Path, case: dict[str, Any]) -> Judged:
    """Return a case with what of it is wrong: each key of what is expected that does not hold."""
    expected = {key: wanted for key, wanted in case["expected"].items() if key not in NOTES}
    try:
        if case["reader"] == "slides":
            deck = read_deck(path, is_drawn="picture" in expected)
            wrong = [key for key, wanted in expected.items() if not OF_DECK[key](deck, wanted)]
            wrong += [] if _is_composed(deck.said) else ["form"]
        else:
            beside = read_beside(path)
            wrong = [key for key, wanted in expected.items() if not LEFT_BESIDE[key](beside, wanted)]
    except DigestError as error:
        wrong = [str(error)]
    return Judged(file=case["file"], kind=case["kind"], wrong=tuple(wrong))


def _is_composed(text: str) -> bool:
    """Say whether accents are part of their letters, and no ligature of print is left."""
    return unicodedata.is_normalized("NFC", text) and not re.search("[\ufb00-\ufb06]", text)


def cases(folder: Path) -> list[dict[str, Any]]:
    """Return what cases.json of a folder says."""
    found: list[dict[str, Any]] = json.loads((folder / "cases.json").read_text(encoding="utf-8"))
    return found


def main() -> None:
    """Judge every case."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--gold", type=Path, required=True)
    parser.add_argument("--json", type=Path, required=True)
    given = parser.parse_args()
    folder = given.gold / "cases"
    judged = [judge(folder / case["file"], case) for case in cases(folder)]
    by_kind = defaultdict[str, list[Judged]](list)
    for one in judged:
        by_kind[one.kind].append(one)
    table = Table("kind", "right", "of", "wrong")
    for kind, ones in by_kind.items():
        wrong = [f"{one.file}: {', '.join(one.wrong)}" for one in ones if one.wrong]
        table.add_row(kind, str(len(ones) - len(wrong)), str(len(ones)), "\n".join(wrong))
    table.add_row("all", str(sum(not one.wrong for one in judged)), str(len(judged)))
    Console(width=160).print(table)
    given.json.write_text(json.dumps([one.model_dump() for one in judged], indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
