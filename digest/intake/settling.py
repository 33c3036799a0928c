"""Whether a drop has been copied to its end: two looks at it that show the same, some time apart."""

from digest.model.drop import Folder

UNFINISHED = (".part", ".partial", ".crdownload", ".download", ".filepart", ".tmp", ".opdownload", ".!ut")


def is_still(before: Folder, after: Folder) -> bool:
    """Say whether nothing was added, removed, renamed, written or is still being copied between two looks."""
    return before == after and bool(after.entries) and not any(map(is_unfinished, names(after)))


def is_unfinished(name: str) -> bool:
    """Say whether browsers and copying programs give such a name to a file that is not yet complete."""
    return name.casefold().endswith(UNFINISHED)


def names(folder: Folder) -> tuple[str, ...]:
    """Return the names of a folder's entries."""
    return tuple(entry.name for entry in folder.entries)
