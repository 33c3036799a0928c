"""CAM++, the network that turns a stretch of voice into a vector: filter banks in, 192 numbers out.

Written after Wang et al., "CAM++: A Fast and Efficient Network for Speaker Verification Using Context-Aware Masking"
(Interspeech 2023) and the model card of speech_campplus_sv_zh_en_16k-common_advanced; names of layers are those of its
weights. Features are Kaldi's: 80 mel bins of 25 ms every 10 ms, without dither, each bin's mean removed.
"""

from collections import OrderedDict
from functools import cache
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn import functional

RATE = 16_000  # Hz
FRAME, SHIFT = 400, 160  # samples: 25 ms every 10 ms
FFT = 512
BINS = 80
LOWEST = 20.0  # Hz; the highest is half the rate
PREEMPHASIS = 0.97
POVEY = 0.85  # Kaldi's window is a Hann window to this power

CHANNELS = 32  # of the two-dimensional front
GROWTH, BOTTLENECK = 32, 128  # channels that a dense layer adds, and works in
BLOCKS = ((12, 1), (24, 2), (16, 2))  # layers and dilation
SEGMENT = 100  # frames of 20 ms whose mean is a layer's local context
EMBEDDING = 192


class CamPlusPlus(nn.Module):
    """The network; `forward` takes (batch, frames, 80) and returns (batch, 192), not normalised."""

    def __init__(self) -> None:
        super().__init__()
        self.head = _Front()
        parts: list[tuple[str, nn.Module]] = [("tdnn", _Tdnn(CHANNELS * BINS // 8, 128))]
        width = 128
        for number, (layers, dilation) in enumerate(BLOCKS, start=1):
            parts.append((f"block{number}", _DenseBlock(layers, width, dilation)))
            width += layers * GROWTH
            parts.append((f"transit{number}", _Transit(width)))
            width //= 2
        parts += [("out_nonlinear", _activation(width)), ("stats", _Statistics()), ("dense", _Dense(2 * width))]
        self.xvector = nn.Sequential(OrderedDict(parts))

    def forward(self, features: Tensor) -> Tensor:
        """Return the embeddings of a batch of equally long features."""
        embedded: Tensor = self.xvector(self.head(features.transpose(1, 2)))
        return embedded


def load(path: Path) -> CamPlusPlus:
    """Return the network with its weights; no code in the file is run."""
    network = CamPlusPlus()
    network.load_state_dict(torch.load(path, map_location="cpu", weights_only=True))
    return network.eval()


def frames(samples: int) -> int:
    """Return how many frames so many samples have."""
    return 0 if samples < FRAME else 1 + (samples - FRAME) // SHIFT


def features(samples: Tensor) -> Tensor:
    """Return Kaldi's log mel filter bank energies of 16 kHz samples: (frames, 80), before the mean is removed.

    Frame n covers the samples from 160 n on; a recording shorter than 25 ms has none.
    """
    if len(samples) < FRAME:
        return torch.zeros(0, BINS)
    cut = samples.unfold(0, FRAME, SHIFT)
    cut = cut - cut.mean(1, keepdim=True)
    before = torch.cat((cut[:, :1], cut[:, :-1]), 1)
    window = torch.hann_window(FRAME, periodic=False) ** POVEY
    spectrum = torch.fft.rfft((cut - PREEMPHASIS * before) * window, FFT).abs().square()
    energies: Tensor = (spectrum[:, :-1] @ _mel_banks().T).clamp_min(torch.finfo(torch.float32).eps).log()
    return energies


@cache
def _mel_banks() -> Tensor:
    """Return Kaldi's triangles on the mel scale: (80, 256)."""

    def mel(frequency: Tensor) -> Tensor:
        return 1127.0 * (1.0 + frequency / 700.0).log()

    low, high = mel(torch.tensor([LOWEST, RATE / 2]))
    step = (high - low) / (BINS + 1)
    left = low + torch.arange(BINS)[:, None] * step
    at = mel(torch.arange(FFT // 2) * RATE / FFT)[None]
    return torch.minimum((at - left) / step, (left + 2 * step - at) / step).clamp_min(0)


def _activation(width: int) -> nn.Sequential:
    return nn.Sequential(OrderedDict(batchnorm=nn.BatchNorm1d(width), relu=nn.ReLU(inplace=True)))


class _Residual(nn.Module):
    def __init__(self, stride: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(CHANNELS, CHANNELS, 3, (stride, 1), 1, bias=False)
        self.bn1 = nn.BatchNorm2d(CHANNELS)
        self.conv2 = nn.Conv2d(CHANNELS, CHANNELS, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(CHANNELS)
        self.shortcut = nn.Sequential()
        if stride > 1:
            thinned = nn.Conv2d(CHANNELS, CHANNELS, 1, (stride, 1), bias=False)
            self.shortcut = nn.Sequential(thinned, nn.BatchNorm2d(CHANNELS))

    def forward(self, x: Tensor) -> Tensor:
        y = functional.relu(self.bn1(self.conv1(x)), inplace=True)
        return functional.relu(self.bn2(self.conv2(y)) + self.shortcut(x), inplace=True)


class _Front(nn.Module):
    """Looks at the features as a picture and makes eight times fewer frequencies of it."""

    def __init__(self) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(1, CHANNELS, 3, 1, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(CHANNELS)
        self.layer1 = nn.Sequential(_Residual(2), _Residual(1))
        self.layer2 = nn.Sequential(_Residual(2), _Residual(1))
        self.conv2 = nn.Conv2d(CHANNELS, CHANNELS, 3, (2, 1), 1, bias=False)
        self.bn2 = nn.BatchNorm2d(CHANNELS)

    def forward(self, x: Tensor) -> Tensor:
        y = functional.relu(self.bn1(self.conv1(x[:, None])), inplace=True)
        y = self.layer2(self.layer1(y))
        return functional.relu(self.bn2(self.conv2(y)), inplace=True).flatten(1, 2)


class _Tdnn(nn.Module):
    def __init__(self, width: int, out: int) -> None:
        super().__init__()
        self.linear = nn.Conv1d(width, out, 5, stride=2, padding=2, bias=False)
        self.nonlinear = _activation(out)

    def forward(self, x: Tensor) -> Tensor:
        y: Tensor = self.nonlinear(self.linear(x))
        return y


class _ContextMask(nn.Module):
    """Masks the channels by what is heard around: the whole stretch and its two seconds."""

    def __init__(self, dilation: int) -> None:
        super().__init__()
        self.linear_local = nn.Conv1d(BOTTLENECK, GROWTH, 3, padding=dilation, dilation=dilation, bias=False)
        self.linear1 = nn.Conv1d(BOTTLENECK, BOTTLENECK // 2, 1)
        self.linear2 = nn.Conv1d(BOTTLENECK // 2, GROWTH, 1)

    def forward(self, x: Tensor) -> Tensor:
        near = functional.avg_pool1d(x, SEGMENT, SEGMENT, ceil_mode=True)
        around = x.mean(-1, keepdim=True) + near.repeat_interleave(SEGMENT, -1)[..., : x.shape[-1]]
        mask = self.linear2(functional.relu(self.linear1(around))).sigmoid()
        y: Tensor = self.linear_local(x) * mask
        return y


class _DenseLayer(nn.Module):
    def __init__(self, width: int, dilation: int) -> None:
        super().__init__()
        self.nonlinear1 = _activation(width)
        self.linear1 = nn.Conv1d(width, BOTTLENECK, 1, bias=False)
        self.nonlinear2 = _activation(BOTTLENECK)
        self.cam_layer = _ContextMask(dilation)

    def forward(self, x: Tensor) -> Tensor:
        y: Tensor = self.cam_layer(self.nonlinear2(self.linear1(self.nonlinear1(x))))
        return y


class _DenseBlock(nn.ModuleDict):
    """Layers that each see what all before them made."""

    def __init__(self, layers: int, width: int, dilation: int) -> None:
        super().__init__({f"tdnnd{n + 1}": _DenseLayer(width + n * GROWTH, dilation) for n in range(layers)})

    def forward(self, x: Tensor) -> Tensor:
        for layer in self.values():
            x = torch.cat((x, layer(x)), 1)
        return x


class _Transit(nn.Module):
    def __init__(self, width: int) -> None:
        super().__init__()
        self.nonlinear = _activation(width)
        self.linear = nn.Conv1d(width, width // 2, 1, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        y: Tensor = self.linear(self.nonlinear(x))
        return y


class _Statistics(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        return torch.cat((x.mean(-1), x.std(-1)), 1)


class _Dense(nn.Module):
    def __init__(self, width: int) -> None:
        super().__init__()
        self.linear = nn.Conv1d(width, EMBEDDING, 1, bias=False)
        self.nonlinear = nn.Sequential(OrderedDict(batchnorm=nn.BatchNorm1d(EMBEDDING, affine=False)))

    def forward(self, x: Tensor) -> Tensor:
        y: Tensor = self.nonlinear(self.linear(x[..., None]).squeeze(-1))
        return y
