"""What every artifact is made of: frozen records, canonical JSON, files named by their SHA-256."""

import hashlib
import json
from collections.abc import Iterator
from typing import ClassVar

from pydantic import BaseModel, ConfigDict, Field


class Record(BaseModel):
    """A frozen value. Fields that a later version added or dropped do not stop an earlier file from being read."""

    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True)


class Span(Record):
    """A stretch of the recording, half-open, in seconds."""

    start: float
    end: float


class StoredFile(Record):
    """A file of the workspace: `path` relative to the workspace folder, `size` in bytes."""

    path: str
    sha256: str
    size: int


class Picture(StoredFile):
    """An image; `width` and `height` in pixels."""

    width: int
    height: int


class Artifact(Record):
    """What one stage makes, saved as `FILE`; the files that belong to it lie in `FOLDER`."""

    FILE: ClassVar[str]
    FOLDER: ClassVar[str | None] = None

    schema_version: int = Field(default=1, alias="schema")

    def canonical(self) -> bytes:
        """Return the JSON that is saved and hashed: sorted keys, UTF-8, one trailing newline."""
        content = self.model_dump(mode="json", by_alias=True)
        return (json.dumps(content, ensure_ascii=False, sort_keys=True, indent=1) + "\n").encode()

    def sha256(self) -> str:
        """Return the hex digest of the canonical JSON."""
        return hashlib.sha256(self.canonical()).hexdigest()

    def stored_files(self) -> Iterator[StoredFile]:
        """Yield every file that the artifact names, at any depth."""
        return _stored_files_in(self)


def _stored_files_in(value: object) -> Iterator[StoredFile]:
    if isinstance(value, StoredFile):
        yield value
    elif isinstance(value, BaseModel):
        for name in type(value).model_fields:
            yield from _stored_files_in(getattr(value, name))
    elif isinstance(value, tuple):
        for item in value:
            yield from _stored_files_in(item)
