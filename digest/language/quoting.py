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
from digest.language.sentences import SpokenSentence, as_written, ends_sentence, goes_on
from digest.model.speech import Word
from digest.text.scripts import is_east_asian, is_unspaced, join_sentences

MIN_QUOTED = 5  # words of a sentence that may stand by itself
LONG_FRAGMENT = 7  # words of a sentence that may lack a verb
LONGEST_ASIDE = 7  # words of what is said in passing
YEAR = re.compile(r"(1[5-9]|20)\d\d")
UNITS = frozenset("%‰€$£")  # signs that say what a number counts
FALSE_START = 2  # words of a sentence that may have been given up
GIVEN_UP = re.compile(r"([\w'’]+)(?:—|–|--)(.*)")  # the word at which it was, and what was begun instead
SUBJECT_BY = 3  # words that say something, among which a pronoun seems to stand for what was said before


def printed_passage(passage: Sequence[SpokenSentence]) -> str:
    """Return sentences as they are printed one after the other: only the first one loses its "But"."""
    return join_sentences(printed_text(one, opens=not at) for at, one in enumerate(whole_sentences(passage)))


def whole_sentences(passage: Sequence[SpokenSentence]) -> tuple[SpokenSentence, ...]:
    """Return sentences in a row, the parts that a long one was cut into as the one that they are."""
    whole = list[SpokenSentence]()
    for one in passage:
        if whole and goes_on(whole[-1].text, one.text):
            whole[-1] = replace(whole[-1], words=(*whole[-1].words, *one.words))
        else:
            whole.append(one)
    return tuple(whole)


def printed_text(one: SpokenSentence, *, opens: bool = True) -> str:
    """Return a sentence as it is printed: without hesitations, restarts and what says nothing at its head.

    `opens`: nothing is printed before it that it could go on from.
    """
    language = get_language(one.language)
    words = list(_without_false_start(clean(one.words, one.language) or one.words, language))
    while len(words) > MIN_QUOTED and (left_out := _empty_head(words, language, opens=opens)):
        del words[:left_out]
    text = as_written(words).strip(",;:—– ")
    return text[:1].upper() + text[1:] + ("" if ends_sentence(text) else _full_stop(text))


def _full_stop(text: str) -> str:
    """Return the sign that ends a sentence as its script has it; Thai and Lao have none."""
    if is_east_asian(text[-1:]):
        return "。"
    if is_unspaced(text[-1:]):
        return "។" if "\u1780" <= text[-1] <= "\u17ff" else "။" if "\u1000" <= text[-1] <= "\u109f" else ""
    return "."


def _empty_head(words: Sequence[Word], language: Language, *, opens: bool) -> int:
    """Return how many words at the head of a sentence tell a reader nothing."""
    return _aside(words, language) or _says_nothing(words, language) or (opens and _only_joins(words, language))


def _aside(words: Sequence[Word], language: Language) -> int:
    """Return how many words a remark like "as I mentioned a couple of times, …" has, before a clause that is whole."""
    stop = next((at for at, word in enumerate(words[:LONGEST_ASIDE], 1) if word.text.endswith(",")), 0)
    if not stop or len(words) - stop < MIN_QUOTED:
        return 0
    if language.is_verb_second and _bare(words[stop]) not in language.subjects | language.determiners:
        return 0
    told = " ".join(word.text.lower().replace("’", "'").strip(",") for word in words[:stop])
    is_aside = (
        f"{told} ".startswith(aside[:-1]) if aside.endswith("…") else told == aside for aside in language.asides
    )
    return stop if any(is_aside) else 0


def _says_nothing(words: Sequence[Word], language: Language) -> bool:
    """Return whether the first word only takes the floor: "Well, the …", "And we …"; "So we …" says why."""
    head, following = _bare(words[0]), _bare(words[1])
    if head not in language.fillers - (language.connectives - language.joiners):
        return False
    return words[0].text.endswith((",", "…")) or following in language.subjects | language.fillers


def _only_joins(words: Sequence[Word], language: Language) -> bool:
    """Return whether the first word only joins what follows to what is not printed: "And", "So the …", not "So far"."""
    head, following = _bare(words[0]), _bare(words[1])
    if head in language.coordinators & (language.joiners | language.contrasts):
        return True
    if head not in (language.fillers & language.connectives) | language.coordinators:
        return False
    begins_clause = following in language.subjects | language.fillers | language.determiners | language.conditionals
    return words[0].text.endswith((",", "…")) or begins_clause


def _without_false_start(words: Sequence[Word], language: Language) -> Sequence[Word]:
    """Return words without the one or two of a sentence that was given up at once: "So the—we're …", "It's—the …"."""
    small = language.function_words | language.subjects | language.auxiliaries | language.fillers
    begins = language.subjects | language.determiners
    for at, word in enumerate(words[:FALSE_START]):
        if found := GIVEN_UP.fullmatch(word.text):
            rest = (*([word.model_copy(update={"text": found[2]})] if found[2] else ()), *words[at + 1 :])
            before = found[1].lower().replace("’", "'")
            cannot_end = before in language.articles or "'" in before
            return rest if cannot_end and len(rest) >= MIN_QUOTED and _bare(rest[0]) in begins else words
        if _bare(word) not in small:
            return words
    return words


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
