"""An editor with perfect ears at a planted draft: what is to be looked at in, errors left by minutes and decisions out.

They hear what is played and nothing else, know then every word that was said in these seconds, and put right by one key
what the page lets them put right there. Minutes are those of the sound at SPEED, and what deciding and typing take.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from math import inf

from digest.desk.draft import sounds
from digest.editing.agenda import agenda
from digest.model.artifact import Span
from digest.model.evidence import Heard
from digest.model.speech import Turn
from tests.benchmarks.planted import Planted

SPEED = 1.5  # times as fast as it was said
DECIDING = 4.0  # seconds to read and choose: what the desk's list reckons with
TYPING = 6.0  # seconds more where words are typed: a word or two
SAMPLE = 12.0  # seconds of a voice on the page of voices
PARAGRAPH = 30.0  # seconds of the transcript that are judged at once in plain page order
CHANGE = 6.0  # seconds that are looked at where a slide comes on
STEPS = 60  # at which the area under a curve is summed
COVERED = 0.9  # of a worded sentence's evidence must be heard to judge it


@dataclass(frozen=True)
class Look:
    """Something to judge: its kind, what is played, and the sentence, or the stretch, that is put right there."""

    kind: str
    sounds: tuple[Span, ...]
    sentence: str | None = None
    place: Span | None = None
    names: tuple[str, ...] = ()


@dataclass(frozen=True)
class Point:
    """After so many minutes and decisions, how many errors were left: sentences, names, slides; words of captions."""

    minutes: float
    decisions: int
    sentences: int
    names: int
    slides: int
    words: int

    @property
    def digest(self) -> int:
        """Return the errors of the digest."""
        return self.sentences + self.names + self.slides


def by_list(planted: Planted) -> Iterator[Look]:
    """Yield what the desk's list has, in its order."""
    for item in agenda(planted.draft).items:
        place = item.doubt.place if isinstance(item.doubt.place, Span) else None
        yield Look(item.doubt.kind, sounds(item), item.sentence, place, item.doubt.compare)


def by_planted_kinds(planted: Planted) -> Iterator[Look]:
    """Yield of the list what is of the kinds that errors are planted of: the others find what none was planted of."""
    return (look for look in by_list(planted) if look.kind in ("words", "sentence", "name", "voice", "slide"))


def by_page(planted: Planted) -> Iterator[Look]:
    """Yield everything as it stands on the page: the account, voices, slides, the transcript."""
    edition = planted.draft.edition
    for sentence in edition.digest.sentences():
        heard = tuple(Span(start=one.start, end=one.end) for one in sentence.evidence if isinstance(one, Heard))
        if heard:
            yield Look("sentence", heard, sentence.id)
    for voice in edition.speakers:
        turn = max(_turns(planted, voice.id), key=lambda one: one.end - one.start)
        sample = Span(start=turn.start, end=min(turn.end, turn.start + SAMPLE))
        yield Look("voice", (sample,), place=Span(start=turn.start, end=turn.end))
    for one in edition.intervals:
        if one.slide is not None:
            yield Look(
                "slide",
                (Span(start=one.start, end=min(one.end, one.start + CHANGE)),),
                place=Span(start=one.start, end=one.end),
            )
    for paragraph in edition.paragraphs:
        for start in range(int(paragraph.start), int(paragraph.end) + 1, int(PARAGRAPH)):
            span = Span(start=max(paragraph.start, start), end=min(start + PARAGRAPH, paragraph.end + 0.01))
            if span.start < span.end:
                yield Look("words", (span,), place=span)


def _turns(planted: Planted, voice: str) -> list[Turn]:
    return [turn for turn in planted.draft.artifacts.speakers.turns if turn.speaker == voice]


def by_oracle(planted: Planted) -> Iterator[Look]:
    """Yield each error and nothing else, the quickest first: what nobody can do better."""
    errors, looks = planted.errors, list[Look]()
    for at in sorted(errors.words):
        word = planted.tokens[at].word
        if any(span.start == word.start for some in errors.misheard.values() for span in some):
            place = Span(start=word.start, end=word.end)
            looks.append(Look("words", (Span(start=max(0.0, word.start - 1), end=word.end + 1),), place=place))
    looks += [Look("sentence", (span,), of) for of, (_, span) in errors.false.items()]
    looks += [one for one in by_page(planted) if one.kind in ("voice", "slide") and _is_wrong(one, planted)]
    yield from sorted(looks, key=lambda one: sum(span.end - span.start for span in one.sounds))


def _is_wrong(look: Look, planted: Planted) -> bool:
    assert look.place
    voices = {turn.speaker for turn in planted.draft.artifacts.speakers.turns if turn.start == look.place.start}
    if look.kind == "voice":
        return bool(voices & planted.errors.names.keys())
    return look.place.start in planted.errors.slides


