"""Reads a Whisper model in CTranslate2's format and returns it as an openai-whisper checkpoint.

The format is that of its model writer, binary version 6 (CTranslate2, python/ctranslate2/specs/model_spec.py). Whoever
calls has checked the SHA-256 of the file.
"""

import struct
from pathlib import Path
from typing import IO, Any

import numpy as np
import numpy.typing as npt

Tensors = dict[str, npt.NDArray[Any]]

TYPES = {0: np.float32, 1: np.int8, 2: np.int16, 3: np.int32, 4: np.float16}
HEAD_SIZE = 64  # of every Whisper model


def checkpoint(path: Path) -> dict[str, Any]:
    """Return {"dims", "model_state_dict"} with half-precision tensors, as in OpenAI's own files.

    Raises ValueError where the file is not what it says.
    """
    import torch

    with path.open("rb") as file:
        tensors = _read_tensors(file)
    state = _encoder(tensors) | _decoder(tensors)
    return {
        "dims": _dims(state),
        "model_state_dict": {name: torch.from_numpy(np.array(value)) for name, value in state.items()},
    }


def _read_tensors(file: IO[bytes]) -> Tensors:
    (version,) = _unpack(file, "I")
    if version != 6:  # noqa: PLR2004
        raise ValueError(f"CTranslate2 format {version} instead of 6")
    _read_name(file)
    _unpack(file, "I")
    found: Tensors = {}
    for _ in range(_unpack(file, "I")[0]):
        name = _read_name(file)
        (rank,) = _unpack(file, "B")
        shape = _unpack(file, f"{rank}I")
        kind, size = _unpack(file, "BI")
        found[name] = np.frombuffer(file.read(size), TYPES[kind]).reshape(shape)
    return found


def _unpack(file: IO[bytes], form: str) -> tuple[Any, ...]:
    return struct.unpack(f"<{form}", file.read(struct.calcsize(f"<{form}")))


def _read_name(file: IO[bytes]) -> str:
    (length,) = _unpack(file, "H")
    return file.read(length).rstrip(b"\0").decode()


def _encoder(tensors: Tensors) -> Tensors:
    state: Tensors = {"encoder.positional_embedding": tensors["encoder/position_encodings/encodings"]}
    for part in ("conv1", "conv2"):
        state |= _pair(tensors, f"encoder/{part}", f"encoder.{part}")
    state |= _norm(tensors, "encoder/layer_norm", "encoder.ln_post")
    for layer in range(_layers(tensors, "encoder")):
        state |= _block(tensors, f"encoder/layer_{layer}", f"encoder.blocks.{layer}")
    return state


def _decoder(tensors: Tensors) -> Tensors:
    state: Tensors = {
        "decoder.token_embedding.weight": tensors["decoder/embeddings/weight"],
        "decoder.positional_embedding": tensors["decoder/position_encodings/encodings"],
    }
    state |= _norm(tensors, "decoder/layer_norm", "decoder.ln")
    for layer in range(_layers(tensors, "decoder")):
        of, to = f"decoder/layer_{layer}", f"decoder.blocks.{layer}"
        state |= _block(tensors, of, to)
        state |= _norm(tensors, f"{of}/attention/layer_norm", f"{to}.cross_attn_ln")
        state |= _unstack(tensors, f"{of}/attention/linear_0", f"{to}.cross_attn", ("query",))
        state |= _unstack(tensors, f"{of}/attention/linear_1", f"{to}.cross_attn", ("key", "value"))
        state |= _unstack(tensors, f"{of}/attention/linear_2", f"{to}.cross_attn", ("out",))
    return state


def _block(tensors: Tensors, of: str, to: str) -> Tensors:
    return (
        _norm(tensors, f"{of}/self_attention/layer_norm", f"{to}.attn_ln")
        | _unstack(tensors, f"{of}/self_attention/linear_0", f"{to}.attn", ("query", "key", "value"))
        | _unstack(tensors, f"{of}/self_attention/linear_1", f"{to}.attn", ("out",))
        | _norm(tensors, f"{of}/ffn/layer_norm", f"{to}.mlp_ln")
        | _pair(tensors, f"{of}/ffn/linear_0", f"{to}.mlp.0")
        | _pair(tensors, f"{of}/ffn/linear_1", f"{to}.mlp.2")
    )


def _pair(tensors: Tensors, of: str, to: str) -> Tensors:
    return {f"{to}.weight": tensors[f"{of}/weight"], f"{to}.bias": tensors[f"{of}/bias"]}


def _norm(tensors: Tensors, of: str, to: str) -> Tensors:
    return {f"{to}.weight": tensors[f"{of}/gamma"], f"{to}.bias": tensors[f"{of}/beta"]}


def _unstack(tensors: Tensors, of: str, to: str, parts: tuple[str, ...]) -> Tensors:
    """Return the parts of tensors that CTranslate2 stacks; Whisper's keys have no bias."""
    weights = np.split(tensors[f"{of}/weight"], len(parts))
    biases = np.split(tensors[f"{of}/bias"], len(parts))
    state: Tensors = {}
    for part, weight, bias in zip(parts, weights, biases, strict=True):
        state[f"{to}.{part}.weight"] = weight
        if part != "key":
            state[f"{to}.{part}.bias"] = bias
    return state


def _layers(tensors: Tensors, side: str) -> int:
    return len(
        {
            name.split("/")[1]
            for name in tensors
            if name.startswith(f"{side}/layer_") and "layer_norm" not in name.split("/")[1]
        }
    )


def _dims(state: Tensors) -> dict[str, int]:
    mels, width = state["encoder.conv1.weight"].shape[1], state["encoder.conv1.weight"].shape[0]
    return {
        "n_mels": mels,
        "n_audio_ctx": state["encoder.positional_embedding"].shape[0],
        "n_audio_state": width,
        "n_audio_head": width // HEAD_SIZE,
        "n_audio_layer": sum(name.endswith("mlp_ln.bias") for name in state if name.startswith("encoder")),
        "n_vocab": state["decoder.token_embedding.weight"].shape[0],
        "n_text_ctx": state["decoder.positional_embedding"].shape[0],
        "n_text_state": width,
        "n_text_head": width // HEAD_SIZE,
        "n_text_layer": sum(name.endswith("mlp_ln.bias") for name in state if name.startswith("decoder")),
    }
