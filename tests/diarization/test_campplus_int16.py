"""Voices are told apart in 16 bits as in 32."""

import pytest
import torch

from digest.diarization import campplus, campplus_int16
from digest.transcription.int16 import LANES, convolve_activated, multiply_activated, panels
from digest.transcription.number_types import of_processor

pytestmark = pytest.mark.skipif(of_processor() == "float32", reason="this processor has no AVX2")


def normal(*shape: int) -> torch.Tensor:
    """Return numbers drawn by chance, the same every time."""
    return torch.randn(*shape, generator=torch.Generator().manual_seed(3))


def unlike(one: torch.Tensor, other: torch.Tensor) -> float:
    """Return how far one is from the other, as a share of it."""
    return float((one - other).norm() / other.norm())


def test_a_product_of_activated_channels() -> None:
    """Only the first channels count, normalised, negative ones as 0; with many and with few."""
    for width in (6, 62):
        x, weight, norm = normal(12, 70), normal(LANES, width), (normal(width), normal(1, width)[0])
        out = torch.empty(12, LANES)

        multiply_activated(x, width, norm, panels(weight), out)

        assert unlike(out, (x[:, :width] * norm[0] + norm[1]).relu() @ weight.T) < 0.002


@pytest.mark.parametrize("apart", [1, 2])
def test_a_convolution_does_not_hear_the_next_stretch(apart: int) -> None:
    """Three frames make one, and beside a stretch there is silence."""
    x, weight, norm = normal(12, 8), normal(LANES, 8, 3), (normal(8), normal(1, 8)[0])

    seen, out = convolve_activated(x, norm, apart, 6, panels(weight.transpose(1, 2).reshape(LANES, 24)))

    right = (x * norm[0] + norm[1]).relu()
    assert torch.allclose(seen, right, atol=1e-6)
    heard = torch.nn.functional.conv1d(right.view(2, 6, 8).transpose(1, 2), weight, padding=apart, dilation=apart)
    assert unlike(out, heard.transpose(1, 2).reshape(12, LANES)) < 0.002


def test_a_vector_is_the_same() -> None:
    """Whatever the weights and the length, also where frames are no multiple of what is multiplied at once."""
    torch.manual_seed(3)
    network = campplus.CamPlusPlus().eval()
    with torch.inference_mode():
        for frames in (50, 230):
            features = normal(3, frames, campplus.BINS)
            right = network(features)
            assert (
                torch.nn.functional.cosine_similarity(right, campplus_int16.embedder(copy(network))(features)).min()
                > 0.999
            )


def copy(network: campplus.CamPlusPlus) -> campplus.CamPlusPlus:
    """Return another one with the same weights: norms are folded into those of the one that is given."""
    another = campplus.CamPlusPlus().eval()
    another.load_state_dict(network.state_dict())
    return another
