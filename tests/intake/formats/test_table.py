"""Formats of companions: one row and one file each, recognised by what is in a file."""

import re
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digest.errors import UnusableDrop
from digest.intake import formats
from digest.intake.formats import table
from digest.intake.formats.companion_file import CompanionFile, Contents
from digest.intake.formats.table import FORMATS, Format, read_companion, recognise
from digest.model.companions import CompanionCue
from tests.intake.formats.builders import MEET, ZOOM, a_word_file

FOLDER = Path(formats.__file__).parent
SAMPLES = Path(__file__).parent.parent / "samples"
CONSOLE = re.compile(r"@(\d\d)'(\d\d) +(.*)")


def a_file(folder: Path, name: str, content: str | bytes) -> CompanionFile:
    """Return a file of this name and content."""
    path = folder / "companion"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return CompanionFile(path, name)


def test_every_format_has_a_file_and_a_row() -> None:
    """A file of the folder that reads something stands in the table, once, with a name and a sample of its own."""
    readers = {path.stem for path in FOLDER.glob("*.py") if "\ndef fits(" in path.read_text(encoding="utf-8")}

    assert sorted(row.read.__module__.rpartition(".")[2] for row in FORMATS) == sorted(readers)
    assert all(row.read.__module__ == row.fits.__module__ for row in FORMATS)
    assert len({row.name for row in FORMATS}) == len({row.sample for row in FORMATS}) == len(FORMATS)
    assert {row.sample for row in FORMATS} == {path.name for path in SAMPLES.iterdir()}
    assert all(row.source for row in FORMATS)


@pytest.mark.parametrize("row", FORMATS, ids=[row.name for row in FORMATS])
def test_a_sample_is_recognised_and_read(row: Format) -> None:
    """Each format is known by what is in its sample, and read as what it is for."""
    file = CompanionFile(SAMPLES / row.sample, row.sample)
    recognised = recognise(file)

    contents = row.read(file)

    assert recognised
    assert recognised.role == row.role
    assert recognised == row
    assert file.path.suffix.removeprefix(".") in row.endings
    assert read_companion(file.path, row.role) == contents
    assert contents != Contents(remarks=contents.remarks)


@pytest.mark.parametrize("row", FORMATS, ids=[row.name for row in FORMATS])
def test_a_format_fits_from_none_to_all(row: Format) -> None:
    """How much of a file is written so is a share."""
    shares = [row.fits(CompanionFile(SAMPLES / other.sample, other.sample)) for other in FORMATS]

    assert all(0 <= share <= 1 for share in shares)
    assert max(shares) > 0


@pytest.mark.parametrize(
    ("name", "content", "role"),
    [
        ("a.vtt", ZOOM, "captions"),
        ("a.txt", ZOOM, "captions"),
        ("chat.sbv", "00:00:05.000,00:00:08.000\nAnn: hello\n", "chat"),
        ("captions.sbv", "00:00:05.000,00:00:08.000\nAnn: hello\n", "captions"),
        ("saved.txt", "14:02:11 From Ann : hello\n", "chat"),
        ("saved.csv", "14:02:11 From Ann : hello\n", None),
        ("chat.txt", "", "chat"),
        ("chat.txt", "<a/>", None),
        ("notes.txt", "nothing of the kind", None),
        ("report.csv", "Question,Asker Name\nPolls of all kinds?,Ann\n", "questions"),
        ("report.csv", "Topic,# Question\nPolls of all kinds,2\n", None),
        ("report.csv", "Poll Report\nTopic,# Question\n", "polls"),
        ("questions.csv", "Text;Wer?\n", "questions"),
        ("page.xml", "<html>", None),
        ("a.docx", a_word_file("Programme"), None),
        ("a.docx", a_word_file(*MEET), "captions"),
        ("a.csv", a_word_file("question, poll"), None),
    ],
)
def test_what_is_in_a_file_says_what_it_is_for(
    tmp_path: Path, name: str, content: str | bytes, role: str | None
) -> None:
    """Its name decides only where that fits two, or none."""
    found = recognise(a_file(tmp_path, name, content))

    assert (found.role if found else None) == role


def fits_console(file: CompanionFile) -> float:
    """Return the share of lines as a recorder on a console prints them."""
    return file.share_of_lines(CONSOLE)


def read_console(file: CompanionFile) -> Contents:
    """Return the lines that it printed."""
    found = [CONSOLE.match(line) for line in file.text()[0].split("\n")]
    starts = [(int(line[1]) * 60.0 + int(line[2]), line[3]) for line in found if line]
    return Contents(cues=tuple(CompanionCue(start=start, end=start + 1, text=text) for start, text in starts))


def test_another_format_is_one_row(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With two functions and a row a file is known and read that was not before."""
    file = a_file(tmp_path, "output.txt", "@00'01 Who pays?\n@00'03 We all do.\n")
    before = recognise(file)
    row = Format("console", "captions", fits_console, read_console, ("txt",), "console.txt", "a console")

    monkeypatch.setattr(table, "FORMATS", (*FORMATS, row))

    assert before is None
    assert recognise(file) is row
    assert [(cue.start, cue.text) for cue in read_companion(file.path, "captions").cues] == [
        (1, "Who pays?"),
        (3, "We all do."),
    ]


def test_enormous_files_are_refused_unread(tmp_path: Path) -> None:
    """What is larger than any chat or transcript is not read; files on slides may be larger."""
    (text := tmp_path / "captions-1.vtt").write_text("WEBVTT\n" + "\n" * 20_000_000)
    (slides := tmp_path / "slides-1.xml").write_text("<recording><event eventname='a'/>" + "\n" * 64_000_000)

    with pytest.raises(UnusableDrop, match="larger than 20 MB"):
        read_companion(text, "captions")
    with pytest.raises(UnusableDrop, match="too large to say when slides were shown"):
        read_companion(slides, "slide_events")


# What begins as some format does goes deeper into its reader.
BEGUN = st.tuples(
    st.sampled_from([path.read_bytes()[:400] for path in sorted(SAMPLES.iterdir()) if path.suffix != ".docx"]),
    st.integers(0, 400),
    st.binary(max_size=200),
).map(lambda parts: parts[0][: parts[1]] + parts[2] + parts[0][parts[1] :])


@given(
    st.sampled_from(("x", "x.csv", "chat.txt")), st.binary(max_size=400) | st.text(max_size=400).map(str.encode) | BEGUN
)
@settings(max_examples=150, deadline=None)
def test_anything_is_read_or_refused(name: str, content: bytes) -> None:
    """Whatever lies in a file, each format returns what it found or says in words why not."""
    with TemporaryDirectory() as folder:
        file = a_file(Path(folder), name, content)
        for row in FORMATS:
            assert 0 <= row.fits(file) <= 1
            with suppress(UnusableDrop):
                assert row.read(file)
            with suppress(UnusableDrop):
                assert read_companion(file.path, row.role)


def test_a_chat_whose_clock_has_no_seconds_is_read(tmp_path: Path) -> None:
    """Where no format's head fits, each of the role is tried: Zoom's cloud chat with hours and minutes alone."""
    chat = tmp_path / "chat-1.txt"
    chat.write_text("14:28\tAnn Smith:\thello\n", encoding="utf-8")

    read = read_companion(chat, "chat")

    assert [(one.from_, one.text) for one in read.messages] == [("Ann Smith", "hello")]
