"""Makes the recording ready: Drop in, Media out; one time line for the transcriber, the pages and the player."""

import logging
from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path

from digest.errors import UnusableDrop, naming
from digest.media.levels import levels
from digest.media.poster import poster
from digest.media.probe import COPY_AGAIN
from digest.media.probe import probe as probe_of
from digest.media.sound import MAX_SECONDS, Raw, decode, mix_of, write
from digest.media.web import Part, web_copy
from digest.model.drop import Drop, DroppedFile
from digest.model.media import Media, Probe, Source, WebCopy
from digest.settings import MediaSettings
from digest.store.files import record_file

log = logging.getLogger(__name__)

VERSION = 1

MIN_SECONDS = 1.0  # seconds: nothing can be said in less
FOLDER = "media"
GUESSED_LENGTH = {"mp3", "aac", "amr"}  # containers that give their length by an average bit rate, or not at all
SOUND_SHARE = 0.3  # of the time goes into the sound, the rest into the web copy
MINUTE = 60

Progress = Callable[[float], None]
Heard = tuple[Part, Raw, list[str]]  # with remarks for staff


def prepare(drop: Drop, settings: MediaSettings, *, root: Path, into: Path, progress: Progress | None = None) -> Media:
    """Make sound.wav, the web copy and a poster of the recording; several parts are joined in order.

    Second 0 is the first thing that the web copy shows or sounds. What is odd but usable is remarked.
    Raises UnusableDrop if a part is no recording, has no sound, or is too short.
    """
    dropped = drop.of_role("recording")
    if not dropped:
        raise UnusableDrop(
            "There is no recording.", file=drop.folder, remedy="Put the recording into the folder and drop it again."
        )
    probes = [_probed(file, root, settings) for file in dropped]
    expected = sum(probe.duration or 0 for probe in probes) or 1.0
    _check_length(expected, drop)
    heard: list[Heard] = []
    for number, (file, probe) in enumerate(zip(dropped, probes, strict=True)):
        done = SOUND_SHARE * sum(part.seconds for part, _, _ in heard) / expected
        reached = _reporting(progress, done, SOUND_SHARE, expected)
        with naming(file.name):
            heard.append(
                _heard(root / file.path, probe, settings, to=into / f"{number}.raw", reached=reached, name=file.name)
            )
    sound = into / "sound.wav"
    seconds = write([(raw, part.mix) for part, raw, _ in heard], sound)
    for _, raw, _ in heard:
        raw.path.unlink()
    if seconds < MIN_SECONDS:
        raise UnusableDrop("The recording is too short: less than a second.", file=dropped[0].name, remedy=COPY_AGAIN)
    _check_length(seconds, drop)
    parts = [part for part, _, _ in heard]
    with naming(dropped[0].name):
        web = web_copy(parts, settings, into=into, reached=_reporting(progress, SOUND_SHARE, 1 - SOUND_SHARE, expected))
    remarks = [remark for _, _, found in heard for remark in found]
    return _media(dropped, parts, sound=sound, seconds=seconds, web=web, remarks=remarks, settings=settings)


def _check_length(seconds: float, drop: Drop) -> None:
    """Raise UnusableDrop where a recording goes on longer than any webinar."""
    if seconds > MAX_SECONDS:
        raise UnusableDrop(
            f"The recording goes on for more than {MAX_SECONDS / 3600:g} hours.",
            file=drop.of_role("recording")[0].name,
            remedy="Cut it, for example into a webinar for each half of the day, and drop each in a folder of its own.",
        )


def _probed(file: DroppedFile, root: Path, settings: MediaSettings) -> Probe:
    """Return the probe of a recording that has sound and is not too large. Raises UnusableDrop otherwise."""
    if file.size > settings.largest_gigabytes * 1e9:
        raise UnusableDrop(
            f"The recording is larger than {settings.largest_gigabytes:g} GB.",
            file=file.name,
            remedy="Save it smaller, for example as MP4 with 720 lines, and drop it again.",
        )
    with naming(file.name):
        found = probe_of(root / file.path)
    if not found.tracks:
        raise UnusableDrop(
            "The recording has no sound.", file=file.name, remedy="Drop the recording that was saved with sound."
        )
    return found


