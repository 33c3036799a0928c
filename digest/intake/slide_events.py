"""When the platform says that slides were shown: BigBlueButton's shapes.svg or events.xml, or cues called slide-N.

All are read as data by functions that run in a limited child (`sandbox.call`); an entity in the XML refuses the file.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import groupby, pairwise
from pathlib import Path
from xml.parsers import expat

from digest.errors import UnusableDrop
from digest.model.artifact import Record
from digest.model.companions import SlideEvent
from digest.text.clock import TIME, parse_clock

LARGEST = 64_000_000  # bytes
LONGEST = 86_400.0  # seconds: a time beyond is none
MOST = 100_000  # events
PICTURE = re.compile(r"presentation/([^/]{1,200})/(?:svgs/)?slide-?(\d{1,4})\.\w{3,4}$")
CUE = re.compile(rf"^slide-(\d{{1,4}})[ \t]*\n({TIME})[ \t]*-->", re.MULTILINE)
SAID = {"presentationName", "slide", "status"}  # parts of an event that are looked at
LONGEST_NAME = 200  # letters of such a part
STAMP = re.compile(r"\d{1,15}$")  # milliseconds
SCREEN = {
    "DeskshareStartedEvent": True, "StartWebRTCDesktopShareEvent": True,
    "DeskshareStoppedEvent": False, "StopWebRTCDesktopShareEvent": False,
}  # fmt: skip
TOLD = {"SharePresentationEvent", "GotoSlideEvent", "RecordStatusEvent", *SCREEN}  # of thousands of a pointer's
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


class _Event(Record):
    """An event of events.xml: `at` in milliseconds of a clock of the server's, `said` by the names in SAID."""

    at: int
    name: str
    said: dict[str, str]


def slide_events_in(path: Path) -> SlideEventFile:
    """Return when each slide was shown by a file of any of these kinds; to be called in a limited child.

    Slides of another deck than the one shown longest (BigBlueButton's own welcome page) are no slide of ours.
    Raises UnusableDrop if it is none of them.
    """
    if path.stat().st_size > LARGEST:
        raise UnusableDrop("It is too large to say when slides were shown.", file=path.name, remedy=EXPORT_AGAIN)
    content = path.read_bytes()
    if content.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        return _of(_shown(content, path.name))
    text = content.decode("utf-8-sig", "replace").replace("\r\n", "\n").replace("\r", "\n")
    return SlideEventFile(events=tuple(_cues(text)))


def _cues(text: str) -> Iterator[SlideEvent]:
    events = [
        SlideEvent(at=at, slide=int(number))
        for number, time in CUE.findall(text)[:MOST]
        if (at := parse_clock(time)) is not None
    ]
    yield from sorted(events, key=lambda event: event.at)


def _shown(content: bytes, name: str) -> list[_Shown]:
    """Return the pictures of shapes.svg, or what events.xml tells.

    `<image in="0.0" out="40.8" xlink:href="presentation/<deck>/slide-1.png">`, in old files with several times in one
    attribute, separated by spaces; `<event timestamp="14180" eventname="GotoSlideEvent"><slide>1</slide></event>`.
    """
    found, events, saying = list[_Shown](), list[_Event](), ""
    last: _Event | None = None

    def begins(tag: str, attributes: dict[str, str]) -> None:
        nonlocal saying, last
        tag = tag.rpartition(":")[2]
        saying = tag if tag in SAID and last and last.name in TOLD else ""
        if tag == "image" and len(found) < MOST:
            found.extend(_of_image(attributes))
        elif tag == "event" and len(events) < MOST and STAMP.match(attributes.get("timestamp", "")):
            last = _Event(at=int(attributes["timestamp"]), name=attributes.get("eventname", ""), said={})
            if last.name in TOLD or not events:  # the first one of all is when a recording without marks begins
                events.append(last)

    def says(text: str) -> None:
        if saying:
            said = events[-1].said  # the last event is told, else nothing of it is listened to
            said[saying] = (said.get(saying, "") + text)[:LONGEST_NAME]

    def ends(_: str) -> None:
        nonlocal saying
        saying = ""

    parser = _parser(name)
    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = begins, ends, says
    try:
        parser.Parse(content, True)
    except expat.ExpatError as error:
        raise UnusableDrop("It is incomplete or damaged.", file=name, remedy=EXPORT_AGAIN) from error
    if last and last.name not in TOLD:
        events.append(last)  # the end
    return found or list(_of_events(sorted(events, key=lambda event: event.at)))


def _parser(name: str) -> expat.XMLParserType:
    """Return a parser that raises UnusableDrop where the file of this name defines an entity."""

    def refuse(*_: object) -> None:
        raise UnusableDrop("It defines entities, which no platform's file does.", file=name, remedy=EXPORT_AGAIN)

    parser = expat.ParserCreate()
    parser.EntityDeclHandler = refuse
    return parser


def _of_events(events: Sequence[_Event]) -> Iterator[_Shown]:
    """Yield what was shown from one event to the next, in seconds of the recording.

    As BigBlueButton itself makes a recording of them (record-and-playback, generators/events.rb and
    publish/presentation.rb): only what lies between presses of the record button is in it, slides are counted from 0,
    and a presentation that is shared again stands where it was left.
    """
    if not events:
        return
    parts = list(_recorded(events))
    deck, slides, is_screen = "", dict[str, int](), False
    for event, following in pairwise([*events, events[-1]]):
        if event.name == "SharePresentationEvent":
            deck = event.said.get("presentationName", "").strip()
        elif event.name == "GotoSlideEvent" and re.fullmatch(r"\s*\d{1,4}\s*", event.said.get("slide", "")):
            slides[deck] = int(event.said["slide"]) + 1
        is_screen = SCREEN.get(event.name, is_screen)
        start, end = (sum(min(at, off) - on for on, off in parts if on < at) for at in (event.at, following.at))
        if start < end <= LONGEST * 1000 and (deck or slides):
            slide = None if is_screen else slides.get(deck, 1)
            yield _Shown(start=start / 1000, end=end / 1000, deck=deck, slide=slide)


def _recorded(events: Sequence[_Event]) -> Iterator[tuple[int, int]]:
    """Yield from when until when the record button was on; all the time where there is none."""
    presses = [event for event in events if event.name == "RecordStatusEvent"]
    if not presses:
        yield events[0].at, events[-1].at
    on: int | None = None
    for press in presses:
        is_on = {"true": True, "false": False}.get(press.said.get("status", "").strip(), on is None)
        if is_on and on is None:
            on = press.at
        elif not is_on and on is not None:
            yield on, press.at
            on = None
    if on is not None:
        yield on, events[-1].at


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
    changes = (next(same) for _, same in groupby(events, key=lambda event: event.slide))
    others = len(seconds) - 1
    remarks = (f"other presentations shown in it are left out: {others}",) if others > 0 else ()
    return SlideEventFile(events=tuple(changes), remarks=remarks)
