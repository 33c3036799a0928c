"""Whether the backup is enough: a backup in, the site that it gives out, compared byte for byte with the live one."""

import contextlib
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from pydantic import AwareDatetime

from digest.errors import NotAllowed
from digest.model.artifact import Record
from digest.settings import Settings, load
from digest.site import build
from digest.site.record import read_files, read_record
from digest.store.files import MADE, file_sha256, write_atomically
from digest.store.workspace import workspaces_in
from digest.temporary import temporary_folder

RECORD = "drill.json"  # in the state folder: how the last drill went
AT_WORK = ".drill-"  # beside the site that is made
NOT_NEEDED = (MADE, "logs", "scratch")  # of a workspace: the site must come without them


class Drill(Record):
    """What a backup gave: so many `files` of a site, which `left` out, and how they differ from the live site's.

    `left` has the reason by slug; `compared` is how many files the live site has, None where there was none.
    """

    at: AwareDatetime
    files: int
    left: dict[str, str]
    compared: int | None
    differences: tuple[str, ...]

    @property
    def is_good(self) -> bool:
        """Return whether the backup gave all of the site, and nothing else."""
        return not self.left and not self.differences


def drill(backup: Path, into: Path, live: Settings, *, at: datetime) -> Drill:
    """Make the site of a backup in an empty folder, compare it with the live one, and record how that went.

    The backup (`workspaces/`, digest.toml, theme) is read and never written to.
    Raises NotAllowed where the folder is not empty, or where the backup is none or names files outside of itself.
    """
    backup, into, public = backup.resolve(), into.resolve(), live.public.resolve()
    record = (live.state / RECORD).resolve()
    if into.exists() and any(into.iterdir()):
        raise NotAllowed("This folder is not empty.", file=into, remedy="Name a new folder for the site to be made in.")
    into.mkdir(parents=True, exist_ok=True)
    there = _paths(public)  # before anything is made: after a loss the site is made in its own place
    left = _rebuild(backup, into)
    made = _paths(into)
    differences = tuple(_differences(into, made, public, there)) if there else ()
    done = Drill(at=at, files=len(made), left=left, compared=len(there) if there else None, differences=differences)
    write_atomically(record, done.model_dump_json(indent=1).encode() + b"\n")
    return done


def _rebuild(backup: Path, into: Path) -> dict[str, str]:
    """Make the site from the backup alone and return which webinars were left out, each with the reason."""
    with contextlib.chdir(backup), temporary_folder(into.parent, prefix=AT_WORK) as work:
        of_backup = load(ledger="", state=work / "state", public=into)
        for path in filter(None, (of_backup.workspaces, of_backup.templates, of_backup.organisation.logo)):
            _check_inside(path, backup)
        _link(of_backup.workspaces.resolve(), work / "workspaces")
        return build(of_backup.model_copy(update={"workspaces": work / "workspaces"})).left


def _check_inside(path: Path, backup: Path) -> None:
    if not path.resolve().is_relative_to(backup):
        remedy = "Name it in digest.toml relative to that file, and back it up with it."
        raise NotAllowed("The backup's settings name a place outside of the backup.", file=path, remedy=remedy)
    if not path.exists():
        raise NotAllowed("This is not in the backup, and the site needs it.", file=path, remedy="Back it up too.")


def _link(workspaces: Path, to: Path) -> None:
    """Lay workspaces out as links into the backup: what is made beside them is not written into it."""
    for workspace in workspaces_in(workspaces):
        (to / workspace.slug).mkdir(parents=True)
        for path in workspace.root.iterdir():
            if path.name not in NOT_NEEDED:
                (to / workspace.slug / path.name).symlink_to(path)


def _paths(public: Path) -> frozenset[str]:
    """Return the paths of all that publishing put on a site."""
    record = read_record(public)
    return frozenset((*record.shared, *(path for slug in record.webinars for path in read_files(public, slug))))


def _differences(made: Path, paths: frozenset[str], live: Path, there: frozenset[str]) -> Iterator[str]:
    for path in sorted(paths | there):
        if path not in paths:
            yield f"{path}: the backup does not give it"
        elif path not in there:
            yield f"{path}: the live site does not have it"
        elif not (live / path).is_file() or file_sha256(made / path) != file_sha256(live / path):
            yield f"{path}: the live site's is another"
