"""The dead man's switch: a monitoring service that alarms when no call comes any more."""

import logging
import threading
import time
from urllib.parse import urlsplit

import httpx

log = logging.getLogger(__name__)

SECONDS_BETWEEN = 60.0  # two calls
SECONDS_TO_ANSWER = 10.0


class Ping:
    """Calls an address beside the work, which never waits for it."""

    def __init__(self, url: str, *, every: float = SECONDS_BETWEEN) -> None:
        self._url, self._every, self._last = url, every, float("-inf")
        self._calling: threading.Thread | None = None

    def call(self) -> None:
        """Call, where there is an address, unless that was done just now."""
        is_busy = self._calling is not None and self._calling.is_alive()
        if not self._url or is_busy or time.monotonic() - self._last < self._every:
            return
        self._last = time.monotonic()
        self._calling = threading.Thread(target=self._call, daemon=True)
        self._calling.start()

    def _call(self) -> None:
        try:
            httpx.get(self._url, timeout=SECONDS_TO_ANSWER).raise_for_status()
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            log.warning(
                "%s could not be told that all is well (%s)", urlsplit(self._url).hostname, type(error).__name__
            )
