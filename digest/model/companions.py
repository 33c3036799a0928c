"""What the meeting platform, or a captioner, left beside the recording. Times are seconds of the recording."""

from typing import ClassVar, Literal

from pydantic import Field

from digest.model.artifact import Artifact, Record
from digest.model.drop import Ignored


class ChatMessage(Record):
    """A public message; `at` is None where the file gives only a wall `clock` ("14:02:15")."""

    at: float | None = None
    clock: str | None = None
    from_: str = Field(alias="from")
    text: str


class TypedQuestion(Record):
    """A question from the platform's Q&A, with the answer typed to it, if any.

    `at` and `clock` as in a chat; `answered_live` says that the platform's report has it so.
    """

    at: float | None = None
    clock: str | None = Field(default=None, exclude_if=lambda clock: clock is None)
    asked_by: str | None = None
    text: str
    answer: str | None = None
    answered_live: bool = Field(default=False, exclude_if=lambda is_live: not is_live)


MadeBy = Literal["person", "machine", "unknown"]


class CompanionCue(Record):
    """A caption that came with the drop."""

    start: float
    end: float
    speaker: str | None = None
    text: str


class CaptionTrack(Record):
    """A captions file, whole; `language` is an ISO 639-1 code, None where it does not show.

    `gives_words` says that a person wrote it, so that its words are better than a recogniser's.
    """

    name: str
    language: str | None
    made_by: MadeBy
    gives_words: bool
    cues: tuple[CompanionCue, ...]

    @property
    def end(self) -> float:
        """Return when the last of its captions ends."""
        return max((cue.end for cue in self.cues), default=0.0)


class SlideEvent(Record):
    """The platform says: from `at` on, this slide was shown (None: none was)."""

    at: float
    slide: int | None


class PollOption(Record):
    """An answer of a poll and how many chose it."""

    text: str
    votes: int


class Poll(Record):
    """A poll put to the audience."""

    question: str
    options: tuple[PollOption, ...]


class ReadFile(Record):
    """A file that was read, and what was found in it, for staff."""

    name: str
    found: str


class Companions(Artifact):
    """All companions read; direct messages, e-mail addresses and telephone numbers are already left out.

    `cues` say who spoke; `captions` are those that a person wrote, whose words are the transcript's: often the same.
    `tracks` are all captions files, none where a machine's is the only one: where several give words, what is heard
    decides between their languages.
    `dismissed_questions` counts those that the moderator put aside: they are nowhere else.
    `read` and `ignored` are all files that the platform left; `remarks` are sentences for staff.
    """

    FILE: ClassVar[str] = "companions.json"

    chat: tuple[ChatMessage, ...] = ()
    questions: tuple[TypedQuestion, ...] = ()
    dismissed_questions: int = Field(default=0, exclude_if=lambda count: not count)
    cues: tuple[CompanionCue, ...] = ()
    cues_made_by: MadeBy = "unknown"
    captions: tuple[CompanionCue, ...] = ()
    tracks: tuple[CaptionTrack, ...] = Field(default=(), exclude_if=lambda tracks: not tracks)
    slide_events: tuple[SlideEvent, ...] = ()
    polls: tuple[Poll, ...] = ()
    read: tuple[ReadFile, ...] = ()
    ignored: tuple[Ignored, ...] = ()
    remarks: tuple[str, ...] = ()

    def written_in(self, language: str | None) -> tuple[CaptionTrack, ...]:
        """Return the captions that give words: those in this language first, then those of none that shows."""
        tracks = [track for track in self.tracks if track.gives_words]
        if not tracks and self.captions:  # an artifact from before there were tracks
            tracks = [
                CaptionTrack(name="", language=None, made_by="person", gives_words=True, cues=self.captions),
            ]
        return tuple(sorted(tracks, key=lambda one: (one.language != language, one.language is not None, -one.end)))
