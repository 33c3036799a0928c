"""Decodes windows, and once or twice more where the text cannot be right: a recogniser and windows in, words out.

openai-whisper's fallback (transcribe.py, decode_with_fallback) draws by chance at once; here a doubtful window is first
cut in two and decoded without names, which mends most. A window that is finished lies in a scratch file, so that a
killed run goes on from there with the same result.
"""

import contextlib
import json
import logging
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from digest.model.artifact import Record
from digest.model.speech import Word, text_of
from digest.store.files import write_atomically
from digest.transcription import hallucination_filter
from digest.transcription.decoding import EncodedWindow, Text, decode_texts, no_speech, prefix
from digest.transcription.network import ROWS, Network, encoder
from digest.transcription.recogniser import Recogniser, spectrum
from digest.transcription.threads import run_in_threads
from digest.transcription.windows import Window, halves
from digest.transcription.word_times import FRAME, find_word_times, place_words

if TYPE_CHECKING:
    from whisper.tokenizer import Tokenizer

log = logging.getLogger(__name__)

MAX_WORKERS = 4
MAX_SLOT_BYTES = 1_600_000_000  # of kept keys and values, whatever the model's size
CHANCE = 0.4  # temperature of the last try
CERTAIN = 0.6  # probability from which another language is heard: in 41 windows of English it has 0.28 at most (0064)
# Those of which Whisper saw 1,000 hours and more (Radford et al. 2022, appendix E); it takes others for these.
WELL_KNOWN = {"en", "zh", "de", "es", "ru", "fr", "pt", "ko", "ja", "tr", "pl", "it", "sv", "nl", "ca", "fi", "id"}
MIN_VOICE = 5.0  # seconds of it: a name, a greeting or a title is no change of language

# openai-whisper's own thresholds (transcribe.py) for a window in which nobody speaks.
LOG_PROBABILITY, NO_SPEECH = -1.0, 0.6

ScratchFile = Callable[[str], Path | None]


class DecodedWindow(Record):
    """What came out of one window: words in seconds of the recording; `log_probability` the mean of its tokens."""

    words: tuple[Word, ...]
    log_probability: float
    language: str | None = None  # in which they were written
    heard: str | None = None  # the language that is most likely spoken
    certain: float = 0.0  # its probability

    @property
    def text(self) -> str:
        """Return the words in one line."""
        return text_of(self.words)


class DecodingPass(NamedTuple):
    """How windows are decoded: what each text begins with, its language, beams, by chance or not, how many together."""

    prefix: tuple[int, ...]
    language: str | None
    beam_size: int
    temperature: float
    at_once: int


