"""Dutch."""

from digest.language.closed_classes import Language

DUTCH = Language("nl", name_particles=frozenset({"de", "der", "van"}))
