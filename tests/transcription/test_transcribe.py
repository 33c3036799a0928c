"""What was said comes out, at its time; what was not said does not."""

import json
import os
import signal
import threading
import wave
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from statistics import median

import pytest
import torch

from digest.errors import UnusableDrop
from digest.model.artifact import Span
from digest.model.companions import CaptionTrack, CompanionCue, Companions
from digest.model.media import Media
from digest.model.speech import Terms, Transcript
from digest.settings import SpeechSettings
from digest.text.clock import clock
from digest.transcription import decoding, fallback, transcribe
from digest.transcription.fallback import MAX_WORKERS, decode_windows
from digest.transcription.hallucination_filter import compression
from digest.transcription.network import Network, Slots, step
from digest.transcription.recogniser import load_recogniser, spectrum
from digest.transcription.windows import Window
from tests import truth as t
from tests.measures import word_error_rate
from tests.transcription.sounds import DEMO, media_of

MINUTE = 59.8  # the end of a sentence


def transcript_of(media: Media, root: Path, model: str = "base", language: str | None = None) -> Transcript:
    """Return the transcript that the stage makes."""
    scratch = root / "scratch"
    scratch.mkdir(exist_ok=True)
    return transcribe(
        media, Terms(language=language), Companions(), SpeechSettings(model=model), root=root, scratch=scratch
    )


@pytest.fixture(scope="module")
def minute(tmp_path_factory: pytest.TempPathFactory) -> tuple[Media, Path, Transcript]:
    """Return a minute of the demo, transcribed with base; its language is not given."""
    root = tmp_path_factory.mktemp("minute")
    media = media_of(root, "-i", DEMO, seconds=MINUTE)
    return media, root, transcript_of(media, root)


def test_a_minute_of_the_demo_has_few_errors(minute: tuple[Media, Path, Transcript]) -> None:
    """Word error rate at most 8 per cent, and the language is found out."""
    transcript = minute[2]

    assert word_error_rate(transcript, t.DEMO, end=MINUTE) <= 0.08
    assert (transcript.language, transcript.model) == ("en", "base")
    assert transcript.language_probability > 0.9


def test_words_stand_where_they_were_said(minute: tuple[Media, Path, Transcript]) -> None:
    """Utterances begin within a third of a second in the median, and words never run backwards."""
    words = list(minute[2].words())
    begun = [said["start"] for said in t.DEMO["utterances"] if said["end"] <= MINUTE]

    assert median(min(abs(word.start - start) for word in words) for start in begun) <= 0.3
    assert all(one.start <= one.end <= two.start + 0.001 for one, two in pairwise(words))
    assert all(segment.text == " ".join(word.text for word in segment.words) for segment in minute[2].segments)


def track(language: str, cues: tuple[CompanionCue, ...]) -> CaptionTrack:
    """Return a file of captions that a person wrote."""
    return CaptionTrack(name=f"{language}.vtt", language=language, made_by="person", gives_words=True, cues=cues)


def test_a_persons_captions_give_the_words(minute: tuple[Media, Path, Transcript]) -> None:
    """Captions that a person wrote stand word for word in the transcript, at the seconds at which they were said.

    Those in another language, though there are more of them, are not this recording's words.
    """
    media, root, heard = minute
    cues = tuple(
        CompanionCue(start=said["start"] + 40, end=said["end"] + 40, text=said["text"].replace("um, ", ""))
        for said in t.DEMO["utterances"]
        if said["end"] <= MINUTE
    )

    translated = tuple(cue.model_copy(update={"text": "Wir danken allen.", "end": cue.end + 40}) for cue in cues)
    companions = Companions(captions=translated, tracks=(track("de", translated), track("en", cues)))

    transcript = transcribe(media, Terms(), companions, SpeechSettings(), root=root, scratch=root / "scratch")

    words = list(transcript.words())
    assert " ".join(word.text for word in words) == " ".join(cue.text for cue in cues)
    assert median(min(abs(word.start - (cue.start - 40)) for word in words) for cue in cues) <= 0.3
    assert (transcript.words_by, heard.words_by) == ("person", "machine")
    assert "a person wrote" in transcript.remarks[0]


