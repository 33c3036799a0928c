"""What an editor cuts off, or mutes by hand, is in nothing that readers get: words, captions, sound, picture."""

import subprocess
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from digest import editing
from digest.settings import Settings
from tests.flows.test_off_record import FRAMES, NOON, SECONDS, TONE, a_webinar, loudness, published
from tests.media.recordings import made, pictures

FROM, TO = 21.5, 100.0  # amid a group of pictures: a cut that copies them begins with the key frame before
CUT_OFF = ("nine cranes", "good afternoon", "other ports")
MUTED = (42.9, 48.0)


def picture_at(recording: Path, second: float) -> NDArray[np.int16]:
    """Return what a recording shows at a second, in grey."""
    command = ["ffmpeg", "-v", "error", "-ss", f"{second}", "-i", str(recording), "-frames:v", "1"]
    shown = subprocess.run([*command, "-pix_fmt", "gray", "-f", "rawvideo", "-"], check=True, capture_output=True)
    return np.frombuffer(shown.stdout, dtype=np.uint8).astype(np.int16)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Return settings that keep everything in the test's own folder."""
    return Settings(workspaces=tmp_path / "workspaces", public=tmp_path / "public", state=tmp_path / ".digest")


def test_readers_get_a_part_and_hear_what_is_not_muted(tmp_path: Path, settings: Settings) -> None:
    """The file itself is cut, to the picture; what is muted by hand is silent there and written nowhere."""
    encoded = ("-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-c:a", "aac")
    talk = made(tmp_path / "talk.mp4", *pictures(SECONDS, size="64x36"), *TONE, *encoded)
    workspace = a_webinar(settings, talk, is_private=False)
    editing.trim(workspace, FROM, TO, by="Ada", at=NOON, seen=0)
    editing.withhold(workspace, *MUTED, by="Ada", at=NOON, seen=1)
    editing.set_poster(workspace, second=50.0, by="Ada", at=NOON, seen=2)

    folder = published(settings, workspace)

    files = [path for path in settings.public.rglob("*") if path.is_file()]
    texts = [path.read_bytes().decode("utf-8", "replace").lower() for path in files]
    assert not [words for words in (*CUT_OFF, "ships wait") for text in texts if words in text]
    assert any("forty containers" in text for text in texts)
    (captions,) = folder.glob("captions-*.vtt")
    assert "00:00:02" in captions.read_text(encoding="utf-8").partition("-->")[0]  # said at second 24
    (recording,) = folder.glob("recording-*.mp4")
    loud = loudness(recording)
    assert len(loud) / FRAMES == pytest.approx(TO - FROM, abs=0.1)
    silent = slice(*(int((second - FROM) * FRAMES) for second in (MUTED[0] + 0.1, MUTED[1] - 0.1)))
    assert loud[silent].max() < 1e-4
    assert min(loud[10 : silent.start - 60].min(), loud[silent.stop + 60 : -20].min()) > 0.2
    assert np.abs(picture_at(recording, 0) - picture_at(talk, FROM)).mean() < 3
    assert np.abs(picture_at(recording, 0) - picture_at(talk, FROM - 2)).mean() > 6
    (poster,) = folder.glob("poster-*.jpg")
    assert np.abs(picture_at(poster, 0) - picture_at(talk, 50)).mean() < 6
