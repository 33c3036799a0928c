"""The site is what was approved, at every moment, and nothing else."""

import fcntl
import json
import os
import shutil
import sys
from pathlib import Path

import pytest

from digest.errors import Busy, DigestError, MissingTool, Stale
from digest.model.edition import Edition
from digest.model.event import Event
from digest.model.public import Publication
from digest.settings import Settings
from digest.site.verify import verify
from digest.store.files import file_sha256
from tests.site import editions
from tests.site.editions import SLUG, an_edition, announced, kept, published


@pytest.fixture
def edition(tmp_path: Path) -> Edition:
    """Return the demo's Edition."""
    return an_edition(tmp_path / "kept")


@pytest.fixture
def publication(edition: Edition) -> Publication:
    """Return the demo, approved."""
    return published(edition)


def put_out(publications: list[Publication], settings: Settings, *events: Event) -> tuple[str, ...]:
    """Bring the site to these publications and events."""
    return editions.put_out(settings.public.parent / "kept", publications, settings, *events)


def test_a_digest_is_published_with_all_it_needs(publication: Publication, settings: Settings) -> None:
    """The page lies in a folder of its own with recording, pictures, captions and scripts, under hashed names."""
    put_out([publication], settings)

    folder = settings.public / SLUG / "digest"
    names = {path.name for path in folder.iterdir()}
    web = publication.edition.web
    assert web
    assert file_sha256(folder / f"recording-{web.sha256[:8]}.mp4") == web.sha256
    assert {name.split("-")[0] for name in names} == {
        "index.html", "recording", "poster", "slide", "slides", "captions", "transcript", "page", "player", "moments",
        "strip", "words", "search", "quote", "keys", "icon", "embed", "embed.html", "chapters", "digest",
        "CITATION.cff", "said", "terms", "manifest.json", "lightbox", "contents",
    }  # fmt: skip
    assert "[Update]" in (settings.public / SLUG / "index.html").read_text()


def test_a_recording_without_slides_is_published(edition: Edition, settings: Settings) -> None:
    """Where nothing was shown the page has a player, and no link to slides that are not there."""
    alone = edition.model_copy(update={"slides": (), "slides_pdf": None, "intervals": (), "original_deck": None})

    put_out([published(alone)], settings)

    page = (settings.public / SLUG / "digest" / "index.html").read_text()
    assert 'id="player"' in page
    assert "#slides" not in page


def test_publishing_again_changes_nothing(publication: Publication, settings: Settings) -> None:
    """The same publications and events leave every file as it is."""
    put_out([publication], settings, announced())
    before = {path: path.stat().st_mtime_ns for path in settings.public.rglob("*")}

    assert put_out([publication], settings, announced()) == ()
    assert {path: path.stat().st_mtime_ns for path in settings.public.rglob("*")} == before


def test_the_update_comes_last_and_goes_first(edition: Edition, publication: Publication, settings: Settings) -> None:
    """Nobody is led to a digest that is not there yet, or not any more."""
    event = edition.event
    put_out([], settings, event)

    gained = put_out([publication], settings, event)
    lost = put_out([], settings, event)

    page, digest = f"{SLUG}/index.html", f"{SLUG}/digest/index.html"
    assert gained[-1] == page
    assert gained.index(digest) < gained.index("index.html")
    assert lost.index(page) < lost.index(digest)
    assert "[Update]" not in (settings.public / page).read_text()


