"""From sound to words with their times."""

from digest.transcription.transcribe import transcribe

__all__ = ["transcribe"]
