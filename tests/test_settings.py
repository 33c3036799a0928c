"""What an organisation sets."""

from pathlib import Path

import pytest

from digest.errors import MissingTool
from digest.settings import load


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in an empty folder, with no variable of ours set."""
    monkeypatch.chdir(tmp_path)
    for name in ("DIGEST_SPEECH__MODEL", "DIGEST_LLM_URL", "DIGEST_LLM_MODEL"):
        monkeypatch.delenv(name, raising=False)
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
    group, _, name = setting.partition(".")
    (here / "digest.toml").write_text(f"[{group}]\n{name} = -1\n", encoding="utf-8")

    with pytest.raises(MissingTool, match=rf"{group}\.{name}: Input should be greater"):
        load()


def test_a_language_model_is_named_by_short_variables(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """DIGEST_LLM_URL wins over the file; the key is in no setting."""
    (here / "digest.toml").write_text('[llm]\nurl = "http://a.example/v1"\nmodel = "a"\n', encoding="utf-8")
    monkeypatch.setenv("DIGEST_LLM_URL", "http://b.example/v1/")
    monkeypatch.setenv("DIGEST_LLM_KEY", "sesame")

    settings = load()

    assert (settings.llm.url, settings.llm.model) == ("http://b.example/v1", "a")
    assert "sesame" not in settings.model_dump_json()


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("b.example/v1", "must begin with http"),
        ("file:///etc/passwd", "must begin with http"),
        ("https://me:sesame@b.example/v1", "DIGEST_LLM_KEY"),
        ("https://b.example/v1?key=sesame", "DIGEST_LLM_KEY"),
        ("http://b.example/v1", "name of a model"),
    ],
)
def test_an_endpoint_that_cannot_be_or_holds_a_secret_is_refused(
    here: Path, monkeypatch: pytest.MonkeyPatch, url: str, why: str
) -> None:
    """An address is stored with the draft: one with a password is refused, without repeating it."""
    monkeypatch.setenv("DIGEST_LLM_URL", url)

    with pytest.raises(MissingTool, match=why) as raised:
        load()

    assert "sesame" not in str(raised.value)
