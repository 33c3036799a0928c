"""Products of 16-bit numbers are exactly those of the rounded numbers, and near those of the numbers themselves."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from digest.transcription.int16 import (
    D,
    attend,
    attend_to_sound,
    keep_sound,
    multiply,
    new_sound,
    panels,
)
from digest.transcription.number_types import of_processor

pytestmark = pytest.mark.skipif(
    of_processor() == "float32", reason="this processor has no AVX2: transcribing takes float32 here"
)


def normal(*shape: int) -> torch.Tensor:
    """Return numbers drawn by chance, the same every time."""
    return torch.randn(*shape, generator=torch.Generator().manual_seed(3))


def unlike(one: torch.Tensor, other: torch.Tensor) -> float:
    """Return how far one is from the other, as a share of it."""
    return float((one - other).norm() / other.norm())


@settings(deadline=None)  # the first example compiles
@given(rows=st.integers(1, 9), pairs=st.integers(1, 40), columns=st.integers(1, 40), bits=st.integers(0, 2**32 - 1))
def test_a_product_is_that_of_its_rounded_numbers(rows: int, pairs: int, columns: int, bits: int) -> None:
    """Of any shape: sums of whole numbers, then scaled, as numpy makes them with 64 bits."""
    chance = np.random.default_rng(bits)
    x, weight = chance.standard_normal((rows, 2 * pairs), "f4"), chance.standard_normal((columns, 2 * pairs), "f4")
    bias = chance.standard_normal(columns, "f4")
    largest = min(32767, int(np.sqrt((2**31 - 1) // (2 * pairs))))
    limit = min(32767, (2**31 - 1) // (largest * 2 * pairs))
    steps, scales = np.abs(x).max(1) / limit, np.abs(weight).max(1) / largest
    codes, weights = np.rint(x / steps[:, None]).astype(int), np.rint(weight / scales[:, None]).astype(int)

    made = multiply(torch.from_numpy(x), panels(torch.from_numpy(weight)), torch.from_numpy(bias)).numpy()

    step = np.outer(steps, scales)
    off = np.abs(made - ((codes @ weights.T) * step + bias)) / step  # in whole numbers: a half goes either way
    assert (off <= 2 * limit + 1e-6 * np.abs(codes @ weights.T) + 1e-6 * np.abs(bias) / step).all()


@pytest.mark.parametrize("terms", [512, 2048, 5120])
def test_no_sum_is_cut_off(terms: int) -> None:
    """All numbers as large as can be, of one sign: the largest sum there is, for the widest layer of any model."""
    made = multiply(torch.ones(4, terms), panels(torch.ones(16, terms)), torch.zeros(16))

    assert torch.allclose(made, torch.full((4, 16), float(terms)), rtol=1e-5)


@pytest.mark.parametrize("terms", [512, 2048])
def test_a_product_is_near_that_of_floats(terms: int) -> None:
    """Two thousandths off at most; a row that is much louder harms no other."""
    x, weight, bias = normal(40, terms), normal(100, terms), normal(100)
    x[3] *= 1000

    made, plain = multiply(x, panels(weight), bias), x @ weight.T + bias

    assert all(unlike(one, other) < 0.002 for one, other in zip(made, plain, strict=True))
    assert not multiply(torch.zeros(4, terms), panels(torch.zeros(16, terms)), torch.zeros(16)).any()


def test_a_row_does_not_depend_on_its_neighbours() -> None:
    """Bit by bit the same alone, and among others, wherever it stands."""
    x, weight, bias = normal(9, 64), panels(normal(32, 64)), normal(32)

    together = multiply(x, weight, bias)

    assert all(torch.equal(multiply(x[at : at + 1], weight, bias)[0], together[at]) for at in range(len(x)))


@pytest.mark.parametrize("frames", [4, 100, 752])
def test_frames_attend_as_in_floats(frames: int) -> None:
    """Also where they fill no whole panel, and where one frame outweighs all others."""
    fused = normal(frames, 3 * 2 * D)
    fused[:, : 2 * D] /= D**0.5
    fused[0, : 2 * D] *= 6
    query, key, value = fused.view(frames, 3, 2, D).permute(1, 2, 0, 3)
    plain = (torch.softmax(query @ key.transpose(1, 2), -1) @ value).transpose(0, 1).reshape(frames, 2 * D)
    out = torch.empty(frames, 2 * D)

    attend(fused, out)

    assert unlike(out, plain) < 0.005


def test_a_token_attends_to_its_own_window() -> None:
    """To as many frames as it has, in any order of windows; a free slot gives zeros, and stale frames do no harm."""
    sound = new_sound(3, 2, 40)
    both = {2: normal(40, 4 * D), 0: 2 * normal(33, 4 * D)}
    keep_sound(100 * normal(40, 4 * D), sound, slice(3))  # of windows that were here before
    for window, each in both.items():
        keep_sound(each, sound, slice(window, window + 1))
    windows, lengths, query = torch.tensor([2, 0, 1]), torch.tensor([40, 33, 0]), normal(3, 2, D) / D**0.5

    scores, sums = attend_to_sound(query, sound, windows, lengths)

    for row, window in enumerate((2, 0)):
        key, value = both[window].view(-1, 2, 2, D).permute(1, 2, 0, 3)
        plain = torch.einsum("hd,hld->hl", query[row], key)
        assert unlike(scores[row, :, : len(both[window])], plain) < 0.01
        assert torch.isneginf(scores[row, :, len(both[window]) :]).all()
        assert unlike(sums[row], torch.einsum("hl,hld->hd", torch.softmax(plain, -1), value)) < 0.03
    assert not scores[2].any()
    assert not sums[2].any()
