"""BigBlueButton's events.xml: presentations shared, slides turned to, screens shared, the record button pressed.

`<event timestamp="14180" eventname="GotoSlideEvent"><slide>1</slide></event>`, the timestamp in milliseconds of a clock
of the server's.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from digest.intake.formats.companion_file import CompanionFile, Contents
from digest.intake.formats.slide_views import MAX_EVENTS, MAX_TIME, SlideView, contents_of, parse_xml
from digest.model.artifact import Record

PARTS = {"presentationName", "slide", "status"}  # of an event that are looked at
MAX_PART = 200  # letters of one
STAMP = re.compile(r"\d{1,15}$")  # milliseconds
SCREEN = {
    "DeskshareStartedEvent": True, "StartWebRTCDesktopShareEvent": True,
    "DeskshareStoppedEvent": False, "StopWebRTCDesktopShareEvent": False,
}  # fmt: skip
NEEDED = {"SharePresentationEvent", "GotoSlideEvent", "RecordStatusEvent", *SCREEN}  # of thousands of a pointer's


class PlatformEvent(Record):
    """An event: `at` in milliseconds of a clock of the server's, its `parts` by the names in PARTS."""

    at: int
    name: str
    parts: dict[str, str]


def fits(file: CompanionFile) -> float:
    """Return 1.0 for XML with an event that has a name."""
    return float(file.is_markup and bool(re.search(r"<event [^>]*eventname=", file.head, re.IGNORECASE)))


def read(file: CompanionFile) -> Contents:
    """Return when each slide came and went, in seconds of the recording."""
    return contents_of(list(_views(sorted(_events(file), key=lambda event: event.at))))


def _events(file: CompanionFile) -> list[PlatformEvent]:
    """Return the events that are needed, and the first and the last of all: when a recording without marks ran."""
    events, part = list[PlatformEvent](), ""
    last: PlatformEvent | None = None

    def begins(tag: str, attributes: dict[str, str]) -> None:
        nonlocal part, last
        tag = tag.rpartition(":")[2]
        part = tag if tag in PARTS and last and last.name in NEEDED else ""
        if tag == "event" and len(events) < MAX_EVENTS and STAMP.match(attributes.get("timestamp", "")):
            last = PlatformEvent(at=int(attributes["timestamp"]), name=attributes.get("eventname", ""), parts={})
            if last.name in NEEDED or not events:
                events.append(last)

    def says(text: str) -> None:
        if part:
            parts = events[-1].parts  # the last event is needed, else nothing of it is listened to
            parts[part] = (parts.get(part, "") + text)[:MAX_PART]

    def ends(_: str) -> None:
        nonlocal part
        part = ""

    parse_xml(file, begins, says, ends)
    return [*events, last] if last and last.name not in NEEDED else events


def _views(events: Sequence[PlatformEvent]) -> Iterator[SlideView]:
    """Yield what was on from one event to the next, in seconds of the recording.

    As BigBlueButton itself makes a recording of them (record-and-playback, generators/events.rb and
    publish/presentation.rb): only what lies between presses of the record button is in it, slides are counted from 0,
    and a presentation that is shared again stands where it was left.
    """
    if not events:
        return
    spans = list(_recording_spans(events))
    deck, slides, is_screen = "", dict[str, int](), False
    for event, following in pairwise([*events, events[-1]]):
        if event.name == "SharePresentationEvent":
            deck = event.parts.get("presentationName", "").strip()
        elif event.name == "GotoSlideEvent" and re.fullmatch(r"\s*\d{1,4}\s*", event.parts.get("slide", "")):
            slides[deck] = int(event.parts["slide"]) + 1
        is_screen = SCREEN.get(event.name, is_screen)
        start, end = (sum(min(at, off) - on for on, off in spans if on < at) for at in (event.at, following.at))
        if start < end <= MAX_TIME * 1000 and (deck or slides):
            slide = None if is_screen else slides.get(deck, 1)
            yield SlideView(start=start / 1000, end=end / 1000, deck=deck, slide=slide)


def _recording_spans(events: Sequence[PlatformEvent]) -> Iterator[tuple[int, int]]:
    """Yield from when until when the record button was on; all the time where there is none."""
    presses = [event for event in events if event.name == "RecordStatusEvent"]
    if not presses:
        yield events[0].at, events[-1].at
    on: int | None = None
    for press in presses:
        is_on = {"true": True, "false": False}.get(press.parts.get("status", "").strip(), on is None)
        if is_on and on is None:
            on = press.at
        elif not is_on and on is not None:
            yield on, press.at
            on = None
    if on is not None:
        yield on, events[-1].at
