"""The recording, made ready for the transcriber and for readers."""

from digest.media.prepare import prepare as prepare
from digest.media.probe import probe as probe
