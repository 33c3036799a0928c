"""Whom of the audience somebody named: Conversation in, words that are such a name out, with how likely.

An announcement names hosts and guests, never who comes to ask. Their names are found by where they stand: thanked,
called upon, said in the first words of a voice that has not spoken before, alone in a sentence. What is judged is a
word with a capital in all the places where it stands. Words that announcement or deck hold are none.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from digest.language.closed_classes import Language
from digest.learned.trees import Columns, Floats, Trees
from digest.model.companions import Companions
from digest.model.event import Event
from digest.model.speech import Word
from digest.privacy.withheld import withhold_names
from digest.writing.conversation import Conversation
from digest.writing.frames import FRAMES

TOKEN = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")
POSSESSIVE = re.compile(r"['’]s?$")
FIRST_WORDS = 3  # of a sentence before a name: "my name is …"
SHORT_SENTENCE = 4  # words
INTRODUCTION = 8  # words of a sentence in which somebody says little more than a name
NEAR = 60.0  # seconds
SUSPECTED = (
    0.05  # a sentence with such a word is not chosen: 0.95 of the places where somebody is named, half of them right
)
LIKELY = 0.1  # what is printed all the same goes without it: 225 of 5,028 sentences held a name, 7 do, 13 with 0.2


def bare_word(text: str) -> str:
    """Return a word without the signs around it and without a possessive."""
    found = TOKEN.search(text)
    return POSSESSIVE.sub("", found[0]) if found else ""


@dataclass(frozen=True)
class Occurrence:
    """A word with a capital: the place of its sentence, the words there, which of them it is, the signs around it."""

    at: int
    words: Sequence[str]
    place: int
    before: str
    after: str


def candidates(talk: Conversation, event: Event) -> dict[str, list[Occurrence]]:
    """Return the words with a capital that may be a name, each with all places where it stands."""
    language, public = talk.language, _public_words(talk, event)
    words_of_no_name = _never_names(language)
    found = defaultdict[str, list[Occurrence]](list)
    for at, text in enumerate(talk.texts):
        tokens = list(TOKEN.finditer(text))
        words = [POSSESSIVE.sub("", token[0]) for token in tokens]
        for place, (token, word) in enumerate(zip(tokens, words, strict=True)):
            if not word[:1].isupper() or word[1:].isupper() or word in public or _is_none(word, words_of_no_name):
                continue
            end = tokens[place - 1].end() if place else 0
            following = tokens[place + 1].start() if place + 1 < len(tokens) else len(text)
            found[word].append(
                Occurrence(at, words, place, text[end : token.start()].strip(), text[token.end() : following].strip())
            )
    return {word: places for word, places in found.items() if len(word) > 1}


def _never_names(language: Language) -> frozenset[str]:
    """Return the closed classes of a language that hold no name of anybody."""
    return frozenset[str]().union(
        language.function_words, language.first_person, language.honorifics, language.interrogatives, language.thanks,
        language.discourse_markers, language.hesitations, language.connectives, language.ordinals, language.negations,
        language.anaphors, language.numerals, language.replies, language.weekdays,
    )  # fmt: skip


def _is_none(word: str, never: frozenset[str]) -> bool:
    """Return whether a word is of a closed class, also with something tied to it: "I'd", "Thirty-eight"."""
    head, *tail = re.split(r"['’-]", word)
    return word.lower() in never or (head.lower() in never and bool(tail) and tail[0][:1].islower())


def _public_words(talk: Conversation, event: Event) -> frozenset[str]:
    """Return the words of deck, title, organisers, announced names and roles: what they hold is for readers."""
    people = (text for person in event.speakers for text in (person.name, person.role or ""))
    texts = [event.title, *people, *(one.name for one in event.organisers)]
    for slide in talk.deck.visible():
        texts += [slide.title or "", *(line.text for line in slide.body)]
    return frozenset(POSSESSIVE.sub("", word) for text in texts for word in TOKEN.findall(text))


def columns(talk: Conversation, found: dict[str, list[Occurrence]]) -> Columns:
    """Return what is known of each word: of its places the mean and the most, and some of the word itself.

    `count` and `voices`: how often it stands there, and in how many mouths; `small`: how often it has no capital;
    `letters`, `hyphen`; `nouns`: whether the language gives every noun a capital.
    """
    places = [one for many in found.values() for one in many]
    word_of = np.repeat(np.arange(len(found)), [len(many) for many in found.values()])
    counts = np.bincount(word_of, minlength=len(found)).astype(float)
    small = Counter(word for text in talk.texts for word in TOKEN.findall(text) if word.islower())
    table: dict[str, Floats] = {
        "count": np.log(counts),
        "voices": np.array([float(len({talk.voices[one.at] for one in many})) for many in found.values()]),
        "small": np.array([np.log1p(small[word.lower()]) for word in found]),
        "letters": np.array([float(len(word)) for word in found]),
        "hyphen": np.array([float("-" in word) for word in found]),
        "nouns": np.full(len(found), float(talk.language.capitalises_nouns)),
    }
    for name, values in {**_around(talk, places), **_among_voices(talk, places)}.items():
        most = np.full(len(found), -np.inf)
        np.maximum.at(most, word_of, values)
        table[f"{name}, mean"] = np.bincount(word_of, values, minlength=len(found)) / counts
        table[f"{name}, most"] = most
    return table


def _around(talk: Conversation, places: Sequence[Occurrence]) -> dict[str, Floats]:
    """Return what stands around each place, 1 or 0.

    `alone`, `short`: its sentence is this word, or a few; `opens`, `closes`, `called` ("Marta, …"), `addressed`
    ("…, Marta."), `inside` (between commas), `possessive`; `courtesy` (an honorific before it), `capital before`,
    `capital after`, `grammar before` (a function word), `me before` ("my name is"), `says after`; in its sentence:
    `thanks`, `asks`, `you`, `question`.
    """
    language = talk.language

    def any_begins(words: Sequence[str], beginnings: frozenset[str]) -> bool:
        return any(word.lower().startswith(tuple(beginnings)) for word in words) if beginnings else False

    def word(one: Occurrence, step: int) -> str:
        place = one.place + step
        return one.words[place] if 0 <= place < len(one.words) else ""

    judged: dict[str, Callable[[Occurrence], bool]] = {
        "alone": lambda one: len(one.words) == 1,
        "short": lambda one: len(one.words) <= SHORT_SENTENCE,
        "opens": lambda one: one.place == 0,
        "closes": lambda one: one.place == len(one.words) - 1,
        "called": lambda one: one.place == 0 and one.after.startswith(","),
        "addressed": lambda one: one.before.endswith(",") and one.place == len(one.words) - 1,
        "inside": lambda one: one.before.endswith(",") and one.after.startswith(","),
        "courtesy": lambda one: word(one, -1).lower() in language.honorifics,
        "capital before": lambda one: one.place > 1 and not one.before and word(one, -1)[:1].isupper(),
        "capital after": lambda one: not one.after and word(one, 1)[:1].isupper(),
        "grammar before": lambda one: word(one, -1).lower() in language.function_words,
        "me before": lambda one: any(
            w.lower().split("'")[0] in language.first_person
            for w in one.words[max(0, one.place - FIRST_WORDS) : one.place]
        ),
        "says after": lambda one: (
            word(one, 1).lower() in language.reporting or any_begins([word(one, 1)], language.asking)
        ),
        "thanks": lambda one: any_begins(one.words, language.thanks),
        "asks": lambda one: any_begins(one.words, language.asking),
        "you": lambda one: any(w.lower() in language.second_person for w in one.words),
        "question": lambda one: "?" in talk.texts[one.at],
    }
    return {name: np.array([float(is_so(one)) for one in places]) for name, is_so in judged.items()}


def _among_voices(talk: Conversation, places: Sequence[Occurrence]) -> dict[str, Floats]:
    """Return who speaks at each place and who comes next.

    `first of turn`, `last of turn`; `new voice`: the first words of somebody; `before new`: the next turn is such;
    `by audience`, `by lead`; `before audience`, `after audience`: whose turn is next, or was; `share` of the voice;
    `near`: seconds to where somebody of the audience begins or ends; `late`: how far into the webinar.
    """
    at = np.array([one.at for one in places], dtype=int)
    turns, voices = np.array(talk.turns), np.array(talk.voices)
    seldom = np.array([voice in talk.audience for voice in talk.voices])
    last = len(turns) - 1
    starts = np.array([span.start for span in talk.turn_places])
    ends = np.array([span.stop - 1 for span in talk.turn_places])
    heads = voices[starts]
    is_first = np.array([head not in set(heads[:n]) for n, head in enumerate(heads)]) if len(heads) else np.zeros(0)
    turn = turns[at]
    following, preceding = np.minimum(turn + 1, len(starts) - 1), np.maximum(turn - 1, 0)
    edges = np.sort(np.concatenate([talk.starts[starts[seldom[starts]]], talk.ends[ends[seldom[ends]]]]))
    return {
        "first of turn": (at == starts[turn]).astype(float),
        "last of turn": (at == ends[turn]).astype(float),
        "new voice": (is_first[turn] & (at <= starts[turn] + 2)).astype(float),
        "before new": (is_first[following] & (following > turn)).astype(float),
        "by audience": seldom[at].astype(float),
        "by lead": np.array([float(voices[place] in talk.leads) for place in at]),
        "before audience": seldom[starts[following]].astype(float),
        "after audience": seldom[starts[preceding]].astype(float),
        "share": np.array([talk.shares[voices[place]] for place in at]),
        "near": _distances(talk.starts[at], edges),
        "late": at / max(1, last),
    }


def _distances(times: Floats, edges: Floats) -> Floats:
    """Return how far each time is from the nearest edge, at most a minute; both in seconds."""
    if not len(edges):
        return np.full(len(times), NEAR)
    place = np.searchsorted(edges, times)
    before = np.abs(times - edges[np.maximum(place - 1, 0)])
    after = np.abs(edges[np.minimum(place, len(edges) - 1)] - times)
    return np.minimum(NEAR, np.minimum(before, after))


@dataclass(frozen=True)
class Audience:
    """Names that readers are not to get: words with how likely each is one."""

    names: Mapping[str, float]
    language: Language

    def is_named(self, text: str) -> bool:
        """Return whether somebody may be named in a text: better another sentence."""
        return any(self.names.get(POSSESSIVE.sub("", word), 0) >= SUSPECTED for word in TOKEN.findall(text))

    def withhold(self, text: str) -> str:
        """Return a text without the names that are likely enough, and without short sentences that only introduce."""
        return withhold_names(
            self._without_introductions(text),
            [name for name, probability in self.names.items() if probability >= LIKELY],
            honorifics=self.language.honorifics,
            instead=FRAMES.get(self.language.code, FRAMES["en"]).somebody,
            has_small_nouns=not self.language.capitalises_nouns,
        )

    def names_among(self, words: Sequence[Word]) -> Iterator[tuple[float, Sequence[Word]]]:
        """Yield each name that is likely enough, with how likely it is, as the words that make it.

        A word with a capital that is tied to it belongs to it, where nouns have none: who has a first name has another.
        """
        likely = [self.names.get(bare_word(word.text), 0.0) for word in words]
        at = 0
        while at < len(words):
            first, last = at, at
            at += 1
            if likely[first] < LIKELY:
                continue
            while at < len(words) and words[last].text[-1:].isalnum() and self._goes_on(words[at].text, likely[at]):
                last, at = at, at + 1
            yield max(likely[first : last + 1]), words[first : last + 1]

    def _goes_on(self, text: str, likely: float) -> bool:
        word = bare_word(text)
        has_capital = word[:1].isupper() and not word[1:].isupper() and not _is_none(word, _never_names(self.language))
        return likely >= LIKELY or (has_capital and not self.language.capitalises_nouns)

    def _without_introductions(self, text: str) -> str:
        """Return a text without "It's Marta, from Lisbon." beside other sentences."""
        told = re.split(r"(?<=[.?!…]) ", text)
        left = [one for one in told if len(one.split()) > INTRODUCTION or one.endswith("?") or not self.is_named(one)]
        return " ".join(left) if any(len(one.split()) > SHORT_SENTENCE for one in left) else text


def find_audience(talk: Conversation, event: Event, companions: Companions, trees: Trees) -> Audience:
    """Return whom of the audience words name; nobody where event.toml says that the audience may be named.

    Whoever wrote in chat or Q&A is known by name, if the word is not one that people say.
    """
    if event.name_audience and not event.chatham_house:
        return Audience({}, talk.language)
    found = candidates(talk, event)
    likely = trees.probabilities(columns(talk, found)) if found else ()
    names = dict(zip(found, map(float, likely), strict=True))
    public = _public_words(talk, event)
    small = {word for words in talk.tokens for word in words}
    for typed in (*(one.from_ for one in companions.chat), *(one.asked_by or "" for one in companions.questions)):
        for word in TOKEN.findall(typed):
            is_word = word.lower() in small and word not in found
            if word[0].isupper() and len(word) > 1 and word not in public and not is_word:
                names[word] = 1.0
    return Audience(names, talk.language)
