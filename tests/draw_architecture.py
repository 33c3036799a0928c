"""The blocks of docs/architecture.md that are made from the code: `python -m tests.draw_architecture` renews them.

Two tables and a picture: the stages with what they take and make, from the table of stages and from signatures; the
rooms with what each holds, from their docstrings; which room imports which, from every import statement.
"""

import ast
import re
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, get_args, get_origin, get_type_hints

from digest import editing, privacy, site
from digest.exports.table import EXPORTS
from digest.model.artifact import Artifact, Record
from digest.model.edition import Edition
from digest.pipeline import STAGES, Stage
from digest.settings import Group, Settings

PROJECT = Path(__file__).parent.parent
FILE = PROJECT / "docs" / "architecture.md"
CONTRACT = "Rooms know only the rooms below them"
AFTER: tuple[tuple[Any, str], ...] = (  # what is made of a draft, by no stage
    (editing.revise, f"`editions/<hash>/{Edition.FILE}`"),
    (privacy.public_edition, "a PublicEdition, in memory"),
)
PUBLISH: Any = site.publish


def draw(text: str) -> str:
    """Return the text of docs/architecture.md with its blocks as the code has them now."""
    for name, lines in (("stages", stage_lines()), ("rooms", room_lines()), ("imports", import_lines())):
        begin, end = re.search(rf"<!-- {name}: .*-->\n", text), text.find(f"<!-- end of {name} -->")
        if begin is None or end < begin.end():
            raise ValueError(f"There is no block “{name}”.")
        text = "\n".join([text[: begin.end()], *lines, "", text[end:]])
    return text


def stage_lines() -> Iterator[str]:
    """Yield the table of stages, and of what is made of an Edition after them."""
    yield from ("| stage | takes | makes | settings |", "|---|---|---|---|")
    for stage in STAGES:
        yield _row(stage.run, *_takes(stage), _made_by(stage))
    for function, made in AFTER:
        yield _row(function, *_takes(Stage(function, "")), made)
    for export in EXPORTS:
        yield _row(export.export, "PublicEdition", "", f"`{export.file}` in `made/<edition>/{export.name}-<key>/`")
    yield _row(PUBLISH, "Publications, PublicEvents", "all", "`public/`")


def room_lines() -> Iterator[str]:
    """Yield the table of rooms, from those that know most to those that know nothing."""
    yield from ("| room | holds |", "|---|---|")
    for room in rooms():
        path = _source(room)
        doc = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
        shown = path.parent if path.name == "__init__.py" else path
        yield f"| [`{room}`](../{shown.relative_to(PROJECT).as_posix()}) | {doc.partition(chr(10))[0]} |"


def import_lines() -> Iterator[str]:
    """Yield the picture: a line a room, a dot under each room above it that imports it."""
    every, imported = rooms(), imports()
    width = max(map(len, every))
    yield "```"
    for number, room in enumerate(every):
        dots = ("●" if room in imported[above] else "·" for above in every[:number])
        yield f"{room:{width}}  {' '.join([*dots, '■'])}"
    yield "```"


def rooms() -> tuple[str, ...]:
    """Return all rooms by the layers of the import contract, those that know most first."""
    contracts = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]
    (layers,) = (contract["layers"] for contract in contracts["contracts"] if contract["name"] == CONTRACT)
    return tuple(room.removeprefix("digest.") for layer in layers for room in layer.split(" | "))


def imports() -> dict[str, set[str]]:
    """Return the rooms that each room imports anywhere, inside functions too."""
    every, found = rooms(), dict[str, set[str]]()
    for room in every:
        source = _source(room)
        files = sorted(source.parent.rglob("*.py")) if source.name == "__init__.py" else [source]
        names = {name for file in files for name in _imported(ast.parse(file.read_text(encoding="utf-8")))}
        found[room] = {other for other in every if other != room and _module(other) in names}
    return found


def _imported(tree: ast.Module) -> Iterator[str]:
    """Yield the rooms that a file imports: `flows`, `digest.model`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        else:
            continue
        for name in names:
            root, _, rest = name.partition(".")
            yield root if root != "digest" else f"digest.{rest.partition('.')[0]}"


def _module(room: str) -> str:
    return room if room == "flows" else f"digest.{room}"


def _source(room: str) -> Path:
    """Return the file that says what a room holds: its own, or the first of its folder."""
    path = PROJECT / _module(room).replace(".", "/")
    return path / "__init__.py" if path.is_dir() else path.with_suffix(".py")


def _row(function: Callable[..., Any], takes: str, settings: str, makes: str) -> str:
    module = function.__module__.split(".")
    room = ".".join(module[1:]) if function.__name__ == "export" else module[1]
    return f"| `{room}.{function.__name__}` | {takes} | {makes} | {settings} |"


def _takes(stage: Stage) -> tuple[str, str]:
    """Return the artifacts that a stage takes, and the groups of settings."""
    groups = {field.annotation: f"`[{name}]`" for name, field in Settings.model_fields.items()}
    kinds = [(kind, get_origin(kind) is not None) for kind in stage.takes]
    records = [(get_args(kind)[0], "s") if many else (kind, "") for kind, many in kinds]
    takes = [f"{kind.__name__}{plural}" for kind, plural in records if issubclass(kind, Record)]
    of_settings = [groups.get(kind, "all") for kind, _ in records if issubclass(kind, Group | Settings)]
    return ", ".join(takes), ", ".join(of_settings)


def _made_by(stage: Stage) -> str:
    kind: type[Artifact] = get_type_hints(stage.run)["return"]
    return f"`{kind.FILE}`" + (f", `{kind.FOLDER}/`" if kind.FOLDER else "")


if __name__ == "__main__":
    FILE.write_text(draw(FILE.read_text(encoding="utf-8")), encoding="utf-8")
