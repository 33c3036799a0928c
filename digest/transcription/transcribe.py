"""Transcribes with Whisper: Media, Terms and Companions in, a Transcript out.

Voiced windows of at most 30 s are decoded many at a time and joined to segments; a window that is finished lies in
`scratch`, so that a killed run goes on from there with the same result.
"""

import hashlib
import logging
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import groupby
from pathlib import Path

from babel import Locale

from digest.errors import UnusableDrop
from digest.language.sentences import ends_sentence
from digest.model.artifact import Span
from digest.model.companions import CaptionTrack, Companions
from digest.model.media import Media
from digest.model.speech import Segment, Terms, Transcript, Word, text_of
from digest.settings import SpeechSettings
from digest.text.clock import clock
from digest.transcription.caption_alignment import align_captions, spread_captions
from digest.transcription.fallback import DecodedWindow, decode_windows
from digest.transcription.glossary_correction import spell_terms
from digest.transcription.hallucination_filter import missing_words, without_loops
from digest.transcription.number_types import of_processor
from digest.transcription.recogniser import Recogniser, detect_language, load_recogniser, names_prompt
from digest.transcription.threads import one_thread
from digest.transcription.voice_activity import voiced_regions
from digest.transcription.windows import Window, windows

log = logging.getLogger(__name__)

VERSION = 5
ARITHMETIC = of_processor

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
    language = _spoken_longest(parts, decoded) or recogniser.tokenizer.language or "en"
    segments = join_segments(parts, _spell(decoded, recogniser, terms), language)
    if not segments:
        return _captions_alone(companions, terms, media)
    is_expected = terms.language in {None, language}
    found = Transcript(
        language=language,
        language_probability=round(certain if is_expected else _certainty(parts, decoded, language), 4),
        expected=None if is_expected else terms.language,
        model=Path(settings.model).name.removesuffix(".pt"),
        voiced=regions,
        segments=segments,
        remarks=tuple(_remarks(segments, regions, language, terms.language)),
        number_type=recogniser.number_type,
    )
    written = companions.written_in(language)
    return _in_captions_words(found, written, media) if written else found


def _recogniser(
    sound: Path, parts: Sequence[Window], settings: SpeechSettings, terms: Terms
) -> tuple[Recogniser, float]:
    """Return the recogniser for the language that is given, else for the one that is heard; and how sure that is."""
    with one_thread():
        recogniser = load_recogniser(settings.model, terms.language)
    return (recogniser, 1.0) if terms.language else detect_language(recogniser, sound, parts)


def _spoken_longest(parts: Sequence[Window], decoded: Sequence[DecodedWindow]) -> str | None:
    seconds = dict[str | None, float]()
    for part, each in zip(parts, decoded, strict=True):
        seconds[each.language] = seconds.get(each.language, 0.0) + (part.voice if each.words else 0.0)
    return max(seconds, key=lambda language: seconds[language])


def _certainty(parts: Sequence[Window], decoded: Sequence[DecodedWindow], language: str) -> float:
    """Return how probable a language is in the windows in which it is heard, in the mean of their seconds."""
    heard = [(each.certain, part.voice) for part, each in zip(parts, decoded, strict=True) if each.heard == language]
    return sum(certain * voice for certain, voice in heard) / max(1.0, sum(voice for _, voice in heard))


def _remarks(
    segments: Sequence[Segment], regions: Sequence[Span], language: str, expected: str | None
) -> Iterator[str]:
    """Yield what staff should look at: another language than expected, stretches in others, words that are missing."""
    if expected not in {None, language}:
        yield _tell_unexpected(language, expected)
    yield from _other_languages(segments)
    yield from _not_understood(segments, regions)


def _tell_unexpected(language: str, expected: str | None) -> str:
    heard, named = _in_english(language), _in_english(expected or "")
    return (
        f"{heard} is heard where event.toml says {named}: the words are written in {heard}, and nothing of them is "
        f'quoted. Listen to it, then write language = "{language}" in event.toml, or put the right recording in its '
        "place."
    )


def _other_languages(segments: Sequence[Segment]) -> Iterator[str]:
    """Yield a remark for each stretch that is in another language than most of the recording."""
    for language, some in groupby(segments, key=lambda segment: segment.language):
        if language:
            first, *others = some
            yield (
                f"From {clock(first.start)} to {clock((first, *others)[-1].end)} {_in_english(language)} is heard: the "
                "words are written in it, and none of them is quoted in the account."
            )


