"""The clean reading of what was said: words in, the words that people would write down out; no word is ever added.

The verbatim reading is the words themselves. Dropped are sounds of hesitation and words begun twice; numbers and
addresses that the recogniser parted are joined. What a filler is, each language knows for itself: where no list of one
is here, both readings are the same but for the joining.
"""

import re
from collections.abc import Sequence

from digest.language.closed_classes import Language
from digest.language.languages import get_language
from digest.language.sentences import ends_sentence
from digest.model.speech import Word

PARTED = re.compile(r"-\w|\.[a-z]|%")  # as it begins what belongs to the word before: "example .org",
PARTED_FIGURE = re.compile(r"[.,]\d")  # and to a figure: "75 ,000", but not "to .1"


def clean(words: Sequence[Word], language: str) -> tuple[Word, ...]:
    """Return the words without fillers and false starts, each with its own time; maybe none."""
    known = get_language(language)
    kept = list[Word]()
    begins = False  # what was dropped began a sentence
    for at, word in enumerate(words):
        if _is_hesitation(words, at, known) or _is_restart(words, at, known):
            begins = begins or _is_capitalised(word)
            if kept:
                kept[-1] = _drop_after(kept[-1], word, known)
        elif kept and _goes_on(kept[-1].text, word.text):
            kept[-1] = kept[-1].model_copy(update={"text": kept[-1].text + word.text, "end": word.end})
        else:
            kept.append(_capitalise(word) if begins else word)
            begins = False
    return tuple(kept)


def _goes_on(before: str, text: str) -> bool:
    """Return whether a word is the rest of the one before."""
    if PARTED_FIGURE.match(text):
        return before[-1].isdigit()
    return bool(PARTED.match(text)) and before[-1].isalnum()


def _is_hesitation(words: Sequence[Word], at: int, language: Language) -> bool:
    """Return whether a word only hesitates. ER is a ward and UM a university, but "and UM, five" is a recogniser's."""
    word = words[at]
    follows = bool(at) and _plain(words[at - 1]) in language.conjunctions
    is_name = _bare(word).isupper() and not (word.text.endswith(",") and follows)
    return _plain(word) in language.hesitations and not is_name


def _is_restart(words: Sequence[Word], at: int, language: Language) -> bool:
    """Return whether a word is followed by itself, which is then kept."""
    word = words[at]
    return (
        at + 1 < len(words)
        and _plain(word) in language.restarts
        and _plain(word) == _plain(words[at + 1])
        and not ends_sentence(word.text)
    )


def _drop_after(before: Word, dropped: Word, language: Language) -> Word:
    """Return the word before one that is dropped, with the full stop of that, or without the comma that led to it."""
    text = before.text
    if ends_sentence(dropped.text) and not ends_sentence(text):
        text = text.rstrip(",;:") + dropped.text[-1]
    elif dropped.text.endswith(",") and _plain(before) in language.no_comma_after:
        text = text.rstrip(",")
    return before.model_copy(update={"text": text})


def _is_capitalised(word: Word) -> bool:
    bare = _bare(word)
    return bare[0].isupper() and (len(bare) == 1 or not bare.isupper())


def _plain(word: Word) -> str:
    return _bare(word).casefold()


def _bare(word: Word) -> str:
    return re.sub(r"[^\w'’]", "", word.text)


def _capitalise(word: Word) -> Word:
    return word.model_copy(update={"text": word.text[0].upper() + word.text[1:]})
