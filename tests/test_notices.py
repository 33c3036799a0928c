"""What staff read beside their files."""

import errno
from pathlib import Path

import pytest

from digest import notices
from digest.errors import MissingTool, UnusableDrop
from digest.settings import Settings


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Return settings whose state folder is the test's own."""
    return Settings(state=tmp_path / "state")


def test_a_problem_says_what_which_file_and_what_to_do(tmp_path: Path, settings: Settings) -> None:
    """PROBLEM.txt has the three things that staff need, and that a changed drop is tried again by itself."""
    error = UnusableDrop("The presentation is locked.", file="talk.pptx", remedy="Save a copy without a password.")

    text = notices.write_problem(tmp_path, error, settings).read_text(encoding="utf-8")

    assert "What happened:  The presentation is locked." in text
    assert "File:           talk.pptx" in text
    assert "What to do:     Save a copy without a password." in text
    assert "tried again by themselves" in text
    assert "Error" not in text


def test_a_solved_problem_is_taken_away(tmp_path: Path, settings: Settings) -> None:
    """PROBLEM.txt does not outlive the problem."""
    notices.write_problem(tmp_path, UnusableDrop("It is empty.", remedy="Copy it again."), settings)

    notices.clear_problem(tmp_path, settings)

    assert not (tmp_path / notices.PROBLEM).exists()


def test_a_folder_that_cannot_be_written_to_is_no_problem(tmp_path: Path, settings: Settings) -> None:
    """For a drop on a share that is gone or read-only the notice lies in the state folder."""
    gone = tmp_path / "file.txt" / "drop"
    (tmp_path / "file.txt").write_text("no folder", encoding="utf-8")

    written = notices.write_status(gone, "Being worked on.", settings)

    assert written == settings.state / "notices" / "drop" / "STATUS.txt"
    assert written.read_text(encoding="utf-8").startswith("Being worked on.")


def test_a_link_in_the_drop_is_replaced_not_followed(tmp_path: Path, settings: Settings) -> None:
    """A STATUS.txt that points elsewhere cannot make the program overwrite another file."""
    precious = tmp_path / "precious.txt"
    precious.write_text("precious", encoding="utf-8")
    drop = tmp_path / "drop"
    drop.mkdir()
    (drop / "STATUS.txt").symlink_to(precious)

    notices.write_status(drop, "Being worked on.", settings)

    assert precious.read_text(encoding="utf-8") == "precious"
    assert not (drop / "STATUS.txt").is_symlink()


def test_what_nobody_foresaw_is_kept_and_told_in_a_sentence(settings: Settings) -> None:
    """The trace goes into a file whose name the sentence gives."""
    try:
        int("a bug")
    except ValueError as error:
        words = notices.keep_trace(error, settings)

    (kept,) = (settings.state / "crashes").iterdir()
    assert "Traceback" in kept.read_text(encoding="utf-8")
    assert str(kept) in str(words)
    assert "Traceback" not in str(words)


def test_a_full_disk_is_told_to_the_operator(tmp_path: Path, settings: Settings) -> None:
    """A folder that cannot be used is named with the reason; that is nobody's mistake in the program."""
    full = OSError(errno.ENOSPC, "No space left on device", str(tmp_path / "media"))

    told = notices.keep_trace(full, settings)

    assert isinstance(told, MissingTool)
    assert f"“{tmp_path / 'media'}” cannot be used (No space left on device)" in str(told)
    assert not settings.state.exists()
