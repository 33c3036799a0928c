"""From sound to words with their times, and to who spoke."""

from digest.speech.decoding import transcribe
from digest.speech.speakers import tell_apart

__all__ = ["tell_apart", "transcribe"]
