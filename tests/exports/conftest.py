"""A site in a folder of the test's own."""

from pathlib import Path

import pytest

from digest.settings import Settings


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Return settings whose site is the test's own."""
    return Settings(public=tmp_path / "public")
