"""ZIP files, the same each time: names and content in, an archive without dates of its own out."""

import zipfile
from collections.abc import Iterable
from pathlib import Path

EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest that a ZIP file knows
STORED = (".jpg", ".m4a", ".woff2", "mimetype")  # packed already; EPUB wants its first file as it is


def write_archive(to: Path, files: Iterable[tuple[str, bytes]]) -> None:
    """Write an archive of files by name, in this order."""
    with zipfile.ZipFile(to, "w") as archive:
        for name, content in files:
            entry = zipfile.ZipInfo(name, EPOCH)
            entry.external_attr = 0o644 << 16
            entry.create_system = 3  # Unix, whatever machine writes it
            entry.compress_type = zipfile.ZIP_STORED if name.endswith(STORED) else zipfile.ZIP_DEFLATED
            archive.writestr(entry, content)


def repack(archive: Path) -> None:
    """Write an archive anew, without the dates that whatever made it put in."""
    with zipfile.ZipFile(archive) as opened:
        files = [(name, opened.read(name)) for name in opened.namelist()]
    write_archive(archive, files)
