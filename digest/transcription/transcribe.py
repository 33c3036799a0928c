"""Transcribes with Whisper: voiced windows of at most 30 s, decoded many at a time, joined with word times.

A window that is finished lies in `scratch`, so that a killed run goes on from there with the same result.
"""

import contextlib
import hashlib
import json
import math
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from pydantic import TypeAdapter

from digest.errors import UnusableDrop
from digest.language.sentences import ends_sentence
from digest.model.artifact import Record
from digest.model.companions import Companions
from digest.model.media import Media
from digest.model.speech import Segment, Terms, Transcript, Word
from digest.settings import SpeechSettings
from digest.store.files import write_atomically
from digest.transcription import hallucination_filter as guard
from digest.transcription.caption_alignment import captioned
from digest.transcription.decoding import Encoded, Text, languages, no_speech, prefix, texts
from digest.transcription.network import ROWS, Network, encoder, network
from digest.transcription.threads import one_thread, spread
from digest.transcription.voice_activity import voiced
from digest.transcription.windows import Window, halves, samples, windows
from digest.transcription.word_times import FRAME, placed, timed
from digest.weights.whisper import load

if TYPE_CHECKING:
    from torch import Tensor, dtype
    from whisper.tokenizer import Tokenizer

VERSION = 5

LISTENED = 3  # windows over which the language is detected
MOST_TOLD = 110  # tokens of names; Whisper keeps 223 for its prompt
MOST_WORKERS = 4
CHANCE = 0.4  # temperature of the last try
SLOT_BYTES = 1_600_000_000  # of kept keys and values at most, whatever the model's size

CAPTIONED = "The words are those of captions that a person wrote; their times were heard."
OTHER_WORDS = "The captions that a person wrote tell something else than the recording: their words were not used."

# openai-whisper's own thresholds (transcribe.py) for a window in which nobody speaks.
LOG_PROBABILITY, NO_SPEECH = -1.0, 0.6


class Decoded(Record):
    """What came out of one window: words in seconds of the recording; `log_probability` the mean of its tokens."""

    words: tuple[Word, ...]
    log_probability: float

    @property
    def text(self) -> str:
        """Return the words in one line."""
        return " ".join(word.text for word in self.words)


class Recogniser(NamedTuple):
    """A model that is ready to run, and what it reads and writes tokens with."""

    network: Network
    tokenizer: "Tokenizer"


class Asked(NamedTuple):
    """How windows are decoded: what each text begins with, beams, whether by chance, and how many go together."""

    prefix: tuple[int, ...]
    beam_size: int
    temperature: float
    at_once: int


Scratch = Callable[[str], Path | None]


def transcribe(
    media: Media,
    terms: Terms,
    companions: Companions,
    settings: SpeechSettings,
    *,
    root: Path,
    scratch: Path,
    progress: Callable[[float], None] = lambda _: None,
) -> Transcript:
    """Return what was said, with the time of every word; in a person's captions' words where there are any.

    Raises UnusableDrop where nobody speaks, MissingTool where the model's weights cannot be had.
    """
    sound = root / media.sound.path
    with one_thread():
        regions = voiced(sound)
    if not regions:
        raise _no_speech(media)
    parts = windows(regions)
    with one_thread():
        ready, certain = recogniser(settings.model, terms.language), 1.0
    if not terms.language:
        ready, certain = heard(ready, sound, parts)
    names = told(ready.tokenizer, terms)

    def kept(what: str) -> Path:
        key = f"{VERSION} {media.sound.sha256} {settings.model} {ready.tokenizer.language} {what}"
        return scratch / f"{hashlib.sha256(key.encode()).hexdigest()[:20]}.json"

    decoded = decode(ready, sound, parts, told=names, beam_size=settings.beam_size, scratch=kept, progress=progress)
    segments = join(parts, decoded)
    if not segments:
        raise _no_speech(media)
    heard_words = tuple(word for segment in segments for word in segment.words)
    written = captioned(heard_words, companions.captions, until=media.duration)
    return Transcript(
        language=ready.tokenizer.language or "en",
        language_probability=round(certain, 4),
        model=Path(settings.model).name.removesuffix(".pt"),
        voiced=regions,
        segments=tuple(map(_segment, _by_sentence(written))) if written else segments,
        words_by="person" if written else "machine",
        remarks=(CAPTIONED if written else OTHER_WORDS,) if companions.captions else (),
    )


