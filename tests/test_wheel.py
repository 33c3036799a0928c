"""The wheel: the same bytes from the same source, with all that a user needs inside."""

import hashlib
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

PROJECT = Path(__file__).parent.parent
SOURCE = ("digest", "flows", "templates")
BESIDE = ("pyproject.toml", "README.md", "LICENSE", "CHANGELOG.md")


def a_wheel(folder: Path, *, at: int, mode: int) -> Path:
    """Return the wheel of a copy of the source whose files are of this time and have these rights."""
    folder.mkdir()
    for name in SOURCE:
        shutil.copytree(PROJECT / name, folder / name)
    for name in BESIDE:
        shutil.copy2(PROJECT / name, folder / name)
    for path in folder.rglob("*"):
        if path.is_file():
            path.chmod(mode)
        os.utime(path, (at, at))
    building = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", "out"]
    subprocess.run(building, cwd=folder, check=True, capture_output=True)
    (wheel,) = (folder / "out").glob("*.whl")
    return wheel


@pytest.fixture(scope="module")
def wheels(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Return two wheels: made elsewhere, years apart, by people whose files have other rights."""
    root = tmp_path_factory.mktemp("wheels")
    first = a_wheel(root / "somewhere", at=1_600_000_000, mode=0o644)
    return first, a_wheel(root / "elsewhere, later", at=1_700_000_000, mode=0o600)


def test_two_builds_are_the_same_to_the_byte(wheels: tuple[Path, Path]) -> None:
    """So whoever doubts a wheel builds it and compares one hash."""
    first, second = wheels

    assert first.name == second.name
    assert hashlib.sha256(first.read_bytes()).digest() == hashlib.sha256(second.read_bytes()).digest()


def test_all_that_the_program_opens_is_inside(wheels: tuple[Path, Path]) -> None:
    """Every template and static file, every fitted model; no test, no cache."""
    names = set(zipfile.ZipFile(wheels[0]).namelist())
    templates = {f"digest/theme/{path.relative_to(PROJECT)}" for path in (PROJECT / "templates").rglob("*.*")}
    models = {str(path.relative_to(PROJECT)) for path in (PROJECT / "digest" / "learned").glob("*.json")}

    assert templates | models <= names
    assert len(templates) > 50
    assert not [name for name in names if "__pycache__" in name or name.startswith("tests")]
