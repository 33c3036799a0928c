"""The clean reading of what was said: words in, the words that people would write down out; no word is ever added.

The verbatim reading is the words themselves. Dropped are sounds of hesitation and words begun twice; numbers and
addresses that the recogniser parted are joined. What a filler is, each language knows for itself: where no list of one
is here, both readings are the same but for the joining.
"""

import re
from collections.abc import Sequence

from digest.model.speech import Word

FILLERS = {
    "en": frozenset({"um", "umm", "uh", "uhh", "uhm", "er", "erm", "hm", "hmm"}),
    "de": frozenset({"äh", "ähm", "öh", "hm", "hmm"}),
    "fr": frozenset({"euh", "heu", "hum"}),
    "es": frozenset({"eh", "ehm", "em", "mmm"}),
}
# English words that follow themselves only where somebody begins anew: "the, the networks". Phrases do so too, but not
# only: "when we patch, we patch for everyone".
AGAIN = frozenset({"a", "an", "and", "but", "i", "my", "of", "our", "the", "their", "we", "your"})
NO_COMMA = AGAIN - {"i", "we"} | {"are", "in", "is", "it's", "or", "that", "they're", "to", "was", "were", "with"}
JOINING = frozenset({"and", "but", "so"})
ENDS = (".", "?", "!", "…")
PARTED = re.compile(r"[.,]\d|-\w|\.[a-z]|%")  # as it begins what belongs to the word before: "75 ,000", "example .org"


def clean(words: Sequence[Word], language: str) -> tuple[Word, ...]:
    """Return the words without fillers and false starts, each with its own time; maybe none."""
    kept = list[Word]()
    begins = False  # what was dropped began a sentence
    for at, word in enumerate(words):
        if _is_filler(words, at, language) or (language == "en" and _is_begun_again(words, at)):
            begins = begins or _is_capitalised(word)
            if kept:
                kept[-1] = _without(word, kept[-1])
        elif kept and PARTED.match(word.text) and kept[-1].text[-1].isalnum():
            kept[-1] = kept[-1].model_copy(update={"text": kept[-1].text + word.text, "end": word.end})
        else:
            kept.append(_capital(word) if begins else word)
            begins = False
    return tuple(kept)


def _is_filler(words: Sequence[Word], at: int, language: str) -> bool:
    """Return whether a word only hesitates. ER is a ward and UM a university, but "and UM, five" is a recogniser's."""
    word = words[at]
    is_name = _bare(word).isupper() and not (word.text.endswith(",") and at and _plain(words[at - 1]) in JOINING)
    return _plain(word) in FILLERS.get(language, ()) and not is_name


def _is_begun_again(words: Sequence[Word], at: int) -> bool:
    """Return whether a word is followed by itself, which is then kept."""
    word = words[at]
    return (
        at + 1 < len(words)
        and _plain(word) in AGAIN
        and _plain(word) == _plain(words[at + 1])
        and not word.text.endswith(ENDS)
    )


def _without(dropped: Word, before: Word) -> Word:
    """Return the word before one that was dropped, with the full stop of that, or without the comma that led to it."""
    text = before.text
    if dropped.text.endswith(ENDS) and not text.endswith(ENDS):
        text = text.rstrip(",;:") + dropped.text[-1]
    elif dropped.text.endswith(",") and _plain(before) in NO_COMMA:
        text = text.rstrip(",")
    return before.model_copy(update={"text": text})


def _is_capitalised(word: Word) -> bool:
    bare = _bare(word)
    return bare[0].isupper() and (len(bare) == 1 or not bare.isupper())


def _plain(word: Word) -> str:
    return _bare(word).casefold()


def _bare(word: Word) -> str:
    return re.sub(r"[^\w'’]", "", word.text)


def _capital(word: Word) -> Word:
    return word.model_copy(update={"text": word.text[0].upper() + word.text[1:]})
