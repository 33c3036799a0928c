"""What a recording says of itself: a path in, Probe out; nothing is decoded, and nothing but that file is opened."""

import json
import logging
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from digest import sandbox
from digest.errors import UnusableDrop
from digest.media.ffmpeg import input_options
from digest.model.media import Probe, Track
from digest.sandbox import Limits

log = logging.getLogger(__name__)

LIMITS = Limits(seconds=60, megabytes=2048, file_megabytes=1)
MIN_RATE, MAX_RATE = 4_000, 768_000  # Hz; telephones have 8,000, and 40 kB at 1 Hz become 640 MB at 16,000
MAX_CHANNELS = 32
MAX_SIDE = 8192  # pixels; frames beyond are not decoded
INTERLACED = {"tt", "bb", "tb", "bt"}  # as ffprobe says that fields, not frames, are stored
HDR = {"smpte2084", "arib-std-b67"}  # PQ and HLG (ITU-R BT.2100)
MIN_CLOCK = datetime(2000, 1, 1, tzinfo=UTC)  # recorders without a clock say 1904 or 1970

ID3_HEADER = 10  # bytes; the tag itself, with covers, may be megabytes

COPY_AGAIN = "Copy or download the recording again, check that it plays on your computer, and drop it again."


def probe(path: Path) -> Probe:
    """Return what the recording's container says of its streams.

    Raises UnusableDrop if the file is no recording, is incomplete, has no sound, or declares what no recording has.
    """
    container = sniff(path)
    said = _ffprobe(path, container)
    streams = said.get("streams", [])
    tracks = _tracks(path, [stream for stream in streams if stream.get("codec_type") == "audio"])
    video = next(filter(_is_picture, streams), None)
    whole = said.get("format", {})
    first = tracks[0] if tracks else None
    if not (first or video):
        raise UnusableDrop("There is neither sound nor picture in it.", file=path, remedy=COPY_AGAIN)
    found = Probe(
        container=container,
        duration=_number(whole.get("duration")),
        start=_number(whole.get("start_time")) or 0.0,
        audio_codec=first.codec if first else None,
        sample_rate=first.sample_rate if first else None,
        channels=first.channels if first else None,
        audio_index=first.index if first else None,
        audio_start=first.start if first else 0.0,
        tracks=tracks,
        recorded_at=_clock(whole.get("tags", {}).get("creation_time")),
        **(_picture(path, video) if video else {}),
    )
    log.debug("%s: %s", path.name, found)
    return found


def sniff(path: Path) -> str:
    """Return ffmpeg's name of the container that the file's first bytes show, whatever the file is called.

    Raises UnusableDrop if they show none that we know: a web page, a play list, a program, nothing.
    """
    with path.open("rb") as file:
        head = file.read(4096)
        if head.startswith(b"ID3") and len(head) > ID3_HEADER:
            size = sum((byte & 0x7F) << shift for byte, shift in zip(head[6:10], (21, 14, 7, 0), strict=True))
            file.seek(ID3_HEADER + size)
            head = file.read(16).lstrip(b"\0") or b"\xff\xfb"
            return _container(head) or "mp3"
    return container_of(head, path)


def container_of(head: bytes, path: Path) -> str:
    """Return the container that a file's first bytes show; a tag of music files may stand before it.

    Raises UnusableDrop as `sniff`.
    """
    if head.startswith(b"ID3"):
        return "mp3"
    container = _container(head)
    if container is None:
        raise UnusableDrop(_what_else(head), file=path, remedy=COPY_AGAIN)
    return container


