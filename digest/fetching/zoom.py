"""Zoom's cloud recordings: the id of a meeting that its webhook told of in, the files that are worth fetching out.

The webhook is believed that there is something, and nothing else: addresses and names are asked of Zoom's API.
Forms as in Zoom's API reference (Get meeting recordings; Using webhooks), 2024.
"""

import base64
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any
from urllib.parse import quote, urlsplit

import httpx

from digest.errors import NotAllowed, Overloaded
from digest.fetching.download import RemoteFile
from digest.fetching.journal import Journal
from digest.fetching.reach import Reach, call
from digest.fetching.sources import Offer, secret_of
from digest.settings import ZOOM_SECRET, Settings, zoom_secret

# Of one stretch Zoom keeps several pictures: the first of these that there is shows the slides best.
PICTURES = (
    "shared_screen_with_speaker_view(CC)", "shared_screen_with_speaker_view", "shared_screen_with_gallery_view",
    "shared_screen", "active_speaker", "speaker_view", "gallery_view",
)  # fmt: skip
COMPANIONS = {"CHAT": ("chat", "txt"), "TRANSCRIPT": ("transcript", "vtt"), "CC": ("captions", "vtt")}


class Zoom:
    """The recordings of an account, as far as its webhook told of them."""

    name = "zoom"

    def __init__(self, settings: Settings) -> None:
        self._settings, self._zoom = settings, settings.zoom
        self.hosts = settings.zoom.hosts

    def ids(self) -> Iterable[str]:
        """Return the meetings that the webhook told of."""
        return Journal(self._settings).offers(self.name)

    def offer(self, number: str) -> Offer:
        """Return the files of a meeting. Raises NotAllowed where rights lack, Overloaded while Zoom is at it."""
        token = self._ask(self._zoom.login, {"authorization": f"Basic {self._basic()}"}, self._form())["access_token"]
        letters = {"authorization": f"Bearer {token}"}
        twice = number.startswith("/") or "//" in number  # Zoom asks for that: such ids are encoded twice
        meeting = quote(quote(number, safe=""), safe="") if twice else quote(number, safe="")
        found = self._ask(f"{self._zoom.api}/meetings/{meeting}/recordings", letters)
        files = [file for file in found.get("recording_files", []) if file.get("file_type") != "TIMELINE"]
        if not files or any(file.get("status", "completed") != "completed" for file in files):
            raise Overloaded("Zoom is still at this recording.", file=number, remedy="It is tried again by itself.")
        begins = datetime.fromisoformat(found["start_time"])
        title = str(found.get("topic", ""))
        chosen = tuple(_file(file, name, letters) for name, file in _choose(files))
        return Offer(name=f"{begins:%Y-%m-%d} {title}", files=chosen, title=title, date=begins)

    def _form(self) -> dict[str, str]:
        return {"grant_type": "account_credentials", "account_id": self._zoom.account}

    def _basic(self) -> str:
        return base64.b64encode(f"{self._zoom.client}:{secret_of(zoom_secret(), ZOOM_SECRET)}".encode()).decode()

    def _ask(self, url: str, headers: dict[str, str], form: dict[str, str] | None = None) -> dict[str, Any]:
        reach = Reach.of(self._settings, urlsplit(url).hostname or "", *self.hosts)
        with call(url, reach, method="POST" if form else "GET", headers=headers, form=form) as answer:
            answer.read()
        said: dict[str, Any] = answer.json() if "json" in answer.headers.get("content-type", "") else {}
        if answer.is_success:
            return said
        why = said.get("message") or said.get("reason") or f"it answers {answer.status_code}"
        if answer.status_code == httpx.codes.TOO_MANY_REQUESTS or answer.is_server_error:
            raise Overloaded(f"Zoom is busy: {why}.", remedy="It is tried again by itself.")
        raise NotAllowed(
            f"Zoom refuses: {why}",
            remedy="Give the app the right cloud_recording:read:list_recording_files:admin, check account, client and "
            f"{ZOOM_SECRET}, then: digest retry.",
        )


def _choose(files: list[dict[str, Any]]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield, each with a name, the best picture of every stretch in order, or its sound, and what is beside it."""
    stretches = defaultdict[str, list[dict[str, Any]]](list)
    for file in files:
        if file["file_type"] in ("MP4", "M4A"):
            stretches[str(file["recording_start"])].append(file)
    for number, start in enumerate(sorted(stretches), start=1):
        best = min(stretches[start], key=_rank)
        yield f"recording-{number}.{best['file_type'].lower()}", best
    for kind, (stem, ending) in COMPANIONS.items():
        of_kind = sorted(
            (one for one in files if one["file_type"] == kind), key=lambda one: str(one["recording_start"])
        )
        for number, file in enumerate(of_kind, start=1):
            yield f"{stem}-{number}.{ending}" if len(of_kind) > 1 else f"{stem}.{ending}", file


def _rank(file: dict[str, Any]) -> tuple[bool, int]:
    kind = file.get("recording_type", "")
    return file["file_type"] != "MP4", PICTURES.index(kind) if kind in PICTURES else len(PICTURES)


def _file(file: dict[str, Any], name: str, letters: dict[str, str]) -> RemoteFile:
    size = file.get("file_size")
    return RemoteFile(name=name, url=file["download_url"], size=int(size) if size else None, headers=letters)
