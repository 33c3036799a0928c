"""Logs as lines that name run and webinar."""

import json
import logging
import threading
from pathlib import Path

import pytest

from digest.settings import Settings
from digest.store.runlog import MAX_LOGS, log_run, log_service, logs_of, read_log
from digest.store.workspace import Workspace

log = logging.getLogger("digest.test")


def lines(path: Path) -> list[dict[str, str]]:
    """Return a log's lines."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


@pytest.fixture
def both(settings: Settings) -> tuple[Workspace, Workspace]:
    """Return two webinars after a run of each at the same time, in threads of one process."""
    first, second = (Workspace(settings.workspaces / slug) for slug in ("norms", "cranes"))
    begun, ended = threading.Barrier(2), threading.Barrier(2)

    def run(workspace: Workspace) -> None:
        with log_run(workspace, settings):
            begun.wait()
            log.debug("%s is worked on", workspace.slug)
            ended.wait()

    threads = [threading.Thread(target=run, args=(one,)) for one in (first, second)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return first, second


def test_each_run_has_its_own_lines(both: tuple[Workspace, Workspace]) -> None:
    """What runs beside it in the same process stands in its own file, under its own name."""
    for workspace in both:
        (path,) = logs_of(workspace)
        (line,) = lines(path)
        assert (line["slug"], line["message"]) == (workspace.slug, f"{workspace.slug} is worked on")
        assert (line["run"], line["level"], line["logger"]) == (path.stem, "debug", "digest.test")


def test_an_error_is_one_line_and_people_read_text(settings: Settings) -> None:
    """With its trace; a log of an earlier version, or one that was cut short, is read all the same."""
    workspace = Workspace(settings.workspaces / "norms")
    with pytest.raises(ValueError, match="seven"), log_run(workspace, settings):
        int("seven")
    (path,) = logs_of(workspace)
    (line,) = lines(path)
    with path.open("a", encoding="utf-8") as file:
        file.write('{"at": "2026-')

    said = list(read_log(path))

    assert "Traceback" in line["error"]
    assert said[0].endswith("The run ended with an error")
    assert said[-2:] == ["ValueError: invalid literal for int() with base 10: 'seven'", '{"at": "2026-']


def test_a_service_logs_to_standard_error(settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    """Lines for a collector of logs, in which a run's name its webinar; debug stays in the run's own file."""
    with log_service(settings):
        log.info("the desk is open")
        with log_run(Workspace(settings.workspaces / "norms"), settings):
            log.info("it begins")
            log.debug("on these figures")
    log.warning("nobody collects this any more")

    said = [json.loads(line) for line in capsys.readouterr().err.splitlines()]

    assert [(line["message"], line.get("slug")) for line in said] == [
        ("the desk is open", None),
        ("it begins", "norms"),
    ]
    assert logging.getLogger("digest").handlers == []


def test_old_logs_go(settings: Settings) -> None:
    """Ten are kept of a webinar, those of an earlier version among them."""
    workspace = Workspace(settings.workspaces / "norms")
    (workspace.root / "logs").mkdir(parents=True)
    (workspace.root / "logs" / "2020-01-01.log").write_text("old", encoding="utf-8")
    for _ in range(MAX_LOGS + 1):
        with log_run(workspace, settings):
            pass

    assert len(logs_of(workspace)) == MAX_LOGS
    assert {path.suffix for path in logs_of(workspace)} == {".jsonl"}
