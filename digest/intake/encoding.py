"""The text of a file that some program left: bytes in, clean text out."""

import re
import unicodedata
from collections.abc import Iterator

from digest.text.cleaning import clean_text

USUAL = "cp1252"  # Western Windows, where nothing fits better
KANA = re.compile("[\u3041-\u30fa]")
MIN_KANA = 0.2  # of the letters beyond ASCII; Chinese read as Japanese has none
MAX_LOOKED_AT, LONG = 200_000, 1_000  # bytes


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
        except UnicodeDecodeError as error:
            if error.reason == "unexpected end of data" and len(content) > LONG:  # a head that ends within a letter
                text = content.decode("utf-8-sig", "ignore")
            else:
                guessed = _code_page(content[:MAX_LOOKED_AT])
                text = content.decode(guessed, "replace")
    return clean_text(text), guessed


def _code_page(content: bytes) -> str:
    """Return the likeliest code page in which no word mixes two scripts: in a wrong one nearly every word does."""
    for name in _candidates(content):
        text = content.decode(name, "ignore")
        words = [word for word in re.findall(r"[^\W\d_]+", text) if not word.isascii()]
        if words and not any(_is_mixed(word) for word in words):
            return name
    return USUAL


def _candidates(content: bytes) -> Iterator[str]:
    """Yield code pages, likeliest first; Japanese shows by its kana, which few sentences of other pages have."""
    import chardet

    beyond = [letter for letter in content.decode("cp932", "replace") if letter > "\x7f"]
    if len(KANA.findall("".join(beyond))) > MIN_KANA * len(beyond):
        yield "cp932"
    for found in chardet.detect_all(content, encoding_era=chardet.EncodingEra.MODERN_WEB, ignore_threshold=True):
        if found["encoding"]:
            yield found["encoding"].lower()


def _is_mixed(word: str) -> bool:
    """Say whether letters of two alphabets stand in a word."""
    scripts = {unicodedata.name(letter, "?").partition(" ")[0] for letter in word}
    return len(scripts & {"LATIN", "CYRILLIC", "GREEK", "HEBREW", "ARABIC", "THAI", "HANGUL"}) > 1
