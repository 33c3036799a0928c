"""The text of a file that some program left: bytes in, clean text out, without what is nobody's business."""

import re
import unicodedata

from digest.intake.event_file import INVISIBLE

LATIN, CYRILLIC = "cp1252", "cp1251"
LEFT_OUT = "[…]"

MAIL = re.compile(r"[\w.+%-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}")
# Runs of digits with what people put between them; what else looks so is sorted out by `_is_telephone`.
DIGITS = re.compile(r"(?<![\w./:-])\+?\(?\d(?:[\s().-]{0,3}\d){5,16}(?![\w/:])")
FEWEST_DIGITS, MOST_DIGITS = 7, 15  # ITU-T E.164 has fifteen at most
OTHER_NUMBER = re.compile(
    r"(?:\d{4}[-.]\d\d[-.]\d\d|\d\d[-.]\d\d[-.]\d{4}|(?:19|20)\d\d\s?[-–]\s?(?:19|20)\d\d"  # dates, years
    r"|\d{1,3}(?:\.\d{1,3}){3}|[1-9]\d{0,2}(?:[ ., ]\d{3})+|[1-9]\d{6,8}|\d+\.\d+)\.?"  # addresses, amounts
)


def decoded(content: bytes) -> tuple[str, str | None]:
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
    return clean(text), guessed


def clean(text: str) -> str:
    """Return the text without control characters and without what turns the direction of writing around."""
    broken = re.sub("\r\n?|[\u2028\u2029\x85]", "\n", text)
    return unicodedata.normalize("NFC", INVISIBLE.sub("", broken))


def without_addresses(text: str) -> str:
    """Return the text with e-mail addresses and telephone numbers replaced by […]."""
    return DIGITS.sub(lambda found: LEFT_OUT if _is_telephone(found[0]) else found[0], MAIL.sub(LEFT_OUT, text))


def _is_telephone(text: str) -> bool:
    digits = sum(letter.isdigit() for letter in text)
    return FEWEST_DIGITS <= digits <= MOST_DIGITS and not OTHER_NUMBER.fullmatch(text.strip())


def _code_page(content: bytes) -> str:
    """Return which of two code pages fits better: Russian has whole words of high bytes, Western text single ones."""
    runs = re.findall(rb"[\xc0-\xff]{3,}", content)
    high = sum(byte >= 0xC0 for byte in content)  # noqa: PLR2004
    return CYRILLIC if sum(map(len, runs)) > high / 2 else LATIN
