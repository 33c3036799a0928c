"""A project with an inbox, whose settings let it fetch from this machine."""

from pathlib import Path

import pytest

from digest.settings import FetchSettings, Settings


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Return settings whose folders are the test's own, and that name this machine's network."""
    folders = {name: tmp_path / name for name in ("workspaces", "public", "inbox", "state")}
    for folder in folders.values():
        folder.mkdir()
    allowed = FetchSettings(hosts=("127.0.0.1",), networks=("127.0.0.0/8",))
    return Settings(**folders, fetch=allowed)  # type: ignore[arg-type]
