"""What the doctor says of a machine."""

from pathlib import Path

import pytest

from digest.doctor import Finding, _model, examine
from digest.settings import LlmSettings, Settings, SpeechSettings
from tests.writing.models import a_model, careful


def settings(tmp_path: Path, model: str) -> Settings:
    """Return settings for a speech model; the folders are the test's own."""
    speech = SpeechSettings(model=model)
    return Settings(workspaces=tmp_path / "w", public=tmp_path / "p", state=tmp_path / "s", speech=speech)


def test_a_machine_with_nothing_is_told_every_mend(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each lack comes with what to type, and nothing is fetched to find out."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("DIGEST_CACHE", str(tmp_path / "cache"))

    found = {finding.name: finding for finding in examine(settings(tmp_path, "base"))}

    assert found["ffmpeg"].state == "missing"
    assert found["ffmpeg"].mend == "sudo apt-get install --no-install-recommends ffmpeg"
    assert "libreoffice-impress-nogui" in found["LibreOffice"].mend
    assert found["speech model base"].mend == "digest models fetch base"
    assert all(finding.mend for finding in found.values() if finding.state != "good")
    assert not (tmp_path / "cache").exists()


def test_a_file_that_is_no_model_is_named(tmp_path: Path) -> None:
    """A model file that cannot be loaded shows at the doctor, not an hour into a run."""
    model = tmp_path / "broken.pt"
    model.write_bytes(b"no model")

    found = {finding.name: finding for finding in examine(settings(tmp_path, str(model)))}

    assert found[f"speech model {model}"].state == "missing"
    assert "not a Whisper checkpoint" in found[f"speech model {model}"].found


def test_whoever_is_sent_words_is_named(tmp_path: Path) -> None:
    """Without a language model nothing is sent; with one, its host, what goes there and the most it takes are said."""
    without = settings(tmp_path, "base")
    with a_model(careful, most_tokens=50_000, price_out=4.0) as model:
        (with_one,) = _language_model(without.model_copy(update={"llm": model.settings}))
        address = model.settings.url
    (gone,) = _language_model(without.model_copy(update={"llm": LlmSettings(url=address, model="m")}))

    assert "nothing is sent" in _language_model(without)[0].found
    assert with_one.state == "good"
    assert "careful-7b at 127.0.0.1" in with_one.found
    assert "50,000 tokens, 0.20 at your prices" in with_one.found
    assert gone.state == "worse"
    assert "accounts are quoted" in gone.mend


def _language_model(given: Settings) -> tuple[Finding, ...]:
    return tuple(_model(given))