def decode(
    ready: Recogniser,
    sound: Path,
    parts: Sequence[Window],
    *,
    told: str = "",
    beam_size: int = 1,
    scratch: Scratch = lambda _: None,
    progress: Callable[[float], None] = lambda _: None,
) -> tuple[Decoded, ...]:
    """Return what was said in each window of a sound file; `scratch` names the file in which a finished one is kept.

    A window in whose text something is wrong is cut at its longest pause and decoded again without names; a half that
    is still doubtful once more, by chance. So no window costs more than three decodings.
    """
    at_once = _at_once(ready.network, len(parts))
    asked = Asked(prefix(ready.tokenizer, told), beam_size, 0.0, max(1, at_once // beam_size))
    whole = _read(ready, sound, parts, asked, scratch=scratch, progress=lambda done: progress(0.9 * done))
    least = guard.slowest([len(whole[part].text) / part.voice for part in parts])
    cut = {part: halves(part) for part in parts if _is_doubtful(part, whole[part], least)}
    plain = asked._replace(prefix=prefix(ready.tokenizer))
    smaller = [half for some in cut.values() for half in some]
    again = _read(ready, sound, smaller, plain, scratch=scratch, progress=lambda done: progress(0.9 + 0.05 * done))
    doubtful = [half for half in smaller if _is_doubtful(half, again[half], least)]
    drawn = plain._replace(beam_size=1, temperature=CHANCE, at_once=at_once)
    by_chance = _read(
        ready, sound, doubtful, drawn, scratch=scratch, progress=lambda done: progress(0.95 + 0.05 * done)
    )
    progress(1.0)
    best = {half: _better(half, again[half], by_chance.get(half), least) for half in smaller}
    tries = {part: _joined([best[half] for half in some]) for part, some in cut.items()}
    return tuple(_better(part, whole[part], tries.get(part), least) for part in parts)


def _better(window: Window, one: Decoded, other: Decoded | None, least: float) -> Decoded:
    """Return the one of two that is not doubtful, else the one that says more."""
    if other is None:
        return one
    return max(one, other, key=lambda each: (not _is_doubtful(window, each, least), guard.worth(each.text)))


def join(parts: Sequence[Window], decoded: Sequence[Decoded]) -> tuple[Segment, ...]:
    """Return what was said in windows, in their order, as segments up to each full stop; loops are cut."""
    return tuple(
        _segment(words)
        for part, each in zip(parts, decoded, strict=True)
        for words in _by_sentence(guard.without_loops(each.words, part.voiced))
    )


def _segment(words: tuple[Word, ...]) -> Segment:
    return Segment(start=words[0].start, end=words[-1].end, text=" ".join(word.text for word in words), words=words)


def _is_doubtful(window: Window, decoded: Decoded, least: float) -> bool:
    return guard.is_doubtful(decoded.text, decoded.log_probability, window.voice, least)


def _joined(some: Sequence[Decoded]) -> Decoded:
    return Decoded(
        words=tuple(word for each in some for word in each.words),
        log_probability=min(each.log_probability for each in some),
    )


def _by_sentence(words: tuple[Word, ...]) -> Iterator[tuple[Word, ...]]:
    """Yield the words up to each full stop."""
    begin = 0
    for at, word in enumerate(words, start=1):
        if at == len(words) or ends_sentence(word.text):
            yield words[begin:at]
            begin = at


def _no_speech(media: Media) -> UnusableDrop:
    return UnusableDrop(
        "No speech was found in the recording.",
        file=media.sources[0].path,
        remedy="Listen to it: is it the right file, was the microphone on? Put a recording with speech in its place.",
    )


def recogniser(model: str, language: str | None = None) -> Recogniser:
    """Return a model ready to run; without a language it is ready to hear which is spoken."""
    from whisper.tokenizer import get_tokenizer

    loaded = load(model)
    tokenizer = get_tokenizer(
        loaded.is_multilingual, num_languages=loaded.num_languages, language=language, task="transcribe"
    )
    return Recogniser(network(loaded, number_type(loaded.device.type)), tokenizer)


def heard(listening: Recogniser, sound: Path, parts: Sequence[Window]) -> tuple[Recogniser, float]:
    """Return the recogniser for the language heard in windows from different parts, and how sure that is."""
    if listening.tokenizer.language is None:
        return listening, 1.0
    encode = encoder(listening.network)
    chosen = parts[:: max(1, len(parts) // LISTENED)][:LISTENED]
    sure: dict[str, float] = {}
    for part in chosen:
        states = encode(spectrum(listening.network, sound, part))
        for code, probability in languages(listening.network, listening.tokenizer, states).items():
            sure[code] = sure.get(code, 0.0) + probability / len(chosen)
    best = max(sure, key=lambda code: sure[code])
    return listening._replace(tokenizer=replace(listening.tokenizer, language=best)), sure[best]


@cache
def number_type(device: str) -> "dtype":
    """Return the number type in which a model runs fastest: half precision on a GPU, else as measured.

    Only processors with instructions for bfloat16 (AVX512_BF16, AMX) gain by it; there it is some four times as fast.
    """
    import torch

    if device == "cuda":
        return torch.float16
    seconds: dict[dtype, float] = {}
    for kind in (torch.float32, torch.bfloat16):
        x = torch.ones(750, 512, dtype=kind)
        weight = torch.ones(512, 512, dtype=kind)
        for _ in range(3):
            begun = time.perf_counter()
            torch.mm(x, weight)
            seconds[kind] = min(seconds.get(kind, 1.0), time.perf_counter() - begun)
    return torch.bfloat16 if seconds[torch.bfloat16] < seconds[torch.float32] / 1.5 else torch.float32


def told(tokenizer: "Tokenizer", terms: Terms) -> str:
    """Return the names and acronyms as Whisper is told them: the first that fit half of its prompt."""
    text = ""
    for term in terms.terms:
        longer = f"{text}, {term.term}" if text else term.term
        if len(tokenizer.encode(longer)) > MOST_TOLD:
            break
        text = longer
    return f"{text}." if text else ""


def _at_once(of: Network, windows: int) -> int:
    """Return how many windows are decoded together: the same however many of them are finished already."""
    slot = 2 * len(of.decoder) * (len(of.frame_positions) + len(of.token_positions)) * of.tokens[0].nbytes
    return max(1, min(ROWS // _workers(), SLOT_BYTES // slot, -(-windows // _workers())))


def _workers() -> int:
    """Return how many threads decode, each its own windows: as many as torch would use for one product."""
    import torch

    return 1 if torch.cuda.is_available() else min(MOST_WORKERS, torch.get_num_threads())


def spectrum(of: Network, sound: Path, window: Window) -> "Tensor":
    """Return a window's log-mel spectrum (mels, 3000)."""
    import whisper

    padded = whisper.pad_or_trim(samples(sound, window))
    spectrum: Tensor = whisper.log_mel_spectrogram(padded, of.mels, device=of.tokens.device)
    return spectrum


def _read(
    ready: Recogniser,
    sound: Path,
    parts: Sequence[Window],
    asked: Asked,
    *,
    scratch: Scratch,
    progress: Callable[[float], None],
) -> dict[Window, Decoded]:
    """Return what one decoding of each window gives, from `scratch` where an earlier run finished it."""
    found: dict[Window, Decoded] = {}
    files = {part: scratch(f"{part} {asked} {ready.network.tokens.dtype}") for part in parts}
    for part, file in files.items():
        with contextlib.suppress(OSError, ValueError):
            if file:
                found[part] = TypeAdapter(Decoded).validate_json(file.read_bytes())
    waiting = [part for part in parts if part not in found]
    for part, decoded in spread(partial(_decodings, ready, sound, asked), waiting, _workers()):
        if file := files[part]:
            write_atomically(file, json.dumps(decoded.model_dump(mode="json")).encode())
        found[part] = decoded
        progress(len(found) / len(parts))
    return found


def _decodings(
    ready: Recogniser, sound: Path, asked: Asked, parts: Iterator[Window], look: Callable[[], None]
) -> Iterator[tuple[Window, Decoded]]:
    """Yield each window with its words, as it is finished; what `look` raises ends the work."""
    of = ready.network
    encode = encoder(of, look)

    def encoded() -> Iterator[tuple[Window, Encoded]]:
        for part in parts:
            frames = min(len(of.frame_positions), math.ceil(part.length / FRAME))
            yield part, Encoded(encode(spectrum(of, sound, part)), frames, asked.prefix)

    for part, text in texts(
        of,
        ready.tokenizer,
        encoded(),
        at_once=asked.at_once,
        beam_size=asked.beam_size,
        temperature=asked.temperature,
        look=look,
    ):
        yield part, _decoded(ready, part, text)


def _decoded(ready: Recogniser, window: Window, text: Text) -> Decoded:
    import numpy as np
    import torch

    mean = float(np.mean(text.log_probabilities))
    if mean < LOG_PROBABILITY and no_speech(*ready, text) > NO_SPEECH:
        return Decoded(words=(), log_probability=0.0)
    words = timed(ready.tokenizer, text.tokens, np.exp(text.log_probabilities), torch.stack(text.followed).cpu())
    return Decoded(words=tuple(placed(words, window)), log_probability=round(mean, 4))
