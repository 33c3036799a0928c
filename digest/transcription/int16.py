"""Products of whole numbers of 16 bits, summed in 32: for processors that have AVX2 and no bfloat16.

One instruction (vpmaddwd) multiplies sixteen pairs and adds them two by two: twice as many as float32, and as many as
8-bit numbers reach on such a processor. Weights are rounded by output channel and what they are multiplied with row by
row, to as many bits as keep every sum within 32: 12 for 64 terms, 10 for 2048. So nothing is cut off, and a product is
0.1 per cent off, where bfloat16 is 0.4. LLVM is told to use the instruction; the rest is numba.

Weights lie in panels of 16 columns, so that a product of a few rows reads each weight once, in order. Attention is the
same product: the keys of a head are a weight with a column a frame, its values one with a column a number. Those that
the decoder keeps of a window have 8 bits: it reads them all for every token, as fast as memory gives.
Shapes: W windows, T frames, H heads, D = 64 numbers a head; n columns, k terms of a sum.
"""

from typing import TYPE_CHECKING, Any, NamedTuple

import numba
import numpy as np
import numpy.typing as npt
from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

from digest.transcription.attention import LOG2_E, power_of_two

if TYPE_CHECKING:
    from torch import Tensor

Floats = npt.NDArray[np.float32]
Codes = npt.NDArray[np.int16]  # activations, each row by its scale
Weights = npt.NDArray[np.int8] | npt.NDArray[np.int16]
Indices = npt.NDArray[np.int64]

D = 64
LANES = 16  # columns a panel
TILE = 4  # rows of activations multiplied together; with two halves of a panel their sums fill half of the registers
LARGEST = 127  # of what the decoder keeps
TOGETHER = 16  # rows
BLOCK = 1 << 17  # activations, 256 kB: what stays in the second cache while all panels pass
HALVES = range(2)  # of a panel: a register each
INTEGER, SINGLE, WIDE = ir.IntType(32), ir.FloatType(), ir.IntType(64)
SUMS, FLOATS = ir.VectorType(INTEGER, 8), ir.VectorType(SINGLE, 8)  # registers
SHORTS, BYTES = ir.VectorType(ir.IntType(16), LANES), ir.VectorType(ir.IntType(8), LANES)
ALIGNED = 4  # bytes: arrays of float32 begin anywhere
LEAST = np.float32(-30)  # 2 ** -30 is 0 in 15 bits


class Panels(NamedTuple):
    """Weights (..., panels, k / 2, 16, 2), and what a step of each column is worth (..., columns)."""

    codes: "Tensor"
    scales: "Tensor"


class KeptSound(NamedTuple):
    """The keys and values of windows, of 8 bits: (W, H) times panels of frames, and of numbers."""

    keys: Panels
    values: Panels


