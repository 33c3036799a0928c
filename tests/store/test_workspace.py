"""The workspace: what is current, what is kept, and that nothing is half written."""

import fcntl
import json
import threading
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from digest.errors import DigestError, Stale, UnusableDrop
from digest.model.artifact import StoredFile
from digest.model.deck import Deck, PageImage, Pages, Slide
from digest.model.drop import Drop, Entry, Folder
from digest.model.overlay import Revision, Strike
from digest.settings import SlidesSettings
from digest.store.files import record_file
from digest.store.journal import append, read_lines
from digest.store.stages import make, take_into_workspace
from digest.store.workspace import Workspace, workspace_of, workspaces_in

VERSION = 1
ran: list[str] = []

A_DROP = Drop(slug="norms", folder="norms", files=())


def read(drop: Drop, settings: SlidesSettings) -> Deck:
    """Make a deck; remember that it ran."""
    ran.append("read")
    return Deck(slides=(Slide(number=1, title=drop.slug, read_by="pdf"),), remarks=(str(settings.most_slides),))


def render(deck: Deck, *, into: Path) -> Pages:
    """Make one file whose content is the deck's title."""
    ran.append("render")
    (into / "slides.pdf").write_text(str(deck.slides[0].title))
    return Pages(pdf=record_file(into / "slides.pdf", folder="pages"))


def take_in(folder: Folder, *, slug: str | None, into: Path) -> Drop:
    """Take a folder in under its slug, or "norms" the first time."""
    ran.append("take_in")
    (into / "a.txt").write_text("a")
    return Drop(slug=slug or "norms", folder=Path(folder.path).name, files=())


@pytest.fixture(autouse=True)
def _nothing_ran() -> None:
    ran.clear()


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """Return an empty workspace."""
    return Workspace(tmp_path / "norms")


def test_a_second_run_redoes_nothing(workspace: Workspace) -> None:
    """What was made from the same inputs is taken from the folder."""
    first = make(workspace, read, A_DROP, SlidesSettings())

    again = make(workspace, read, A_DROP, SlidesSettings())

    assert again == first
    assert ran == ["read"]


def test_a_changed_input_or_setting_redoes_the_stage(workspace: Workspace) -> None:
    """A new deck or another setting makes a new artifact."""
    make(workspace, read, A_DROP, SlidesSettings())

    other = make(workspace, read, A_DROP.model_copy(update={"slug": "other"}), SlidesSettings())
    make(workspace, read, A_DROP.model_copy(update={"slug": "other"}), SlidesSettings(most_slides=7))

    assert other.slides[0].title == "other"
    assert ran == ["read"] * 3


@pytest.mark.parametrize("harm", [Path.unlink, lambda file: file.write_text("harm!")])
def test_a_lost_or_changed_file_is_made_again(workspace: Workspace, harm: Callable[[Path], Any]) -> None:
    """A file that is missing or not what was saved is not taken for current."""
    deck = make(workspace, read, A_DROP, SlidesSettings())
    make(workspace, render, deck)
    file = workspace.root / "pages" / "slides.pdf"
    harm(file)

    make(workspace, render, deck)

    assert file.read_text() == "norms"
    assert ran.count("render") == 2


def test_what_an_edition_names_is_found_after_a_re_run(workspace: Workspace) -> None:
    """The files of an earlier run move to kept/ and are found there by their hash."""
    old = make(workspace, render, make(workspace, read, A_DROP, SlidesSettings()))
    changed = A_DROP.model_copy(update={"slug": "later"})
    new = make(workspace, render, make(workspace, read, changed, SlidesSettings()))
    assert old.pdf
    assert new.pdf

    assert workspace.find(old.pdf).read_text() == "norms"
    assert workspace.find(new.pdf).read_text() == "later"


