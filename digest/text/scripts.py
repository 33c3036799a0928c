"""How scripts set words: with spaces or without, how wide, from which side; one rule for all rooms."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from typing import NamedTuple

UNSPACED_LANGUAGES = frozenset({"ja", "zh", "yue", "th", "lo", "km", "my"})
RIGHT_TO_LEFT = frozenset({"ar", "ckb", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi"})  # CLDR, characterOrder
EAST_ASIAN = "\u3001-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff01-\uff9f\U00020000-\U0003ffff"
UNSPACED = f"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff{EAST_ASIAN}]"  # Thai, Lao, Burmese, Khmer; kana, Han, their signs
# What never begins and what never ends a line (JIS X 4051; Thai and Lao: what is written or spoken after a consonant).
NEVER_FIRST = frozenset(
    "、。，．・：；？！ー々ゝゞヽヾ〜）」』】〕〉》”’…‥ぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮヵヶะาำๅๆฯະາຳຽໆ។៖ៗ၊။"
)
NEVER_LAST = frozenset("（「『【〔〈《“‘เแโใไເແໂໃໄ\u1039\u17d2")  # the last two stack the next consonant
WIDE, WIDE_IN = (
    42 / 16,
    {"ja": 42 / 13},
)  # letters that a wide one takes: so many fill a line (Netflix timed text guides)
RIGHT_TO_LEFT_MARK = "\u200f"


class TextPiece(NamedTuple):
    """A word, or the least of a text without spaces that may stand alone; `spaced` where a space stands before it."""

    text: str
    spaced: bool


def split_pieces(text: str) -> tuple[TextPiece, ...]:
    """Return the words of a text; each letter with its marks where a script sets no spaces. The first one is spaced."""
    return tuple(TextPiece(part, spaced=not at) for word in text.split() for at, part in enumerate(_parts(word)))


def join_pieces(pieces: Iterable[TextPiece]) -> str:
    """Return pieces as one text, with spaces where they had some."""
    return "".join(f" {piece.text}" if piece.spaced else piece.text for piece in pieces).removeprefix(" ")


def join_sentences(texts: Iterable[str]) -> str:
    """Return sentences as one text: none needs a space after an East Asian one."""
    return re.sub(rf"(?<=[{EAST_ASIAN}]) (?=[{EAST_ASIAN}])", "", " ".join(texts))


def may_part(before: str, after: str) -> bool:
    """Return whether two letters in a row may belong to different words: one is of a script without spaces."""
    is_unspaced = re.match(UNSPACED, before) or re.match(UNSPACED, after)
    is_bound = after in NEVER_FIRST or before in NEVER_LAST or unicodedata.category(after)[0] == "M"
    return bool(is_unspaced) and not is_bound


def is_east_asian(letter: str) -> bool:
    """Return whether a letter is Chinese or Japanese: even sentences have no space between them."""
    return re.match(f"[{EAST_ASIAN}]", letter) is not None


def is_unspaced(text: str) -> bool:
    """Return whether there is a letter of a script without spaces in a text."""
    return not text.isascii() and re.search(UNSPACED, text) is not None


def width(text: str, language: str) -> float:
    """Return how many letters a text is wide: a wide one takes the room of several, a mark upon a letter none."""
    if text.isascii():
        return len(text)
    wide = WIDE_IN.get(language, WIDE)
    return sum(
        wide if unicodedata.east_asian_width(letter) in "WF" else unicodedata.category(letter) not in {"Mn", "Cf"}
        for letter in text
    )


def whole_words(pattern: str, text: str) -> str:
    """Return a pattern that finds a text as whole words only; in a script without spaces words have no border."""
    begins = "" if re.match(UNSPACED, text[0]) else r"(?<!\w)"
    ends = "" if re.match(UNSPACED, text[-1]) else r"(?!\w)"
    return f"{begins}{pattern}{ends}"


def is_right_to_left(language: str) -> bool:
    """Return whether a language is written from the right."""
    return re.split("[-_]", language)[0] in RIGHT_TO_LEFT


def with_direction(line: str, language: str) -> str:
    """Return a line of plain text that is read from the right, where its language is.

    Readers go by the first letter, so a line that begins in Latin letters, or has none, needs a mark (Unicode Standard
    Annex 9, P2).
    """
    first = next((kind for kind in map(unicodedata.bidirectional, line) if kind in {"L", "R", "AL"}), "L")
    return RIGHT_TO_LEFT_MARK + line if is_right_to_left(language) and first == "L" else line


def _parts(word: str) -> Iterator[str]:
    begin = 0
    if not word.isascii():
        for at in range(1, len(word)):
            if may_part(word[at - 1], word[at]):
                yield word[begin:at]
                begin = at
    yield word[begin:]
