"""The recording as readers play it: H.264 and AAC in mp4, or AAC in m4a, that any browser starts at once."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path

from digest.errors import UnusableDrop
from digest.media.ffmpeg import ffmpeg, input_options
from digest.media.playing import SeenPicture
from digest.media.probe import COPY_AGAIN
from digest.media.sound import Mix
from digest.model.media import Probe, Track
from digest.settings import MediaSettings

log = logging.getLogger(__name__)

STEREO = 2
FRAMES_TO_JUMP = 300  # ten seconds of thirty frames: browsers decode them while a reader waits for where he clicked
TO_SDR = (
    "zscale=t=linear:npl=100,format=gbrpf32le,zscale=p=bt709,tonemap=hable:desat=0,"
    "zscale=t=bt709:m=bt709:r=tv,format=yuv420p"
)
TOGETHER = 0.05  # seconds; streams that start further apart lean on edit lists, which players read differently
FRAME_RATES = (10.0, 30.0)  # a slide change is 0.1 s late at worst; a camera needs no more than 30
RESAMPLED = "aresample=48000:async=1:first_pts=0"
NO_METADATA = (
    *("-map_metadata", "-1", "-map_metadata:s", "-1", "-map_chapters", "-1", "-sn", "-dn"),
    *("-fflags", "+bitexact", "-movflags", "+faststart"),
)


@dataclass(frozen=True)
class Screen:
    """A file whose picture is shown to the sound of another one."""

    path: Path
    container: str


@dataclass(frozen=True)
class Part:
    """One of the drop's recordings with the track that is heard, how it is mixed, and how long its sound is.

    `screen` is the file of the picture where that is another one, of which `probe` then tells all that is a picture's;
    `picture` is what was seen of it. `more` are tracks with other voices: `mix` is of all their channels, side by side.
    """

    source: Path
    probe: Probe
    track: Track
    mix: Mix
    seconds: float
    screen: Screen | None = None
    picture: SeenPicture | None = None
    more: tuple[Track, ...] = ()

    @property
    def picture_file(self) -> tuple[Path, str]:
        """Return the file that has its picture, and the container of it."""
        return (self.screen.path, self.screen.container) if self.screen else (self.source, self.probe.container)

    @property
    def inputs(self) -> list[str]:
        """Return the options that open its files."""
        screen = input_options(self.screen.path, self.screen.container) if self.screen else []
        return [*input_options(self.source, self.probe.container), *screen]


def web_copy(
    parts: Sequence[Part], settings: MediaSettings, *, into: Path, reached: Callable[[float], None] | None = None
) -> Path:
    """Write the web copy of the parts, one after the other, and return its path.

    A single recording that already fits is repacked without loss. Of several, each lasts as long as its sound.
    Raises UnusableDrop if ffmpeg cannot make it.
    """
    has_video = any(part.probe.video_codec for part in parts)
    to = into / ("web.mp4" if has_video else "web.m4a")
    fits = len(parts) == 1 and _fits(parts[0], settings)
    ways = [("encoded", _encoding(parts, settings, has_video=has_video))]
    if fits:
        ways.insert(0, ("repacked", _repacking(parts[0])))
    for way, args in ways:
        ended = ffmpeg(
            [*args, *NO_METADATA, "-f", "mp4" if has_video else "ipod", to],
            seconds=settings.seconds_limit,
            max_gigabytes=settings.largest_gigabytes,
            reached=reached,
        )
        log.debug("web copy %s from %d parts: ffmpeg's status %d", way, len(parts), ended.status)
        if ended.status == 0:
            return to
    raise UnusableDrop("The recording cannot be turned into a web copy.", file=parts[0].source, remedy=COPY_AGAIN)


def _fits(part: Part, settings: MediaSettings) -> bool:
    probe = part.probe
    starts = [probe.start, part.track.start - probe.start]
    if probe.video_codec:
        starts.append(probe.video_start - probe.start)
    return (
        probe.container == "mov"
        and (part.screen is None or part.screen.container == "mov")
        and part.track.codec == "aac"
        and not part.more
        and part.mix.is_plain
        and all(abs(start) < TOGETHER for start in starts)
        and probe.video_codec in {None, "h264"}
        and (probe.video_codec is None or (probe.pixel_format == "yuv420p" and _can_be_jumped_in(part)))
        and (probe.height or 0) <= settings.web_height
        and probe.rotation == 0
    )


def _can_be_jumped_in(part: Part) -> bool:
    """Return whether browsers play a picture to its end, as it was meant, and show it soon after a jump."""
    seen = part.picture
    is_plain = not (part.probe.is_interlaced or part.probe.is_hdr)
    return is_plain and seen is not None and not seen.damaged and seen.frames_to_jump <= FRAMES_TO_JUMP


def _repacking(part: Part) -> list[str]:
    streams = ["-map", f"0:{part.track.index}"]
    if part.probe.video_codec:
        streams += ["-map", f"{int(part.screen is not None)}:{part.probe.video_index}"]
    return [*part.inputs, *streams, "-c", "copy"]


def _encoding(parts: Sequence[Part], settings: MediaSettings, *, has_video: bool) -> list[str]:
    inputs = [arg for part in parts for arg in part.inputs]
    first = [0, *accumulate(1 + (part.screen is not None) for part in parts)]  # of the inputs of each part
    chains = [_heard(number, first[number], part, alone=len(parts) == 1) for number, part in enumerate(parts)]
    if has_video:
        chains += _seen(parts, first, settings)
    order = "".join(f"[v{number}][a{number}]" if has_video else f"[a{number}]" for number in range(len(parts)))
    outputs = "[v][a]" if has_video else "[a]"
    chains.append(f"{order}concat=n={len(parts)}:v={int(has_video)}:a=1{outputs}")
    video = ("-map", "[v]", "-c:v", *encoding_of_picture(settings))
    sound = ("-map", "[a]", "-c:a", "aac", "-b:a", "96k")
    return [*inputs, "-filter_complex", ";".join(chains), *(video if has_video else ()), *sound]


def encoding_of_picture(settings: MediaSettings) -> tuple[str, ...]:
    """Return ffmpeg's coder of the picture with its options; a key frame every four seconds is where clicks land."""
    quality = ("-preset", "veryfast", "-crf", str(settings.web_quality))
    return ("libx264", *quality, "-force_key_frames", "expr:gte(t,n_forced*4)")