def _container(head: bytes) -> str | None:
    if head[4:8] in {b"ftyp", b"moov", b"mdat", b"free", b"wide", b"skip", b"styp", b"pnot"}:
        return "mov"
    if head[:4] in {b"RIFF", b"RF64"}:
        return {b"WAVE": "wav", b"AVI ": "avi"}.get(head[8:12])
    if any(head[one : one + 1] == head[two : two + 1] == b"\x47" for one, two in ((0, 188), (4, 196))):  # .ts, .m2ts
        return "mpegts"
    for magic, name in (
        (b"\x1a\x45\xdf\xa3", "matroska"),
        (b"OggS", "ogg"),
        (b"fLaC", "flac"),
        (b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", "asf"),
        (b"#!AMR", "amr"),
    ):
        if head.startswith(magic):
            return name
    if head[:1] == b"\xff" and head[1:2] >= b"\xe0":  # MPEG audio's sync word; layer 0 is AAC
        return "aac" if head[1] & 0x06 == 0 else "mp3"
    return None


def _what_else(head: bytes) -> str:
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if not head.strip(b"\0"):
        return "The file is empty, or its copy was never finished."
    if start.startswith((b"<!doctype html", b"<html", b"<head")):
        return "This is a web page, not a recording: perhaps a log-in or error page was saved."
    lists = (b"#extm3u", b"ffconcat", b"[playlist]", b"<asx", b"<smil", b"<mpd", b"<?xml", b"v=0", b"rtsptext", b"<!d")
    if start.startswith(lists):
        return "This is only a list that points at other files or addresses, not a recording."
    if start.startswith(b"pk\x03\x04"):
        return "This is a zip or office file, not a recording."
    return "This is not a recording that can be read."


def _ffprobe(path: Path, container: str) -> dict[str, Any]:
    ended = sandbox.run(
        [
            *("ffprobe", "-hide_banner", "-v", "error", "-of", "json", "-show_streams", "-show_format"),
            *input_options(path, container),
        ],
        limits=replace(LIMITS, reads=(path,)),
    )
    try:
        said: dict[str, Any] = json.loads(ended.stdout)
    except ValueError:
        said = {}
    if ended.status != 0 or not said.get("format"):
        raise UnusableDrop("The recording is incomplete or damaged.", file=path, remedy=COPY_AGAIN)
    return said


def _tracks(path: Path, streams: list[dict[str, Any]]) -> tuple[Track, ...]:
    streams.sort(key=lambda stream: not stream.get("disposition", {}).get("default"))
    tracks = tuple(
        Track(
            index=stream["index"],
            codec=stream.get("codec_name", "unknown"),
            sample_rate=int(stream.get("sample_rate") or 0),
            channels=int(stream.get("channels") or 0),
            start=_number(stream.get("start_time")) or 0.0,
        )
        for stream in streams
    )
    for track in tracks:
        if not (MIN_RATE <= track.sample_rate <= MAX_RATE and 1 <= track.channels <= MAX_CHANNELS):
            raise UnusableDrop(
                f"Its sound claims {track.sample_rate} samples a second in {track.channels} channels, "
                "which no recording has.",
                file=path,
                remedy=COPY_AGAIN,
            )
    return tracks


def _is_picture(stream: dict[str, Any]) -> bool:
    """Tell a moving picture from a cover."""
    return stream.get("codec_type") == "video" and not stream.get("disposition", {}).get("attached_pic")


def _picture(path: Path, stream: dict[str, Any]) -> dict[str, Any]:
    width, height = int(stream.get("width") or 0), int(stream.get("height") or 0)
    if not (0 < width <= MAX_SIDE and 0 < height <= MAX_SIDE):
        raise UnusableDrop(
            f"Its picture claims {width} × {height} pixels.",
            file=path,
            remedy=f"Save the recording with at most {MAX_SIDE} pixels a side and drop it again.",
        )
    turned = [side["rotation"] for side in stream.get("side_data_list", []) if "rotation" in side]
    over, _, under = str(stream.get("avg_frame_rate") or "0/0").partition("/")
    return {
        "video_codec": stream.get("codec_name", "unknown"),
        "video_index": stream["index"],
        "width": width,
        "height": height,
        "frame_rate": float(over) / float(under) if float(under or 0) else None,
        "pixel_format": stream.get("pix_fmt"),
        "is_interlaced": stream.get("field_order") in INTERLACED,
        "is_hdr": stream.get("color_transfer") in HDR,
        "rotation": int(turned[0]) % 360 if turned else 0,
        "video_start": _number(stream.get("start_time")) or 0.0,
    }


def _number(said: object) -> float | None:
    try:
        return float(str(said))
    except ValueError:
        return None


def _clock(said: object) -> datetime | None:
    try:
        clock = datetime.fromisoformat(str(said))
    except ValueError:
        return None
    return clock if clock.tzinfo and clock >= MIN_CLOCK else None
