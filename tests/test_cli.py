"""What the verbs do with odd arguments, and their exit status."""

import json
import re
import shutil
from pathlib import Path

import pytest

from digest.cli import main
from digest.pipeline import STAGES

DEMO = Path(__file__).parent.parent / "recordings" / "demo"
OK, FAILED, USAGE, ENVIRONMENT = 0, 1, 2, 3


@pytest.fixture(autouse=True)
def _somewhere_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PREFECT_HOME", str(tmp_path / ".digest" / "prefect"))


def digest(*tokens: str) -> int:
    """Return the exit status of a verb."""
    with pytest.raises(SystemExit) as ended:
        main(tokens)
    return int(ended.value.code or 0)


@pytest.mark.parametrize("verb", ["slides", "align", "transcribe", "companions"])
def test_a_stage_never_writes_over_a_folder_of_somebody(
    verb: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """`--out` beside the drop would put our drop/, pages/ and media/ in the place of theirs: it is refused."""
    drop = Path(shutil.copytree(DEMO, tmp_path / "webinar" / "drop"))
    of = drop if verb in {"align", "companions"} else drop / ("slides.pdf" if verb == "slides" else "recording.mp4")
    before = {path.name: path.read_bytes() for path in drop.iterdir()}

    status = digest(verb, str(of), "--out", "webinar")

    assert status == FAILED
    assert "webinar: This folder holds other files. Name a new one with --out." in capsys.readouterr().err
    assert {path.name: path.read_bytes() for path in drop.iterdir()} == before


def test_a_stage_may_be_run_again_into_its_own_folder(capsys: pytest.CaptureFixture[str]) -> None:
    """What a stage made earlier is no reason to refuse; programs read where it lies."""
    assert digest("slides", str(DEMO / "slides.pdf"), "--out", "made") == OK
    assert digest("slides", str(DEMO / "slides.pdf"), "--out", "made", "--json") == OK

    said = capsys.readouterr().out
    assert json.loads(said[said.index("{") :]) == {"made": "made/deck.json"}


def test_a_damaged_webinar_is_listed_beside_the_others(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What is wrong is said, the table is printed all the same."""
    for slug, decisions in (("broken", "<<<<<<< conflict\n"), ("whole", "")):
        (tmp_path / "workspaces" / slug).mkdir(parents=True)
        (tmp_path / "workspaces" / slug / "decisions.jsonl").write_text(decisions, encoding="utf-8")

    assert digest("status") == OK

    said = capsys.readouterr()
    assert re.search(r"broken +damaged\b.*\n *whole +draft\b", said.out)
    assert "Line 1 of this file of the webinar “broken” is damaged" in said.err


@pytest.mark.parametrize("verb", [("check", str(DEMO)), ("status",), ("slides", str(DEMO / "slides.pdf"))])
def test_a_folder_that_cannot_be_used_is_named(
    verb: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The operator reads which folder it is, and that this machine lacks something."""
    (tmp_path / "taken").write_text("no folder", encoding="utf-8")
    monkeypatch.setenv("DIGEST_STATE", "taken")
    more = ("--out", "taken/here") if verb[0] == "slides" else ("--workspaces", "taken")

    status = digest(*verb, *more)

    said = capsys.readouterr().err
    assert status == ENVIRONMENT
    assert "taken" in said
    assert "cannot be used" in said


@pytest.mark.parametrize("verb", ["serve", "review"])
@pytest.mark.parametrize("port", ["99999", "-1", "http"])
def test_a_port_is_a_port(verb: str, port: str) -> None:
    """A number that is no port was not understood."""
    assert digest(verb, "--port", port) == USAGE


def test_the_schema_holds_every_file_of_a_workspace(capsys: pytest.CaptureFixture[str]) -> None:
    """Other programs read these files: those that stages make, and those that people and runs write."""
    made = {stage.makes.FILE for stage in STAGES} | {"edition.json"}

    assert digest("schema") == OK

    schema = json.loads(capsys.readouterr().out)
    assert set(schema["files"]) == made | {
        "provenance.json",
        "runs.jsonl",
        "overlay.jsonl",
        "decisions.jsonl",
        "comments.jsonl",
        "consent.jsonl",
        "announcement.json",
    }
    assert all(at.removeprefix("#/$defs/") in schema["$defs"] for at in schema["files"].values())
