"""Portuguese."""

from digest.language.closed_classes import Language

PORTUGUESE = Language("pt", name_particles=frozenset({"da", "de", "do"}))