def panels(weight: "Tensor") -> Panels:
    """Return a weight (n, k), k even, in panels; columns are added until they are a multiple of 16."""
    import torch

    columns, terms = weight.shape
    scales = (weight.abs().amax(1) / _even_limit(terms)).clamp_min(torch.finfo(torch.float32).tiny)
    rest = -columns % LANES
    codes = torch.nn.functional.pad((weight / scales[:, None]).round().to(torch.int16), (0, 0, 0, rest))
    laid_out = codes.view(-1, LANES, terms // 2, 2).transpose(1, 2).contiguous()
    return Panels(laid_out, torch.nn.functional.pad(scales, (0, rest)))


def multiply(x: "Tensor", weight: Panels, bias: "Tensor", *, out: "Tensor | None" = None) -> "Tensor":
    """Return x (rows, k) times a weight, plus its bias (n): (rows, n); `out` where both are whole tiles."""
    import torch

    rows, columns, rest = len(x), len(weight.scales), len(weight.scales) - len(bias)
    if out is None:
        out = torch.empty(rows + -rows % TILE, columns)
    added = torch.nn.functional.pad(bias, (0, rest)) if rest else bias
    _multiply(x.contiguous().numpy(), _flat(weight.codes), weight.scales.numpy(), added.numpy(), out.numpy())
    return out[:rows, : len(bias)]


def multiply_activated(x: "Tensor", width: int, norm: tuple["Tensor", "Tensor"], weight: Panels, out: "Tensor") -> None:
    """Put into out (rows, columns) a weight times the first `width` columns of x, normalised, negative ones as 0.

    `norm` is what each column is multiplied by, and what is added. rows is a multiple of four; x and out lie in one
    piece each.
    """
    scale, shift = (each.numpy() for each in norm)
    _multiply_activated(x.numpy(), width, scale, shift, _flat(weight.codes), weight.scales.numpy(), out.numpy())


def convolve_activated(
    x: "Tensor", norm: tuple["Tensor", "Tensor"], apart: int, frames: int, weight: Panels
) -> tuple["Tensor", "Tensor"]:
    """Return x (rows, width), normalised, negative ones as 0, and a weight (n, 3 * width) times three of its rows.

    These are the row itself and those so many before and after it, as far as they are of the same `frames` rows.
    """
    import torch

    seen, out = torch.empty_like(x), torch.empty(len(x), len(weight.scales))
    arrays = (_flat(weight.codes), weight.scales.numpy(), seen.numpy(), out.numpy())
    _convolve_activated(x.numpy(), norm[0].numpy(), norm[1].numpy(), apart, frames, *arrays)
    return seen, out


def attend(fused: "Tensor", out: "Tensor") -> None:
    """Put into out (T, H * D) what queries, keys and values (T, 3 * H * D) attend to; T is a multiple of four."""
    _attend(fused.numpy(), out.numpy())


def new_sound(windows: int, heads: int, frames: int) -> KeptSound:
    """Return room for the keys and values of so many windows."""
    import torch

    padded = _whole_panels(frames)
    keys = torch.zeros(windows, heads, padded // LANES, D // 2, LANES, 2, dtype=torch.int8)
    values = torch.zeros(windows, heads, D // LANES, padded // 2, LANES, 2, dtype=torch.int8)
    return KeptSound(Panels(keys, torch.zeros(windows, heads, padded)), Panels(values, torch.zeros(windows, heads, D)))


def keep_sound(both: "Tensor", sound: KeptSound, windows: slice) -> None:
    """Put the keys and values (T, 2 * H * D) of a window into the places of some."""
    keys, values = sound
    heads, first = keys.codes.shape[1], windows.start or 0
    for head in range(heads):
        one, other = (_flat(each.codes[first, head]) for each in sound)
        _pack_keys(both.numpy(), head * D, LARGEST, one, keys.scales[first, head].numpy())
        _pack_values(both.numpy(), (heads + head) * D, LARGEST, other, values.scales[first, head].numpy())
    for each in (*keys, *values):
        each[windows] = each[first].clone()


def attend_to_sound(
    query: "Tensor", sound: KeptSound, windows: "Tensor", lengths: "Tensor"
) -> tuple["Tensor", "Tensor"]:
    """Return the scores (rows, H, longest length) and the sums of values (rows, H, D) of each row's query (H, D).

    A row attends to as many frames of its window as its length says: what lies beyond scores -inf. A row of length 0
    gets zeros.
    """
    import torch

    scores = torch.empty(*query.shape[:2], int(lengths.max()))
    total = torch.zeros(query.shape)
    (keys, key_scales), (values, value_scales) = sound
    kept = (_flat(keys), key_scales.numpy()), (_flat(values), value_scales.numpy())
    _score(query.contiguous().numpy(), kept[0], windows.numpy(), lengths.numpy(), scores.numpy())
    _mix(torch.softmax(scores, -1).numpy(), kept[1], windows.numpy(), lengths.numpy(), total.numpy())
    return scores, total


def _flat(codes: "Tensor") -> Weights:
    flat: Weights = codes.view(-1).numpy()
    return flat


def _whole_panels(frames: int) -> int:
    return frames + -frames % LANES


def _tile(rows: int) -> Any:
    """Return a function that multiplies so many rows of codes with a panel, in registers: sums, scaled, plus bias."""

    def tile(  # noqa: PLR0917  # arrays and where to begin in each: slices would cost more than a short tile
        context: Any, x: Any, x_at: Any, x_scales: Any, panel: Any, panel_at: Any, pairs: Any,
        scales: Any, bias: Any, column: Any, out: Any, out_at: Any, out_stride: Any,
    ) -> Any:  # fmt: skip
        del context
        signature = types.void(x, x_at, x_scales, panel, panel_at, pairs, scales, bias, column, out, out_at, out_stride)
        return signature, _tile_generator(rows)

    return intrinsic(tile)


def _tile_generator(rows: int) -> Any:
    """Return what writes the tile's LLVM instructions."""
    build: Any = cgutils  # which has no types

    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        def pointer(at: int, offset: Any, to: Any) -> Any:
            data = context.make_array(signature.args[at])(context, builder, args[at]).data
            return builder.bitcast(builder.gep(data, [offset]), to.as_pointer())

        _, x_at, _, _, panel_at, pairs, _, _, column, _, out_at, out_stride = args
        kind = ir.FunctionType(SUMS, [SHORTS, SHORTS])
        multiply_add = build.get_or_insert_function(builder.module, kind, "llvm.x86.avx2.pmadd.wd")
        width = builder.mul(pairs, _count(2))
        x = [pointer(0, builder.add(x_at, builder.mul(width, _count(row))), INTEGER) for row in range(rows)]
        lanes = SHORTS if signature.args[3].dtype == types.int16 else BYTES
        panel, zero = pointer(3, panel_at, lanes), ir.Constant(SUMS, [0] * SUMS.count)
        totals = [[build.alloca_once_value(builder, zero) for _ in HALVES] for _ in range(rows)]
        with build.for_range(builder, pairs) as loop:
            at = builder.mul(loop.index, _count(2))
            halves = [_load(builder, panel, builder.add(at, _count(half))) for half in HALVES]
            halves = [half if lanes is SHORTS else builder.sext(half, SHORTS) for half in halves]
            for row in range(rows):
                pair = builder.bitcast(_spread(builder, _load(builder, x[row], loop.index), SUMS), SHORTS)
                for half in HALVES:
                    more = builder.call(multiply_add, [pair, halves[half]])
                    builder.store(builder.add(builder.load(totals[row][half]), more), totals[row][half])
        steps, scales, bias = pointer(2, _count(0), SINGLE), pointer(6, column, FLOATS), pointer(7, column, FLOATS)
        for row in range(rows):
            step = _spread(builder, _load(builder, steps, _count(row)), FLOATS)
            out = pointer(9, builder.add(out_at, builder.mul(out_stride, _count(row))), FLOATS)
            for half in HALVES:
                total = builder.sitofp(builder.load(totals[row][half]), FLOATS)
                scaled = builder.fmul(total, builder.fmul(step, _load(builder, scales, _count(half))))
                added = builder.fadd(scaled, _load(builder, bias, _count(half)))
                builder.store(added, builder.gep(out, [_count(half)])).align = ALIGNED
        return context.get_dummy_value()

    return generate


def _count(number: int) -> Any:
    return ir.Constant(WIDE, number)


def _load(builder: Any, where: Any, offset: Any) -> Any:
    """Return what lies so many numbers on, wherever that begins."""
    loaded = builder.load(builder.gep(where, [offset]))
    loaded.align = 1
    return loaded


def _spread(builder: Any, value: Any, to: Any) -> Any:
    """Return a number in all places of a register."""
    nothing, first = ir.Constant(to, ir.Undefined), ir.Constant(INTEGER, 0)
    everywhere = ir.Constant(ir.VectorType(INTEGER, to.count), [0] * to.count)
    return builder.shuffle_vector(builder.insert_element(nothing, value, first), nothing, everywhere)


_four_rows, _one_row = _tile(TILE), _tile(1)


def _compile(function: Any) -> Any:
    """Return a function compiled once for all runs; sums may be reordered, and nothing here is NaN."""
    return numba.njit(function, fastmath={"reassoc", "contract", "nsz", "nnan"}, cache=True, nogil=True)


@_compile
def _even_limit(terms: int) -> int:
    """Return the largest number of which so many products of two stay within 32 bits."""
    return min(32767, int(np.sqrt((2**31 - 1) // terms)))


@_compile
def _limit(terms: int, weight: Weights) -> int:
    """Return the largest activation with which a sum of so many terms stays within 32 bits."""
    largest = LARGEST if weight.itemsize == 1 else _even_limit(terms)
    return min(32767, (2**31 - 1) // (largest * terms))


@_compile
def _round_row(x: Floats, limit: int, codes: Codes) -> np.float32:
    """Round a row to whole steps; return what a step is worth."""
    top = np.float32(0)
    for at in range(len(x)):
        top = max(top, abs(x[at]))
    steps = np.float32(limit) / top if top > 0 else np.float32(0)
    for at in range(len(x)):
        codes[at] = np.int16(np.rint(x[at] * steps))
    return top / np.float32(limit)


@_compile
def _multiply(x: Floats, weight: Weights, scales: Floats, bias: Floats, out: Floats) -> None:
    terms, rows = x.shape[1], len(out)
    limit, block = _limit(terms, weight), max(TILE, BLOCK // terms // TILE * TILE)
    codes, steps, flat = np.zeros(block * terms, np.int16), np.zeros(block, np.float32), out.reshape(-1)
    for first in range(0, rows, block):
        here = min(block, rows - first)
        for row in range(min(here, len(x) - first)):
            steps[row] = _round_row(x[first + row], limit, codes[row * terms : (row + 1) * terms])
        for column in range(0, len(scales), LANES):
            for row in range(0, here, TILE):
                _four_rows(
                    codes, row * terms, steps[row:], weight, column * terms, terms // 2,
                    scales, bias, column, flat, (first + row) * len(scales) + column, len(scales),
                )  # fmt: skip


@_compile
def _activate(x: Floats, scale: Floats, shift: Floats, out: Floats) -> np.float32:
    """Put x, normalised, negative ones as 0, into out as far as that goes; return the largest."""
    top = np.float32(0)
    for at in range(len(out)):
        one = max(x[at] * scale[at] + shift[at], np.float32(0))
        out[at] = one
        top = max(top, one)
    return top


@_compile
def _round_by(x: Floats, steps: np.float32, codes: Codes) -> None:
    for at in range(len(x)):
        codes[at] = np.int16(np.rint(x[at] * steps))


@_compile
def _convolve_activated(  # noqa: PLR0917  # arrays: numba has no records of them
    x: Floats, scale: Floats, shift: Floats, apart: int, frames: int, weight: Weights, scales: Floats,
    seen: Floats, out: Floats,
) -> None:  # fmt: skip
    width = x.shape[1]
    terms, limit, rows = 3 * width, _limit(3 * width, weight), len(x)
    codes, steps, tops = np.zeros(rows * terms, np.int16), np.zeros(rows, np.float32), np.zeros(rows, np.float32)
    nothing, flat = np.zeros(len(scales), np.float32), out.reshape(-1)
    for row in range(rows):
        tops[row] = _activate(x[row], scale, shift, seen[row])
    for row in range(rows):
        first, top = row // frames * frames, tops[row]
        for number in range(3):
            other = row + (number - 1) * apart
            if first <= other < min(first + frames, rows):
                top = max(top, tops[other])
        steps[row] = top / np.float32(limit)
        by = np.float32(limit) / top if top > 0 else np.float32(0)
        for number in range(3):
            other = row + (number - 1) * apart
            if first <= other < min(first + frames, rows):
                _round_by(seen[other], by, codes[row * terms + number * width :])
    for column in range(0, len(scales), LANES):
        for row in range(0, rows, TILE):
            _four_rows(
                codes, row * terms, steps[row:], weight, column * terms, terms // 2,
                scales, nothing, column, flat, row * len(scales) + column, len(scales),
            )  # fmt: skip


@_compile
def _multiply_activated(  # noqa: PLR0917  # arrays: numba has no records of them
    x: Floats, width: int, scale: Floats, shift: Floats, weight: Weights, scales: Floats, out: Floats
) -> None:
    limit, block, rows = _limit(width, weight), max(TILE, BLOCK // width // TILE * TILE), len(x)
    codes, steps, flat = np.zeros(block * width, np.int16), np.zeros(block, np.float32), out.reshape(-1)
    row_of, nothing = np.zeros(width, np.float32), np.zeros(len(scales), np.float32)
    for first in range(0, rows, block):
        here = min(block, rows - first)
        for row in range(here):
            top = _activate(x[first + row], scale, shift, row_of)
            steps[row] = top / np.float32(limit)
            _round_by(row_of, np.float32(limit) / top if top > 0 else np.float32(0), codes[row * width :])
        for column in range(0, len(scales), LANES):
            for row in range(0, here, TILE):
                _four_rows(
                    codes, row * width, steps[row:], weight, column * width, width // 2,
                    scales, nothing, column, flat, (first + row) * len(scales) + column, len(scales),
                )  # fmt: skip


@_compile
def _pack_keys(x: Floats, column: int, largest: int, codes: Weights, scales: Floats) -> None:
    """Round the keys (T, D) from a column on into panels of 16 frames."""
    for frame in range(len(x)):
        top = np.float32(1e-30)
        for d in range(D):
            top = max(top, abs(x[frame, column + d]))
        steps = np.float32(largest) / top
        scales[frame] = top / np.float32(largest)
        at = frame // LANES * LANES * D + frame % LANES * 2
        for d in range(D):
            codes[at + d // 2 * 2 * LANES + d % 2] = np.int16(np.rint(x[frame, column + d] * steps))


@_compile
def _pack_values(x: Floats, column: int, largest: int, codes: Weights, scales: Floats) -> None:
    """Round the values (T, D) from a column on into panels of 16 numbers."""
    padded = len(codes) // D
    tops = np.full(D, np.float32(1e-30))
    for frame in range(len(x)):
        for d in range(D):
            tops[d] = max(tops[d], abs(x[frame, column + d]))
    for d in range(D):
        scales[d] = tops[d] / np.float32(largest)
    for frame in range(len(x)):
        for d in range(D):
            at = d // LANES * padded * LANES + frame // 2 * 2 * LANES + d % LANES * 2 + frame % 2
            codes[at] = np.int16(np.rint(x[frame, column + d] / scales[d]))


@_compile
def _round_powers(scores: Floats, largest: int, codes: Codes) -> np.float32:
    """Put e ** score into codes, in steps as small as sums with values up to `largest` allow; return what sums to 1."""
    top = scores[0]
    for at in range(len(scores)):
        top = max(top, scores[at])
    sum_of = np.float32(0)
    for at in range(len(scores)):
        exponent = max((scores[at] - top) * LOG2_E, LEAST)
        scaled = power_of_two(exponent)
        scores[at] = scaled
        sum_of += scaled
    limit = min(np.float32(32767), np.float32((2**31 - 1) // largest - len(scores)) / sum_of)
    total = np.float32(0)
    for at in range(len(scores)):
        rounded = np.rint(scores[at] * limit)
        codes[at] = np.int16(rounded)
        total += rounded
    return np.float32(1) / total


@_compile
def _attend(fused: Floats, out: Floats) -> None:
    frames, width = out.shape
    padded = frames + -frames % LANES
    largest_key, largest_value = _even_limit(D), _even_limit(padded)
    keys, key_scales = np.zeros(padded * D, np.int16), np.zeros(padded, np.float32)
    values, value_scales = np.zeros(padded * D, np.int16), np.zeros(D, np.float32)
    query, steps = np.zeros(TOGETHER * D, np.int16), np.zeros(TOGETHER, np.float32)
    scores, weights = np.zeros(TOGETHER * padded, np.float32), np.zeros(TOGETHER * padded, np.int16)
    nothing, flat = np.zeros(max(padded, D), np.float32), out.reshape(-1)
    for column in range(0, width, D):
        _pack_keys(fused, width + column, largest_key, keys, key_scales)
        _pack_values(fused, 2 * width + column, largest_value, values, value_scales)
        for first in range(0, frames, TOGETHER):
            here = min(TOGETHER, frames - first)
            for row in range(here):
                one = fused[first + row, column : column + D]
                steps[row] = _round_row(one, largest_key, query[row * D : (row + 1) * D])
            for at in range(0, padded, LANES):
                for row in range(0, here, TILE):
                    _four_rows(
                        query, row * D, steps[row:], keys, at * D, D // 2,
                        key_scales, nothing, at, scores, row * padded + at, padded,
                    )  # fmt: skip
            for row in range(here):
                begin, end = row * padded, row * padded + frames
                steps[row] = _round_powers(scores[begin:end], largest_value, weights[begin:end])
            for at in range(0, D, LANES):
                for row in range(0, here, TILE):
                    _four_rows(
                        weights, row * padded, steps[row:], values, at * padded, padded // 2,
                        value_scales, nothing, at, flat, (first + row) * width + column + at, width,
                    )  # fmt: skip


@_compile
def _score(query: Floats, kept: tuple[Weights, Floats], windows: Indices, lengths: Indices, scores: Floats) -> None:
    keys, key_scales = kept
    heads, padded = key_scales.shape[1:]
    codes, step, nothing = np.zeros(D, np.int16), np.zeros(1, np.float32), np.zeros(padded, np.float32)
    found = np.zeros(padded, np.float32)
    for row in range(len(query)):
        length = lengths[row]
        for head in range(heads):
            step[0] = _round_row(query[row, head], _limit(D, keys), codes)
            begin, scales = (windows[row] * heads + head) * padded * D, key_scales[windows[row], head]
            for at in range(0, length, LANES):
                _one_row(codes, 0, step, keys, begin + at * D, D // 2, scales, nothing, at, found, at, 0)
            scores[row, head, :length] = found[:length]
            scores[row, head, length:] = -np.inf if length else 0.0


@_compile
def _mix(weights: Floats, kept: tuple[Weights, Floats], windows: Indices, lengths: Indices, total: Floats) -> None:
    values, value_scales = kept
    heads = value_scales.shape[1]
    padded = len(values) // (len(value_scales) * heads * D)
    codes, step, nothing = np.zeros(padded, np.int16), np.zeros(1, np.float32), np.zeros(D, np.float32)
    for row in range(len(weights)):
        length = lengths[row]
        codes[length:] = 0
        for head in range(heads if length else 0):
            step[0] = _round_row(weights[row, head, :length], _limit(padded, values), codes[:length])
            begin, scales = (windows[row] * heads + head) * padded * D, value_scales[windows[row], head]
            for at in range(0, D, LANES):
                _one_row(
                    codes, 0, step, values, begin + at * padded, (length + 1) // 2,
                    scales, nothing, at, total[row, head], at, 0,
                )  # fmt: skip
