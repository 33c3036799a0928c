"""What was erased of people: the lines of erasures.jsonl, which say nothing of whom."""

from typing import Literal

from pydantic import AwareDatetime

from digest.model.artifact import JournalLine

What = Literal["name", "words"]


class Tombstone(JournalLine):
    """Something of a person was erased here; `number` counts from 1.

    `what` is the name alone, or what the person said and typed too. So many `files` of the workspace were written anew
    or went; journals among them are chained anew from their first line.
    """

    number: int
    at: AwareDatetime
    by: str
    why: str
    what: What
    files: int
