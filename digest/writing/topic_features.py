"""What speaks for a new topic at each sentence: a Conversation in, columns out for the trees that find chapters.

Each function returns named columns; the keys' meaning stands in its docstring. "Before" is what was said before a
sentence, "after" begins with the sentence itself.
"""

import math
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from digest.learned.trees import Columns, Floats
from digest.writing.conversation import Conversation, content_words, shift

WINDOWS = (60, 150, 350)  # words before and after a place that are compared
SENTENCE = 12  # words of a sentence, about: valleys are looked for around a place as wide as its window
CHUNK = 512  # words of the vocabulary that are counted at a time: an hour's matrix would not be small
NOVEL = 100  # words after a place that are asked whether they are new
STEM = 7  # letters by which inflected words are one: chosen with the authors left out
FAR = 99.0  # seconds to a slide change, at most
SPANS = (40.0, 80.0, 200.0)  # seconds before and after a place in which voices are compared
NEIGHBOURS = 15  # sentences before and after a place that are asked for questions
LONG = 400.0  # words of a turn, at most
HEAD = 3  # sentences in which a slide's title is spoken, if it is
OPENING_WORDS = 12  # of a sentence, in which an ordinal announces something

Places = NDArray[np.int64]


def topic_columns(talk: Conversation) -> Columns:
    """Return everything that speaks for a new topic at a sentence, or against."""
    found = {**cohesion(talk), **slide_changes(talk), **floor(talk), **company(talk), **rhythm(talk), **wording(talk)}
    return {**found, **neighbours(found)}


def cohesion(talk: Conversation) -> Columns:
    """Return how much the words before and after have in common (TextTiling, Hearst 1997).

    For each window, `likeness` is the cosine of the weighted words on both sides, `valley` how much higher it is on
    the way to both sides, `lowest` its rank in the talk from 0 on; `new words` is the share of the next words that
    nobody has said before.
    """
    columns = dict[str, Floats]()
    for width, likeness in zip(WINDOWS, _likeness(talk), strict=True):
        reach = max(8, round(width / SENTENCE))
        before, after = _highest(likeness, reach, 0), _highest(likeness, 0, reach)
        columns[f"likeness {width}"] = likeness
        columns[f"valley {width}"] = before + after - 2 * likeness
        columns[f"lowest {width}"] = likeness.argsort().argsort() / max(1, len(likeness))
    return columns | {"new words": _new_words(talk)}


def slide_changes(talk: Conversation) -> Columns:
    """Return what the nearest change of slide says.

    `slide change in`: seconds until it, negative after it; `slide change near`: the same without a sign; `nearest to
    slide change`: 1 where no other sentence is nearer; `slide new`: it was never on before; `slide seconds`: how long
    it stays; `slide words`: on it, -1 without a slide; `slide goes on`: it shares title words with the one before;
    `slide off`: none is on; `slides a minute`: in the talk; `title said`: share of the title of the slide
    that is on whose words are said now. -2 in a talk without slides.
    """
    changes = _changes(talk)
    nothing = np.full(len(talk.said), -2.0)
    names = ("slide new", "slide seconds", "slide words", "slide goes on", "slide off")
    rate = len(changes) / max(1.0, talk.duration / 60)
    if not len(changes):
        columns = dict.fromkeys((*names, "title said"), nothing)
        return columns | {
            "slide change in": np.full(len(talk.said), -FAR),
            "slide change near": np.full(len(talk.said), FAR),
            "nearest to slide change": np.zeros(len(talk.said)),
            "slides a minute": np.zeros(len(talk.said)),
        }
    at = _nearest(talk.starts, changes[:, 0])
    distance = changes[at, 0] - talk.starts
    nearest = np.zeros(len(talk.said))
    nearest[_nearest(changes[:, 0], talk.starts)] = 1
    return {
        "slide change in": np.clip(distance, -FAR, FAR),
        "slide change near": np.minimum(np.abs(distance), FAR),
        "nearest to slide change": nearest,
        "slides a minute": np.full(len(talk.said), rate),
        "title said": _title_said(talk),
    } | {name: changes[at, 1 + number] for number, name in enumerate(names)}


