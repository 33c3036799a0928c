"""docs/CONTRIBUTING.md speaks of code that is there."""

import importlib
import re
from pathlib import Path

import pytest

from digest.exports import EXPORTS
from digest.intake.formats.table import FORMATS
from digest.pipeline import STAGES

PROJECT = Path(__file__).parent.parent
TEXT = (PROJECT / "docs" / "CONTRIBUTING.md").read_text(encoding="utf-8")
FILES = sorted(set(re.findall(r"`((?:digest|flows|tests|docs)/[\w./-]+)`", TEXT)))
NAMED = {"STAGES": "digest.pipeline", "FORMATS": "digest.intake.formats.table", "EXPORTS": "digest.exports.table",
         "Artifacts": "digest.model.edition", "Terms": "digest.model.speech", "collect": "digest.terms",
         "PublicEdition": "digest.model.public", "CompanionFile": "digest.intake.formats.companion_file",
         "Contents": "digest.intake.formats.companion_file", "UnusableDrop": "digest.errors"}  # fmt: skip


@pytest.mark.parametrize("file", FILES)
def test_every_file_that_is_named_exists(file: str) -> None:
    """A newcomer finds what the page speaks of."""
    assert (PROJECT / file).exists()


@pytest.mark.parametrize(("name", "module"), NAMED.items())
def test_every_name_is_where_the_page_says(name: str, module: str) -> None:
    """Functions, classes and tables are called so today."""
    assert name in TEXT
    assert hasattr(importlib.import_module(module), name)


def test_the_examples_are_the_code() -> None:
    """The lines that the page quotes stand in the files that it names."""
    code = "\n".join(path.read_text(encoding="utf-8") for path in (PROJECT / "digest").rglob("*.py"))
    blocks = re.findall(r"```python\n(.*?)```", TEXT, re.DOTALL)
    quoted = [line.strip() for block in blocks for line in block.splitlines()]

    for line in filter(None, quoted):
        assert line in code, line


def test_what_the_page_calls_an_example_is_in_the_tables() -> None:
    """The stage, the format and the export that it shows are rows today."""
    assert "collect" in {stage.name for stage in STAGES}
    assert "digest.intake.formats.zoom_cloud_chat" in {row.read.__module__ for row in FORMATS}
    assert "transcript" in {row.name for row in EXPORTS}


def test_every_target_of_make_is_one() -> None:
    """Each `make …` on the page is a target of the Makefile."""
    targets = set(re.findall(r"^([\w-]+):", (PROJECT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))

    asked = {word for line in re.findall(r"\bmake ([\w -]+)", TEXT) for word in line.split()[:1]}
    assert asked <= targets
