"""When a drop has been copied to its end."""

from digest.intake import is_still
from digest.model.drop import Entry, Folder


def a_look(**sizes: int) -> Folder:
    """Return a look at a folder with files of these sizes, all last written at second 1000."""
    entries = (Entry(name=name.replace("_", "."), size=size, modified=1_000 * 10**9) for name, size in sizes.items())
    return Folder(path="/drop", entries=tuple(entries))


def test_growing_file_is_not_still() -> None:
    """A drop waits while a file of it grows or another one comes."""
    assert is_still(a_look(a_mp4=1), a_look(a_mp4=1))
    assert not is_still(a_look(a_mp4=1), a_look(a_mp4=2))
    assert not is_still(a_look(a_mp4=1), a_look(a_mp4=1, b_pdf=1))


def test_empty_folder_and_download_are_not_still() -> None:
    """An empty folder is about to be filled; a download has its own name until it is done."""
    assert not is_still(a_look(), a_look())
    assert not is_still(a_look(a_crdownload=1), a_look(a_crdownload=1))
