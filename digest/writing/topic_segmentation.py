"""Where a chapter may begin, and how much speaks for it: sentences, slides and voices in, weighed places out.

Slides that come on for the first time, hand-overs, questions that speakers put to themselves or hosts to guests, and
words that open something new each count; what only returns, stays for a moment or announces the agenda counts less.
English alone has opening words yet; elsewhere slides and voices decide.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from digest.language.sentences import SpokenSentence
from digest.model.alignment import Alignment, Interval
from digest.model.deck import Deck, Slide
from digest.writing import phrases
from digest.writing.choosing import compressed
from digest.writing.questions import exchanges

SNAP = 8.0  # seconds by which a chapter may begin before or after its slide came on
NEAR = 10.0  # seconds within which two places are one
BRIEF = 10.0  # seconds; a slide that was on for less is a step on the way
SPOKEN = 15.0  # seconds in which a slide's title is spoken, if it is
LONG_TURN = 40  # words from which on somebody has the floor
TITLE_WORDS = 2  # that carry meaning, in a question that is a heading
TITLED = 0.5  # share of a title's words that must be spoken

NEW = re.compile(
    r"^(?:(?:okay|ok|right|good|great|very good|so|and|now|well),? )*"
    r"(?:so\b|now\b|okay\b|let's|let me (?:show|turn|start|move)|here's (?:the|a|my)|what about|how about|moving on"
    r"|turning to|next\b|first of all|finally|last(?:ly)?\b|i'll skip"
    r"|(?:my|the) (?:last|next|final|first|second|third) |tell us|that brings)",
    re.IGNORECASE,
)
FOLLOW_UP = re.compile(r"^(?:and|but|or|really|so you mean)\b", re.IGNORECASE)
AGENDA = re.compile(r"^(?:agenda|outline|overview|contents|today|in the next|what we|plan|programme)\b", re.IGNORECASE)
PART = re.compile(
    r"^(?:part|section|chapter|teil|partie|parte)\s+(?:\d+|[ivx]+|one|two|three|four|five)\b[:. -]*", re.IGNORECASE
)
THANKS = re.compile(r"\b(?:thank you|thanks|any questions|questions\?)", re.IGNORECASE)


@dataclass(frozen=True)
class Place:
    """A second at which a chapter may begin; `weight` says how much speaks for it, `title` how it may be called."""

    start: float
    weight: float
    title: str | None = None
    kind: str = ""  # "questions" and "closing" have names of their own


def places(said: Sequence[SpokenSentence], deck: Deck, alignment: Alignment) -> list[Place]:
    """Return all places in order, near ones made one."""
    ending = _ending(said)
    late = min((place.start for place in ending), default=float("inf"))
    found = [
        place
        for place in (*_slides(said, deck, alignment), *_floors(said, deck), *_openings(said, deck))
        if place.start < late - NEAR
    ]
    return _joined(sorted((*found, *ending), key=lambda place: place.start))


def _ending(said: Sequence[SpokenSentence]) -> list[Place]:
    """Return where questions from the audience begin and where the webinar is closed."""
    asked = exchanges(said)
    found = [Place(_turn_start(asked[0].places.start, said), 4.0, kind="questions")] if asked else []
    if (at := phrases.closing_from(said)) < len(said):
        if at and said[at - 1].speaker == said[at].speaker and phrases.is_courtesy(said[at - 1]):
            at -= 1  # "Thank you, Daniel."
        found.append(Place(said[at].start, 4.0, kind="closing"))
    return found


def _turn_start(at: int, said: Sequence[SpokenSentence]) -> float:
    """Return when the turn of a sentence began, if that was just before: "Thank you. We have two questions."."""
    begin = at
    while begin and said[begin - 1].speaker == said[at].speaker and said[at].start - said[begin - 1].start <= NEAR:
        begin -= 1
    return said[begin if begin and said[begin - 1].speaker != said[at].speaker else at].start


def _slides(said: Sequence[SpokenSentence], deck: Deck, alignment: Alignment) -> Iterator[Place]:
    slides = {slide.number: slide for slide in deck.visible()}
    has_parts = any(PART.match(slide.title or "") for slide in slides.values())
    seen, section = set[int](), -1000.0
    for interval in alignment.intervals:
        slide = slides.get(interval.slide or -1)
        if slide is None or slide.number in seen or interval.start == 0:
            continue
        seen.add(slide.number)
        start = _snapped(interval.start, said)
        if PART.match(slide.title or ""):
            section = interval.start
            yield Place(start, 4.0, PART.sub("", slide.title or "") or slide.title)
        elif interval.start - section > 3 * NEAR:
            yield Place(start, _slide_weight(slide, interval, start, said, has_parts=has_parts), slide.title)


def _slide_weight(
    slide: Slide, interval: Interval, start: float, said: Sequence[SpokenSentence], *, has_parts: bool
) -> float:
    title = slide.title or ""
    if not title or AGENDA.match(title) or THANKS.search(title) or slide.number == 1:
        return 0.0
    weight = 1.0 + 0.75 * _is_spoken(title, start, said) + 0.5 * _opens(start, said)
    if interval.end - interval.start < BRIEF:
        weight -= 0.5
    return weight - 0.25 * has_parts


def _floors(said: Sequence[SpokenSentence], deck: Deck) -> Iterator[Place]:
    """Yield where somebody is given the floor for long, and where a host asks a guest about something new."""
    hosts = phrases.leads(said)
    for at, one in enumerate(said):
        if at == 0 or said[at - 1].speaker == one.speaker:
            continue
        turn = [other for other in said[at : at + 12] if other.speaker == one.speaker]
        long = sum(len(other.words) for other in turn) >= LONG_TURN
        if one.speaker not in hosts and long and said[at - 1].speaker in hosts and phrases.gives_floor(said[at - 1]):
            agenda = any(map(phrases.is_agenda, turn[:4]))
            yield Place(one.start, 0.5 if agenda else 2.0)
        asked = next((other for other in turn[:4] if phrases.is_question(other)), None)
        if one.speaker in hosts and asked and not phrases.says(phrases.OPENING, one):
            title = _title_spoken(asked, deck)
            weight = 1.0 + 0.5 * (phrases.says(NEW, one) or phrases.says(phrases.OPENING, asked)) + bool(title)
            yield Place(one.start, weight - 0.75 * phrases.says(FOLLOW_UP, one), title or _as_title(asked))


def _openings(said: Sequence[SpokenSentence], deck: Deck) -> Iterator[Place]:
    """Yield where somebody who goes on speaking opens something new: "So, how does it go wrong?"."""
    for at, one in enumerate(said):
        if at == 0 or said[at - 1].speaker != one.speaker or not phrases.says(NEW, one):
            continue
        title = _title_spoken(one, deck)
        pause = one.start - said[at - 1].end > 0.5  # noqa: PLR2004
        yield Place(one.start, 0.75 + 0.75 * phrases.is_question(one) + 0.25 * pause + 0.5 * bool(title), title)


def _joined(found: Sequence[Place]) -> list[Place]:
    """Return the places with near ones made one: at the weightiest, with half of what the others weigh."""
    groups = list[list[Place]]()
    for place in found:
        if groups and place.start - groups[-1][0].start <= NEAR and not (place.kind and groups[-1][0].kind):
            groups[-1].append(place)
        else:
            groups.append([place])
    return [_one(group) for group in groups]


def _one(group: Sequence[Place]) -> Place:
    best = max(group, key=lambda place: (bool(place.kind), place.weight))
    title = best.title or next((place.title for place in group if place.title and place.weight > 0), None)
    others = sum(place.weight for place in group if place is not best)
    return Place(best.start, best.weight + others / 2, title, best.kind)


def _snapped(start: float, said: Sequence[SpokenSentence]) -> float:
    """Return where the sentence nearest to a slide change begins: slides change in the middle of a sentence."""
    nearest = min((one.start for one in said), key=lambda at: abs(at - start), default=start)
    return nearest if abs(nearest - start) <= SNAP else start


def _is_spoken(title: str, start: float, said: Sequence[SpokenSentence]) -> bool:
    wanted = _content(title)
    spoken = set[str]()
    for one in said[bisect_left(said, start - 1.0, key=lambda one: one.start) :]:
        if one.start > start + SPOKEN:
            break
        spoken |= _content(one.text)
    return len(wanted & spoken) > TITLED * len(wanted)


def _opens(start: float, said: Sequence[SpokenSentence]) -> bool:
    at = bisect_left(said, start - 0.5, key=lambda one: one.start)
    return any(
        phrases.says(NEW, one) or phrases.is_question(one) for one in said[at : at + 2] if one.start - start < NEAR
    )


def _title_spoken(one: SpokenSentence, deck: Deck) -> str | None:
    words = _content(one.text)
    titles = [slide.title for slide in deck.visible()[1:] if slide.title and not THANKS.search(slide.title)]
    return next((t for t in titles if (wanted := _content(t)) and len(wanted & words) > TITLED * len(wanted)), None)


def _as_title(asked: SpokenSentence) -> str | None:
    """Return a question as a heading, from its first question word on; None for one that says nothing by itself."""
    if len(_content(asked.text)) < TITLE_WORDS:
        return None
    text = re.sub(
        r"^(?:(?:so|and|well|now|then|okay|right|tell us|very good|last question|then)\b[,.]? ?)+",
        "",
        compressed(asked.text, asked.language),
        flags=re.IGNORECASE,
    )
    return (text[:1].upper() + text[1:]) if text else asked.text


def _content(text: str) -> set[str]:
    small = {
        "what",
        "that",
        "this",
        "with",
        "from",
        "have",
        "does",
        "they",
        "your",
        "into",
        "and",
        "the",
        "for",
        "are",
        "how",
        "who",
        "per",
        "cent",
    }
    return {word[:6] for word in re.findall(r"[^\W_]{3,}", text.lower()) if word not in small}