def test_the_first_digest_leads_nowhere_wrong_at_any_moment(
    edition: Edition, publication: Publication, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whenever the program is killed on the way, every link of every page that is there leads somewhere."""
    module, verified = sys.modules["digest.site.apply"], list[int]()
    write = module.fsync_folder  # after each file has taken its place

    def written(folder: Path) -> None:
        write(folder)
        pages = {str(p.relative_to(settings.public)): p.read_text("utf-8") for p in settings.public.rglob("*.html")}
        files = {str(p.relative_to(settings.public)) for p in settings.public.rglob("*") if p.is_file()}
        verify(pages, files, {})
        verified.append(len(pages))

    monkeypatch.setattr(module, "fsync_folder", written)

    put_out([publication], settings, edition.event)

    assert max(verified) == len(list(settings.public.rglob("*.html"))) > 3


def test_a_retracted_digest_leaves_a_tombstone(edition: Edition, publication: Publication, settings: Settings) -> None:
    """Its address says that it was withdrawn; recording, slides and transcript are gone, and stay gone."""
    put_out([publication], settings)

    put_out([], settings, edition.event)
    put_out([], settings, edition.event)

    folder = settings.public / SLUG / "digest"
    assert [path.name for path in folder.iterdir()] == ["index.html"]
    assert "This digest has been withdrawn" in (folder / "index.html").read_text()
    assert "Read the digest" not in (settings.public / "index.html").read_text()
    assert "registration is closed" in (settings.public / SLUG / "index.html").read_text()


def test_a_recording_that_is_not_published_is_not_on_the_site(tmp_path: Path, settings: Settings) -> None:
    """Not only is there no link to it: the file is not there."""
    put_out([published(an_edition(tmp_path / "kept", publish_recording=False))], settings)

    names = " ".join(path.name for path in settings.public.rglob("*"))
    assert "slides-" in names
    for never in ("recording", "poster", "captions", "transcript", "player"):
        assert never not in names


def test_the_original_presentation_is_there_to_download_where_it_is_asked_for(
    tmp_path: Path, settings: Settings
) -> None:
    """The file as staff dropped it lies beside the PDF without notes, and the page leads to it."""
    original = kept(tmp_path / "kept", Path("recordings/demo/slides.pptx").read_bytes(), "drop/slides.pptx")

    edition = an_edition(tmp_path / "kept").model_copy(update={"original_deck": original})
    put_out([published(edition)], settings)

    folder = settings.public / SLUG / "digest"
    name = f"presentation-{original.sha256[:8]}.pptx"
    assert file_sha256(folder / name) == original.sha256
    assert f'href="{name}" download' in (folder / "index.html").read_text(encoding="utf-8")


def test_what_no_page_names_any_more_goes(edition: Edition, publication: Publication, settings: Settings) -> None:
    """A corrected digest replaces its files; what somebody else put into the folder stays."""
    put_out([publication], settings)
    (settings.public / "CNAME").write_text("digests.example.org")
    corrected = edition.model_copy(update={"slides": edition.slides[:2]})

    changed = put_out([published(corrected)], settings)

    gone = [path for path in changed if not (settings.public / path).exists()]
    assert any("slide-3-" in path for path in gone)
    assert changed[-1] in gone
    assert (settings.public / "CNAME").exists()


def test_a_changed_file_is_not_published(edition: Edition, publication: Publication, settings: Settings) -> None:
    """What is not byte for byte what was approved does not go out, and the digest is not announced."""
    kept = settings.public.parent / "kept" / edition.web.sha256
    kept.write_bytes(b"something else")

    with pytest.raises(Stale, match="no longer the one that was approved"):
        put_out([publication], settings, edition.event)

    assert not (settings.public / SLUG / "digest" / "index.html").exists()


def test_the_site_shares_no_file_with_a_workspace(
    edition: Edition, publication: Publication, settings: Settings
) -> None:
    """Who writes into a workspace's file changes nothing that readers get, and no damage comes back from the site."""
    put_out([publication], settings)
    source = settings.public.parent / "kept" / edition.web.sha256
    published_file = settings.public / SLUG / "digest" / f"recording-{edition.web.sha256[:8]}.mp4"

    with source.open("r+b") as overwritten:
        overwritten.write(b"something else")

    assert file_sha256(published_file) == edition.web.sha256
    assert published_file.stat().st_mode & 0o222 == 0


def test_what_an_earlier_version_linked_is_put_apart(
    edition: Edition, publication: Publication, settings: Settings
) -> None:
    """A site whose files were links to a workspace's gets copies when it is published again."""
    put_out([publication], settings)
    source = settings.public.parent / "kept" / edition.web.sha256
    published_file = settings.public / SLUG / "digest" / f"recording-{edition.web.sha256[:8]}.mp4"
    published_file.unlink()
    published_file.hardlink_to(source)

    put_out([publication], settings)

    assert not published_file.samefile(source)
    assert file_sha256(published_file) == edition.web.sha256


def test_what_a_killed_publication_was_writing_is_swept(publication: Publication, settings: Settings) -> None:
    """Half a file is gone with the next publication, also where 0.1.0 left it; what it had put out stays as it lies."""
    put_out([publication], settings)
    shutil.rmtree(settings.public / ".published")
    paths = [
        str(p.relative_to(settings.public)) for p in settings.public.rglob("*") if p.is_file() and p.name[0] != "."
    ]
    (settings.public / ".published.json").write_text(json.dumps(paths), encoding="utf-8")
    (settings.public / ".incoming").mkdir()
    for half in (".incoming/.0123456789abcdef.tmp", f"{SLUG}/digest/.0123456789abcdef.tmp"):
        (settings.public / half).write_text("half")

    assert put_out([publication], settings) == ()

    assert not list(settings.public.rglob("*.tmp"))
    assert put_out([], settings) != ()
    assert not list((settings.public / SLUG / "digest").glob("recording-*"))


@pytest.mark.parametrize("kept", ["stamp", "list", "neither"])
def test_whatever_happened_to_a_file_is_mended(publication: Publication, settings: Settings, kept: str) -> None:
    """A file that was overwritten in place, with its old time and size, lies there again as it was approved."""
    put_out([publication], settings)
    page = settings.public / SLUG / "digest" / "index.html"
    before, was = page.read_bytes(), page.stat()
    page.chmod(0o644)
    page.write_bytes(before.replace(b"cyber", b"rebyc"))
    os.utime(page, ns=(was.st_atime_ns, was.st_mtime_ns + 1))
    record = settings.public / ".published" / "site.json"
    if kept != "stamp":
        told = json.loads(record.read_bytes())
        told["webinars"][SLUG]["stamp"] = ""
        record.write_text(json.dumps(told))
    if kept == "neither":
        (settings.public / ".published" / "files" / f"{SLUG}.json").unlink()

    put_out([publication], settings)

    assert page.read_bytes() == before
    assert put_out([publication], settings) == ()


def test_a_file_of_somebody_else_is_nothing_to_do(publication: Publication, settings: Settings) -> None:
    """What staff lay beside a digest stays, and does not make the webinar be published again and again."""
    put_out([publication], settings)
    (settings.public / SLUG / "note.txt").write_text("ours")

    assert put_out([publication], settings) == ()
    assert put_out([], settings) != ()
    assert (settings.public / SLUG / "note.txt").read_text() == "ours"


def test_the_record_of_an_earlier_version_is_taken_over(publication: Publication, settings: Settings) -> None:
    """What it knew of files holds: none is copied again, and those of a digest that is taken back are removed."""
    put_out([publication], settings)
    folder = settings.public / ".published"
    told = json.loads((folder / "site.json").read_bytes())
    told["webinars"][SLUG]["files"] = json.loads((folder / "files" / f"{SLUG}.json").read_bytes())
    (settings.public / ".published.json").write_text(json.dumps(told), encoding="utf-8")
    shutil.rmtree(folder)

    assert put_out([publication], settings) == ()
    assert not (settings.public / ".published.json").exists()
    assert any("recording-" in path for path in put_out([], settings))
    assert not list((settings.public / SLUG / "digest").glob("recording-*"))


def test_one_publisher_at_a_time(publication: Publication, settings: Settings) -> None:
    """A second publisher is told so and changes nothing."""
    settings.public.mkdir()
    with (settings.public / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)

        with pytest.raises(Busy, match="being published just now"):
            put_out([publication], settings)

    assert [path.name for path in settings.public.iterdir()] == [".lock"]


@pytest.mark.parametrize("slug", ["static", "../outside", "Search", "a/b", ""])
def test_an_address_cannot_collide(settings: Settings, slug: str) -> None:
    """No webinar takes an address that the site needs or that leads elsewhere."""
    with pytest.raises(DigestError, match="cannot be a webinar's address"):
        put_out([], settings, announced(slug=slug))


def test_a_template_of_an_organisation_that_breaks_a_link_is_refused(
    tmp_path: Path, publication: Publication, settings: Settings
) -> None:
    """A page with a dead link or a foreign picture is not published; the site stays as it was."""
    own = tmp_path / "own"
    own.mkdir()
    (own / "_slide.html").write_text('<li><img src="https://elsewhere.example/x.png"><a href="gone.html">x</a></li>')
    put_out([publication], settings)
    before = (settings.public / SLUG / "digest" / "index.html").read_bytes()

    with pytest.raises(DigestError, match=r"elsewhere.example/x.png would be loaded from elsewhere.*gone.html leads"):
        put_out([publication], settings.model_copy(update={"templates": own}))

    assert (settings.public / SLUG / "digest" / "index.html").read_bytes() == before


def test_a_logo_is_copied(tmp_path: Path, publication: Publication, settings: Settings) -> None:
    """The logo of the settings stands on every page; one that is missing is named."""
    logo = tmp_path / "our logo.png"
    logo.write_bytes(b"\x89PNG not looked at")
    with_logo = settings.organisation.model_copy(update={"logo": logo})

    put_out([publication], settings.model_copy(update={"organisation": with_logo}))
    logo.unlink()

    assert list((settings.public / SLUG / "digest").glob("logo-*.png"))
    with pytest.raises(MissingTool, match="our logo"):
        put_out([publication], settings.model_copy(update={"organisation": with_logo}))


def test_a_page_comes_after_what_it_leads_to_is_durable_all_at_once(
    publication: Publication, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A power cut leaves no search page without its buckets; and their folder is written through once, not for each."""
    durable, times, replace = set[Path](), list[Path](), Path.replace

    def settle(folder: Path) -> None:
        times.append(folder)
        durable.update(folder.iterdir())

    def move(source: Path, target: Path) -> Path:
        if target == settings.public / "search" / "index.html":
            assert durable >= (buckets := set(target.parent.rglob("*.js")))
            assert len(buckets) > 1
        return replace(source, target)

    monkeypatch.setattr("digest.site.apply.fsync_folder", settle)
    monkeypatch.setattr(Path, "replace", move)

    put_out([publication], settings)

    (segment,) = (path for path in (settings.public / "search").iterdir() if path.is_dir())
    assert times.count(segment) == 1
    assert settings.public / "search" in times
