"""`make prefect`: an operator sees the runs of the demo in Prefect's pages."""

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import httpx
from playwright.sync_api import Browser, expect

from digest.pipeline import STAGES
from tests.e2e.conftest import of_staff
from tests.flows.servers import free_port, wait_for

SHOWN = {stage.name for stage in STAGES} | {"build", "record"}


def _tasks_at(api: str) -> set[str]:
    """Return the tasks that a server knows: it hears of the last ones a while after they ended."""
    tasks = set[str]()
    for _ in range(1200):
        tasks = {task["name"].rpartition("-")[0] for task in httpx.post(f"{api}/task_runs/filter", json={}).json()}
        if tasks >= SHOWN:
            break
        time.sleep(0.1)
    return tasks


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
        runs = {run["name"]: run["state_type"] for run in httpx.post(f"{api}/flow_runs/filter", json={}).json()}
        tasks = _tasks_at(api)
        page = browser.new_page()
        page.goto(f"http://127.0.0.1:{port}/runs")
        expect(page.get_by_text("draft demo").first).to_be_visible(timeout=120_000)
    finally:
        os.killpg(made.pid, signal.SIGINT)
        made.communicate(timeout=120)

    assert runs == {"draft demo": "COMPLETED", "publish cyber-norms-from-principles-to-practice": "COMPLETED"}, said
    assert tasks >= SHOWN
    assert (tmp_path / "public" / "cyber-norms-from-principles-to-practice" / "digest" / "index.html").is_file()
