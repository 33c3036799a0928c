"""Words as readers look for them: folded, and without the endings of their language.

The pages' script `words.js` does the same in the browser, and a test holds both together: what is indexed here is
looked up there. Light stemming after Savoy (UniNE).
"""

import re
import unicodedata
from functools import cache, lru_cache

from digest.text.scripts import UNSPACED_LANGUAGES  # no space parts their words: two letters are a term

ENDINGS = {
    "en": "ings ions ers ors ies ied ing ion ed er es or ly al s e y",
    "fr": "issements issement ements ement atrices atrice ations ation ions euses ateurs ateur ion euse eux aux ales "
    "ives ifs aient ants ant ait ale ive if ees ee er ez ent ons es e s x",
    "es": "aciones amientos amiento imientos imiento aciones acion adoras adores adora ador iendo ando aron ieron aban "
    "aba idas idos adas ados ida ido ada ado ias ia es as os ar er ir a e o s",
    "pt": "acoes amentos amento imentos imento acao adoras adores adora ador oes aes ais eis indo endo ando aram eram "
    "avam ava idas idos adas ados ida ido ada ado as os es am em ar er ir a e o s",
    "de": "ungen ung heiten heit keiten keit ischen ische lichen liche lich isch ern est end em en er es te st e n s t",
    "it": "azioni azione amenti amento imenti imento atori atore ando endo arono avano ava ate ati ata ato ite iti ita "
    "ito are ere ire a e i o",
    "nl": "ingen ing heden heid lijke lijk ende end eren en es er de te e s t",
    "ar": "ات ون ين ان ها هم ية يه ه ي",
}
OWN_LETTERS = str.maketrans(
    {"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ı": "i", "ة": "ه", "ى": "ي", "ـ": ""}
)
ARTICLE = re.compile(r"^(?:[وفبكل]?ال|لل)(?=..)")
DOUBLED = re.compile(r"([^aeiou\d])\1$")


@lru_cache(maxsize=65536)
def fold(word: str) -> str:
    """Return a word in small letters without accents."""
    if word.isascii():
        return word.lower()
    bare = (letter for letter in unicodedata.normalize("NFKD", word.lower()) if unicodedata.category(letter)[0] != "M")
    return "".join(bare).translate(OWN_LETTERS)


@lru_cache(maxsize=65536)
def stem(folded: str, language: str) -> str:
    """Return a folded word without the first of its language's endings that leaves enough of it."""
    short = ARTICLE.sub("", folded) if language == "ar" else folded
    for ending in _endings(language):
        if short.endswith(ending) and len(short) - len(ending) >= (3 if len(ending) > 1 else 2):
            short = short[: -len(ending)]
            break
    return DOUBLED.sub(r"\1", short)


def terms(text: str, language: str) -> list[str]:
    """Return what a text is found by, in its order: stems, or pairs of letters where no space parts words."""
    folded = [word for word in map(fold, _words(text)) if word]
    if language not in UNSPACED_LANGUAGES:
        return [stem(word, language) for word in folded]
    return [pair for word in folded for pair in _pairs(word)]


def _pairs(word: str) -> list[str]:
    return [word] if len(word) < 2 or word.isascii() else [word[at : at + 2] for at in range(len(word) - 1)]  # noqa: PLR2004


def _words(text: str) -> list[str]:
    """Return the runs of letters, marks and numbers."""
    if text.isascii():
        return re.findall(r"[A-Za-z0-9]+", text)
    return "".join(letter if _is_of_word(letter) else " " for letter in text).split(" ")


@cache
def _is_of_word(letter: str) -> bool:
    return unicodedata.category(letter)[0] in "LNM"


@cache
def _endings(language: str) -> tuple[str, ...]:
    return tuple(ENDINGS.get(language, "").split())
