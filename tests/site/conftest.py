"""A site in a folder of the test's own."""

from pathlib import Path

import pytest

from digest.settings import Organisation, Settings
from tests.site.editions import an_edition, announced, full, published, put_out


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
