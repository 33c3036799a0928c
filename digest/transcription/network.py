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

from digest.model.speech import NumberType
from digest.transcription import int16
from digest.transcription.attention import attention_scores, softmax_, weighted_sum
from digest.transcription.int16 import KeptSound, Panels

if TYPE_CHECKING:
    from torch import Tensor, dtype
    from whisper.model import Whisper

D = 64  # numbers a head, in every Whisper model
ROWS = 16  # windows that take a step together


class Layer(NamedTuple):
    """A convolution or a norm, with its bias."""

    weight: "Tensor"
    bias: "Tensor"


class Linear(NamedTuple):
    """A linear layer (out, in), as it is laid out for products, with its bias."""

    weight: "Tensor | Panels"
    bias: "Tensor"


class Sound(NamedTuple):
    """The keys and values of encoded windows (W, H, T, D) in one layer."""

    keys: "Tensor"
    values: "Tensor"


@dataclass(frozen=True)
class Block:
    """The layers of one block; the queries are scaled by their weights, by 1/8, which is exact in any float."""

    norm: Layer
    query_key_value: Linear
    out: Linear
    cross_norm: Layer | None  # the encoder has none of these four
    cross_query: Linear | None
    cross_key_value: Linear | None
    cross_out: Linear | None
    mlp_norm: Layer
    widen: Linear
    narrow: Linear


@dataclass(frozen=True)
class Network:
    """A Whisper model's weights in the number type in which it runs."""

    convolutions: tuple[Layer, Layer]
    frame_positions: "Tensor"  # (T, C)
    encoder: tuple[Block, ...]
    encoder_norm: Layer
    tokens: "Tensor"  # (vocabulary, C)
    text_tokens: "Tensor | Panels"  # the first of them, up to the end of the text, laid out for products
    token_positions: "Tensor"  # (448, C)
    decoder: tuple[Block, ...]
    decoder_norm: Layer
    alignment_heads: tuple[tuple[int, int], ...]  # layer and head of the decoder: those that follow the sound
    mels: int
    number_type: NumberType
    is_multilingual: bool

    @property
    def heads(self) -> int:
        """Return the number of heads."""
        return self.tokens.shape[1] // D


@dataclass(frozen=True)
class Slots:
    """Where windows lie while they are decoded: one in each slot, each as far as its length says."""

    keys: "Tensor"  # (layers, W, H, 448, D): of the tokens so far
    values: "Tensor"
    sound: tuple[Sound | KeptSound, ...]  # of each layer
    lengths: "Tensor"  # (W), tokens in each slot; 0: the slot is free
    frames: "Tensor"  # (W), of the encoded window in each slot
    followed: "Tensor"  # (W, heads, T), scores of the alignment heads in the last step


def network(model: "Whisper", kind: NumberType) -> Network:
    """Return the weights of a loaded model; for int16 what is no weight stays in float32."""
    from whisper.tokenizer import get_tokenizer

    frames, dtype = model.dims.n_audio_ctx, _floats(kind)
    tokens = model.decoder.token_embedding.weight.detach().to(dtype)
    count = get_tokenizer(model.is_multilingual).eot + 1
    return Network(
        convolutions=(_layer(kind, model.encoder.conv1), _layer(kind, model.encoder.conv2)),
        frame_positions=model.encoder.positional_embedding.to(dtype),
        encoder=tuple(_block(kind, each, frames) for each in model.encoder.blocks),
        encoder_norm=_layer(kind, model.encoder.ln_post),
        tokens=tokens,
        text_tokens=pack(tokens[:count], ROWS, kind),
        token_positions=model.decoder.positional_embedding.detach().to(dtype),
        decoder=tuple(_block(kind, each, frames) for each in model.decoder.blocks),
        decoder_norm=_layer(kind, model.decoder.ln),
        alignment_heads=tuple((int(at), int(head)) for at, head in model.alignment_heads.indices().T),
        mels=model.dims.n_mels,
        number_type=kind,
        is_multilingual=model.is_multilingual,
    )


def _block(kind: NumberType, of: Any, frames: int) -> Block:
    """Return a block of openai-whisper's; `frames` is how many rows a product over a whole window has."""
    cross, scale = of.cross_attn, D**-0.5
    linear = partial(_linear, kind, rows=ROWS if cross else frames)
    norm = partial(_layer, kind)
    return Block(
        norm=norm(of.attn_ln),
        query_key_value=linear(of.attn.query, of.attn.key, of.attn.value, scales=(scale, 1.0, 1.0)),
        out=linear(of.attn.out),
        cross_norm=norm(of.cross_attn_ln) if cross else None,
        cross_query=linear(cross.query, scales=(scale,)) if cross else None,
        cross_key_value=linear(cross.key, cross.value, rows=frames) if cross else None,
        cross_out=linear(cross.out) if cross else None,
        mlp_norm=norm(of.mlp_ln),
        widen=linear(of.mlp[0]),
        narrow=linear(of.mlp[2]),
    )


