"""A presentation as it was dropped in, one that our readers open out: unlocked with its password, made a .pptx."""

import re
import zipfile
from dataclasses import replace
from pathlib import Path

from digest import sandbox
from digest.errors import UnusableDrop
from digest.sandbox import Limits
from digest.settings import SlidesSettings
from digest.slides.office import convert
from digest.slides.pptx import check_zip

OLE = b"\xd0\xcf\x11\xe0"  # a compound file: PowerPoint before 2007, or any Office file under a password
MACROS = ("Basic/", "Dialogs/", "Scripts/")  # folders of an .odp
LISTED = re.compile(rb'<manifest:file-entry[^<>]{0,500}manifest:full-path="(?:Basic|Dialogs|Scripts)/[^<>]{0,500}/>')
CONVERTED = frozenset({".odp", ".pps", ".ppt"})


def as_pptx(path: Path, settings: SlidesSettings, password: str, folder: Path) -> Path:
    """Return the presentation as a .pptx without a password: itself, or a copy in a folder.

    Raises UnusableDrop where the password is missing or wrong, and what `convert` raises.
    """
    path = without_password(path, settings, password, folder)
    if path.suffix not in CONVERTED:
        return path
    if path.suffix == ".odp":
        path = sandbox.call(without_macros, replace(_limits(settings), writes=(folder,)), path, folder)
    return convert(path, "pptx", settings, folder)


def without_macros(path: Path, folder: Path) -> Path:
    """Return an .odp without macros, a copy in a folder where it has some: LibreOffice refuses unlisted ones.

    Nobody runs them. Raises UnusableDrop where the file is made to do harm.
    """
    if not any(name.startswith(MACROS) for name in check_zip(path)):
        return path
    copy = folder / f"plain-{path.name}"
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(copy, "w", zipfile.ZIP_DEFLATED) as plain:
        for entry in source.infolist():
            if not entry.filename.startswith(MACROS):
                content = source.read(entry)
                plain.writestr(
                    entry, LISTED.sub(b"", content) if entry.filename == "META-INF/manifest.xml" else content
                )
    return copy


def without_password(path: Path, settings: SlidesSettings, password: str, folder: Path) -> Path:
    """Return the presentation without its password: itself where it has none, else a copy in a folder."""
    with path.open("rb") as file:
        if file.read(len(OLE)) != OLE:
            return path
    copy = folder / path.name
    return copy if sandbox.call(unlock, replace(_limits(settings), writes=(folder,)), path, copy, password) else path


def unlock(path: Path, to: Path, password: str) -> bool:
    """Write a copy without the password, and say whether there was one. Raises UnusableDrop where it does not fit."""
    import msoffcrypto
    from msoffcrypto.exceptions import DecryptionError, FileFormatError, InvalidKeyError, ParseError

    with path.open("rb") as file:
        try:
            office = msoffcrypto.OfficeFile(file)
            if not office.is_encrypted():
                return False
        except (FileFormatError, ParseError, DecryptionError, OSError, ValueError, LookupError, AttributeError):
            return False  # whoever reads it says what is wrong with it
        if not password:
            raise UnusableDrop(
                "The presentation is protected with a password.",
                file=path.name,
                remedy='Write deck_password = "…" into event.toml, or save a copy without one.',
            )
        try:
            verified = {"verify_password": True} if office.format == "ooxml" else {}  # the others do it unasked
            office.load_key(password=password, **verified)
            with to.open("wb") as copy:
                office.decrypt(copy)
        except (InvalidKeyError, DecryptionError, ParseError, ValueError, LookupError, TypeError) as error:
            raise UnusableDrop(
                "The password in event.toml does not open the presentation.",
                file=path.name,
                remedy="Correct deck_password, or save a copy without a password.",
            ) from error
    return True


def _limits(settings: SlidesSettings) -> Limits:
    return Limits(seconds=settings.seconds_limit, megabytes=settings.megabytes_limit)
