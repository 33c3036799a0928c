"""Text made fit to show: no controls, no letters that nobody sees, no marks that turn the direction of writing.

Joiners (U+200C, U+200D) stay: Persian, Indic scripts and emoji are written with them. So do the marks of direction
that turn nothing around (U+200E, U+200F, U+061C), and white space of every kind.
"""

import re
import unicodedata

CONTROLS = "\x00-\x1f\x7f-\x9f"  # tab and line ends too
TURNS = "\u202a-\u202e\u2066-\u2069"  # overrides, embeddings, isolates: text reads otherwise than it is stored
LINE_ENDS = "\x0b\x0c\x85\u2028\u2029"  # beside \r and \n (Unicode Standard Annex 14)
# Soft hyphen, zero-width space, word joiner and the signs beside it, annotations, byte order mark, half signs.
UNSEEN = "\xad\u200b\u2060-\u2065\ufff9-\ufffb\ufeff\ud800-\udfff"

ANY_LINE_END = re.compile(f"\r\n?|[{LINE_ENDS}]")
NEVER_SHOWN = re.compile(f"(?![\t\n])[{CONTROLS}{TURNS}{UNSEEN}]")


def clean_text(text: str) -> str:
    r"""Return the text without what is never shown, its lines parted by \n, letters with their accents as one (NFC)."""
    return unicodedata.normalize("NFC", NEVER_SHOWN.sub("", ANY_LINE_END.sub("\n", text)))


def clean_line(text: str) -> str:
    """Return the text as a single line: cleaned, one space between words, none at either end."""
    return " ".join(clean_text(text).split())


def is_blank(text: str) -> bool:
    """Return whether nothing of a text would be seen: white space, joiners and marks alone."""
    return all(letter.isspace() or unicodedata.category(letter) in {"Cc", "Cf"} for letter in text)