@dataclass
class Editor:
    """Somebody at work on a draft; what is left of its errors."""

    planted: Planted
    minutes: float = 0.0
    decisions: int = 0
    judged: set[str] = field(default_factory=set)  # sentences put right

    def __post_init__(self) -> None:
        errors = self.planted.errors
        self.misheard = {of: list(spans) for of, spans in errors.misheard.items()}
        self.false = {of: span for of, (_, span) in errors.false.items()}
        self.names, self.slides, self.words = dict(errors.names), set(errors.slides), set(errors.words)
        self._voices = {turn.start: turn.speaker for turn in self.planted.draft.artifacts.speakers.turns}

    def work(self, looks: Sequence[Look] | Iterator[Look], *, until: float = inf) -> Iterator[Point]:
        """Yield how it stands at first and after each decision, for so many minutes."""
        yield self._point()
        for look in looks:
            if look.sentence in self.judged:
                continue
            seconds = sum(one.end - one.start for one in look.sounds)
            self.minutes += (seconds / SPEED + DECIDING + TYPING * self._judge(look)) / 60
            self.decisions += 1
            yield self._point()
            if self.minutes > until:
                return

    def _judge(self, look: Look) -> bool:
        """Put right what is wrong there and was heard; return whether words were typed for it."""
        if look.sentence:
            return self._judge_sentence(look)
        match look.kind:
            case "words":
                return self._judge_words(look)
            case "slide" if look.place:
                self.slides.discard(look.place.start)
            case "name" | "voice" if look.place:
                return self._judge_name(look)
        return False

    def _judge_sentence(self, look: Look) -> bool:
        of = look.sentence or ""
        is_false = of in self.false and _is_heard(self.false[of], look.sounds)
        if is_false:
            del self.false[of]
            self.judged.add(of)
        return self._mend(of, look.sounds) or is_false

    def _judge_words(self, look: Look) -> bool:
        """Put words of the transcript right; the sentences in which they stand follow."""
        assert look.place
        found = self.words & set(self.planted.tokens_in(look.place))
        self.words -= found
        for of in list(self.misheard):
            self._mend(of, (look.place,))
        return bool(found)

    def _mend(self, of: str, heard: Sequence[Span]) -> bool:
        """Put right what was misheard in a sentence and is heard now; return whether there was something."""
        left = self.misheard.get(of, [])
        unheard = [span for span in left if not _is_heard(span, heard)]
        self.misheard[of] = unheard
        if not unheard:
            del self.misheard[of]
        return len(unheard) < len(left)

    def _judge_name(self, look: Look) -> bool:
        assert look.place
        voice = self._voices.get(look.place.start, "")
        name = self.names.get(voice)
        if name is None:
            return False
        heard = " ".join(self.planted.tokens[at].said for span in look.sounds for at in self.planted.tokens_in(span))
        is_known = look.kind == "voice" or name in look.names or any(part in heard for part in name.split())
        if is_known:
            del self.names[voice]
        return is_known

    def _point(self) -> Point:
        counts = len(self.misheard.keys() | self.false.keys()), len(self.names), len(self.slides), len(self.words)
        return Point(self.minutes, self.decisions, *counts)


@dataclass(frozen=True)
class Worked:
    """What became of the errors of a draft in one order: how it stood after each decision, and what was never met."""

    author: str
    hours: float
    points: tuple[Point, ...]
    missed: Counter[str]

    def after(self, minutes: float, decisions: float = inf) -> Point:
        """Return how it stood after so many minutes and decisions an hour of talk."""
        reached = self.points[0]
        for point in self.points:
            if point.minutes > minutes * self.hours or point.decisions > decisions * self.hours:
                break
            reached = point
        return reached


def work(planted: Planted, order: Callable[[Planted], Iterator[Look]], *, until: float = inf) -> Worked:
    """Return what an editor makes of a draft in an order, for so many minutes an hour of talk."""
    editor = Editor(planted)
    points = tuple(editor.work(order(planted), until=until * planted.hours))
    named = {one.id: one.name for one in planted.draft.edition.speakers}
    missed = Counter(kind for of, (kind, _) in planted.errors.false.items() if of in editor.false)
    missed["misheard"] = len(editor.misheard)
    missed["another's name"] = sum(named.get(voice) is not None for voice in editor.names)
    missed["no name"] = len(editor.names) - missed["another's name"]
    missed["slide"] = len(editor.slides)
    return Worked(planted.talk.author, planted.hours, points, missed)


def share_gone(works: Sequence[Worked], minutes: float, decisions: float = inf) -> float:
    """Return the share of the digest's errors that are gone after so many minutes and decisions an hour of talk."""
    began = sum(one.points[0].digest for one in works)
    return 1 - sum(one.after(minutes, decisions).digest for one in works) / began


def area(works: Sequence[Worked], minutes: float) -> float:
    """Return the mean of the share gone from the first to the last of so many minutes an hour of talk."""
    return sum(share_gone(works, minutes * step / STEPS) for step in range(STEPS + 1)) / (STEPS + 1)


def _is_heard(span: Span, sounds: Sequence[Span]) -> bool:
    return any(_common(span, one) >= COVERED * (span.end - span.start) for one in sounds)


def _common(one: Span, other: Span) -> float:
    return max(0.0, min(one.end, other.end) - max(one.start, other.start))
