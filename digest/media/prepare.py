"""Makes the recording ready: Drop in, Media out; one time line for the transcriber, the pages and the player."""

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from digest.errors import UnusableDrop, naming
from digest.media.levels import levels
from digest.media.playing import look_through
from digest.media.poster import poster
from digest.media.probe import COPY_AGAIN
from digest.media.probe import probe as probe_of
from digest.media.sound import (
    MAX_SECONDS,
    RATE,
    SILENT,
    Mix,
    Raw,
    decode,
    mix_of,
    side_by_side,
    speaks_meanwhile,
    write,
)
from digest.media.web import Part, Screen, web_copy
from digest.model.drop import Drop, DroppedFile
from digest.model.media import Media, Probe, Source, Track, WebCopy
from digest.settings import MediaSettings
from digest.store.files import record_file
from digest.text.clock import minutes_and_seconds

log = logging.getLogger(__name__)

VERSION = 3

MIN_SECONDS = 1.0  # seconds: nothing can be said in less
FOLDER = "media"
GUESSED_LENGTH = {"mp3", "aac", "amr"}  # containers that give their length by an average bit rate, or not at all
SOUND_SHARE = 0.3  # of the time goes into the sound, the rest into the web copy
MINUTE = 60
MAX_TRACKS = 8  # of a file that are listened to beside the first
MANY = 5  # places that a remark names
OF_A_PICTURE = {
    *("video_codec", "video_index", "width", "height", "frame_rate", "pixel_format"),
    *("is_interlaced", "is_hdr", "rotation", "video_start"),
}  # the fields of a Probe

Progress = Callable[[float], None]
Probes = Mapping[str, Probe]  # by the file's path in the workspace
Heard = tuple[Part, Raw, list[str]]  # with remarks for staff


def prepare(drop: Drop, settings: MediaSettings, *, root: Path, into: Path, progress: Progress | None = None) -> Media:
    """Make sound.wav, the web copy and a poster of the recording; several parts are joined in order.

    Second 0 is the first thing that the web copy shows or sounds. What is odd but usable is remarked. One that has no
    sound is silent: the words are then those of captions.
    Raises UnusableDrop if a part is no recording, or is too short.
    """
    dropped = drop.of_role("recording")
    if not dropped:
        raise UnusableDrop(
            "There is no recording.", file=drop.folder, remedy="Put the recording into the folder and drop it again."
        )
    probes = {file.path: _probed(file, root, settings) for file in (*dropped, *drop.of_role("screen"))}
    expected = (
        sum(probes[file.path].duration or 0 for file in dropped) or 1.0
    )  # as their heads claim: some claim months
    heard: list[Heard] = []
    for number, file in enumerate(dropped):
        done = SOUND_SHARE * sum(part.seconds for part, _, _ in heard) / expected
        reached = _reporting(progress, done, SOUND_SHARE, expected)
        with naming(file.name):
            heard.append(
                _heard(file, probes[file.path], settings, root=root, to=into / f"{number}.raw", reached=reached)
            )
    sound = into / "sound.wav"
    seconds = write([(raw, part.mix) for part, raw, _ in heard], sound)
    for _, raw, _ in heard:
        raw.path.unlink()
    if seconds < MIN_SECONDS:
        raise UnusableDrop("The recording is too short: less than a second.", file=dropped[0].name, remedy=COPY_AGAIN)
    if seconds > MAX_SECONDS:
        raise _too_long(dropped[0].name)
    parts, damaged = _look_at_pictures([part for part, _, _ in heard], drop, probes, root, settings)
    with naming(dropped[0].name):
        web = web_copy(parts, settings, into=into, reached=_reporting(progress, SOUND_SHARE, 1 - SOUND_SHARE, expected))
    for part in parts:
        if part.source.parent == into:  # silence
            part.source.unlink()
    remarks = [*(remark for _, _, found in heard for remark in found), *damaged]
    return _media(drop, parts, sound=sound, seconds=seconds, web=web, remarks=remarks, settings=settings, probes=probes)


