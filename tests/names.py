"""The names in the tree that break a rule of names; `python -m tests.names` shortens the list of participles.

The list holds what was called so before there was a rule. It may only shrink: a name that is gone is taken off it, and
none is put on it.
"""

import ast
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TypeAlias

PROJECT = Path(__file__).parent.parent
ROOTS = ("digest", "flows")
PARTICIPLES = PROJECT / "tests" / "data" / "participles.txt"

IRREGULAR = """
begun bent bound bought broken brought built caught chosen done drawn driven fallen felt fought found given gone got
grown heard held hidden kept known laid lain led left lent lost made meant met paid said seen sent shown sold sought
spent spoken spun stood struck sung sworn taken taught thought thrown told torn understood won worn wound woven written
"""
PRESENT = "bed bleed breed embed exceed feed hundred need proceed red seed shed speed spread succeed"  # end in -ed too

Function: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef


def definitions() -> Iterator[tuple[str, ast.ClassDef | Function]]:
    """Yield every class and function of the tree, nested ones too, each with where it is: digest.model.deck.Deck."""
    for root in ROOTS:
        for path in sorted((PROJECT / root).rglob("*.py")):
            module = path.relative_to(PROJECT).with_suffix("").as_posix().replace("/", ".").removesuffix(".__init__")
            yield from _within(module, ast.parse(path.read_text(encoding="utf-8")))


def is_participle(name: str) -> bool:
    """Say whether a function's name is a participle and nothing else: `joined`, `_told`, `unheard`."""
    word = name.strip("_")
    if "_" in word or word in PRESENT.split():
        return False
    return word.endswith("ed") or word.removeprefix("un") in IRREGULAR.split()


def participles() -> list[str]:
    """Return where functions are named by a bare participle, in order."""
    return sorted({at for at, node in definitions() if not isinstance(node, ast.ClassDef) and is_participle(node.name)})


def duplicates() -> list[str]:
    """Return the names that more than one class has, in order."""
    counts = Counter(node.name for _, node in definitions() if isinstance(node, ast.ClassDef))
    return sorted(name for name, count in counts.items() if count > 1)


def old_participles() -> list[str]:
    """Return the participles on the list, in order."""
    return PARTICIPLES.read_text(encoding="utf-8").split()


def _within(at: str, node: ast.AST) -> Iterator[tuple[str, ast.ClassDef | Function]]:
    for inner in ast.iter_child_nodes(node):
        if isinstance(inner, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            yield f"{at}.{inner.name}", inner
            yield from _within(f"{at}.{inner.name}", inner)
        else:
            yield from _within(at, inner)


if __name__ == "__main__":
    left = sorted(set(participles()) & set(old_participles()))
    PARTICIPLES.write_text("".join(f"{name}\n" for name in left), encoding="utf-8")
