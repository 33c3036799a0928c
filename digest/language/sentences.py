"""Sentences and paragraphs of what was said: utterances in, words with their times kept together out."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise, zip_longest

from digest.language.closed_classes import Language
from digest.language.languages import get_language
from digest.model.edition import Paragraph
from digest.model.speech import Utterance, Word, text_of

CHUNK = 80  # words after which the splitter is called at the next full stop: it is slow on long texts
MAX_SENTENCE_WORDS = 45  # words of a sentence without any full stop, before it is cut at its longest pause
LONG_PARAGRAPH = 80  # words
PAUSE = 1.0  # seconds without a word that end a paragraph of some length
LONGEST_TITLE = 4  # letters of one that is shortened: "Sra.", "Prof."
SENTENCE_ENDS = tuple(".?!…。？！｡؟۔।។။")  # in Latin, East Asian, Arabic, Urdu, Indic, Khmer, Burmese
CLOSING = "\"”’»')]」』）"  # signs that may follow the one that ends a sentence
SHORT_PARAGRAPH = 25  # words that a pause does not end


@dataclass(frozen=True)
class SpokenSentence:
    """A sentence as it was said; never empty."""

    speaker: str
    words: tuple[Word, ...]
    language: str = "en"  # rules of one language are never applied to another

    @property
    def start(self) -> float:
        """Return when it begins."""
        return self.words[0].start

    @property
    def end(self) -> float:
        """Return when it ends."""
        return self.words[-1].end

    @property
    def text(self) -> str:
        """Return it verbatim, with spaces where people put them."""
        return as_written(self.words)


def ends_sentence(text: str) -> bool:
    """Return whether a word or text ends in a sign that ends a sentence; of “Dr.” that is not known here."""
    return text.rstrip(CLOSING).endswith(SENTENCE_ENDS)


def goes_on(text: str, following: str) -> bool:
    """Return whether what follows belongs to the same sentence: no sign ends it, or one that only shortens a word."""
    return not ends_sentence(text) or following[:1].islower()


def as_written(words: Iterable[Word]) -> str:
    """Return words as text; recognisers part "75,000", "1.3", "example.org" and "two-thirds", people don't."""
    return re.sub(r"(?<=\d) (?=[.,]\d)|(?<=\w) (?=-\w|\.[a-z]|%)", "", text_of(words))


def sentences(spoken: Iterable[Utterance], language: str) -> tuple[SpokenSentence, ...]:
    """Return all sentences in order: every word belongs to exactly one."""
    return tuple(
        SpokenSentence(utterance.speaker, part, language)
        for utterance in spoken
        for chunk in _chunks(utterance.words)
        for whole in _split(chunk, language)
        for part in _cut(whole, language)
    )


def paragraphs(spoken: Iterable[Utterance], language: str) -> tuple[Paragraph, ...]:
    """Return the transcript as a page shows it: a paragraph ends with its turn, at a pause, or when it is long."""
    found = list[list[SpokenSentence]]()
    for sentence in sentences(spoken, language):
        if found and _goes_on(found[-1], sentence):
            found[-1].append(sentence)
        else:
            found.append([sentence])
    return tuple(
        Paragraph(
            start=part[0].start,
            end=part[-1].end,
            speaker=part[0].speaker,
            words=tuple(word for sentence in part for word in sentence.words),
        )
        for part in found
    )


def _goes_on(paragraph: Sequence[SpokenSentence], sentence: SpokenSentence) -> bool:
    before = sum(_count(said.words) for said in paragraph)
    if paragraph[-1].speaker != sentence.speaker or before + _count(sentence.words) > LONG_PARAGRAPH:
        return False
    return before < SHORT_PARAGRAPH or sentence.start - paragraph[-1].end < PAUSE


def _count(words: Sequence[Word]) -> float:
    """Return how many words there are; one of a script without spaces is a letter or two and counts half."""
    return sum(1.0 if word.spaced else 0.5 for word in words)


def _chunks(words: Sequence[Word]) -> Iterator[Sequence[Word]]:
    begin = 0
    for at, (word, following) in enumerate(pairwise(words), start=1):
        if at - begin >= CHUNK and ends_sentence(word.text) and (following.text[0].isupper() or not following.spaced):
            yield words[begin:at]
            begin = at
    yield words[begin:]


def _split(words: Sequence[Word], language: str) -> Iterator[tuple[Word, ...]]:
    """Yield the words of each sentence; a word belongs to the sentence in which its last letter lies."""
    ends, length = list[int](), 0
    for sentence in _splitter(language).segment(as_written(words)):
        length += len("".join(sentence.split()))
        ends.append(length)
    current, used, at = list[Word](), 0, 0
    for word, following in zip_longest(words, words[1:]):
        current.append(word)
        used += len("".join(word.text.split()))
        before, at = at, bisect_right(ends, used)
        if following is None or (at > before and not _is_shortened(word, following, get_language(language))):
            yield tuple(current)
            current = []


def _is_shortened(word: Word, following: Word, language: Language) -> bool:
    """Return whether a full stop ends a word and no sentence: "Dra. Natalia", "et al. do not"; not "Yes, madam."."""
    title = word.text.rstrip(".")
    is_title = title.lower() in language.honorifics and title.istitle() and len(title) <= LONGEST_TITLE
    return word.text.endswith(".") and (is_title or following.text[0].islower())


@cache
def _splitter(language: str):  # type: ignore[no-untyped-def]  # noqa: ANN202
    import pysbd
    from pysbd.languages import LANGUAGE_CODES

    return pysbd.Segmenter(language=language if language in LANGUAGE_CODES else "en", clean=False)


def _cut(words: tuple[Word, ...], language: str) -> Iterator[tuple[Word, ...]]:
    """Yield a sentence whole, or one too long in parts, cut where one in quotation marks ends, else at long pauses."""
    waiting = [words]
    while waiting:
        part = waiting.pop()
        if _count(part) <= MAX_SENTENCE_WORDS:
            yield part
            continue
        inner = range(len(part) // 4, len(part) - len(part) // 4)
        at = max(
            inner,
            key=lambda i: (
                ends_sentence(part[i - 1].text) and not _is_shortened(part[i - 1], part[i], get_language(language)),
                part[i].start - part[i - 1].end,
                part[i - 1].text[-1] in ",;:",
                -abs(2 * i - len(part)),
            ),
        )
        waiting += [part[at:], part[:at]]
