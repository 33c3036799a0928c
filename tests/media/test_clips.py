"""Seconds cut out of the prepared sound, and how loud it is."""

import io
import wave
from pathlib import Path

import pytest

from digest.media import clips
from digest.media.levels import levels
from tests.media.recordings import beeps, made


def test_clip_is_the_asked_seconds(tmp_path: Path) -> None:
    """An editor who plays a sentence hears its seconds and no others."""
    sound = made(tmp_path / "sound.wav", *beeps(10), "-ar", "16000")

    clip = clips.cut(sound, 2.5, 4.0)

    with wave.open(io.BytesIO(clip), "rb") as file:
        assert file.getnframes() / file.getframerate() == pytest.approx(1.5)


def test_clip_ends_with_the_recording(tmp_path: Path) -> None:
    """A sentence that ends after the last sample still plays."""
    sound = made(tmp_path / "sound.wav", *beeps(3), "-ar", "16000")

    with wave.open(io.BytesIO(clips.cut(sound, 2.0, 9.0)), "rb") as file:
        assert file.getnframes() == 16_000
    with pytest.raises(ValueError, match="no clip"):
        clips.cut(sound, 5.0, 9.0)


def test_levels_are_a_figure_a_second(tmp_path: Path) -> None:
    """Seconds with a tone are louder than those without; silence is -96 dBFS."""
    sound = made(tmp_path / "sound.wav", *beeps(4, first=1, every=2), "-ar", "16000")

    found = levels(sound)

    assert len(found) == 4
    assert found[0] == found[2] == -96
    assert found[1] == pytest.approx(-14, abs=1)
