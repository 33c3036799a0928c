"""A site in a folder of the test's own."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import uvicorn

from digest.settings import Organisation, Settings
from digest.site.serve import app
from tests.site.editions import an_edition, announced, full, published, put_out


@contextmanager
def serving(folder: Path) -> Iterator[str]:
    """Serve a site while the block runs, and yield its address."""
    server = uvicorn.Server(uvicorn.Config(app(folder), port=0, log_level="warning"))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.05)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Return the settings of an organisation."""
    return Settings(
        public=tmp_path / "public",
        organisation=Organisation(name="Geneva Digital Dialogue", contact="digest@example.org", licence="CC BY 4.0"),
    )


@pytest.fixture
def public(tmp_path: Path, settings: Settings) -> Path:
    """Return a site with one digest, in which every section has something, and one event to come."""
    put_out(tmp_path / "kept", [published(full(an_edition(tmp_path / "kept")))], settings, announced())
    return settings.public
