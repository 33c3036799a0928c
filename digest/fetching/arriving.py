"""Fetched files into the inbox, as if staff had put them there: whole, in one step, beside nobody's."""

import hashlib
import re
from pathlib import Path

import tomli_w

from digest.errors import NotAllowed
from digest.fetching.download import RemoteFile, download
from digest.fetching.reach import Reach
from digest.fetching.sources import Offer
from digest.settings import Settings
from digest.store.files import fsync_folder, write_atomically
from digest.store.leases import Leases
from digest.text.cleaning import clean_line

ARRIVING = ".fetching-"  # in the inbox, which looks past names with a dot
UNSAFE = re.compile(r'[\x00-\x1f/\\:*?"<>|]+')
MAX_NAME = 120  # characters


def fetch_file(file: RemoteFile, folder: str, settings: Settings, reach: Reach) -> Path:
    """Return where a file lies in this folder of the inbox, new or there already, once it is whole.

    Raises NotAllowed where there is a file of this name, Busy while another program fetches it, else as `download`.
    """
    to = settings.inbox / safe_name(folder) / safe_name(file.name)
    if to.exists():
        remedy = "Take it away, or name another folder with --folder."
        raise NotAllowed("There is such a file in the inbox already.", file=to, remedy=remedy)
    key = hashlib.sha256(file.url.encode()).hexdigest()[:16]
    arriving = settings.inbox / f"{ARRIVING}{key}"
    with Leases(settings).hold(f"fetch {key}", busy="This is being fetched just now."):
        arriving.mkdir(parents=True, exist_ok=True)
        whole = download(file.model_copy(update={"name": to.name}), arriving, reach, max_bytes=_limit(settings))
        to.parent.mkdir(exist_ok=True)
        whole.replace(to)
        fsync_folder(to.parent)
        arriving.rmdir()
    return to


def fetch_offer(offer: Offer, key: str, settings: Settings, reach: Reach) -> Path:
    """Return the folder of the inbox with all files of an offer, and an event.toml where none is among them.

    `key` is the offer's own: under it what has come is kept until all is there. Raises as `download` does.
    """
    arriving = settings.inbox / f"{ARRIVING}{hashlib.sha256(key.encode()).hexdigest()[:16]}"
    with Leases(settings).hold(f"fetch {key}", busy="This is being fetched just now."):
        arriving.mkdir(parents=True, exist_ok=True)
        for file in offer.files:
            named = file.model_copy(update={"name": safe_name(file.name)})
            download(named, arriving, reach, max_bytes=_limit(settings))
        if offer.title and offer.date and not (arriving / "event.toml").exists():
            event = {"title": clean_line(offer.title), "date": offer.date.isoformat()}
            write_atomically(arriving / "event.toml", tomli_w.dumps(event).encode())
        fsync_folder(arriving)
        to = _free_name(settings.inbox, safe_name(offer.name))
        arriving.rename(to)
        fsync_folder(settings.inbox)
    return to


def safe_name(name: str) -> str:
    """Return a name as one of a file or folder that every system takes, and that hides nothing."""
    name = " ".join(UNSAFE.sub(" ", clean_line(name)).split()).strip(" .") or "webinar"
    stem, dot, ending = name.rpartition(".")
    return f"{stem[:MAX_NAME]}{dot}{ending[:10]}" if stem else name[:MAX_NAME]


def _free_name(inbox: Path, name: str) -> Path:
    names = (inbox / (name if number == 1 else f"{name} {number}") for number in range(1, 1000))
    return next(path for path in names if not path.exists())


def _limit(settings: Settings) -> int:
    return int(settings.media.largest_gigabytes * 1e9)
