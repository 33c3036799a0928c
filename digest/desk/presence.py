"""Who else is at a draft just now: kept in memory, for a minute after somebody was seen."""

import threading
from collections.abc import Callable
from dataclasses import dataclass

SEEN_FOR = 60.0  # seconds after the last sign of somebody; a page gives one every 20


@dataclass(frozen=True)
class Sighting:
    """Somebody at a page of a draft; `opened` is what they have open there."""

    name: str
    page: str
    opened: str
    at: float


class Presence:
    """Who was seen where, by draft and name: a second tab of one person is that person."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now, self._lock = now, threading.Lock()
        self._seen: dict[str, dict[str, Sighting]] = {}

    def note(self, slug: str, name: str, page: str, opened: str) -> tuple[Sighting, ...]:
        """Note that somebody is at a page, and return who else is at the draft, by name."""
        now = self._now()
        with self._lock:
            here = self._seen.setdefault(slug, {})
            here[name] = Sighting(name, page, opened, now)
            for gone in [one.name for one in here.values() if now - one.at > SEEN_FOR]:
                del here[gone]
            return tuple(here[one] for one in sorted(here) if one != name)
