"""Whisper's network on plain tensors: log-mel spectra in, encoded windows and the next token's scores out.

The same arithmetic as openai-whisper's model.py and, loaded from it, the same weights. What differs is how the work
is laid out: query, key and value are one product, the large products write into buffers that are kept, the keys and
values of a window are computed once, and 16 windows take a step together. The letters in shapes are W windows,
T = 1500 encoded frames of 20 ms, H heads, D = 64 numbers a head, C = H * D.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from digest.transcription.attention import attention_scores, softmax_, weighted_sum

if TYPE_CHECKING:
    from torch import Tensor, dtype
    from whisper.model import Whisper

D = 64  # numbers a head, in every Whisper model
ROWS = 16  # windows that take a step together


class Layer(NamedTuple):
    """A linear layer (out, in), a convolution or a norm, with its bias."""

    weight: "Tensor"
    bias: "Tensor"


@dataclass(frozen=True)
class Block:
    """The layers of one block; the queries are scaled by their weights, by 1/8, which is exact in any float."""

    norm: Layer
    query_key_value: Layer
    out: Layer
    cross_norm: Layer | None  # the encoder has none of these four
    cross_query: Layer | None
    cross_key_value: Layer | None
    cross_out: Layer | None
    mlp_norm: Layer
    widen: Layer
    narrow: Layer


@dataclass(frozen=True)
class Network:
    """A Whisper model's weights in the number type in which it runs."""

    convolutions: tuple[Layer, Layer]
    frame_positions: "Tensor"  # (T, C)
    encoder: tuple[Block, ...]
    encoder_norm: Layer
    tokens: "Tensor"  # (vocabulary, C)
    text_tokens: "Tensor"  # the first of them, up to the end of the text, laid out for products
    token_positions: "Tensor"  # (448, C)
    decoder: tuple[Block, ...]
    decoder_norm: Layer
    alignment_heads: tuple[tuple[int, int], ...]  # layer and head of the decoder: those that follow the sound
    mels: int

    @property
    def heads(self) -> int:
        """Return the number of heads."""
        return self.tokens.shape[1] // D


@dataclass(frozen=True)
class Slots:
    """Where windows lie while they are decoded: one in each slot, each as far as its length says."""

    keys: "Tensor"  # (layers, W, H, 448, D): of the tokens so far
    values: "Tensor"
    sound_keys: "Tensor"  # (layers, W, H, T, D): of the encoded window
    sound_values: "Tensor"
    lengths: "Tensor"  # (W), tokens in each slot; 0: the slot is free
    followed: "Tensor"  # (W, heads, T), scores of the alignment heads in the last step


def network(model: "Whisper", dtype: "dtype") -> Network:
    """Return the weights of a loaded model."""
    from whisper.tokenizer import get_tokenizer

    frames = model.dims.n_audio_ctx
    tokens = model.decoder.token_embedding.weight.detach().to(dtype)
    count = get_tokenizer(model.is_multilingual).eot + 1
    return Network(
        convolutions=(_layer(dtype, model.encoder.conv1), _layer(dtype, model.encoder.conv2)),
        frame_positions=model.encoder.positional_embedding.to(dtype),
        encoder=tuple(_block(dtype, each, frames) for each in model.encoder.blocks),
        encoder_norm=_layer(dtype, model.encoder.ln_post),
        tokens=tokens,
        text_tokens=pack(tokens[:count], ROWS),
        token_positions=model.decoder.positional_embedding.detach().to(dtype),
        decoder=tuple(_block(dtype, each, frames) for each in model.decoder.blocks),
        decoder_norm=_layer(dtype, model.decoder.ln),
        alignment_heads=tuple((int(at), int(head)) for at, head in model.alignment_heads.indices().T),
        mels=model.dims.n_mels,
    )


def _block(dtype: "dtype", of: Any, frames: int) -> Block:
    """Return a block of openai-whisper's; `frames` is how many rows a product over a whole window has."""
    cross, scale = of.cross_attn, D**-0.5
    layer = partial(_layer, dtype, rows=ROWS if cross else frames)
    norm = partial(_layer, dtype)
    return Block(
        norm=norm(of.attn_ln),
        query_key_value=layer(of.attn.query, of.attn.key, of.attn.value, scales=(scale, 1.0, 1.0)),
        out=layer(of.attn.out),
        cross_norm=norm(of.cross_attn_ln) if cross else None,
        cross_query=layer(cross.query, scales=(scale,)) if cross else None,
        cross_key_value=layer(cross.key, cross.value, rows=frames) if cross else None,
        cross_out=layer(cross.out) if cross else None,
        mlp_norm=norm(of.mlp_ln),
        widen=layer(of.mlp[0]),
        narrow=layer(of.mlp[2]),
    )


