"""Takes a person out of all that is kept and published: docs/decisions/0060.

A webinar is written anew beside its workspace and takes its place in one step, so that each is as it was or without the
person, whenever the program is killed; the same command then does the rest.
"""

import shutil
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from digest.clean import dropped_from
from digest.erase.places import About, count_in, find_person, look, webinars
from digest.erase.webinar import erase_webinar
from digest.errors import DigestError, NotAllowed
from digest.model.artifact import Record
from digest.model.erasure import Tombstone, What
from digest.privacy import DataSubject
from digest.settings import Settings
from digest.site import build
from digest.store.database import rewrite_texts
from digest.store.leases import Leases
from digest.store.workspace import Workspace

__all__ = ["About", "Erased", "erase", "find_person"]

STATE_FILES = ("crashes/*", "notices/*/*", "report.html")  # of the state folder: what may go


class Erased(Record):
    """What was done: how many files of each webinar were written anew or went; `left` has why one could not be.

    `remaining` is what still stands afterwards; `folders` are those that staff dropped, which nobody touches.
    """

    webinars: dict[str, int]
    left: dict[str, str]
    folders: tuple[str, ...]
    remaining: About


def erase(person: DataSubject, what: What, settings: Settings, *, by: str, why: str, at: datetime) -> Erased:
    """Take a person out of all webinars, the site and the ledger.

    Doing it again does what a killed one left. A webinar that cannot be read is reported and does not stop the others.
    Raises Busy while somebody publishes, NotAllowed where the tombstone would hold the name.
    """
    if person.is_named(by) or person.is_named(why):
        raise NotAllowed("What stands for the person would hold the name.", remedy="Give --by and --why without it.")
    done, left, folders, renamed = dict[str, int](), dict[str, str](), set[str](), dict[str, str]()
    with Leases(settings).hold_site():
        for workspace in map(Workspace, webinars(settings)):
            if not any(look(workspace, person)[0].values()):
                continue
            folder = dropped_from(workspace)
            tombstone = Tombstone(number=len(workspace.erasures()) + 1, at=at, by=by, why=why, what=what, files=0)
            try:
                done[workspace.slug], names = erase_webinar(workspace, person, tombstone, settings)
            except DigestError as error:
                left[workspace.slug] = str(error)
                continue
            renamed |= names
            folders |= {folder.path} if folder and Path(folder.path).is_dir() else set()
        rewrite_texts(settings, lambda text: renamed.get(text) or person.replace(text))
        for path in _named_files(settings, person):
            path.unlink()
        for slug in renamed:
            shutil.rmtree(settings.public / slug, ignore_errors=True)
        left |= build(settings).left
    return Erased(webinars=done, left=left, folders=tuple(sorted(folders)), remaining=find_person(person, settings))


def _named_files(settings: Settings, person: DataSubject) -> Iterator[Path]:
    for path in (path for pattern in STATE_FILES for path in settings.state.glob(pattern)):
        if count_in(path, person):
            yield path
