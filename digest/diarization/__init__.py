"""From sound and words to who spoke when, and who they are."""

from digest.diarization.diarize import diarize

__all__ = ["diarize"]
