"""Where a person stands in what is kept of a webinar: JSON or a file in, texts and moments out."""

import contextlib
import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from digest.model.artifact import Span
from digest.model.edition import Edition
from digest.model.speech import Word, text_of
from digest.privacy.person import DataSubject

JSON = (".json", ".jsonl")
TEXT = (".txt", ".html", ".js", ".xml", ".vtt", ".srt", ".csv", ".toml")
MAX_END = 1_000_000  # bytes read at each end of another large file: where a recording names who made it
RUN = re.compile(rb"(?:[\x20-\x7e]|[\xc3-\xdf][\x80-\xbf]){6,}")  # of letters, in a file that is no text
TAG = re.compile(r"<[^>]*>")
SPEAKER = re.compile(r"^\[\[speakers\]\][^\n]*\n(?:(?!\s*\[)[^\n]*(?:\n|$))*", re.MULTILINE)  # of event.toml


def texts_of(value: Any) -> Iterator[str]:
    """Yield all texts of JSON; what is spoken as one text, and not again where a record has it as a text, too."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        told_twice = "text" if "words" in value else None
        yield from (text for key, inner in value.items() if key != told_twice for text in texts_of(inner))
    elif isinstance(value, list):
        if value and isinstance(value[0], dict) and "probability" in value[0] and "text" in value[0]:
            yield spoken_text(value)
        else:
            yield from (text for one in value for text in texts_of(one))


def spoken_text(words: Sequence[dict[str, Any]]) -> str:
    """Return words, as JSON has them, as one text."""
    parts = (word["text"] if word.get("spaced") is False else f" {word['text']}" for word in words)
    return "".join(parts).removeprefix(" ")


def texts_in(path: Path) -> Iterator[str]:
    """Yield the texts of a file; of one that is none what can be read at its ends."""
    with path.open("rb") as file:
        is_json = path.suffix in JSON or (not path.suffix and file.read(1) == b"{")  # artifacts in kept/
    is_large = path.stat().st_size > 2 * MAX_END and not is_json and path.suffix not in TEXT
    content = _ends_of(path) if is_large else path.read_bytes()
    if is_json:
        with contextlib.suppress(ValueError):
            lines = content.splitlines() if path.suffix == ".jsonl" else (content,)
            yield from [text for line in lines for text in texts_of(json.loads(line))]
            return
    text = decode(content)
    if text is None:
        text = "\n".join(run.decode("utf-8", "replace") for run in RUN.findall(content.replace(b"\0", b"")))
    yield text
    if path.suffix == ".html":
        yield TAG.sub("", text)


def decode(content: bytes) -> str | None:
    """Return the text of a file, or None where it is none."""
    for encoding in ("utf-8-sig", "utf-16") if content[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig",):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return None if "\0" in text else text
    return None


def reword_text(content: bytes, person: DataSubject) -> bytes | None:
    """Return a text file without the name, and event.toml without the speaker; None where it is no text."""
    text = decode(content)
    if text is None:
        return None
    text = SPEAKER.sub(lambda found: "" if person.is_named(found[0]) else found[0], text)
    return person.replace(text).encode("utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8")


def voice_stretches(edition: Edition, person: DataSubject) -> Iterator[Span]:
    """Yield where the person speaks."""
    voices = {one.id for one in edition.speakers if person.is_named(one.name)}
    yield from (Span(start=one.start, end=one.end) for one in edition.paragraphs if one.speaker in voices)


def name_moments(words: Sequence[Word], person: DataSubject) -> Iterator[Span]:
    """Yield where the name is said."""
    starts, length = list[int](), 0
    for word in words:
        length += bool(starts) and word.spaced
        starts.append(length)
        length += len(word.text)
    for start, end in person.places(text_of(words)):
        said = [w for w, at in zip(words, starts, strict=True) if at < end and start < at + len(w.text)]
        yield Span(start=said[0].start, end=said[-1].end)


def named_slides(edition: Edition, person: DataSubject) -> frozenset[int]:
    """Return the numbers of the slides that name the person."""
    return frozenset(
        slide.number for slide in edition.slides if any(map(person.is_named, texts_of(slide.model_dump(mode="json"))))
    )


def _ends_of(path: Path) -> bytes:
    with path.open("rb") as file:
        head = file.read(MAX_END)
        file.seek(-MAX_END, 2)
        return head + file.read()
