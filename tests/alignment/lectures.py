"""Real lectures with the slide of each sentence (MaViLS, Interspeech 2024), and the paper's measure."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from digest.alignment import align
from digest.model.alignment import Alignment
from digest.model.companions import Companions
from digest.model.deck import Deck, Pages
from digest.model.speech import Segment, Transcript, Word
from digest.settings import SlidesSettings
from digest.slides import read
from tests.builders import a_recording
from tests.slides.drops import taken


@dataclass(frozen=True)
class Lecture:
    """A deck, and sentences `{start, end, text, slide}`, slide -1 while none was on view; `duration` in seconds."""

    name: str
    deck: Deck
    sentences: list[dict[str, Any]]
    duration: float

    @property
    def transcript(self) -> Transcript:
        """Return the sentences, their words spread evenly over their time."""
        segments = tuple(_segment(said) for said in self.sentences if said["text"].split())
        return Transcript(language="en", language_probability=1, model="MaViLS", voiced=(), segments=segments)

    def aligned(self) -> Alignment:
        """Return the alignment by speech alone."""
        media = a_recording(seconds=self.duration).model_copy(update={"has_video": False})
        return align(media, self.transcript, self.deck, Pages(), Companions(), root=Path())

    def labels(self, alignment: Alignment) -> tuple[list[int], list[float]]:
        """Return the slide that an alignment has in the middle of each sentence, 0 for none, and its confidence."""
        starts = [one.start for one in alignment.intervals]
        middles = [(said["start"] + said["end"]) / 2 for said in self.sentences]
        found = np.clip(np.searchsorted(starts, middles, side="right") - 1, 0, None)
        on = [alignment.intervals[at] for at in found]
        return [one.slide or 0 for one in on], [one.confidence for one in on]

    def f1(self, labels: Sequence[int]) -> float:
        """Return the paper's measure: micro F1 over slides that are ever true, sentences without one left out."""
        pairs = [
            (label, said["slide"]) for label, said in zip(labels, self.sentences, strict=True) if said["slide"] > 0
        ]
        ever = {true for _, true in pairs}
        right = int(sum(label == true for label, true in pairs))
        wrong = sum(label != true and label in ever for label, true in pairs)
        return float(2 * right / (right + wrong + len(pairs)))


def lectures(folder: Path, root: Path) -> list[Lecture]:
    """Return the lectures of a folder, their decks read into `root`."""
    found = []
    for path in sorted(folder.glob("*.json")):
        said = json.loads(path.read_text(encoding="utf-8"))
        into = root / path.stem
        into.mkdir()
        deck = read(taken(folder, into, said["slides"]), SlidesSettings(), root=into)
        found.append(Lecture(path.stem, deck, said["sentences"], said["duration"]))
    return found


def _segment(said: dict[str, Any]) -> Segment:
    texts = said["text"].split()
    each = (said["end"] - said["start"]) / len(texts)
    words = tuple(
        Word(text=text, start=said["start"] + at * each, end=said["start"] + (at + 1) * each, probability=0.9)
        for at, text in enumerate(texts)
    )
    return Segment(start=said["start"], end=said["end"], text=said["text"], words=words)
