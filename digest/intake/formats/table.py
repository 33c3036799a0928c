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
    descript_transcript,
    meet_chat,
    meet_transcript,
    otter_transcript,
    question_report,
    rev_transcript,
    slide_cues,
    subrip,
    subviewer,
    teams_transcript,
    teams_transcript_with_ends,
    webvtt,
    whisper_console,
    zoom_chat,
    zoom_closed_caption,
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
        "Zoom closed captions",
        "captions",
        zoom_closed_caption.fits,
        zoom_closed_caption.read,
        endings=("txt",),
        sample="closed_caption.txt",
        source="closed_caption.txt beside Zoom's local recordings",
    ),
    Format(
        "Otter transcript",
        "captions",
        otter_transcript.fits,
        otter_transcript.read,
        endings=("txt",),
        sample="otter.txt",
        source="transcripts that Otter exports as text",
    ),
    Format(
        "Rev transcript",
        "captions",
        rev_transcript.fits,
        rev_transcript.read,
        endings=("txt",),
        sample="rev.txt",
        source="transcripts that Rev exports as text",
    ),
    Format(
        "Descript transcript",
        "captions",
        descript_transcript.fits,
        descript_transcript.read,
        endings=("txt",),
        sample="descript.txt",
        source="transcripts that Descript exports as text",
    ),
    Format(
        "Whisper on the console",
        "captions",
        whisper_console.fits,
        whisper_console.read,
        endings=("txt", "srt"),
        sample="whisper_console.txt",
        source="openai-whisper, transcribe.py, verbose",
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
        called=("question", ".csv"),
    ),
)
ENDINGS = frozenset(ending for row in FORMATS for ending in row.endings)


def recognise(file: CompanionFile) -> Format | None:
    """Return the format that most of a file's head is written in, of several alike the first; else what its name says.

    Raises UnusableDrop where a Word file cannot be opened; one is opened here, so call `role_of` in a limited child.
    """
    shares = {row.name: share for row in FORMATS if (share := row.fits(file)) > 0}
    log.debug("%s fits %s", file.name, shares or "no format")
    if shares:
        return next(row for row in FORMATS if shares.get(row.name) == max(shares.values()))
    return next((row for row in FORMATS if row.called and file.is_plain and _is_called(file.name, *row.called)), None)


def role_of(path: Path, name: str) -> Role | None:
    """Return what a companion is for, by the format that it is recognised as; None where it is none."""
    found = recognise(CompanionFile(path, name))
    return found.role if found else None


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