def _floats(kind: NumberType) -> "dtype":
    """Return the type of what is no weight in panels."""
    import torch

    floats: dtype = torch.float32 if kind == "int16" else getattr(torch, kind)
    return floats


def _layer(kind: NumberType, module: Any) -> Layer:
    return Layer(module.weight.detach().to(_floats(kind)), module.bias.detach().to(_floats(kind)))


def _linear(kind: NumberType, *modules: Any, scales: Sequence[float] = (1.0, 1.0, 1.0), rows: int) -> Linear:
    """Return modules as one layer, each by its scale, packed for products with so many rows."""
    import torch

    weights: list[Tensor] = []
    biases: list[Tensor] = []
    for module, scale in zip(modules, scales, strict=False):
        weight = module.weight.detach() * scale
        bias = torch.zeros(len(weight), device=weight.device) if module.bias is None else module.bias.detach()
        weights.append(weight)
        biases.append(bias * scale)
    floats = _floats(kind)
    return Linear(pack(torch.cat(weights).to(floats), rows, kind), torch.cat(biases).to(floats))


def encoder(of: Network, look: Callable[[], None] = lambda: None) -> Callable[["Tensor"], "Tensor"]:
    """Return a function from a log-mel spectrum (mels, 2 T) of at most 30 s to its encoded window (T, C).

    `look` is called before every layer: what it raises ends the work.
    The function has buffers of its own: without them the system spends a third of the time on handing out pages.
    """
    import torch
    import torch.nn.functional as F  # noqa: N812

    longest, width = of.frame_positions.shape
    new = of.frame_positions.new_empty
    buffers = new(longest, 3 * width), new(longest, width), new(longest, 4 * width)
    room = new(longest * longest)  # one head at a time: 4.5 MB stay near the processor

    def attend(parts: "Tensor", attended: "Tensor") -> None:
        query, key, value = parts.view(len(parts), 3, of.heads, D).permute(1, 2, 0, 3)
        scores = room[: len(parts) ** 2].view(len(parts), len(parts))
        for head in range(of.heads):
            torch.mm(query[head], key[head].T, out=scores)
            softmax_(scores)
            torch.mm(scores, value[head], out=attended[:, head * D : (head + 1) * D])

    attends = int16.attend if of.number_type == "int16" else attend

    def encode(mel: "Tensor") -> "Tensor":
        (first, second), x = of.convolutions, mel.to(of.tokens.dtype)
        x = F.gelu(F.conv1d(x[None], *first, padding=1))
        x = F.gelu(F.conv1d(x, *second, stride=2, padding=1))[0].T.contiguous()
        x += of.frame_positions[: len(x)]
        fused, attended, wide = (buffer[: len(x)] for buffer in buffers)
        for block in of.encoder:
            look()
            attends(linear(layer_norm(x, block.norm), block.query_key_value, out=fused), attended)
            x = linear(attended, block.out, plus=x)
            x = linear(linear_gelu(layer_norm(x, block.mlp_norm), block.widen, out=wide), block.narrow, plus=x)
        return layer_norm(x, of.encoder_norm)

    return encode


def pack(weight: "Tensor", rows: int, kind: NumberType) -> "Tensor | Panels":
    """Return a weight as it is laid out for products with so many rows, where there is such a way.

    The processor's library would do so in every product: a third of the decoder's linear layers' time.
    """
    import torch

    if kind == "int16":
        return int16.panels(weight)
    if (
        weight.dtype != torch.bfloat16
        or weight.device.type != "cpu"
        or not hasattr(torch.ops.mkldnn, "_linear_pointwise")
    ):
        return weight
    laid_out: Tensor = torch.ops.mkldnn._reorder_linear_weight(weight.contiguous(), rows)  # noqa: SLF001  # no other way
    return laid_out


def linear(x: "Tensor", layer: Linear, *, plus: "Tensor | None" = None, out: "Tensor | None" = None) -> "Tensor":
    """Return x (rows, in) through a linear layer, added to `plus`; `out` is for the product of a layer not packed."""
    import torch

    if isinstance(layer.weight, Panels):
        product = int16.multiply(x, layer.weight, layer.bias, out=out)
        return product if plus is None else product.add_(plus)
    if not layer.weight.is_mkldnn:
        product = torch.addmm(layer.bias, x, layer.weight.T, out=out)
        return product if plus is None else product.add_(plus)
    run = torch.ops.mkldnn._linear_pointwise  # noqa: SLF001
    fused: Tensor = run(x, *layer, "none", [], "") if plus is None else run.binary(x, plus, *layer, "add")
    return fused


