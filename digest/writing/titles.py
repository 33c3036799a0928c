"""What chapters are called: a Conversation and where its chapters begin in, a title for each out.

A title is that of a slide that was on, or what the speakers themselves call things there: one phrase, or two nouns. It
is never a list of single words.
"""

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations

from digest.language.closed_classes import Language
from digest.model.deck import Deck, Slide
from digest.writing.conversation import Conversation, content_words, words_of_slide
from digest.writing.key_phrases import Phrase, key_phrases, wording_of

FEWEST_WORDS, MOST_WORDS = 2, 8
EARLY = 10.0  # seconds before a chapter in which its slide may have come on
SHOWN = 10.0  # seconds; a slide that was on for less gives no title
QUESTIONS, ASKERS = 2, 2  # of the audience, in a chapter that is called after them
# With these two 0.76 of such chapters of the written talks are the audience's for the most part, without them 0.67.
A_MINUTE, HEARD = 0.4, 0.15  # sentences in which the audience asks, and its share of the words
LISTED = 0.5  # of an agenda's lines are titles of other slides
# How phrases are ranked was chosen on the written talks: where no slide gives a title, F1 of content words is 0.075
# against 0.042 by how often they are said; 0.072 where the best way is chosen with the authors left out.
SOON = (3, 10)  # sentences in which a chapter says what it is about: each counts once more
FAMILY = 5  # letters
RARE = 0.3  # sentences more for what nobody says elsewhere
COMMON = 0.1  # the least that counts of what is said more elsewhere
AMONG = 12  # phrases that promise most, of which the best pair is looked for
USUAL_WORDS = 3.3  # that carry meaning in an editor's title
ONE = 1.4  # a pair of nouns must promise so much more than one phrase: it reads less well
NUMBER = re.compile(r"^\s*(?:\d+\.)*(\d+)([.):]?)\s+|^\s*[IVX]+[.):]\s+")
# "(2/3)", "2/3" or "(continued)" at the end
COUNTER = re.compile(r"\s*(?:\(\d+\s*/\s*\d+\)|\b\d{1,2}\s*/\s*\d{1,2})\s*$|\s*\([^()]*\)\s*$")


@dataclass(frozen=True)
class ChapterNames:
    """What chapters are called where nothing better is known, and how titles are put together."""

    opening: str
    discussion: str
    questions: str
    closing: str
    pair: str = "{} and {}"
    about: str = "Questions: {}"


NAMES = {
    "en": ChapterNames("Opening", "Discussion", "Questions and answers", "Closing"),
    "de": ChapterNames("Eröffnung", "Gespräch", "Fragen und Antworten", "Schluss", "{} und {}", "Fragen: {}"),
    "fr": ChapterNames("Ouverture", "Discussion", "Questions et réponses", "Conclusion", "{} et {}", "Questions : {}"),
    "es": ChapterNames("Apertura", "Debate", "Preguntas y respuestas", "Cierre", "{} y {}", "Preguntas: {}"),
    "pt": ChapterNames("Abertura", "Debate", "Perguntas e respostas", "Encerramento", "{} e {}", "Perguntas: {}"),
    "it": ChapterNames("Apertura", "Discussione", "Domande e risposte", "Chiusura", "{} e {}", "Domande: {}"),
    "nl": ChapterNames("Opening", "Gesprek", "Vragen en antwoorden", "Afsluiting", "{} en {}", "Vragen: {}"),
}


def names_without_subject(language: str) -> tuple[str, ...]:
    """Return what chapters are called that say nothing of the subject."""
    names = NAMES.get(language, NAMES["en"])
    return (names.opening, names.discussion, names.questions, names.closing)


