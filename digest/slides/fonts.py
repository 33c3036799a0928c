"""Which fonts a deck wants that this machine lacks: a pptx in, their names out."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from digest import sandbox
from digest.errors import VERDICTS
from digest.sandbox import Limits
from digest.slides.parts import MAIN, parse_part
from digest.slides.pptx import open_presentation

# Cut to the widths of another: lines break where they did (fontconfig's 30-metric-aliases.conf).
ALIKE = {
    "arial": {"liberation sans", "arimo", "helvetica", "nimbus sans"},
    "arial narrow": {"liberation sans narrow", "nimbus sans narrow"},
    "calibri": {"carlito"},
    "cambria": {"caladea"},
    "courier new": {"liberation mono", "cousine", "nimbus mono ps"},
    "georgia": {"gelasio"},
    "helvetica": {"liberation sans", "arimo", "nimbus sans"},
    "times new roman": {"liberation serif", "tinos", "nimbus roman"},
}
SYMBOLS = {"symbol", "webdings", "wingdings", "wingdings 2", "wingdings 3"}  # LibreOffice has its own for these
MAX_FONTS = 20  # a deck that names more is asked about the first
SCRIPTS = tuple(f"{MAIN}{kind}" for kind in ("latin", "ea", "cs"))
MATCH = Limits(seconds=20)


def missing_fonts(path: Path, limits: Limits) -> list[str]:
    """Return the fonts of a pptx that are not here, nor another of the same widths; none where nobody can tell."""
    try:
        return [name for name in sandbox.call(fonts_of, limits, path) if not _is_here(name)]
    except VERDICTS:
        return []  # no fontconfig, or a deck that cannot be read: whoever draws it says so


def fonts_of(path: Path) -> list[str]:
    """Return the names of the fonts in which the visible slides of a pptx are set: their themes' and their own."""
    names = dict[str, None]()
    slides = [slide for slide in open_presentation(path).slides if slide.element.get("show") not in ("0", "false")]
    for theme in {id(theme): theme for slide in slides for theme in _themes(slide)}.values():
        names |= dict.fromkeys(_named(node) for node in theme.iter(f"{MAIN}majorFont", f"{MAIN}minorFont"))
    for slide in slides:
        names |= dict.fromkeys(str(node.get("typeface", "")) for node in slide.element.iter(*SCRIPTS))
    kept = [name for name in names if name and not name.startswith("+") and name.casefold() not in SYMBOLS]
    return kept[:MAX_FONTS]


def _themes(slide: Any) -> Iterator[Any]:
    for relation in slide.slide_layout.slide_master.part.rels.values():
        if not relation.is_external and relation.reltype.endswith("/theme"):
            yield parse_part(relation.target_part)


def _named(font: Any) -> str:
    latin = font.find(f"{MAIN}latin")
    return str(latin.get("typeface", "")) if latin is not None else ""


def _is_here(name: str) -> bool:
    pattern = "".join(f"\\{c}" if c in "\\-:," else c for c in name)
    said = sandbox.run(["fc-match", "-f", "%{family}", pattern], limits=MATCH).stdout.decode(errors="replace")
    families = {family.strip().casefold() for family in said.split(",")}
    return not families.isdisjoint({name.casefold(), *ALIKE.get(name.casefold(), ())})
