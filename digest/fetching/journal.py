"""What was offered by a webhook and what was fetched, as lines beside the webinars: the ledger may be deleted."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Literal

from pydantic import AwareDatetime

from digest.model.artifact import JournalLine
from digest.settings import Settings
from digest.store.journal import append, read_lines

FILE = ".fetched.jsonl"  # beside the webinars: it is backed up with them


class FetchLine(JournalLine):
    """That a recording was offered, or fetched; `number` is its id at the source."""

    kind: Literal["offered", "fetched"]
    source: str
    number: str
    at: AwareDatetime
    folder: str | None = None


class Journal:
    """The lines of all sources."""

    def __init__(self, settings: Settings) -> None:
        self._path = settings.workspaces / FILE

    def offers(self, source: str) -> tuple[str, ...]:
        """Return what was offered of a source, oldest first."""
        return tuple(line.number for line in self._lines() if (line.kind, line.source) == ("offered", source))

    def fetches(self, source: str) -> frozenset[str]:
        """Return what was fetched of a source."""
        return frozenset(line.number for line in self._lines() if (line.kind, line.source) == ("fetched", source))

    def note(self, kind: Literal["offered", "fetched"], source: str, number: str, folder: str | None = None) -> None:
        """Write a line, durably, unless it says what stands there."""
        new = FetchLine(kind=kind, source=source, number=number, at=datetime.now(UTC), folder=folder)

        def once(lines: tuple[FetchLine, ...]) -> FetchLine:
            same = (line for line in lines if (line.kind, line.source, line.number) == (kind, source, number))
            return next(same, new)

        append(self._path, FetchLine, once)

    def _lines(self) -> Iterable[FetchLine]:
        return read_lines(self._path, FetchLine) if self._path.exists() else ()
