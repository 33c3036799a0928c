"""The web copy without the sound of some stretches: a WebCopy in, one that is silent there out, kept in made/."""

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
from digest.media.web import NO_METADATA
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
    find: Callable[[StoredFile], Path],
    root: Path,
) -> WebCopy:
    """Return the copy of a recording that is silent in these stretches, made where it is not there yet.

    Its sound is encoded anew, its picture is not. It lies in made/recording-<key>/ of the workspace folder `root`, for
    all Editions that are silent in the same seconds. `find` says where a file of the workspace lies.
    Raises DigestError if ffmpeg cannot make it.
    """
    heard, folder = _sound_filter(silent), root / MADE / folder_of(web, silent)
    if made := _read(folder / RECORD, root):
        return made
    shutil.rmtree(folder, ignore_errors=True)

    def fill(into: Path) -> None:
        to = into / Path(web.path).name
        _encode(find(web), heard, settings, has_video=web.video_codec is not None, to=to)
        file = record_file(to, folder=folder.relative_to(root).as_posix())
        muted = WebCopy.model_validate(web.model_dump() | file.model_dump() | {"audio_codec": "aac"})
        write_atomically(into / RECORD, muted.model_dump_json().encode())

    fill_folder(folder, fill)
    log.debug("made %s silent in %d stretches", web.path, len(silent))
    return WebCopy.model_validate_json((folder / RECORD).read_bytes())


def folder_of(web: WebCopy, silent: Sequence[Span]) -> str:
    """Return the name of the folder in made/ where such a copy lies."""
    return f"recording-{hashlib.sha256(f'{web.sha256} {_sound_filter(silent)} {VERSION}'.encode()).hexdigest()[:16]}"


def _sound_filter(silent: Sequence[Span]) -> str:
    return ",".join((HEARD, *map(_silence, silent)))


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


def _encode(source: Path, heard: str, settings: MediaSettings, *, has_video: bool, to: Path) -> None:
    ended = ffmpeg(
        [
            *input_options(source, "mov"),
            *(("-map", "0:v", "-c:v", "copy") if has_video else ()),
            *("-map", "0:a", "-af", heard, *ENCODED),
            *(*NO_METADATA, "-f", "mp4" if has_video else "ipod", to),
        ],
        seconds=settings.seconds_limit,
        max_gigabytes=settings.largest_gigabytes,
    )
    if ended.status != 0:
        raise DigestError(
            "The recording cannot be made silent where something was said off the record, so it is not published.",
            file=source,
            remedy="See whether the disk is full, and publish again.",
        )
