"""Whether a sentence says what it rests on: a text, who is said to have said it, and what was said there, doubts out.

No model is asked. Numbers, names, negations, strong words, the speaker and enough of the words must be in the evidence,
no clause may have been added to it, and no word may have changed places with another one. A sentence without a doubt is
*supported*, which is less than *true*: put together wrongly in words of its own, it mostly passes (the mere order of
the words was tried: it doubts paraphrases as readily).
"""

import re
import sys
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from difflib import SequenceMatcher
from functools import cache
from importlib.util import find_spec, module_from_spec, spec_from_file_location
from pathlib import Path

from digest.language.en import ENGLISH
from digest.language.languages import get_language
from digest.language.sentences import SpokenSentence

NORMALIZERS = "whisper_normalizers"
FUNCTION_WORDS = ENGLISH.function_words
FOUR = 4  # letters from which a word of another language carries meaning
ENOUGH = 0.5  # share of the content words that the evidence must hold
PAIR = 2  # so few content words must all be there: half of two is one, and that is anywhere
TAIL = 0.3  # of those of its last clause, from TAIL_WORDS on
TAIL_WORDS = 3
LONG = 5  # letters of a word that may be spelt in two ways
EXCHANGED = 2  # frames in which another word was said; between two words of a sentence, one frame counts for two
FEW = 4  # clauses: a short evidence is one thought
ALIKE = 0.8  # of letters in order, from which two words are forms or spellings of one

WORD = re.compile(r"[^\W_]+(?:['’.-][^\W_]+)*")
NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
NAME = re.compile(r"(?<![.?!:“\"] )(?<!^)\b[A-Z][\w'’-]+|\b[A-Z]{2,}[A-Za-z]*\b")
NEGATION = re.compile(rf"\b(?:{'|'.join(sorted(ENGLISH.negations))}|in\w{{0,2}}valid|\w+n['’]t)\b", re.IGNORECASE)
STRONG = re.compile(r"\b(?:must|always|never|guarantee\w*|certainly|prove[sdn]?|impossible)\b", re.IGNORECASE)
CLAUSE = re.compile(
    r"(?:, (?:and |but |which |because |so |as |while |although )?"
    r"| (?:because|which|although|while|so that|thanks to|due to) )"
)
MARK = "."  # stands for any punctuation
NOT_NAMES = frozenset({"I", "I'm", "I've", "I'll", "I'd"})

_Frame = tuple[str | None, str | None, str | None]  # None where the word itself stands, or outside


def doubts(
    text: str, speaker: str | None, said: Sequence[SpokenSentence], names: Collection[str] = ()
) -> tuple[str, ...]:
    """Return why a sentence may not say what was said in `said`, in words for an editor; nothing where it is supported.

    In other languages than English only speaker, digits, names and shared words are checked: other rules are missing.
    `speaker` is whom the sentence is attributed to, None for nobody. `names` may stand in it without having been said:
    those of whoever speaks.
    """
    spoken = " ".join(one.text for one in said)
    found = list[str]()
    if speaker is not None and speaker not in {one.speaker for one in said}:
        found.append("somebody else said this")
    if text in spoken:
        return tuple(found)
    language = said[0].language if said else ENGLISH.code
    known = numbers(spoken, language)
    if foreign := [number for number in numbers(text, language) if number not in known]:
        found.append(f"not said: {', '.join(dict.fromkeys(foreign))}")
    words = {_plain(part) for word in WORD.findall(spoken) for part in (word, *word.split("-"))}
    words |= {_plain(part) for name in names for part in re.split(r"[\s-]", name)}
    if not get_language(language).capitalises_nouns and (
        strange := [name for name in _names(text) if not _is_among(name, words)]
    ):
        found.append(f"not said: {', '.join(dict.fromkeys(strange))}")
    if language == ENGLISH.code:
        found += _english_doubts(text, said, words)
    elif _share_held(text, words, language) < ENOUGH:
        found.append("other words than what was said")
    return tuple(found)


def _english_doubts(text: str, said: Sequence[SpokenSentence], words: Collection[str]) -> Iterator[str]:
    """Yield what only the rules of English find."""
    spoken = " ".join(one.text for one in said)
    if _denies(text) != _is_denied(text, said):
        yield "a “not” too many or too few"
    if strong := {word.lower() for word in STRONG.findall(text)} - {word.lower() for word in STRONG.findall(spoken)}:
        yield f"stronger than what was said: {', '.join(sorted(strong))}"
    if _share_held(text, words) < (ENOUGH if len(set(content(text))) > PAIR else 1):
        yield "other words than what was said"
    elif tail := _tail(text, words):
        yield f"added: {tail}"
    if exchanged := _exchanged_word(text, spoken):
        yield f"put together otherwise: {exchanged}"


def numbers(text: str, language: str = ENGLISH.code) -> list[str]:
    """Return the numbers of a text as digits, however English writes them; "second" and "may" are none."""
    digits = in_digits(text) if language == ENGLISH.code else text
    return [number.replace(",", "").strip(".") for number in NUMBER.findall(digits)]


@cache
def in_digits(text: str) -> str:
    """Return an English text in small letters with numbers as digits, "not" written out, and "|" for signs."""
    parts = re.split(r"[,;:!?](?=\s)|\.(?=\s|$)|(?<=\d)\s+(?=[a-z])", re.sub(r"(?<=[a-z])-(?=[a-z])", " ", text))
    return " | ".join(_normaliser()(part) for part in parts)


