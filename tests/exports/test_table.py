"""Exports: one row and one file each, made once, and never in each other's way."""

import shutil
from pathlib import Path

import pytest

from digest import exports
from digest.exports.table import EXPORTS, Export, make_exports
from digest.model.public import Publication, PublicEdition
from digest.settings import Settings
from digest.store.workspace import Workspace
from tests.site.editions import SLUG, an_edition, published, put_out

FOLDER = Path(exports.__file__).parent
VERSION = 1  # of the exports that this file makes up


@pytest.fixture
def publication(tmp_path: Path) -> Publication:
    """Return the demo, approved."""
    return published(an_edition(tmp_path / "kept"))


def notes(public: PublicEdition, into: Path, *_: object) -> None:
    """Write another text beside the transcript."""
    (into / "notes.txt").write_text(f"Notes on {public.event.title}", encoding="utf-8")


def test_every_export_has_a_row_and_a_name_of_its_own() -> None:
    """A file of the folder that exports something stands in the table, under a name that no other has."""
    modules = {path.stem for path in FOLDER.glob("*.py") if "def export(" in path.read_text(encoding="utf-8")}

    assert {row.export.__module__.rpartition(".")[2] for row in EXPORTS} == modules
    assert len({row.name for row in EXPORTS}) == len({row.file for row in EXPORTS}) == len(EXPORTS)
    assert all(row.version >= 1 for row in EXPORTS)


def test_a_second_text_does_not_take_the_place_of_the_transcript(
    tmp_path: Path, publication: Publication, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two exports with one ending both lie on the site, and readers are led to both."""
    monkeypatch.setattr(
        "digest.exports.table.EXPORTS", (*EXPORTS, Export("notes", "notes.txt", "Notes", notes, always=True))
    )
    monkeypatch.setattr(
        "digest.site.digest_page.EXPORTS", (*EXPORTS, Export("notes", "notes.txt", "Notes", notes, always=True))
    )

    put_out(tmp_path / "kept", [publication], settings)

    folder = settings.public / SLUG / "digest"
    page = (folder / "index.html").read_text(encoding="utf-8")
    (transcript,), (second,) = folder.glob("transcript-*.txt"), folder.glob("notes-*.txt")
    assert second.read_text(encoding="utf-8").startswith("Notes on")
    assert "Hannah Whitcombe" in transcript.read_text(encoding="utf-8")
    assert all(f'href="{path.name}" download' in page for path in (transcript, second))


def test_what_is_made_is_kept_by_its_key(tmp_path: Path, publication: Publication) -> None:
    """The same Edition makes nothing again; another text makes its own; what is deleted is made again, the same."""
    workspace = Workspace(tmp_path / "norms")
    first = make_exports(publication, workspace.root, Settings(), workspace.find)
    before = {name: workspace.find(file).stat().st_mtime_ns for name, file in first.items()}

    again = make_exports(publication, workspace.root, Settings(), workspace.find)
    assert again == first
    assert {name: workspace.find(file).stat().st_mtime_ns for name, file in again.items()} == before

    public = publication.edition.model_copy(update={"paragraphs": publication.edition.paragraphs[:1]})
    other = make_exports(publication.model_copy(update={"edition": public}), workspace.root, Settings(), workspace.find)
    assert other["transcript"].path != first["transcript"].path

    shutil.rmtree(workspace.root / "made")
    assert make_exports(publication, workspace.root, Settings(), workspace.find) == first


def test_a_faulty_export_leaves_nothing_behind(
    tmp_path: Path, publication: Publication, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An error half-way leaves no folder that would pass for a finished one."""

    def breaks(_: PublicEdition, into: Path, *__: object) -> None:
        (into / "half.txt").write_text("half", encoding="utf-8")
        raise OSError("no space left")

    monkeypatch.setattr("digest.exports.table.EXPORTS", (Export("half", "half.txt", "Half", breaks, always=True),))

    with pytest.raises(OSError, match="no space left"):
        make_exports(publication, tmp_path / "norms", Settings(), lambda file: tmp_path / file.path)

    assert not [path for path in (tmp_path / "norms").rglob("*") if path.is_file()]
