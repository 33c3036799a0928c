"""Addresses, telephone numbers and ways into a meeting in text: what people tell each other and readers never see."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache

from digest.text.links import is_entrance

MASK = "[…]"
MAX_PARTS = 8  # of the name of a host
PART = r"[\w-]{1,63}"
AT = r"(?:[ ]?@[ ]?|[ ]?[\[({<][ ]?(?:@|at|ät|arroba|arobase)[ ]?[\])}>][ ]?)"
DOT = r"(?:\.|[ ]?[\[({<][ ]?(?:\.|dot|punkt|point|punto|ponto)[ ]?[\])}>][ ]?|[ ]dot[ ])"
LOCAL = r"[\w.+%'-]{1,64}"
MAIL = re.compile(rf"(?:mailto:)?{LOCAL}{AT}{PART}(?:{DOT}{PART}){{1,{MAX_PARTS}}}", re.IGNORECASE)
# Written as it is spoken: an address only where it is all that is said, or where somebody is to be written to, for
# “the texts at dialogue dot example dot org” are on a page.
SPOKEN = rf"(?P<mail>{LOCAL}(?:[ ]dot[ ]{PART})?[ ]at[ ]{PART}(?:[ ]dot[ ]{PART}){{1,{MAX_PARTS}}})"
WRITE_TO = r"\b(?:e-?mails?|mails?|write|writing|contact|reach|courriel|correo|schreib\w*|écri\w+|escrib\w+)\b"
SPOKEN_MAILS = (
    re.compile(rf"^\W*{SPOKEN}\W*$", re.IGNORECASE),
    re.compile(rf"{WRITE_TO}(?:[ ](?:me|to|us|at|is|an|à|a|unter)|[:,])*[ ]{SPOKEN}", re.IGNORECASE),
)
# Links that ring somebody up: RFC 3966, and the addresses of messengers.
CALL = re.compile(
    r"(?:tel|sms|callto|whatsapp)[:：][ ]?\+?[\d(][\d ()./-]{4,20}\d"
    r"|(?:https?://)?(?:www\.)?(?:wa\.me/|signal\.me/#p/|(?:api|web)\.whatsapp\.com/send/?\?phone=|viber\.me/|t\.me/(?=\+\d))"
    r"\+?\d{5,17}[^\s<>]{0,200}",
    re.IGNORECASE,
)
LINK = re.compile(r"(?:https?://|www\.|doi:?[ ]?10\.)[^\s<>]+|\b10\.\d{4,9}/\S+", re.IGNORECASE)
# Runs of digits with what people put between them; what else looks so is sorted out by `_is_telephone`.
DIGITS = re.compile(r"(?<![\w-])(?<!\d[./:,])\+?\(?\d(?:[\s().-]{0,3}(?:/[ ]?)?\d){5,17}(?:/\d{1,3})*(?![\w/]|[:,]\d)")
EXTENSION = re.compile(r"[ ,]{0,2}(?:ext\.?|extension|x|#|poste|durchwahl|dw|доб\.?)[ ]?\d{1,6}\b", re.IGNORECASE)
# Addresses with a scheme, and those of meetings without one, as people copy them from invitations.
WEB = re.compile(
    r"(?:https?://|www\.|(?:[\w-]+\.)*(?:zoom\.(?:us|com)|zoomgov\.com|teams\.(?:microsoft|live)\.com|meet\.google\.com|webex\.com"
    r"|meet\.goto\.com|gotomeeting\.com|whereby\.com|meet\.jit\.si)/)[^\s<>\"”»)\]]+",
    re.IGNORECASE,
)
# What opens a meeting, as invitations have it in the languages that we know: the sign or a figure tells it from prose.
PASSCODE = re.compile(
    r"\b(?:pass(?:code|word|wort)|pwd|pin|kenn(?:code|wort)|zugangscode|wachtwoord|toegangscode|contraseña|senha|parola"
    r"|mot de passe|code d['’]accès|código de acesso|código de acceso|codice d['’]accesso|(?:meeting|webinar)[ -]id)"
    r"(?:[ ]?[:=：][ ]?|[ ](?:is|ist|est|es|è|é)[ ](?=\S*\d))(?P<code>\d[\d ]{6,14}\d|\S*[\w!#$%&*?@])",
    re.IGNORECASE,
)
MIN_DIGITS, MAX_DIGITS = 7, 15  # ITU-T E.164 has fifteen at most
# What stands before a number that is to be rung, in languages that share these words.
CONTEXT = re.compile(
    r"(?:\b(?:tel|telefon|telefono|teléfono|telefone|téléphone|telephone|phone|fon|fax|mobile?|móvil|celular|cell|handy|natel"
    r"|call(?: me)?|ring(?: me)?|text(?: me)?|sms|whatsapp|signal|viber|appelez|llam[ae]|ruf|anruf|reach me"
    r"|number|numéro|número|numero|nummer|nr)\b|№|☎|📞|📱|тел|телефон|номер|电话|電話|手机|携帯)"
    r"[\W_]{0,3}(?:(?:is|ist|est|es|at|on|unter|au|al|:|me)\b[\W_]{0,3}){0,2}$",
    re.IGNORECASE,
)
YEARS = r"(?:1[5-9]|20)\d\d"
AMOUNT = r"[1-9]\d{0,2}(?:[ .,]\d{3})+(?:[.,-]\d\d)?"
OTHER_NUMBER = re.compile(
    r"(?:\d{4}[-./]\d\d?[-./]\d\d?|(?:\d\d?[-–])?\d\d?[-./]\d\d?[-./]\d{4}"  # dates
    rf"|{YEARS}(?:[ /-]{{1,3}}{YEARS})+"  # years
    r"|\d{1,3}(?:\.\d{1,3}){3}(?:/\d{1,3})?"  # network addresses
    rf"|{AMOUNT}(?:[ ]?-[ ]?{AMOUNT})?)\.?"
)
PLAIN_AMOUNT = re.compile(r"(?:[1-9]\d{6,8}|\d+\.\d+)\.?")
DATE_AND_TIME = re.compile(r"\d{4}-\d\d-\d\d[ T]?\d\d")
BOOK = re.compile(r"\bIS[BSM]N(?:-1[03])?[ :]{0,2}$", re.IGNORECASE)


def mask_addresses(text: str) -> str:
    """Return the text with e-mail addresses and telephone numbers replaced by […], however they are written."""
    plain = _plain(text)
    return _without(text, [*_mails(plain), *_telephones(plain)])


def mask_contacts(text: str) -> str:
    """Return the text without addresses and numbers as `mask_addresses`, ways into a meeting and passwords either."""
    return _without(text, contacts(text))


def contacts(text: str) -> list[tuple[int, int]]:
    """Return where, in order and apart from each other, a text has what `mask_contacts` masks."""
    plain, found = _plain(text), list[tuple[int, int]]()
    entrances = (link.span() for link in WEB.finditer(plain) if is_entrance(link[0]))
    codes = (code.span("code") for code in PASSCODE.finditer(plain))
    for start, until in sorted({*_mails(plain), *_telephones(plain), *entrances, *codes}):
        if found and start < found[-1][1]:
            found[-1] = found[-1][0], max(until, found[-1][1])
        else:
            found.append((start, until))
    return found


def _without(text: str, spans: Iterable[tuple[int, int]]) -> str:
    masked, end = list[str](), 0
    for start, until in sorted(set(spans)):
        if until > end:
            masked += [text[end:start], MASK] if start >= end else []
            end = until
    return "".join([*masked, text[end:]])


def _plain(text: str) -> str:
    """Return text of the same length in which figures, dashes, spaces and signs of any script are ASCII's."""
    return text if text.isascii() else "".join(map(_plain_letter, text))


