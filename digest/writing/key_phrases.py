"""What people call things: the chapters of a talk in, nouns and phrases that may stand in their titles out.

After RAKE (Rose et al. 2010): runs of words that carry meaning, joined by small ones ("rights of the buyer"), and such
words alone, with a number before them where they have one. What is a noun is told by what stands before and after it.
Names of people are left out: a title names nobody who came to ask.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from digest.language.closed_classes import Language
from digest.writing.conversation import Conversation, content_words

LONGEST = 5  # words of a phrase
DIGITS = 2  # of a number that counts things: one of more is a year or a name
FEWEST_TIMES = 2  # that something is said in a chapter
DETERMINED = 0.34  # share of its uses in which a noun or phrase follows an article or the like, at least
ADDRESSED = 0.25  # share of its uses in which a name stands beside an honorific, at least
ACTS = 0.2  # share of its uses in which a word of a phrase stands as verbs do, at most
CLOSES = 0.25  # share of its uses in which nothing but a small word or a sign follows a noun after its article
PART = re.compile(r"[.,;:!?…\"“”„«»()\[\]—–]+|\s-+\s|\s-+$")
ELISION = re.compile(r"^(?:l|d|un|qu|dell|nell|all|dall|sull)['’]", re.IGNORECASE)


@dataclass
class Use:
    """How a word is used in a talk, by number of times.

    `determined`: after a determiner; `ends`: before a small word or a sign; `closes`: both; `acts`: as
    verbs stand, after a subject, an auxiliary or a negation, or before a determiner; `small`: with a small letter;
    `capitals`: in capitals throughout; `addressed`: beside an honorific.
    """

    times: int = 0
    determined: int = 0
    ends: int = 0
    closes: int = 0
    acts: int = 0
    small: int = 0
    capitals: int = 0
    addressed: int = 0


@dataclass(frozen=True)
class Wording:
    """How the words of a talk are used, which ones its slides show, and how often two stand where a noun would."""

    language: Language
    uses: dict[str, Use]
    pairs: Counter[tuple[str, str]]
    shown: frozenset[str]

    def may_name(self, word: str) -> bool:
        """Return whether a word may be somebody's name: nobody says it in small letters, and no slide shows it."""
        use = self.uses[word]
        if use.addressed >= ADDRESSED * use.times:
            return True
        if word in self.shown or use.capitals == use.times:
            return False
        return not (use.determined if self.language.capitalises_nouns else use.small)

    def is_noun(self, word: str) -> bool:
        """Return whether a word stands as nouns do often enough, and not as verbs do."""
        use = self.uses[word]
        if self.language.capitalises_nouns:
            return bool(use.determined) and not use.small
        return use.closes >= max(1, CLOSES * use.times) and use.acts <= ACTS * use.times

    def is_compound(self, before: str, word: str) -> bool:
        """Return whether a word is a noun after another: it is one, a slide shows it, or both stand so time and again.

        After what is a noun by itself a verb may follow ("the timer stops").
        """
        if self.is_noun(word):
            return True
        modifies = self.pairs[before, word] >= FEWEST_TIMES and not self.is_noun(before)
        return not self.uses[word].acts and (modifies or word in self.shown)


@dataclass(frozen=True)
class Phrase:
    """A noun or phrase that was said in a chapter.

    `alone` is how it stands without a fellow, with its article; `words` carry its meaning, in small letters; `places`
    are those of the sentences that hold it.
    """

    text: str
    alone: str
    words: tuple[str, ...]
    places: tuple[int, ...]


@dataclass
class _Said:
    """A phrase as it is found: how it is written, where, after which words.

    `determined` and `ends` count its uses after a determiner, and at the end of a run of words that carry meaning.
    """

    written: Counter[str] = field(default_factory=Counter)
    places: list[int] = field(default_factory=list)
    before: Counter[str] = field(default_factory=Counter)
    determined: int = 0
    ends: int = 0


