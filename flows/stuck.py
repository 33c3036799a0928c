"""What takes more than twice as long as it took on that host before: rows of the queue in, alarms out."""

import contextlib
import socket
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from digest import intake, messages
from digest.errors import DigestError
from digest.intake.roles import RECORDINGS
from digest.model.notice import Notice
from digest.settings import Settings
from digest.store.queue import Queue, Request
from flows.dispatch import LANES, Lane, reason_to_wait
from flows.forecast import Experience, experience_of, length_of

TIMES = 2.0  # what was expected
LEAST = timedelta(minutes=15)  # below it a busy minute more than doubles what was expected
ASSUMED = 7200.0  # seconds of a recording that cannot be probed: two hours
OF_PUBLICATION = 60.0  # seconds: 3 were measured among a thousand webinars (docs/benchmarks.md)
OF_FETCH = 3600.0  # seconds: 20 GB, the largest that is taken, at 45 Mbit/s


@dataclass
class Watchman:
    """Looks at the queue again and again; remembers since when a row could be begun, and how long its recording is."""

    settings: Settings
    _due: dict[int, datetime] = field(default_factory=dict)
    _lengths: dict[int, float] = field(default_factory=dict)
    _experience: dict[str, Experience] = field(default_factory=dict)  # by host, of one look

    def look(self, queue: Queue, now: datetime) -> Iterator[Notice]:
        """Yield an alarm for each row that is stuck: the same at each look."""
        self._experience.clear()
        running = queue.running()
        for lane, kinds in LANES.items():
            begun = [(row, row.begun_at) for row in running if row.kind in kinds and row.begun_at]
            due = [(row, self._due[row.id]) for row in self._beginnable(queue.waiting(*kinds), now)]
            if not any(now - since > LEAST for _, since in (*begun, *due)):
                continue  # most looks end here: nothing is probed
            before = 0.0  # seconds that are expected of the rows before
            for row, since in (*begun, *due):
                before += (own := self._expect(row, lane))
                expected = own if row.state == "running" else before
                if now - since > max(timedelta(seconds=TIMES * expected), LEAST):
                    yield self._alarm(row, since, expected, now)

    def _beginnable(self, rows: Iterable[Request], now: datetime) -> list[Request]:
        """Return the rows that only wait for their turn; the time of one that is held back begins anew afterwards."""
        found = list[Request]()
        for row in rows:
            if reason_to_wait(row, self.settings, now):
                self._due.pop(row.id, None)
            else:
                self._due.setdefault(row.id, now)
                found.append(row)
        return found

    def _expect(self, row: Request, lane: Lane) -> float:
        if lane != "drafts":
            return OF_PUBLICATION if lane == "publications" else OF_FETCH
        if row.id not in self._lengths:
            self._lengths[row.id] = _length(Path(row.folder or "")) or ASSUMED
        host = row.host or socket.gethostname()
        if host not in self._experience:
            self._experience[host] = experience_of(self.settings.workspaces, host)
        return self._experience[host].seconds(self._lengths[row.id])

    def _alarm(self, row: Request, since: datetime, expected: float, now: datetime) -> Notice:
        minutes, asked = (now - since).total_seconds() / 60, f"{row.kind} of {row.name}"
        doing = f"is being worked on on {row.host}" if row.state == "running" else "could have been begun"
        said = f"The {asked} {doing} since {since.astimezone():%-d %B, %H:%M}: {minutes:.0f} minutes. Expected were "
        said += f"{max(expected / 60, 1):.0f}."
        host = row.host if row.state == "running" and row.host else "no host"
        key = f"stuck {row.id} {since.isoformat()}"
        return messages.write("stuck", key, row.name, now, self.settings, host=host, said=said)


def _length(folder: Path) -> float | None:
    """Return how long the recordings of a drop are, None where that cannot be told."""
    with contextlib.suppress(DigestError, OSError):
        entries = (Path(entry.name) for entry in intake.look(folder).entries)
        return length_of(folder / one for one in entries if one.suffix.casefold().removeprefix(".") in RECORDINGS)
    return None
