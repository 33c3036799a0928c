"""A file of the whole site, of no webinar alone: made only where what it depends on is another."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class SiteFile:
    """A path, a key of all that the file depends on, and what makes it."""

    path: str
    key: str
    render: Callable[[], bytes]
