"""The web copy as readers get it: a WebCopy in, one silent in some stretches, of a part alone, out, kept in made/."""

import contextlib
import hashlib
import logging
import math
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

from pydantic import ValidationError

from digest.errors import DigestError
from digest.media.ffmpeg import ffmpeg, input_options
from digest.media.web import NO_METADATA, encoding_of_picture
from digest.model.artifact import Span, StoredFile
from digest.model.media import WebCopy
from digest.settings import MediaSettings
from digest.store.files import MADE, fill_folder, record_file, write_atomically

log = logging.getLogger(__name__)

VERSION = 1

FRAME = 0.01  # seconds: what is silent begins and ends with a frame of the sound
# As a web copy is heard, but in frames so short. The coder "fast" takes less than half the time of the other one.
HEARD = "aresample=48000:async=1:first_pts=0,asetnsamples=n=480:p=0"
ENCODED = ("-c:a", "aac", "-aac_coder", "fast", "-b:a", "128k", "-flags:a", "+bitexact")
RECORD = "recording.json"


def mute(
    web: WebCopy,
    silent: Sequence[Span],
    settings: MediaSettings,
    *,
    part: Span | None = None,
    find: Callable[[StoredFile], Path],
    root: Path,
) -> WebCopy:
    """Return the copy of a recording that is silent in these stretches and holds this `part` alone, all where None.

    It is made where it is not there yet, in made/recording-<key>/ of the workspace folder `root`, for all Editions of
    which readers hear the same seconds. Its sound is encoded anew; its picture is only where the part begins later than
    the recording: packed as it is, it would begin with the key frame before. `find` says where a file of the workspace
    lies. Raises DigestError if ffmpeg cannot make it.
    """
    heard, folder = _sound_filter(silent, part), root / MADE / folder_of(web, silent, part)
    if made := _read(folder / RECORD, root):
        return made
    shutil.rmtree(folder, ignore_errors=True)

    def fill(into: Path) -> None:
        to = into / Path(web.path).name
        seen = ("-c:v", *encoding_of_picture(settings)) if part and part.start > 0 else ("-c:v", "copy")
        _encode(find(web), heard, settings, seen=seen if web.video_codec else (), cut=_cut(part), to=to)
        file = record_file(to, folder=folder.relative_to(root).as_posix())
        muted = WebCopy.model_validate(web.model_dump() | file.model_dump() | {"audio_codec": "aac"})
        write_atomically(into / RECORD, muted.model_dump_json().encode())

    fill_folder(folder, fill)
    log.debug("made %s silent in %d stretches, of %s", web.path, len(silent), part or "all of it")
    return WebCopy.model_validate_json((folder / RECORD).read_bytes())


def without_stretches(
    source: Path, web: WebCopy, settings: MediaSettings, *, silent: Sequence[Span], dark: Sequence[Span], to: Path
) -> None:
    """Write a recording, `web` that lies in `source`, silent in some stretches and black in others.

    Raises DigestError if ffmpeg cannot make it.
    """
    black = ",".join(f"drawbox=color=black:t=fill:enable='between(t,{one.start:.3f},{one.end:.3f})'" for one in dark)
    seen = ("-vf", black, "-c:v", *encoding_of_picture(settings)) if black else ("-c:v", "copy")
    heard = _sound_filter(silent, None)
    _encode(source, heard, settings, seen=seen if web.video_codec else (), cut=(), to=to)


def folder_of(web: WebCopy, silent: Sequence[Span], part: Span | None = None) -> str:
    """Return the name of the folder in made/ where such a copy lies."""
    made_of = f"{web.sha256} {_sound_filter(silent, part)}{' '.join(_cut(part))} {VERSION}"
    return f"recording-{hashlib.sha256(made_of.encode()).hexdigest()[:16]}"


def _sound_filter(silent: Sequence[Span], part: Span | None) -> str:
    """Return ffmpeg's filter for the sound, whose seconds count from where the part begins."""
    first = part.start if part else 0.0
    moved = (Span(start=one.start - first, end=one.end - first) for one in silent if one.end > first)
    return ",".join((HEARD, *map(_silence, moved)))


def _cut(part: Span | None) -> tuple[str, ...]:
    return ("-ss", f"{part.start:.3f}", "-t", f"{part.end - part.start:.3f}") if part else ()


def _read(record: Path, root: Path) -> WebCopy | None:
    """Return the copy that was made before, if it is still there."""
    with contextlib.suppress(OSError, ValidationError):
        made = WebCopy.model_validate_json(record.read_bytes())
        return made if (root / made.path).stat().st_size == made.size else None
    return None


def _silence(stretch: Span) -> str:
    """Return ffmpeg's filter for a stretch: it looks at where a frame begins, so half a frame is taken off.

    Each stretch has a filter of its own, as one condition holds a hundred at most.
    """
    first, last = math.floor(stretch.start / FRAME), math.ceil(stretch.end / FRAME)
    return f"volume=0:enable='between(t,{(first - 0.5) * FRAME:.3f},{(last - 0.5) * FRAME:.3f})'"


def _encode(
    source: Path, heard: str, settings: MediaSettings, *, seen: Sequence[str], cut: Sequence[str], to: Path
) -> None:
    """Encode the sound through a filter; `seen` are the options of the picture, none where there is none."""
    ended = ffmpeg(
        [
            *(*cut, *input_options(source, "mov")),
            *(("-map", "0:v", *seen) if seen else ()),
            *("-map", "0:a", "-af", heard, *ENCODED),
            *(*NO_METADATA, "-f", "mp4" if seen else "ipod", to),
        ],
        seconds=settings.seconds_limit,
        max_gigabytes=settings.largest_gigabytes,
    )
    if ended.status != 0:
        raise DigestError(
            "The recording cannot be cut, or made silent where something is not to be heard.",
            file=source,
            remedy="See whether the disk is full, and publish again.",
        )
