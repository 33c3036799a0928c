"""The folder as staff left it, taken into the workspace."""

from pathlib import PurePath
from typing import ClassVar, Literal

from pydantic import Field

from digest.model.artifact import Artifact, Record, StoredFile

Role = Literal[
    "recording",  # sound or video; several are parts, in order
    "screen",  # the picture of a recording whose sound is in another file
    "deck",  # the presentation: its text, and its pictures where there is no `pictures`; of a panel several, in order
    "pictures",  # the organiser's PDF of the same presentation: the pictures come from it
    "event",  # event.toml: as it was announced, if it was, then as it was dropped
    "chat",
    "captions",
    "questions",
    "slide_events",
    "polls",
]


class Entry(Record):
    """A file or folder as it lies in a drop; `name` relative, `size` in bytes, `modified` in nanoseconds."""

    name: str
    size: int
    modified: int


class Folder(Record):
    """A drop as it lies there: what it takes to see that nothing changed. `path` is absolute.

    `announced` is the hash of the Announcement that its event has, None where it has none.
    """

    path: str
    entries: tuple[Entry, ...]
    announced: str | None = Field(default=None, exclude_if=lambda announced: announced is None)


class DroppedFile(StoredFile):
    """A file that will be used; `name` is what staff called it."""

    name: str
    role: Role

    @property
    def stem(self) -> str:
        """Return its name without the ending, in small letters: what a deck and a PDF of it have in common."""
        return PurePath(self.name.casefold().strip()).stem.strip()


class Ignored(Record):
    """A file that will not be used, and why, in a sentence for staff."""

    name: str
    why: str


class Drop(Artifact):
    """The files by role. `remarks` are sentences for staff; `folder` is the drop's name as dropped."""

    FILE: ClassVar[str] = "drop.json"
    FOLDER: ClassVar[str | None] = "drop"

    slug: str
    folder: str
    files: tuple[DroppedFile, ...]
    ignored: tuple[Ignored, ...] = ()
    remarks: tuple[str, ...] = ()

    def of_role(self, role: Role) -> tuple[DroppedFile, ...]:
        """Return the files of a role, in the order in which they are to be used."""
        return tuple(file for file in self.files if file.role == role)

    def pictures_of(self, deck: DroppedFile) -> DroppedFile | None:
        """Return the organiser's PDF of a deck: the one of its name, or the only one beside the only deck."""
        pictures = self.of_role("pictures")
        if len(pictures) == len(self.of_role("deck")) == 1:
            return pictures[0]
        return next((file for file in pictures if file.stem == deck.stem), None)

    def only(self, *roles: Role) -> "Drop":
        """Return the drop with nothing but the files of these roles: what a stage that reads no others depends on."""
        files = tuple(file for file in self.files if file.role in roles)
        return Drop(slug=self.slug, folder="", files=files)
