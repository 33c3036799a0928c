"""Sound for tests: a stretch of the demo, or made by ffmpeg; as the 16 kHz mono WAV of a workspace."""

import subprocess
from pathlib import Path

from digest.model.artifact import StoredFile
from digest.model.media import Media
from digest.store.files import file_sha256
from tests.builders import a_recording

DEMO = Path("recordings/demo/recording.mp4")


def media_of(root: Path, *given: str | Path, seconds: float) -> Media:
    """Write media/sound.wav from what ffmpeg is given as input, and return its Media."""
    sound = root / "media" / "sound.wav"
    sound.parent.mkdir(parents=True, exist_ok=True)
    asked = ["ffmpeg", "-v", "error", "-nostdin", *given, "-t", str(seconds), "-vn", "-ac", "1", "-ar", "16000", sound]
    subprocess.run(asked, check=True)
    stored = StoredFile(path="media/sound.wav", sha256=file_sha256(sound), size=sound.stat().st_size)
    return a_recording(seconds=seconds).model_copy(update={"sound": stored})
