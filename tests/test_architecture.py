"""What docs/architecture.md says about the stages is what their signatures say."""

import importlib
import inspect
import re
import sys
from pathlib import Path
from types import UnionType
from typing import Any, get_args, get_origin, get_type_hints

import pytest

from digest.model.artifact import Artifact, Record

TABLE = (Path(__file__).parent.parent / "docs" / "architecture.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| `([a-z_.]+)` \| (.+?) \| (.+?) \|$", TABLE, re.MULTILINE)


def stage_of(name: str) -> Any:
    """Return the stage that the table names."""
    room, _, function = name.partition(".")
    return getattr(importlib.import_module(f"digest.{room}"), function)


def taken(stage: Any) -> list[str]:
    """Return the names of the artifacts that a stage takes, in order."""
    hints = get_type_hints(stage)
    positional = [p.name for p in inspect.signature(stage).parameters.values() if p.kind is not p.KEYWORD_ONLY]
    return [name for hint in (hints[p] for p in positional) if (name := _artifact_name(hint))]


def _artifact_name(hint: Any) -> str | None:
    many = get_origin(hint) is not None and not isinstance(hint, UnionType)
    kind = get_args(hint)[0] if many else hint
    if not (inspect.isclass(kind) and issubclass(kind, Record)):
        return None
    return f"{kind.__name__}s" if many else kind.__name__


def test_the_table_holds_fourteen_stages() -> None:
    """Every stage of the line stands in the table."""
    assert len(ROWS) == 14


@pytest.mark.parametrize(("name", "takes", "makes"), ROWS, ids=[row[0] for row in ROWS])
def test_a_stage_takes_and_makes_what_the_table_says(name: str, takes: str, makes: str) -> None:
    """Signature and table agree on what goes in, what comes out, and that the stage of a drop has a version."""
    stage = stage_of(name)
    returned = get_type_hints(stage)["return"]

    assert taken(stage) == re.findall(r"\b[A-Z][A-Za-z]+\b", re.sub(r"\(.*?\)", "", takes))
    if not name.startswith(("editing.", "site.")):  # what they make is kept by other keys than a version
        assert isinstance(sys.modules[stage.__module__].VERSION, int)
    if inspect.isclass(returned) and issubclass(returned, Artifact):
        assert f"`{returned.FILE}`" in makes
