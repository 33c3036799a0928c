"""What can go wrong, in words for the person who can mend it.

One child per remedy: a new one only where somebody does something different about it.
"""

import contextlib
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path


class DigestError(Exception):
    """What happened, to which file, and what to do: three plain sentences for a person."""

    def __init__(self, what: str, *, file: Path | str | None = None, remedy: str) -> None:
        super().__init__(what)
        self.what = what
        self.file = Path(file).name if file is not None else None
        self.remedy = remedy

    def __str__(self) -> str:
        return " ".join(filter(None, (f"{self.file}:" if self.file else "", self.what, self.remedy)))


class UnusableDrop(DigestError):
    """Staff mend a file of the drop and drop it again; nothing of it is used until then."""


class NotSettled(DigestError):
    """A file is still being copied: the inbox waits and looks again, staff do nothing."""


class MissingTool(DigestError):
    """The operator installs or configures something on this machine; the drop is fine."""


class Busy(DigestError):
    """Somebody else is at it just now: come back when they are done, nothing is lost."""


class Stale(DigestError):
    """What was decided on has changed meanwhile: look at it again before deciding."""


class NotAllowed(DigestError):
    """The rules refuse this step until another one is done (confirm, approve): the editor does that first."""


class Held(DigestError):
    """A speaker asked to wait, or somebody has yet to weigh an answer: it is tried again at `until`, nobody mends."""

    def __init__(self, what: str, *, remedy: str, until: datetime) -> None:
        super().__init__(what, remedy=remedy)
        self.until = until


class LimitReached(DigestError):
    """A program or parser went over its processor time, memory or size in the sandbox, or hung, and was ended."""


class Overloaded(DigestError):
    """The machine was too busy to come to an end: the same is tried again, and nothing is said of any file."""


# What may be said of a file and kept as a result. Overloaded is not among them: whoever catches errors to go on with
# less catches these.
VERDICTS = (UnusableDrop, LimitReached, MissingTool)


def count_noun(number: int, what: str) -> str:
    """Return a number with what it counts, for a sentence: 1 slide, 2 slides."""
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


@contextlib.contextmanager
def naming(name: str) -> Iterator[None]:
    """Let an error name a file as staff do, not as the workspace does."""
    try:
        yield
    except DigestError as error:
        error.file = name
        raise
