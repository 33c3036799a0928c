"""Captions whose cues are called slide-N: when each slide came."""

import re

from digest.intake.encoding import decode_text
from digest.intake.formats.companion_file import CompanionFile, Contents
from digest.intake.formats.slide_views import MAX_EVENTS, content_of
from digest.intake.formats.webvtt import is_webvtt
from digest.model.companions import SlideEvent
from digest.text.clock import TIME, parse_clock

CUE = re.compile(rf"^slide-(\d{{1,4}})[ \t]*\n({TIME})[ \t]*-->", re.MULTILINE)


def fits(file: CompanionFile) -> float:
    """Return 1.0 for WebVTT with such a cue."""
    return float(is_webvtt(file) and bool(re.search(r"^slide-\d", file.head, re.MULTILINE | re.IGNORECASE)))


def read(file: CompanionFile) -> Contents:
    """Return the first second of each cue with the number in its name."""
    text, _ = decode_text(content_of(file))
    events = [
        SlideEvent(at=at, slide=int(number))
        for number, time in CUE.findall(text)[:MAX_EVENTS]
        if (at := parse_clock(time)) is not None
    ]
    return Contents(slide_events=tuple(sorted(events, key=lambda event: event.at)))
