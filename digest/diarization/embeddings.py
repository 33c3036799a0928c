"""What voices sound like: stretches of the 16 kHz sound in, one vector of length 1 each out."""

import logging
import wave
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from digest.diarization.clustering import Vectors
from digest.model.artifact import Span
from digest.transcription.number_types import of_processor
from digest.weights.campplus import find

if TYPE_CHECKING:
    from torch import Tensor

log = logging.getLogger(__name__)

BATCH = 16  # stretches embedded at once: on one core more is slower
MIN_FRAMES = 20


def embed(sound: Path, stretches: Sequence[Span], *, progress: Callable[[float], None] = lambda _: None) -> Vectors:
    """Return a vector for each stretch, in their order: (stretches, 192), each of length 1.

    Memory does not grow with the recording; stretches are in order and a few seconds long.
    Raises MissingTool where the network's weights cannot be had.
    """
    import torch

    from digest.diarization import campplus

    kind = getattr(torch, of_processor())  # bfloat16 moves similarities by 0.003
    network = campplus.load(find()).to(kind)
    found = np.zeros((len(stretches), campplus.EMBEDDING), np.float32)
    with torch.inference_mode():
        for batch in _batches(list(_features(sound, stretches))):
            together = torch.stack([features for _, features in batch]).to(kind)
            vectors = torch.nn.functional.normalize(network(together).float(), dim=1)
            found[[at for at, _ in batch]] = vectors.numpy()
            progress(batch[-1][0] / len(stretches))
    log.debug("%d of %d stretches are long enough to be embedded, in %s", int(found.any(1).sum()), len(found), kind)
    return found


def _features(sound: Path, stretches: Sequence[Span]) -> Iterator[tuple[int, "Tensor"]]:
    """Yield the number and the features of each stretch, each bin's mean removed."""
    import torch

    from digest.diarization import campplus

    with wave.open(str(sound), "rb") as file:
        for at, stretch in enumerate(stretches):
            first = min(round(stretch.start * campplus.RATE), file.getnframes())
            file.setpos(first)
            data = file.readframes(max(0, round(stretch.end * campplus.RATE) - first))
            samples = torch.from_numpy(np.frombuffer(data, "<i2").astype(np.float32) / 32768)
            frames = campplus.features(samples)
            if len(frames) >= MIN_FRAMES:
                yield at, frames - frames.mean(0)


def _batches(features: list[tuple[int, "Tensor"]]) -> Iterator[list[tuple[int, "Tensor"]]]:
    """Yield batches of equally long features: padding would be heard as another voice."""
    waiting: dict[int, list[tuple[int, Tensor]]] = {}
    for item in features:
        batch = waiting.setdefault(len(item[1]), [])
        batch.append(item)
        if len(batch) == BATCH:
            yield waiting.pop(len(item[1]))
    yield from waiting.values()