@lru_cache(maxsize=10_000)
def _plain_letter(letter: str) -> str:
    kind = unicodedata.category(letter)
    if kind == "Nd":
        return str(unicodedata.digit(letter))
    if kind in {"Pd", "Zs"}:
        return "-" if kind == "Pd" else " "
    folded = unicodedata.normalize("NFKC", letter)
    return folded if len(folded) == 1 and not folded.isspace() else letter


def _mails(text: str) -> Iterator[tuple[int, int]]:
    for found in MAIL.finditer(text):
        if not text[found.end() - 1].isdigit():  # the last part of a host is no number: “5 @ 10.30”
            yield found.span()
    yield from (found.span("mail") for pattern in SPOKEN_MAILS for found in pattern.finditer(text))


def _telephones(text: str) -> Iterator[tuple[int, int]]:
    yield from (found.span() for found in CALL.finditer(text))
    links = [found.span() for found in LINK.finditer(text)]
    for found in DIGITS.finditer(text):
        if any(start <= found.start() < end for start, end in links):
            continue
        extension = EXTENSION.match(text, found.end())
        start, end = found.start(), extension.end() if extension else found.end()
        before = text[max(0, start - 60) : start]
        is_alone = "." not in found[0] and not (text[:start] + text[end:]).strip(" .")
        is_asked_for = is_alone or bool(CONTEXT.search(before))
        if not BOOK.search(before) and _is_telephone(found[0].strip(), is_asked_for=is_asked_for):
            yield start, end


def _is_telephone(text: str, *, is_asked_for: bool) -> bool:
    """Say whether figures are a telephone's: by the sign before them, by what is said of them, or by their groups.

    `is_asked_for`: a word such as “call” stands before them, or they are all that is said.
    """
    digits = re.sub(r"\D", "", text)
    if not MIN_DIGITS <= len(digits) <= MAX_DIGITS + 3 or DATE_AND_TIME.match(text) or _is_isbn(digits):
        return False
    if text.startswith(("+", "00")):
        return True
    if OTHER_NUMBER.fullmatch(text):
        return False
    if is_asked_for or (text.lstrip("(").startswith("0") and not PLAIN_AMOUNT.fullmatch(text)):
        return True
    return "/" not in text and not PLAIN_AMOUNT.fullmatch(text) and _is_possible(text)


@lru_cache(maxsize=10_000)
def _is_possible(number: str) -> bool:
    """Say whether a number could be dialled in any country, by the tables of libphonenumber."""
    import phonenumbers

    for region in phonenumbers.SUPPORTED_REGIONS:
        try:
            if phonenumbers.is_possible_number(phonenumbers.parse(number, region)):
                return True
        except phonenumbers.NumberParseException:
            continue
    return False


def _is_isbn(digits: str) -> bool:
    """Say whether 13 figures are a book's or a journal's: the right beginning and the right check digit (ISO 2108)."""
    if len(digits) != 13 or not digits.startswith(("977", "978", "979")):  # noqa: PLR2004
        return False
    return sum(int(digit) * (3 if at % 2 else 1) for at, digit in enumerate(digits)) % 10 == 0
