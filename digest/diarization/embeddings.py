"""What voices sound like: stretches of the 16 kHz sound in, one vector of length 1 each out."""

import logging
import wave
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from digest.diarization.clustering import Vectors
from digest.model.artifact import Span
from digest.transcription.number_types import of_processor
from digest.transcription.threads import run_in_threads
from digest.weights.campplus import find

if TYPE_CHECKING:
    from torch import Tensor

log = logging.getLogger(__name__)

BATCH = 8  # stretches embedded at once: more fall out of the second cache
MIN_FRAMES = 20
MAX_WORKERS = 4

Embed = Callable[["Tensor"], "Tensor"]  # equally long features (batch, frames, 80) to (batch, 192)


def embed(sound: Path, stretches: Sequence[Span], *, progress: Callable[[float], None] = lambda _: None) -> Vectors:
    """Return a vector for each stretch, in their order: (stretches, 192), each of length 1.

    Memory does not grow with the recording but by these; stretches are in order and a few seconds long.
    Raises MissingTool where the network's weights cannot be had.
    """
    import torch

    from digest.diarization import campplus

    network = _network()
    found, done = np.zeros((len(stretches), campplus.EMBEDDING), np.float32), 0
    batches = list(_batches(sound, stretches))
    for batch, vectors in run_in_threads(
        partial(_embed_batches, network, sound, stretches), batches, min(MAX_WORKERS, torch.get_num_threads())
    ):
        found[batch] = vectors
        done += len(batch)
        progress(done / len(stretches))
    log.debug("%d of %d stretches are long enough, embedded in %s", done, len(found), of_processor())
    return found


def _network() -> Embed:
    """Return the network in the number type that the processor has."""
    import torch

    from digest.diarization import campplus, campplus_int16

    network, kind = campplus.load(find()), of_processor()
    if kind == "int16":
        return campplus_int16.embedder(network)
    of_kind = getattr(torch, kind)  # bfloat16 moves similarities by 0.003
    typed = network.to(of_kind)
    return lambda features: typed(features.to(of_kind)).float()


def _embed_batches(
    network: Embed, sound: Path, stretches: Sequence[Span], batches: Iterator[list[int]], look: Callable[[], None]
) -> Iterator[tuple[list[int], Vectors]]:
    """Yield batches of stretches, by their numbers, with their vectors."""
    import torch

    from digest.diarization import campplus

    with torch.inference_mode(), wave.open(str(sound), "rb") as file:
        for batch in batches:
            look()
            heard = [campplus.features(_samples(file, stretches[at])) for at in batch]
            vectors = network(torch.stack([features - features.mean(0) for features in heard]))
            yield batch, torch.nn.functional.normalize(vectors, dim=1).numpy()


def _samples(file: wave.Wave_read, stretch: Span) -> "Tensor":
    import torch

    first, last = _places(file, stretch)
    file.setpos(first)
    return torch.from_numpy(np.frombuffer(file.readframes(last - first), "<i2").astype(np.float32) / 32768)


def _places(file: wave.Wave_read, stretch: Span) -> tuple[int, int]:
    """Return the first sample of a stretch, and the one after its last."""
    from digest.diarization import campplus

    first, last = (min(round(at * campplus.RATE), file.getnframes()) for at in (stretch.start, stretch.end))
    return first, max(first, last)


def _batches(sound: Path, stretches: Sequence[Span]) -> Iterator[list[int]]:
    """Yield the numbers of equally long stretches, some at a time: padding would be heard as another voice."""
    from digest.diarization import campplus

    waiting: dict[int, list[int]] = {}
    with wave.open(str(sound), "rb") as file:
        for at, stretch in enumerate(stretches):
            first, last = _places(file, stretch)
            frames = campplus.frames(last - first)
            if frames < MIN_FRAMES:
                continue
            batch = waiting.setdefault(frames, [])
            batch.append(at)
            if len(batch) == BATCH:
                yield waiting.pop(frames)
    yield from waiting.values()