def floor(talk: Conversation) -> Columns:
    """Return who has the floor.

    `voice changes`: 1 at the head of a turn; `share`, `share before`: of all words, of this voice and that of the
    sentence before; `turns share`: of all turns; `turn words`, `turn words before`, `turn words after`: of this turn
    and its neighbours; `words into turn`: said in it so far; `leads`, `leads before`: who seems to lead; `first voice`:
    whoever began; `first heard`: never before; `silent for`: seconds since this voice last spoke, in another turn.
    """
    turns, voices = np.array(talk.turns), np.array(talk.voices)
    lengths = np.bincount(turns, talk.lengths)
    padded = np.concatenate(([0.0], lengths, [0.0]))
    share = np.array([talk.shares[voice] for voice in voices])
    leads = np.array([float(voice in talk.leads) for voice in voices])
    said = np.cumsum(talk.lengths) - talk.lengths
    silent = _silence(talk)
    return {
        "voice changes": np.diff(turns, prepend=-1).astype(float),
        "share": share,
        "share before": shift(share, 1),
        "turns share": np.array([talk.turn_shares[voice] for voice in voices]),
        "turn words": np.minimum(lengths[turns], LONG),
        "turn words before": np.minimum(padded[turns], LONG),
        "turn words after": np.minimum(padded[turns + 2], LONG),
        "words into turn": np.minimum(said - said[[places.start for places in talk.turn_places]][turns], LONG),
        "leads": leads,
        "leads before": shift(leads, 1),
        "first voice": (voices == voices[0]).astype(float),
        "first heard": (silent < 0).astype(float),
        "silent for": np.where(silent < 0, talk.starts, silent),
    }


def company(talk: Conversation) -> Columns:
    """Return who speaks around a place, for spans of some seconds.

    `main share`, `main share before`: of the words, of whoever says most there; `main changes`: 1 where that is
    somebody else after than before; `voices`, `voices before`: how many speak; `changed`: how much the shares of all
    voices differ, from 0 to 1; `leading`, `leading before`: share of who seems to lead.
    """
    said = np.stack(
        [talk.lengths * (np.array(talk.voices) == voice) for voice in talk.shares]
    )  # (voices, places) words
    leading = np.array([voice in talk.leads for voice in talk.shares])
    columns = dict[str, Floats]()
    for span in SPANS:
        first = np.searchsorted(talk.starts, talk.starts - span)
        last = np.maximum(np.searchsorted(talk.starts, talk.starts + span), np.arange(len(talk.said)) + 1)
        here = np.arange(len(talk.said))
        before, after = _shares(said, first, here), _shares(said, here, last)
        columns[f"main share {span:.0f}"] = after.max(axis=0)
        columns[f"main share before {span:.0f}"] = before.max(axis=0)
        columns[f"main changes {span:.0f}"] = (before.argmax(axis=0) != after.argmax(axis=0)).astype(float)
        columns[f"voices {span:.0f}"] = (after > 0).sum(axis=0).astype(float)
        columns[f"voices before {span:.0f}"] = (before > 0).sum(axis=0).astype(float)
        columns[f"changed {span:.0f}"] = np.abs(after - before).sum(axis=0) / 2
        columns[f"leading {span:.0f}"] = after[leading].sum(axis=0)
        columns[f"leading before {span:.0f}"] = before[leading].sum(axis=0)
    return columns


def rhythm(talk: Conversation) -> Columns:
    """Return pauses, lengths and where in the talk this is.

    `pause`: seconds of silence before it; `words`, `words before`: of the sentence and the one before; `position`: from
    0 to 1; `left`: seconds until the end; `duration`: of the talk.
    """
    pause = talk.starts - shift(talk.ends, 1)
    pause[:1] = 0
    return {
        "pause": pause,
        "words": np.minimum(talk.lengths, 60),
        "words before": np.minimum(shift(talk.lengths, 1), 60),
        "position": talk.starts / talk.duration,
        "left": talk.duration - talk.starts,
        "duration": np.full(len(talk.said), talk.duration),
    }


