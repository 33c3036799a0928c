"""Whether this host begins anything new: a file in the state folder, put there by the operator or by the program."""

import contextlib
from datetime import UTC, datetime
from pathlib import Path

from pydantic import AwareDatetime, ValidationError

from digest.model.artifact import Record
from digest.store.files import write_atomically

FILE = "paused.json"


class Pause(Record):
    """Since when nothing new is begun on this host, by whose wish, and why."""

    since: AwareDatetime
    by: str
    why: str = ""


def pause(state: Path, why: Pause) -> Pause:
    """Begin nothing more on this host; what runs comes to its end. Where it is paused already, that pause stands."""
    if held := pause_in_force(state):
        return held
    write_atomically(state / FILE, why.model_dump_json().encode())
    return why


def end_pause(state: Path) -> bool:
    """Go on; False where nothing was paused."""
    with contextlib.suppress(FileNotFoundError):
        (state / FILE).unlink()
        return True
    return False


def pause_in_force(state: Path) -> Pause | None:
    """Return the pause of this host, or None; a file that cannot be read pauses too."""
    path = state / FILE
    with contextlib.suppress(FileNotFoundError):
        try:
            return Pause.model_validate_json(path.read_bytes())
        except ValidationError:
            return Pause(since=datetime.fromtimestamp(path.stat().st_mtime, UTC), by="somebody")
    return None
