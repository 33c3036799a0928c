"""What was said, and by whom. Times are seconds of the recording, half-open."""

from collections.abc import Iterable, Iterator
from typing import ClassVar, Literal

from pydantic import Field

from digest.model.artifact import Artifact, Record, Span

NumberType = Literal["float16", "bfloat16", "float32", "int16"]  # in which a model computed; None in what 0.1.0 made


class Term(Record):
    """A name or acronym that the transcriber is told; `spoken` where it sounds unlike it is written.

    `heard` is what was written for it before, where an editor put that right.
    """

    term: str
    spoken: str | None = None
    known_by: Literal["event", "deck", "companions", "glossary"]
    heard: tuple[str, ...] = Field(default=(), exclude_if=lambda heard: not heard)


class Glossary(Record):
    """What editors of earlier webinars taught: that of the webinar's own series first, the latest before the others."""

    terms: tuple[Term, ...] = ()


class Terms(Artifact):
    """Frozen at first transcription. `language` is event.toml's; None means: detect it."""

    FILE: ClassVar[str] = "terms.json"

    language: str | None = None
    terms: tuple[Term, ...] = ()


class Word(Record):
    """A word with its punctuation and without spaces around it; `probability` between 0 and 1.

    `spaced` where a space stands between it and the word before: always but in scripts that are written without.
    """

    text: str
    start: float
    end: float
    probability: float
    spaced: bool = Field(default=True, exclude_if=lambda spaced: spaced)


def text_of(words: Iterable[Word]) -> str:
    """Return words as one text, with spaces where their script sets them."""
    return "".join(f" {word.text}" if word.spaced else word.text for word in words).removeprefix(" ")


class Segment(Record):
    """A stretch of speech that Whisper returned; its words make its text.

    `language` is given where it is another than the transcript's.
    """

    start: float
    end: float
    text: str
    words: tuple[Word, ...]
    language: str | None = Field(default=None, exclude_if=lambda language: language is None)


class Transcript(Artifact):
    """Segments in order, never overlapping; `voiced` is where a voice was found, in order.

    `language` is the one spoken longest, `expected` that of event.toml where it is another one: somebody has to look.
    `words_by` is a person where captions that somebody wrote gave the words, and the recogniser only their times.
    `remarks` are sentences for staff.
    """

    FILE: ClassVar[str] = "transcript.json"

    language: str
    language_probability: float
    expected: str | None = Field(default=None, exclude_if=lambda expected: expected is None)
    model: str
    voiced: tuple[Span, ...]
    segments: tuple[Segment, ...]
    words_by: Literal["machine", "person"] = "machine"
    remarks: tuple[str, ...] = ()
    number_type: NumberType | None = None

    def words(self) -> Iterator[Word]:
        """Yield every word in order."""
        for segment in self.segments:
            yield from segment.words


class NameCandidate(Record):
    """Who a voice may be, and how likely; `heard` is where it says the name, or speaks right before or after it."""

    name: str
    probability: float
    heard: tuple[Span, ...] = ()


class Speaker(Record):
    """A voice. `name` is None while nobody knows it; `known_by` says where the name comes from.

    `role` is what readers may call a voice whose name they may not read. `suggested` is a doubtful name: for the
    editor, never for a reader. `candidates` are the two most likely where no name is sure; `audience` is how likely a
    voice without a sure name is of the audience, and not of an unannounced speaker. Where there are none the file does
    not name them, so that one written before there were any keeps its hash.
    """

    id: str
    name: str | None = None
    known_by: Literal["none", "companions", "introduction", "editor"] = "none"
    role: str | None = None
    suggested: str | None = None
    candidates: tuple[NameCandidate, ...] = Field(default=(), exclude_if=lambda candidates: not candidates)
    audience: float | None = Field(default=None, exclude_if=lambda audience: audience is None)


class Turn(Record):
    """One speaker's uninterrupted speech; `speaker` is a Speaker's id."""

    start: float
    end: float
    speaker: str


class Speakers(Artifact):
    """Who spoke when; turns in order, never overlapping. `known_by` says how voices were told apart.

    `remarks` are sentences for staff.
    """

    FILE: ClassVar[str] = "speakers.json"

    speakers: tuple[Speaker, ...]
    turns: tuple[Turn, ...]
    known_by: Literal["none", "companions", "sound"] = "none"
    remarks: tuple[str, ...] = ()
    number_type: NumberType | None = None


class Utterance(Record):
    """A turn with its words; never empty."""

    start: float
    end: float
    speaker: str
    words: tuple[Word, ...]


def utterances(transcript: Transcript, speakers: Speakers) -> Iterator[Utterance]:
    """Yield who said what, in order: each word belongs to the turn in which its middle lies, or to the turn before."""
    turns = speakers.turns
    if not turns:
        return
    at, spoken = 0, list[Word]()
    for word in transcript.words():
        middle = (word.start + word.end) / 2
        held = at
        while at + 1 < len(turns) and turns[at + 1].start <= middle:
            at += 1
        if at != held and spoken:
            yield _utterance(turns[held].speaker, spoken)
            spoken = []
        spoken.append(word)
    if spoken:
        yield _utterance(turns[at].speaker, spoken)


def _utterance(speaker: str, words: list[Word]) -> Utterance:
    return Utterance(start=words[0].start, end=words[-1].end, speaker=speaker, words=tuple(words))
