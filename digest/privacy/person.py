"""One person as people write the name: spellings in, where they stand in a text out."""

import difflib
import re
import unicodedata
from collections.abc import Iterator

from digest.errors import NotAllowed
from digest.text.scripts import is_unspaced

PARTED = r"[\W_]{0,3}"  # between the words of a name: "Jane Doe", "jane.doe@", "jane-doe", "JaneDoe"
NAME = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")  # one word of a text
LETTERS = re.compile(r"[^\W\d_]+")
MIN_LETTERS = 3  # of a spelling, where letters are written one a sound
MIN_LIKE = 5  # letters of a word that may be a misspelling
LIKENESS = 0.8  # of difflib's ratio: one letter wrong in five
MASKED = "[a participant]"  # stands for a name that readers do not get


class DataSubject:
    """A person under all spellings that are known to be theirs; case and accents make no difference."""

    def __init__(self, *spellings: str) -> None:
        """Raise NotAllowed for a spelling that would be found in everybody's words."""
        self.spellings = spellings
        parts = [NAME.findall(_fold(spelling)[0]) for spelling in spellings]
        for spelling, words in zip(spellings, parts, strict=True):
            letters = "".join(words)
            if not letters or (letters.isascii() and len(letters) < MIN_LETTERS):
                raise NotAllowed(f"“{spelling}” is too short for a name.", remedy="Write the name out.")
        turned = [[words[-1], *words[:-1]] for words in parts if len(words) > 1]  # Doe, Jane
        written = (LETTERS.findall(" ".join(words)) for words in (*parts, *turned))
        patterns = sorted({PARTED.join(map(re.escape, letters)) for letters in written}, key=len, reverse=True)
        whole = "|".join(one for one in patterns if not is_unspaced(one))
        anywhere = [one for one in patterns if is_unspaced(one)]  # nothing parts words there
        self._pattern = re.compile("|".join(([rf"(?<![^\W_])(?:{whole})(?![^\W_])"] if whole else []) + anywhere))
        self._parts = {_letters(word) for words in parts for word in words if len(word) >= MIN_LETTERS}

    def places(self, text: str) -> Iterator[tuple[int, int]]:
        """Yield where the name stands: first letter, and the one behind the last."""
        folded, at = _fold(text)
        for found in self._pattern.finditer(folded):
            yield at[found.start()], at[found.end() - 1] + 1

    def is_named(self, text: str | None) -> bool:
        """Return whether the name stands in a text."""
        return bool(text) and next(self.places(text or ""), None) is not None

    def replace(self, text: str, instead: str = MASKED) -> str:
        """Return a text with other words in place of the name."""
        for start, end in reversed(list(self.places(text))):
            text = text[:start] + instead + text[end:]
        return text

    def near(self, text: str) -> Iterator[str]:
        """Yield words that are a part of the name, or nearly, where the name itself does not stand."""
        covered = list(self.places(text))
        for found in NAME.finditer(text):
            word = found[0]
            if word[0].islower() or any(start <= found.start() < end for start, end in covered):
                continue
            folded = _letters(_fold(word.removesuffix("'s").removesuffix("’s"))[0])
            if folded in self._parts or self._is_like(folded):
                yield word

    def _is_like(self, word: str) -> bool:
        known = [part for part in self._parts if len(part) >= MIN_LIKE and part[0] == word[0]]
        return len(word) >= MIN_LIKE and bool(difflib.get_close_matches(word, known, 1, LIKENESS))


def _letters(word: str) -> str:
    """Return a word without what parts it: O'Brien and O’Brien are one."""
    return "".join(LETTERS.findall(word))


def _fold(text: str) -> tuple[str, range | list[int]]:
    """Return a text without case and accents, and for each of its letters where that stands in the text."""
    if text.isascii():
        return text.lower(), range(len(text))
    letters, at = list[str](), list[int]()
    for index, letter in enumerate(text):
        for one in unicodedata.normalize("NFKD", letter).casefold():
            if not unicodedata.combining(one):
                letters.append(one)
                at.append(index)
    return "".join(letters), at
