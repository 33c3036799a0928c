"""What each word that was said is worth to somebody who missed it: a Conversation in, a worth for each mention out.

A digest of so many words carries most when each of its words carries much: not sentences are judged but the content
words in them, by boosted trees that were fitted to the key facts of talks (`tests.training.worth`).
"""

import math
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from functools import cache

import numpy as np

from digest.learned.trees import Columns, Floats, Trees
from digest.writing.conversation import SHORT_WORD, WORD, Conversation, content_words, shift, words_of_slide

NEAR, AROUND = 5, 15  # sentences on either side
NEVER = 999.0  # sentences to a mention that does not exist
LONG_TURN = 500.0  # words; longer is as good as long


@dataclass(frozen=True)
class Mention:
    """A content word where it first stands in a sentence: `word` in small letters, `at` the place in its words."""

    place: int
    word: str
    written: str
    at: int


def mentions(c: Conversation) -> tuple[Mention, ...]:
    """Return all mentions in order, one for each content word of each sentence."""
    return tuple(mention for place in range(len(c.said)) for mention in _mentions(c, place))


def _mentions(c: Conversation, place: int) -> Iterator[Mention]:
    seen = set[str]()
    for at, spoken in enumerate(c.said[place].words):
        for written in WORD.findall(spoken.text):
            word = written.lower()
            is_long = len(word) > SHORT_WORD or written.isdigit() or (len(word) == SHORT_WORD and written.isupper())
            if is_long and word not in c.language.function_words and word not in seen:  # "UN" and "16" are
                seen.add(word)
                yield Mention(place, word, written, at)


def worths(c: Conversation, found: tuple[Mention, ...], trees: Trees) -> Floats:
    """Return what each mention is worth: the weight of the fact (0 to 3) that it would help to tell."""
    return trees.sums(columns(c, found))


def columns(c: Conversation, found: tuple[Mention, ...]) -> Columns:
    """Return the features of every mention: those of the word, and those of its sentence."""
    places = np.array([one.place for one in found], dtype=int)
    of_sentences = {name: values[places] for name, values in sentence_columns(c, found).items()}
    return {**word_columns(c, found), **of_sentences}


def word_columns(c: Conversation, found: tuple[Mention, ...]) -> dict[str, Floats]:
    """Return the features of words.

    How often (`mentions`, `rarity`) and where else it is said: sentences since the last and to the next mention
    (`back`, `forth`), mentions within 5 and 15 sentences (`near`, `around`), by how many voices, whether it is the
    first. Whether slides, the slide that is on, the announcement and its people have it. What it looks like: letters,
    a number, a capital, and how common it is in any language: its rank among Whisper's tokens (`rank`, `pieces`), which
    byte-pair encoding gives by frequency. Where it stands: after and before a number, its place in the sentence.
    """
    told = _Mentioned(c, found)
    slides = [words_of_slide(slide, c.language) if slide else frozenset[str]() for slide in c.slides]
    deck = frozenset[str]().union(*(words_of_slide(slide, c.language) for slide in c.deck.slides))
    announced, people = _announced_words(c)
    each: dict[str, Callable[[int, Mention], float]] = {
        "mentions": lambda _, one: len(told.places[one.word]),
        "rarity": lambda _, one: told.rarity(one.word),
        "back": lambda _, one: told.back(one),
        "forth": lambda _, one: told.forth(one),
        "near": lambda _, one: told.around(one, NEAR),
        "around": lambda _, one: told.around(one, AROUND),
        "voices": lambda _, one: len({c.voices[place] for place in told.places[one.word]}),
        "is first": lambda _, one: told.places[one.word][0] == one.place,
        "on the slide": lambda _, one: one.word in slides[one.place],
        "on the deck": lambda _, one: one.word in deck,
        "announced": lambda _, one: one.word in announced,
        "of people": lambda _, one: one.word in people,
        "letters": lambda _, one: len(one.word),
        "is number": lambda _, one: _is_number(one.word, c),
        "has digit": lambda _, one: any(map(str.isdigit, one.word)),
        "has capital": lambda _, one: one.at > 0 and one.written[0].isupper(),
        "rank": lambda _, one: _rank(one.word)[0],
        "pieces": lambda _, one: _rank(one.word)[1],
        "after number": lambda _, one: one.at > 0 and _is_number(_word(c, one, -1), c),
        "before number": lambda _, one: one.at + 1 < len(c.said[one.place].words) and _is_number(_word(c, one, 1), c),
        "at": lambda _, one: one.at / len(c.said[one.place].words),
        "left of sentence": lambda _, one: len(c.said[one.place].words) - one.at,
    }
    return {name: np.array([float(of(at, one)) for at, one in enumerate(found)]) for name, of in each.items()}


