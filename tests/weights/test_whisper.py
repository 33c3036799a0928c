"""Weights are found, checked by hash and never run as code."""

import pickle
from pathlib import Path

import numpy as np
import pytest

from digest.errors import MissingTool
from digest.store.files import file_sha256
from digest.weights import whisper as weights
from tests import truth as t

TRAP = t.gold("hostile", "models")


def test_weights_out_of_packages_are_whispers(monkeypatch: pytest.MonkeyPatch) -> None:
    """The unpacked checkpoint has base's dimensions, loads strictly, and is the file that was noted."""
    model = weights.load("base")

    assert (model.dims.n_audio_state, model.dims.n_audio_layer, model.dims.n_vocab) == (512, 6, 51865)
    assert model.is_multilingual
    embedding = model.decoder.token_embedding.weight.detach().cpu().numpy()
    assert 0.005 < float(np.abs(embedding).mean()) < 0.1
    assert weights.verify("base").name == "base.pt"


def test_a_changed_file_in_the_cache_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Weights that are not the ones that were fetched are refused by name, with what to do."""
    monkeypatch.setenv("DIGEST_CACHE", str(tmp_path))
    (tmp_path / "whisper").mkdir()
    (tmp_path / "whisper" / "tiny.pt").write_bytes(b"something else")
    (tmp_path / "whisper" / "tiny.pt.sha256").write_text("0" * 64)

    with pytest.raises(MissingTool, match="“tiny” are not those") as refused:
        weights.verify("tiny")
    assert "digest models fetch tiny" in refused.value.remedy


def test_a_file_of_ones_own_is_called_whole_only_by_its_hash(tmp_path: Path) -> None:
    """Without a noted hash nobody can say; with it, a changed byte shows."""
    path = tmp_path / "ours.pt"
    path.write_bytes(b"weights")
    with pytest.raises(MissingTool, match="cannot be said") as unknown:
        weights.verify(str(path))
    assert file_sha256(path) in unknown.value.remedy

    path.with_suffix(".pt.sha256").write_text(file_sha256(path), encoding="ascii")
    assert weights.verify(str(path)) == path
    path.write_bytes(b"weightz")
    with pytest.raises(MissingTool, match="not those that were saved"):
        weights.verify(str(path))


def test_what_cannot_be_fetched_is_said_with_the_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where no source has the weights, the message names what was tried and the mend."""
    monkeypatch.setenv("DIGEST_CACHE", str(tmp_path))
    for name in ("http_proxy", "https_proxy", "HTTPS_PROXY", "HTTP_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")  # nobody listens: the machine is offline
    monkeypatch.delenv("no_proxy", raising=False)

    with pytest.raises(MissingTool, match=r"“large-v3” could not be fetched \(OpenAI:") as refused:
        weights.find("large-v3")
    assert "digest models fetch large-v3" in refused.value.remedy
    assert not list((tmp_path / "whisper").iterdir())


@pytest.mark.parametrize("name", ["enormous", "missing.pt"])
def test_a_model_that_does_not_exist_is_named(name: str) -> None:
    """A typing mistake in digest.toml is answered with what there is."""
    with pytest.raises(MissingTool, match="no "):
        weights.find(name)


class Harmful:
    """Runs a command when it is unpickled."""

    def __init__(self, marker: Path) -> None:
        self.marker = marker

    def __reduce__(self) -> tuple[object, ...]:
        return Path.touch, (self.marker,)


def test_a_pickle_that_runs_code_is_never_run(tmp_path: Path) -> None:
    """A checkpoint with code in it is refused, and the code does not run."""
    marker, path = tmp_path / "marker", tmp_path / "model.pt"
    path.write_bytes(pickle.dumps({"dims": Harmful(marker)}))

    with pytest.raises(MissingTool, match="not a Whisper checkpoint"):
        weights.load(str(path))
    assert not marker.exists()


@pytest.mark.skipif(TRAP is None, reason="needs the hostile models: set DIGEST_GOLD")
@pytest.mark.parametrize(
    "name", ["empty.pt", "not-a-model.pt", "pickle-in-torch-zip.pt", "pickle-legacy.pt", "pickle-like-whisper.pt"]
)
def test_hostile_models_are_refused(name: str) -> None:
    """Each of the models made to do harm is refused in words and does none."""
    assert TRAP
    with pytest.raises(MissingTool, match="not a Whisper checkpoint"):
        weights.load(str(TRAP / name))
    assert not Path("/tmp/digest-pickle-marker").exists()  # noqa: S108  # where the files try to write
