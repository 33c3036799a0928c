"""What BigBlueButton's files on slides have in common: XML read as data, and what was on from when until when."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from itertools import groupby
from xml.parsers import expat

from digest.errors import UnusableDrop
from digest.intake.formats.companion_file import CompanionFile, Contents
from digest.model.artifact import Record
from digest.model.companions import SlideEvent

MAX_SLIDE_BYTES = 64_000_000
MAX_TIME = 86_400.0  # seconds: a time beyond is none
MAX_EVENTS = 100_000
EXPORT_AGAIN = "Download it from the platform again."


class SlideView(Record):
    """A picture of `deck` that was on from `start` until `end`, in seconds; `slide` is None for a shared screen."""

    start: float
    end: float
    deck: str
    slide: int | None


def content_of(file: CompanionFile) -> bytes:
    """Return the whole file, which may be larger than a text. Raises UnusableDrop where that is too much."""
    if file.size > MAX_SLIDE_BYTES:
        raise UnusableDrop("It is too large to say when slides were shown.", file=file.path.name, remedy=EXPORT_AGAIN)
    return file.path.read_bytes()


def parse_xml(
    file: CompanionFile,
    begins: Callable[[str, dict[str, str]], None],
    says: Callable[[str], None] | None = None,
    ends: Callable[[str], None] | None = None,
) -> None:
    """Call these for each element, text and end of element of a file.

    Raises UnusableDrop where it is no XML to its end, or defines an entity, which no platform's file does.
    """
    name = file.path.name

    def refuse(*_: object) -> None:
        raise UnusableDrop("It defines entities, which no platform's file does.", file=name, remedy=EXPORT_AGAIN)

    parser = expat.ParserCreate()
    parser.EntityDeclHandler = refuse
    parser.StartElementHandler, parser.CharacterDataHandler, parser.EndElementHandler = begins, says, ends
    try:
        parser.Parse(content_of(file), True)
    except expat.ExpatError as error:
        raise UnusableDrop("It is incomplete or damaged.", file=name, remedy=EXPORT_AGAIN) from error


def contents_of(views: Sequence[SlideView]) -> Contents:
    """Return events of the deck that was on longest, none where another or nothing was.

    BigBlueButton's own welcome page is another deck: none of its slides is ours.
    """
    seconds = defaultdict[str, float](float)
    for view in views:
        if view.slide is not None:
            seconds[view.deck] += view.end - view.start
    ours = max(seconds, key=lambda deck: seconds[deck], default="")
    ordered = sorted(views, key=lambda view: view.start)
    events = list[SlideEvent]()
    nexts = [*(view.start for view in ordered[1:]), MAX_TIME + 1]
    for view, following in zip(ordered, nexts, strict=False):
        events.append(SlideEvent(at=view.start, slide=view.slide if view.deck == ours else None))
        if following > view.end:
            events.append(SlideEvent(at=view.end, slide=None))
    changes = (next(same) for _, same in groupby(events, key=lambda event: event.slide))
    others = len(seconds) - 1
    remarks = (f"other presentations shown in it are left out: {others}",) if others > 0 else ()
    return Contents(slide_events=tuple(changes), remarks=remarks)
