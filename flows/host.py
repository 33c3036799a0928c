"""A host that failed three times through no fault of a drop's takes nothing more, until its operator says so."""

import contextlib
import logging
import socket
from datetime import datetime

from digest import messages
from digest.errors import DigestError, MissingTool
from digest.settings import Settings
from digest.store.outbox import Outbox
from digest.store.pause import Pause, pause

log = logging.getLogger(__name__)

MAX_FAILURES = 3  # in a row, of the host's own


class Host:
    """What the runs of this process say of the machine under them."""

    def __init__(self) -> None:
        self._failures, self._why = 0, ""

    @property
    def is_failing(self) -> bool:
        """Return whether nothing more is to be begun here."""
        return self._failures >= MAX_FAILURES

    def note(self, error: DigestError | None) -> None:
        """Take note of how a run ended, None: well.

        A full disk, a missing program, too little memory are the host's own; that a share went away or the machine was
        busy passes, and what is wrong with a drop says nothing of the host.
        """
        if error is None:
            self._failures = 0
        elif isinstance(error, MissingTool):
            self._failures, self._why = self._failures + 1, str(error)

    def stop(self, settings: Settings, now: datetime) -> None:
        """Pause this host, and tell whoever is told; where the disk takes not even that, the next call tries again."""
        name = socket.gethostname()
        why = f"{MAX_FAILURES} runs in a row failed because of this machine. The last one: {self._why}"
        log.warning("%s takes nothing more: %s", name, why)
        with contextlib.suppress(OSError, DigestError):
            held = pause(settings.state, Pause(since=now, by="the program", why=why))
            key = f"stopped {name} {held.since.isoformat()}"
            told = messages.write("stopped", key, name, now, settings, said=why)
            Outbox(settings).put([told], messages.outlets(settings))
            self._failures = 0
