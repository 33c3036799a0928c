"""What may go of a workspace, and that nothing goes which somebody needs."""

import os
import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from digest import clean
from digest.cli import main
from digest.model.deck import Pages
from digest.settings import RetentionSettings, Settings
from digest.site import build
from digest.store.files import record_file, write_atomically
from digest.store.stages import make
from digest.store.workspace import Workspace
from tests.archives import a_webinar, approve, put_out

VERSION = 1


def render(*, into: Path) -> Pages:
    """Make a PDF of the slides."""
    (into / "slides.pdf").write_text(f"version {VERSION}")
    return Pages(pdf=record_file(into / "slides.pdf", folder="pages"))


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Return settings whose folders are the test's own."""
    return Settings(workspaces=tmp_path / "workspaces", public=tmp_path / "public", state=tmp_path / "state")


@pytest.fixture
def rendered(monkeypatch: pytest.MonkeyPatch) -> Callable[[Workspace, int], None]:
    """Return what runs a webinar again with other slides, to its end."""

    def run(workspace: Workspace, version: int) -> None:
        monkeypatch.setattr("tests.test_clean.VERSION", version)
        make(workspace, render)
        draft = workspace.artifacts()
        assert draft
        new = workspace.load(Pages)
        workspace.record_run(draft.model_copy(update={"pages": new}))

    return run


def test_what_nothing_names_goes_and_all_else_stays(
    settings: Settings, rendered: Callable[[Workspace, int], None]
) -> None:
    """Of four runs the one that was approved and the last are needed; the site can still be made from nothing."""
    workspace = a_webinar(settings, "norms")
    put_out(workspace, settings)
    for version in (1, 2, 3):
        rendered(workspace, version)
    before = {path.name for path in (workspace.root / "kept").iterdir()}

    (litter,) = clean.find_litter(settings)
    clean.remove(litter, settings)

    left = {path.name for path in (workspace.root / "kept").iterdir()}
    assert len(before - left) == 4  # two runs: pages.json and slides.pdf
    assert clean.find_litter(settings) == ()
    shutil.rmtree(settings.public)
    shutil.rmtree(workspace.root / "made")
    assert build(settings, "norms").left == {}
    assert workspace.artifacts()


def test_a_webinar_whose_edition_cannot_be_read_keeps_everything(
    settings: Settings, rendered: Callable[[Workspace, int], None]
) -> None:
    """Nobody can say what it names: it is told, and nothing of it goes."""
    workspace = a_webinar(settings, "norms")
    approve(workspace)
    rendered(workspace, 1)
    rendered(workspace, 2)
    (edition,) = (workspace.root / "editions").glob("*/edition.json")
    edition.write_bytes(edition.read_bytes() + b" ")

    (litter,) = clean.find_litter(settings)

    assert litter.paths == ()
    assert "not there or was changed" in (litter.why_not or "")


def test_what_is_made_of_an_edition_that_is_gone_goes(settings: Settings) -> None:
    """Captions of an edition that nobody has any more are not kept for ever; what an edition has is."""
    workspace = a_webinar(settings, "norms")
    put_out(workspace, settings)
    write_atomically(workspace.root / "made" / ("0" * 64) / "captions" / "captions.vtt", b"WEBVTT")

    (litter,) = clean.find_litter(settings)

    assert [path.name for path in litter.paths] == ["0" * 64]
    assert litter.size == len(b"WEBVTT")


def test_clean_shows_first_and_then_removes(
    settings: Settings, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The verb without its flag changes nothing."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PREFECT_HOME", str(tmp_path / "prefect"))
    path = a_webinar(settings, "norms").root / "kept" / "something"
    write_atomically(path, b"nobody names it")

    with pytest.raises(SystemExit):
        main(["clean"])
    shown = path.is_file(), capsys.readouterr().out
    with pytest.raises(SystemExit):
        main(["clean", "--remove"])

    assert shown[0]
    assert "1 of kept/ and made/" in shown[1]
    assert "digest clean --remove" in shown[1]
    assert not path.exists()


def test_what_is_past_its_time_goes_by_kind(settings: Settings, tmp_path: Path) -> None:
    """Of each kind what is older than its days, and of one without days nothing."""
    now = datetime(2026, 6, 1, tzinfo=UTC)
    files = {"old": tmp_path / "workspaces/norms/logs/a.jsonl", "new": tmp_path / "workspaces/norms/logs/b.jsonl"}
    files["crash"] = tmp_path / "state" / "crashes" / "then.txt"
    for name, path in files.items():
        write_atomically(path, b"...")
        days = 2 if name == "new" else 400
        os.utime(path, (now.timestamp() - days * 86400,) * 2)
    kept = settings.model_copy(update={"retention": RetentionSettings(logs=30)})

    assert clean.find_outdated(settings, now) == {}
    assert clean.find_outdated(kept, now) == {"logs": (files["old"],)}
