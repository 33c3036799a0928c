"""Transcribes with openai-whisper: voiced windows of at most 30 s, each decoded by itself with word times.

A window that is finished lies in `scratch`, so that a killed run goes on from there with the same result.
"""

import hashlib
import json
import re
import wave
import zlib
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
from pydantic import TypeAdapter

from digest.errors import UnusableDrop
from digest.model.artifact import Record, Span
from digest.model.companions import Companions
from digest.model.media import Media
from digest.model.speech import Segment, Terms, Transcript, Word
from digest.settings import SpeechSettings
from digest.speech.voice_activity import RATE, voiced
from digest.speech.weights import load
from digest.workspace import write_atomically

if TYPE_CHECKING:
    from torch import Tensor
    from whisper.model import Whisper

VERSION = 1

Samples = npt.NDArray[np.float32]

WINDOW = 30.0  # seconds, the length that Whisper was trained on
MARGIN = 0.2  # seconds of sound before and after the voice
LONG_SILENCE = 4.0  # seconds that are never decoded
LISTENED = 3  # windows over which the language is detected
MOST_TOLD = 110  # tokens of names; Whisper keeps 223 for its prompt

# openai-whisper's own thresholds (transcribe.py): text that repeats itself, and text the model does not believe in.
COMPRESSION, LOG_PROBABILITY, NO_SPEECH = 2.4, -1.0, 0.6
FASTEST = 30.0  # characters a second; nobody speaks faster
SLOWEST = 8.0  # characters a second of voice; Whisper stops early now and then


class Decoded(Record):
    """What came out of one window, in seconds of the recording; `log_probability` the mean of its tokens."""

    segments: tuple[Segment, ...]
    log_probability: float


def transcribe(
    media: Media,
    terms: Terms,
    companions: Companions,  # noqa: ARG001
    settings: SpeechSettings,
    *,
    root: Path,
    scratch: Path,
    progress: Callable[[float], None] = lambda _: None,
) -> Transcript:
    """Return what was said, with the time of every word.

    Raises UnusableDrop where nobody speaks, MissingTool where the model's weights cannot be had.
    """
    sound = root / media.sound.path
    regions = voiced(sound)
    if not regions:
        raise _no_speech(media)
    model = load(settings.model)
    language, certain = _language(model, terms.language, sound, regions)
    told = _told(model, terms)
    found = list[Segment]()
    windows = tuple(cut(regions))
    for done, window in enumerate(windows, start=1):
        spans = [(span.start, span.end) for span in window]
        key = f"{VERSION} {media.sound.sha256} {settings.model} {language} {told} {spans}"
        kept = scratch / f"{hashlib.sha256(key.encode()).hexdigest()[:20]}.json"
        found += _kept(kept, partial(_decoded, model, sound, window, language, told)).segments
        progress(done / len(windows))
    if not found:
        raise _no_speech(media)
    return Transcript(
        language=language,
        language_probability=round(certain, 4),
        model=Path(settings.model).name.removesuffix(".pt"),
        voiced=regions,
        segments=tuple(found),
    )


def cut(regions: Sequence[Span]) -> Iterator[tuple[Span, ...]]:
    """Yield the voiced regions of each window: at most 30 s from the first to the last, cut at the longest pauses."""
    waiting = [part for region in regions for part in _short_enough(region)]
    while waiting:
        fitting = 1
        while (
            fitting < len(waiting)
            and waiting[fitting].end - waiting[0].start <= WINDOW - 2 * MARGIN
            and waiting[fitting].start - waiting[fitting - 1].end < LONG_SILENCE
        ):
            fitting += 1
        at = fitting
        if fitting < len(waiting) and waiting[fitting].start - waiting[fitting - 1].end < LONG_SILENCE:
            late = [i for i in range(1, fitting + 1) if waiting[i - 1].end - waiting[0].start > WINDOW / 2]
            at = max(late, key=lambda i: waiting[i].start - waiting[i - 1].end, default=fitting)
        yield tuple(waiting[:at])
        waiting = waiting[at:]


