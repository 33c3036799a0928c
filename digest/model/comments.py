"""What editors say to each other about a draft: the lines of comments.jsonl. Readers get none of it."""

from typing import Annotated, Literal

from pydantic import AwareDatetime, Field

from digest.model.artifact import JournalLine, Record, Span
from digest.model.doubt import AtSentence


class Comment(Record):
    """Says something about a sentence, a stretch, or, without a place, the whole draft.

    `about` is the text that stood there, so that it can still be read where the place is gone. While one that `blocks`
    is not settled, nobody approves the draft. `assignee` is who should look at it, empty for nobody in particular.
    """

    do: Literal["comment"] = "comment"
    place: AtSentence | Span | None = None
    about: str = ""
    text: str
    blocks: bool = False
    assignee: str = ""


class Reply(Record):
    """Says something to the comment of this number."""

    do: Literal["reply"] = "reply"
    comment: int
    text: str


class Settle(Record):
    """Says that nothing is left to do about the comment of this number."""

    do: Literal["settle"] = "settle"
    comment: int


class HandOver(Record):
    """Says who works on the draft from now on, empty for nobody in particular."""

    do: Literal["hand over"] = "hand over"
    assignee: str


class CommentLine(JournalLine):
    """A line of comments.jsonl: `number` counts from 1 without a gap."""

    number: int
    at: AwareDatetime
    by: str
    said: Annotated[Comment | Reply | Settle | HandOver, Field(discriminator="do")]
