"""What is documented is complete."""

import re
import tomllib
from pathlib import Path

PROJECT = Path(__file__).parent.parent


def test_every_dependency_has_its_reason() -> None:
    """Each direct dependency stands in docs/dependencies.md, and nothing else does."""
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = [*project["dependencies"], *project["optional-dependencies"]["dev"]]
    text = (PROJECT / "docs" / "dependencies.md").read_text(encoding="utf-8").split("## Models")[0]

    packages = {re.split(r"[^a-z0-9-]", name)[0] for name in wanted}
    explained = set(re.findall(r"^\| ([a-z0-9-]+) \|", text, re.MULTILINE)) - {"package", "program", "ffmpeg"}

    assert explained == packages


def test_the_lock_names_no_host() -> None:
    """requirements.lock holds versions and hashes only, so that it works with any index."""
    lock = (PROJECT / "requirements.lock").read_text(encoding="utf-8")

    assert "://" not in lock
    assert "torch==" not in lock
    assert "nvidia" not in lock
