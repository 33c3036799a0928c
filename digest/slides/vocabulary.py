"""Which words are usual, in many languages: those that Whisper's tokenizer has whole, some 40,000 with their space.

They are frequent in what people say and write on the web, so that nobody had to list any.
"""

import base64
from functools import cache
from importlib.util import find_spec
from pathlib import Path

MIN_WORD = 3  # letters; shorter ones are parts of anything
USUAL_SHARE = 0.5  # of the words of a text that are usual: letters read wrongly give next to none


@cache
def usual_words() -> frozenset[str]:
    """Return the words in small letters. The file is read as data; Whisper itself is not loaded."""
    found = find_spec("whisper")
    if found is None or found.origin is None:
        return frozenset()
    listed = (Path(found.origin).parent / "assets" / "multilingual.tiktoken").read_bytes()
    tokens = (base64.b64decode(line.split()[0]) for line in listed.splitlines() if line)
    words = (token[1:].decode("utf-8", "ignore") for token in tokens if token.startswith(b" "))
    return frozenset(word.casefold() for word in words if word.isalpha())


def are_words(text: str) -> bool:
    """Say whether a text holds words that people use."""
    words = [word for word in "".join(c if c.isalpha() else " " for c in text).split() if len(word) >= MIN_WORD]
    usual = usual_words()
    return bool(words) and sum(word.casefold() in usual for word in words) >= USUAL_SHARE * len(words)


def is_one_word(first: str, second: str) -> bool:
    """Say whether two parts of a word, parted by a hyphen at the end of a line, are one word without it.

    They are where the whole is usual, or the second part is none: “inter-national”, but “work-items”.
    """
    usual = usual_words()
    return (first + second).casefold() in usual or second.casefold() not in usual or len(second) < MIN_WORD
