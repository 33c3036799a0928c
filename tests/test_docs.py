"""What is documented is complete."""

import re
import tomllib
from itertools import chain
from pathlib import Path

from digest.settings import Group, Settings
from tests import draw_formats

PROJECT = Path(__file__).parent.parent


def test_every_dependency_has_its_reason() -> None:
    """Each direct dependency stands in docs/dependencies.md, and nothing else does."""
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = [*project["dependencies"], *chain(*project["optional-dependencies"].values())]
    text = (PROJECT / "docs" / "dependencies.md").read_text(encoding="utf-8").split("## Models")[0]

    packages = {re.split(r"[^a-z0-9-]", name)[0] for name in wanted}
    explained = set(re.findall(r"^\| ([a-z0-9-]+) \|", text, re.MULTILINE)) - {"package", "program", "ffmpeg"}

    assert explained == packages


def test_the_lock_names_no_host() -> None:
    """The lock file holds versions and hashes only, so that it works with any index."""
    lock = (PROJECT / "requirements.lock").read_text(encoding="utf-8")

    assert "://" not in lock
    assert "torch==" not in lock
    assert "nvidia" not in lock


def test_every_setting_is_explained() -> None:
    """docs/settings.md holds each setting under its group, with its description."""
    text = (PROJECT / "docs" / "settings.md").read_text(encoding="utf-8")
    groups = {part.partition("\n")[0]: part for part in text.split("\n## ")[1:]}

    for name, field in Settings.model_fields.items():
        group = field.annotation
        if isinstance(group, type) and issubclass(group, Group):
            for inner, within in group.model_fields.items():
                assert re.search(
                    rf"^\| `{inner}` \| .+ \| {re.escape(within.description or '')} \|$",
                    groups[f"[{name}]"],
                    re.MULTILINE,
                )
        else:
            assert re.search(
                rf"^\| `{name}` \| .+ \| {re.escape(field.description or '')} \|$", groups["Top level"], re.MULTILINE
            )


def test_the_formats_of_companions_are_listed() -> None:
    """docs/companions.md has the table that the registry gives: python -m tests.draw_formats draws it."""
    page = draw_formats.PAGE.read_text(encoding="utf-8")

    assert draw_formats.with_table(page) == page


def test_what_the_page_on_security_names_is_there() -> None:
    """Each file, and each test of it, that docs/security.md rests a promise on."""
    text = (PROJECT / "docs" / "security.md").read_text(encoding="utf-8")

    named = re.findall(r"`((?:tests|digest)/[\w/]+\.py)(?:::(\w+))?`", text)

    assert len(named) > 20
    for path, function in named:
        assert f"def {function}" in (PROJECT / path).read_text(encoding="utf-8"), path