def wording(talk: Conversation) -> Columns:
    """Return what words of closed classes tell.

    `begins anew`: 1 where the first word is one by which people begin something; `ordinal`: 1 where one of the first
    words counts; `thanks`: 1 with a word of thanks, greeting or leave; `thanked`: so did one of the four before;
    `asks`: a question mark; `asks next`: in the two after; `questions`, `questions before`: sentences with one around;
    `speaks of questions`: a word such as "ask" or "chat"; `questions named`: here or in the two after.
    """
    classes = talk.language
    asks, spoken = talk.asks, _has_word(talk, classes.asking)
    thanks = _has_word(talk, classes.thanks)
    here = np.arange(len(talk.said))
    return {
        "begins anew": np.array(
            [float(words[:1] != () and words[0] in classes.discourse_markers) for words in talk.tokens]
        ),
        "ordinal": np.array(
            [
                float(any(word in classes.ordinals or word[0].isdigit() for word in words[:OPENING_WORDS]))
                for words in talk.tokens
            ]
        ),
        "thanks": thanks,
        "thanked": _total(thanks, here - 4, here),
        "asks": asks,
        "asks next": _total(asks, here + 1, here + 3),
        "questions": _total(asks, here, here + NEIGHBOURS),
        "questions before": _total(asks, here - NEIGHBOURS, here),
        "speaks of questions": spoken,
        "questions named": _total(spoken, here, here + 3),
    }


def neighbours(columns: Columns) -> Columns:
    """Return what some columns are one and two sentences before (`1 before`) and after."""
    names = ("voice changes", "pause", "begins anew", "thanks", "asks", "words", "nearest to slide change")
    return {
        f"{name}, {abs(by)} {'before' if by > 0 else 'after'}": shift(columns[name], by)
        for name in names
        for by in (1, 2, -1, -2)
    }


def _likeness(talk: Conversation) -> list[Floats]:
    """Return the cosine of the words before and after each place, a row a window; rare words weigh more."""
    count = len(talk.said)
    stems = [Counter(word[:STEM] for word in words.elements()) for words in talk.content]
    spread = Counter(word for words in stems for word in words)
    number = {word: at for at, word in enumerate(spread)}
    cells = [(at, number[word], times) for at, words in enumerate(stems) for word, times in words.items()]
    place, word, times = (np.array(part) for part in zip(*cells, strict=True)) if cells else (np.zeros(0, int),) * 3
    weight = np.array([math.log(1 + count / spread[word]) for word in number])
    here = np.arange(count)
    edges = [_words_around(talk, width) for width in WINDOWS]
    both, left, right = (np.zeros((len(WINDOWS), count)) for _ in range(3))
    for begin in range(0, len(number), CHUNK):
        some = (word >= begin) & (word < begin + CHUNK)
        counts = np.zeros((count + 1, CHUNK), np.float32)
        counts[place[some] + 1, word[some] - begin] = times[some]
        until = counts.cumsum(axis=0)
        scale = np.zeros(CHUNK, np.float32)
        scale[: len(weight[begin : begin + CHUNK])] = weight[begin : begin + CHUNK]
        for at, (first, last) in enumerate(edges):
            before = np.sqrt(until[here] - until[first]) * scale
            after = np.sqrt(until[last] - until[here]) * scale
            both[at] += np.einsum("ij,ij->i", before, after)
            left[at] += np.einsum("ij,ij->i", before, before)
            right[at] += np.einsum("ij,ij->i", after, after)
    return list(both / np.maximum(np.sqrt(left * right), 1e-6))


def _words_around(talk: Conversation, width: int) -> tuple[Places, Places]:
    """Return where the last `width` words before each place begin, and where the next ones end."""
    said = np.concatenate(([0.0], np.cumsum(talk.lengths)))
    first = np.searchsorted(said, said[:-1] - width)
    last = np.minimum(np.searchsorted(said, said[:-1] + width), len(talk.said))
    return first, last


