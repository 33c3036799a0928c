"""`make prefect`: an operator sees the runs of the demo in Prefect's pages."""

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import Browser, expect

from digest.pipeline import STAGES
from tests.e2e.conftest import of_staff
from tests.flows.servers import free_port, shown_at, tasks_at, wait_for

SHOWN = {stage.name for stage in STAGES} | {"build", "record"}


def test_the_runs_are_seen_in_prefects_pages(small_drop: Path, tmp_path: Path, browser: Browser) -> None:
    """Draft and publication stand there completed, a task a stage, while everything is made as without a server."""
    for name in ("Makefile", "templates"):
        (tmp_path / name).symlink_to(Path(name).absolute())
    shutil.copytree(small_drop, tmp_path / "recordings" / "demo")
    port = free_port()
    made = subprocess.Popen(
        ["make", "-o", "setup", "prefect", f"BIN={Path(sys.executable).parent}", f"PREFECT_PORT={port}"],
        cwd=tmp_path,
        env={**of_staff(), "DIGEST_SPEECH__MODEL": "tiny.en", "PYTHONPATH": str(Path.cwd())},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    try:
        assert made.stdout
        said = list(iter(made.stdout.readline, "Ctrl+C ends the server.\n"))[-30:]
        api = f"http://127.0.0.1:{port}/api"
        wait_for(f"{api}/health")
        runs = shown_at(api, "flow_runs", lambda runs: [run["state_type"] for run in runs] == ["COMPLETED"] * 2)
        tasks = tasks_at(api, SHOWN)
        page = browser.new_page()
        page.goto(f"http://127.0.0.1:{port}/runs")
        expect(page.get_by_text("draft demo").first).to_be_visible(timeout=120_000)
    finally:
        os.killpg(made.pid, signal.SIGINT)
        made.communicate(timeout=120)

    states = {run["name"]: run["state_type"] for run in runs}
    assert states == {"draft demo": "COMPLETED", "publish cyber-norms-from-principles-to-practice": "COMPLETED"}, said
    assert tasks >= SHOWN
    assert (tmp_path / "public" / "cyber-norms-from-principles-to-practice" / "digest" / "index.html").is_file()
