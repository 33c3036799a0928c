"""In the child: calls the function that a request names, and writes what it returns as JSON, by its annotations."""

import importlib
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, get_type_hints

from pydantic import TypeAdapter

from digest.errors import DigestError


def parameter_types(function: Callable[..., object]) -> list[Any]:
    """Return the annotations of what a function takes, in order."""
    return [kind for name, kind in get_type_hints(function).items() if name != "return"]


def answer(request: dict[str, Any]) -> dict[str, Any]:
    """Return what the function that a request names returns, or the error for people that it raises."""
    module, _, name = request["function"].partition(":")
    function = getattr(importlib.import_module(module), name)
    given = zip(parameter_types(function), request["args"], strict=True)
    args = [TypeAdapter(kind).validate_python(arg) for kind, arg in given]
    try:
        result = function(*args)
    except DigestError as error:
        wrong = {"kind": type(error).__name__, "what": error.what, "file": error.file, "remedy": error.remedy}
        return {"error": wrong}
    returned = get_type_hints(function)["return"]
    return {"result": TypeAdapter(returned).dump_python(result, mode="json", by_alias=True)}


def main(to: str) -> None:
    """Read a request from standard input and write the answer into a file."""
    Path(to).write_text(json.dumps(answer(json.load(sys.stdin))), encoding="utf-8")