def _too_long(name: str) -> UnusableDrop:
    """Return what is said of a recording that goes on longer than any webinar."""
    return UnusableDrop(
        f"The recording goes on for more than {MAX_SECONDS / 3600:g} hours.",
        file=name,
        remedy="Cut it, for example into a webinar for each half of the day, and drop each in a folder of its own.",
    )


def _probed(file: DroppedFile, root: Path, settings: MediaSettings) -> Probe:
    """Return the probe of a recording that is not too large. Raises UnusableDrop otherwise."""
    if file.size > settings.largest_gigabytes * 1e9:
        raise UnusableDrop(
            f"The recording is larger than {settings.largest_gigabytes:g} GB.",
            file=file.name,
            remedy="Save it smaller, for example as MP4 with 720 lines, and drop it again.",
        )
    with naming(file.name):
        return probe_of(root / file.path)


def _look_at_pictures(
    parts: Sequence[Part], drop: Drop, probes: Probes, root: Path, settings: MediaSettings
) -> tuple[list[Part], list[str]]:
    """Return the parts with what was seen of their pictures, and a remark for each that is damaged."""
    found, remarks = list(parts), list[str]()
    if screens := drop.of_role("screen"):
        (screen,) = screens
        found = [_with_screen(found[0], root / screen.path, probes[screen.path])]
    for number, (part, file) in enumerate(zip(found, screens or drop.of_role("recording"), strict=True)):
        if part.probe.video_codec is None:
            continue
        path, container = part.picture_file
        seen = look_through(path, container, part.probe, seconds_limit=settings.seconds_limit)
        found[number] = replace(part, picture=seen)
        if seen.damaged:
            remarks.append(_damage_remark(file.name, seen.damaged))
    return found, remarks


def _with_screen(part: Part, path: Path, shown: Probe) -> Part:
    probe = part.probe.model_copy(update=shown.model_dump(include=OF_A_PICTURE))
    return replace(part, probe=probe, screen=Screen(path, shown.container))


def _damage_remark(name: str, seconds: Sequence[float]) -> str:
    where = ", ".join(minutes_and_seconds(at) for at in seconds[:MANY])
    more = " and at more places" if len(seconds) > MANY else ""
    return f"{name}: its picture is damaged at {where}{more}, and may look wrong there."


def _heard(
    file: DroppedFile, probe: Probe, settings: MediaSettings, *, root: Path, to: Path, reached: Progress | None
) -> Heard:
    """Decode the default track, or the first other one that is not silent, with those of other voices mixed in.

    What is odd about it is remarked.
    """
    source, name = root / file.path, file.name
    if not probe.tracks:
        return _silent(source, probe, to=to, name=name)

    def decode_track(track: Track, to: Path, reached: Progress | None = None) -> Raw:
        return decode(
            source,
            probe,
            track,
            to=to,
            seconds_limit=settings.seconds_limit,
            max_gigabytes=settings.largest_gigabytes,
            reached=reached,
        )

    for track in (*probe.tracks, probe.tracks[0]):  # all silent: the default one after all
        raw = decode_track(track, to, reached)
        mix = mix_of(raw)
        if not mix.is_silent:
            break
    more = list[Track]()
    if not mix.is_silent:
        raw, more = _with_other_voices(raw, [other for other in probe.tracks if other != track], decode_track)
        mix = mix_of(raw) if more else mix
    log.debug(
        "%s, streams %s: %.1f s, channels count %s, gain %.2f, %.0f dBFS loud",
        name,
        [one.index for one in (track, *more)],
        raw.seconds,
        [round(weight, 2) for weight in mix.weights],
        mix.gain,
        mix.loud,
    )
    part = Part(source, probe, track, mix, raw.seconds, more=tuple(more))
    return part, raw, [f"{name}: {remark}" for remark in _remarks_on_sound(part)]


