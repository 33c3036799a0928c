"""The text of a file that some program left: bytes in, clean text out."""

import re

from digest.text.cleaning import clean_text

LATIN, CYRILLIC = "cp1252", "cp1251"


def decode_text(content: bytes) -> tuple[str, str | None]:
    """Return the text whatever a program saved it as, with the encoding where it had to be guessed.

    Line ends are newlines; control characters and marks that turn the direction of writing are gone.
    """
    guessed = None
    if content[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        text = content.decode("utf-16", "replace")
    elif content[1:200:2].count(0) > len(content[1:200:2]) // 2:
        text, guessed = content.decode("utf-16-le", "replace"), "UTF-16"
    else:
        try:
            text = content.decode("utf-8-sig")
        except UnicodeDecodeError:
            guessed = _code_page(content)
            text = content.decode(guessed, "replace")
    return clean_text(text), guessed


def _code_page(content: bytes) -> str:
    """Return which of two code pages fits better: Russian has whole words of high bytes, Western text single ones."""
    runs = re.findall(rb"[\xc0-\xff]{3,}", content)
    high = sum(byte >= 0xC0 for byte in content)  # noqa: PLR2004
    return CYRILLIC if sum(map(len, runs)) > high / 2 else LATIN
