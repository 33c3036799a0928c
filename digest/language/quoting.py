"""What a spoken sentence is as a quotation: its printed form, and whether it stands without the one before.

Words are only left out, and only where what stays says the same; nothing is added but a capital and a full stop. A
sentence is never cut in two: what hedges it, or makes its point, often comes last.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import zip_longest

from digest.language.clean_reading import clean
from digest.language.closed_classes import Language
from digest.language.languages import get_language
from digest.language.sentences import SpokenSentence, as_written, ends_sentence
from digest.model.speech import Word

MIN_QUOTED = 5  # words of a sentence that may stand by itself
LONG_FRAGMENT = 7  # words of a sentence that may lack a verb
YEAR = re.compile(r"(1[5-9]|20)\d\d")
UNITS = frozenset("%‰€$£")  # signs that say what a number counts
SUBJECT_BY = 3  # words that say something, among which a pronoun seems to stand for what was said before


def printed_passage(passage: Sequence[SpokenSentence]) -> str:
    """Return sentences as they are printed one after the other: only the first one loses its "But"."""
    return " ".join(printed_text(one, opens=not at) for at, one in enumerate(whole_sentences(passage)))


def whole_sentences(passage: Sequence[SpokenSentence]) -> tuple[SpokenSentence, ...]:
    """Return sentences in a row, the parts that a long one was cut into as the one that they are."""
    whole = list[SpokenSentence]()
    for one in passage:
        if whole and not ends_sentence(whole[-1].text):
            whole[-1] = replace(whole[-1], words=(*whole[-1].words, *one.words))
        else:
            whole.append(one)
    return tuple(whole)


def printed_text(one: SpokenSentence, *, opens: bool = True) -> str:
    """Return a sentence as it is printed: without hesitations, restarts and what says nothing at its head.

    `opens`: nothing is printed before it that it could go on from.
    """
    language = get_language(one.language)
    words = list(clean(one.words, one.language)) or list(one.words)
    while len(words) > MIN_QUOTED and (_says_nothing(words, language) or (opens and _only_joins(words[0], language))):
        words.pop(0)
    text = as_written(words).strip(",;:—– ")
    return text[:1].upper() + text[1:] + ("" if ends_sentence(text) else ".")


def _says_nothing(words: Sequence[Word], language: Language) -> bool:
    """Return whether the first word only takes the floor: "So, the …", "And we …", but not "So far …"."""
    head, following = _bare(words[0]), _bare(words[1])
    if head in language.fillers | language.coordinators and words[0].text.endswith((",", "…")):
        return True
    return head in language.fillers and (following in language.subjects | language.fillers)


def _only_joins(word: Word, language: Language) -> bool:
    """Return whether a word only joins what follows to what is not printed: "And", "But"."""
    return _bare(word) in language.coordinators & (language.joiners | language.contrasts)


def leans(one: SpokenSentence) -> bool:
    """Return whether a sentence says little without the one before: "They …", "Because …", "In Arlo.", "Then he …"."""
    language = get_language(one.language)
    return _head(one, language) in language.anaphors or _is_fragment(one, language) or _refers_back(one, language)


def _refers_back(one: SpokenSentence, language: Language) -> bool:
    """Return whether a pronoun stands near the beginning, where nothing is named yet that it could stand for."""
    pronouns = (language.anaphors & language.subjects) - language.determiners
    told = 0
    for bare in map(_bare, one.words):
        if bare in pronouns:
            return True
        told += bool(bare) and bare not in language.function_words | language.fillers
        if told == SUBJECT_BY:
            return False
    return False


def speaks_of_self(one: SpokenSentence) -> bool:
    """Return whether a sentence begins with its speaker: "I'll skip the numbers …", "We …"."""
    language = get_language(one.language)
    return _head(one, language) in language.first_person


def has_figure(one: SpokenSentence) -> bool:
    """Return whether a sentence has numbers, all with a sign or before what they count: not “about 50 of our energy”.

    A year counts nothing.
    """
    language = get_language(one.language)
    told = [
        not UNITS.isdisjoint(word.text) or (word.text[-1].isalnum() and _is_counted(following, language))
        for word, following in zip_longest(one.words, one.words[1:])
        if _is_number(word, language) and not YEAR.fullmatch(_bare(word))
        if following is None or not (word.text[-1].isalnum() and _is_number(following, language))
    ]
    return bool(told) and all(told)


def _is_number(word: Word, language: Language) -> bool:
    """Return whether a word is a number; "third" only points, and "twenty-six" is one."""
    bare = _bare(word)
    points = language.ordinals | language.function_words | language.anaphors
    return any(map(str.isdigit, bare)) or (language.numerals.issuperset(bare.split("-")) and bare not in points)


def _is_counted(word: Word | None, language: Language) -> bool:
    """Return whether a word behind a number says what is counted."""
    bare = _bare(word) if word else ""
    says_nothing = language.function_words | language.ordinals | language.fillers | language.coordinators
    return bool(bare) and bare not in says_nothing


def _head(one: SpokenSentence, language: Language) -> str:
    """Return the first word that says something."""
    heads = [_bare(word) for word in one.words[:4]]
    while len(heads) > 1 and heads[0] in language.fillers | language.coordinators:
        heads.pop(0)
    return heads[0]


def _is_fragment(one: SpokenSentence, language: Language) -> bool:
    """Return whether a short sentence seems to have no verb; one that is a name and a verb brings another in vain."""
    if len(one.words) > LONG_FRAGMENT or not language.auxiliaries:
        return False
    whole = {re.sub(r"[^\w']", "", word.text.lower().replace("’", "'")) for word in one.words}
    contracts = one.language == "en" and any("'" in word for word in whole)
    is_said_of_somebody = not language.subjects.isdisjoint(map(_bare, one.words))
    return not (contracts or is_said_of_somebody) and language.auxiliaries.isdisjoint(whole)


def _bare(word: Word) -> str:
    """Return a word in small letters without signs, and of "it's" or "c'est" what stands before the apostrophe."""
    return re.sub(r"[^\w'-]", "", word.text.lower().replace("’", "'")).strip("-'").split("'")[0]