@cache
def _normaliser() -> Callable[[str], str]:
    """Return Whisper's normaliser of English, loaded without Whisper: that would import torch, which takes seconds."""
    whisper = find_spec("whisper")
    folder = Path(str(whisper.origin if whisper else "")).parent / "normalizers"
    spec = spec_from_file_location(NORMALIZERS, folder / "__init__.py", submodule_search_locations=[str(folder)])
    if spec is None or spec.loader is None:
        raise ModuleNotFoundError("whisper.normalizers")
    sys.modules[NORMALIZERS] = module = module_from_spec(spec)  # its modules import each other
    spec.loader.exec_module(module)
    normalise: Callable[[str], str] = module.EnglishTextNormalizer()
    return normalise


def _names(text: str) -> list[str]:
    return [name for name in NAME.findall(text) if name not in NOT_NAMES and _plain(name) not in FUNCTION_WORDS]


@cache
def _plain(word: str) -> str:
    return re.sub(r"['’]s?$", "", word.casefold())


@cache
def stem(word: str) -> str:
    """Return an English word in small letters without its ending."""
    return re.sub(r"(?<=\w{3})(?:ing|ed|es|s|ly|d)$", "", _plain(word))


def content(text: str, language: str = ENGLISH.code) -> list[str]:
    """Return the stems of the words that carry the meaning: no small words, no figures.

    In other languages than English these are the words of four letters and more, whole.
    """
    if language != ENGLISH.code:
        return [_plain(word) for word in WORD.findall(text) if len(word) >= FOUR and not word[0].isdigit()]
    return [stem(word) for word in WORD.findall(text) if _plain(word) not in FUNCTION_WORDS and not word[0].isdigit()]


def _share_held(text: str, words: Collection[str], language: str = ENGLISH.code) -> float:
    """Return the share of a text's content words that the evidence holds, in any form."""
    wanted = content(text, language)
    stems = {stem(word) for word in words} if language == ENGLISH.code else words
    return sum(_is_among(word, stems) for word in wanted) / len(wanted) if wanted else 1.0


def _is_among(word: str, words: Collection[str]) -> bool:
    plain = _plain(word)
    if plain in words or all(part in words for part in plain.split("-")):
        return True
    return len(plain) >= LONG and any(
        other[:2] == plain[:2] and SequenceMatcher(None, plain, other).ratio() >= ALIKE for other in words
    )


def _denies(text: str) -> bool:
    return bool(NEGATION.search(text))


def _is_denied(text: str, said: Sequence[SpokenSentence]) -> bool:
    """Return whether what was said denies: in any clause near to a text that does, else in the nearest."""
    wanted = set(content(text))
    clauses = [part for one in said for part in re.split(r"[,.;:?!] ", one.text) if part]
    shared = [len(wanted & set(content(clause))) / (len(content(clause)) + 2) for clause in clauses]
    nearest = max(range(len(clauses)), key=shared.__getitem__)
    if _denies(text):
        return any(_denies(clause) for clause, near in zip(clauses, shared, strict=True) if near or len(clauses) < FEW)
    return _denies(clauses[nearest])


def _tail(text: str, words: Collection[str]) -> str | None:
    """Return the last clause if hardly a word of it was said."""
    parts = CLAUSE.split(text.rstrip(". "))
    if len(parts) < 2 or len(content(parts[-1])) < TAIL_WORDS:  # noqa: PLR2004
        return None
    return parts[-1] if _share_held(parts[-1], words) < TAIL else None


def _exchanged_word(text: str, spoken: str) -> str | None:
    """Return the word of a text that stands in the place of another one, as in "B supports A"; None where none does.

    A word's places are its frames: the words on both sides of it, the two before and the two after. One that was said
    stands wrongly where in its frame the evidence has others, and one of them stands elsewhere in the text. Whoever
    words a thing anew moves whole phrases, so that single words keep most of their frames.
    """
    said = dict[_Frame, set[str]]()
    own, there = _sequence(text), _sequence(spoken)
    for frame, word in _frames(there):
        said.setdefault(frame, set()).add(word)
    weights = Counter[str]()
    for frame, word in _frames(own):
        instead = said.get(frame, set())
        if (
            word in there
            and word not in instead
            and word not in FUNCTION_WORDS
            and (instead & set(own)) - FUNCTION_WORDS
        ):
            weights[word] += EXCHANGED if frame[1] is None and MARK not in frame else 1
    return weights.most_common(1)[0][0] if weights.total() >= EXCHANGED else None


def _sequence(text: str) -> list[str]:
    """Return the words in order: stems, small words whole, no articles, a mark for any punctuation and at both ends."""
    plain = re.sub(r"(\w)['’](?:s|re|m)\b", r"\1 is", re.sub(r"n['’]t\b", " not", text.casefold()))
    found = [MARK]
    for word in re.findall(r"[^\W_]+(?:\.[^\W_]+)*|[,.;:?!]", plain):
        if word in ",.;:?!":
            found += [MARK] * (found[-1] != MARK)
        elif word not in ENGLISH.skipped_in_order:
            found.append(word if word in FUNCTION_WORDS else stem(word))
    return found if found[-1] == MARK else [*found, MARK]


def _frames(words: Sequence[str]) -> Iterator[tuple[_Frame, str]]:
    for at, word in enumerate(words):
        if word == MARK:
            continue
        yield (words[at - 1], None, words[at + 1]), word
        if at > 1:
            yield (words[at - 2], words[at - 1], None), word
        if at + 2 < len(words):
            yield (None, words[at + 1], words[at + 2]), word