def test_a_stage_that_fails_leaves_the_earlier_result(workspace: Workspace) -> None:
    """An error half-way through leaves no folder behind and the old files in place."""
    deck = make(workspace, read, A_DROP, SlidesSettings())
    make(workspace, render, deck)

    def render_badly(deck: Deck, *, into: Path) -> Pages:
        (into / "half.pdf").write_text("half")
        raise OSError("no space left")

    with pytest.raises(OSError, match="no space"):
        make(workspace, render_badly, deck)

    assert sorted(path.name for path in workspace.root.iterdir()) == [
        "deck.json", "pages", "pages.json", "provenance.json",
    ]  # fmt: skip
    assert (workspace.root / "pages" / "slides.pdf").read_text() == "norms"


def test_what_a_killed_run_was_writing_is_swept_away(workspace: Workspace) -> None:
    """A half-written file or folder is gone once the next stage runs."""
    (workspace.root / ".render-0a1b2c3d").mkdir(parents=True)
    (workspace.root / ".render-0a1b2c3d" / "slides.pdf").write_text("half")
    (workspace.root / ".3bf848f346e70f4d.tmp").write_text("half")
    (workspace.root / ".0123456789abcdef.tmp").mkdir()

    make(workspace, read, A_DROP, SlidesSettings())

    assert not list(workspace.root.glob(".*"))


def test_what_others_keep_in_a_workspace_stays(workspace: Workspace) -> None:
    """A backup's history, a network disk's open files and an operator's notes are not ours to remove."""
    (workspace.root / ".git").mkdir(parents=True)
    others = [workspace.root / name for name in (".git/HEAD", ".nfs00000000004a1b2c00000001", ".notes")]
    for path in others:
        path.write_text("kept")

    make(workspace, read, A_DROP, SlidesSettings())

    assert all(path.read_text() == "kept" for path in others)


def test_a_file_that_is_gone_is_said_so(workspace: Workspace) -> None:
    """A file that is nowhere is reported by name."""
    with pytest.raises(Stale, match=r"web\.mp4"):
        workspace.find(StoredFile(path="media/web.mp4", sha256="0" * 64, size=1))


def test_every_stage_says_how_it_was_made(workspace: Workspace) -> None:
    """provenance.json names version, inputs, settings, seconds and memory of each stage."""
    make(workspace, read, A_DROP, SlidesSettings(most_slides=7))

    made = json.loads((workspace.root / "provenance.json").read_text())["read"]

    assert made["version"] == 1
    assert made["inputs"] == {"drop.json": A_DROP.sha256()}
    assert made["settings"][0]["most_slides"] == 7
    assert made["seconds"] >= 0
    assert made["peak_megabytes"] > 0


def a_folder(path: Path, *names: str) -> Folder:
    """Return a folder as it lies there, with files of one byte."""
    return Folder(path=str(path), entries=tuple(Entry(name=name, size=1, modified=1) for name in names))


def test_a_folder_keeps_its_address(tmp_path: Path) -> None:
    """The slug is given once: a folder that is changed later goes on in the same workspace."""
    workspaces = tmp_path / "workspaces"
    workspaces.mkdir()
    first, _ = take_into_workspace(take_in, a_folder(tmp_path / "drop", "a"), workspaces)

    second, drop = take_into_workspace(take_in, a_folder(tmp_path / "drop", "a", "b"), workspaces)

    assert first == second == workspace_of(a_folder(tmp_path / "drop").path, workspaces)
    assert drop.slug == "norms"
    assert ran == ["take_in", "take_in"]
    assert [path.name for path in workspaces.iterdir()] == ["norms"]


def test_two_folders_never_share_an_address(tmp_path: Path) -> None:
    """A second folder that wants the same address is refused, and staff read what to do."""
    workspaces = tmp_path / "workspaces"
    workspaces.mkdir()
    take_into_workspace(take_in, a_folder(tmp_path / "one", "a"), workspaces)

    with pytest.raises(UnusableDrop, match=r"another slug in event\.toml"):
        take_into_workspace(take_in, a_folder(tmp_path / "two", "a"), workspaces)

    assert [path.name for path in workspaces.iterdir()] == ["norms"]


