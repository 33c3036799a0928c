"""Recordings with a deck made ready for alignment, and copies of them with something done to the picture."""

import subprocess
from dataclasses import dataclass, replace
from pathlib import Path

from digest.alignment import align
from digest.model.alignment import Alignment
from digest.model.companions import Companions
from digest.model.deck import Deck, Pages
from digest.model.speech import Transcript
from digest.settings import SlidesSettings
from digest.slides import read, render
from tests.builders import a_recording
from tests.slides.drops import taken

DAMAGES = {  # what ffmpeg does to the picture, and how it encodes
    "320 × 180, crf 40": ("scale=320:180", "40"),
    "cropped by 5 % a side": ("crop=iw*0.9:ih*0.9,scale=1280:720", "23"),
    "border": ("scale=1120:630,pad=1280:720:60:50:gray", "23"),
    "shifted colours": ("hue=h=60:s=1.5,eq=brightness=0.1:contrast=0.7:gamma=1.3", "23"),
    "second camera tile": ("[in]null[a];testsrc2=s=240x180:r=5[b];[a][b]overlay=W-w-20:H-h-20:shortest=1", "23"),
    "slant": ("perspective=x0=40:y0=30:x1=1230:y1=0:x2=0:y2=700:x3=1280:y3=660:sense=destination", "23"),
}


@dataclass(frozen=True)
class Shown:
    """A deck with its page images under `root`, and the recording in which it may be shown."""

    root: Path
    deck: Deck
    pages: Pages
    video: Path

    def aligned(self, said: Transcript, seconds: float) -> Alignment:
        """Return the alignment by picture and speech."""
        media = a_recording(seconds=seconds)
        media = media.model_copy(update={"web": media.web.model_copy(update={"path": str(self.video)})})
        return align(media, said, self.deck, self.pages, Companions(), root=self.root)

    def heard(self, said: Transcript, seconds: float) -> Alignment:
        """Return the alignment by speech alone, as of a recording without a picture."""
        media = a_recording(seconds=seconds).model_copy(update={"has_video": False})
        return align(media, said, self.deck, self.pages, Companions(), root=self.root)

    def without(self, *numbers: int) -> "Shown":
        """Return the same, but for some slides that are not in the deck."""
        kept = tuple(slide for slide in self.deck.slides if slide.number not in numbers)
        return replace(self, deck=self.deck.model_copy(update={"slides": kept}))


def shown(drop: Path, root: Path, *names: str) -> Shown:
    """Return a drop's deck, or only the files named, drawn into `root`, beside its recording."""
    root.mkdir(parents=True, exist_ok=True)
    (root / "pages").mkdir()
    files = taken(drop, root, *names)
    deck = read(files, SlidesSettings(), root=root)
    pages = render(files, deck, SlidesSettings(), root=root, into=root / "pages")
    return Shown(root, deck, pages, (drop / "recording.mp4").absolute())


def copied(
    video: Path, to: Path, filters: str, quality: str = "23", *, part: tuple[float, float] | None = None
) -> Path:
    """Write a copy of a video, or of a part of it in seconds, with something done to its picture; without sound."""
    cut = ("-ss", str(part[0]), "-t", str(part[1] - part[0])) if part else ()
    encoder = ("-an", "-c:v", "libx264", "-preset", "veryfast", "-crf", quality)
    subprocess.run(["ffmpeg", "-v", "error", "-y", *cut, "-i", video, "-vf", filters, *encoder, to], check=True)
    return to
