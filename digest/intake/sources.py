"""The drop as it lies there, taken into the workspace: a folder in, Folder and Drop out.

Whoever can write into the folder can put anything there: links, pipes, devices, names that are no text. Only regular
files are opened, never through a link, under names that we choose.
"""

import contextlib
import os
import re
import stat
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO

from digest.errors import MissingTool, NotSettled, UnusableDrop
from digest.intake.event_file import read_event_file
from digest.intake.presentations import arrange
from digest.intake.recordings import in_order
from digest.intake.roles import PRESENTATIONS, RECORDINGS, FileUse, is_litter, use_of
from digest.intake.settling import is_unfinished
from digest.intake.slugs import slug_for
from digest.model.drop import Drop, DroppedFile, Entry, Folder, Ignored, Role
from digest.store.files import copy_file, file_sha256
from digest.store.workspace import Workspace
from digest.text.cleaning import CONTROLS, LINE_ENDS, TURNS

VERSION = 2

OURS = frozenset({"STATUS.txt", "PROBLEM.txt"})  # written beside the drop by the inbox
MAX_ENTRIES = 5_000
MAX_BYTES = 20 * 10**9  # bytes of one file; more is refused before it is read
FOLDER = "drop"
EVENT_FILE = "event.toml"
UNPRINTABLE = re.compile(f"[{CONTROLS}{LINE_ENDS}{TURNS}]")
ONE_ONLY: frozenset[Role] = frozenset({"deck", "pictures", "screen"})  # mostly


def look(folder: Path) -> Folder:
    """Return the entries of a drop, sorted by name, without opening any.

    Raises UnusableDrop if there is no such folder, it cannot be read, or it holds too many files.
    """
    try:
        resolved = folder.resolve(strict=True)
        with os.scandir(resolved) as found:
            entries = sorted(_entries(found, folder), key=lambda entry: entry.name)
    except (OSError, RuntimeError) as error:
        raise UnusableDrop(
            "There is no such folder, or it cannot be opened.",
            file=display_name(folder.name),
            remedy="Check its name and who may read it.",
        ) from error
    if display_name(str(resolved)) != str(resolved):
        raise UnusableDrop(
            "The folder's name holds letters that cannot be read.",
            file=display_name(resolved.name),
            remedy="Rename it with plain letters.",
        )
    return Folder(path=str(resolved), entries=tuple(entries))


def is_announcement(folder: Folder) -> bool:
    """Say whether event.toml lies there alone, as it does before there is anything to listen to."""
    left = [entry.name.casefold().strip() for entry in folder.entries if not is_litter(entry.name)]
    return left == [EVENT_FILE]


def _entries(found: Iterator["os.DirEntry[str]"], folder: Path) -> Iterator[Entry]:
    for number, entry in enumerate(found):
        if number >= MAX_ENTRIES:
            raise UnusableDrop(
                f"The folder holds more than {MAX_ENTRIES:,} files.",
                file=display_name(folder.name),
                remedy="Leave only the recording, the slides and what belongs to them.",
            )
        if entry.name in OURS:
            continue
        with contextlib.suppress(FileNotFoundError):
            status = entry.stat(follow_symlinks=False)
            is_folder = stat.S_ISDIR(status.st_mode)
            size, modified = (0, 0) if is_folder else (status.st_size, status.st_mtime_ns)
            yield Entry(name=display_name(entry.name), size=size, modified=modified)


def display_name(name: str) -> str:
    r"""Return a file name that can be printed and stored: bytes that are no text become \xe9, a line break \x0a."""
    text = os.fsencode(name).decode("utf-8", "backslashreplace")
    return UNPRINTABLE.sub(lambda found: ascii(found[0])[1:-1], text)