def _heard(number: int, at: int, part: Part, *, alone: bool) -> str:
    mix, tracks = part.mix, (part.track, *part.more)
    if alone and mix.is_plain and part.track.channels <= STEREO and not part.more:
        channels = [f"[{at}:{part.track.index}]{RESAMPLED}"]
    else:
        begins = [0, *accumulate(track.channels for track in tracks)]
        channels = [
            f"[{at}:{track.index}]{RESAMPLED},{_to_mono(mix.weights[first : first + track.channels], mix.gain)}"
            for track, first in zip(tracks, begins, strict=False)
        ]
    if part.more:
        named = [f"[a{number}-{place}]" for place in range(len(tracks))]
        padded = ";".join(f"{one},apad{name}" for one, name in zip(channels, named, strict=True))
        channels = [f"{padded};{''.join(named)}amix=inputs={len(tracks)}:normalize=0"]
    layout = "mono|stereo" if alone else "mono"
    length = "" if alone and not part.more else f",apad,atrim=duration={part.seconds:.6f}"
    return f"{channels[0]},aformat=channel_layouts={layout}{length}[a{number}]"


def _to_mono(weights: Sequence[float], gain: float) -> str:
    counted = [f"{weight * gain:.6f}*c{channel}" for channel, weight in enumerate(weights) if weight]
    return "pan=mono|c0=" + "+".join(counted or ["0*c0"])


def _seen(parts: Sequence[Part], first: Sequence[int], settings: MediaSettings) -> list[str]:
    rates = [part.probe.frame_rate or FRAME_RATES[1] for part in parts if part.probe.video_codec]
    rate = min(max(*FRAME_RATES[:1], *rates), FRAME_RATES[1])
    width, height = _frame(parts, settings)
    chains = []
    for number, part in enumerate(parts):
        if not part.probe.video_codec:
            chains.append(
                f"color=c=black:s={width}x{height}:r={rate}:d={part.seconds - 1 / rate:.6f},format=yuv420p[v{number}]"
            )
            continue
        shrink = f"min(1,{settings.web_height}/ih)"
        fitted = f"scale=w='2*max(1,trunc(iw*sar*{shrink}/2))':h='2*max(1,trunc(ih*{shrink}/2))',setsar=1"
        if len(parts) > 1:
            boxed = f"scale={width}:{height}:force_original_aspect_ratio=decrease,pad={width}:{height}:-1:-1"
            fitted += f",{boxed},setsar=1"
        progressive = "bwdif=mode=send_frame," if part.probe.is_interlaced else ""
        bright = f"{TO_SDR}," if part.probe.is_hdr else ""
        steady = f"fps={rate:.4f}:start_time=0,format=yuv420p"
        if len(parts) > 1:
            until = part.seconds - 1 / rate  # a frame less: the sound alone decides where the next part begins
            steady += f",tpad=stop_mode=clone:stop=-1,trim=duration={until:.6f}"
        shown = first[number] + (part.screen is not None)
        chains.append(f"[{shown}:{part.probe.video_index}]{progressive}{bright}{fitted},{steady}[v{number}]")
    return chains


def _frame(parts: Sequence[Part], settings: MediaSettings) -> tuple[int, int]:
    """Return width and height of the largest picture after shrinking, in even pixels."""
    sizes = []
    for probe in (part.probe for part in parts):
        width, height = probe.width or 0, probe.height or 0
        if probe.rotation % 180:
            width, height = height, width
        shrink = min(1.0, settings.web_height / height) if height else 0
        sizes.append((2 * int(width * shrink / 2), 2 * int(height * shrink / 2)))
    return max(sizes, key=lambda size: size[0] * size[1])
