"""Parts of a sentence that are sentences themselves: a spoken one in, its main clauses, or its printed form, out.

Words are only left out, and only where what stays says the same; nothing is added but a capital and a full stop.
"""

import re
from collections.abc import Sequence

from digest.language.clean_reading import clean
from digest.language.closed_classes import Language
from digest.language.languages import get_language
from digest.language.sentences import SpokenSentence, as_written, ends_sentence
from digest.model.speech import Word

MIN_CLAUSE = 5  # words of a clause that may stand by itself
MIN_SEGMENT = 4  # words between two commas; fewer are what is listed
LONG_FRAGMENT = 7  # words of a sentence that may lack a verb
STRONG_SIGNS = (";", "—", "–")


def clauses(one: SpokenSentence) -> tuple[SpokenSentence, ...]:
    """Return the main clauses of a sentence, every word in one of them.

    It is cut after a semicolon or dash, and where "and" or a pronoun begins what has a subject of its own. What stands
    under a condition or is somebody else's view stays whole: the words that say so would be lost.
    """
    language = get_language(one.language)
    bare = [_bare(word) for word in one.words]
    if (language.conditionals | language.reporting).intersection(bare):
        return (one,)
    cuts = [0]
    for at in range(MIN_CLAUSE, len(bare) - MIN_CLAUSE + 1):
        if at - cuts[-1] >= MIN_CLAUSE and _begins_clause(one.words, bare, at, language):
            cuts.append(at)
    return tuple(
        SpokenSentence(one.speaker, one.words[begin:end], one.language)
        for begin, end in zip(cuts, [*cuts[1:], len(bare)], strict=True)
    )


def _begins_clause(words: Sequence[Word], bare: Sequence[str], at: int, language: Language) -> bool:
    before = words[at - 1].text
    if before.endswith(STRONG_SIGNS) or before in {"-", "--"}:
        return True
    if bare[at] in language.coordinators and bare[at + 1] in language.subjects:
        return True
    is_segment = not any(word.text.endswith(",") for word in words[at - MIN_SEGMENT : at - 1])
    is_listed = any(word.text.endswith(",") for word in words[at : at + MIN_SEGMENT - 1])
    joins = bare[at] in language.coordinators or bare[at] in language.subjects
    return before.endswith(",") and is_segment and not is_listed and joins


def printed_text(one: SpokenSentence) -> str:
    """Return a sentence or clause as it is printed: without hesitations, restarts and what says nothing at its head."""
    language = get_language(one.language)
    words = list(clean(one.words, one.language)) or list(one.words)
    while len(words) > MIN_CLAUSE and _says_nothing(words, language):
        words.pop(0)
    text = as_written(words).strip(",;:—– ")
    return text[:1].upper() + text[1:] + ("" if ends_sentence(text) else ".")


def _says_nothing(words: Sequence[Word], language: Language) -> bool:
    """Return whether the first word only takes the floor: "So, the …", "And we …", but not "So far …"."""
    head, following = _bare(words[0]), _bare(words[1])
    if head in language.fillers | language.coordinators and words[0].text.endswith((",", "…")):
        return True
    return head in language.fillers and (following in language.subjects | language.fillers)


def leans(one: SpokenSentence) -> bool:
    """Return whether a sentence or clause says little without the one before: "They …", "Because …", "In Arlo."."""
    language = get_language(one.language)
    return _head(one, language) in language.anaphors or _is_fragment(one, language)


def speaks_of_self(one: SpokenSentence) -> bool:
    """Return whether a sentence or clause begins with its speaker: "I'll skip the numbers …", "We …"."""
    language = get_language(one.language)
    return _head(one, language) in language.first_person


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
