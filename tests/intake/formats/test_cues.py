"""Captions and transcripts give who said what, and when."""

import io
import zipfile
from pathlib import Path

import pytest

from tests.intake.formats.builders import MEET, NEW_TEAMS, OLD_TEAMS, ZOOM, a_word_file, companions_of, said_by


def test_names_at_the_head_of_cues(tmp_path: Path) -> None:
    """Zoom's "Name:" is the speaker; another colon in the text stays text; addresses go."""
    found = companions_of(tmp_path, meeting__transcript__vtt=ZOOM)

    assert said_by(found) == [
        ("Hannah Whitcombe", "Good afternoon."),
        ("Hannah Whitcombe", "Note: this is recorded."),
        ("Daniel Okafor", "Thank you. Write to me at […]."),
    ]


def test_colons_without_names_are_text(tmp_path: Path) -> None:
    """Captions without speakers name none, whatever colons there are in them."""
    cues = "\n".join(f"00:00:0{n}.000 --> 00:00:0{n}.900\nStep {n}: go on\n" for n in range(1, 8))

    found = companions_of(tmp_path, captions__vtt=f"WEBVTT\n\n{cues}")

    assert {cue.speaker for cue in found.cues} == {None}


@pytest.mark.parametrize("paragraphs", [OLD_TEAMS, NEW_TEAMS, MEET], ids=["Teams", "Teams, newer", "Meet"])
def test_transcripts_in_word_files(tmp_path: Path, paragraphs: tuple[str, ...]) -> None:
    """Word files of Teams and Google Meet give who said what, in order."""
    found = companions_of(tmp_path, transcript__docx=a_word_file(*paragraphs))

    assert said_by(found)[:2] == [("Hannah Whitcombe", "Good afternoon."), ("Daniel Okafor", "Thank you.")]
    assert all(cue.start < cue.end for cue in found.cues)


def test_word_file_with_entities_is_ignored(tmp_path: Path) -> None:
    """A Word file that wants other files read is not opened further, and staff learn why it was not used."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("word/document.xml", '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>')

    found = companions_of(tmp_path, transcript__docx=content.getvalue())

    assert found.cues == ()
    assert [ignored.why for ignored in found.ignored] == ["It holds what honest Word files never do."]


def test_subviewer_and_captioner(tmp_path: Path) -> None:
    """A captioner's ">> NAME:" is a speaker, and ">>" alone is somebody whom nobody named."""
    text = "0:00:01.000,0:00:02.000\n>> HANNAH WHITCOMBE: Hello.\n\n0:00:03.000,0:00:04.000\n>> Thank you.\n"

    found = companions_of(tmp_path, captions__sbv=text)

    assert said_by(found) == [("Hannah Whitcombe", "Hello."), (None, "Thank you.")]
    assert [(cue.start, cue.end) for cue in found.cues] == [(1, 2), (3, 4)]
