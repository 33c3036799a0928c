"""What editors change: the lines of overlay.jsonl. Each change is of one thing, and the last one of it counts.

A change keeps what it was made against (`was`, seconds, slide), so that it finds its place again after a re-run.
"""

from typing import Annotated, Literal

from pydantic import AwareDatetime, Field

from digest.model.artifact import JournalLine, Picture, Record, Span
from digest.model.doubt import Doubted
from digest.model.evidence import Evidence

SectionName = Literal[
    "in_brief", "key_points", "chapters", "questions", "quotes", "figures", "left_open", "terms", "resources"
]
PageSection = Literal[
    "in_brief",
    "key_points",
    "chapters",
    "questions",
    "polls",
    "quotes",
    "figures",
    "left_open",
    "terms",
    "resources",
]
EventField = Literal[
    "title",
    "starts_at",
    "speakers",
    "description",
    "organisers",
    "tags",
    "series",
    "licence",
    "registration_url",
    "also_of_interest",
]


class OfSentence(Record):
    """A change of a sentence; `was` is what the machine had written, `rests_on` its evidence."""

    sentence: str
    was: str
    rests_on: tuple[Evidence, ...] = ()

    @property
    def thing(self) -> str:
        """Return what it changes."""
        return f"sentence {self.sentence}"


class Reword(OfSentence):
    """The editor wrote the sentence anew."""

    do: Literal["reword"] = "reword"
    text: str


class Strike(OfSentence):
    """The editor took the sentence out."""

    do: Literal["strike"] = "strike"


class Restore(Record):
    """Took back what was done to a sentence, in files of before there was Undo."""

    do: Literal["restore"] = "restore"
    sentence: str

    @property
    def thing(self) -> str:
        """Return what it changes."""
        return f"sentence {self.sentence}"


class Add(Record):
    """A sentence of the editor's own, which stands in a section where its evidence does.

    `label` is who asked in "questions", the term in "terms", the address in "resources", and empty elsewhere.
    """

    do: Literal["add"] = "add"
    sentence: str
    section: SectionName
    text: str
    speaker: str | None = None
    evidence: tuple[Evidence, ...] = Field(min_length=1)
    label: str = ""

    @property
    def thing(self) -> str:
        """Return what it changes."""
        return f"added {self.sentence}"


class Move(OfSentence):
    """The editor put the sentence elsewhere: right after the sentence `after`, or first of a section where it is None.

    In "chapters" that is the chapter that holds the second `at`.
    """

    do: Literal["move"] = "move"
    section: SectionName
    after: str | None = None
    at: float | None = None

    @property
    def thing(self) -> str:
        """Return what it changes."""
        return f"place {self.sentence}"


class Relabel(OfSentence):
    """Who asked a question, which term is explained, where a resource lies; empty: nobody knows."""

    do: Literal["relabel"] = "relabel"
    label: str

    @property
    def thing(self) -> str:
        """Return what it changes."""
        return f"label {self.sentence}"


class Answer(OfSentence):
    """Which seconds answer a question; none: it was not answered. `sentence` is the question's."""

    do: Literal["answer"] = "answer"
    spans: tuple[Span, ...]

    @property
    def thing(self) -> str:
        """Return what it changes."""
        return f"answer {self.sentence}"


class SetChapter(Record):
    """A chapter's title, and where it begins. `chapter` is where the machine's began, or a new one first did.

    `was` is the machine's title, None for a new chapter. With `start` None the chapter is joined to the one before.
    """

    do: Literal["chapter"] = "chapter"
    chapter: float
    was: str | None
    start: float | None
    title: str

    @property
    def thing(self) -> str:
        """Return what it changes."""
        return f"chapter {self.chapter}"


class SetSlide(Record):
    """Which slide came on (None: none), and when. `interval` is where the machine's began, or a new one first did.

    `was` is the machine's slide, -1 for a new interval. With `start` None the interval is joined to the one before.
    """

    do: Literal["slide"] = "slide"
    interval: float
    was: int | None
    start: float | None
    slide: int | None

    @property
    def thing(self) -> str:
        """Return what it changes."""
        return f"slide {self.interval}"


class NameSpeaker(Record):
    """The editor says who a voice is; an empty name takes it back. `heard` is where it speaks."""

    do: Literal["name"] = "name"
    speaker: str
    name: str
    heard: Span | None = None

    @property
    def thing(self) -> str:
        """Return what it changes."""
        return f"voice {self.speaker}"


class Merge(Record):
    """Two voices are one: all that `speaker` says, heard in `heard`, is said by `into`, heard in `also_heard`."""

    do: Literal["merge"] = "merge"
    speaker: str
    into: str
    heard: Span
    also_heard: Span

    @property
    def thing(self) -> str:
        """Return what it changes."""
        return f"merger {self.speaker}"


