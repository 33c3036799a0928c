"""What an organisation sets."""

from pathlib import Path

import pytest

from digest.errors import MissingTool
from digest.settings import load


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in an empty folder, with no variable of ours set."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("DIGEST_SPEECH__MODEL", raising=False)
    return tmp_path


def test_flags_win_over_variables_and_variables_over_the_file(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """digest.toml, then DIGEST_*, then flags: the later wins."""
    (here / "digest.toml").write_text('workspaces = "a"\npublic = "a"\n[speech]\nmodel = "small"\n', encoding="utf-8")
    monkeypatch.setenv("DIGEST_PUBLIC", "b")
    monkeypatch.setenv("DIGEST_WORKSPACES", "b")

    settings = load(workspaces=Path("c"))

    assert (settings.speech.model, settings.public, settings.workspaces) == ("small", Path("b"), Path("c"))


def test_a_typing_mistake_is_named(here: Path) -> None:
    """A setting that does not exist, and one of the wrong kind, are both named in one message."""
    (here / "digest.toml").write_text('[organisation]\nnmae = "Us"\n[desk]\nport = "door"\n', encoding="utf-8")

    with pytest.raises(MissingTool, match=r"digest\.toml.*organisation\.nmae: there is no such setting.*desk\.port"):
        load()


def test_a_broken_file_is_named(here: Path) -> None:
    """What is not TOML is said with its line."""
    (here / "digest.toml").write_text("[organisation\n", encoding="utf-8")

    with pytest.raises(MissingTool, match=r"cannot be read.*line 1"):
        load()


@pytest.mark.parametrize(
    "setting", ["slides.image_width", "media.web_height", "media.seconds_limit", "writing.share", "desk.port"]
)
def test_a_number_out_of_bounds_is_named(here: Path, setting: str) -> None:
    """A width of nothing is refused before an hour of work, not by a program in the middle of it."""
    room, _, name = setting.partition(".")
    (here / "digest.toml").write_text(f"[{room}]\n{name} = -1\n", encoding="utf-8")

    with pytest.raises(MissingTool, match=rf"{room}\.{name}: Input should be greater"):
        load()
