"""The inbox: looks at it again and again and asks for a draft of each drop that lies still.

A folder with event.toml alone is an event to come, and is announced: the date in it is the wish of whoever dropped it.
"""

import hashlib
import threading
import time
from pathlib import Path

from digest import intake, notices
from digest.errors import UnusableDrop
from digest.messages import Ping
from digest.model.drop import Folder
from digest.settings import Settings
from digest.store.queue import Kind, Queue

SETTLED_SECONDS = 30.0  # without a change after which a drop counts as copied to its end
POLL_SECONDS = 3.0  # between two looks at the inbox


def watch(
    settings: Settings, ended: threading.Event, *, still: float = SETTLED_SECONDS, every: float = POLL_SECONDS
) -> None:
    """Look at the whole inbox again and again until `ended` is set, and ask for a draft of each drop that lies still.

    A drop that failed is asked for again only when something in it changed.
    """
    seen, ping = dict[Path, tuple[Folder, float]](), Ping(settings.watch.ping_url)
    while not ended.is_set():
        try:
            seen = scan(settings, seen, still=still)
            ping.call()
        except Exception as error:  # noqa: BLE001 (the next look may succeed)
            notices.keep_trace(error, settings)
        ended.wait(every)


def scan(
    settings: Settings, seen: dict[Path, tuple[Folder, float]], *, still: float
) -> dict[Path, tuple[Folder, float]]:
    """Look at the inbox once; return each drop as it lies there and since when (monotonic seconds) it has lain so."""
    settings.inbox.mkdir(parents=True, exist_ok=True)
    queue, found = Queue(settings), dict[Path, tuple[Folder, float]]()
    drops = [path for path in sorted(settings.inbox.iterdir()) if not path.name.startswith(".")]
    tell_of_loose_files([path.name for path in drops if not path.is_dir()], settings)
    for folder in (path for path in drops if path.is_dir() and not path.is_symlink()):
        try:
            now = intake.look(folder)
        except UnusableDrop as error:
            notices.write_problem(folder, error, settings)
            continue
        before, since = seen.get(folder, (None, 0.0))
        if before is None or not intake.is_still(before, now):
            since = time.monotonic()
        elif time.monotonic() - since >= still:
            ask_once(folder, now, queue, settings)
        found[folder] = now, since
    return found


def tell_of_loose_files(names: list[str], settings: Settings) -> None:
    """Say, in the inbox itself, that a file there belongs into a folder of its own."""
    loose = [name for name in names if name not in (notices.STATUS, notices.PROBLEM)]
    was_told = (settings.inbox / notices.PROBLEM).exists()
    if loose and not was_told:
        remedy = "Make a folder for each webinar in the inbox and put its files there."
        notices.write_problem(
            settings.inbox, UnusableDrop("It lies in no folder.", file=loose[0], remedy=remedy), settings
        )
    elif was_told and not loose:
        notices.clear_problem(settings.inbox, settings)


def ask_once(folder: Path, looked: Folder, queue: Queue, settings: Settings) -> None:
    """Ask for a draft of a drop as it lies there, or for its announcement, unless that was asked for before."""
    fingerprint = hashlib.sha256(looked.model_dump_json().encode()).hexdigest()
    last = queue.last_of_folder(looked.path)
    if last is None or last.fingerprint != fingerprint:
        notices.write_status(folder, "Copied completely; waiting for its turn.", settings)
        kind: Kind = "announce" if intake.is_announcement(looked) else "draft"
        urgent = intake.is_urgent(folder)
        queue.ask(kind, folder=looked.path, fingerprint=fingerprint, by="inbox", urgent=urgent)
