"""The demo, made once by the real commands in an empty folder, its site and desk served, and a real Chromium."""

import os
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

DEMO = Path("recordings/demo").absolute()
SLUG = "cyber-norms-from-principles-to-practice"
DIGEST = Path(sys.executable).parent / "digest"


@dataclass(frozen=True)
class Made:
    """A folder in which the demo was run and approved, and what the commands printed."""

    folder: Path
    ran: str
    approved: str

    @property
    def workspace(self) -> Path:
        """Return the webinar's folder."""
        return self.folder / "workspaces" / SLUG


def digest(folder: Path, *asked: str | Path) -> subprocess.CompletedProcess[str]:
    """Run the command in a folder, as staff do."""
    return subprocess.run(
        [DIGEST, *asked], cwd=folder, env=of_staff(), capture_output=True, text=True, timeout=600, check=False
    )


def of_staff() -> dict[str, str]:
    """Return the environment of a terminal: without what Prefect, imported by another test, has set for this one."""
    return {name: value for name, value in os.environ.items() if not name.startswith("PREFECT_")}


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """Return the demo, run and approved by a script as `make demo` does it."""
    folder = tmp_path_factory.mktemp("made")
    ran = digest(folder, "run", DEMO)
    assert ran.returncode == 0, ran.stderr
    before = (folder / "public").exists()
    approved = digest(folder, "approve", SLUG, "--by", "demonstration")
    assert approved.returncode == 0, approved.stderr
    assert not before, "digest run published something"
    return Made(folder, ran.stdout, approved.stdout)


@pytest.fixture(scope="session")
def site(made: Made) -> Iterator[str]:
    """Return the address of the published site."""
    with serving(made.folder, "serve") as address:
        yield address.rstrip("/")


@contextmanager
def serving(folder: Path, verb: str) -> Iterator[str]:
    """Yield the first address that a serving command prints, once it answers; end the command afterwards."""
    environment = of_staff() | {"PYTHONUNBUFFERED": "1"}
    said = folder / f"{verb}.log"
    with said.open("w+") as log:
        child = subprocess.Popen(
            [DIGEST, verb, "--port", str(_free_port())],
            cwd=folder,
            stdout=log,
            stderr=subprocess.STDOUT,
            env=environment,
        )
        try:
            yield _answering(said, child)
        finally:
            child.terminate()
            child.wait(20)


def _answering(said: Path, child: "subprocess.Popen[bytes]") -> str:
    for _ in range(600):
        found = re.search(r"http://127\.0\.0\.1:\d+/\S*", said.read_text())
        if found:
            try:
                urllib.request.urlopen(re.match(r"http://[^/]+/", found.group())[0], timeout=5).close()  # type: ignore[index]  # noqa: S310
                return found.group()
            except urllib.error.HTTPError:
                return found.group()  # the desk lets nobody in without its link
            except OSError:
                pass
        assert child.poll() is None, said.read_text()
        time.sleep(0.1)
    raise AssertionError(f"nothing was served: {said.read_text()}")


def _free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])
