"""From sound to words with their times, and to who spoke."""

from digest.speech.speakers import tell_apart
from digest.speech.transcription import transcribe

__all__ = ["tell_apart", "transcribe"]
