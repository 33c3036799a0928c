"""The transcript to read, word for word: a paragraph each, with its time and, where it is known, who spoke."""

from collections.abc import Iterator
from pathlib import Path

from digest.model.edition import Paragraph
from digest.model.public import PublicEdition
from digest.text.clock import clock_with_hours
from digest.text.scripts import TextPiece, join_pieces, split_pieces, width, with_direction

VERSION = 2
COLUMNS = 80


def export(public: PublicEdition, into: Path, *_: object) -> None:
    """Write transcript.txt, unless nobody is heard."""
    if public.paragraphs:
        text = "\n\n".join(_format(paragraph, public) for paragraph in public.paragraphs) + "\n"
        (into / "transcript.txt").write_text(text, encoding="utf-8")


def _format(paragraph: Paragraph, public: PublicEdition) -> str:
    name = public.speaker_name(paragraph.speaker)
    head = f"[{clock_with_hours(public.page_time(paragraph.start))}]" + (f" {name}:" if name else "")
    language = paragraph.language or public.language
    return "\n".join([head, *(with_direction(line, language) for line in _lines(paragraph.text, language))])


def _lines(text: str, language: str) -> Iterator[str]:
    """Yield a text in lines as wide as COLUMNS letters at most; a longer word has one of its own."""
    line, used = list[TextPiece](), 0.0
    for piece in split_pieces(text):
        room = piece.spaced + width(piece.text, language)
        if line and used + room > COLUMNS + line[0].spaced:
            yield join_pieces(line)
            line, used = [], 0.0
        line.append(piece)
        used += room
    yield join_pieces(line)
