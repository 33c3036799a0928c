"""Names in the tree: what a function is called, one class a name, and functions that fit a screen."""

import ast

import pytest

from tests.names import definitions, duplicates, is_participle, old_participles, participles

MAX_LINES = 60  # of a function


def test_no_function_is_named_by_a_bare_participle() -> None:
    """A function is a verb, or the noun of what it returns; those left from before are on a list that only shrinks."""
    assert participles() == old_participles()


def test_a_class_has_its_name_for_itself() -> None:
    """One name stands for one thing in the whole tree, nested and private classes among them."""
    assert duplicates() == []


def test_functions_fit_a_screen() -> None:
    """No function is longer than some sixty lines."""
    functions = ((at, node) for at, node in definitions() if not isinstance(node, ast.ClassDef))
    lines = {at: (node.end_lineno or node.lineno) - node.lineno + 1 for at, node in functions}

    assert {at: count for at, count in lines.items() if count > MAX_LINES} == {}


@pytest.mark.parametrize(
    ("name", "is_one"),
    [("_joined", True), ("told", True), ("_unheard", True), ("embed", False), ("read", False), ("is_joined", False)],
)
def test_a_participle_is_known(name: str, is_one: bool) -> None:
    """Verbs that look the same in the present are no participles, and a truth is none."""
    assert is_participle(name) is is_one
