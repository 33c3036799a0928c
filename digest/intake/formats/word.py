"""The text of a Word file: nothing but its own text is unpacked, and no entity is followed."""

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

from digest.errors import UnusableDrop
from digest.intake.formats.companion_file import MAX_BYTES, CompanionFile

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
BREAKS = {f"{W}br": "\n", f"{W}tab": "\t", f"{W}cr": "\n"}


def is_word_file(file: CompanionFile) -> bool:
    """Return whether a file is called one and packed as one; what is in it shows once it is opened."""
    return file.is_zip and file.name.endswith(".docx")


def share_of_word_lines(file: CompanionFile, pattern: re.Pattern[str]) -> float:
    """Return the share of the lines of a Word file that begin so. Raises as `word_lines` does."""
    lines = word_lines(file) if is_word_file(file) else []
    return sum(bool(pattern.match(line)) for line in lines) / len(lines) if lines else 0.0


def word_lines(file: CompanionFile) -> list[str]:
    """Return the lines of a Word file that are not empty, paragraphs and the breaks within them alike.

    Raises UnusableDrop where it is none, or made to do harm.
    """
    file.content()
    return [line for paragraph in _paragraphs(file.path) for line in paragraph.split("\n") if line.strip()]


def _paragraphs(path: Path) -> Iterator[str]:
    from lxml import etree

    try:
        with zipfile.ZipFile(path) as archive:
            part = archive.getinfo("word/document.xml")
            if part.file_size > MAX_BYTES:
                raise UnusableDrop("It unpacks to more than its size allows.", remedy="Leave it out.")
            with archive.open(part) as file:
                content = file.read(MAX_BYTES + 1)
        if b"<!DOCTYPE" in content[:2000]:
            raise UnusableDrop("It holds what honest Word files never do.", remedy="Leave it out.")
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
        root = etree.fromstring(content, parser)
    except (zipfile.BadZipFile, KeyError, OSError, ValueError, EOFError, etree.XMLSyntaxError) as error:
        raise UnusableDrop("It is no Word file that can be read.", remedy="Save it again.") from error
    for paragraph in root.iter(f"{W}p"):
        yield "".join(
            (element.text or "") if element.tag == f"{W}t" else BREAKS[element.tag]
            for element in paragraph.iter()
            if element.tag == f"{W}t" or element.tag in BREAKS
        )
