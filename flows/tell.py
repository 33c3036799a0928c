"""Telling people beside the work: what happened of late goes into the outbox, and what waits there is delivered."""

import threading
from datetime import datetime, timedelta

from digest import messages, notices
from digest.errors import Busy
from digest.messages.delivery import KEEP_SETTLED
from digest.settings import Settings
from digest.store.leases import Leases
from digest.store.outbox import Outbox
from digest.store.queue import Queue
from flows.dispatch import Clock, utc_now
from flows.stuck import Watchman

POLL_SECONDS = 10.0  # between two looks at the ledger
REMINDERS = timedelta(hours=1)  # between two looks at all webinars


def tell(settings: Settings, ended: threading.Event, *, every: float = POLL_SECONDS, now: Clock = utc_now) -> None:
    """Tell people until `ended` is set, whatever happens; nothing where the settings name nobody.

    One process of those that share a ledger does it.
    """
    while messages.outlets(settings) and not ended.is_set():
        try:
            with Leases(settings).hold("messages", busy="Another process tells people."):
                round_of_messages = Round(settings)
                while not ended.is_set():
                    round_of_messages.go(now())
                    ended.wait(every)
        except Busy:
            pass
        except Exception as error:  # noqa: BLE001 (the next round may succeed)
            notices.keep_trace(error, settings)
        ended.wait(every)


class Round:
    """Looks, collects and delivers, again and again."""

    def __init__(self, settings: Settings) -> None:
        self._settings, self._watchman = settings, Watchman(settings)
        self._reminded: datetime | None = None

    def go(self, now: datetime) -> int:
        """Collect what is to be told, deliver what waits, and return how many messages were taken."""
        settings, queue, outbox = self._settings, Queue(self._settings), Outbox(self._settings)
        due = [*messages.due_notices(queue, settings, now), *self._watchman.look(queue, now)]
        if self._reminded is None or now - self._reminded >= REMINDERS:
            self._reminded = now
            due += filter(None, [messages.reminder(settings, now)])
            outbox.forget(now - KEEP_SETTLED)
        outbox.put(due, messages.outlets(settings))
        return messages.deliver(outbox, settings, now)
