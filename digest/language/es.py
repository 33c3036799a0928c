"""Spanish."""

from digest.language.closed_classes import Language

SPANISH = Language(
    "es",
    hesitations=frozenset({"eh", "ehm", "em", "mmm"}),
    no_comma_after=frozenset({"a"}),
    name_particles=frozenset({"de", "del", "la"}),
)