def _layer(dtype: "dtype", *modules: Any, scales: Sequence[float] = (), rows: int = 0) -> Layer:
    """Return modules as one layer, each by its scale, packed for products with so many rows where any are given."""
    import torch

    weights: list[Tensor] = []
    biases: list[Tensor] = []
    for module, scale in zip(modules, scales or [1.0] * len(modules), strict=True):
        weight = module.weight.detach() * scale
        bias = torch.zeros(len(weight), device=weight.device) if module.bias is None else module.bias.detach()
        weights.append(weight)
        biases.append(bias * scale)
    weight, bias = torch.cat(weights).to(dtype), torch.cat(biases).to(dtype)
    return Layer(pack(weight, rows) if rows else weight, bias)


def encoder(of: Network, look: Callable[[], None] = lambda: None) -> Callable[["Tensor"], "Tensor"]:
    """Return a function from a log-mel spectrum (mels, 3000) to its encoded window (T, C).

    `look` is called before every layer: what it raises ends the work.
    The function has buffers of its own: without them the system spends a third of the time on handing out pages.
    """
    import torch
    import torch.nn.functional as F  # noqa: N812

    frames, width = of.frame_positions.shape
    new = of.frame_positions.new_empty
    fused, attended, wide = new(frames, 3 * width), new(frames, width), new(frames, 4 * width)
    scores = new(frames, frames)  # one head at a time: 4.5 MB stay near the processor

    def encode(mel: "Tensor") -> "Tensor":
        (first, second), x = of.convolutions, mel.to(of.tokens.dtype)
        x = F.gelu(F.conv1d(x[None], *first, padding=1))
        x = F.gelu(F.conv1d(x, *second, stride=2, padding=1))[0].T.contiguous() + of.frame_positions
        for block in of.encoder:
            look()
            parts = linear(layer_norm(x, block.norm), block.query_key_value, out=fused)
            query, key, value = parts.view(frames, 3, of.heads, D).permute(1, 2, 0, 3)
            for head in range(of.heads):
                torch.mm(query[head], key[head].T, out=scores)
                softmax_(scores)
                torch.mm(scores, value[head], out=attended[:, head * D : (head + 1) * D])
            x = linear(attended, block.out, plus=x)
            x = linear(linear_gelu(layer_norm(x, block.mlp_norm), block.widen, out=wide), block.narrow, plus=x)
        return layer_norm(x, of.encoder_norm)

    return encode


def pack(weight: "Tensor", rows: int) -> "Tensor":
    """Return a weight as the processor's library lays it out for products with so many rows, where it has one.

    It would do so in every product: a third of the decoder's linear layers' time.
    """
    import torch

    if (
        weight.dtype != torch.bfloat16
        or weight.device.type != "cpu"
        or not hasattr(torch.ops.mkldnn, "_linear_pointwise")
    ):
        return weight
    laid_out: Tensor = torch.ops.mkldnn._reorder_linear_weight(weight.contiguous(), rows)  # noqa: SLF001  # no other way
    return laid_out


def linear(x: "Tensor", layer: Layer, *, plus: "Tensor | None" = None, out: "Tensor | None" = None) -> "Tensor":
    """Return x (rows, in) through a linear layer, added to `plus`; `out` is for the product of a layer not packed."""
    import torch

    if not layer.weight.is_mkldnn:
        product = torch.addmm(layer.bias, x, layer.weight.T, out=out)
        return product if plus is None else product.add_(plus)
    run = torch.ops.mkldnn._linear_pointwise  # noqa: SLF001
    fused: Tensor = run(x, *layer, "none", [], "") if plus is None else run.binary(x, plus, *layer, "add")
    return fused


def linear_gelu(x: "Tensor", layer: Layer, *, out: "Tensor | None" = None) -> "Tensor":
    """Return x (rows, in) through a linear layer and GELU; `out` as above."""
    import torch

    product: Tensor
    if layer.weight.is_mkldnn:
        product = torch.ops.mkldnn._linear_pointwise(x, *layer, "gelu", [], "none")  # noqa: SLF001
    else:
        product = torch.ops.aten.gelu_(linear(x, layer, out=out))
    return product


def layer_norm(x: "Tensor", layer: Layer) -> "Tensor":
    """Return x (rows, C) through a norm."""
    import torch.nn.functional as F  # noqa: N812

    return F.layer_norm(x, (x.shape[-1],), layer.weight, layer.bias)


def slots(of: Network, windows: int) -> Slots:
    """Return free slots for so many windows."""
    import torch

    layers, frames = len(of.decoder), len(of.frame_positions)
    new = of.tokens.new_zeros
    text = (layers, windows, of.heads, len(of.token_positions), D)
    sound = (layers, windows, of.heads, frames, D)
    return Slots(
        keys=new(text),
        values=new(text),
        sound_keys=new(sound),
        sound_values=new(sound),
        lengths=torch.zeros(windows, dtype=torch.long, device=of.tokens.device),
        followed=new((windows, len(of.alignment_heads), frames), dtype=torch.float32),
    )