def linear_gelu(x: "Tensor", layer: Linear, *, out: "Tensor | None" = None) -> "Tensor":
    """Return x (rows, in) through a linear layer and GELU; `out` as above."""
    import torch

    product: Tensor
    if not isinstance(layer.weight, Panels) and layer.weight.is_mkldnn:
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

    frames, is_int16 = len(of.frame_positions), of.number_type == "int16"
    new, floats = of.tokens.new_zeros, torch.bfloat16 if is_int16 else of.tokens.dtype
    text = (len(of.decoder), windows, of.heads, len(of.token_positions), D)

    def new_sound() -> Sound:
        return Sound(new(windows, of.heads, frames, D), new(windows, of.heads, frames, D))

    return Slots(
        keys=new(text, dtype=floats),
        values=new(text, dtype=floats),
        sound=tuple(int16.new_sound(windows, of.heads, frames) if is_int16 else new_sound() for _ in of.decoder),
        lengths=torch.zeros(windows, dtype=torch.long, device=of.tokens.device),
        frames=torch.zeros(windows, dtype=torch.long, device=of.tokens.device),
        followed=new((windows, len(of.alignment_heads), frames), dtype=torch.float32),
    )


def occupy(of: Network, held: Slots, some: slice, encoded: "Tensor") -> None:
    """Put an encoded window (T, C) into some slots: its keys and values are computed once for all steps."""
    frames = len(encoded)
    held.lengths[some], held.frames[some] = 0, frames
    for block, sound in zip(of.decoder, held.sound, strict=True):
        assert block.cross_key_value  # noqa: S101  # a decoder's block has all layers
        both = linear(encoded, block.cross_key_value)
        if isinstance(sound, KeptSound):
            int16.keep_sound(both, sound, some)
        else:
            key, value = both.view(frames, 2, of.heads, D).permute(1, 2, 0, 3)
            sound.keys[some, :, :frames], sound.values[some, :, :frames] = key, value


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
    slots, frames = torch.full((count,), slot), int(held.frames[slot])
    sounding = torch.full((count,), frames)

    def to_text(at: int, query: "Tensor", key: "Tensor", value: "Tensor") -> "Tensor":
        held.keys[at, slot, :, :count], held.values[at, slot, :, :count] = key.transpose(0, 1), value.transpose(0, 1)
        weights = torch.softmax((query.transpose(0, 1) @ key.permute(1, 2, 0)).float() + mask, -1).to(query.dtype)
        return (weights @ value.transpose(0, 1)).transpose(0, 1)

    def to_sound(at: int, query: "Tensor") -> "Tensor":
        sound = held.sound[at]
        if isinstance(sound, KeptSound):
            scores, summed = int16.attend_to_sound(query, sound, slots, sounding)
            scores = scores.transpose(0, 1)
        else:
            keys, values = sound.keys[slot, :, :frames], sound.values[slot, :, :frames]
            scores = query.transpose(0, 1) @ keys.transpose(1, 2)
            summed = (torch.softmax(scores.float(), -1).to(query.dtype) @ values).transpose(0, 1)
        for row, (layer, head) in enumerate(of.alignment_heads):
            if layer == at:
                held.followed[slot, row, :frames] = scores[head, -1]
        return summed

    x = of.tokens[torch.tensor(tokens, device=of.tokens.device)] + of.token_positions[:count]
    held.lengths[slot] = count
    return _decoder_states(of, x, to_text, to_sound)


def step(of: Network, held: Slots, tokens: "Tensor") -> "Tensor":
    """Add a token (W) to every slot that is not free; return what follows each (W, C), anything for free slots."""
    import torch

    live = held.lengths > 0
    rows, kept = torch.arange(len(tokens), device=tokens.device), held.keys.dtype
    to, sounding = held.lengths.clone(), live * held.frames
    held.lengths.add_(live)

    def to_text(at: int, query: "Tensor", key: "Tensor", value: "Tensor") -> "Tensor":
        held.keys[at, rows, :, to], held.values[at, rows, :, to] = key.to(kept), value.to(kept)
        scores = attention_scores(query, held.keys[at], held.lengths)
        return weighted_sum(torch.softmax(scores, -1), held.values[at], held.lengths).to(query.dtype)

    def to_sound(at: int, query: "Tensor") -> "Tensor":
        sound = held.sound[at]
        if isinstance(sound, KeptSound):
            scores, summed = int16.attend_to_sound(query, sound, rows, sounding)
        else:
            scores = attention_scores(query, sound.keys, sounding)
            summed = weighted_sum(torch.softmax(scores, -1), sound.values, sounding).to(query.dtype)
        for row, (layer, head) in enumerate(of.alignment_heads):
            if layer == at:
                held.followed[:, row, : scores.shape[2]] = scores[:, head]
        return summed

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
