"""`digest drill`: whether the site comes out of the backup alone, byte for byte."""

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from digest import editing
from digest.drill import Drill, drill
from digest.errors import NotAllowed
from digest.settings import load
from digest.site import build
from digest.store.files import file_sha256
from tests.archives import NOON, a_webinar, put_out
from tests.test_integrity import change_a_byte, verb

AT = datetime(2026, 11, 1, tzinfo=UTC)


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder of an organisation with settings and a theme, two digests out, one retracted, one a draft."""
    project = tmp_path / "live"
    project.mkdir()
    monkeypatch.chdir(project)
    monkeypatch.setenv("PREFECT_HOME", str(project / ".digest" / "prefect"))
    toml = '[organisation]\nname = "Geneva Digital Dialogue"\nlogo = "theme/logo.svg"\n'
    (project / "digest.toml").write_text(f'templates = "theme"\n{toml}', encoding="utf-8")
    (project / "theme").mkdir()
    (project / "theme" / "logo.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg"/>', encoding="utf-8")
    settings = load()
    for slug in ("norms", "trade"):
        put_out(a_webinar(settings, slug), settings)
    put_out(retracted := a_webinar(settings, "withdrawn"), settings)
    editing.retract(retracted, by="Ada", at=NOON)
    a_webinar(settings, "unfinished")
    build(settings)
    return project


def back_up(project: Path, to: Path) -> Path:
    """Copy what README names: workspaces without what may be left out, settings, theme."""
    shutil.copytree(project / "workspaces", to / "workspaces", ignore=shutil.ignore_patterns("made", "logs"))
    shutil.copytree(project / "theme", to / "theme")
    shutil.copyfile(project / "digest.toml", to / "digest.toml")
    return to


def everything(folder: Path) -> dict[str, str]:
    """Return the hash of every file in a folder, by path."""
    return {str(path.relative_to(folder)): file_sha256(path) for path in folder.rglob("*") if path.is_file()}


def pages(public: Path) -> dict[str, str]:
    """Return the hash of every file that readers can ask a site for."""
    return {path: sha256 for path, sha256 in everything(public).items() if not path.startswith(".")}


def test_the_backup_alone_gives_the_same_site(project: Path, tmp_path: Path) -> None:
    """One command, an empty folder: every file the same, and the note on what was retracted; the backup stays."""
    backup = back_up(project, tmp_path / "backup")
    before = everything(backup)

    status = verb("drill", str(backup), str(tmp_path / "drill"))

    assert status == 0
    assert pages(tmp_path / "drill") == pages(project / "public")
    assert {"norms/digest/index.html", "withdrawn/digest/index.html"} <= pages(tmp_path / "drill").keys()
    assert everything(backup) == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["backup", "drill", "live"]
    assert Drill.model_validate_json((project / ".digest" / "drill.json").read_bytes()).is_good


def test_without_the_live_project_the_site_comes_all_the_same(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """After a fire there is the backup and an empty machine."""
    backup = back_up(project, tmp_path / "backup")
    expected = pages(project / "public")
    shutil.rmtree(project)
    (tmp_path / "new machine").mkdir()
    monkeypatch.chdir(tmp_path / "new machine")

    status = verb("drill", str(backup), "public")

    assert status == 0
    assert pages(tmp_path / "new machine" / "public") == expected
    assert "no published site here" in capsys.readouterr().out


def test_one_bad_webinar_is_named_and_the_others_come(project: Path, tmp_path: Path) -> None:
    """Its status says that the backup is not enough, and what is missing."""
    backup = back_up(project, tmp_path / "backup")
    (edition,) = (backup / "workspaces" / "norms" / "editions").glob("*/edition.json")
    change_a_byte(edition)

    done = drill(backup, tmp_path / "drill", load(), at=AT)

    assert not done.is_good
    assert list(done.left) == ["norms"]
    assert "norms/digest/index.html: the backup does not give it" in done.differences
    assert all(path.startswith(("norms/", "index.html", "by/", "search/")) for path in done.differences)
    assert (tmp_path / "drill" / "trade" / "digest" / "index.html").is_file()


def test_a_site_that_was_changed_by_hand_is_told(project: Path, tmp_path: Path) -> None:
    """What readers see must come from what is backed up."""
    backup = back_up(project, tmp_path / "backup")
    page = project / "public" / "trade" / "digest" / "index.html"
    page.write_text("Mended in place.", encoding="utf-8")

    done = drill(backup, tmp_path / "drill", load(), at=AT)

    assert done.differences == ("trade/digest/index.html: the live site's is another",)


def test_a_theme_that_is_not_backed_up_is_missed(project: Path, tmp_path: Path) -> None:
    """A theme elsewhere on the machine is not in the backup, though it would be found here today."""
    backup = back_up(project, tmp_path / "backup")
    shutil.rmtree(backup / "theme")
    with pytest.raises(NotAllowed, match="theme: This is not in the backup"):
        drill(backup, tmp_path / "drill", load(), at=AT)

    toml = (backup / "digest.toml").read_text(encoding="utf-8")
    (backup / "digest.toml").write_text(toml.replace('"theme"', f'"{project / "theme"}"'), encoding="utf-8")

    with pytest.raises(NotAllowed, match="name a place outside of the backup"):
        drill(backup, tmp_path / "drill", load(), at=AT)


def test_a_folder_with_something_in_it_is_refused(project: Path, tmp_path: Path) -> None:
    """Nobody's files are written over."""
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "letter.txt").write_text("mine", encoding="utf-8")

    with pytest.raises(NotAllowed, match="not empty"):
        drill(back_up(project, tmp_path / "backup"), tmp_path / "mine", load(), at=AT)
