"""A Whisper model that is ready to run: its weights, its number type, the language it writes, the names it is told."""

import logging
import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from digest.model.speech import NumberType, Terms
from digest.transcription.decoding import languages
from digest.transcription.int16 import LANES
from digest.transcription.network import Network, encoder, network
from digest.transcription.number_types import of_processor
from digest.transcription.windows import Window, samples
from digest.transcription.word_times import FRAME
from digest.weights.whisper import load

if TYPE_CHECKING:
    from torch import Tensor
    from whisper.tokenizer import Tokenizer

log = logging.getLogger(__name__)

LANGUAGE_WINDOWS = 3  # over which the language is detected
SILENCE = 6.0  # seconds kept after a window, of the 30 s that Whisper was trained on; less costs words (0063)
MAX_PROMPT = 110  # tokens of names; Whisper keeps 223 for its prompt


class Recogniser(NamedTuple):
    """A model that is ready to run, and what it reads and writes tokens with.

    `encoded` are windows that were encoded already, to hear in which language they are.
    """

    network: Network
    tokenizer: "Tokenizer"
    number_type: NumberType
    encoded: Mapping[Window, "Tensor"] = {}


def load_recogniser(model: str, language: str | None = None) -> Recogniser:
    """Return a model ready to run; without a language it is ready to detect which is spoken."""
    from whisper.tokenizer import get_tokenizer

    loaded = load(model)
    tokenizer = get_tokenizer(
        loaded.is_multilingual, num_languages=loaded.num_languages, language=language, task="transcribe"
    )
    kind = number_type(loaded.device.type)
    log.debug("model %s runs in %s on %s, language %s", Path(model).name, kind, loaded.device, language or "unknown")
    return Recogniser(network(loaded, kind), tokenizer, kind)


def number_type(device: str) -> NumberType:
    """Return the number type in which a model runs: half precision on a GPU, else what the processor has."""
    return "float16" if device == "cuda" else of_processor()


def detect_language(recogniser: Recogniser, sound: Path, parts: Sequence[Window]) -> tuple[Recogniser, float]:
    """Return the recogniser for the language heard in windows from different parts, and how sure that is."""
    if recogniser.tokenizer.language is None:
        return recogniser, 1.0
    encode = encoder(recogniser.network)
    chosen = parts[:: max(1, len(parts) // LANGUAGE_WINDOWS)][:LANGUAGE_WINDOWS]
    sure: dict[str, float] = {}
    encoded = {part: encode(spectrum(recogniser.network, sound, part)) for part in chosen}
    for states in encoded.values():
        for code, probability in languages(recogniser.network, recogniser.tokenizer, states).items():
            sure[code] = sure.get(code, 0.0) + probability / len(chosen)
    best, *others = sorted(sure, key=lambda code: sure[code], reverse=True)
    log.debug(
        "the language of %d windows is %s at %.3f, before %s",
        len(chosen),
        best,
        sure[best],
        ", ".join(f"{code} at {sure[code]:.3f}" for code in others[:2]),
    )
    found = recogniser._replace(tokenizer=replace(recogniser.tokenizer, language=best), encoded=encoded)
    return found, sure[best]


def names_prompt(tokenizer: "Tokenizer", terms: Terms) -> str:
    """Return the names and acronyms as Whisper is told them: the first that fit half of its prompt."""
    prompt, count = "", 0
    for term in terms.terms:
        longer = f"{prompt}, {term.term}" if prompt else term.term
        if len(tokenizer.encode(longer)) > MAX_PROMPT:
            break
        prompt, count = longer, count + 1
    log.debug("%d of %d names fit the prompt", count, len(terms.terms))
    return f"{prompt}." if prompt else ""


def spectrum(of: Network, sound: Path, window: Window) -> "Tensor":
    """Return a window's log-mel spectrum (mels, 2 T), with some silence after it: T is a multiple of four."""
    import whisper

    padded = whisper.pad_or_trim(samples(sound, window))
    spectrum: Tensor = whisper.log_mel_spectrogram(padded, of.mels, device=of.tokens.device)
    frames = math.ceil((window.length + SILENCE) / FRAME / LANES) * LANES
    return spectrum[:, : 2 * frames]
