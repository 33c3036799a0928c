"""WebVTT captions, as most platforms and browsers have them."""

from digest.intake.formats.companion_file import CompanionFile, Contents
from digest.intake.formats.cues import ARROW, read_cues


def fits(file: CompanionFile) -> float:
    """Return 1.0 where the file begins as the specification wants it."""
    return float(is_webvtt(file))


def read(file: CompanionFile) -> Contents:
    """Return the cues."""
    return read_cues(file, ARROW)


def is_webvtt(file: CompanionFile) -> bool:
    """Return whether the file begins as the specification wants it."""
    return file.is_plain and file.head.lstrip().casefold().startswith("webvtt")