def sentence_columns(c: Conversation, found: tuple[Mention, ...]) -> dict[str, Floats]:
    """Return the features of sentences.

    How much it says: words, content words, numbers, mean rarity and repetition of its words, how many are on the slide,
    the deck, in the announcement. How it says it: words of each closed class (`thanks`, `reporting`, …), questions
    here and beside it. Who says it where: share of words and turns of the voice, whether it leads or came to ask, the
    length of its turn, of those beside it, how far into it, whether the turn before asked, the time, the time since the
    slide came on. “before”, “after” and “near” are the same of the sentences beside it.
    """
    own = {**_contents(c, found), **_classes(c), **_standing(c)}
    beside = {
        f"{name} {where}": values
        for name in ("numbers", "content words", "rarity of words", "repetition", "words")
        for where, values in (("before", shift(own[name], 1)), ("after", shift(own[name], -1)))
    }
    near = {f"{name} near": _window_sums(own[name]) for name in ("numbers", "content words", "thanks")}
    return {**own, **beside, **near}


def _contents(c: Conversation, found: tuple[Mention, ...]) -> dict[str, Floats]:
    told, count = _Mentioned(c, found), len(c.said)
    words = [list[str]() for _ in range(count)]
    for one in found:
        words[one.place].append(one.word)
    slides = [words_of_slide(slide, c.language) if slide else frozenset[str]() for slide in c.slides]
    deck = frozenset[str]().union(*(words_of_slide(slide, c.language) for slide in c.deck.slides))
    announced, people = _announced_words(c)

    def mean(of: Callable[[str], float]) -> Floats:
        return np.array([sum(map(of, some)) / max(1, len(some)) for some in words])

    def count_in(among: Callable[[int], Collection[str]]) -> Floats:
        return np.array([float(sum(word in among(at) for word in some)) for at, some in enumerate(words)])

    contents = np.array([float(len(some)) for some in words])
    return {
        "words": c.lengths,
        "content words": contents,
        "density": contents / np.maximum(1, c.lengths),
        "numbers": np.array([float(sum(_is_number(word, c) for word in some)) for some in words]),
        "rarity of words": mean(told.rarity),
        "repetition": mean(lambda word: math.log(1 + len(told.places[word]))),
        "rank of words": mean(lambda word: _rank(word)[0]),
        "words on the slide": count_in(lambda at: slides[at]),
        "words on the deck": count_in(lambda _: deck),
        "words announced": count_in(lambda _: announced),
        "people": count_in(lambda _: people),
        "commas": np.array([float(text.count(",")) for text in c.texts]),
    }


def _classes(c: Conversation) -> dict[str, Floats]:
    heads = [tokens[0] if tokens else "" for tokens in c.tokens]
    of = c.language
    counted = {
        "thanks": of.thanks, "first person": of.first_person, "second person": of.second_person,
        "reporting": of.reporting, "conditionals": of.conditionals, "modals": of.modals,
    }  # fmt: skip
    headed = {"leans": of.anaphors, "asks by its head": of.interrogatives, "I or we": of.first_person}
    return {
        **{
            name: np.array([float(sum(w in words for w in one)) for one in c.tokens]) for name, words in counted.items()
        },
        **{name: np.array([float(head in words) for head in heads]) for name, words in headed.items()},
        "asks": c.asks,
        "asks before": shift(c.asks, 1),
        "asks after": shift(c.asks, -1),
    }


