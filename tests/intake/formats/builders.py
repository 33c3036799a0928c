"""What platforms leave, written for tests, and what is read of it."""

import csv
import io
import zipfile
from pathlib import Path

from digest.intake import companions
from digest.model.companions import Companions
from tests.intake.drops import a_folder, taken

ZOOM = """WEBVTT

1
00:00:01.000 --> 00:00:03.000
Hannah Whitcombe: Good afternoon.

2
00:00:03.500 --> 00:00:05.000
Hannah Whitcombe: Note: this is recorded.

3
00:00:06.000 --> 00:00:09.000
Daniel Okafor: Thank you. Write to me at daniel@halden.example.
"""
NEW_TEAMS = (
    "Cyber norms",
    "23 November 2016, 02:00pm",
    "Hannah Whitcombe   0:03\nGood afternoon.",
    "Okafor, Daniel   0:09\nThank you.",
)
OLD_TEAMS = (
    "0:0:3.0 --> 0:0:6.250\nHannah Whitcombe\nGood afternoon.",
    "0:0:9.0 --> 0:0:12.0\nDaniel Okafor\nThank you.",
)
MEET = (
    "Cyber norms - Transcript",
    "00:00:00",
    "Hannah Whitcombe: Good afternoon.",
    "Daniel Okafor: Thank you.",
    "00:05:00",
    "Daniel Okafor: So.",
)
POPCORN = '<chattimeline in="12" name="Ann" message="a &lt;b&gt;bold&lt;/b&gt; word" target="chat"/>'


def companions_of(tmp_path: Path, **files: str | bytes) -> Companions:
    """Return what is read of a drop with these files; `chat__txt` stands for chat.txt."""
    tmp_path.mkdir(exist_ok=True)
    folder = a_folder(tmp_path)
    for name, content in files.items():
        path = folder / name.replace("__", ".")
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    drop = taken(folder, tmp_path / "w")
    return companions(drop, root=tmp_path / "w")


def a_word_file(*paragraphs: str) -> bytes:
    """Return a Word file of these paragraphs; a newline in one is a line break of Word's."""
    word = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    lines = (
        "".join(f"<w:r><w:t>{line}</w:t><w:br/></w:r>" for line in paragraph.replace(">", "&gt;").split("\n"))
        for paragraph in paragraphs
    )
    body = "".join(f"<w:p>{line}</w:p>" for line in lines)
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", f'<w:document xmlns:w="{word}"><w:body>{body}</w:body></w:document>')
    return content.getvalue()


def said_by(found: Companions) -> list[tuple[str | None, str]]:
    """Return speaker and text of each cue."""
    return [(cue.speaker, cue.text) for cue in found.cues]


def a_report(*rows: tuple[str, ...]) -> str:
    """Return Zoom's report of a poll: its own head, then these rows."""
    report = io.StringIO()
    head = [("Poll Report",), ("Report Generated:", "2016-11-23"), ("Topic", "Webinar ID"), ("Norms, which?", "1")]
    csv.writer(report).writerows([*head, ("Poll Details",), *rows])
    return report.getvalue()


def polls_of(found: Companions) -> list[tuple[str, dict[str, int]]]:
    """Return each poll with how many gave which answer."""
    return [(poll.question, {option.text: option.votes for option in poll.options}) for poll in found.polls]
