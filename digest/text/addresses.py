"""E-mail addresses and telephone numbers in running text: what people write to each other and readers never see."""

import re

MASK = "[…]"
MAIL = re.compile(r"[\w.+%-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}")
# Runs of digits with what people put between them; what else looks so is sorted out by `_is_telephone`.
DIGITS = re.compile(r"(?<![\w./:-])\+?\(?\d(?:[\s().-]{0,3}\d){5,16}(?![\w/:])")
MIN_DIGITS, MAX_DIGITS = 7, 15  # ITU-T E.164 has fifteen at most
OTHER_NUMBER = re.compile(
    r"(?:\d{4}[-.]\d\d[-.]\d\d|\d\d[-.]\d\d[-.]\d{4}|(?:19|20)\d\d\s?[-–]\s?(?:19|20)\d\d"  # dates, years
    r"|\d{1,3}(?:\.\d{1,3}){3}|[1-9]\d{0,2}(?:[ ., ]\d{3})+|[1-9]\d{6,8}|\d+\.\d+)\.?"  # addresses, amounts
)


def mask_addresses(text: str) -> str:
    """Return the text with e-mail addresses and telephone numbers replaced by […]."""
    return DIGITS.sub(lambda found: MASK if _is_telephone(found[0]) else found[0], MAIL.sub(MASK, text))


def _is_telephone(text: str) -> bool:
    digits = sum(letter.isdigit() for letter in text)
    return MIN_DIGITS <= digits <= MAX_DIGITS and not OTHER_NUMBER.fullmatch(text.strip())