def _standing(c: Conversation) -> dict[str, Floats]:
    lengths = [float(c.lengths[turn.start : turn.stop].sum()) for turn in c.turn_places]
    turns = np.array(c.turns, dtype=int)
    of_turns = np.minimum(LONG_TURN, np.array([0.0, *lengths, 0.0]))
    asked = np.array([0.0, *(float(c.asks[turn][-3:].any()) for turn in map(_as_slice, c.turn_places))])
    begun = np.array([c.lengths[c.turn_places[turn].start : at].sum() for at, turn in enumerate(c.turns)])
    changes = [interval.start for interval in c.alignment.intervals]
    return {
        "share": np.array([c.shares[voice] for voice in c.voices]),
        "share of turns": np.array([c.turn_shares[voice] for voice in c.voices]),
        "leads": np.array([float(voice in c.leads) for voice in c.voices]),
        "came to ask": np.array([float(voice in c.audience) for voice in c.voices]),
        "words of turn": of_turns[turns + 1],
        "words of turn before": of_turns[turns],
        "words of turn after": of_turns[turns + 2],
        "into turn": np.minimum(LONG_TURN, begun),
        "left of turn": np.minimum(LONG_TURN, np.array(lengths)[turns] - begun) if lengths else begun,
        "turn before asks": asked[turns],
        "time": c.starts / max(1.0, c.duration),
        "seconds left": c.duration - c.starts,
        "duration": np.full(len(c.said), c.duration),
        "seconds on slide": np.array([s - changes[max(0, bisect_right(changes, s) - 1)] for s in c.starts]),
    }


class _Mentioned:
    """Where each word is mentioned: places in order."""

    def __init__(self, c: Conversation, found: tuple[Mention, ...]) -> None:
        self._count = max(1, len(c.said))
        self.places = defaultdict[str, list[int]](list)
        for one in found:
            self.places[one.word].append(one.place)

    def rarity(self, word: str) -> float:
        """Return the logarithm of how many sentences there are for one with the word (inverse document frequency)."""
        return math.log(self._count / len(self.places[word]))

    def back(self, one: Mention) -> float:
        """Return how many sentences ago the word was said before."""
        at = bisect_left(self.places[one.word], one.place)
        return one.place - self.places[one.word][at - 1] if at else NEVER

    def forth(self, one: Mention) -> float:
        """Return in how many sentences the word is said again."""
        at = bisect_right(self.places[one.word], one.place)
        return self.places[one.word][at] - one.place if at < len(self.places[one.word]) else NEVER

    def around(self, one: Mention, within: int) -> float:
        """Return in how many other sentences around it the word is said."""
        places = self.places[one.word]
        return bisect_right(places, one.place + within) - bisect_left(places, one.place - within) - 1


def _announced_words(c: Conversation) -> tuple[frozenset[str], frozenset[str]]:
    """Return the content words of title and description, and the words of the announced people's names."""
    if c.event is None:
        return frozenset(), frozenset()
    names = " ".join(speaker.name for speaker in c.event.speakers)
    return (
        frozenset(content_words(f"{c.event.title} {c.event.description}", c.language)),
        frozenset(word.lower() for word in WORD.findall(names)),
    )


def _is_number(word: str, c: Conversation) -> bool:
    return word in c.language.numerals or any(map(str.isdigit, word))


def _word(c: Conversation, one: Mention, by: int) -> str:
    parts = WORD.findall(c.said[one.place].words[one.at + by].text.lower())
    return parts[-1 if by < 0 else 0] if parts else ""


def _window_sums(values: Floats) -> Floats:
    """Return the sums over the sentences around each."""
    total = np.concatenate([[0.0], np.cumsum(values)])
    at = np.arange(len(values))
    sums: Floats = total[np.minimum(len(values), at + NEAR + 1)] - total[np.maximum(0, at - NEAR)]
    return sums


def _as_slice(places: range) -> slice:
    return slice(places.start, places.stop)


@cache
def _rank(word: str) -> tuple[float, int]:
    """Return how rare a word's rarest token is (the logarithm of its rank among Whisper's), and how many it has."""
    tokens = _encoding().encode(f" {word}")
    return math.log(max(tokens) + 1), len(tokens)


@cache
def _encoding():  # type: ignore[no-untyped-def]  # noqa: ANN202
    from whisper.tokenizer import get_encoding

    return get_encoding("multilingual")