def take_in(folder: Folder, *, slug: str | None, into: Path, root: Path | None = None) -> Drop:
    """Take copies of the files that will be used into `into`, and say what each is for.

    `slug` is the webinar's address if it has one already. Of an event that was announced, the event.toml of then, which
    `root` keeps, is taken first: what the dropped one does not say stays as it was announced.
    Raises UnusableDrop where staff must mend or decide something, NotSettled while a file is still being written.
    """
    source = Path(folder.path)
    found, ignored = _sort(folder)
    recordings = in_order(
        {entry.name: path for path, entry, kind in found if kind.role == "recording"},
        source.name,
        has_captions=any(kind.role == "captions" for _, _, kind in found),
    )
    files = [*_announced_files(folder, root, into), *_event_files(found, into)]
    event = read_event_file(*(into / Path(file.path).name for file in files))
    presentations = arrange(
        [entry.name for _, entry, kind in found if kind.role == "deck"], [one.name for one in event.speakers]
    )
    order = {name: number for number, name in enumerate((*presentations, *recordings.names))}
    several = Counter(presentations.values())
    counts: Counter[Role] = Counter()
    for path, entry, kind in sorted(found, key=lambda item: order.get(item[1].name, -1)):
        role = "screen" if entry.name == recordings.screen else presentations.get(entry.name, kind.role)
        if role in {None, "event"} or (role == "recording" and entry.name not in order):
            continue
        counts[role] += 1
        is_only = role in ONE_ONLY and several[role] < 2  # noqa: PLR2004
        files.append(_take(path, entry, role, into / f"{role if is_only else f'{role}-{counts[role]}'}.{kind.ending}"))
    return Drop(
        slug=slug or slug_for(event, source.name),
        folder=source.name,
        files=tuple(files),
        ignored=(*ignored, *recordings.ignored),
        remarks=(*recordings.remarks, *_remarks_on_several(presentations)),
    )


def _event_files(found: Sequence[tuple[Path, Entry, FileUse]], into: Path) -> Iterator[DroppedFile]:
    for path, entry, use in found:
        if use.role == "event":
            yield _take(path, entry, "event", into / "event.toml")


def _remarks_on_several(presentations: Mapping[str, Role]) -> Iterator[str]:
    decks = [name for name, role in presentations.items() if role == "deck"]
    if len(decks) > 1:
        yield (
            f"There are {len(decks)} presentations. Their slides follow each other in this order: {', '.join(decks)}. "
            "Take away what was not shown; begin their names with 1, 2, 3 for another order."
        )


def _announced_files(folder: Folder, root: Path | None, into: Path) -> Iterator[DroppedFile]:
    if folder.announced and root:
        copy = into / "announced.toml"
        with (Workspace(root).announcement_folder(folder.announced) / "event.toml").open("rb") as kept:
            copy_file(kept, copy)
        size, sha256 = copy.stat().st_size, file_sha256(copy)
        yield DroppedFile(path=f"{FOLDER}/{copy.name}", sha256=sha256, size=size, name="event.toml", role="event")


def take_in_companions(folder: Folder, *, slug: str | None, into: Path) -> Drop:
    """Take in what the platform left, and event.toml, alone: recording and slides may be missing, or are not looked at.

    Raises as `take_in` does.
    """
    beside = RECORDINGS | PRESENTATIONS | {"pdf"}
    left = [entry for entry in folder.entries if Path(entry.name.casefold().strip()).suffix[1:] not in beside]
    found, ignored = _sort(folder.model_copy(update={"entries": tuple(left)}))
    files, counts = list[DroppedFile](), Counter[Role]()
    for path, entry, use in found:
        if use.role is not None:
            counts[use.role] += 1
            name = "event" if use.role == "event" else f"{use.role}-{counts[use.role]}"
            files.append(_take(path, entry, use.role, into / f"{name}.{use.ending}"))
    return Drop(slug=slug or "alone", folder=Path(folder.path).name, files=tuple(files), ignored=tuple(ignored))


def take_in_event_file(folder: Folder, *, into: Path) -> Path | None:
    """Take a copy of event.toml alone into `into` and return where it lies; None where there is none.

    Raises as `take_in` does.
    """
    alone = tuple(entry for entry in folder.entries if entry.name.casefold().strip() == EVENT_FILE)
    found, _ = _sort(folder.model_copy(update={"entries": alone}))
    for path, entry, use in found:
        if use.role == "event":
            return into / Path(_take(path, entry, "event", into / "event.toml").path).name
    return None


def _sort(folder: Folder) -> tuple[list[tuple[Path, Entry, FileUse]], list[Ignored]]:
    """Return the files that will be used, with what for, and the others with the reason."""
    ignored = list[Ignored]()
    found = list[tuple[Path, Entry, FileUse]]()
    source = Path(folder.path)
    _check_names(folder)
    real_names = {display_name(name): name for name in _list_names(source)}
    for entry in folder.entries:
        path = source / real_names.get(entry.name, entry.name)
        use = _use_of(path, entry)
        if use.role is None:
            ignored.append(Ignored(name=entry.name, why=use.why))
        else:
            found.append((path, entry, use))
    return found, ignored