def _heard(
    source: Path, probe: Probe, settings: MediaSettings, *, to: Path, reached: Progress | None, name: str
) -> Heard:
    """Decode the default track, or the first other one that is not silent, and remark what is odd about it."""
    remarks = []
    for track in (*probe.tracks, probe.tracks[0]):  # all silent: the default one after all
        raw = decode(
            source,
            probe,
            track,
            to=to,
            seconds_limit=settings.seconds_limit,
            max_gigabytes=settings.largest_gigabytes,
            reached=reached,
        )
        mix = mix_of(raw)
        log.debug(
            "%s, stream %d: %.1f s, channels count %s, gain %.2f, %.0f dBFS loud",
            name,
            track.index,
            raw.seconds,
            [round(weight, 2) for weight in mix.weights],
            mix.gain,
            mix.loud,
        )
        if not mix.is_silent:
            break
    if mix.is_silent:
        remarks.append(f"{name}: nothing can be heard in it.")
    if len(probe.tracks) > 1:
        remarks.append(f"{name}: it has {len(probe.tracks)} sound tracks; stream {track.index} of the file is used.")
    if mix.gain > 1:
        remarks.append(f"{name}: it is very quiet and was made louder.")
    if probe.container == "amr":
        remarks.append(f"{name}: pauses may be missing from this kind of file, so its times may be inexact.")
    return Part(source, probe, track, mix, raw.seconds), raw, remarks


def _media(
    dropped: Sequence[DroppedFile],
    parts: Sequence[Part],
    *,
    sound: Path,
    seconds: float,
    web: Path,
    remarks: Sequence[str],
    settings: MediaSettings,
) -> Media:
    shown = probe_of(web)
    duration = round(max(seconds, shown.duration or 0.0), 3)
    ends = [duration] if len(parts) == 1 else [part.seconds for part in parts]
    early = [_ends_early(file.name, part.probe, end) for file, part, end in zip(dropped, parts, ends, strict=True)]
    return Media(
        duration=duration,
        has_video=shown.video_codec is not None,
        recorded_at=parts[0].probe.recorded_at,
        sources=tuple(map(_source, dropped, parts, ends)),
        web=_web(web, shown),
        sound=record_file(sound, folder=FOLDER),
        poster=poster(web, shown, duration=duration, folder=FOLDER, seconds_limit=settings.seconds_limit),
        levels=levels(sound),
        remarks=(*remarks, *filter(None, early)),
    )


def _source(file: DroppedFile, part: Part, end: float) -> Source:
    return Source(
        path=file.path,
        sha256=file.sha256,
        size=file.size,
        container=part.probe.container,
        audio_codec=part.track.codec,
        video_codec=part.probe.video_codec,
        duration=round(end, 3),
    )


def _web(path: Path, shown: Probe) -> WebCopy:
    return WebCopy(
        **record_file(path, folder=FOLDER).model_dump(),
        mime="video/mp4" if shown.video_codec else "audio/mp4",
        audio_codec=shown.audio_codec or "aac",
        video_codec=shown.video_codec,
        width=shown.width,
        height=shown.height,
    )


def _ends_early(name: str, probe: Probe, end: float) -> str | None:
    """Return the remark that a copy was cut off: what its head promises is not there."""
    promised = (probe.duration or 0.0) - max(probe.start, 0)  # some containers count the time before the first thing
    if probe.container in GUESSED_LENGTH or promised - end < max(1.5, 0.005 * promised):
        return None
    return f"{name}: it ends early, at {_length(end)} of {_length(promised)}: perhaps its copy was never finished."


def _length(seconds: float) -> str:
    return f"{seconds:.1f} s" if seconds < MINUTE else str(timedelta(seconds=round(seconds)))


def _reporting(progress: Progress | None, done: float, share: float, expected: float) -> Progress | None:
    """Return what turns a finished second of `expected` into a fraction of the whole stage."""
    if progress is None:
        return None
    return lambda second: progress(min(1.0, done + share * second / expected))
