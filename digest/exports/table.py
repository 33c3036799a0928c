"""All exports, a row each, and making them: a PublicEdition in, files in the workspace's made/ out.

An export is a module with a VERSION and `export(public, into, settings, find)`, which writes its one file into an empty
folder, or nothing where there is nothing to say. `find` says where a file of the Edition lies; one that needs neither
that nor settings takes `*_`.
"""

import hashlib
import json
import logging
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from digest import theme
from digest.exports import (
    audio,
    chapters,
    data,
    descriptive,
    docx,
    epub,
    mail,
    markdown,
    pdf,
    plain_text,
    subrip,
    transcript,
    webvtt,
)
from digest.exports.document import Find
from digest.model.artifact import StoredFile
from digest.model.public import Publication, PublicEdition
from digest.settings import Settings
from digest.store.files import MADE, file_sha256, fill_folder

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Export:
    """A row of the table. `name` is unique and stays; `file` is what the export writes; `label` is English.

    One that is `always` made depends on the Edition alone; the others are made where [exports] names them, and depend
    on the theme and on who publishes, too.
    """

    name: str
    file: str
    label: str
    export: Callable[[PublicEdition, Path, Settings, Find], None]
    always: bool = False

    @property
    def version(self) -> int:
        """Return the version of its module: a raised one makes the file anew."""
        return int(sys.modules[self.export.__module__].VERSION)

    def write(self, public: PublicEdition, settings: Settings, find: Find, into: Path) -> None:
        """Write the file into an empty folder."""
        self.export(public, into, settings, find)


EXPORTS = (
    Export("pdf", "digest.pdf", "Digest to print (PDF)", pdf.export),
    Export("docx", "digest.docx", "Digest to work on (Word)", docx.export),
    Export("epub", "digest.epub", "Digest to read and hear (EPUB)", epub.export),
    Export("markdown", "digest.md", "Digest (Markdown)", markdown.export),
    Export("text", "digest.txt", "Digest (text)", plain_text.export),
    Export("mail", "digest.eml", "Digest to send on (mail)", mail.export),
    Export("audio", "audio.m4a", "Recording, sound only (M4A)", audio.export),
    Export(
        "descriptive", "descriptive-transcript.txt", "Transcript with slides and silences (text)", descriptive.export
    ),
    Export("transcript", "transcript.txt", "Transcript, word for word (text)", transcript.export, always=True),
    Export("captions-vtt", "captions.vtt", "Captions (WebVTT)", webvtt.export, always=True),
    Export("captions-srt", "captions.srt", "Captions (SubRip)", subrip.export, always=True),
    Export("chapters", "chapters.json", "Chapters, for podcast players (JSON)", chapters.export, always=True),
    Export("digest", "digest.json", "Digest, for programs (JSON)", data.export, always=True),
)


def chosen_exports(settings: Settings) -> tuple[Export, ...]:
    """Return the exports that an organisation wants."""
    return tuple(row for row in EXPORTS if row.always or row.name in settings.exports.formats)


def make_exports(publication: Publication, root: Path, settings: Settings, find: Find) -> dict[str, StoredFile]:
    """Return the file of each export by its name, made where it is not there yet; one with nothing to say has none.

    They lie in made/<edition>/<export>-<key>/ of the workspace folder `root`; `find` says where the Edition's lie.
    Raises DigestError where an export would be faulty.
    """
    public = publication.edition
    sha256 = hashlib.sha256(json.dumps(public.model_dump(mode="json"), sort_keys=True).encode()).hexdigest()
    made, chosen = dict[str, StoredFile](), chosen_exports(settings)
    look = "" if all(row.always for row in chosen) else _key_of_look(settings)
    for row in chosen:
        depends_on = f"{sha256} {row.version}" + ("" if row.always else f" {look}")
        key = hashlib.sha256(depends_on.encode()).hexdigest()[:16]
        folder = root / MADE / publication.sha256 / f"{row.name}-{key}"
        if not folder.is_dir():
            fill_folder(folder, partial(row.write, public, settings, find))
            log.debug("%s version %s made for %s", row.name, row.version, public.event.slug)
        path = folder / row.file
        if path.is_file():
            relative = path.relative_to(root).as_posix()
            made[row.name] = StoredFile(path=relative, sha256=file_sha256(path), size=path.stat().st_size)
    return made


def _key_of_look(settings: Settings) -> str:
    """Return what documents depend on besides their Edition: the theme, the words, who publishes."""
    return f"{theme.key(settings)} {settings.organisation.model_dump_json()}"
