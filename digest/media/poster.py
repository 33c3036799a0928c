"""The picture that stands where the recording will play."""

from pathlib import Path

import numpy as np

from digest.errors import DigestError
from digest.media.ffmpeg import ffmpeg, input_options
from digest.model.artifact import Picture
from digest.model.media import Probe, WebCopy
from digest.store.files import fill_folder, record_file

WIDTH = 1280  # pixels at most
PLACES = (0.02, 0.1, 0.25, 0.5, 0.75)  # of the duration: the first slide, unless it is black
SMALL = 32 * 18  # pixels of the grey thumbnail that is looked at
FOLDER = "posters"  # of a workspace: what editors chose of the recording
SECONDS_LIMIT = 120.0  # for a picture of a recording of hours
EMPTY = 6.0  # standard deviation of its grey values (0-255): one colour, or nearly


def poster(web: Path, shown: Probe, *, duration: float, folder: str, seconds_limit: float) -> Picture | None:
    """Return the first frame of the web copy that shows something, as poster.jpg beside it, or None if none does."""
    if not (shown.width and shown.height):
        return None
    width = min(WIDTH, shown.width)
    height = round(shown.height * width / shown.width)
    to = web.parent / "poster.jpg"
    for place in PLACES:
        to.unlink(missing_ok=True)
        ended = ffmpeg(
            [
                *("-ss", f"{place * duration:.3f}", *input_options(web, shown.container), "-map_metadata", "-1"),
                *("-map", "0:v", "-frames:v", "1", "-vf", f"scale={width}:{height}", "-q:v", "3"),
                *("-f", "image2", "-update", "1", to),
                *("-map", "0:v", "-frames:v", "1", "-vf", "scale=32:18,format=gray", "-f", "rawvideo", "pipe:1"),
            ],
            seconds=seconds_limit,
        )
        grey = np.frombuffer(ended.stdout, dtype=np.uint8)
        if to.exists() and grey.size == SMALL and grey.std() > EMPTY:
            return Picture(**record_file(to, folder=folder).model_dump(), width=width, height=height)
    to.unlink(missing_ok=True)
    return None


def picture_at(second: float, web: WebCopy, *, found: Path, root: Path) -> Picture:
    """Return what the web copy, `found` there, shows at a second: made once, in posters/ of the workspace `root`.

    Raises DigestError where it shows nothing then.
    """
    width = min(WIDTH, web.width or WIDTH)
    height = round((web.height or 0) * width / (web.width or WIDTH))
    folder = f"{FOLDER}/{web.sha256[:16]}-{round(second * 1000)}"

    def fill(into: Path) -> None:
        ended = ffmpeg(
            [
                *("-ss", f"{second:.3f}", *input_options(found, "mov"), "-map_metadata", "-1", "-map", "0:v"),
                *("-frames:v", "1", "-vf", f"scale={width}:{height}", "-q:v", "3"),
                *("-f", "image2", "-update", "1", into / "poster.jpg"),
            ],
            seconds=SECONDS_LIMIT,
        )
        if ended.status != 0 or not (into / "poster.jpg").is_file():
            raise DigestError("The recording shows nothing at that second.", file=found, remedy="Choose another one.")

    if not (root / folder / "poster.jpg").is_file():
        fill_folder(root / folder, fill)
    return Picture(**record_file(root / folder / "poster.jpg", folder=folder).model_dump(), width=width, height=height)
