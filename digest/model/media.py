"""The recording, made ready: for the transcriber as 16 kHz mono, for readers as a web copy."""

from typing import ClassVar

from pydantic import AwareDatetime

from digest.model.artifact import Artifact, Picture, Record, StoredFile


class Source(StoredFile):
    """A recording as dropped; `duration` in seconds as decoded."""

    container: str
    audio_codec: str
    video_codec: str | None = None
    duration: float


class WebCopy(StoredFile):
    """What readers play: H.264 and AAC in mp4, or AAC in m4a; no metadata of the source."""

    mime: str
    audio_codec: str
    video_codec: str | None = None
    width: int | None = None
    height: int | None = None


class Media(Artifact):
    """One time line for all: second 0 is the first thing a viewer of the web copy is shown.

    `duration` in seconds; `recorded_at` the wall clock at second 0, if the file knows it.
    `sound` is WAV, 16 kHz, mono, 16 bit. `levels` is the loudness of each second in dBFS (-96 for silence).
    """

    FILE: ClassVar[str] = "media.json"
    FOLDER: ClassVar[str | None] = "media"

    duration: float
    has_video: bool
    recorded_at: AwareDatetime | None = None
    sources: tuple[Source, ...]
    web: WebCopy
    sound: StoredFile
    poster: Picture | None = None
    levels: tuple[float, ...] = ()
    remarks: tuple[str, ...] = ()


class Track(Record):
    """One of the sound tracks of a recording; `index` counts all streams of the file."""

    index: int
    codec: str
    sample_rate: int
    channels: int
    start: float = 0.0


class Probe(Record):
    """What a container says of itself before anything is decoded; seconds, pixels, Hz.

    `tracks` are all sound tracks, the one marked as default first; the fields that begin with `audio` are its.
    `is_interlaced`: a picture is two half ones, a line each; `is_hdr`: its light is of another curve than BT.709's.
    """

    container: str
    duration: float | None
    audio_codec: str | None
    sample_rate: int | None
    channels: int | None
    audio_index: int | None = None
    video_codec: str | None = None
    video_index: int | None = None
    width: int | None = None
    height: int | None = None
    frame_rate: float | None = None
    pixel_format: str | None = None
    is_interlaced: bool = False
    is_hdr: bool = False
    rotation: int = 0
    start: float = 0.0
    audio_start: float = 0.0
    tracks: tuple[Track, ...] = ()
    video_start: float = 0.0
    recorded_at: AwareDatetime | None = None
