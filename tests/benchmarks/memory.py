"""How the transcriber's memory grows with the recording.

    python -m tests.benchmarks.memory [--minutes 10,60] [--hours 12]

The demo's sound again and again, each length in a process of its own; peak resident megabytes. The longest is
transcribed with a decoder that says the same sentence in every window: what is left is voice activity, windows, words.
"""

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import wave
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from unittest import mock

from digest.model.artifact import StoredFile
from digest.model.companions import Companions
from digest.model.media import Media
from digest.model.speech import Terms, Word
from digest.settings import SpeechSettings
from digest.store.files import file_sha256
from digest.transcription import fallback, transcribe
from digest.transcription.fallback import DecodedWindow, run_pass
from digest.transcription.windows import Window
from tests.builders import a_recording

DEMO = Path("recordings/demo/recording.mp4")
SENTENCE = ["A", "norm", "is", "not", "a", "law", "and", "we", "said", "so."]


def main() -> None:
    """Print minutes and peak megabytes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", default="10,60")
    parser.add_argument("--hours", type=float, default=12)
    parser.add_argument("--one", type=float, help=argparse.SUPPRESS)
    parser.add_argument("--stubbed", action="store_true", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.one:
        print(json.dumps(measure(asked.one, stubbed=asked.stubbed)))
        return
    print("| minutes | decoder | peak MB | words |\n|---|---|---|---|")
    runs = [(float(minutes), False) for minutes in asked.minutes.split(",")] + [(60 * asked.hours, True)]
    for minutes, stubbed in runs:
        command = [sys.executable, "-m", "tests.benchmarks.memory", "--one", str(minutes), *["--stubbed"] * stubbed]
        found = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
        print(f"| {minutes:.0f} | {'stubbed' if stubbed else 'real'} | {found['peak']} | {found['words']} |")


def measure(minutes: float, *, stubbed: bool) -> dict[str, int]:
    """Transcribe the demo's sound, repeated to this length; return peak megabytes and words."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        asked = (repeat_demo(root, minutes * 60), Terms(language="en"), Companions(), SpeechSettings())
        with mock.patch.object(fallback, "run_pass", same_sentence if stubbed else run_pass):
            transcript = transcribe(*asked, root=root, scratch=root)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return {"peak": peak, "words": sum(1 for _ in transcript.words())}


def repeat_demo(root: Path, seconds: float) -> Media:
    """Write the demo's sound again and again."""
    command = ["ffmpeg", "-v", "error", "-i", str(DEMO), "-ac", "1", "-ar", "16000", "-f", "s16le", "-"]
    samples = subprocess.run(command, check=True, capture_output=True).stdout
    path = root / "media" / "sound.wav"
    path.parent.mkdir()
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, 16_000, 0, "NONE", "not compressed"))
        left = int(seconds * 16_000) * 2
        while left > 0:
            file.writeframesraw(samples[:left])
            left -= len(samples)
    sound = StoredFile(path="media/sound.wav", sha256=file_sha256(path), size=path.stat().st_size)
    return a_recording(seconds=seconds).model_copy(update={"sound": sound})


def same_sentence(_: object, __: Path, parts: Sequence[Window], *___: Any, **____: Any) -> dict[Window, DecodedWindow]:
    """Return the same sentence, spread over each window's voice: as fast as people speak."""
    found = {}
    for part in parts:
        count = int(part.voice * 2.5) or 1
        each = part.voice / count
        start = part.pieces[0].start
        words = tuple(
            Word(
                text=SENTENCE[at % len(SENTENCE)],
                start=start + at * each,
                end=start + (at + 1) * each,
                probability=0.9,
            )
            for at in range(count)
        )
        found[part] = DecodedWindow(words=words, log_probability=-0.2)
    return found


if __name__ == "__main__":
    main()