@dataclass(frozen=True)
class Stretch:
    """A chapter of a talk, in seconds."""

    talk: Conversation
    start: float
    end: float

    @cached_property
    def places(self) -> range:
        """Return the places of the sentences that begin in it."""
        return range(self.talk.place_at(self.start), self.talk.place_at(self.end))

    @cached_property
    def asks(self) -> bool:
        """Return whether the audience seems to put its questions in it."""
        talk, audience = self.talk, self.talk.audience
        asked = [talk.voices[at] for at in self.places if talk.asks[at] and talk.voices[at] in audience]
        if len(asked) < max(QUESTIONS, A_MINUTE * (self.end - self.start) / 60) or len(set(asked)) < ASKERS:
            return False
        theirs = sum(talk.lengths[at] for at in self.places if talk.voices[at] in audience)
        return bool(theirs >= HEARD * sum(talk.lengths[at] for at in self.places))


def chapter_titles(talk: Conversation, starts: Sequence[float]) -> list[str]:
    """Return the title of each chapter; `starts` are in order, the first is 0. No two are the same but "Discussion"."""
    names = NAMES.get(talk.language.code, NAMES["en"])
    stretches = [Stretch(talk, start, end) for start, end in zip(starts, (*starts[1:], talk.duration), strict=True)]
    wording, every = wording_of(talk), Counter(word for one in talk.content for word in families(one))
    titles, used = list[str](), set[str]()
    for at, stretch in enumerate(stretches):
        phrases = key_phrases(talk, stretch.places, wording)
        title = _title(stretch, phrases, every, used, names, only=sum(one.asks for one in stretches) == 1)
        if title is None:
            title = names.opening if at == 0 else names.closing if at == len(starts) - 1 else names.discussion
        used.update(content_words(title, talk.language))
        titles.append(title)
    return titles


def _title(
    stretch: Stretch,
    phrases: Sequence[Phrase],
    every: Mapping[str, int],
    used: set[str],
    names: ChapterNames,
    *,
    only: bool,
) -> str | None:
    slide = slide_title(stretch, used)
    if slide:
        return slide
    if stretch.asks and only:
        return names.questions
    new = [phrase for phrase in phrases if _is_new(phrase, used)]
    text = best_wording(new, word_worth(stretch, every), names) if new else None
    if text is None:
        return None
    return names.about.format(_capitalise(text)) if stretch.asks else _capitalise(text)


def _is_new(phrase: Phrase, used: set[str]) -> bool:
    """Return whether no title has its words yet; a longer one may have some in common with another."""
    return used.isdisjoint(phrase.words) or (len(phrase.words) > 1 and not used.issuperset(phrase.words))


def word_worth(stretch: Stretch, every: Mapping[str, int]) -> dict[str, float]:
    """Return how much each word of a chapter promises: its family is said often here and seldom elsewhere, and soon.

    `every` is in how many sentences of the talk each family stands.
    """
    talk, here = stretch.talk, stretch.places
    first, times = dict[str, int](), Counter[str]()
    for at in here:
        times.update(families(talk.content[at]))
        for word in talk.content[at]:
            first.setdefault(word, at - here.start)
    slides = {slide.number: slide for at in here if (slide := talk.slides[at])}
    shown = frozenset[str]().union(*(words_of_slide(slide, talk.language) for slide in slides.values()))
    elsewhere = len(talk.said) - len(here) + 1
    worth = dict[str, float]()
    for word, sentences in first.items():
        often = times[word[:FAMILY]]
        rate, usual = (often + RARE) / len(here), (every[word[:FAMILY]] - often + RARE) / elsewhere
        more_than_usual = max(COMMON, 1 + math.log(rate / usual))
        soon = sum(sentences < few for few in SOON)
        worth[word] = math.log(1 + often) * more_than_usual * (1 + soon) * (1 + (word in shown))
    return worth


def families(words: Iterable[str]) -> set[str]:
    """Return how words begin: those that begin alike mostly mean one thing."""
    return {word[:FAMILY] for word in words}


