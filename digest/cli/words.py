"""What is said in the terminal, and every exit status: given here, and nowhere else.

0 all went well, 1 something failed, 2 the command was not understood, 3 this machine lacks something.
"""

import json
import os
import sys
from collections.abc import Callable, Iterable, Sequence

from cyclopts import CycloptsError
from rich.console import Console
from rich.table import Table

from digest.errors import DigestError, MissingTool
from digest.settings import Settings, load

FAILED, USAGE, ENVIRONMENT, INTERRUPTED = 1, 2, 3, 130
WIDE = 200  # columns of a table that goes into a file or another program


def status_of(verb: Callable[[], int | None]) -> int:
    """Run a verb, say in words what went wrong, and return the exit status."""
    try:
        return verb() or 0
    except CycloptsError:  # cyclopts has said it
        return USAGE
    except DigestError as error:
        return say_failure(error)
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:  # digest status | head
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:  # noqa: BLE001 (the edge: no trace ever reaches the terminal)
        from digest.notices import keep_trace

        return say_failure(keep_trace(error, _settings_or_defaults()))


def say_failure(error: DigestError) -> int:
    """Say what went wrong and return the exit status."""
    say_wrong(str(error))
    return ENVIRONMENT if isinstance(error, MissingTool) else FAILED


def _settings_or_defaults() -> Settings:
    """Return the settings in force, or the defaults where they are what is wrong."""
    try:
        return load()
    except DigestError:
        return Settings.model_construct()


def say(text: object) -> None:
    """Print a text, wrapped by the terminal alone."""
    Console(soft_wrap=True, markup=False, highlight=False, emoji=False).print(text)


def say_wrong(text: str) -> None:
    """Print what went wrong, apart from what programs read."""
    Console(stderr=True, soft_wrap=True, markup=False, highlight=False, emoji=False).print(text)


def print_table(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print rows under their heads; the first column is never broken."""
    from rich.text import Text

    table = Table(box=None, pad_edge=False)
    for at, head in enumerate(heads):
        table.add_column(head, no_wrap=at == 0, overflow="fold")  # it is there to be copied
    for row in rows:
        table.add_row(*(Text("" if cell is None else str(cell)) for cell in row))
    terminal = Console()
    (terminal if terminal.is_terminal else Console(width=WIDE)).print(table)


def print_json(value: object) -> None:
    """Print a value for programs to read."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=1) + "\n")
