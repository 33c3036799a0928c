"""Transcribes with Whisper: Media, Terms and Companions in, a Transcript out.

Voiced windows of at most 30 s are decoded many at a time and joined to segments; a window that is finished lies in
`scratch`, so that a killed run goes on from there with the same result.
"""

import hashlib
import logging
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

from digest.errors import UnusableDrop
from digest.language.sentences import ends_sentence
from digest.model.companions import Companions
from digest.model.media import Media
from digest.model.speech import Segment, Terms, Transcript, Word
from digest.settings import SpeechSettings
from digest.transcription.caption_alignment import align_captions, spread_captions
from digest.transcription.fallback import DecodedWindow, decode_windows
from digest.transcription.glossary_correction import spell_terms
from digest.transcription.hallucination_filter import without_loops
from digest.transcription.number_types import of_recogniser
from digest.transcription.recogniser import Recogniser, detect_language, load_recogniser, names_prompt
from digest.transcription.threads import one_thread
from digest.transcription.voice_activity import voiced_regions
from digest.transcription.windows import Window, windows

log = logging.getLogger(__name__)

VERSION = 5
ARITHMETIC = of_recogniser

BY_A_PERSON = "The words are those of captions that a person wrote; their times were heard."
CAPTIONS_ALONE = "Nobody is heard: the words and their times are those of the captions."
OTHER_WORDS = "The captions that a person wrote tell something else than the recording: their words were not used."


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
        regions = voiced_regions(sound)
    if not regions:
        return _captions_alone(companions, terms, media)
    parts = windows(regions)
    log.debug("%d stretches with a voice make %d windows", len(regions), len(parts))
    recogniser, certain = _recogniser(sound, parts, settings, terms)
    made_from = (VERSION, media.sound.sha256, settings.model, recogniser.tokenizer.language, recogniser.number_type)
    files = partial(_scratch_file, scratch, " ".join(map(str, made_from)))
    prompt, beams = names_prompt(recogniser.tokenizer, terms), settings.beam_size
    decoded = decode_windows(recogniser, sound, parts, prompt=prompt, beam_size=beams, scratch=files, progress=progress)
    segments = join_segments(parts, _spell(decoded, recogniser, terms))
    if not segments:
        return _captions_alone(companions, terms, media)
    found = Transcript(
        language=recogniser.tokenizer.language or "en",
        language_probability=round(certain, 4),
        model=Path(settings.model).name.removesuffix(".pt"),
        voiced=regions,
        segments=segments,
        number_type=recogniser.number_type,
    )
    return _in_captions_words(found, companions, media) if companions.captions else found


def _recogniser(
    sound: Path, parts: Sequence[Window], settings: SpeechSettings, terms: Terms
) -> tuple[Recogniser, float]:
    """Return the recogniser for the language that is given, else for the one that is heard; and how sure that is."""
    with one_thread():
        recogniser = load_recogniser(settings.model, terms.language)
    return (recogniser, 1.0) if terms.language else detect_language(recogniser, sound, parts)


def _spell(decoded: Sequence[DecodedWindow], recogniser: Recogniser, terms: Terms) -> tuple[DecodedWindow, ...]:
    """Return what was decoded with the glossary's terms as editors spell them."""

    def is_ordinary(word: str) -> bool:
        return len(recogniser.tokenizer.encode(f" {word}")) == 1

    return tuple(one.model_copy(update={"words": spell_terms(one.words, terms, is_ordinary)}) for one in decoded)


def _scratch_file(folder: Path, key: str, what: str) -> Path:
    return folder / f"{hashlib.sha256(f'{key} {what}'.encode()).hexdigest()[:20]}.json"


def join_segments(parts: Sequence[Window], decoded: Sequence[DecodedWindow]) -> tuple[Segment, ...]:
    """Return what was said in windows, in their order, as segments up to each full stop; loops are cut."""
    return tuple(
        segment
        for part, each in zip(parts, decoded, strict=True)
        for segment in _by_sentence(without_loops(each.words, part.voiced))
    )


def _by_sentence(words: tuple[Word, ...]) -> Iterator[Segment]:
    """Yield the words up to each full stop as a segment."""
    begin = 0
    for at, word in enumerate(words, start=1):
        if at == len(words) or ends_sentence(word.text):
            some = words[begin:at]
            text = " ".join(each.text for each in some)
            yield Segment(start=some[0].start, end=some[-1].end, text=text, words=some)
            begin = at


def _in_captions_words(heard: Transcript, companions: Companions, media: Media) -> Transcript:
    """Return the transcript in the words of the captions that a person wrote, where these tell the same."""
    words = align_captions(tuple(heard.words()), companions.captions, until=media.duration)
    if not words:
        return heard.model_copy(update={"remarks": (OTHER_WORDS,)})
    return heard.model_copy(
        update={"segments": tuple(_by_sentence(words)), "words_by": "person", "remarks": (BY_A_PERSON,)}
    )


def _captions_alone(companions: Companions, terms: Terms, media: Media) -> Transcript:
    """Return the words of captions at their own times, where nobody is heard. Raises UnusableDrop without any."""
    words = spread_captions(companions.captions, until=media.duration)
    if not words:
        raise _no_speech(media)
    return Transcript(
        language=terms.language or "en",
        language_probability=1.0 if terms.language else 0.0,
        model="captions",
        voiced=(),
        segments=tuple(_by_sentence(words)),
        words_by="person",
        remarks=(CAPTIONS_ALONE,),
    )


def _no_speech(media: Media) -> UnusableDrop:
    return UnusableDrop(
        "No speech was found in the recording.",
        file=media.sources[0].path,
        remedy="Listen to it: is it the right file, was the microphone on? Put a recording with speech in its place.",
    )