def best_wording(phrases: Sequence[Phrase], worth: Mapping[str, float], names: ChapterNames) -> str | None:
    """Return the phrase that promises most, or a pair of nouns that does; None where there is but a bare noun."""
    ranked = sorted(phrases, key=lambda phrase: (-_promise(phrase.words, worth), phrase.text))[:AMONG]
    promise = {
        phrase.alone: _promise(phrase.words, worth) * ONE
        for phrase in ranked
        if len(phrase.alone.split()) >= FEWEST_WORDS
    }
    for one, two in combinations((phrase for phrase in ranked if len(phrase.words) == 1), 2):
        if families(one.words).isdisjoint(families(two.words)):
            promise[_pair(one, two, names)] = _promise((*one.words, *two.words), worth)
    return max(promise, key=lambda text: promise[text], default=None)


def _pair(one: Phrase, two: Phrase, names: ChapterNames) -> str:
    """Return two nouns in the order in which they come up, both with an article or none."""
    first, second = sorted((one, two), key=lambda phrase: phrase.places[0])
    if first.alone == first.text or second.alone == second.text:
        return names.pair.format(first.text, second.text)
    return names.pair.format(first.alone, second.alone)


def _promise(words: Sequence[str], worth: Mapping[str, float]) -> float:
    """Return what a title of these words promises: few words that say much, for an editor's has about four."""
    return sum(worth.get(word, 0.0) for word in words) / (len(words) + USUAL_WORDS)


def slide_title(stretch: Stretch, used: set[str]) -> str | None:
    """Return the title of the slide that was on longest of those that came on for the first time; None without one.

    A title that says nothing but what is `used` is no candidate.
    """
    seconds, seen = Counter[str](), set[int | None]()
    slides = {slide.number: slide for slide in stretch.talk.deck.visible()}
    for interval in stretch.talk.alignment.intervals:
        slide = slides.get(interval.slide or -1)
        on = min(interval.end, stretch.end) - max(interval.start, stretch.start)
        is_new = interval.slide not in seen
        seen.add(interval.slide)
        if slide is None or interval.start < stretch.start - EARLY or on < SHOWN or not is_new:
            continue
        title = heading(slide, stretch.talk.deck, stretch.talk.language)
        if title and not used.issuperset(content_words(title, stretch.talk.language)):
            seconds[title] += int(on)
    return max(seconds, key=lambda title: seconds[title], default=None)


def heading(slide: Slide, deck: Deck, language: Language) -> str | None:
    """Return a slide's title without its number; None for the first slide, an agenda, thanks, or what is too long."""
    title = without_number(slide, deck, language)
    first = deck.visible()[0].number if deck.visible() else None
    words = content_words(title, language)
    stems = tuple(language.thanks | language.asking)
    if slide.number == first or not words or is_agenda(slide, deck, language):
        return None
    if len(title.split()) > MOST_WORDS or any(word.startswith(stems) for word in words):
        return None
    return _capitalise(title)


def without_number(slide: Slide, deck: Deck, language: Language) -> str:
    """Return a slide's title without the number that orders it among the others.

    A number that has no sign after it (in German also one with a full stop) orders if another title begins with the
    next or the last one: “5 de agosto” is a day.
    """
    title = COUNTER.sub("", slide.title or "")
    found = NUMBER.match(title)
    if found is None:
        return title.strip(" .:")
    number, sign = found.groups()
    is_sure = number is None or (sign and not (sign == "." and language.capitalises_nouns))
    others = {other[1] for one in deck.slides if one is not slide and (other := NUMBER.match(one.title or ""))}
    orders = is_sure or not others.isdisjoint({str(int(number) - 1), str(int(number) + 1)})
    return (title[found.end() :] if orders else title).strip(" .:")


def is_agenda(slide: Slide, deck: Deck, language: Language) -> bool:
    """Return whether a slide's lines are the titles of others."""
    others = (without_number(other, deck, language) for other in deck.slides if other is not slide)
    titles = [set(content_words(title, language)) for title in others]
    lines = [set(content_words(line.text, language)) for line in slide.body]
    listed = sum(any(title and 2 * len(title & line) > len(title | line) for title in titles) for line in lines if line)
    return listed > 1 and listed >= LISTED * len(lines)


def _capitalise(title: str) -> str:
    return title[:1].upper() + title[1:]
