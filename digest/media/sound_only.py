"""The sound of a recording alone: a web copy in, an m4a out, with chapters and a cover as podcast players show them."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from digest.errors import DigestError
from digest.media.ffmpeg import ffmpeg, input_options
from digest.media.web import NO_METADATA
from digest.model.artifact import StoredFile
from digest.model.media import WebCopy

CHAPTERS = "chapters.txt"
MARKS = str.maketrans({mark: f"\\{mark}" for mark in "\\=;#\n"})  # FFMETADATA1's own


class ChapterMark(NamedTuple):
    """Where a chapter of the sound begins and ends, in seconds, and its title."""

    start: float
    end: float
    title: str


def extract_sound(
    web: WebCopy,
    to: Path,
    *,
    find: Callable[[StoredFile], Path],
    seconds_limit: float,
    title: str = "",
    artist: str = "",
    chapters: Sequence[ChapterMark] = (),
    cover: Path | None = None,
) -> None:
    """Write the sound of a web copy to `to` (.m4a) as it is, without coding it again; `cover` is a JPEG beside it.

    Raises DigestError if ffmpeg cannot do it.
    """
    described = to.with_name(CHAPTERS)
    described.write_text(_metadata(title, artist, chapters), encoding="utf-8")
    inputs = [*input_options(find(web), "mov"), *("-f", "ffmetadata", "-i", str(described))]
    streams = ["-map", "0:a:0", "-c:a", "copy"]
    if cover:
        inputs += input_options(cover, "image2")
        streams += ["-map", "2:v", "-c:v", "copy", "-disposition:v:0", "attached_pic"]
    only = [*NO_METADATA[NO_METADATA.index("-sn") :], "-map_metadata", "1", "-map_chapters", "1"]
    ended = ffmpeg([*inputs, *streams, *only, "-f", "ipod", to], seconds=seconds_limit)
    described.unlink()
    if ended.status != 0:
        raise DigestError("The sound of the recording cannot be taken out.", file=web.path, remedy="Report this.")


def _metadata(title: str, artist: str, chapters: Sequence[ChapterMark]) -> str:
    """Return title and chapters as ffmpeg reads them, in thousandths of a second."""
    lines = [";FFMETADATA1", f"title={title.translate(MARKS)}", f"artist={artist.translate(MARKS)}"]
    for one in chapters:
        span = f"START={round(one.start * 1000)}\nEND={round(one.end * 1000)}"
        lines.append(f"[CHAPTER]\nTIMEBASE=1/1000\n{span}\ntitle={one.title.translate(MARKS)}")
    return "\n".join(lines) + "\n"