def _check_names(folder: Folder) -> None:
    looks = Counter(unicodedata.normalize("NFC", entry.name) for entry in folder.entries)
    twin = next((name for name, count in looks.items() if count > 1), None)
    if twin:
        raise UnusableDrop(
            "Two files have this name, written with differently stored letters.",
            file=twin,
            remedy="Rename or remove one of them and drop the folder again.",
        )


def _list_names(source: Path) -> list[str]:
    try:
        return [path.name for path in source.iterdir()]
    except OSError as error:
        raise NotSettled(
            "The folder went away while it was read.", file=display_name(source.name), remedy="Drop it again."
        ) from error


def _use_of(path: Path, entry: Entry) -> FileUse:
    """Say what an entry is for, opening it only if it is a regular file of bearable size."""
    name = entry.name
    if is_litter(name):
        return FileUse(None, why="Operating systems and office programs leave such files; it is not needed.")
    if is_unfinished(name):
        raise NotSettled(
            "The file is still being copied or downloaded.", file=name, remedy="Wait until it is complete."
        )
    try:
        mode = path.lstat().st_mode
    except OSError as error:
        raise NotSettled("The file went away while it was read.", file=name, remedy="Drop it again.") from error
    if stat.S_ISDIR(mode):
        return FileUse(None, why=_why_not_folder(path))
    if not stat.S_ISREG(mode):
        if path.suffix.casefold().removeprefix(".") in RECORDINGS | PRESENTATIONS | {"pdf", "toml"}:
            raise UnusableDrop(
                "This is a link or a device, not a file.", file=name, remedy="Put the file itself into the folder."
            )
        return FileUse(None, why="This is a link or a device, not a file.")
    if entry.size > MAX_BYTES:
        raise UnusableDrop(
            f"The file is larger than {MAX_BYTES // 10**9} GB.", file=name, remedy="Save it smaller and drop it again."
        )
    try:
        return use_of(path, name)
    except OSError as error:
        raise _access_error(name) from error


def _why_not_folder(path: Path) -> str:
    """Say that folders are not opened, and what of use lies in one, as far as its own listing shows."""
    useful = RECORDINGS | PRESENTATIONS | {"pdf"}
    with contextlib.suppress(OSError), os.scandir(path) as inside:
        for _, entry in zip(range(MAX_ENTRIES), inside, strict=False):
            if Path(entry.name).suffix.casefold().removeprefix(".") in useful:
                return (
                    f"Folders in the folder are not opened: put “{display_name(entry.name)}” beside it to have it used."
                )
    return "Folders in the folder are not opened."


def _take(path: Path, entry: Entry, role: Role, to: Path) -> DroppedFile:
    """Copy a file and return its record. Raises NotSettled if it changed since it was looked at."""
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError as error:
        raise _access_error(entry.name) from error
    with os.fdopen(handle, "rb") as file:
        _check_unchanged(os.fstat(file.fileno()), entry)
        _copy(file, to, entry)
        sha256 = file_sha256(to)
        _check_unchanged(os.fstat(file.fileno()), entry)
    if to.stat().st_size != entry.size:
        raise _change_error(entry.name)
    return DroppedFile(path=f"{FOLDER}/{to.name}", sha256=sha256, size=entry.size, name=entry.name, role=role)


def _copy(source: IO[bytes], to: Path, entry: Entry) -> None:
    try:
        copy_file(source, to)
    except OSError as error:
        raise MissingTool(
            f"The file could not be copied into the workspace ({error.strerror}).",
            file=entry.name,
            remedy="Make room on the disk and run the drop again.",
        ) from error
    os.utime(to, ns=(entry.modified, entry.modified))  # a missing date is guessed from it


def _check_unchanged(status: os.stat_result, entry: Entry) -> None:
    is_same = (status.st_size, status.st_mtime_ns) == (entry.size, entry.modified)
    if not (stat.S_ISREG(status.st_mode) and is_same):
        raise _change_error(entry.name)


def _change_error(name: str) -> NotSettled:
    return NotSettled("The file changed while it was read.", file=name, remedy="Wait until it is complete.")


def _access_error(name: str) -> UnusableDrop:
    return UnusableDrop(
        "The file cannot be opened.", file=name, remedy="Check who may read it, and that it is no link."
    )
