"""What every artifact is made of: frozen records, canonical JSON, files named by their SHA-256."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from functools import cache, cached_property
from typing import Any, ClassVar, Self, get_args

from pydantic import BaseModel, ConfigDict, Field


class Record(BaseModel):
    """A frozen value. Fields that a later version added or dropped do not stop an earlier file from being read."""

    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True)


class JournalLine(Record):
    """A line of an append-only file; `before` is the SHA-256 of the line before it, of nothing for the first.

    Lines of earlier versions carry none.
    """

    before: str | None = Field(default=None, exclude_if=lambda before: before is None)


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

    @classmethod
    def parse(cls, content: bytes) -> Self:
        """Return the artifact of a file. Its hash is the file's: fields that came later do not change it."""
        artifact = cls.model_validate_json(content)
        artifact.__dict__["_hash"] = hashlib.sha256(content).hexdigest()
        return artifact

    def canonical(self) -> bytes:
        """Return the JSON that is saved and hashed: sorted keys, UTF-8, one trailing newline."""
        return (dumps_indented(self.model_dump(mode="json", by_alias=True)) + "\n").encode()

    def sha256(self) -> str:
        """Return the hex digest of the file that holds the artifact; it is computed once."""
        return self._hash

    @cached_property
    def _hash(self) -> str:
        return hashlib.sha256(self.canonical()).hexdigest()

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """Return a copy, with other values where they are given: its hash is its own."""
        copy = super().model_copy(update=update, deep=deep)
        copy.__dict__.pop("_hash", None)
        return copy

    def stored_files(self) -> Iterator[StoredFile]:
        """Yield every file that the artifact names, at any depth."""
        return _stored_files_in(self)


NESTED = frozenset({dict, list})  # of JSON


def dumps_indented(value: object, depth: int = 0) -> str:
    """Return what `json.dumps(value, ensure_ascii=False, sort_keys=True, indent=1)` does, many times as fast.

    The encoder written in C knows no indentation; a list of flat objects (words) is encoded by it in one go, with the
    line break in its separators. A raw line break stands nowhere else: in texts it is escaped.
    """
    inner, outer, innermost = "\n" + " " * (depth + 1), "\n" + " " * depth, "\n" + " " * (depth + 2)
    if isinstance(value, list) and len(value) > 1 and all(map(_is_flat, value)):
        flat = _encoder(innermost).encode(value)[2:-2]
        objects = flat.replace(f"}},{innermost}{{", f"{inner}}},{inner}{{{innermost}")
        return f"[{inner}{{{innermost}{objects}{inner}}}{outer}]"
    if isinstance(value, list) and value:
        return "[" + inner + f",{inner}".join(dumps_indented(item, depth + 1) for item in value) + outer + "]"
    if isinstance(value, dict) and value:
        items = (f"{_encoder('').encode(key)}: {dumps_indented(value[key], depth + 1)}" for key in sorted(value))
        return "{" + inner + f",{inner}".join(items) + outer + "}"
    return _encoder("").encode(value)


@cache
def _encoder(line_break: str) -> json.JSONEncoder:
    return json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(f",{line_break}", ": "))


def _is_flat(value: object) -> bool:
    return isinstance(value, dict) and bool(value) and NESTED.isdisjoint(map(type, value.values()))


@cache
def _may_hold_files(kind: type[BaseModel]) -> bool:
    """Return whether a record of this kind may name files, at any depth."""
    found, seen = [kind], set[object]()
    while found:
        one = found.pop()
        if isinstance(one, type) and issubclass(one, BaseModel) and one not in seen:
            if issubclass(one, StoredFile):
                return True
            found += [field.annotation for field in one.model_fields.values()]  # type: ignore[misc]
        elif one not in seen:
            found += get_args(one)
        seen.add(one)
    return False


def _stored_files_in(value: object) -> Iterator[StoredFile]:
    if isinstance(value, StoredFile):
        yield value
    elif isinstance(value, BaseModel):
        for name in type(value).model_fields if _may_hold_files(type(value)) else ():
            yield from _stored_files_in(getattr(value, name))
    elif isinstance(value, tuple):
        for item in value:
            yield from _stored_files_in(item)
