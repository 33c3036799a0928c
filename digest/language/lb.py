"""Luxembourgish."""

from digest.language.closed_classes import Language

LUXEMBOURGISH = Language("lb", capitalises_nouns=True)
