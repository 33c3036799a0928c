"""CAM++ in products of 16 bits, for processors that have AVX2 and no bfloat16: filter banks in, 192 numbers out.

The same network and weights as campplus.py. Its two-dimensional front runs in float32 with the norms folded into the
convolutions, channels last; the rest lies in one array (rows, channels), a row a frame, into which each dense layer
puts its 32 channels beside those of all before it: nothing is copied, and norm, ReLU and rounding are one pass.
"""

from collections.abc import Callable
from typing import Any, NamedTuple  # torch does not know what its modules hold

import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.nn.utils.fusion import fuse_conv_bn_eval

from digest.diarization.campplus import BLOCKS, BOTTLENECK, GROWTH, SEGMENT, CamPlusPlus
from digest.transcription.int16 import TILE, Panels, convolve_activated, multiply_activated, panels

Norm = tuple[Tensor, Tensor]  # what each channel is multiplied by, and what is added


class _Int16Layer(NamedTuple):
    norm: Norm
    narrow: Panels  # to the bottleneck
    narrow_norm: Norm
    local: Panels  # three frames, so many apart
    dilation: int
    masks: tuple[nn.Conv1d, nn.Conv1d]


class _Int16Transit(NamedTuple):
    norm: Norm
    weight: Panels
    width: int


def embedder(network: CamPlusPlus) -> Callable[[Tensor], Tensor]:
    """Return a function that embeds equally long features (batch, frames, 80) as the network does: (batch, 192)."""
    parts: Any = network.xvector
    front, first = _front(network.head), parts.tdnn
    blocks, transits = list[list[_Int16Layer]](), list[_Int16Transit]()
    for number, (_, dilation) in enumerate(BLOCKS, start=1):
        blocks.append([_dense_layer(one, dilation) for one in getattr(parts, f"block{number}").values()])
        transit = getattr(parts, f"transit{number}")
        weight = transit.linear.weight[..., 0]
        transits.append(_Int16Transit(_norm(transit.nonlinear.batchnorm), panels(weight), len(weight)))
    last = _norm(parts.out_nonlinear.batchnorm)

    def embed(features: Tensor) -> Tensor:
        x = first(front(features.transpose(1, 2)))
        batch, width, frames = x.shape
        rows, made = batch * frames, x.transpose(1, 2).reshape(-1, width)
        for layers, transit in zip(blocks, transits, strict=True):
            wide = torch.zeros(rows + -rows % TILE, width + GROWTH * len(layers))
            wide[:rows, :width] = made[:rows]
            for layer in layers:
                wide[:rows, width : width + GROWTH] = _run(layer, wide, width, batch, frames)
                width += GROWTH
            made = torch.empty(len(wide), transit.width)
            multiply_activated(wide, width, transit.norm, transit.weight, made)
            width = transit.width
        scale, shift = last
        seen = (made[:rows] * scale + shift).relu_().view(batch, frames, width).transpose(1, 2)
        embedded: Tensor = parts.dense(parts.stats(seen))
        return embedded

    return embed


def _front(head: Any) -> Any:
    """Return the two-dimensional front with the norms folded in."""
    for module in list(head.modules()):
        for number in ("1", "2"):
            if hasattr(module, f"bn{number}"):
                convolution, norm = getattr(module, f"conv{number}"), getattr(module, f"bn{number}")
                setattr(module, f"conv{number}", fuse_conv_bn_eval(convolution, norm))
                setattr(module, f"bn{number}", nn.Identity())
        shortcut = getattr(module, "shortcut", None)
        if shortcut is not None and len(shortcut):
            module.shortcut = nn.Sequential(fuse_conv_bn_eval(shortcut[0], shortcut[1]))
    return head.to(memory_format=torch.channels_last)


def _norm(norm: Any) -> Norm:
    scale = norm.weight / (norm.running_var + norm.eps).sqrt()
    return scale.detach().contiguous(), (norm.bias - norm.running_mean * scale).detach().contiguous()


def _dense_layer(layer: Any, dilation: int) -> _Int16Layer:
    near, mask = layer.cam_layer.linear_local.weight, layer.cam_layer
    return _Int16Layer(
        norm=_norm(layer.nonlinear1.batchnorm),
        narrow=panels(layer.linear1.weight[..., 0].detach()),
        narrow_norm=_norm(layer.nonlinear2.batchnorm),
        local=panels(near.detach().transpose(1, 2).reshape(GROWTH, 3 * BOTTLENECK)),
        dilation=dilation,
        masks=(mask.linear1, mask.linear2),
    )


def _run(layer: _Int16Layer, wide: Tensor, width: int, batch: int, frames: int) -> Tensor:
    """Return what a layer adds: (batch * frames, 32)."""
    hidden = torch.empty(len(wide), BOTTLENECK)
    multiply_activated(wide, width, layer.norm, layer.narrow, hidden)
    seen, near = convolve_activated(hidden, layer.narrow_norm, layer.dilation, frames, layer.local)
    seen, near = seen[: batch * frames].view(batch, frames, BOTTLENECK), near[: batch * frames]
    around = seen.mean(1, keepdim=True) + _segment_means(seen)
    one, two = layer.masks
    mask = functional.linear(
        functional.linear(around, one.weight[..., 0], one.bias).relu_(), two.weight[..., 0], two.bias
    ).sigmoid_()
    return near * mask.repeat_interleave(SEGMENT, 1)[:, :frames].reshape(-1, GROWTH)


def _segment_means(seen: Tensor) -> Tensor:
    """Return the mean of each 100 frames (batch, segments, channels), of the last one over those that it has."""
    return torch.stack([part.mean(1) for part in torch.split(seen, SEGMENT, 1)], 1)
