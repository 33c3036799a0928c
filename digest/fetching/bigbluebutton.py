"""BigBlueButton's recordings by its API: what is published there in, video, slide changes and chat out.

Requests are signed as the API has it: SHA-256 of name, query and secret. Where the files of a recording lie is how
`record-and-playback` of BigBlueButton 2.4 and later publishes them.
"""

import hashlib
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from urllib.parse import urlencode, urlsplit

from lxml import etree

from digest.errors import NotAllowed, Overloaded
from digest.fetching.download import RemoteFile
from digest.fetching.reach import Reach, call, says_no
from digest.fetching.sources import Offer, secret_of
from digest.settings import BIGBLUEBUTTON_SECRET, Settings, bigbluebutton_secret

VIDEO = "playback/video/{}/video-0.m4v"  # one picture of everything, where the server makes it
SEPARATE = ("presentation/{}/video/webcams", "presentation/{}/deskshare/deskshare")  # .mp4, or .webm by default
COMPANIONS = ("presentation/{}/shapes.svg", "presentation/{}/slides_new.xml")  # when slides changed; the chat


class BigBlueButton:
    """The published recordings of a server."""

    name = "bigbluebutton"

    def __init__(self, settings: Settings) -> None:
        parts = urlsplit(settings.bigbluebutton.url)
        self._api = settings.bigbluebutton.url.rstrip("/").removesuffix("/api") + "/api"
        self._root = f"{parts.scheme}://{parts.netloc}"
        self.hosts = (parts.hostname or "",)
        self._reach = Reach.of(settings, *self.hosts)

    def ids(self) -> Iterable[str]:
        """Return the ids of all recordings that are published."""
        return [one.findtext("recordID", "") for one in self._recordings(state="published")]

    def offer(self, number: str) -> Offer:
        """Return the files of a recording. Raises NotAllowed where there is none, or no video of it."""
        found = next(iter(self._recordings(recordID=number)), None)
        if found is None:
            raise NotAllowed("There is no such recording.", file=number, remedy="Look whether it is published.")
        begins = datetime.fromtimestamp(int(found.findtext("startTime", "0")) / 1000, UTC)
        title = found.findtext("name", "")
        video = [*self._there([VIDEO], number)] or [*self._separate(number)]
        if not video:
            remedy = "Give this program the right to read recordings, or let the server process the video format."
            raise NotAllowed("It has no video that can be fetched.", file=title, remedy=remedy)
        files = (*video, *self._there(COMPANIONS, number))
        return Offer(name=f"{begins:%Y-%m-%d} {title}", files=files, title=title, date=begins)

    def _separate(self, number: str) -> Iterator[RemoteFile]:
        for path in SEPARATE:
            yield from [*self._there([f"{path}.mp4"], number)] or self._there([f"{path}.webm"], number)

    def _there(self, paths: Iterable[str], number: str) -> Iterator[RemoteFile]:
        """Yield those of these files that the server has, with the length that it names."""
        for path in paths:
            url = f"{self._root}/{path.format(number)}"
            with call(url, self._reach, method="HEAD") as answer:
                if no := says_no(answer):
                    remedy = "Let this program's address read recordings there, then: digest retry."
                    raise NotAllowed(f"Rights are missing: {no}.", file=path, remedy=remedy)
                if answer.is_success:
                    size = answer.headers.get("content-length", "")
                    yield RemoteFile(name=path.rpartition("/")[2], url=url, size=int(size) if size.isdigit() else None)

    def _recordings(self, **query: str) -> list[etree._Element]:
        secret = secret_of(bigbluebutton_secret(), BIGBLUEBUTTON_SECRET)
        asked = urlencode(query)
        checksum = hashlib.sha256(f"getRecordings{asked}{secret}".encode()).hexdigest()
        with call(f"{self._api}/getRecordings?{asked}&checksum={checksum}", self._reach) as answer:
            content = answer.read()
        try:
            parser = etree.XMLParser(resolve_entities=False, no_network=True)
            said = etree.fromstring(content, parser)
        except etree.XMLSyntaxError as error:
            what = f"BigBlueButton answers {answer.status_code}, and not as its API does."
            raise Overloaded(what, remedy="It is tried again; check [bigbluebutton] url.") from error
        if said.findtext("returncode") != "SUCCESS":
            remedy = f"Compare {BIGBLUEBUTTON_SECRET} with what `bbb-conf --secret` prints there."
            raise NotAllowed(f"BigBlueButton refuses: {said.findtext('message', 'it does not say why')}", remedy=remedy)
        return list(said.iterfind("recordings/recording"))
