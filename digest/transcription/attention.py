"""Attention on bfloat16 where a processor is better served by a loop in numba than by torch; elsewhere in torch.

Of one query a window to the keys and values that it keeps, which memory bounds: the loop reads as fast as memory
gives, twice as fast as torch's products (Zen 5: 2.5 ms instead of 5 ms for 49 MB), and each window by itself, so that
its result does not depend on its neighbours. And the softmax of all frames over all frames, with 2 to the power of x
by a polynomial that is exact enough for bfloat16: 0.4 ms instead of 1.1 ms for 1500 rows.
Shapes as in network.py: W windows, L keys, H heads, D = 64.
"""

from typing import TYPE_CHECKING, Any

import numba
import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from torch import Tensor

Floats = npt.NDArray[np.float32]
Bits = npt.NDArray[np.uint16]  # bfloat16: the upper half of a float32
HALF = np.uint32(16)
LOG2_E = np.float32(1.4426950408889634)
MIN_EXPONENT = np.float32(-126)  # the smallest exponent of a float32
# 2 ** x for x from 0 to 1, the minimax polynomial of the third degree: off by 2e-4, where a bfloat16 rounds by 4e-3.
CUBE, SQUARE, LINE, ONE = map(np.float32, (0.0790199, 0.2241267, 0.6968419, 0.9998119))


def attention_scores(query: "Tensor", keys: "Tensor", lengths: "Tensor") -> "Tensor":
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


def weighted_sum(weights: "Tensor", values: "Tensor", lengths: "Tensor") -> "Tensor":
    """Return the sum of values (W, H, L, D) by weights (W, H, longest length), as (W, H, D)."""
    import torch

    if _is_plain(values):
        return torch.einsum("whl,whld->whd", weights.to(values.dtype), values[:, :, : weights.shape[2]])
    total = torch.zeros(*values.shape[:2], values.shape[3])
    _mix(weights.numpy(), _bits(values), lengths.numpy(), total.numpy())
    return total


def softmax_(scores: "Tensor") -> None:
    """Put the softmax of each row of scores (rows, columns) in their place."""
    import torch

    if _is_plain(scores):
        torch.softmax(scores, -1, out=scores)
    else:
        _softmax(_bits(scores))


def _is_plain(tensor: "Tensor") -> bool:
    import torch

    return tensor.dtype != torch.bfloat16 or tensor.device.type != "cpu"


def _bits(tensor: "Tensor") -> Bits:
    import torch

    bits: Bits = tensor.view(torch.uint16).numpy()
    return bits


def _compile(function: Any) -> Any:
    """Return a function compiled once for all runs; sums may be reordered, as they are in any product."""
    return numba.njit(function, fastmath={"reassoc", "contract", "nsz"}, cache=True, nogil=True)


@_compile
def _to_float32(bits: Any) -> Any:
    """Return a bfloat16 as float32."""
    return np.uint32(np.uint32(bits) << HALF).view(np.float32)


@_compile
def _score(query: Floats, keys: Bits, lengths: npt.NDArray[np.int64], scores: Floats) -> None:
    for w in range(keys.shape[0]):
        for h in range(keys.shape[1]):
            for at in range(lengths[w]):
                total = np.float32(0)
                for d in range(keys.shape[3]):
                    total += query[w, h, d] * _to_float32(keys[w, h, at, d])
                scores[w, h, at] = total
            scores[w, h, lengths[w] :] = -np.inf if lengths[w] else 0.0


@_compile
def _mix(weights: Floats, values: Bits, lengths: npt.NDArray[np.int64], total: Floats) -> None:
    for w in range(values.shape[0]):
        for h in range(values.shape[1]):
            sums = np.zeros(values.shape[3], np.float32)
            for at in range(lengths[w]):
                for d in range(values.shape[3]):
                    sums[d] += weights[w, h, at] * _to_float32(values[w, h, at, d])
            total[w, h] = sums


@_compile
def power_of_two(exponent: Any) -> Any:
    """Return 2 to the power of a float32 that is not below MIN_EXPONENT."""
    whole = np.floor(exponent)
    part = exponent - whole
    power = ((CUBE * part + SQUARE) * part + LINE) * part + ONE
    return np.int32(np.float32(power).view(np.int32) + (np.int32(whole) << np.int32(23))).view(np.float32)


@_compile
def _sort_key(bits: Any) -> Any:
    """Return a float32's bits as an integer that is the larger, the larger the number is; and back."""
    return np.int32(bits ^ ((bits >> np.int32(31)) & np.int32(0x7FFFFFFF)))


@_compile
def _softmax(scores: Bits) -> None:
    columns = scores.shape[1]
    order, powers = np.empty(columns, np.int32), np.empty(columns, np.float32)
    for row in range(len(scores)):
        for j in range(columns):
            order[j] = _sort_key(np.int32(np.uint32(scores[row, j]) << HALF))
        largest = order[0]  # of integers: a loop over floats, which may be NaN, is not made a vector instruction
        for j in range(columns):
            largest = max(largest, order[j])
        peak, total = np.int32(_sort_key(largest)).view(np.float32), np.float32(0)
        for j in range(columns):
            exponent = max((_to_float32(scores[row, j]) - peak) * LOG2_E, MIN_EXPONENT)
            powers[j] = power_of_two(exponent)
            total += powers[j]
        for j in range(columns):
            weight = np.float32(powers[j] / total).view(np.uint32)
            scores[row, j] = np.uint16((weight + np.uint32(0x8000)) >> HALF)
