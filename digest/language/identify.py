"""In which language a text is written: by its script, else by the closed classes of the languages that are listed."""

import re
import unicodedata
from collections import Counter

from digest.language.languages import LANGUAGES

SCRIPTS = {
    "HIRAGANA": "ja", "KATAKANA": "ja", "HANGUL": "ko", "ARABIC": "ar", "HEBREW": "he", "GREEK": "el", "THAI": "th",
    "CJK": "zh",
}  # fmt: skip
LETTERS = 20_000  # of a text that are looked at
MOST = 0.5  # of the letters: a text of another script has names in Latin letters too
KANA = 0.1  # of the letters: Japanese is written in Han characters as well
MIN_WORDS = 20  # fewer do not tell
SHARE = 0.15  # of the words that a language's closed classes hold: its own texts have a quarter and more
CLEARLY = 1.3  # times as many as of the next language


def identify_language(text: str) -> str | None:
    """Return the code of the language that a text is written in, None where that does not show.

    A script that several languages share, as the Cyrillic one, tells nothing.
    """
    letters = [letter for letter in text[:LETTERS] if letter.isalpha()]
    scripts = Counter(unicodedata.name(letter, "?").partition(" ")[0] for letter in letters)
    if letters and scripts["HIRAGANA"] + scripts["KATAKANA"] > KANA * len(letters):
        return "ja"
    script, count = scripts.most_common(1)[0] if letters else ("", 0)
    if script != "LATIN":
        return SCRIPTS.get(script) if count > MOST * len(letters) else None
    return _by_closed_classes(re.findall(r"[^\W\d_]{2,}", text[:LETTERS].casefold()))


def _by_closed_classes(words: list[str]) -> str | None:
    shares = sorted(
        ((sum(word in one.function_words for word in words) / max(1, len(words)), one.code) for one in LANGUAGES),
        reverse=True,
    )
    (first, code), (second, _) = shares[:2]
    return code if len(words) >= MIN_WORDS and first >= max(SHARE, CLEARLY * second) else None
