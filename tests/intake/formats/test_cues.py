"""Captions and transcripts give who said what, and when."""

import io
import zipfile
from pathlib import Path

import pytest

from tests.intake.drops import a_folder, taken
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

    (folder := a_folder(tmp_path)).joinpath("transcript.docx").write_bytes(content.getvalue())
    drop = taken(folder, tmp_path / "w")

    assert [ignored.why for ignored in drop.ignored] == ["It holds what honest Word files never do."]


def test_subviewer_and_captioner(tmp_path: Path) -> None:
    """A captioner's ">> NAME:" is a speaker, and ">>" alone is somebody whom nobody named."""
    text = "0:00:01.000,0:00:02.000\n>> HANNAH WHITCOMBE: Hello.\n\n0:00:03.000,0:00:04.000\n>> Thank you.\n"

    found = companions_of(tmp_path, captions__sbv=text)

    assert said_by(found) == [("Hannah Whitcombe", "Hello."), (None, "Thank you.")]
    assert [(cue.start, cue.end) for cue in found.cues] == [(1, 2), (3, 4)]


YOUTUBE = """WEBVTT
Kind: captions
Language: en

00:00:00.000 --> 00:00:02.500 align:start position:0%
_
hello<00:00:00.500><c> everyone</c>

00:00:02.500 --> 00:00:02.510 align:start position:0%
hello everyone
_

00:00:02.510 --> 00:00:05.000 align:start position:0%
hello everyone
today<00:00:03.500><c> we</c><00:00:04.000><c> talk</c>

00:00:05.000 --> 00:00:05.010 align:start position:0%
today we talk
_
""".replace("_", " ")


def test_captions_that_roll_up_are_read_once(tmp_path: Path) -> None:
    """YouTube's own captions have each line two or three times; it is read where it comes first."""
    found = companions_of(tmp_path, captions__vtt=YOUTUBE)

    assert [(cue.start, cue.end, cue.text) for cue in found.cues] == [
        (0.0, 2.51, "hello everyone"),
        (2.51, 5.01, "today we talk"),
    ]


def test_names_of_cues_are_no_words(tmp_path: Path) -> None:
    """Webex names the speaker there, Teams an identity; neither they nor a program's notes are said."""
    webex = (
        '1 "Ann Lee" (29)\n00:00:05.000 --> 00:00:08.000\nGood morning\n\n'
        '2 "Ben" (1)\n00:00:08.000 --> 00:00:09.000\nThanks\n'
    )
    name = "8f2c1b3a-1111-2222-3333-444455556666"
    teams = (
        f"{name}/12-0\n00:00:05.000 --> 00:00:08.000\n<v Lee, Ann (External)>Good morning</v>\n\n"
        f"{name}/13-0\n00:00:08.000 --> 00:00:09.000\n<v ben roy>Thanks</v>\n\nNOTE made\nby us\n"
    )

    first = companions_of(tmp_path / "a", a__vtt=f"WEBVTT\n\n{webex}")
    second = companions_of(tmp_path / "b", a__vtt=f"WEBVTT\n\n{teams}")

    assert said_by(first) == [("Ann Lee", "Good morning"), ("Ben", "Thanks")]
    assert said_by(second) == [("Ann Lee", "Good morning"), ("ben roy", "Thanks")]


def test_no_word_is_lost_for_a_time_or_an_empty_line(tmp_path: Path) -> None:
    """A cue that ends before it begins, or stands for an hour, keeps its words; a year on its line is no number."""
    srt = (
        "1\n00:00:01,000 --> 00:00:00,000\nfirst words\n\n2\n00:00:03 --> 01:00:05\nWe all do.\n\n"
        "3\n00:00:07,000 --> 00:00:09,000\nborn in\n1962\n\n4\n00:00:10,000 --> 00:00:11,000\nlast\n"
    )

    found = companions_of(tmp_path, a__srt=srt)

    assert [cue.text for cue in found.cues] == ["first words", "We all do.", "born in 1962", "last"]
    assert all(cue.start < cue.end <= cue.start + 120 for cue in found.cues)
    assert "2 captions end before they begin, or stand far too long" in found.remarks[0]


@pytest.mark.parametrize(
    "paragraphs",
    [
        ("Programme", "Welcome   10:00", "Ann Lee", "Keynote   10:30", "Ben Roy", "Coffee   11:00"),
        ("Minutes", "Ann Lee: we agreed", "Ben Roy: the budget"),
        ("Programme", "10:00", "Ann Lee: Welcome", "10:30", "Ben Roy: Keynote"),
    ],
)
def test_a_paper_is_no_transcript(tmp_path: Path, paragraphs: tuple[str, ...]) -> None:
    """A programme and minutes have names and times too."""
    assert companions_of(tmp_path, paper__docx=a_word_file(*paragraphs)).cues == ()


def test_what_teams_writes_itself_is_not_said(tmp_path: Path) -> None:
    """That somebody began the transcription stands among what people said."""
    paragraphs = (
        *("Webinar-Meeting Recording", "May 14, 2024, 1:00PM", "32m 15s", "Ann Lee started transcription"),
        *(
            "Ann Lee   0:03",
            "Good morning.",
            "More.",
            "Lee, Ben (External)   1:09",
            "Thanks",
            "Ann Lee stopped transcription",
        ),
    )

    found = companions_of(tmp_path, t__docx=a_word_file(*paragraphs))

    assert said_by(found) == [("Ann Lee", "Good morning. More."), ("Ben Lee", "Thanks")]


def test_a_clock_that_passes_midnight_goes_on(tmp_path: Path) -> None:
    """Zoom's closed captions have the time of the day; seconds count from the first."""
    found = companions_of(tmp_path, cc__txt="[Ann] 11:59:58 PM\nGood morning.\n\n[Ben] 12:00:09 AM\nThanks\n")

    assert [(cue.speaker, cue.start) for cue in found.cues] == [("Ann", 0), ("Ben", 11)]