def _not_understood(segments: Sequence[Segment], regions: Sequence[Span]) -> Iterator[str]:
    """Yield a remark where words are missing that somebody said."""
    missing = list(missing_words([word for segment in segments for word in segment.words], regions))
    if missing:
        yield (
            f"A voice is heard whose words were not understood, at {', '.join(clock(one.start) for one in missing)}: "
            "listen there and write them in."
        )


def _in_english(code: str) -> str:
    return Locale.parse(code).get_display_name("en") or code


def _spell(decoded: Sequence[DecodedWindow], recogniser: Recogniser, terms: Terms) -> tuple[DecodedWindow, ...]:
    """Return what was decoded with the glossary's terms as editors spell them."""

    def is_ordinary(word: str) -> bool:
        return len(recogniser.tokenizer.encode(f" {word}")) == 1

    return tuple(one.model_copy(update={"words": spell_terms(one.words, terms, is_ordinary)}) for one in decoded)


def _scratch_file(folder: Path, key: str, what: str) -> Path:
    return folder / f"{hashlib.sha256(f'{key} {what}'.encode()).hexdigest()[:20]}.json"


def join_segments(
    parts: Sequence[Window], decoded: Sequence[DecodedWindow], language: str | None = None
) -> tuple[Segment, ...]:
    """Return what was said in windows, in their order, as segments up to each full stop; loops are cut.

    Those in another language than the recording's, where that is given, name theirs.
    """
    return tuple(
        segment
        for part, each in zip(parts, decoded, strict=True)
        for segment in _by_sentence(
            without_loops(each.words, part.voiced), each.language if language and each.language != language else None
        )
    )


def _by_sentence(words: tuple[Word, ...], language: str | None = None) -> Iterator[Segment]:
    """Yield the words up to each full stop as a segment."""
    begin = 0
    for at, word in enumerate(words, start=1):
        if at == len(words) or ends_sentence(word.text):
            some = words[begin:at]
            yield Segment(start=some[0].start, end=some[-1].end, text=text_of(some), words=some, language=language)
            begin = at


def _in_captions_words(heard: Transcript, written: Sequence[CaptionTrack], media: Media) -> Transcript:
    """Return the transcript in the words of the first captions by a person that tell the same as what was heard."""
    for track in written:
        if words := align_captions(tuple(heard.words()), track.cues, until=media.duration):
            log.debug("the words are those of %s, in %s", track.name, track.language)
            told = {"words_by": "person", "remarks": (*heard.remarks, BY_A_PERSON)}
            return heard.model_copy(update={"segments": tuple(_by_sentence(words)), **told})
    return heard.model_copy(update={"remarks": (*heard.remarks, OTHER_WORDS)})


def _captions_alone(companions: Companions, terms: Terms, media: Media) -> Transcript:
    """Return the words of captions at their own times, where nobody is heard. Raises UnusableDrop without any.

    Of several those in the event's language are taken.
    """
    track = next(iter(companions.written_in(terms.language)), None)
    words = spread_captions(track.cues, until=media.duration) if track else ()
    if track is None or not words:
        raise _no_speech(media)
    language = track.language or terms.language
    return Transcript(
        language=language or "en",
        language_probability=1.0 if language else 0.0,
        expected=terms.language if terms.language != language else None,
        model="captions",
        voiced=(),
        segments=tuple(_by_sentence(words)),
        words_by="person",
        remarks=(CAPTIONS_ALONE, *_captions_in_another(language, terms.language)),
    )


def _captions_in_another(language: str | None, expected: str | None) -> Iterator[str]:
    if language and expected not in {None, language}:
        yield (
            f"The captions are in {_in_english(language)} where event.toml says {_in_english(expected or '')}: nothing "
            f'of them is quoted. Write language = "{language}" in event.toml, or put the right captions in their place.'
        )


def _no_speech(media: Media) -> UnusableDrop:
    return UnusableDrop(
        "No speech was found in the recording.",
        file=media.sources[0].path,
        remedy="Listen to it: is it the right file, was the microphone on? Put a recording with speech in its place.",
    )