def _new_words(talk: Conversation) -> Floats:
    first = dict[str, int]()
    for at, words in enumerate(talk.content):
        for word in words:
            first.setdefault(word, at)
    _, last = _words_around(talk, NOVEL)
    shares = list[float]()
    for at, end in enumerate(last):
        soon = {word for words in talk.content[at : max(at + 1, end)] for word in words}
        shares.append(sum(first[word] >= at for word in soon) / max(1, len(soon)))
    return np.array(shares)


def _changes(talk: Conversation) -> Floats:
    """Return each change of slide: its second, new, seconds on, words, goes on, off."""
    deck = {slide.number: slide for slide in talk.deck.slides}
    shown = talk.alignment.intervals
    seen, rows = set[int | None](), list[tuple[float, ...]]()
    if not deck:
        return np.zeros((0, 6))
    for at, interval in enumerate(shown):
        if at and interval.slide == shown[at - 1].slide:
            continue
        slide, last = deck.get(interval.slide or -1), deck.get(shown[at - 1].slide or -1) if at else None
        titles = [set(content_words(one.title or "", talk.language)) for one in (slide, last) if one]
        words = sum(len(line.text.split()) for line in slide.body) if slide else -1
        goes_on = len(titles) > 1 and bool(titles[0] & titles[1])
        is_new = interval.slide is not None and interval.slide not in seen
        rows.append((interval.start, is_new, interval.end - interval.start, words, goes_on, slide is None))
        seen.add(interval.slide)
    return np.array(rows, dtype=float)


def _title_said(talk: Conversation) -> Floats:
    """Return which share of the words of the slide's title is said at a place; -1 without a slide."""
    titles = {slide.number: frozenset(content_words(slide.title or "", talk.language)) for slide in talk.deck.slides}
    begins = [interval.start for interval in talk.alignment.intervals]
    shares = list[float]()
    for at, start in enumerate(talk.starts):
        interval = talk.alignment.intervals[max(0, bisect_right(begins, start + 5) - 1)]
        title = titles.get(interval.slide or -1)
        said = {word for words in talk.content[at : at + HEAD] for word in words}
        shares.append(-1.0 if title is None else len(title & said) / max(1, len(title)))
    return np.array(shares)


def _silence(talk: Conversation) -> Floats:
    """Return for how long the voice of each sentence's turn was silent before the turn; -1 where it is first heard."""
    last, silent = dict[str, float](), np.zeros(len(talk.said))
    for places in talk.turn_places:
        voice = talk.voices[places.start]
        silent[places.start : places.stop] = talk.starts[places.start] - last[voice] if voice in last else -1.0
        last[voice] = talk.ends[places.stop - 1]
    return silent


def _shares(said: Floats, first: Places, last: Places) -> Floats:
    """Return each voice's share of the words between two places: (voices, places)."""
    until = np.concatenate((np.zeros((len(said), 1)), said.cumsum(axis=1)), axis=1)
    words = until[:, last] - until[:, first]
    shares: Floats = words / np.maximum(words.sum(axis=0), 1)
    return shares


def _has_word(talk: Conversation, beginnings: Iterable[str]) -> Floats:
    """Return 1 where a word begins with one of these."""
    stems = tuple(beginnings)
    return np.array([float(any(word.startswith(stems) for word in words)) for words in talk.tokens])


def _nearest(times: Floats, among: Floats) -> Places:
    """Return for each time the place of the nearest among others, which are in order."""
    after = np.clip(np.searchsorted(among, times), 0, len(among) - 1)
    before = np.maximum(after - 1, 0)
    return np.where(np.abs(among[before] - times) <= np.abs(among[after] - times), before, after)


def _highest(values: Floats, before: int, after: int) -> Floats:
    """Return the highest value from so many places before each to so many after."""
    found = values.copy()
    for by in range(1, before + 1):
        found[by:] = np.maximum(found[by:], values[:-by])
    for by in range(1, after + 1):
        found[:-by] = np.maximum(found[:-by], values[by:])
    return found


def _total(values: Floats, first: Places, last: Places) -> Floats:
    """Return the sum of the values between two places, each."""
    until = np.concatenate(([0.0], np.cumsum(values)))
    total: Floats = until[np.clip(last, 0, len(values))] - until[np.clip(first, 0, len(values))]
    return total