def wording_of(talk: Conversation) -> Wording:
    """Return how the words of a talk are used."""
    uses, pairs, language = defaultdict[str, Use](Use), Counter[tuple[str, str]](), talk.language
    small, address = language.function_words | language.joiners, language.honorifics
    acting = language.subjects | language.auxiliaries | language.negations
    acted_on = (language.determiners - (language.joiners - language.articles)) | (language.subjects - language.joiners)
    for text in talk.texts:
        for words in parts(text):
            lower = ["", *(word.lower() for word in words), ""]
            for at, word in enumerate(words, 1):
                before, after, use = lower[at - 1], lower[at + 1], uses[lower[at]]
                ends = not after or after in small
                use.times += 1
                use.determined += before in language.determiners
                use.ends += ends
                use.closes += ends and before in language.determiners
                if at > 1 and ends and lower[at - 2] in language.determiners:
                    pairs[before, lower[at]] += 1
                use.acts += (before in acting and before not in language.determiners) or after in acted_on
                use.addressed += before in address or lower[at] in address
                use.small += word[0].islower()
                use.capitals += len(word) > 1 and word.isupper()
    return Wording(language, dict(uses), pairs, slide_words(talk))


def slide_words(talk: Conversation) -> frozenset[str]:
    """Return the words of the slides after the first, which often says who presents."""
    slides = (" ".join((slide.title or "", *(line.text for line in slide.body))) for slide in talk.deck.visible()[1:])
    return frozenset(word for text in slides for word in content_words(text, talk.language))


def key_phrases(talk: Conversation, places: Sequence[int], wording: Wording) -> list[Phrase]:
    """Return the nouns and phrases of a chapter, in no order: nouns alone only if they are said there more than once.

    A longer phrase that is said once must be a run of words without small ones, or be counted ("three duties").
    """
    found = defaultdict[str, _Said](_Said)
    for at in places:
        for words in parts(talk.texts[at]):
            for first, last in _runs(words, wording):
                text = " ".join(words[first : last + 1])
                said = found[text.lower()]
                said.written[text] += 1
                said.places.append(at)
                before = words[first - 1].lower() if first else ""
                said.before[before] += 1
                said.determined += before in wording.language.determiners or _counts(words[first], wording)
                said.ends += last + 1 == len(words) or not _carries(words[last + 1], wording)
    phrases = list[Phrase]()
    for lower, said in found.items():
        if _reads_well(lower.split(), said, wording):
            text = _as_written(said, wording)
            meaning = tuple(content_words(lower, wording.language))
            phrases.append(Phrase(text, _with_article(said, text, wording), meaning, tuple(said.places)))
    return phrases


def _reads_well(words: Sequence[str], said: _Said, wording: Wording) -> bool:
    """Return whether it mostly begins after an article or the like and ends where the run does, and says something."""
    language, times = wording.language, len(said.places)
    is_plain = all(_carries(word, wording) or _counts(word, wording) for word in words)
    heads = [word for word, after in zip(words, [*words[1:], ""], strict=False) if not _goes_on(after, wording)]
    if language.adjectives_follow:
        heads = [word for before, word in zip(["", *words], words, strict=False) if not _goes_on(before, wording)]
    if not language.light_nouns.isdisjoint(heads[:1]) or (times < FEWEST_TIMES and (len(words) == 1 or not is_plain)):
        return False
    return said.determined >= max(1, DETERMINED * times) and 2 * said.ends >= times


def _goes_on(word: str, wording: Wording) -> bool:
    """Return whether a word belongs to the same chunk as the one beside it."""
    return bool(word) and _carries(word, wording)


def _as_written(said: _Said, wording: Wording) -> str:
    """Return it as it is written most often; a capital that began a sentence goes where the word has a small one."""
    text = said.written.most_common(1)[0][0]
    first = text.split()[0]
    is_small = first[1:].islower() and wording.uses[first.lower()].small and not wording.language.capitalises_nouns
    return text[0].lower() + text[1:] if is_small or _counts(first, wording) else text