def test_a_killed_run_goes_on_with_the_same_result(minute: tuple[Media, Path, Transcript]) -> None:
    """Finished windows lie in scratch: with one of them gone only that one is made again, and all is as before."""
    media, root, transcript = minute
    kept = sorted((root / "scratch").iterdir())
    assert len(kept) >= 2
    untouched, gone = kept[0], kept[-1]
    before = untouched.stat().st_mtime_ns
    gone.unlink()

    again = transcript_of(media, root)

    assert again == transcript
    assert gone.is_file()
    assert untouched.stat().st_mtime_ns == before


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("silence", "anullsrc=r=16000:cl=mono"),
        ("a tone", "sine=f=440:r=16000"),
        ("noise", "anoisesrc=r=16000:c=pink:a=0.3"),
    ],
)
def test_a_recording_without_speech_is_refused(tmp_path: Path, name: str, source: str) -> None:
    """Silence, a test tone, noise: staff are told that no speech was found, and no word is invented."""
    media = media_of(tmp_path, "-f", "lavfi", "-i", source, seconds=20)

    with pytest.raises(UnusableDrop, match="No speech was found") as refused:
        transcript_of(media, tmp_path)
    assert "right file" in refused.value.remedy, name


def test_where_nobody_is_heard_captions_are_the_words(tmp_path: Path) -> None:
    """A talk in sign language has the words of its captions, each while its caption stands, none over another."""
    media = media_of(tmp_path, "-f", "lavfi", "-i", "anullsrc=r=16000:cl=mono", seconds=20)
    cues = (
        CompanionCue(start=1, end=5, text="Welcome to this webinar in sign language."),
        CompanionCue(start=4.5, end=9, text="The new rules apply to banks."),
        CompanionCue(start=30, end=35, text="This is of a longer recording."),
    )

    transcript = transcribe(
        media,
        Terms(language="en"),
        Companions(captions=cues),
        SpeechSettings(),
        root=tmp_path,
        scratch=tmp_path / "scratch",
    )

    words = list(transcript.words())
    assert [segment.text for segment in transcript.segments] == [cues[0].text, cues[1].text]
    assert (words[0].start, words[-1].end) == (1.0, 9.0)
    assert all(one.end <= other.start for one, other in pairwise(words))
    assert (transcript.words_by, transcript.language) == ("person", "en")


def test_captions_in_another_language_than_announced_are_not_quoted(tmp_path: Path) -> None:
    """Where the only words are French and event.toml says English, staff read what to write; nothing is quoted."""
    media = media_of(tmp_path, "-f", "lavfi", "-i", "anullsrc=r=16000:cl=mono", seconds=20)
    companions = Companions(tracks=(track("fr", (CompanionCue(start=1, end=5, text="Bonjour à tous."),)),))

    transcript = transcribe(
        media, Terms(language="en"), companions, SpeechSettings(), root=tmp_path, scratch=tmp_path / "scratch"
    )

    assert (transcript.language, transcript.expected) == ("fr", "en")
    assert 'Write language = "fr" in event.toml' in transcript.remarks[1]


@pytest.mark.parametrize("samples", [0, 1])
def test_a_recording_of_no_length_is_refused(tmp_path: Path, samples: int) -> None:
    """A recording that ends as it begins is refused in words."""
    media = media_of(tmp_path, "-f", "lavfi", "-i", "anullsrc=r=16000:cl=mono", seconds=1)
    with wave.open(str(tmp_path / "media" / "sound.wav"), "wb") as file:
        file.setparams((1, 2, 16000, 0, "NONE", "not compressed"))
        file.writeframes(b"\x10\x20" * samples)

    with pytest.raises(UnusableDrop, match="No speech was found"):
        transcript_of(media, tmp_path)


