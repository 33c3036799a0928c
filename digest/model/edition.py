"""What an approver approves, and what was decided."""

from collections.abc import Iterator
from typing import ClassVar, Literal

from pydantic import AwareDatetime, Field

from digest.model.alignment import Alignment, Interval
from digest.model.artifact import Artifact, JournalLine, Picture, Record, Span, StoredFile
from digest.model.companions import Companions
from digest.model.deck import Deck, Line, Link, Pages, PartPicture
from digest.model.digest import Digest
from digest.model.drop import Drop
from digest.model.event import Event
from digest.model.media import Media, WebCopy
from digest.model.outline import Outline
from digest.model.overlay import PageSection
from digest.model.speech import Speaker, Speakers, Terms, Transcript, Word, text_of

EditionDecision = Literal["approved", "published", "retracted"]
AnnouncementDecision = Literal["announced", "moved", "cancelled", "withdrawn"]


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


class Paragraph(Record):
    """A stretch of the transcript as the page shows it; `speaker` is a Speaker's id.

    `language` is given where it is another than the Edition's.
    """

    start: float
    end: float
    speaker: str
    words: tuple[Word, ...]
    language: str | None = Field(default=None, exclude_if=lambda language: language is None)

    @property
    def text(self) -> str:
        """Return the words as one text."""
        return text_of(self.words)


class EditionSlide(Record):
    """A visible slide as readers see it: no notes, no comments. Without an image it is set as text, with `parts`.

    `deck` is what the presentation is called that it comes from, where there are several.
    """

    number: int
    title: str | None = None
    body: tuple[Line, ...] = ()
    tables: tuple[tuple[tuple[str, ...], ...], ...] = ()
    links: tuple[Link, ...] = ()
    alt_texts: tuple[str, ...] = ()
    image: Picture | None = None
    thumbnail: Picture | None = None
    parts: tuple[PartPicture, ...] = ()
    deck: str | None = Field(default=None, exclude_if=lambda deck: deck is None)


class Edition(Artifact):
    """The digest as corrected: all that pages, captions and exports are made from, and what is approved by its hash.

    Times are recording time; `page_time` turns them into what readers see. `made_from` maps the file name of
    each artifact to its SHA-256. `unfit` lists the numbers of revisions that no longer fit the machine's text.
    `web` and `paragraphs` stand here also where they are not published: `Event.publish_recording` decides. So does what
    lies outside `shown` where the recording is `trimmed`. `withheld` and `masked` are the stretches and the names that
    editors keep from readers, `sections` those that they get, in their order, None for all in the usual one; where
    there are none the file does not name them, so that one written before there were any keeps its hash.
    """

    FILE: ClassVar[str] = "edition.json"

    event: Event
    digest: Digest
    speakers: tuple[Speaker, ...]
    paragraphs: tuple[Paragraph, ...]
    slides: tuple[EditionSlide, ...]
    slides_pdf: StoredFile | None = None
    original_deck: StoredFile | None = None  # as staff dropped it, notes and all: only where event.toml asks for it
    more_original_decks: tuple[StoredFile, ...] = Field(default=(), exclude_if=lambda decks: not decks)  # of a panel
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
    withheld: tuple[Span, ...] = Field(default=(), exclude_if=lambda withheld: not withheld)
    masked: tuple[str, ...] = Field(default=(), exclude_if=lambda masked: not masked)
    trimmed: bool = Field(default=False, exclude_if=lambda trimmed: not trimmed)
    sections: tuple[PageSection, ...] | None = Field(default=None, exclude_if=lambda sections: sections is None)
    made_from: dict[str, str]

    def page_time(self, t: float) -> float:
        """Turn a second of the recording into a second of the page: the only way between the two."""
        return min(max(t, self.shown.start), self.shown.end) - self.shown.start

    def speaker_name(self, speaker: str | None) -> str | None:
        """Return the name of a speaker's id, or None while nobody knows it."""
        return next((known.name for known in self.speakers if known.id == speaker), None)


class Decision(JournalLine):
    """A line of decisions.jsonl: what somebody decided about an Edition or an Announcement; `number` counts from 1.

    `edition` is the SHA-256 of what was decided about, of either kind.
    """

    number: int
    at: AwareDatetime
    by: str
    kind: EditionDecision | AnnouncementDecision
    edition: str
