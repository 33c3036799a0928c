"""What speakers were asked about a draft and what they answered: the lines of consent.jsonl. Readers get none of it."""

from typing import Annotated, Literal

from pydantic import AwareDatetime, Field

from digest.model.artifact import JournalLine, Record, Span
from digest.model.doubt import AtSentence


class AskSpeaker(Record):
    """A speaker got a page of their own until then; an earlier one of the same name has ended."""

    do: Literal["ask"] = "ask"
    name: str
    until: AwareDatetime


class EndLink(Record):
    """The link of line `link` opens nothing any more."""

    do: Literal["end"] = "end"
    link: int


class FineAsItIs(Record):
    """A speaker has nothing against publishing it as it stands."""

    do: Literal["fine"] = "fine"
    name: str
    text: str = ""


class PleaseChange(Record):
    """A speaker would have a sentence, or some words of theirs in the transcript, read otherwise.

    `was` is what stood there; an empty `text` takes the wish back.
    """

    do: Literal["change"] = "change"
    name: str
    place: AtSentence | Span
    was: str
    text: str


class PublishPart(Record):
    """A speaker agrees to [start, end) of the recording, in recording time, and to nothing else."""

    do: Literal["part"] = "part"
    name: str
    start: float
    end: float
    text: str = ""


class NotBefore(Record):
    """A speaker agrees, and nothing is published before then: the beginning of a day where the event was."""

    do: Literal["not before"] = "not before"
    name: str
    until: AwareDatetime
    text: str = ""


class RatherNot(Record):
    """A speaker would rather that it is not published. A person weighs that: it is neither ignored nor obeyed."""

    do: Literal["rather not"] = "rather not"
    name: str
    text: str = ""


class Weigh(Record):
    """Somebody has seen an answer, the one of line `answer`, and says what became of it."""

    do: Literal["weigh"] = "weigh"
    answer: int
    text: str


class Waive(Record):
    """Somebody decides that a speaker's answer is not waited for, and says why."""

    do: Literal["waive"] = "waive"
    name: str
    text: str


SpeakerAnswer = FineAsItIs | PleaseChange | PublishPart | NotBefore | RatherNot


class ConsentLine(JournalLine):
    """A line of consent.jsonl: `number` counts from 1 without a gap. `by` is the speaker where one answers."""

    number: int
    at: AwareDatetime
    by: str
    said: Annotated[AskSpeaker | EndLink | SpeakerAnswer | Weigh | Waive, Field(discriminator="do")]