def test_a_lost_provenance_loses_no_webinar(tmp_path: Path) -> None:
    """What people decided still counts, and the folder goes on in its workspace instead of being refused."""
    workspaces, folder = tmp_path / "workspaces", a_folder(tmp_path / "one", "a")
    workspaces.mkdir()
    first, _ = take_into_workspace(take_in, folder, workspaces)
    (first.root / "decisions.jsonl").write_text("", encoding="utf-8")
    (first.root / "provenance.json").unlink()

    assert workspaces_in(workspaces) == (first,)
    assert take_into_workspace(take_in, folder, workspaces)[0] == first
    assert workspace_of(folder.path, workspaces) == first


def a_strike(revisions: Sequence[Revision]) -> Revision:
    """Return the next revision."""
    change = Strike(sentence="s-1", was="It is so.")
    return Revision(number=len(revisions) + 1, at=datetime(2026, 1, 1, tzinfo=UTC), by="Ada", change=change)


def the_first(revisions: Sequence[Revision]) -> Revision:
    """Return the first revision, of whoever saw none."""
    if revisions:
        raise Stale("Somebody else was faster.", remedy="Look again.")
    return a_strike(revisions)


def test_two_editors_never_overwrite_each_other(tmp_path: Path) -> None:
    """Of many who save at once on the same revision one is heard, the others are told to look again."""
    path = tmp_path / "overlay.jsonl"
    outcomes: list[str] = []

    def save() -> None:
        try:
            append(path, Revision, the_first)
            outcomes.append("saved")
        except Stale:
            outcomes.append("stale")

    threads = [threading.Thread(target=save) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(outcomes) == ["saved"] + ["stale"] * 7
    assert [line.number for line in read_lines(path, Revision)] == [1]


def test_who_saves_waits_for_who_is_saving(tmp_path: Path) -> None:
    """While another program holds the file nothing is read from it and nothing added."""
    path = tmp_path / "overlay.jsonl"
    with path.open("a+b") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        saving = threading.Thread(target=append, args=(path, Revision, a_strike))
        saving.start()
        saving.join(0.3)
        assert path.read_bytes() == b""
    saving.join(10)

    assert [line.number for line in read_lines(path, Revision)] == [1]


def test_a_line_cut_short_by_a_crash_does_not_count(tmp_path: Path) -> None:
    """Half a line at the end is not read and is taken off by the next save."""
    path = tmp_path / "overlay.jsonl"
    append(path, Revision, a_strike)
    with path.open("ab") as file:
        file.write(b'{"number": 2, "at"')

    assert len(list(read_lines(path, Revision))) == 1
    append(path, Revision, a_strike)

    assert [line.number for line in read_lines(path, Revision)] == [1, 2]


def test_a_damaged_line_is_named(tmp_path: Path) -> None:
    """Whose file it is, which line, and what to do: a decision is not guessed at, and not passed over."""
    path = tmp_path / "norms" / "overlay.jsonl"
    append(path, Revision, a_strike)
    path.write_bytes(path.read_bytes() + b"<<<<<<< conflict\n")

    with pytest.raises(DigestError, match=r"overlay\.jsonl: Line 2 of this file of the webinar “norms” is damaged"):
        tuple(read_lines(path, Revision))


def test_an_artifact_names_every_file_it_holds() -> None:
    """Files are found at any depth, so that none is forgotten when it is checked or moved."""
    picture = {"path": "pages/1.webp", "sha256": "1" * 64, "size": 1, "width": 16, "height": 9}
    page = PageImage.model_validate({"number": 1, "image": picture, "thumbnail": picture | {"path": "pages/1s.webp"}})

    pages = Pages(pages=(page,), pdf=StoredFile(path="pages/slides.pdf", sha256="2" * 64, size=2))

    assert [file.path for file in pages.stored_files()] == ["pages/1.webp", "pages/1s.webp", "pages/slides.pdf"]
