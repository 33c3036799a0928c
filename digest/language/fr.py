"""French."""

from digest.language.closed_classes import Language

FRENCH = Language(
    "fr",
    hesitations=frozenset({"euh", "heu", "hum"}),
    no_comma_after=frozenset({"a", "or"}),
    name_particles=frozenset({"de", "des", "du", "la"}),
)
