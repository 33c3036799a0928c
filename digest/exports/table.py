"""All exports, a row each, and making them: a PublicEdition in, files in the workspace's made/ out.

An export is a module with a VERSION and `export(public, into)`, which writes its one file into an empty folder, or
nothing where there is nothing to say.
"""

import hashlib
import json
import logging
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from digest.exports import chapters, data, subrip, transcript, webvtt
from digest.model.artifact import StoredFile
from digest.model.public import Publication, PublicEdition
from digest.store.files import MADE, file_sha256, fill_folder

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Export:
    """A row of the table. `name` is unique and stays; `file` is what the export writes; `label` is English."""

    name: str
    file: str
    label: str
    export: Callable[[PublicEdition, Path], None]

    @property
    def version(self) -> int:
        """Return the version of its module: a raised one makes the file anew."""
        return int(sys.modules[self.export.__module__].VERSION)


EXPORTS = (
    Export("transcript", "transcript.txt", "Transcript, word for word (text)", transcript.export),
    Export("captions-vtt", "captions.vtt", "Captions (WebVTT)", webvtt.export),
    Export("captions-srt", "captions.srt", "Captions (SubRip)", subrip.export),
    Export("chapters", "chapters.json", "Chapters, for podcast players (JSON)", chapters.export),
    Export("digest", "digest.json", "Digest, for programs (JSON)", data.export),
)


def make_exports(publication: Publication, root: Path) -> dict[str, StoredFile]:
    """Return the file of each export by its name, made where it is not there yet; one with nothing to say has none.

    They lie in made/<edition>/<export>-<key>/ of the workspace folder `root`.
    Raises DigestError where an export would be faulty.
    """
    public = publication.edition
    sha256 = hashlib.sha256(json.dumps(public.model_dump(mode="json"), sort_keys=True).encode()).hexdigest()
    made = dict[str, StoredFile]()
    for row in EXPORTS:
        key = hashlib.sha256(f"{sha256} {row.version}".encode()).hexdigest()[:16]
        folder = root / MADE / publication.sha256 / f"{row.name}-{key}"
        if not folder.is_dir():
            fill_folder(folder, partial(row.export, public))
            log.debug("%s version %s made for %s", row.name, row.version, public.event.slug)
        path = folder / row.file
        if path.is_file():
            relative = path.relative_to(root).as_posix()
            made[row.name] = StoredFile(path=relative, sha256=file_sha256(path), size=path.stat().st_size)
    return made
