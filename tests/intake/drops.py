"""Drops as staff leave them, made in a temporary folder."""

import zipfile
from pathlib import Path

from digest.intake import look, take_in
from digest.model.drop import Drop
from tests.media.recordings import beeps, made

EVENT = 'title = "[Webinar] Cyber norms"\ndate = 2016-11-23T14:00:00\ntimezone = "Europe/Zurich"\n'


def a_folder(tmp_path: Path, *, recording: str | None = "recording.wav", event: str | None = None) -> Path:
    """Return a folder “drop of staff” with a recording of two seconds, unless told otherwise."""
    folder = tmp_path / "drop of staff"
    folder.mkdir()
    if recording:
        made(folder / recording, *beeps(2))
    if event is not None:
        (folder / "event.toml").write_text(event, encoding="utf-8")
    return folder


def a_presentation(path: Path, *, folder: str = "ppt") -> Path:
    """Return a zip file laid out as PowerPoint's, or with `folder` another program's."""
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr(f"{folder}/main.xml", "<main/>")
    return path


def taken(folder: Path, root: Path, *, slug: str | None = None) -> Drop:
    """Return the Drop of a folder; its files lie in `root`/drop."""
    (root / "drop").mkdir(parents=True)
    return take_in(look(folder), slug=slug, into=root / "drop")
