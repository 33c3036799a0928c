"""What people call things: the chapters of a talk in, nouns and phrases that may stand in their titles out.

After RAKE (Rose et al. 2010): runs of words that carry meaning, joined by small ones ("rights of the buyer"), and such
words alone. What is a noun is told by what stands before it. Names of people are left out: a title names nobody who
came to ask.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from digest.language.closed_classes import Language
from digest.writing.conversation import Conversation, content_words

LONGEST = 4  # words of a phrase
FEWEST_TIMES = 2  # that something is said in a chapter
DETERMINED = 0.34  # share of its uses in which a noun follows an article or the like, at least
PART = re.compile(r"[.,;:!?…\"“”„«»()\[\]—–]+|\s-+\s|\s-+$")
ELISION = re.compile(r"^(?:l|d|un|qu|dell|nell|all|dall|sull)['’]", re.IGNORECASE)


@dataclass
class Use:
    """How a word is used in a talk, by number of times.

    `determined`: after a determiner; `ends`: before a small word or a sign; `small`: with a small letter; `capitals`:
    in capitals throughout; `addressed`: beside an honorific.
    """

    times: int = 0
    determined: int = 0
    ends: int = 0
    small: int = 0
    capitals: int = 0
    addressed: int = 0


@dataclass(frozen=True)
class Wording:
    """How the words of a talk are used, and which ones its slides show."""

    language: Language
    uses: dict[str, Use]
    shown: frozenset[str]

    def may_name(self, word: str) -> bool:
        """Return whether a word may be somebody's name: nobody says it in small letters, and no slide shows it."""
        use = self.uses[word]
        if word in self.shown or use.capitals == use.times:
            return False
        return bool(use.addressed or not (use.determined if self.language.capitalises_nouns else use.small))

    def is_noun(self, word: str) -> bool:
        """Return whether a word follows articles and the like often enough."""
        use = self.uses[word]
        return use.determined >= DETERMINED * use.times


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
    uses = defaultdict[str, Use](Use)
    small, address = talk.language.function_words | talk.language.joiners, talk.language.honorifics
    for text in talk.texts:
        for words in parts(text):
            for before, word, after in zip(["", *words], words, [*words[1:], ""], strict=False):
                use = uses[word.lower()]
                use.times += 1
                use.determined += before.lower() in talk.language.determiners
                use.addressed += before.lower() in address or word.lower() in address
                use.ends += not after or after.lower() in small
                use.small += word[0].islower()
                use.capitals += len(word) > 1 and word.isupper()
    slides = (" ".join((slide.title or "", *(line.text for line in slide.body))) for slide in talk.deck.visible())
    shown = frozenset(word for text in slides for word in content_words(text, talk.language))
    return Wording(talk.language, dict(uses), shown)


def key_phrases(talk: Conversation, places: Sequence[int], wording: Wording) -> list[Phrase]:
    """Return the nouns and phrases of a chapter that are said there more than once, in no order."""
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
                said.determined += before in wording.language.determiners
                said.ends += last + 1 == len(words) or not _carries(words[last + 1], wording)
    phrases = list[Phrase]()
    for lower, said in found.items():
        if len(said.places) >= FEWEST_TIMES and _reads_well(said, wording):
            text = said.written.most_common(1)[0][0]
            meaning = tuple(content_words(lower, wording.language))
            phrases.append(Phrase(text, _with_article(said, text, wording), meaning, tuple(said.places)))
    return phrases


def _reads_well(said: _Said, wording: Wording) -> bool:
    """Return whether it mostly begins after an article or the like and ends where the run does, and says something."""
    words = next(iter(said.written)).lower().split()
    if len(words) == 1 and words[0] in wording.language.light_nouns:
        return False
    return said.determined >= DETERMINED * len(said.places) and 2 * said.ends >= len(said.places)


def _with_article(said: _Said, text: str, wording: Wording) -> str:
    """Return a noun with its article where it mostly has one, else as it stands."""
    article, times = said.before.most_common(1)[0]
    if " " in text or 2 * times < len(said.places) or article not in wording.language.articles:
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
    """Yield the first and last place of each noun and phrase."""
    carries = [_carries(word, wording) for word in words]
    for first in range(len(words)):
        for last in range(first, min(len(words), first + LONGEST)):
            if not carries[first] or not (carries[last] or words[last].lower() in wording.language.joiners):
                break
            if carries[last] and (last > first or wording.is_noun(words[last].lower())):
                yield first, last


def _carries(word: str, wording: Wording) -> bool:
    """Return whether a word may stand in a title: it carries meaning, counts nothing and names nobody."""
    lower = word.lower()
    language = wording.language
    counts = language.numerals | language.ordinals
    if lower in language.determiners or "'" in word or not counts.isdisjoint(lower.split("-")):
        return False
    if any(character.isdigit() for character in word) or not content_words(word, language):
        return False
    return not lower.startswith(tuple(language.thanks | language.asking)) and not wording.may_name(lower)