class Assign(Record):
    """What is said in [start, end) is said by this voice, which may be a new one; `heard` is where it speaks else."""

    do: Literal["assign"] = "assign"
    start: float
    end: float
    speaker: str
    heard: Span | None = None

    @property
    def thing(self) -> str:
        """Return what it changes."""
        return f"passage {self.start}-{self.end}"


class Correct(Record):
    """What is said in [start, end); `was` are the machine's words there."""

    do: Literal["correct"] = "correct"
    start: float
    end: float
    was: str
    text: str

    @property
    def thing(self) -> str:
        """Return what it changes."""
        return f"words {self.start}-{self.end}"


class Confirm(Record):
    """The editor confirms or corrects a field of the event.

    `value` is a text; for `starts_at` a time as RFC 9557 writes it, 2016-11-23T14:00:00+01:00[Europe/Zurich]; for
    `speakers` lines "Name, role", for `organisers` and `also_of_interest` lines "Name | address", for `tags` "a, b".
    """

    do: Literal["confirm"] = "confirm"
    field: EventField
    value: str

    @property
    def thing(self) -> str:
        """Return what it changes."""
        return f"field {self.field}"


class Withhold(Record):
    """What is said in [start, end) is not for readers: neither words nor sound."""

    do: Literal["withhold"] = "withhold"
    start: float
    end: float

    @property
    def thing(self) -> str:
        """Return what it changes."""
        return f"withheld {self.start}-{self.end}"


class Mask(Record):
    """Readers do not get this name: "a participant" stands for it wherever it is written."""

    do: Literal["mask"] = "mask"
    name: str

    @property
    def thing(self) -> str:
        """Return what it changes."""
        return f"mask {self.name}"


class Trim(Record):
    """Readers get what lies in [start, end) of the recording; None: from its beginning, to its end."""

    do: Literal["trim"] = "trim"
    start: float | None
    end: float | None

    @property
    def thing(self) -> str:
        """Return what it changes."""
        return "trim"


class SetPoster(Record):
    """What stands where the recording will play: a slide, or what the recording shows at a second (`picture`)."""

    do: Literal["poster"] = "poster"
    slide: int | None = None
    second: float | None = None
    picture: Picture | None = None

    @property
    def thing(self) -> str:
        """Return what it changes."""
        return "poster"


class SetSections(Record):
    """Which sections of the account readers get, in their order; what is not named is left out."""

    do: Literal["sections"] = "sections"
    sections: tuple[PageSection, ...]

    @property
    def thing(self) -> str:
        """Return what it changes."""
        return "sections"


class Dismiss(Doubted):
    """The editor says that nothing is wrong there; what was said off the record may then be published.

    `was` is the sentence as the machine wrote it, or what was said in that stretch, so that nothing else is dismissed.
    """

    do: Literal["dismiss"] = "dismiss"
    was: str

    @property
    def thing(self) -> str:
        """Return what it changes."""
        return f"doubt {self.name}"


class Reopen(Doubted):
    """Took back a dismissal, in files of before there was Undo."""

    do: Literal["reopen"] = "reopen"

    @property
    def thing(self) -> str:
        """Return what it changes."""
        return f"doubt {self.name}"


class Learn(Record):
    """A term is spelled so from now on: in the webinars of a series, or in all of them where `series` is None.

    `heard` is what the machine wrote for it here.
    """

    do: Literal["learn"] = "learn"
    term: str
    heard: tuple[str, ...] = ()
    series: str | None = None

    @property
    def thing(self) -> str:
        """Return what it changes."""
        return f"term {self.term}"


class Undo(Record):
    """The editor took back what was done to a thing, named as its changes name it."""

    do: Literal["undo"] = "undo"
    thing: str


Change = Annotated[
    Reword
    | Strike
    | Restore
    | Add
    | Move
    | Relabel
    | Answer
    | SetChapter
    | SetSlide
    | NameSpeaker
    | Merge
    | Assign
    | Correct
    | Confirm
    | Withhold
    | Mask
    | Trim
    | SetPoster
    | SetSections
    | Dismiss
    | Reopen
    | Learn
    | Undo,
    Field(discriminator="do"),
]


class Revision(JournalLine):
    """A line of overlay.jsonl: `number` counts from 1 without a gap.

    `group` is the number of the first of several that were made at once and are taken back at once.
    """

    number: int
    at: AwareDatetime
    by: str
    change: Change
    group: int | None = Field(default=None, exclude_if=lambda group: group is None)


class Overlay(Record):
    """All revisions in order; a later one of the same thing wins."""

    revisions: tuple[Revision, ...] = ()

    def in_force(self) -> tuple[Revision, ...]:
        """Return the last revision of each thing, in order; one that was taken back later is gone."""
        last: dict[str, Revision] = {}
        for revision in self.revisions:
            last.pop(revision.change.thing, None)
            if not isinstance(revision.change, Restore | Reopen | Undo):
                last[revision.change.thing] = revision
        return tuple(last.values())