def _short_enough(region: Span) -> Iterator[Span]:
    """Yield a region whole, or one without a pause for longer than a window in equal parts."""
    length = region.end - region.start
    parts = int(length // (WINDOW - 2 * MARGIN)) + 1
    for at in range(parts):
        yield Span(start=region.start + at * length / parts, end=region.start + (at + 1) * length / parts)


def _no_speech(media: Media) -> UnusableDrop:
    return UnusableDrop(
        "No speech was found in the recording.",
        file=media.sources[0].path,
        remedy="Listen to it: is it the right file, was the microphone on? Put a recording with speech in its place.",
    )


def _kept(path: Path, make: Callable[[], Decoded]) -> Decoded:
    """Return what an earlier run finished, else make it and keep it."""
    try:
        return TypeAdapter(Decoded).validate_json(path.read_bytes())
    except (OSError, ValueError):
        made = make()
        write_atomically(path, json.dumps(made.model_dump(mode="json")).encode())
        return made


def _samples(sound: Path, start: float, end: float) -> Samples:
    with wave.open(str(sound), "rb") as file:
        first = max(0, min(round(start * RATE), file.getnframes()))
        file.setpos(first)
        data = file.readframes(max(0, round(end * RATE) - first))
    return np.frombuffer(data, "<i2").astype(np.float32) / np.float32(32768)


def _language(model: "Whisper", given: str | None, sound: Path, regions: Sequence[Span]) -> tuple[str, float]:
    """Return the language and how sure that is: as given, or as heard in windows from different parts."""
    if not model.is_multilingual:
        return "en", 1.0
    if given:
        return given, 1.0
    import whisper

    windows = list(cut(regions))
    chosen = windows[:: max(1, len(windows) // LISTENED)][:LISTENED]
    heard: dict[str, float] = {}
    for window in chosen:
        padded = whisper.pad_or_trim(_samples(sound, window[0].start, window[-1].end))
        mel = whisper.log_mel_spectrogram(padded, model.dims.n_mels).to(model.device)
        _, probabilities = model.detect_language(mel)
        for language, probability in probabilities.items():
            heard[language] = heard.get(language, 0.0) + probability / len(chosen)
    best = max(heard, key=lambda language: heard[language])
    return best, heard[best]


def _told(model: "Whisper", terms: Terms) -> str:
    """Return the names and acronyms as Whisper is told them, the first that fit half of its prompt.

    On the demo this finds 14 of 15 names instead of 10.
    """
    from whisper.tokenizer import get_tokenizer

    tokenizer = get_tokenizer(model.is_multilingual)
    told = ""
    for term in terms.terms:
        longer = f"{told}, {term.term}" if told else term.term
        if len(tokenizer.encode(longer)) > MOST_TOLD:
            break
        told = longer
    return f"{told}." if told else ""


def _decoded(model: "Whisper", sound: Path, window: tuple[Span, ...], language: str, told: str) -> Decoded:
    """Return the words of a window. One that went wrong is cut at its longest pause and both parts tried again."""
    whole = _once(model, sound, window, language, told)
    if not _is_bad(whole, window) or len(window) == 1:
        return _without_loops(whole)
    at = max(range(1, len(window)), key=lambda i: (window[i].start - window[i - 1].end, -abs(2 * i - len(window))))
    parts = [_once(model, sound, part, language, "") for part in (window[:at], window[at:])]
    again = Decoded(
        segments=parts[0].segments + parts[1].segments,
        log_probability=min(part.log_probability for part in parts),
    )
    return _without_loops(max(again, whole, key=_worth))


def _worth(decoded: Decoded) -> int:
    """Return how much was understood: words that do not repeat each other."""
    text = " ".join(segment.text for segment in decoded.segments)
    return len(zlib.compress(text.encode()))


def _once(model: "Whisper", sound: Path, window: Sequence[Span], language: str, told: str) -> Decoded:
    """Return what openai-whisper's decoder makes of a window, greedily and in one pass."""
    import whisper
    from whisper.decoding import DecodingOptions
    from whisper.timing import add_word_timestamps
    from whisper.tokenizer import get_tokenizer

    start, end = max(0.0, window[0].start - MARGIN), window[-1].end + MARGIN
    mel = whisper.log_mel_spectrogram(
        _samples(sound, start, end), model.dims.n_mels, padding=whisper.audio.N_SAMPLES, device=model.device
    )
    encoded = _encoded(model, whisper.pad_or_trim(mel, whisper.audio.N_FRAMES))
    options = DecodingOptions(
        language=language, prompt=told or None, without_timestamps=True, fp16=model.device.type == "cuda"
    )
    result = model.decode(encoded, options)
    if result.no_speech_prob > NO_SPEECH and result.avg_logprob < LOG_PROBABILITY:
        return Decoded(segments=(), log_probability=0.0)
    whole = {"start": 0.0, "end": end - start, "seek": 0, "tokens": result.tokens, "text": result.text}
    add_word_timestamps(
        segments=[whole],
        model=model,
        tokenizer=get_tokenizer(
            model.is_multilingual, num_languages=model.num_languages, language=language, task="transcribe"
        ),
        mel=encoded,
        num_frames=round((end - start) * whisper.audio.FRAMES_PER_SECOND),
        last_speech_timestamp=0.0,
    )
    words = tuple(_words(whole["words"], start, end))
    segments = tuple(map(_segment, _by_sentence(words)))
    return Decoded(segments=segments, log_probability=round(result.avg_logprob, 4))


def _encoded(model: "Whisper", mel: "Tensor") -> "Tensor":
    """Return the encoded window, and let the encoder pass it through: decoding and word times both ask for it."""
    import torch

    encode = type(model.encoder).forward

    def once(sound: "Tensor") -> "Tensor":
        is_encoded = sound.shape[-2:] == (model.dims.n_audio_ctx, model.dims.n_audio_state)
        return sound if is_encoded else encode(model.encoder, sound)

    model.encoder.forward = once
    half = model.device.type == "cuda"
    with torch.no_grad():
        encoded: Tensor = model.encoder((mel.half() if half else mel)[None])[0]
    return encoded


def _words(said: Sequence[dict[str, Any]], start: float, end: float) -> Iterator[Word]:
    """Yield the words in seconds of the recording, in order, none beyond the window."""
    last = start
    for word in said:
        if text := word["word"].strip():
            begins = min(max(start + float(word["start"]), last), end)
            last = min(max(start + float(word["end"]), begins), end)
            probability = round(float(word["probability"]), 3)
            yield Word(text=text, start=round(begins, 3), end=round(last, 3), probability=probability)


def _by_sentence(words: Sequence[Word]) -> Iterator[Sequence[Word]]:
    """Yield the words up to each full stop, as segments."""
    begin = 0
    for at, word in enumerate(words, start=1):
        if at == len(words) or word.text[-1] in ".?!":
            yield words[begin:at]
            begin = at


def _segment(words: Sequence[Word]) -> Segment:
    return Segment(
        start=words[0].start, end=words[-1].end, text=" ".join(word.text for word in words), words=tuple(words)
    )


def _is_bad(decoded: Decoded, window: Sequence[Span]) -> bool:
    """Return whether the text repeats itself, is not believed in, or cannot have been said in the time."""
    text = " ".join(segment.text for segment in decoded.segments)
    voice = sum(span.end - span.start for span in window)
    return (
        compression(text) > COMPRESSION
        or decoded.log_probability < LOG_PROBABILITY
        or not SLOWEST <= len(text) / voice <= FASTEST
    )


def compression(text: str) -> float:
    """Return how far a text can be compressed: openai-whisper's sign of one that repeats itself."""
    data = text.encode()
    return len(data) / len(zlib.compress(data)) if data else 0.0


def _without_loops(decoded: Decoded) -> Decoded:
    """Return the text with a phrase that was repeated over and over kept once, as it was first said."""
    words = [word for segment in decoded.segments for word in segment.words]
    plain = [re.sub(r"\W", "", word.text).lower() for word in words]
    dropped = set(_looping(plain))
    if not dropped:
        return decoded
    segments, at = list[Segment](), 0
    for segment in decoded.segments:
        left = [word for i, word in enumerate(segment.words, start=at) if i not in dropped]
        at += len(segment.words)
        if left:
            segments.append(_segment(left))
    return decoded.model_copy(update={"segments": tuple(segments)})


def _looping(plain: Sequence[str]) -> Iterator[int]:
    """Yield the indexes of words that only repeat what was just said, the fourth time a phrase comes or more."""
    at = 0
    while at < len(plain):
        for length in range(1, 13):
            phrase, times = plain[at : at + length], 1
            while plain[at + times * length : at + (times + 1) * length] == phrase:
                times += 1
            if times >= 4 and len(phrase) == length:  # noqa: PLR2004
                yield from range(at + length, at + times * length)
                at += times * length - 1
                break
        at += 1
