"""Some seconds of the prepared sound, to be played beside the sentence that rests on them."""

import io
import wave
from pathlib import Path

MAX_SECONDS = 120.0  # seconds; a sentence rests on at most 60
FADE = 20  # milliseconds: without it a cut inside a word clicks


def cut(sound: Path, start: float, end: float) -> bytes:
    """Return [start, end) of a WAV file, in seconds and cut to what is there, as a WAV file of its own.

    Raises ValueError if that is nothing, or longer than MAX_SECONDS.
    """
    from pydub import AudioSegment

    with wave.open(str(sound), "rb") as file:
        rate = file.getframerate()
        first, last = max(0, round(start * rate)), min(round(end * rate), file.getnframes())
        if not 0 < last - first <= MAX_SECONDS * rate:
            raise ValueError(f"no clip from {start} to {end}")
        file.setpos(first)
        # pydub fades and writes two minutes at most in some 5 ms, at any rate, width and number of channels.
        clip = AudioSegment(
            data=file.readframes(last - first),
            sample_width=file.getsampwidth(),
            frame_rate=rate,
            channels=file.getnchannels(),
        )
    written = io.BytesIO()
    clip.fade_in(FADE).fade_out(FADE).export(written, format="wav")
    return written.getvalue()
