"""What a source is: somewhere recordings lie that others made, which are brought into the inbox as staff would."""

from collections.abc import Iterable
from datetime import datetime
from typing import Protocol

from digest.errors import NotAllowed
from digest.fetching.download import RemoteFile
from digest.model.artifact import Record


class Offer(Record):
    """A webinar's files at a source: `name` of the folder that they get, and what of the event is known there."""

    name: str
    files: tuple[RemoteFile, ...]
    title: str | None = None
    date: datetime | None = None


class RecordingSource(Protocol):
    """A service with recordings. It raises NotAllowed where rights are missing, Overloaded for what may pass."""

    name: str

    @property
    def hosts(self) -> tuple[str, ...]:
        """Return from where its files come."""
        ...

    def ids(self) -> Iterable[str]:
        """Return what can be fetched there now, also what was fetched before."""
        ...

    def offer(self, number: str) -> Offer:
        """Return the files of one, under addresses that hold for an hour at least."""
        ...


def secret_of(value: str | None, variable: str) -> str:
    """Return a secret that a source needs. Raises NotAllowed where the variable is not set."""
    if not value:
        raise NotAllowed(f"The variable {variable} is not set.", remedy="Set it where this program starts.")
    return value