def decode_windows(
    recogniser: Recogniser,
    sound: Path,
    parts: Sequence[Window],
    *,
    prompt: str = "",
    beam_size: int = 1,
    scratch: ScratchFile = lambda _: None,
    progress: Callable[[float], None] = lambda _: None,
) -> tuple[DecodedWindow, ...]:
    """Return what was said in each window of a sound file; `scratch` names the file in which a finished one is kept.

    A window in which another language is heard for certain is decoded in that one. One in whose text something is wrong
    is cut at its longest pause and decoded again without names; a half that is still doubtful once more, by chance. So
    no window costs more than four decodings.
    """
    run = partial(run_pass, recogniser, sound, scratch=scratch)
    at_once = _at_once(recogniser.network, len(parts))
    tokenizer = recogniser.tokenizer
    first = DecodingPass(prefix(tokenizer, prompt), tokenizer.language, beam_size, 0.0, max(1, at_once // beam_size))
    whole = run(parts, first, progress=lambda done: progress(0.9 * done))
    spoken = {part: _language_of(part, each) for part, each in whole.items()}
    for language, some in _by_language(parts, spoken).items():
        if language != tokenizer.language:
            log.debug("%d windows are decoded in %s, which is heard there", len(some), language)
            whole |= run(some, _in(language, first, tokenizer), progress=lambda _: None)
    min_pace = hallucination_filter.min_pace(
        [hallucination_filter.pace(whole[part].text, part.voice) for part in parts]
    )
    cut = {part: halves(part) for part in _doubtful(whole, min_pace)}
    second = first._replace(prefix=prefix(tokenizer))
    smaller = [half for some in cut.values() for half in some]
    spoken |= {half: spoken[part] for part, some in cut.items() for half in some}
    again = dict[Window, DecodedWindow]()
    for language, some in _by_language(smaller, spoken).items():
        again |= run(some, _in(language, second, tokenizer), progress=lambda done: progress(0.9 + 0.05 * done))
    third = second._replace(beam_size=1, temperature=CHANCE, at_once=at_once)
    by_chance = dict[Window, DecodedWindow]()
    for language, some in _by_language(_doubtful(again, min_pace), spoken).items():
        by_chance |= run(some, _in(language, third, tokenizer), progress=lambda done: progress(0.95 + 0.05 * done))
    progress(1.0)
    log.debug(
        "of %d windows %d were decoded again in %d parts, %d parts by chance",
        *map(len, (parts, cut, smaller, by_chance)),
    )
    best = {half: _better(half, again[half], by_chance.get(half), min_pace) for half in smaller}
    tries = {part: _join([best[half] for half in some]) for part, some in cut.items()}
    return tuple(_better(part, whole[part], tries.get(part), min_pace) for part in parts)


def _language_of(window: Window, decoded: DecodedWindow) -> str | None:
    """Return the language of a window: the one it was written in, unless another is heard for certain and for long."""
    is_heard = decoded.certain >= CERTAIN and window.voice >= MIN_VOICE
    return decoded.heard if is_heard and decoded.language in WELL_KNOWN else decoded.language


def _by_language(parts: Sequence[Window], spoken: Mapping[Window, str | None]) -> dict[str | None, list[Window]]:
    """Return windows by their language, each in order."""
    found = dict[str | None, list[Window]]()
    for part in parts:
        found.setdefault(spoken[part], []).append(part)
    return found


def _in(language: str | None, how: DecodingPass, tokenizer: "Tokenizer") -> DecodingPass:
    """Return how windows of a language are decoded: as in that of the recording, but names are told in that alone."""
    if language == how.language:
        return how
    return how._replace(prefix=prefix(replace(tokenizer, language=language)), language=language)


def _doubtful(decoded: dict[Window, DecodedWindow], min_pace: float) -> list[Window]:
    """Return the windows whose text cannot be right."""
    found = [window for window, each in decoded.items() if _is_doubtful(window, each, min_pace)]
    for window in found:
        each = decoded[window]
        log.debug(
            "the text of %.1f s to %.1f s is doubtful: compression %.2f, log probability %.2f, "
            "%.1f characters a second where %.1f are the least",
            window.pieces[0].start,
            window.pieces[-1].end,
            hallucination_filter.compression(each.text),
            each.log_probability,
            hallucination_filter.pace(each.text, window.voice),
            min_pace,
        )
    return found


def _is_doubtful(window: Window, decoded: DecodedWindow, min_pace: float) -> bool:
    return hallucination_filter.is_doubtful(decoded.text, decoded.log_probability, window.voice, min_pace) or any(
        map(hallucination_filter.lasts_too_long, decoded.words)
    )


def _better(window: Window, one: DecodedWindow, other: DecodedWindow | None, min_pace: float) -> DecodedWindow:
    """Return the one of two that is not doubtful, else the one that says more."""
    if other is None:
        return one
    return max(
        one,
        other,
        key=lambda each: (not _is_doubtful(window, each, min_pace), hallucination_filter.worth(each.text)),
    )


def _join(some: Sequence[DecodedWindow]) -> DecodedWindow:
    return DecodedWindow(
        words=tuple(word for each in some for word in each.words),
        log_probability=min(each.log_probability for each in some),
        language=some[0].language,
    )


def run_pass(
    recogniser: Recogniser,
    sound: Path,
    parts: Sequence[Window],
    how: DecodingPass,
    *,
    scratch: ScratchFile,
    progress: Callable[[float], None],
) -> dict[Window, DecodedWindow]:
    """Return what one decoding of each window gives, from `scratch` where an earlier run finished it."""
    found: dict[Window, DecodedWindow] = {}
    files = {part: scratch(f"{part} {how} {recogniser.number_type}") for part in parts}
    for part, file in files.items():
        with contextlib.suppress(OSError, ValueError):
            if file:
                found[part] = DecodedWindow.model_validate_json(file.read_bytes())
    waiting = [part for part in parts if part not in found]
    log.debug("%d windows are decoded, %d were finished before", len(waiting), len(found))
    for part, decoded in run_in_threads(partial(_decode, recogniser, sound, how), waiting, _workers()):
        if file := files[part]:
            write_atomically(file, json.dumps(decoded.model_dump(mode="json")).encode())
        found[part] = decoded
        progress(len(found) / len(parts))
    return {part: found[part] for part in parts}


def _decode(
    recogniser: Recogniser, sound: Path, how: DecodingPass, parts: Iterator[Window], look: Callable[[], None]
) -> Iterator[tuple[Window, DecodedWindow]]:
    """Yield each window with its words, as it is finished; what `look` raises ends the work."""
    of = recogniser.network
    spoken = recogniser._replace(tokenizer=replace(recogniser.tokenizer, language=how.language))
    encode = encoder(of, look)

    def encode_next() -> Iterator[tuple[Window, EncodedWindow]]:
        for part in parts:
            frames = min(len(of.frame_positions), math.ceil(part.length / FRAME))
            states = recogniser.encoded.get(part)
            if states is None:
                states = encode(spectrum(of, sound, part))
            yield part, EncodedWindow(states, frames, how.prefix)

    for part, text in decode_texts(
        of,
        spoken.tokenizer,
        encode_next(),
        at_once=how.at_once,
        beam_size=how.beam_size,
        temperature=how.temperature,
        look=look,
    ):
        yield part, _to_words(spoken, part, text)


def _to_words(recogniser: Recogniser, window: Window, text: Text) -> DecodedWindow:
    import numpy as np
    import torch

    mean = float(np.mean(text.log_probabilities))
    if mean < LOG_PROBABILITY and no_speech(recogniser.network, recogniser.tokenizer, text) > NO_SPEECH:
        return DecodedWindow(words=(), log_probability=0.0, language=recogniser.tokenizer.language)
    probabilities, followed = np.exp(text.log_probabilities), torch.stack(text.followed).cpu()
    words = find_word_times(recogniser.tokenizer, text.tokens, probabilities, followed)
    return DecodedWindow(
        words=tuple(place_words(words, window)),
        log_probability=round(mean, 4),
        language=recogniser.tokenizer.language,
        heard=text.heard,
        certain=round(text.certain, 4),
    )


def _at_once(of: Network, windows: int) -> int:
    """Return how many windows are decoded together: the same however many of them are finished already."""
    sound, text = (1, 2) if of.number_type == "int16" else (of.tokens.itemsize, of.tokens.itemsize)  # bytes a number
    numbers = len(of.frame_positions) * sound + len(of.token_positions) * text
    slot = 2 * len(of.decoder) * of.tokens.shape[1] * numbers
    return max(1, min(ROWS // _workers(), MAX_SLOT_BYTES // slot, -(-windows // _workers())))


def _workers() -> int:
    """Return how many threads decode, each its own windows: as many as torch would use for one product."""
    import torch

    return 1 if torch.cuda.is_available() else min(MAX_WORKERS, torch.get_num_threads())
