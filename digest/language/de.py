"""German."""

from digest.language.closed_classes import Language

GERMAN = Language(
    "de",
    hesitations=frozenset({"äh", "ähm", "öh", "hm", "hmm"}),
    conjunctions=frozenset({"so"}),
    no_comma_after=frozenset({"an", "in", "was"}),
    name_particles=frozenset({"der", "von"}),
    capitalises_nouns=True,
)
