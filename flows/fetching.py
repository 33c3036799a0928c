"""From sources to the inbox: what is new there is asked for in the queue, and a row of it is fetched."""

import logging
import threading

from digest import fetching, notices
from digest.errors import DigestError, NotAllowed
from digest.settings import Settings
from digest.store.queue import Queue, Request

log = logging.getLogger(__name__)

LOOK_SECONDS = 60.0  # between two looks at the sources


def look_at_sources(settings: Settings, ended: threading.Event, *, every: float = LOOK_SECONDS) -> None:
    """Ask for what is new at the sources, again and again until `ended` is set; nothing where there is none."""
    while not ended.is_set():
        try:
            if not ask_for_new(settings):
                return
        except DigestError as error:
            log.warning("The sources cannot be looked at: %s", error)
        except Exception as error:  # noqa: BLE001 (the next look may succeed)
            notices.keep_trace(error, settings)
        ended.wait(every)


def ask_for_new(settings: Settings) -> dict[str, DigestError | None]:
    """Ask for whatever a source has that was never asked for; return what was wrong with each source, None: nothing.

    What failed stays failed until somebody says `digest retry`.
    """
    queue, journal = Queue(settings), fetching.Journal(settings)
    found = dict[str, DigestError | None]()
    for name, source in fetching.sources(settings).items():
        found[name] = None
        try:
            before = journal.fetches(name)
            for number in source.ids():
                asked = f"{name}:{number}"
                if number not in before and queue.last(asked, ("fetch",)) is None:
                    queue.ask("fetch", slug=asked, by=name)
        except DigestError as error:
            log.warning("What is new at %s is not known: %s", name, error)
            found[name] = error
    return found


def fetch(request: Request, settings: Settings) -> str:
    """Fetch what a row names into the inbox, and say so."""
    name, _, number = (request.slug or "").partition(":")
    source = fetching.sources(settings).get(name)
    if source is None:
        raise NotAllowed("The settings name no such source.", file=name, remedy="Name it again, or leave this be.")
    offer = source.offer(number)
    folder = fetching.fetch_offer(offer, f"{name}:{number}", settings, fetching.Reach.of(settings, *source.hosts))
    fetching.Journal(settings).note("fetched", name, number, folder.name)
    return f"Fetched into “{folder.name}” of the inbox."