def occupy(of: Network, held: Slots, some: slice, encoded: "Tensor") -> None:
    """Put an encoded window (T, C) into some slots: its keys and values are computed once for all steps."""
    held.lengths[some] = 0
    for at, block in enumerate(of.decoder):
        assert block.cross_key_value  # noqa: S101  # a decoder's block has all layers
        both = linear(encoded, block.cross_key_value).view(-1, 2, of.heads, D)
        held.sound_keys[at, some], held.sound_values[at, some] = both.permute(1, 2, 0, 3)


def reorder_beams(held: Slots, first: int, sources: Sequence[int]) -> None:
    """Let the slots from the first on go on from the texts so far in others, counted from the first."""
    if list(sources) != list(range(len(sources))):
        until, those = int(held.lengths[first]), slice(first, first + len(sources))
        held.lengths[those] = until
        for cache in (held.keys, held.values):
            cache[:, those, :, :until] = cache[:, [first + source for source in sources], :, :until]


def begin(of: Network, held: Slots, slot: int, tokens: Sequence[int]) -> "Tensor":
    """Read the tokens that a text begins with into an occupied slot; return what follows each (tokens, C)."""
    import torch

    count = len(tokens)
    mask = torch.full((count, count), -torch.inf, device=of.tokens.device).triu(1)

    def to_text(at: int, query: "Tensor", key: "Tensor", value: "Tensor") -> "Tensor":
        held.keys[at, slot, :, :count], held.values[at, slot, :, :count] = key.transpose(0, 1), value.transpose(0, 1)
        weights = torch.softmax((query.transpose(0, 1) @ key.permute(1, 2, 0)).float() + mask, -1).to(query.dtype)
        return (weights @ value.transpose(0, 1)).transpose(0, 1)

    def to_sound(at: int, query: "Tensor") -> "Tensor":
        scores = query.transpose(0, 1) @ held.sound_keys[at, slot].transpose(1, 2)
        weights = torch.softmax(scores.float(), -1).to(query.dtype)
        for row, (layer, head) in enumerate(of.alignment_heads):
            if layer == at:
                held.followed[slot, row] = scores[head, -1]
        return (weights @ held.sound_values[at, slot]).transpose(0, 1)

    x = of.tokens[torch.tensor(tokens, device=of.tokens.device)] + of.token_positions[:count]
    held.lengths[slot] = count
    return _decoder_states(of, x, to_text, to_sound)


def step(of: Network, held: Slots, tokens: "Tensor") -> "Tensor":
    """Add a token (W) to every slot that is not free; return what follows each (W, C), anything for free slots."""
    import torch

    live = held.lengths > 0
    rows = torch.arange(len(tokens), device=tokens.device)
    to, sounding = held.lengths.clone(), live * len(of.frame_positions)
    held.lengths.add_(live)

    def to_text(at: int, query: "Tensor", key: "Tensor", value: "Tensor") -> "Tensor":
        held.keys[at, rows, :, to], held.values[at, rows, :, to] = key, value
        scores = attention_scores(query, held.keys[at], held.lengths)
        return weighted_sum(torch.softmax(scores, -1), held.values[at], held.lengths).to(query.dtype)

    def to_sound(at: int, query: "Tensor") -> "Tensor":
        scores = attention_scores(query, held.sound_keys[at], sounding)
        for row, (layer, head) in enumerate(of.alignment_heads):
            if layer == at:
                held.followed[:, row] = scores[:, head]
        return weighted_sum(torch.softmax(scores, -1), held.sound_values[at], sounding).to(query.dtype)

    x = of.tokens[tokens] + of.token_positions[to]
    return _decoder_states(of, x, to_text, to_sound)


def _decoder_states(
    of: Network,
    x: "Tensor",
    to_text: Callable[[int, "Tensor", "Tensor", "Tensor"], "Tensor"],
    to_sound: Callable[[int, "Tensor"], "Tensor"],
) -> "Tensor":
    """Return x (rows, C) through the decoder's blocks; the two functions attend with queries (rows, H, D)."""
    for at, block in enumerate(of.decoder):
        assert block.cross_norm and block.cross_query and block.cross_out  # noqa: S101, PT018  # as above
        fused = linear(layer_norm(x, block.norm), block.query_key_value).view(len(x), 3, of.heads, D)
        x = linear(to_text(at, *fused.unbind(1)).reshape(x.shape), block.out, plus=x)
        query = linear(layer_norm(x, block.cross_norm), block.cross_query).view(len(x), of.heads, D)
        x = linear(to_sound(at, query).reshape(x.shape), block.cross_out, plus=x)
        x = linear(linear_gelu(layer_norm(x, block.mlp_norm), block.widen), block.narrow, plus=x)
    return layer_norm(x, of.decoder_norm)
