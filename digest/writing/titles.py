"""What chapters are called: a Conversation and where its chapters begin in, a title for each out.

A title is that of a slide that was on, or what the speakers themselves call things there. It is never a list of single
words.
"""

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from digest.language.closed_classes import Language
from digest.model.deck import Deck, Slide
from digest.writing.conversation import Conversation, content_words
from digest.writing.key_phrases import Phrase, key_phrases, wording_of

FEWEST_WORDS, MOST_WORDS = 2, 8
EARLY = 10.0  # seconds before a chapter in which its slide may have come on
SHOWN = 10.0  # seconds; a slide that was on for less gives no title
QUESTIONS, ASKERS = 2, 2  # of the audience, in a chapter that is called after them
LISTED = 0.5  # of an agenda's lines are titles of other slides
SOON = 3  # sentences in which a chapter says what it is about
NUMBER = re.compile(r"^\s*(?:\d+(?:\.\d+)*[.):]?|[IVX]+[.):])\s+|\s*\(?\d+\s*/\s*\d+\)?\s*$|\s*\([^()]*\)\s*$")


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
        asked = [
            voice for at in self.places if self.talk.asks[at] and (voice := self.talk.voices[at]) in self.talk.audience
        ]
        return len(asked) >= QUESTIONS and len(set(asked)) >= ASKERS


def chapter_titles(talk: Conversation, starts: Sequence[float]) -> list[str]:
    """Return the title of each chapter; `starts` are in order, the first is 0. No two are the same but "Discussion"."""
    names = NAMES.get(talk.language.code, NAMES["en"])
    stretches = [Stretch(talk, start, end) for start, end in zip(starts, (*starts[1:], talk.duration), strict=True)]
    wording = wording_of(talk)
    phrases = _rank([key_phrases(talk, stretch.places, wording) for stretch in stretches], stretches)
    titles, used = list[str](), set[str]()
    for at, stretch in enumerate(stretches):
        title = _title(stretch, phrases[at], used, names, only=sum(one.asks for one in stretches) == 1)
        if title is None:
            title = names.opening if at == 0 else names.closing if at == len(starts) - 1 else names.discussion
        used.update(content_words(title, talk.language))
        titles.append(title)
    return titles


def _title(
    stretch: Stretch, phrases: Sequence[Phrase], used: set[str], names: ChapterNames, *, only: bool
) -> str | None:
    slide = slide_title(stretch, used)
    if slide and len(slide.split()) >= FEWEST_WORDS:
        return slide
    if stretch.asks and only and not slide:
        return names.questions
    text = _from_phrases(slide, phrases, used | set(content_words(slide or "", stretch.talk.language)), names)
    if text is None or len(text.split()) < FEWEST_WORDS:
        return slide
    return names.about.format(_capitalise(text)) if stretch.asks and not slide else _capitalise(text)


def _from_phrases(slide: str | None, phrases: Sequence[Phrase], used: set[str], names: ChapterNames) -> str | None:
    """Return the best phrase with another beside it, or one beside a slide's title of one word."""
    new = [phrase for phrase in phrases if used.isdisjoint(phrase.words)]
    if not new:
        return slide
    if slide:
        return names.pair.format(slide, new[0].text)
    second = next((phrase for phrase in new[1:] if set(new[0].words).isdisjoint(phrase.words)), None)
    return names.pair.format(new[0].text, second.text) if second else new[0].alone


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
    title = NUMBER.sub("", NUMBER.sub("", slide.title or "")).strip(" .:")
    first = deck.visible()[0].number if deck.visible() else None
    words = content_words(title, language)
    stems = tuple(language.thanks | language.asking)
    if slide.number == first or not words or is_agenda(slide, deck, language):
        return None
    if len(title.split()) > MOST_WORDS or any(word.startswith(stems) for word in words):
        return None
    return _capitalise(title)


def is_agenda(slide: Slide, deck: Deck, language: Language) -> bool:
    """Return whether a slide's lines are the titles of others."""
    others = (NUMBER.sub("", other.title or "") for other in deck.slides if other is not slide)
    titles = [set(content_words(title, language)) for title in others]
    lines = [set(content_words(line.text, language)) for line in slide.body]
    listed = sum(any(title and 2 * len(title & line) > len(title | line) for title in titles) for line in lines if line)
    return listed > 1 and listed >= LISTED * len(lines)


def _rank(found: Sequence[Sequence[Phrase]], stretches: Sequence[Stretch]) -> list[list[Phrase]]:
    """Return the phrases of each chapter, best first: said often here and in few others, soon, in several words."""
    spread = Counter(phrase.text.lower() for phrases in found for phrase in phrases)
    ranked = list[list[Phrase]]()
    for phrases, stretch in zip(found, stretches, strict=True):
        soon = stretch.places.start + SOON
        worth = {
            phrase: math.sqrt(len(phrase.places))
            * math.log(1 + len(found) / spread[phrase.text.lower()])
            * (1 + (len(phrase.words) > 1) + 0.5 * (phrase.places[0] < soon))
            for phrase in phrases
        }
        ranked.append(sorted(phrases, key=lambda phrase: (-worth[phrase], phrase.text)))
    return ranked


def _capitalise(title: str) -> str:
    return title[:1].upper() + title[1:]
