"""What editors change, what an approver approves, and what was decided."""

from collections.abc import Iterator
from typing import Annotated, ClassVar, Literal

from pydantic import AwareDatetime, Field

from digest.model.alignment import Alignment, Interval
from digest.model.artifact import Artifact, Picture, Record, Span, StoredFile
from digest.model.companions import Companions
from digest.model.deck import Deck, Line, Link, Pages, PartPicture
from digest.model.digest import Digest
from digest.model.doubt import Doubted
from digest.model.drop import Drop
from digest.model.event import Event
from digest.model.media import Media, WebCopy
from digest.model.outline import Outline
from digest.model.speech import Speaker, Speakers, Terms, Transcript, Word


class Artifacts(Record):
    """Everything the stages made of one drop: a draft."""

    drop: Drop
    companions: Companions
    deck: Deck
    pages: Pages
    event: Event
    media: Media
    terms: Terms
    transcript: Transcript
    speakers: Speakers
    alignment: Alignment
    outline: Outline
    digest: Digest

    def remarks(self) -> Iterator[str]:
        """Yield what the stages have to say to staff and editors."""
        yield from (f"{file.name} was not used: {file.why}" for file in self.companions.ignored)
        for name in type(self).model_fields:
            yield from getattr(getattr(self, name), "remarks", ())


class Reword(Record):
    """The editor wrote the sentence anew; `was` is what the machine had written."""

    do: Literal["reword"] = "reword"
    sentence: str
    was: str
    text: str


class Strike(Record):
    """The editor took the sentence out."""

    do: Literal["strike"] = "strike"
    sentence: str
    was: str


class Restore(Record):
    """The editor took back what was done to the sentence."""

    do: Literal["restore"] = "restore"
    sentence: str


class NameSpeaker(Record):
    """The editor says who a voice is; an empty name takes it back."""

    do: Literal["name"] = "name"
    speaker: str
    name: str


class Confirm(Record):
    """The editor confirms or corrects a guessed field of the event.

    `value` is the title; a time as RFC 9557 writes it, 2016-11-23T14:00:00+01:00[Europe/Zurich]; or the speakers, one a
    line: "Name, role".
    """

    do: Literal["confirm"] = "confirm"
    field: Literal["title", "starts_at", "speakers"]
    value: str


class Dismiss(Doubted):
    """The editor says that nothing is wrong there; what was said off the record may then be published.

    `was` is the sentence as the machine wrote it, or what was said in that stretch, so that nothing else is dismissed.
    """

    do: Literal["dismiss"] = "dismiss"
    was: str


class Reopen(Doubted):
    """The editor took back a dismissal, named as that named it."""

    do: Literal["reopen"] = "reopen"


Change = Annotated[Reword | Strike | Restore | NameSpeaker | Confirm | Dismiss | Reopen, Field(discriminator="do")]


class Revision(Record):
    """A line of overlay.jsonl: `number` counts from 1 without a gap."""

    number: int
    at: AwareDatetime
    by: str
    change: Change


class Overlay(Record):
    """All revisions in order; a later one of the same thing wins."""

    revisions: tuple[Revision, ...] = ()


class Paragraph(Record):
    """A stretch of the transcript as the page shows it; `speaker` is a Speaker's id."""

    start: float
    end: float
    speaker: str
    words: tuple[Word, ...]

    @property
    def text(self) -> str:
        """Return the words joined by spaces."""
        return " ".join(word.text for word in self.words)


class EditionSlide(Record):
    """A visible slide as readers see it: no notes, no comments. Without an image it is set as text, with `parts`."""

    number: int
    title: str | None = None
    body: tuple[Line, ...] = ()
    tables: tuple[tuple[tuple[str, ...], ...], ...] = ()
    links: tuple[Link, ...] = ()
    alt_texts: tuple[str, ...] = ()
    image: Picture | None = None
    thumbnail: Picture | None = None
    parts: tuple[PartPicture, ...] = ()


class Edition(Artifact):
    """The digest as corrected: all that pages, captions and exports are made from, and what is approved by its hash.

    Times are recording time; `page_time` turns them into what readers see. `made_from` maps the file name of
    each artifact to its SHA-256. `unfit` lists the numbers of revisions that no longer fit the machine's text.
    `web` and `paragraphs` stand here also where they are not published: `Event.publish_recording` decides.
    """

    FILE: ClassVar[str] = "edition.json"

    event: Event
    digest: Digest
    speakers: tuple[Speaker, ...]
    paragraphs: tuple[Paragraph, ...]
    slides: tuple[EditionSlide, ...]
    slides_pdf: StoredFile | None = None
    original_deck: StoredFile | None = None  # as staff dropped it, notes and all: only where event.toml asks for it
    intervals: tuple[Interval, ...]
    has_video: bool
    web: WebCopy
    poster: Picture | None = None
    shown: Span
    language: str
    model: str
    words_by: Literal["machine", "person"] = "machine"
    revision: int
    unedited_share: float
    unfit: tuple[int, ...] = ()
    made_from: dict[str, str]

    def page_time(self, t: float) -> float:
        """Turn a second of the recording into a second of the page: the only way between the two."""
        return min(max(t, self.shown.start), self.shown.end) - self.shown.start

    def speaker_name(self, speaker: str | None) -> str | None:
        """Return the name of a speaker's id, or None while nobody knows it."""
        return next((known.name for known in self.speakers if known.id == speaker), None)


class Decision(Record):
    """A line of decisions.jsonl: what somebody decided about an Edition; `number` counts from 1."""

    number: int
    at: AwareDatetime
    by: str
    kind: Literal["approved", "published", "retracted"]
    edition: str
