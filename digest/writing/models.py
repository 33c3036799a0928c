"""The fitted models that the account is written with: those that ship with the program, or others in their place."""

from dataclasses import dataclass
from functools import cache

from digest.learned.trees import Trees, load_trees
from digest.writing.questions import ExchangeModels, load_models


@dataclass(frozen=True)
class Models:
    """What decides: each is fitted by the script of its name in `tests/training`."""

    worth: Trees
    questions: ExchangeModels
    traps: Trees
    audience_names: Trees
    stands: Trees
    housekeeping: Trees


@cache
def shipped_models() -> Models:
    """Return the models that ship with the program."""
    names = ("traps", "audience_names", "passages", "housekeeping")
    return Models(load_trees("worth"), load_models(), *map(load_trees, names))
