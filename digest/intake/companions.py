"""What the meeting platform left beside the recording: Drop in, Companions out."""

from pathlib import Path

from digest.model.companions import Companions
from digest.model.drop import Drop

VERSION = 1


def companions(drop: Drop, *, root: Path) -> Companions:  # noqa: ARG001
    """Return no chat, questions, captions, slide events or polls: the files wait in the Drop under their roles."""
    return Companions()
