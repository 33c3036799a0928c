"""The digest as Markdown (CommonMark, with tables as GitHub has them): to be pasted into wikis and repositories."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path

from digest.exports.document import DocumentBlock, Find, Run, blocks, document_version, make_document
from digest.model.public import PublicEdition
from digest.settings import Settings

VERSION = document_version(1)

FORMS: dict[str, str] = {"title": "# {}", "item": "- {}", "quote": "> {}", "term": "**{}**  "}
MARKS = re.compile(r"([\\`*_{}\[\]<>#|~&!])")
BEGINS = re.compile(r"^(\s*)([-+=]|\d+[.)])(?=\s|$|[-+=])")  # what would begin a list, a heading or a rule


def export(public: PublicEdition, into: Path, settings: Settings, _find: Find) -> None:
    """Write digest.md."""
    written = list(blocks(make_document(public, settings).body))
    text = "".join(_format(one) + _gap(one, after) for one, after in pairwise([*written, DocumentBlock("paragraph")]))
    (into / "digest.md").write_text(text.rstrip() + "\n", encoding="utf-8")


def _format(block: DocumentBlock) -> str:
    said = _begin("".join(map(_run, block.runs)))
    if block.kind == "table":
        return "\n".join(_rows(block.rows))
    if block.words:
        return "\n".join([said, "", *(f"- {_begin(_escape(line))}" for line in block.words)])
    return FORMS.get(block.kind, "{}").format(said) if block.kind != "heading" else f"{'#' * block.level} {said}"


def _gap(one: DocumentBlock, after: DocumentBlock) -> str:
    return "\n" if one.kind == "term" or one.kind == after.kind == "item" else "\n\n"


def _rows(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    head, *others = ([_escape(cell) for cell in row] for row in rows)
    for row in (head, ["---"] * len(head), *others):
        yield f"| {' | '.join(row)} |"


def _run(run: Run) -> str:
    lead, text, trail = re.fullmatch(r"(\s*)(.*?)(\s*)", run.text, re.DOTALL).groups()  # type: ignore[union-attr]
    said = _escape(text)
    if run.href and text:
        said = f"[{said}](<{run.href.replace('<', '%3C').replace('>', '%3E')}>)"
    if run.is_strong and text:
        said = f"**{said}**"
    return f"{lead}{said}{trail}"


def _escape(text: str) -> str:
    return MARKS.sub(r"\\\1", text)


def _begin(text: str) -> str:
    """Return text whose first letters begin nothing but a paragraph."""
    return BEGINS.sub(lambda found: f"{found[1]}{found[2][:-1]}\\{found[2][-1]}", text)
