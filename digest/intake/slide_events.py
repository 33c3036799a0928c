"""When the platform says that slides were shown: BigBlueButton's shapes.svg, or captions whose cues are called slide-N.

Both are read as data by functions that run in a limited child (`sandbox.call`); an entity in the XML refuses the file.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from xml.parsers import expat

from digest.errors import UnusableDrop
from digest.model.artifact import Record
from digest.model.companions import SlideEvent

LARGEST = 64_000_000  # bytes
LONGEST = 86_400.0  # seconds: a time beyond is none
MOST = 100_000  # events
PICTURE = re.compile(r"presentation/([^/]{1,200})/(?:svgs/)?slide-?(\d{1,4})\.\w{3,4}$")
CUE = re.compile(r"^slide-(\d{1,4})[ \t]*\n(?:(\d{1,2}):)?(\d\d):(\d\d)[.,](\d{3})[ \t]*-->", re.MULTILINE)
EXPORT_AGAIN = "Download it from the platform again."


class SlideEventFile(Record):
    """What one file says, in the order of time."""

    events: tuple[SlideEvent, ...]
    remarks: tuple[str, ...] = ()


class _Shown(Record):
    """A picture of `deck` that was on from `start` until `end`, in seconds; `slide` is None for a shared screen."""

    start: float
    end: float
    deck: str
    slide: int | None


def slide_events_in(path: Path) -> SlideEventFile:
    """Return when each slide was shown by a file of either kind; to be called in a limited child.

    Slides of another deck than the one shown longest (BigBlueButton's own welcome page) are no slide of ours.
    Raises UnusableDrop if it is neither.
    """
    if path.stat().st_size > LARGEST:
        raise UnusableDrop("It is too large to say when slides were shown.", file=path.name, remedy=EXPORT_AGAIN)
    content = path.read_bytes()
    if content.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        return _of(_pictures(content, path.name))
    text = content.decode("utf-8-sig", "replace").replace("\r\n", "\n").replace("\r", "\n")
    return SlideEventFile(events=tuple(_cues(text)))


def _cues(text: str) -> Iterator[SlideEvent]:
    events = [
        SlideEvent(at=int(hours or 0) * 3600 + int(minutes) * 60 + float(f"{seconds}.{part}"), slide=int(number))
        for number, hours, minutes, seconds, part in CUE.findall(text)[:MOST]
    ]
    yield from sorted(events, key=lambda event: event.at)


def _pictures(content: bytes, name: str) -> list[_Shown]:
    """Return the pictures of shapes.svg: `<image in="0.0" out="40.8" xlink:href="presentation/<deck>/slide-1.png">`.

    Old ones give several times in one attribute, separated by spaces.
    """
    found = list[_Shown]()

    def begins(tag: str, attributes: dict[str, str]) -> None:
        if tag.rpartition(":")[2] == "image" and len(found) < MOST:
            found.extend(_of_image(attributes))

    def refuse(*_: object) -> None:
        raise UnusableDrop("It defines entities, which no platform's file does.", file=name, remedy=EXPORT_AGAIN)

    parser = expat.ParserCreate()
    parser.StartElementHandler = begins
    parser.EntityDeclHandler = refuse
    try:
        parser.Parse(content, True)
    except expat.ExpatError as error:
        raise UnusableDrop("It is incomplete or damaged.", file=name, remedy=EXPORT_AGAIN) from error
    return found


def _of_image(attributes: dict[str, str]) -> Iterator[_Shown]:
    address = attributes.get("xlink:href") or attributes.get("href") or ""
    picture = PICTURE.search(address)
    begins, ends = _times(attributes.get("in", "")), _times(attributes.get("out", ""))
    if not picture and "deskshare" not in address:
        return
    for start, end in zip(begins, ends, strict=False):
        if start < end:
            deck, slide = (picture[1], int(picture[2])) if picture else ("", None)
            yield _Shown(start=start, end=end, deck=deck, slide=slide)


def _times(said: str) -> list[float]:
    """Return the seconds in an attribute, without what is no time."""
    numbers = [float(part) for part in said.split() if re.fullmatch(r"\d{1,7}(\.\d{1,9})?", part)]
    return [number for number in numbers if number <= LONGEST]


def _of(shown: Sequence[_Shown]) -> SlideEventFile:
    """Return events of the deck that was shown longest, none where another or nothing was."""
    seconds = defaultdict[str, float](float)
    for one in shown:
        if one.slide is not None:
            seconds[one.deck] += one.end - one.start
    ours = max(seconds, key=lambda deck: seconds[deck], default="")
    ordered = sorted(shown, key=lambda one: one.start)
    events = list[SlideEvent]()
    nexts = [*(one.start for one in ordered[1:]), LONGEST + 1]
    for one, following in zip(ordered, nexts, strict=False):
        events.append(SlideEvent(at=one.start, slide=one.slide if one.deck == ours else None))
        if following > one.end:
            events.append(SlideEvent(at=one.end, slide=None))
    others = len(seconds) - 1
    remarks = (f"other presentations shown in it are left out: {others}",) if others > 0 else ()
    return SlideEventFile(events=tuple(events), remarks=remarks)
