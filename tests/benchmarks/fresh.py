"""Runs a measurement in a fresh process, so that nothing is warm but what is kept on disk."""

import subprocess
import sys
from collections.abc import Callable

from digest.settings import Settings

PROGRAM = (
    "import importlib, sys; from digest.settings import Settings\n"
    "measure = getattr(importlib.import_module(sys.argv[1]), sys.argv[2])\n"
    "print(measure(Settings.model_validate_json(sys.argv[3])))"
)


def seconds_of(measure: Callable[[Settings], float], settings: Settings) -> float:
    """Return what a function of a benchmark measures in a process of its own; its imports are not counted."""
    module = sys.modules[measure.__module__].__spec__
    assert module
    command = [sys.executable, "-W", "ignore", "-c", PROGRAM, module.name, measure.__name__, settings.model_dump_json()]
    ended = subprocess.run(command, capture_output=True, text=True, check=True)
    return float(ended.stdout.split()[-1])
