"""What was said comes out, at its time; what was not said does not."""

import json
from itertools import pairwise
from pathlib import Path
from statistics import median

import pytest

from digest.errors import UnusableDrop
from digest.model.artifact import Span
from digest.model.companions import Companions
from digest.model.media import Media
from digest.model.speech import Terms, Transcript
from digest.settings import SpeechSettings
from digest.speech import transcribe
from digest.speech.decoding import MARGIN, WINDOW, compression, cut
from tests import truth as t
from tests.measures import word_error_rate
from tests.speech.sounds import DEMO, media_of

MINUTE = 59.8  # the end of a sentence


def said_in(media: Media, root: Path, model: str = "base", language: str | None = None) -> Transcript:
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
    return media, root, said_in(media, root)


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


def test_a_killed_run_goes_on_with_the_same_result(minute: tuple[Media, Path, Transcript]) -> None:
    """Finished windows lie in scratch: with one of them gone only that one is made again, and all is as before."""
    media, root, transcript = minute
    kept = sorted((root / "scratch").iterdir())
    assert len(kept) >= 2
    untouched, gone = kept[0], kept[-1]
    before = untouched.stat().st_mtime_ns
    gone.unlink()

    again = said_in(media, root)

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
        said_in(media, tmp_path)
    assert "right file" in refused.value.remedy, name


def test_windows_hold_all_voice_and_at_most_half_a_minute() -> None:
    """Every voiced second is in a window, none is longer than Whisper's, and a long silence is in none."""
    regions = [Span(start=at, end=at + 2.5) for at in range(0, 300, 3)] + [Span(start=400, end=475)]

    windows = list(cut(regions))

    assert all(window[-1].end - window[0].start <= WINDOW - 2 * MARGIN + 1e-6 for window in windows)
    assert all(two.start - one.end < 4 for window in windows for one, two in pairwise(window))
    voiced = sum(span.end - span.start for window in windows for span in window)
    assert voiced == pytest.approx(sum(region.end - region.start for region in regions))


REAL = t.gold("real-voices")


@pytest.mark.skipif(REAL is None, reason="needs the real voices: set DIGEST_GOLD")
def test_german_is_heard_as_german(tmp_path: Path) -> None:
    """The language is detected where nobody gave it."""
    assert REAL
    media = media_of(tmp_path, "-i", REAL / "librivox-de.flac", seconds=25)

    assert said_in(media, tmp_path).language == "de"


@pytest.mark.long
@pytest.mark.skipif(REAL is None, reason="needs the real voices: set DIGEST_GOLD")
@pytest.mark.parametrize("name", ["two-on-phone", "sonnet-p001"])
def test_no_loop_is_left_in_the_text(tmp_path: Path, name: str) -> None:
    """Recordings on which Whisper is known to repeat itself: the text does not."""
    assert REAL
    truth = json.loads((REAL / f"{name}.truth.json").read_text(encoding="utf-8"))
    media = media_of(tmp_path, "-i", REAL / f"{name}.flac", seconds=3600)

    transcript = said_in(media, tmp_path, language="en")

    text = " ".join(word.text for word in transcript.words())
    true = truth["text"] if "text" in truth else " ".join(said["text"] for said in truth["utterances"])
    assert compression(text) < 1.2 * compression(true)
    assert len(text) < 1.25 * len(true)