def _with_other_voices(
    raw: Raw, others: Sequence[Track], decode_track: Callable[[Track, Path], Raw]
) -> tuple[Raw, list[Track]]:
    """Return the sound with the tracks beside it in which somebody else speaks, and which these are."""
    voices = dict[int, tuple[Track, Raw]]()
    for track in others[:MAX_TRACKS]:
        one = decode_track(track, raw.path.with_suffix(f".{track.index}.raw"))
        if all(speaks_meanwhile(known, one) for known in (raw, *(known for _, known in voices.values()))):
            voices[track.index] = track, one
        else:
            one.path.unlink()
    if not voices:
        return raw, []
    tracks = [raw, *(one for _, one in voices.values())]
    together = side_by_side(tracks, raw.path.with_suffix(".all.raw"))
    for one in tracks:
        one.path.unlink()
    return together, [track for track, _ in voices.values()]


def _remarks_on_sound(part: Part) -> Iterator[str]:
    probe, mix = part.probe, part.mix
    if mix.is_silent:
        yield "nothing can be heard in it."
    if part.more:
        yield f"it has {len(probe.tracks)} sound tracks; {1 + len(part.more)} with different people were mixed."
    elif len(probe.tracks) > 1:
        yield f"it has {len(probe.tracks)} sound tracks; stream {part.track.index} of the file is used."
    if mix.gain > 1:
        yield "it is very quiet and was made louder."
    if mix.is_levelled:
        yield "one voice, in a channel of its own, was much quieter and was made as loud as the other."
    if mix.is_clipped:
        yield (
            "it was recorded too loudly and is distorted. Words may be wrong where that is worst: listen, or "
            "drop another recording if there is one."
        )
    if probe.container == "amr":
        yield "pauses may be missing from this kind of file, so its times may be inexact."


def _silent(source: Path, probe: Probe, *, to: Path, name: str) -> Heard:
    """Return a picture that has no sound as the screen of a silent recording of its length."""
    if (probe.duration or 0) > MAX_SECONDS:
        raise _too_long(name)
    with to.open("wb") as file:
        file.truncate(2 * round(RATE * (probe.duration or 0)))
    raw, mix, silence = Raw(to, 1), Mix((1.0,), 1.0, SILENT), to.with_suffix(".wav")
    seconds = write([(raw, mix)], silence)
    heard = probe_of(silence)
    shown = heard.model_copy(update=probe.model_dump(include={*OF_A_PICTURE, "recorded_at"}))
    part = Part(silence, shown, heard.tracks[0], mix, seconds, Screen(source, probe.container))
    return part, raw, [f"{name}: it has no sound."]


def _media(
    drop: Drop,
    parts: Sequence[Part],
    *,
    sound: Path,
    seconds: float,
    web: Path,
    remarks: Sequence[str],
    settings: MediaSettings,
    probes: Probes,
) -> Media:
    dropped, shown = drop.of_role("recording"), probe_of(web)
    duration = round(max(seconds, shown.duration or 0.0), 3)
    ends = [duration] if len(parts) == 1 else [part.seconds for part in parts]
    early = [_ends_early(file.name, part.probe, end) for file, part, end in zip(dropped, parts, ends, strict=True)]
    return Media(
        duration=duration,
        has_video=shown.video_codec is not None,
        recorded_at=parts[0].probe.recorded_at,
        sources=(
            *(_source(file, probes, end, part) for file, part, end in zip(dropped, parts, ends, strict=True)),
            *(_source(file, probes, duration) for file in drop.of_role("screen")),
        ),
        web=_web(web, shown),
        sound=record_file(sound, folder=FOLDER),
        poster=poster(web, shown, duration=duration, folder=FOLDER, seconds_limit=settings.seconds_limit),
        levels=levels(sound),
        remarks=(*remarks, *filter(None, early)),
    )


def _source(file: DroppedFile, probes: Probes, end: float, heard: Part | None = None) -> Source:
    """Return what is known of a dropped file; of its sound nothing, unless it was heard."""
    own = probes[file.path]
    return Source(
        path=file.path,
        sha256=file.sha256,
        size=file.size,
        container=own.container,
        audio_codec=heard.track.codec if heard and own.tracks else "none",
        video_codec=own.video_codec,
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
