"""What may go: what of kept/ and made/ no Edition and no draft names, and what is past its time."""

import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from digest.errors import Busy, DigestError, Stale
from digest.media.mute import folder_of
from digest.model.artifact import Artifact
from digest.model.drop import Drop, Folder
from digest.model.edition import Artifacts
from digest.privacy import silences
from digest.settings import Settings
from digest.store.files import MADE
from digest.store.leases import Leases
from digest.store.workspace import KEPT, Workspace, workspaces_in

DAY = 24 * 3600.0  # seconds
OF_AN_EDITION = re.compile(r"[0-9a-f]{64}|recording-[0-9a-f]{16}")  # of made/: all else is small, and made over


@dataclass(frozen=True)
class Litter:
    """What may go of a webinar, in bytes; `why_not` where it must stay, in words."""

    slug: str
    paths: tuple[Path, ...] = ()
    size: int = 0
    why_not: str | None = None


def find_litter(settings: Settings) -> tuple[Litter, ...]:
    """Return what may go, webinar by webinar; none of it is needed to publish, to retract or to go on editing."""
    found = map(litter_of, workspaces_in(settings.workspaces))
    return tuple(one for one in found if one.paths or one.why_not)


def remove(litter: Litter, settings: Settings) -> None:
    """Remove what may go of a webinar. Raises Busy while a run is at it or the site is being published."""
    workspace, leases = Workspace(settings.workspaces / litter.slug), Leases(settings)
    with leases.hold_site():
        folder = dropped_from(workspace)
        if folder and leases.is_drop_held(folder):
            raise Busy("A run is at this webinar just now.", file=litter.slug, remedy="Try again when it has ended.")
        for path in set(litter.paths) & set(litter_of(workspace).paths):  # what was shown, if it may still go
            shutil.rmtree(path) if path.is_dir() else path.unlink()


def find_outdated(settings: Settings, now: datetime) -> dict[str, tuple[Path, ...]]:
    """Return by kind the files that were written longer ago than `[retention]` keeps them."""
    places = {"logs": settings.workspaces.glob("[!.]*/logs/*"), "crashes": settings.state.glob("crashes/*")}
    days = settings.retention.model_dump()
    return {
        kind: tuple(path for path in sorted(files) if now.timestamp() - path.stat().st_mtime > days[kind] * DAY)
        for kind, files in places.items()
        if days[kind]
    }


def litter_of(workspace: Workspace) -> Litter:
    """Return what may go of a webinar."""
    kept, made = set[str](), set[str]()
    if not (workspace.root / Drop.FILE).is_file() and not workspace.has_draft():  # an event that is to come
        return Litter(workspace.slug)
    try:
        for path in (workspace.root / "editions").glob("[!.]*"):
            edition = workspace.edition(path.name)
            kept |= {*edition.made_from.values(), *(file.sha256 for file in edition.stored_files())}
            part = edition.shown if edition.trimmed else None
            made |= {path.name, folder_of(edition.web, silences(edition), part)}
        kept |= set(_named_by_draft(workspace))
    except DigestError as error:
        return Litter(workspace.slug, why_not=str(error))
    paths = [path for path in (workspace.root / KEPT).glob("*") if path.name not in kept]
    of_editions = (path for path in (workspace.root / MADE).glob("*") if OF_AN_EDITION.fullmatch(path.name))
    paths += [path for path in of_editions if path.name not in made]
    return Litter(workspace.slug, tuple(sorted(paths)), sum(map(_size, paths)))


def _named_by_draft(workspace: Workspace) -> Iterator[str]:
    """Yield the hash of every artifact and file of the draft. Raises Stale where there is none to compare with."""
    artifacts = workspace.artifacts()
    if artifacts is None:
        raise Stale("There is no finished draft of this webinar.", remedy="Run the drop to its end first.")
    for name in Artifacts.model_fields:
        artifact: Artifact = getattr(artifacts, name)
        yield from (artifact.sha256(), *(file.sha256 for file in artifact.stored_files()))


def dropped_from(workspace: Workspace) -> Folder | None:
    """Return the folder that staff dropped, as it was taken in last."""
    settings = workspace.provenance().get("take_in", {}).get("settings")
    return Folder.model_validate(settings[0]) if settings else None


def _size(path: Path) -> int:
    files = path.rglob("*") if path.is_dir() else (path,)
    return sum(file.stat().st_size for file in files if file.is_file())
