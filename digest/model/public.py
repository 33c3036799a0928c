"""What readers may see of a webinar: `privacy` alone makes it; pages, captions and exports take nothing else."""

from typing import Literal

from pydantic import AwareDatetime

from digest.model.alignment import Interval
from digest.model.artifact import Picture, Record, Span, StoredFile
from digest.model.digest import Digest
from digest.model.edition import EditionSlide, Paragraph
from digest.model.event import AlsoOfInterest, EventSpeaker, Organiser
from digest.model.media import WebCopy
from digest.model.overlay import PageSection


class PublicEvent(Record):
    """The event as its page shows it: an Event without what is for editors, speakers called as agreed."""

    slug: str
    title: str
    starts_at: AwareDatetime
    timezone: str
    minutes: int | None = None
    language: str | None = None
    organisers: tuple[Organiser, ...] = ()
    speakers: tuple[EventSpeaker, ...] = ()
    description: str = ""
    tags: tuple[str, ...] = ()
    series: str | None = None
    registration_url: str | None = None
    licence: str | None = None
    also_of_interest: tuple[AlsoOfInterest, ...] = ()


class PublicSpeaker(Record):
    """A voice; `name` is what readers call it, a role where its name is not for them, None where nobody knows it."""

    id: str
    name: str | None


class PublicEdition(Record):
    """An Edition as readers may see it. It is no Edition, so that nothing made for readers can take one by mistake.

    Voices and askers are called as agreed; under the Chatham House rule roles stand for the names of who spoke in
    digest, transcript and slides too. Title and description are what staff announced. `web`, `poster` and `paragraphs`
    are empty where the recording is not published; `web` is silent where something was said off the record, and holds
    nothing outside `shown`, and neither does anything else here. `sections` are in the order of the page. `voiced` is
    where a voice was found, empty where that is not known. Times are recording time; `page_time` turns them into what
    readers see.
    """

    event: PublicEvent
    digest: Digest
    speakers: tuple[PublicSpeaker, ...]
    paragraphs: tuple[Paragraph, ...]
    slides: tuple[EditionSlide, ...]
    slides_pdf: StoredFile | None
    original_deck: StoredFile | None
    more_original_decks: tuple[StoredFile, ...] = ()
    intervals: tuple[Interval, ...]
    has_video: bool
    web: WebCopy | None
    poster: Picture | None
    shown: Span
    language: str
    model: str
    words_by: Literal["machine", "person"]
    revision: int
    unedited_share: float
    voiced: tuple[Span, ...] = ()
    sections: tuple[PageSection, ...]

    def page_time(self, t: float) -> float:
        """Turn a second of the recording into a second of the page: the only way between the two."""
        return min(max(t, self.shown.start), self.shown.end) - self.shown.start

    def speaker_name(self, speaker: str | None) -> str | None:
        """Return what readers call a speaker's id, or None while nobody knows it."""
        return next((known.name for known in self.speakers if known.id == speaker), None)


class Publication(Record):
    """An approved Edition as readers may see it, with who approved it and when it went (or goes) out.

    `sha256` is that of the Edition that was approved. `first_published_at` is when an earlier Edition first went out:
    this one corrects it. None where there was none.
    """

    edition: PublicEdition
    sha256: str
    approved_by: str
    approved_at: AwareDatetime
    published_at: AwareDatetime
    first_published_at: AwareDatetime | None = None
