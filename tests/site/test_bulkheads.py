"""What is wrong with one webinar keeps no other from being published, retracted or listed."""

import shutil
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from digest import editing
from digest.errors import DigestError, Stale
from digest.model.edition import Edition
from digest.model.public import Publication
from digest.settings import Settings
from digest.site import build, digest_page, is_whole
from digest.store.workspace import Workspace
from tests.archives import NOON, a_webinar, approve, put_out


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Return settings whose folders are the test's own."""
    return Settings(workspaces=tmp_path / "workspaces", public=tmp_path / "public", state=tmp_path / "state")


def damage_edition(workspace: Workspace) -> None:
    """Change a byte of what was approved."""
    (edition,) = (workspace.root / "editions").glob("*/edition.json")
    edition.write_bytes(edition.read_bytes().replace(b"norms", b"gnome", 1))
    shutil.rmtree(workspace.root / "made")


def damage_decisions(workspace: Workspace) -> None:
    """Leave what a merge leaves."""
    with (workspace.root / "decisions.jsonl").open("ab") as file:
        file.write(b"<<<<<<< conflict\n")


def remove(workspace: Workspace) -> None:
    """Take a workspace away."""
    shutil.rmtree(workspace.root)


def make_unreadable(workspace: Workspace) -> None:
    """Put a folder where a file should be: an error that has no words of its own."""
    (workspace.root / "decisions.jsonl").unlink()
    (workspace.root / "decisions.jsonl").mkdir()


def pages(settings: Settings, slug: str) -> dict[str, bytes]:
    """Return all files of a webinar on the site."""
    found = (path for path in (settings.public / slug).rglob("*") if path.is_file())
    return {str(path.relative_to(settings.public)): path.read_bytes() for path in found}


@pytest.mark.parametrize("harm", [damage_edition, damage_decisions, remove, make_unreadable])
def test_a_damaged_webinar_is_left_as_it_stands(settings: Settings, harm: Callable[[Workspace], None]) -> None:
    """Others are published and retracted beside it; readers still find it, in the list too; the reason is told."""
    damaged, other = (a_webinar(settings, slug) for slug in ("damaged", "other"))
    put_out(damaged, settings)
    put_out(other, settings)
    before = pages(settings, "damaged")
    harm(damaged)
    new_look = settings.model_copy(
        update={"organisation": settings.organisation.model_copy(update={"name": "Another name"})}
    )

    sha256 = approve(third := a_webinar(settings, "third"))
    published = build(new_look, "third", NOON)
    editing.mark_published(third, sha256, by="Ada", at=NOON)
    editing.retract(other, by="Ben", at=NOON)
    retracted = build(new_look, "other")

    index = (settings.public / "index.html").read_text(encoding="utf-8")
    assert published.left.keys() == retracted.left.keys() == {"damaged"}
    assert all(published.left.values())
    assert pages(settings, "damaged") == before
    assert "third/digest/index.html" in index
    assert "damaged/digest/index.html" in index
    assert "other/digest/index.html" not in index
    assert "withdrawn" in (settings.public / "other" / "digest" / "index.html").read_text(encoding="utf-8")


def test_a_file_that_is_nowhere_any_more_keeps_no_other_back(settings: Settings) -> None:
    """A picture that both site and workspace have lost is told; the page stays, and others are published."""
    put_out(lost := a_webinar(settings, "lost"), settings)
    shutil.rmtree(lost.root / "pages")
    next((settings.public / "lost" / "digest").glob("slide-1-*")).unlink()

    approve(a_webinar(settings, "third"))
    published = build(settings, "third", NOON)

    assert published.left.keys() == {"lost"}
    assert "A file of this webinar is missing" in published.left["lost"]
    assert (settings.public / "lost" / "digest" / "index.html").is_file()
    assert (settings.public / "third" / "digest" / "index.html").is_file()


def test_what_is_wrong_with_the_webinar_itself_is_raised(settings: Settings) -> None:
    """Who publishes a webinar whose edition was changed reads that, and nothing changes."""
    workspace = a_webinar(settings, "damaged")
    put_out(workspace, settings)
    before = pages(settings, "damaged")
    damage_edition(workspace)
    (settings.public / "damaged" / "digest" / "index.html").unlink()

    with pytest.raises(Stale, match="not there or was changed"):
        build(settings, "damaged", NOON)

    assert pages(settings, "damaged").keys() == before.keys() - {"damaged/digest/index.html"}


def test_a_mended_webinar_is_brought_up_to_date(settings: Settings) -> None:
    """Once its file is whole again, the next publication of any other brings it to what was decided meanwhile."""
    damaged, other = (a_webinar(settings, slug) for slug in ("damaged", "other"))
    put_out(damaged, settings)
    decisions = damaged.root / "decisions.jsonl"
    whole = decisions.read_bytes()
    damage_decisions(damaged)
    put_out(other, settings)

    with pytest.raises(DigestError, match="is damaged"):
        editing.retract(damaged, by="Ben", at=NOON)
    decisions.write_bytes(whole)
    editing.retract(damaged, by="Ben", at=NOON)
    build(settings, "other")

    assert "withdrawn" in (settings.public / "damaged" / "digest" / "index.html").read_text(encoding="utf-8")


def test_what_does_not_change_is_not_made_again(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """Publishing one webinar renders, captions and reads that one; all others are known by what they depend on."""
    for number in range(5):
        put_out(a_webinar(settings, f"webinar-{number}"), settings)
    rendered, read = list[str](), list[str]()
    edition = Workspace.edition

    def render(publication: Publication, *given: Any, **more: Any) -> str:
        rendered.append(publication.edition.event.slug)
        return digest_page.render(publication, *given, **more)

    def note_edition(workspace: Workspace, sha256: str) -> Edition:
        read.append(workspace.slug)
        return edition(workspace, sha256)

    monkeypatch.setattr("digest.site.parts.digest_page", SimpleNamespace(render=render))
    monkeypatch.setattr(Workspace, "edition", note_edition)

    approve(a_webinar(settings, "new"))
    build(settings, "new", NOON)
    build(settings)

    assert rendered == ["new"]
    assert set(read) == {"new"}


@pytest.mark.parametrize("harm", [Path.unlink, lambda path: path.write_bytes(b"harm")])
def test_a_damaged_site_is_mended(settings: Settings, harm: Callable[[Path], object]) -> None:
    """A file of the site that was lost or changed is put there again by the next publication, whichever that is."""
    put_out(a_webinar(settings, "norms"), settings)
    before = {path: content for slug in ("norms", "static") for path, content in pages(settings, slug).items()}
    (settings.public / "norms" / "digest").chmod(0o755)
    for path in [*before, "index.html"]:
        harm(settings.public / path)
        assert not is_whole(settings.public, "norms")

        build(settings)

        assert is_whole(settings.public, "norms")
    assert {p: c for slug in ("norms", "static") for p, c in pages(settings, slug).items()} == before


def test_a_site_that_was_moved_is_read_once(settings: Settings, tmp_path: Path) -> None:
    """A site restored from a backup has other inodes: what is right is left there, and known from then on."""
    put_out(a_webinar(settings, "norms"), settings)
    shutil.copytree(settings.public, tmp_path / "restored")
    restored = settings.model_copy(update={"public": tmp_path / "restored"})

    first, second = build(restored), build(restored)

    assert first.changed == second.changed == ()
    assert is_whole(restored.public, "norms")