class Cancelled(Exception):
    """Somebody ended the run."""


@contextmanager
def no_thread_left() -> Iterator[None]:
    """Wait for the threads that were started in the block to end, and fail if one does not."""
    before = set(threading.enumerate())
    yield
    started = set(threading.enumerate()) - before
    for thread in started:
        thread.join(timeout=60)
    assert not [thread for thread in started if thread.is_alive()]


def test_a_cancelled_run_stops_and_goes_on_later(
    minute: tuple[Media, Path, Transcript], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Cancelled after its first window, a thread ends with the step it is at; the next run ends as one uncancelled."""
    media, root, transcript = minute
    steps, at = list[None](), list[int]()

    def count_step(of: Network, held: Slots, tokens: torch.Tensor) -> torch.Tensor:
        steps.append(None)
        return step(of, held, tokens)

    def cancel(_: float) -> None:
        at.append(len(steps))
        raise Cancelled

    monkeypatch.setattr(decoding, "step", count_step)
    asked = (media, Terms(), Companions(), SpeechSettings())
    with no_thread_left(), pytest.raises(Cancelled):
        transcribe(*asked, root=root, scratch=tmp_path, progress=cancel)
    assert len(steps) - at[0] <= MAX_WORKERS
    assert list(tmp_path.iterdir())

    assert transcribe(*asked, root=root, scratch=tmp_path) == transcript
    assert len(steps) - at[0] > MAX_WORKERS


def test_an_interrupt_stops_all_threads(
    minute: tuple[Media, Path, Transcript], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ctrl-C in the midst of long work on two cores: of sixty windows each thread begins one more at most, and ends."""
    media, root, _ = minute
    parts = [Window(voiced=(Span(start=at / 2, end=at / 2 + 29),)) for at in range(60)]
    recogniser, cores, begun = load_recogniser("tiny.en"), torch.get_num_threads(), list[Window]()

    def begin(of: Network, sound: Path, window: Window) -> torch.Tensor:
        begun.append(window)
        if len(begun) == 4:
            os.kill(os.getpid(), signal.SIGINT)
        return spectrum(of, sound, window)

    monkeypatch.setattr(fallback, "spectrum", begin)
    torch.set_num_threads(2)
    try:
        with no_thread_left(), pytest.raises(KeyboardInterrupt):
            decode_windows(recogniser, root / media.sound.path, parts)
    finally:
        torch.set_num_threads(cores)

    assert 4 <= len(begun) <= 4 + 2


WEBINAR = t.gold("dev-3-audio-only")
REAL = t.gold("real-voices")


@pytest.mark.skipif(WEBINAR is None, reason="needs the synthetic webinars: set DIGEST_GOLD")
def test_music_applause_and_noise_give_no_words(tmp_path: Path) -> None:
    """No word stands where nobody speaks, and each utterance begins where it was begun."""
    assert WEBINAR
    truth = json.loads((WEBINAR / "truth.json").read_text(encoding="utf-8"))
    (recording,) = (WEBINAR / "drop").glob("*.m4a")
    media = media_of(tmp_path, "-i", recording, seconds=3600)

    words = list(transcript_of(media, tmp_path, language="en").words())

    middles = [(word.start + word.end) / 2 for word in words]
    assert not [at for quiet in truth["non_speech"] for at in middles if quiet["start"] <= at < quiet["end"]]
    off = [min(abs(word.start - said["start"]) for word in words) for said in truth["utterances"]]
    assert median(off) <= 0.15
    assert sorted(off)[int(0.95 * (len(off) - 1))] <= 0.5


@pytest.mark.skipif(REAL is None, reason="needs the real voices: set DIGEST_GOLD")
def test_german_is_heard_as_german(tmp_path: Path) -> None:
    """The language is detected where nobody gave it."""
    assert REAL
    media = media_of(tmp_path, "-i", REAL / "librivox-de.flac", seconds=25)

    assert transcript_of(media, tmp_path).language == "de"


@pytest.mark.skipif(REAL is None, reason="needs the real voices: set DIGEST_GOLD")
def test_what_staff_say_of_the_language_is_held_against_the_sound(tmp_path: Path) -> None:
    """A German reading whose event.toml says English is written in German, and staff are told what to do."""
    assert REAL
    media = media_of(tmp_path, "-i", REAL / "librivox-de.flac", seconds=25)

    transcript = transcript_of(media, tmp_path, language="en")

    assert (transcript.language, transcript.expected) == ("de", "en")
    assert transcript.remarks[0].startswith("German is heard where event.toml says English")
    assert 'language = "de"' in transcript.remarks[0]
    assert not {word.text.lower() for word in transcript.words()}.isdisjoint({"und", "der", "die"})


@pytest.mark.skipif(REAL is None, reason="needs the real voices: set DIGEST_GOLD")
def test_each_language_of_a_recording_is_written_in_its_own(tmp_path: Path) -> None:
    """Half a minute of English, then twelve seconds of German: both are written, and the second is named."""
    assert REAL
    both = (*("-i", REAL / "sonnet-p003.flac"), *("-i", REAL / "librivox-de.flac"))
    pause = "[0]atrim=0:28,apad=pad_dur=3[a];[1]atrim=0:14[b];[a][b]concat=v=0:a=1"
    media = media_of(tmp_path, *both, "-filter_complex", pause, seconds=45)

    transcript = transcript_of(media, tmp_path, language="en")

    german = [segment for segment in transcript.segments if segment.language == "de"]
    assert (transcript.language, transcript.expected) == ("en", None)
    assert german
    assert all(segment.language is None for segment in transcript.segments if segment.end < 25)
    assert all(segment.start > 25 for segment in german)
    assert any("German is heard" in remark and clock(german[0].start) in remark for remark in transcript.remarks)


@pytest.mark.skipif(REAL is None, reason="needs the real voices: set DIGEST_GOLD")
def test_what_somebody_says_four_times_stays(tmp_path: Path) -> None:
    """A man who tests his microphone with "words, words, words, words" is not taken for a loop."""
    assert REAL
    media = media_of(tmp_path, "-i", REAL / "disfluent-two-takes.flac", seconds=27)

    said = " ".join(word.text.strip(",.").lower() for word in transcript_of(media, tmp_path, language="en").words())

    assert "some more words words words words and that" in said


@pytest.mark.skipif(REAL is None, reason="needs the real voices: set DIGEST_GOLD")
def test_a_voice_that_was_not_understood_is_remarked(tmp_path: Path) -> None:
    """Of a hoarse man eleven seconds are lost, whichever way they are decoded: staff are told where."""
    assert REAL
    media = media_of(tmp_path, "-ss", "155", "-i", REAL / "panel.flac", seconds=17)

    transcript = transcript_of(media, tmp_path, language="en")

    (remark,) = transcript.remarks
    assert remark.startswith("A voice is heard whose words were not understood, at 0:01:")


@pytest.mark.long
@pytest.mark.skipif(REAL is None, reason="needs the real voices: set DIGEST_GOLD")
@pytest.mark.parametrize("name", ["two-on-phone", "sonnet-p001"])
def test_no_loop_is_left_in_the_text(tmp_path: Path, name: str) -> None:
    """Recordings on which Whisper is known to repeat itself: the text does not."""
    assert REAL
    truth = json.loads((REAL / f"{name}.truth.json").read_text(encoding="utf-8"))
    media = media_of(tmp_path, "-i", REAL / f"{name}.flac", seconds=3600)

    transcript = transcript_of(media, tmp_path, language="en")

    text = " ".join(word.text for word in transcript.words())
    true = truth["text"] if "text" in truth else " ".join(said["text"] for said in truth["utterances"])
    assert compression(text) < 1.2 * compression(true)
    assert len(text) < 1.25 * len(true)
