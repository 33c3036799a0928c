"""All formats of companions, a row each: what a file is, and reading it."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from digest.errors import UnusableDrop
from digest.intake.formats import (
    bigbluebutton_chat,
    bigbluebutton_events,
    bigbluebutton_notes,
    bigbluebutton_shapes,
    meet_chat,
    meet_transcript,
    question_report,
    slide_cues,
    subrip,
    subviewer,
    teams_transcript,
    teams_transcript_with_ends,
    webvtt,
    zoom_chat,
    zoom_cloud_chat,
    zoom_poll_report,
)
from digest.intake.formats.companion_file import CompanionFile, Contents
from digest.model.drop import Role

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Format:
    """A row of the table.

    `fits` says how much of a file's head is written so, from 0 to 1; `read` raises UnusableDrop where nothing is in it.
    `endings` are what programs call such files, `called` (the beginning of a name, its ending) what staff call one that
    does not show what it is. `sample` lies in tests/intake/samples/, `source` is where the format is known from.
    """

    name: str
    role: Role
    fits: Callable[[CompanionFile], float]
    read: Callable[[CompanionFile], Contents]
    endings: tuple[str, ...]
    sample: str
    source: str
    called: tuple[str, str] | None = None


# In the order of asking: what begins with its own mark comes before what only has such lines somewhere.
FORMATS = (
    Format(
        "Teams transcript with ends",
        "captions",
        teams_transcript_with_ends.fits,
        teams_transcript_with_ends.read,
        endings=("docx",),
        sample="teams_with_ends.docx",
        source="Word files of Microsoft Teams until 2022",
    ),
    Format(
        "Teams transcript",
        "captions",
        teams_transcript.fits,
        teams_transcript.read,
        endings=("docx",),
        sample="teams.docx",
        source="Word files of Microsoft Teams since",
    ),
    Format(
        "Google Meet transcript",
        "captions",
        meet_transcript.fits,
        meet_transcript.read,
        endings=("docx",),
        sample="meet.docx",
        source="Google Docs of Meet, saved as Word files",
    ),
    Format(
        "BigBlueButton chat",
        "chat",
        bigbluebutton_chat.fits,
        bigbluebutton_chat.read,
        endings=("xml",),
        sample="slides_new.xml",
        source="BigBlueButton, record-and-playback, publish/presentation.rb",
    ),
    Format(
        "BigBlueButton events",
        "slide_events",
        bigbluebutton_events.fits,
        bigbluebutton_events.read,
        endings=("xml",),
        sample="events.xml",
        source="BigBlueButton, record-and-playback, generators/events.rb",
    ),
    Format(
        "BigBlueButton shapes",
        "slide_events",
        bigbluebutton_shapes.fits,
        bigbluebutton_shapes.read,
        endings=("svg", "xml"),
        sample="shapes.svg",
        source="BigBlueButton, record-and-playback, publish/presentation.rb",
    ),
    Format(
        "cues called slide-N",
        "slide_events",
        slide_cues.fits,
        slide_cues.read,
        endings=("vtt",),
        sample="slides.vtt",
        source="WebVTT with chapters of slides",
    ),
    Format(
        "WebVTT",
        "captions",
        webvtt.fits,
        webvtt.read,
        endings=("vtt",),
        sample="captions.vtt",
        source="W3C, WebVTT: The Web Video Text Tracks Format",
    ),
    Format(
        "Google Meet chat",
        "chat",
        meet_chat.fits,
        meet_chat.read,
        endings=("sbv",),
        sample="chat.sbv",
        source="chats that Meet saves beside a recording",
    ),
    Format(
        "SubRip",
        "captions",
        subrip.fits,
        subrip.read,
        endings=("srt", "txt"),
        sample="captions.srt",
        source="SubRip, as players read it",
    ),
    Format(
        "SubViewer",
        "captions",
        subviewer.fits,
        subviewer.read,
        endings=("sbv",),
        sample="captions.sbv",
        source="captions as YouTube exports them",
    ),
    Format(
        "Zoom chat",
        "chat",
        zoom_chat.fits,
        zoom_chat.read,
        endings=("txt",),
        sample="meeting_saved_chat.txt",
        source="chats that participants of Zoom save, older and newer",
        called=("chat", ".txt"),
    ),
    Format(
        "Zoom cloud chat",
        "chat",
        zoom_cloud_chat.fits,
        zoom_cloud_chat.read,
        endings=("txt",),
        sample="cloud_chat.txt",
        source="chats beside Zoom's cloud recordings",
    ),
    Format(
        "BigBlueButton notes",
        "chat",
        bigbluebutton_notes.fits,
        bigbluebutton_notes.read,
        endings=("txt",),
        sample="public_chat.txt",
        source="public chats that participants of BigBlueButton save",
    ),
    Format(
        "Zoom poll report",
        "polls",
        zoom_poll_report.fits,
        zoom_poll_report.read,
        endings=("csv", "tsv"),
        sample="poll_report.csv",
        source="Zoom's reports until and since September 2021",
    ),
    Format(
        "question report",
        "questions",
        question_report.fits,
        question_report.read,
        endings=("csv", "tsv"),
        sample="question_report.csv",
        source="Zoom's Q&A report, and tables like it",
    ),
)
ENDINGS = frozenset(ending for row in FORMATS for ending in row.endings)


def recognise(file: CompanionFile) -> Format | None:
    """Return the first format that anything in a file's head is written in, else the one that its name says."""
    shares = {row.name: share for row in FORMATS if (share := row.fits(file)) > 0}
    log.debug("%s fits %s", file.name, shares or "no format")
    if shares:
        return next(row for row in FORMATS if row.name in shares)
    return next((row for row in FORMATS if row.called and file.is_plain and _is_called(file.name, *row.called)), None)


def read_companion(path: Path, role: Role) -> Contents:
    """Return what a companion holds, read by the format of its role that fits best; called in a limited child.

    Where none fits, its name decides, and all formats like the one it says are tried. Of several that fit alike the
    first that finds something reads it.
    Raises UnusableDrop where none does.
    """
    file = CompanionFile(path, path.name)
    shares = [(row.fits(file), row) for row in FORMATS if row.role == role]
    best = max((share for share, _ in shares), default=0.0)
    fitting = [row for share, row in shares if share == best > 0]
    refused: UnusableDrop | None = None
    for row in fitting or _alike(recognise(file)):
        try:
            return row.read(file)
        except UnusableDrop as error:
            refused = refused or error
    raise refused or UnusableDrop("What is in this file is not known.", remedy="Leave it out.")


def _alike(named: Format | None) -> list[Format]:
    """Return a format, and after it those of its role that are saved with the same ending."""
    if named is None:
        return []
    others = (row for row in FORMATS if row.role == named.role and set(row.endings) & set(named.endings))
    return [named, *(row for row in others if row is not named)]


def _is_called(name: str, beginning: str, ending: str) -> bool:
    return name.startswith(beginning) and name.endswith(ending)
