"""What would come of a drop."""

import shutil
import subprocess
from pathlib import Path

import pytest

from digest.check import check
from digest.settings import Settings

DEMO = Path(__file__).parent.parent / "recordings" / "demo"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Return settings whose folders are the test's own."""
    return Settings(workspaces=tmp_path / "workspaces", state=tmp_path / "state")


@pytest.fixture
def drop(tmp_path: Path) -> Path:
    """Return a copy of the demo's drop that a test may spoil."""
    return Path(shutil.copytree(DEMO, tmp_path / "cyber norms"))


def cut(path: Path, *, seconds: float) -> Path:
    """Write the beginning of the demo's recording, its index first."""
    picture = ("-vn",) if path.suffix == ".m4a" else ()
    length = ("-t", str(seconds), *picture, "-c", "copy", "-movflags", "+faststart")
    subprocess.run(["ffmpeg", "-v", "error", "-i", str(DEMO / "recording.mp4"), *length, str(path)], check=True)
    return path


def test_the_demo_can_be_run(settings: Settings) -> None:
    """Every file of a good drop is said to be used, what as, and what was found in it."""
    report = check(DEMO, settings)

    used = {used.name: (used.used_as, used.found) for used in report.used}
    assert used["recording.mp4"] == ("recording", "3 min 42 s, picture 1280×720")
    assert used["slides.pptx"] == ("slides", "7 slides")
    assert used["slides.pdf"][0] == "pictures of the slides"
    assert (report.wrong, report.missing, report.ignored) == ((), (), ())
    assert list(settings.workspaces.iterdir()) == []


def test_everything_wrong_is_said_at_once(drop: Path, settings: Settings) -> None:
    """Staff mend a drop once, not once for each file; each fault names its file."""
    (drop / "slides.pdf").unlink()
    (drop / "slides.pptx").write_bytes((drop / "slides.pptx").read_bytes()[:20_000])
    (drop / "event.toml").write_text('title = "Cyber norms"\ndate = "soon"\n', encoding="utf-8")

    report = check(drop, settings)

    assert {wrong.file for wrong in report.wrong} == {"slides.pptx", "event.toml"}
    assert all(wrong.what and wrong.remedy for wrong in report.wrong)


def test_what_is_guessed_and_ignored_is_said(drop: Path, settings: Settings) -> None:
    """A drop of a recording alone can be run; staff learn what is missing and what nobody will use."""
    for name in ("slides.pdf", "slides.pptx", "event.toml"):
        (drop / name).unlink()
    (drop / "invoice.xyz").write_text("500 francs", encoding="utf-8")

    report = check(drop, settings)

    assert report.wrong == ()
    assert [ignored.name for ignored in report.ignored] == ["invoice.xyz"]
    assert "No slides" in report.missing[0]
    assert "title, date and time, speakers" in report.missing[-1]


def test_a_broken_off_copy_is_noticed(tmp_path: Path, settings: Settings) -> None:
    """A recording whose second half did not arrive is remarked before hours of work, not after."""
    drop = tmp_path / "drop"
    drop.mkdir()
    cut(drop / "recording.mp4", seconds=60)
    whole = (drop / "recording.mp4").read_bytes()
    (drop / "recording.mp4").write_bytes(whole[: len(whole) // 2])

    report = check(drop, settings)

    said = [*report.remarks, *(wrong.what for wrong in report.wrong)]
    assert any("broken off" in sentence or "incomplete" in sentence for sentence in said)


def test_half_of_a_short_recording_is_noticed(tmp_path: Path, settings: Settings) -> None:
    """Twenty seconds of which nine arrived are looked at to their end, too."""
    whole = cut(tmp_path / "whole.mp4", seconds=20).read_bytes()
    (tmp_path / "drop").mkdir()
    (tmp_path / "drop" / "recording.mp4").write_bytes(whole[: len(whole) // 2])

    report = check(tmp_path / "drop", settings)

    assert any("broken off" in remark for remark in report.remarks)


def test_a_faulty_file_is_wrong_and_not_missing(drop: Path, settings: Settings) -> None:
    """Who wrote event.toml with a slip is told of the slip, not that there is no event.toml and no title in it."""
    (drop / "event.toml").write_text('title = "Cyber norms', encoding="utf-8")

    report = check(drop, settings)

    assert [wrong.file for wrong in report.wrong] == ["event.toml"]
    assert report.missing == ()


def test_a_blink_is_no_recording(tmp_path: Path, settings: Settings) -> None:
    """What a run refuses as too short is wrong beforehand."""
    (tmp_path / "drop").mkdir()
    cut(tmp_path / "drop" / "recording.m4a", seconds=0.3)

    report = check(tmp_path / "drop", settings)

    assert [wrong.what for wrong in report.wrong] == ["The recording is too short: less than a second."]