def _with_article(said: _Said, text: str, wording: Wording) -> str:
    """Return a noun with its article where it mostly has one, else as it stands."""
    article, times = said.before.most_common(1)[0]
    if 2 * times < len(said.places) or article not in wording.language.articles:
        return text
    return f"{article}{text}" if article.endswith("'") else f"{article} {text}"


def parts(text: str) -> Iterator[list[str]]:
    """Yield the words between the signs of a text, elided articles on their own."""
    for part in PART.split(text):
        words = [piece for word in part.split() for piece in _without_elision(word) if re.search(r"\w", piece)]
        if words:
            yield words


def _without_elision(word: str) -> Iterable[str]:
    found = ELISION.match(word)
    if found is None or found.end() == len(word):
        return (word,)
    return word[: found.end()].replace("’", "'"), word[found.end() :]


def _runs(words: Sequence[str], wording: Wording) -> Iterator[tuple[int, int]]:
    """Yield the first and last place of each noun and phrase: a chunk, or two with a small word between."""
    language = wording.language
    lower = [word.lower() for word in words]
    carries = [_carries(word, wording) for word in words]
    for first in range(len(words)):
        start, limit = first + _counts(words[first], wording), min(len(words), first + LONGEST)
        after = next((at for at in range(start, limit) if not carries[at]), limit)
        ends = [last for last in range(start, after) if _is_chunk(lower[start : last + 1], words[start], wording)]
        for last in ends:
            yield first, last
        if after - 1 in ends and after + 1 < limit and _joins(lower[after], language):
            begin = after + 1 + (lower[after + 1] in language.articles)
            until = next((at for at in range(begin, limit) if not carries[at]), limit)
            for last in range(begin, until):
                if _is_chunk(lower[begin : last + 1], words[begin], wording):
                    yield first, last


def _is_chunk(words: Sequence[str], first: str, wording: Wording) -> bool:
    """Return whether words that carry meaning are a noun, with its adjectives or the nouns that it is made of."""
    if wording.language.capitalises_nouns and (len(words) > 1 or not first[0].isupper()):
        return False
    if len(words) == 1:
        return wording.is_noun(words[0])
    if any(wording.uses[word].acts > ACTS * wording.uses[word].times for word in words):
        return False
    if not wording.language.adjectives_follow:
        return wording.is_compound(*words[-2:])
    often = wording.pairs[words[0], words[1]] >= FEWEST_TIMES
    return len(words) == 2 and (wording.is_noun(words[1]) or (often and wording.is_noun(words[0])))  # noqa: PLR2004


def _joins(word: str, language: Language) -> bool:
    """Return whether a small word joins a noun to the one before it: "of", no article but the genitive's."""
    if word in language.coordinators or word not in language.joiners:
        return False
    if language.capitalises_nouns:
        return word not in {"die", "das", "den", "dem", "ein", "eine", "einer", "eines"}
    return word not in language.determiners or word in language.name_particles - language.articles


def _counts(word: str, wording: Wording) -> bool:
    """Return whether a word is a number of things."""
    return word.lower() in wording.language.numerals or (word.isdigit() and len(word) <= DIGITS)


def _carries(word: str, wording: Wording) -> bool:
    """Return whether a word may stand in a title: it carries meaning, counts nothing and names nobody."""
    lower = word.lower()
    language = wording.language
    counts = language.numerals | language.ordinals
    if lower in language.determiners or not {"'", "’"}.isdisjoint(word) or not counts.isdisjoint(lower.split("-")):
        return False
    if word.endswith("-") or any(character.isdigit() for character in word) or not content_words(word, language):
        return False
    return not lower.startswith(tuple(language.thanks | language.asking)) and not wording.may_name(lower)
