"""`digest verify`: what was changed behind the program's back is found, and one bad webinar hides no other."""

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from digest.cli import main
from digest.editing import overlay
from digest.integrity import Examined, examine
from digest.settings import Settings
from digest.store.workspace import Workspace
from tests.archives import NOON, a_webinar, put_out

SLUGS = ("about-norms", "before-norms", "norms")


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Return the settings of an archive of three webinars that are out, each corrected once."""
    settings = Settings(workspaces=tmp_path / "workspaces", public=tmp_path / "public", state=tmp_path / "state")
    for slug in SLUGS:
        workspace = a_webinar(settings, slug)
        artifacts = workspace.artifacts()
        assert artifacts
        workspace.record_run(artifacts)
        correct(workspace, "about norms")
        correct(workspace, "of norms")
        put_out(workspace, settings)
    return settings


def correct(workspace: Workspace, text: str) -> None:
    """Write the first sentence anew."""
    artifacts = workspace.artifacts()
    assert artifacts
    sentence = next(iter(artifacts.digest.sentences()))
    seen = len(workspace.overlay().revisions)
    overlay.reword(workspace, sentence.id, f"It is {text}.", by="Ada", at=NOON, seen=seen)


def found(settings: Settings) -> dict[str, Examined]:
    """Return what was found, by slug."""
    return {one.slug: one for one in examine(settings)}


def test_what_nobody_touched_is_whole(settings: Settings) -> None:
    """Every webinar, and what their pages share."""
    all_found = found(settings)

    assert list(all_found) == [*SLUGS, "(shared by all pages)"]
    assert [one.faults for one in all_found.values()] == [()] * 4
    assert all(all_found[slug].files > 5 for slug in SLUGS)


def change_a_byte(path: Path) -> None:
    """Change a byte and nothing that a look at the folder shows: as a disk does it."""
    status, content = path.stat(), bytearray(path.read_bytes())
    content[-2] ^= 1
    path.chmod(0o644)
    path.write_bytes(content)
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))


def rewrite_history(path: Path) -> None:
    """Put somebody else's name into the first line."""
    path.write_bytes(path.read_bytes().replace(b'"by":"Ada"', b'"by":"Eve"', 1))


DAMAGE: dict[str, tuple[Callable[[Path], object], str, str]] = {
    "a recording": (change_a_byte, "workspaces/before-norms/media/web.mp4", "media/web.mp4 is not the file"),
    "a recording that is gone": (Path.unlink, "workspaces/before-norms/media/web.mp4", "media/web.mp4 is not there"),
    "an artifact": (change_a_byte, "workspaces/before-norms/transcript.json", "transcript.json of the draft"),
    "an edition": (change_a_byte, "workspaces/before-norms/editions/*/edition.json", "not there, or was changed"),
    "a correction": (rewrite_history, "workspaces/before-norms/overlay.jsonl", "overlay.jsonl: line 2 does not follow"),
    "a decision": (rewrite_history, "workspaces/before-norms/decisions.jsonl", "decisions.jsonl: line 2 does not"),
    "lines that are none": (
        lambda path: path.write_bytes(b"<<<<<<< conflict\n"),
        "workspaces/before-norms/decisions.jsonl",
        "Line 1 of this file",
    ),
    "a page": (change_a_byte, "public/before-norms/digest/index.html", "digest/index.html is not what was published"),
}


@pytest.mark.parametrize("what", DAMAGE)
def test_what_was_changed_is_named_and_nothing_else(what: str, settings: Settings, tmp_path: Path) -> None:
    """The webinar before and the one after are examined all the same, and are whole."""
    damage, pattern, said = DAMAGE[what]
    (path,) = tmp_path.glob(pattern)
    damage(path)

    all_found = found(settings)

    assert any(said in fault for fault in all_found["before-norms"].faults), all_found["before-norms"].faults
    assert [slug for slug, one in all_found.items() if one.faults] == ["before-norms"]


def test_a_folder_that_cannot_be_read_at_all_stops_nothing(settings: Settings) -> None:
    """Where a draft's last run is no longer known, nor anything else, the others are examined."""
    for path in (settings.workspaces / "about-norms").glob("*.json*"):
        path.unlink()
        path.mkdir()

    all_found = found(settings)

    assert [slug for slug, one in all_found.items() if one.faults] == ["about-norms"]


def test_the_verb_names_what_is_damaged_and_its_status_says_so(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """An operator's timer sees by the exit status that something is wrong; older lines without hashes are a note."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PREFECT_HOME", str(tmp_path / "prefect"))
    unchain(settings.workspaces / "norms" / "overlay.jsonl")

    whole = verb("verify"), capsys.readouterr()
    change_a_byte(settings.workspaces / "norms" / "media" / "web.mp4")
    damaged = verb("verify"), capsys.readouterr()

    assert whole[0] == 0
    assert "4 of 4 are whole" in whole[1].out
    assert "overlay.jsonl is chained from the next line on" in whole[1].out
    assert damaged[0] == 1
    assert "norms: media/web.mp4 is not the file that was saved" in damaged[1].err
    assert "3 of 4 are whole" in damaged[1].out


def unchain(path: Path) -> None:
    """Write lines as version 0.1.0 wrote them."""
    lines = [json.loads(line) for line in path.read_bytes().splitlines()]
    for line in lines:
        del line["before"]
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")


def verb(*tokens: str) -> int:
    """Return the exit status of a verb."""
    with pytest.raises(SystemExit) as ended:
        main(tokens)
    return int(ended.value.code or 0)
