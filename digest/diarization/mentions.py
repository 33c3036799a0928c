"""Where announced people are named, also misheard: words in, places of names out."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cache

from digest.language.languages import LANGUAGES

ALIKE = 0.8  # of letters in order, from which a misheard name is held for an announced one
LOOSELY = 0.5  # the same where the name before it or the consonants agree
MIN_LETTERS = 4  # letters of a name that may be misheard; shorter ones must be right
HONORIFICS = frozenset(word for language in LANGUAGES for word in language.honorifics)


@dataclass(frozen=True)
class NameMention:
    """A name in a row of words: where it begins, how many words it has, whose it is.

    `is_whole` where more than one part of the name was said. `is_other` where a word with a capital follows that is no
    part of the name: it may be somebody else's.
    """

    place: int
    length: int
    name: str
    is_whole: bool
    is_other: bool


class KnownNames:
    """The names that may be heard, each in its parts; what was compared once is not compared again."""

    def __init__(self, people: Sequence[str]) -> None:
        """Keep the parts of each name, without honorifics and small words."""
        self.parts = {name: _parts(name) for name in people}
        self._alike = dict[tuple[str, str, bool], bool]()

    def mentions(self, texts: Sequence[str]) -> Iterator[NameMention]:
        """Yield each name in a list of words: whole, or a part that only one person has."""
        plain = [plain_word(text) for text in texts]
        at = 0
        while at < len(plain):
            found = [
                (length, count, name)
                for name, own in self.parts.items()
                if texts[at][:1].isupper() and len(plain[at]) > 1
                for length, count in (self._length(plain, at, own),)
                if length
            ]
            best = max(found, default=(0, 0, ""))
            if len({name for *measure, name in found if tuple(measure) == best[:2]}) == 1:
                yield self._mention(texts, at, best)
            at += max(1, best[0])

    def _mention(self, texts: Sequence[str], at: int, found: tuple[int, int, str]) -> NameMention:
        length, count, name = found
        after = at + length
        is_open = texts[after - 1][-1].isalnum() and after < len(texts)
        return NameMention(at, length, name, is_whole=count > 1, is_other=is_open and texts[after][:1].isupper())

    def _length(self, plain: Sequence[str], at: int, own: Sequence[str]) -> tuple[int, int]:
        """Return how many words from a place on are parts of a name in their order, and how many parts these are.

        A name with a hyphen is often heard as two words: "May Ling".
        """
        for first, part in enumerate(own):
            for length in (2, 1) if "-" in part else (1,):
                if self._is_alike("".join(plain[at : at + length]), part.replace("-", "")):
                    used, count = min(length, len(plain) - at), 1
                    for following in own[first + 1 :]:
                        heard = plain[at + used] if at + used < len(plain) else ""
                        if self._is_alike(heard, following.replace("-", ""), is_loose=True):
                            used, count = used + 1, count + 1
                    return used, count
        return 0, 0

    def _is_alike(self, heard: str, part: str, *, is_loose: bool = False) -> bool:
        key = heard, part, is_loose
        if key not in self._alike:
            self._alike[key] = _is_alike(heard.replace("-", ""), part, is_loose=is_loose)
        return self._alike[key]


def _parts(name: str) -> tuple[str, ...]:
    """Return what a person is called by: words with a capital that are no courtesy; all words where there are none."""
    words = [bare for word in re.split(r"[\s,()]+", name) if (bare := re.sub(r"^[^\w]+", "", word))]
    own = [plain_word(word) for word in words if word[0].isupper() and small_word(word) not in HONORIFICS]
    return tuple(part for part in own if len(part) > 1) or tuple(plain_word(word) for word in words)


def _is_alike(heard: str, name: str, *, is_loose: bool) -> bool:
    """Return whether a word may be a name misheard: nearly the same letters, or the same but for its vowels.

    A short form is the name too: "Matt" for "Matthew".
    """
    if heard == name:
        return True
    if min(len(heard), len(name)) < MIN_LETTERS:
        return False
    if heard.startswith(name) or name.startswith(heard):
        return True
    shared = SequenceMatcher(None, heard, name).ratio()
    same_sound = _skeleton(heard) == _skeleton(name) and len(_skeleton(name)) >= MIN_LETTERS - 1
    begins_alike = heard[0] == name[0] or is_loose
    return (begins_alike and shared >= (LOOSELY if is_loose else ALIKE)) or (same_sound and shared >= LOOSELY)


def _skeleton(text: str) -> str:
    return re.sub(r"[^\w]|[aeiouy]", "", text)


@cache
def plain_word(text: str) -> str:
    """Return a word without case, accents and punctuation around it; a possessive is gone."""
    letters = unicodedata.normalize("NFKD", small_word(text).replace("ł", "l"))
    bare = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return re.sub(r"'s$", "", bare)


@cache
def small_word(text: str) -> str:
    """Return a word in small letters, without punctuation around it."""
    return re.sub(r"^[^\w]+|[^\w]+$", "", text.casefold().replace("’", "'"))
