"""What people are told: STATUS.txt and PROBLEM.txt beside a drop, and a trace kept for whoever mends the program."""

import contextlib
import errno
import logging
import traceback
from datetime import UTC, datetime
from pathlib import Path

from digest.errors import DigestError, MissingTool, Overloaded
from digest.settings import Settings, conceal
from digest.store.files import write_atomically

log = logging.getLogger(__name__)

STATUS, PROBLEM = "STATUS.txt", "PROBLEM.txt"
OF_THE_MACHINE = {
    errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOSPC, errno.EDQUOT, errno.ENOTDIR, errno.EEXIST, errno.EISDIR,
}  # fmt: skip
FULL = {errno.ENOSPC, errno.EDQUOT}
TRANSIENT = {errno.EIO, errno.ESTALE, errno.ETIMEDOUT, errno.EAGAIN, errno.EBUSY}  # said by a network disk, soon unsaid


def write_status(folder: Path, text: str, settings: Settings) -> Path:
    """Write into STATUS.txt how far a drop is, and return where that file lies."""
    return _write(folder, STATUS, text, settings)


def write_problem(folder: Path, error: DigestError, settings: Settings) -> Path:
    """Write into PROBLEM.txt what is wrong with a drop and what to do, and return where that file lies."""
    return _write(folder, PROBLEM, problem_text(error), settings)


def clear_problem(folder: Path, settings: Settings) -> None:
    """Take PROBLEM.txt away: what it said no longer holds."""
    for place in (folder, _own_folder(folder, settings)):
        with contextlib.suppress(OSError):
            (place / PROBLEM).unlink(missing_ok=True)


def problem_text(error: DigestError) -> str:
    """Return what PROBLEM.txt says: what happened, to which file, what to do."""
    lines = ["This webinar could not be worked on.", "", f"What happened:  {error.what}"]
    if error.file:
        lines.append(f"File:           {error.file}")
    again = "When the files in this folder have changed, they are tried again by themselves."
    return "\n".join([*lines, f"What to do:     {error.remedy}", "", again])


def keep_trace(error: BaseException, settings: Settings) -> DigestError:
    """Keep the trace of an error that nobody foresaw in a file, and return words for it.

    A folder that cannot be written to, or a full disk, may show anywhere and is the operator's to mend: no trace.
    """
    if isinstance(error, OSError) and error.errno in OF_THE_MACHINE and error.filename:
        return MissingTool(
            f"“{error.filename}” cannot be used ({error.strerror}).",
            remedy="Make room on the disk, or see who may write there; --workspaces and digest.toml name the folders.",
        )
    if isinstance(error, MemoryError) or (isinstance(error, OSError) and error.errno == errno.ENOMEM):
        remedy = "End other programs, or give it more; `[speech] model` names a smaller model."
        return MissingTool("This machine has too little memory.", remedy=remedy)
    if isinstance(error, OSError) and error.errno in FULL:
        return MissingTool(f"The disk is full ({error.strerror}).", remedy="Make room on it, and try again.")
    if isinstance(error, OSError) and error.errno in TRANSIENT:
        remedy = "It is tried again by itself; if it stays so, see to the disk or the share."
        return Overloaded(
            f"A file cannot be read or written just now ({error.strerror}).", file=error.filename, remedy=remedy
        )
    path = settings.state / "crashes" / f"{datetime.now(UTC):%Y-%m-%dT%H-%M-%S-%f}.txt"
    log.debug("Nobody foresaw %s: its trace goes into %s", type(error).__name__, path)
    trace = "".join(traceback.format_exception(error))
    with contextlib.suppress(OSError):  # a full disk, perhaps the very error
        write_atomically(path, conceal(trace, settings).encode(errors="replace"))
    return DigestError(
        f"The program stopped at something that nobody foresaw ({type(error).__name__}).",
        remedy=f"Nothing is lost. Give {path} to whoever looks after the program.",
    )


def _write(folder: Path, name: str, text: str, settings: Settings) -> Path:
    content = f"{text}\n\n{datetime.now().astimezone():%-d %B %Y, %H:%M %Z}\n".encode()
    try:
        write_atomically(folder / name, content)
    except OSError as error:  # a read-only share: the operator finds it in the state folder
        log.debug("%s cannot be written beside the drop (%s)", name, error.strerror)
        write_atomically(_own_folder(folder, settings) / name, content)
        return _own_folder(folder, settings) / name
    return folder / name


def _own_folder(folder: Path, settings: Settings) -> Path:
    return settings.state / "notices" / folder.name
