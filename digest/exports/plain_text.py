"""The digest as plain text: for mail programs, refreshable braille, and whoever searches with grep."""

import textwrap
from itertools import pairwise
from pathlib import Path

from digest.exports.document import DocumentBlock, Find, blocks, document_version, make_document
from digest.model.public import PublicEdition
from digest.settings import Settings

VERSION = document_version(1)

COLUMNS = 78
SECTION = 2  # the level of its heading
INDENTS = {"item": ("- ", "  "), "quote": ("    ", "    "), "definition": ("    ", "    ")}


def export(public: PublicEdition, into: Path, settings: Settings, _find: Find) -> None:
    """Write digest.txt."""
    document = make_document(public, settings)
    (into / "digest.txt").write_text(lay_out(list(blocks(document.body))), encoding="utf-8")


def lay_out(written: list[DocumentBlock]) -> str:
    """Return blocks as lines of at most 78 letters, with addresses left whole."""
    text = "".join(_format(one) + _gap(one, after) for one, after in pairwise([*written, DocumentBlock("paragraph")]))
    return text.strip() + "\n"


def _format(block: DocumentBlock) -> str:
    if block.kind == "table":
        return "\n".join(_wrap("  ·  ".join(row), "- ") for row in block.rows)
    if block.kind == "figure":
        return "\n".join([_wrap(f"[{block.text}]"), *(_wrap(line, "  - ") for line in block.words)])
    first, other = INDENTS.get(block.kind, ("", ""))
    said = _wrap(block.text, first, other)
    if block.kind == "title" or block.level == SECTION:
        said += "\n" + ("=" if block.kind == "title" else "-") * min(len(block.text), COLUMNS)
    return f"\n{said}" if block.level == SECTION else said


def _gap(one: DocumentBlock, after: DocumentBlock) -> str:
    return "\n" if one.kind == "term" or one.kind == after.kind == "item" else "\n\n"


def _wrap(text: str, first: str = "", other: str | None = None) -> str:
    """Return a text in lines; `first` begins the first, `other` the others: as wide a gap where it is not given."""
    return textwrap.fill(
        text,
        COLUMNS,
        initial_indent=first,
        subsequent_indent=" " * len(first) if other is None else other,
        break_long_words=False,
        break_on_hyphens=False,
    )
