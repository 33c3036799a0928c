"""The transcript to read, word for word: a paragraph each, with its time and, where it is known, who spoke."""

import textwrap
from pathlib import Path

from digest.model.edition import Paragraph
from digest.model.public import PublicEdition
from digest.text.clock import clock_with_hours

VERSION = 1
COLUMNS = 80


def export(public: PublicEdition, into: Path, *_: object) -> None:
    """Write transcript.txt, unless nobody is heard."""
    if public.paragraphs:
        text = "\n\n".join(_format(paragraph, public) for paragraph in public.paragraphs) + "\n"
        (into / "transcript.txt").write_text(text, encoding="utf-8")


def _format(paragraph: Paragraph, public: PublicEdition) -> str:
    name = public.speaker_name(paragraph.speaker)
    head = f"[{clock_with_hours(public.page_time(paragraph.start))}]" + (f" {name}:" if name else "")
    return f"{head}\n{textwrap.fill(paragraph.text, COLUMNS, break_long_words=False, break_on_hyphens=False)}"
