"""Attention of one query a window to the keys and values that it keeps: the part of decoding that memory bounds.

On bfloat16 a loop in numba reads memory as fast as it comes, twice as fast as torch's products (measured on Zen 5:
2.5 ms instead of 5 ms for 49 MB), and each window by itself, so that its result does not depend on its neighbours.
For other number types, and on a GPU, the same in torch. Shapes as in network.py: W windows, L keys, H heads, D = 64.
"""

from typing import TYPE_CHECKING, Any

import numba
import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from torch import Tensor

Floats = npt.NDArray[np.float32]
Bits = npt.NDArray[np.uint16]  # bfloat16: the upper half of a float32
UPPER = np.uint32(16)


def scored(query: "Tensor", keys: "Tensor", lengths: "Tensor") -> "Tensor":
    """Return query (W, H, D) times keys (W, H, L, D), as float32 (W, H, longest length).

    What lies at or beyond a window's length is -inf; a window of length 0 gets zeros.
    """
    import torch

    longest = int(lengths.max())
    if _is_plain(keys):
        scores = torch.einsum("whd,whld->whl", query, keys[:, :, :longest]).float()
        beyond = torch.arange(longest, device=keys.device) >= lengths[:, None, None]
        return scores.masked_fill(beyond & (lengths > 0)[:, None, None], -torch.inf)
    scores = torch.empty(*keys.shape[:2], longest)
    _score(query.float().numpy(), _bits(keys), lengths.numpy(), scores.numpy())
    return scores


def mixed(weights: "Tensor", values: "Tensor", lengths: "Tensor") -> "Tensor":
    """Return the sum of values (W, H, L, D) by weights (W, H, longest length), as (W, H, D)."""
    import torch

    if _is_plain(values):
        return torch.einsum("whl,whld->whd", weights.to(values.dtype), values[:, :, : weights.shape[2]])
    total = torch.zeros(*values.shape[:2], values.shape[3])
    _mix(weights.numpy(), _bits(values), lengths.numpy(), total.numpy())
    return total


def _is_plain(kept: "Tensor") -> bool:
    import torch

    return kept.dtype != torch.bfloat16 or kept.device.type != "cpu"


def _bits(kept: "Tensor") -> Bits:
    import torch

    bits: Bits = kept.view(torch.uint16).numpy()
    return bits


def _compiled(function: Any) -> Any:
    """Return a function compiled once for all runs; sums may be reordered, as they are in any product."""
    return numba.njit(function, fastmath={"reassoc", "contract", "nsz"}, cache=True, nogil=True)


@_compiled
def _score(query: Floats, keys: Bits, lengths: npt.NDArray[np.int64], scores: Floats) -> None:
    wide = np.empty(keys.shape[3], np.uint32)
    key = wide.view(np.float32)
    for w in range(keys.shape[0]):
        for h in range(keys.shape[1]):
            for at in range(lengths[w]):
                for d in range(keys.shape[3]):
                    wide[d] = np.uint32(keys[w, h, at, d]) << UPPER
                total = np.float32(0)
                for d in range(keys.shape[3]):
                    total += query[w, h, d] * key[d]
                scores[w, h, at] = total
            scores[w, h, lengths[w] :] = -np.inf if lengths[w] else 0.0


@_compiled
def _mix(weights: Floats, values: Bits, lengths: npt.NDArray[np.int64], total: Floats) -> None:
    wide = np.empty(values.shape[3], np.uint32)
    value = wide.view(np.float32)
    for w in range(values.shape[0]):
        for h in range(values.shape[1]):
            sums = np.zeros(values.shape[3], np.float32)
            for at in range(lengths[w]):
                for d in range(values.shape[3]):
                    wide[d] = np.uint32(values[w, h, at, d]) << UPPER
                for d in range(values.shape[3]):
                    sums[d] += weights[w, h, at] * value[d]
            total[w, h] = sums
