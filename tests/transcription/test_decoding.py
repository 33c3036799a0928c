"""Our decoder writes what openai-whisper's writes, whatever else is decoded beside it."""

from collections.abc import Sequence
from pathlib import Path
from statistics import mean

import pytest
import torch
import whisper
from whisper.decoding import DecodingOptions

from digest.model.artifact import Span
from digest.model.speech import NumberType
from digest.transcription.attention import attention_scores, softmax_, weighted_sum
from digest.transcription.decoding import EncodedWindow, Text, decode_texts, prefix
from digest.transcription.network import Network, encoder, network
from digest.transcription.number_types import of_processor
from digest.transcription.windows import Window, samples
from digest.weights import whisper as weights
from tests.transcription.sounds import DEMO, media_of

Tokens = tuple[int, ...]
KINDS: tuple[NumberType, ...] = ("int16", "float32")

# The stage takes bfloat16 where the processor has instructions for it, float32 elsewhere: each is tested where it runs.
NUMBER_TYPES = [
    pytest.param("float32", id="float32"),
    pytest.param(
        "bfloat16",
        id="bfloat16",
        marks=pytest.mark.skipif(
            not torch.ops.mkldnn._is_mkldnn_bf16_supported(),
            reason="this processor has no instructions for bfloat16: transcribing takes int16 or float32 here",
        ),
    ),
    pytest.param(
        "int16",
        id="int16",
        marks=pytest.mark.skipif(
            of_processor() == "float32", reason="this processor has no AVX2: transcribing takes float32 here"
        ),
    ),
]


@pytest.fixture(scope="module")
def model() -> whisper.Whisper:
    """Return tiny.en as openai-whisper runs it."""
    return weights.load("tiny.en")


@pytest.fixture(scope="module")
def spectra(tmp_path_factory: pytest.TempPathFactory) -> list[torch.Tensor]:
    """Return the log-mel spectra of two windows of the demo."""
    root = tmp_path_factory.mktemp("windows")
    media_of(root, "-i", DEMO, seconds=21)
    parts = [Window(voiced=(Span(start=start, end=end),)) for start, end in ((1, 8), (8, 20))]
    sounds = [samples(Path(root / "media" / "sound.wav"), part) for part in parts]
    return [whisper.log_mel_spectrogram(whisper.pad_or_trim(sound)) for sound in sounds]


def decode(
    of: Network, spectra: Sequence[torch.Tensor], *, at_once: int, prompt: str = "", beam_size: int = 1
) -> dict[int, Text]:
    """Return the text of each window."""
    tokenizer = whisper.tokenizer.get_tokenizer(multilingual=False, language="en", task="transcribe")
    encode = encoder(of)
    waiting = ((at, EncodedWindow(encode(mel), 1500, prefix(tokenizer, prompt))) for at, mel in enumerate(spectra))
    return dict(decode_texts(of, tokenizer, waiting, at_once=at_once, beam_size=beam_size))


def decode_tokens(of: Network, spectra: Sequence[torch.Tensor], *, at_once: int, prompt: str = "") -> dict[int, Tokens]:
    """Return the text tokens of each window."""
    return {at: text.tokens for at, text in decode(of, spectra, at_once=at_once, prompt=prompt).items()}


@pytest.mark.parametrize("prompt", ["", "Castellanos, RPKI, MANRS."])
def test_the_text_is_openai_whispers(model: whisper.Whisper, spectra: list[torch.Tensor], prompt: str) -> None:
    """In the same number type, the same tokens, with names in the prompt and without."""
    options = DecodingOptions(language="en", without_timestamps=True, fp16=False, prompt=prompt or None)
    some = spectra[:1] if prompt else spectra
    wanted = {at: tuple(model.decode(mel, options).tokens) for at, mel in enumerate(some)}

    assert decode_tokens(network(model, "float32"), some, at_once=2, prompt=prompt) == wanted


def test_several_beams_find_openai_whispers_text(model: whisper.Whisper, spectra: list[torch.Tensor]) -> None:
    """Five beams end with its very tokens, no less probable than those found greedily, whatever is beside them."""
    of = network(model, "float32")
    options = DecodingOptions(language="en", without_timestamps=True, fp16=False, beam_size=5)

    beams, greedy = decode(of, spectra, at_once=2, beam_size=5), decode(of, spectra, at_once=2)

    assert {at: text.tokens for at, text in beams.items()} == {
        at: tuple(model.decode(mel, options).tokens) for at, mel in enumerate(spectra)
    }
    for at, text in beams.items():
        assert len(text.tokens) + 1 == len(text.log_probabilities) == len(text.followed)
        assert mean(text.log_probabilities) >= mean(greedy[at].log_probabilities) - 1e-3


@pytest.mark.skipif(of_processor() == "float32", reason="this processor has no AVX2: transcribing takes float32 here")
def test_16_bit_products_keep_the_text(model: whisper.Whisper, spectra: list[torch.Tensor]) -> None:
    """Token for token that of float32, but for a word that the window's end cuts in two."""
    int16, float32 = (decode_tokens(network(model, kind), spectra, at_once=2) for kind in KINDS)

    assert int16[1] == float32[1]
    assert int16[0][:20] == float32[0][:20]
    assert 20 < len(float32[0]) < len(float32[1])


@pytest.mark.parametrize("kind", NUMBER_TYPES)
def test_a_window_does_not_depend_on_its_neighbours(
    model: whisper.Whisper, spectra: list[torch.Tensor], kind: NumberType
) -> None:
    """In another slot, beside others, before or after them, each window has the same text."""
    of = network(model, kind)
    first, second = spectra[0][:, :864], spectra[1]  # one shorter than the other, as windows are
    together = decode_tokens(of, [first, second, first], at_once=2)
    alone = {at: decode_tokens(of, [mel], at_once=2)[0] for at, mel in enumerate([first, second, first])}

    assert together == alone


def test_the_compiled_attention_is_the_plain_one() -> None:
    """The loops in numba give what torch gives, for windows of every length; an empty slot gives no nonsense."""
    chance = torch.Generator().manual_seed(3)
    lengths = torch.tensor([5, 0, 40])
    query = torch.randn(3, 2, 64, generator=chance).bfloat16()
    keys, values = (torch.randn(3, 2, 50, 64, generator=chance).bfloat16() for _ in range(2))

    scores = attention_scores(query, keys, lengths)
    plain = attention_scores(query.float(), keys.float(), lengths)

    live = lengths > 0
    assert torch.allclose(scores[live], plain[live], atol=1e-4)
    weights_of = torch.softmax(scores, -1)
    assert torch.allclose(
        weighted_sum(weights_of, values, lengths)[live],
        weighted_sum(weights_of, values.float(), lengths)[live],
        atol=1e-4,
    )
    assert not weighted_sum(weights_of, values, lengths).isnan().any()


@pytest.mark.parametrize(("spread", "level"), [(3, 0), (30, -200), (0, 5)])
def test_the_compiled_softmax_is_the_plain_one(spread: float, level: float) -> None:
    """As exact as a bfloat16 can be: for flat rows, for scores far below zero, for one that outweighs all others."""
    scores = (torch.randn(7, 1500, generator=torch.Generator().manual_seed(3)) * spread + level).bfloat16()
    plain = scores.float().softmax(-1)

    softmax_(scores)

    assert torch.allclose(scores.float(), plain, rtol=5e-3, atol=1e-6)
