"""From a dropped recording to sound, web copy and poster on one time line."""

import json
import os
import random
import subprocess
import sys
import wave
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pytest

from digest.errors import UnusableDrop
from digest.media import prepare, probe
from digest.model.media import Media
from digest.settings import MediaSettings
from tests.media.recordings import DEMO, beeps, dropped, first_sound, made, pictures, samples

GOLD = Path(os.environ.get("DIGEST_GOLD", "")) if os.environ.get("DIGEST_GOLD") else None
needs_gold = pytest.mark.skipif(GOLD is None, reason="DIGEST_GOLD names no folder")
RATE = 16_000  # Hz of the prepared sound
H264 = ("-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p")


def prepared(folder: Path, *paths: Path, settings: MediaSettings | None = None) -> Media:
    """Return what `prepare` makes of these recordings; its files lie in `folder`/media."""
    into = folder / "media"
    into.mkdir(parents=True)
    return prepare(dropped(folder, *paths), settings or MediaSettings(), root=folder, into=into)


def test_demo_is_repacked_without_loss(tmp_path: Path) -> None:
    """A recording that browsers already play is not encoded again, and starts at once."""
    media = prepared(tmp_path, DEMO)

    assert media.duration == pytest.approx(222.0, abs=0.1)
    assert (media.web.video_codec, media.web.audio_codec, media.web.height) == ("h264", "aac", 720)
    assert media.web.size == pytest.approx(DEMO.stat().st_size, rel=0.02)
    assert (tmp_path / media.web.path).read_bytes()[:2000].find(b"moov") > 0
    assert media.poster
    assert media.poster.width == 1280
    assert len(media.levels) == 223
    assert {path.name for path in (tmp_path / "media").iterdir()} == {"sound.wav", "web.mp4", "poster.jpg"}


def test_late_sound_keeps_the_time_of_the_picture(tmp_path: Path) -> None:
    """Where the sound sets in two seconds after the picture, its words are two seconds later."""
    late = made(tmp_path / "late.mkv", *pictures(6), "-itsoffset", "2", *beeps(4), *H264, "-c:a", "aac")

    media = prepared(tmp_path / "w", late)

    assert first_sound(tmp_path / "w" / media.sound.path) == pytest.approx(3.0, abs=0.06)
    assert first_sound(
        made(tmp_path / "shown.wav", "-i", str(tmp_path / "w" / media.web.path), *MONO)
    ) == pytest.approx(3.0, abs=0.06)


@pytest.mark.parametrize("promised", [True, False])
def test_a_recording_without_an_end_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, promised: bool
) -> None:
    """Longer than any webinar is refused once that much of it is decoded, whatever its head claims."""
    name = "long.flac" if promised else "long.aac"
    long = made(tmp_path / name, *beeps(12))
    for module in ("prepare", "sound"):
        monkeypatch.setattr(sys.modules[f"digest.media.{module}"], "MAX_SECONDS", 5.0)

    with pytest.raises(UnusableDrop, match="goes on for more than") as refused:
        prepared(tmp_path / "w", long)

    assert refused.value.file == name
    assert all(raw.stat().st_size <= 44 + 6 * 2 * 16_000 for raw in (tmp_path / "w" / "media").glob("*.wav"))


MONO = ("-ac", "1", "-ar", "16000")


@pytest.mark.parametrize(
    "channels",
    ["pan=stereo|c0=c0|c1=-1*c0", "pan=stereo|c1=c0", "pan=5.1|FC=c0"],
    ids=["opposite phase", "right only", "centre of six"],
)
def test_no_channel_is_lost(tmp_path: Path, channels: str) -> None:
    """Speech is as loud for the transcriber whichever channels it stands in."""
    recording = made(tmp_path / "talk.flac", *beeps(), "-af", channels)

    media = prepared(tmp_path / "w", recording)

    assert abs(samples(tmp_path / "w" / media.sound.path)).max() == pytest.approx(0.4, abs=0.05)
    shown = made(tmp_path / "shown.wav", "-i", str(tmp_path / "w" / media.web.path), *MONO)
    assert abs(samples(shown)).max() == pytest.approx(0.4, abs=0.06)


def test_very_quiet_recording_is_lifted(tmp_path: Path) -> None:
    """A talk recorded far too quietly can be heard, and staff are told."""
    recording = made(tmp_path / "quiet.flac", *beeps(), "-af", "volume=-40dB")

    media = prepared(tmp_path / "w", recording)

    assert abs(samples(tmp_path / "w" / media.sound.path)).max() > 0.1
    assert media.remarks == ("quiet.flac: it is very quiet and was made louder.",)


def speech(start: float, seconds: float, *filters: str) -> str:
    """Return ffmpeg's filters that cut a stretch of the demo's sound."""
    return ",".join([f"atrim={start}:{start + seconds}", "asetpts=PTS-STARTPTS", *filters])


def test_a_guest_who_is_hardly_heard_is_as_loud_as_the_host(tmp_path: Path) -> None:
    """Of two people on a channel each, one 34 dB below, both are heard alike, by the transcriber and by readers."""
    host, guest = speech(10, 8, "apad=pad_dur=8"), speech(100, 8, "adelay=8000:all=1", "volume=-34dB")
    call = f"[0:a]asplit[a][b];[a]{host}[l];[b]{guest}[r];[l][r]join=inputs=2:channel_layout=stereo"
    recording = made(tmp_path / "call.flac", "-i", str(DEMO), "-filter_complex", call)

    media = prepared(tmp_path / "w", recording)

    shown = made(tmp_path / "shown.wav", "-i", str(tmp_path / "w" / media.web.path), *MONO)
    for sound in (tmp_path / "w" / media.sound.path, shown):
        heard = samples(sound)
        host_power, guest_power = (float(np.mean(half[: 7 * 16_000] ** 2)) for half in (heard, heard[8 * 16_000 :]))
        assert 0.2 < guest_power / host_power < 5
    assert media.remarks == (
        "call.flac: one voice, in a channel of its own, was much quieter and was made as loud as the other.",
    )


@pytest.mark.parametrize(("raised", "is_told"), [("0dB", False), ("6dB", False), ("18dB", True), ("30dB", True)])
def test_a_recording_that_was_too_loud_is_told(tmp_path: Path, raised: str, is_told: bool) -> None:
    """What a recorder cut off stays cut off after it was coded anew, and words of it are doubtful: staff read so."""
    cut = made(tmp_path / "cut.wav", "-ss", "10", "-t", "20", "-i", str(DEMO), "-vn", "-af", f"volume={raised}")
    recording = made(tmp_path / "loud.m4a", "-i", str(cut), "-af", "volume=-3dB", "-c:a", "aac", "-b:a", "96k")

    remarks = prepared(tmp_path / "w", recording).remarks

    assert ["recorded too loudly" in remark for remark in remarks] == [True] * is_told


def test_the_same_voice_in_a_far_microphone_is_not_lifted(tmp_path: Path) -> None:
    """A channel that is only the other one again, late and quiet, adds no echo."""
    call = f"[0:a]{speech(10, 12)},asplit[a][b];[b]adelay=30:all=1,volume=-25dB[r];[a][r]join=inputs=2"
    recording = made(tmp_path / "room.flac", "-i", str(DEMO), "-filter_complex", call)

    assert prepared(tmp_path / "w", recording).remarks == ()


def test_sound_and_picture_of_two_files_are_one_recording(tmp_path: Path) -> None:
    """The webcams' sound and the shared screen's picture start together; both files are named."""
    camera = made(tmp_path / "webcams.webm", *pictures(4), *beeps(4), "-c:v", "libvpx", "-c:a", "libopus")
    screen = made(tmp_path / "deskshare.webm", *pictures(4, size="640x360"), "-c:v", "libvpx")
    (folder := tmp_path / "w" / "media").mkdir(parents=True)
    drop = dropped(tmp_path / "w", camera, screen)
    files = (drop.files[0], drop.files[1].model_copy(update={"role": "screen"}))

    media = prepare(drop.model_copy(update={"files": files}), MediaSettings(), root=tmp_path / "w", into=folder)

    assert [(one.audio_codec, one.video_codec) for one in media.sources] == [("opus", "vp8"), ("none", "vp8")]
    assert (media.web.width, media.web.height) == (640, 360)
    assert first_sound(tmp_path / "w" / media.sound.path) == pytest.approx(1.0, abs=0.06)
    shown = made(tmp_path / "shown.wav", "-i", str(tmp_path / "w" / media.web.path), *MONO)
    assert first_sound(shown) == pytest.approx(1.0, abs=0.06)


def test_a_recording_without_sound_is_a_silent_one(tmp_path: Path) -> None:
    """A talk in sign language is shown whole; nothing is left of the silence that was made for it."""
    media = prepared(tmp_path / "w", made(tmp_path / "signed.mp4", *pictures(3), *H264))

    assert media.has_video
    assert media.duration == pytest.approx(3.0, abs=0.1)
    assert not samples(tmp_path / "w" / media.sound.path).any()
    assert media.sources[0].audio_codec == "none"
    assert media.remarks == ("signed.mp4: it has no sound.",)
    made_files = {path.name for path in (tmp_path / "w" / "media").iterdir()}
    assert made_files == {"sound.wav", "web.mp4", "poster.jpg"}


def test_silent_first_track_is_passed_over(tmp_path: Path) -> None:
    """Of two sound tracks the one with something to hear is used."""
    silent = ("-f", "lavfi", "-i", "anullsrc=r=48000:cl=mono:d=4")
    recording = made(tmp_path / "two.mkv", *silent, *beeps(), "-map", "0", "-map", "1", "-c:a", "aac")

    media = prepared(tmp_path / "w", recording)

    assert first_sound(tmp_path / "w" / media.sound.path) == pytest.approx(1.0, abs=0.06)
    assert media.remarks == ("two.mkv: it has 2 sound tracks; stream 1 of the file is used.",)


def speaks(when: str, *, seconds: float = 16, loud: float = 0.4) -> tuple[str, ...]:
    """Return ffmpeg's input for a voice, or what measures like one, at the times that an expression over t is true."""
    voice = f"{loud}*sin(2*PI*440*t)*({when})*(0.3+0.7*lt(mod(t,0.6),0.4))+0.0005*random(0)"
    return "-f", "lavfi", "-i", f"aevalsrc='{voice}':s=16000:d={seconds}"


def loud_seconds(sound: Path) -> list[int]:
    """Return the seconds in which somebody speaks as loudly as a talk is."""
    heard = samples(sound)
    return [at for at in range(len(heard) // RATE) if np.sqrt((heard[at * RATE : (at + 1) * RATE] ** 2).mean()) > 0.05]


@pytest.mark.parametrize("loud", [0.4, 0.02])
def test_a_second_track_with_the_other_speaker_is_mixed_in(tmp_path: Path, loud: float) -> None:
    """Who is recorded on a track of their own is heard, as loudly as the others, by transcriber and readers."""
    host, guest = speaks("lt(mod(t,8),4)"), speaks("gte(mod(t,8),4)", seconds=15, loud=loud)
    recording = made(tmp_path / "two.mkv", *host, *guest, "-map", "0", "-map", "1", "-c:a", "flac")

    media = prepared(tmp_path / "w", recording)

    shown = made(tmp_path / "shown.wav", "-i", str(tmp_path / "w" / media.web.path), *MONO)
    assert loud_seconds(tmp_path / "w" / media.sound.path) == loud_seconds(shown) == [*range(15)]
    assert media.duration == pytest.approx(16, abs=0.1)
    assert media.remarks[0] == "two.mkv: it has 2 sound tracks; 2 with different people were mixed."
    assert [path.name for path in (tmp_path / "w" / "media").iterdir() if path.suffix == ".raw"] == []


def test_a_second_track_with_the_same_speaker_is_left_out(tmp_path: Path) -> None:
    """A far microphone, or an interpreter, speaks while the speaker does: mixed in it would only disturb."""
    near, far = speaks("lt(mod(t,8),6)"), speaks("lt(mod(t-1,8),6)", loud=0.1)
    recording = made(tmp_path / "two.mkv", *near, *far, "-map", "0", "-map", "1", "-c:a", "flac")

    media = prepared(tmp_path / "w", recording)

    assert loud_seconds(tmp_path / "w" / media.sound.path) == [*range(6), *range(8, 14)]
    assert media.remarks == ("two.mkv: it has 2 sound tracks; stream 0 of the file is used.",)


def test_parts_are_joined_in_order(tmp_path: Path) -> None:
    """A second part goes on where the first ends, in sound and picture alike, whatever their formats."""
    one = made(tmp_path / "part-1.webm", *pictures(3), *beeps(3), "-c:v", "libvpx", "-c:a", "libopus", "-shortest")
    two = made(tmp_path / "part-2.mp4", *pictures(4, size="480x270"), *beeps(4, first=2), *H264, "-c:a", "aac")

    media = prepared(tmp_path / "w", one, two)

    assert media.duration == pytest.approx(7.0, abs=0.15)
    assert [round(source.duration) for source in media.sources] == [3, 4]
    heard = samples(tmp_path / "w" / media.sound.path)
    shown = samples(made(tmp_path / "shown.wav", "-i", str(tmp_path / "w" / media.web.path), *MONO))
    for track in (heard, shown):
        assert abs(track[int(5.1 * 16_000) : int(5.4 * 16_000)]).max() > 0.3
        assert abs(track[int(4.2 * 16_000) : int(4.8 * 16_000)]).max() < 0.05
    assert (media.web.width, media.web.height) == (480, 270)


def test_turned_picture_stands_upright(tmp_path: Path) -> None:
    """A telephone held upright gives an upright web copy."""
    lying = made(tmp_path / "lying.mp4", *pictures(), *beeps(), *H264, "-c:a", "aac")
    turned = made(tmp_path / "turned.mp4", "-i", str(lying), "-c", "copy", "-metadata:s:v", "rotate=90")

    media = prepared(tmp_path / "w", turned)

    assert (media.web.width, media.web.height) == (180, 320)


def test_tall_picture_is_scaled_and_metadata_dropped(tmp_path: Path) -> None:
    """Readers get at most the set height, and nothing that the source says of its maker."""
    names = ("-metadata", "title=SECRET", "-metadata", "artist=SECRET", "-metadata:s:a", "handler_name=SECRET")
    recording = made(tmp_path / "tall.mp4", *pictures(size="640x480"), *beeps(), *H264, "-c:a", "aac", *names)

    scaled = prepared(tmp_path / "w", recording, settings=MediaSettings(web_height=240))
    repacked = prepared(tmp_path / "v", recording)

    assert (scaled.web.width, scaled.web.height) == (320, 240)
    for folder, media in (("w", scaled), ("v", repacked)):
        assert b"SECRET" not in (tmp_path / folder / media.web.path).read_bytes()


def test_cut_copy_is_remarked(tmp_path: Path) -> None:
    """A half-copied recording is used as far as it goes, and staff are told where it ends."""
    whole = made(tmp_path / "talk.mkv", *pictures(20), *beeps(20), *H264, "-c:a", "aac")
    half = tmp_path / "half.mkv"
    half.write_bytes(whole.read_bytes()[: whole.stat().st_size // 2])

    media = prepared(tmp_path / "w", half)

    assert 5 < media.duration < 15
    assert "it ends early, at" in media.remarks[0]


def test_progress_goes_up_to_the_end(tmp_path: Path) -> None:
    """Whoever waits sees a share that only grows."""
    recording = made(tmp_path / "talk.mkv", *pictures(), *beeps(), *H264, "-c:a", "aac")
    told: list[float] = []
    into = tmp_path / "w" / "media"
    into.mkdir(parents=True)

    prepare(dropped(tmp_path / "w", recording), MediaSettings(), root=tmp_path / "w", into=into, progress=told.append)

    assert told == sorted(told)
    assert told[-1] == pytest.approx(1.0, abs=0.1)


def test_too_short_is_refused(tmp_path: Path) -> None:
    """Half a second is no webinar."""
    with pytest.raises(UnusableDrop, match=r"too short: less than a second"):
        prepared(tmp_path / "w", made(tmp_path / "blip.wav", *beeps(0.5)))


def test_music_file_with_a_cover_has_no_video(tmp_path: Path) -> None:
    """A cover is no moving picture."""
    cover = made(tmp_path / "cover.png", "-f", "lavfi", "-i", "testsrc=s=64x64", "-frames:v", "1")
    sound = made(tmp_path / "talk.mp3", *beeps(), "-i", str(cover), "-map", "0", "-map", "1", "-c:v", "copy")

    media = prepared(tmp_path / "w", sound)

    assert (media.has_video, media.poster, media.web.mime) == (False, None, "audio/mp4")


def gold(names: Iterable[str]) -> list[object]:
    """Return the names as parameters, two of them for every run, the others marked long."""
    each = sorted(names)
    often = random.Random(7).sample(each, min(2, len(each)))  # noqa: S311
    return [pytest.param(name, marks=() if name in often else pytest.mark.long) for name in each]


def containers() -> list[str]:
    """Return the names of the gold containers, none without the gold folder."""
    return list(json.loads((GOLD / "containers" / "expected.json").read_text())["files"]) if GOLD else []


@needs_gold
@pytest.mark.parametrize("name", gold(containers()))
def test_every_container_keeps_the_viewers_time(tmp_path: Path, name: str) -> None:
    """From every container the first word is where a viewer hears it, in the sound and in the web copy."""
    assert GOLD
    truth = json.loads((GOLD / "containers" / "expected.json").read_text())
    file = truth["files"][name]

    media = prepared(tmp_path, GOLD / "containers" / name)

    shown = made(tmp_path / "shown.wav", "-i", str(tmp_path / media.web.path), *MONO)
    for sound in (tmp_path / media.sound.path, shown):
        assert first_sound(sound) == pytest.approx(file["first_word_near"], abs=truth["tolerance_seconds"])
    assert media.has_video == file["has_video"]


REFUSED = {
    "zero-bytes.mp4": "empty", "text-named.mp4": "not a recording", "html-error-page.mp4": "web page",
    "moov-missing.mp4": "incomplete", "one-sample.wav": "too short",
    "no-samples.wav": "empty", "rate-zero.wav": "damaged", "rate-4-billion.wav": "damaged",
    "rate-1-hz.wav": "1 samples a second", "65535-channels.wav": "damaged", "nan-floats.wav": "cannot be turned",
    "hls-reads-a-local-file.mp4": "only a list", "hls-calls-loopback.mp4": "only a list",
    "hls-concat-leak.mp4": "only a list", "hls-reads-a-neighbour.m3u8": "only a list",
    "hls-local-file-with-media-name.mp4": "only a list", "hls-encrypted-key-loopback.m3u8": "only a list",
    "hls-endless-live.m3u8": "only a list", "concat-script.mp3": "only a list",
    "concat-script-plain-neighbour.mp3": "only a list", "concat-script-itself.mp3": "only a list",
    "concat-script-loopback.mp3": "only a list", "dash-manifest.mp4": "only a list", "dash-xxe.mpd": "only a list",
    "sdp-named.mp4": "only a list", "smil-playlist.wmv": "only a list", "rtsp-redirect.mov": "only a list",
    "reference-movie.mov": "neither sound nor picture", "box-of-8-exabytes.mp4": "neither sound nor picture",
    "boxes-nested-20000-deep.mp4": "damaged", "sample-table-claims-2-billion.mp4": "damaged",
    "zip-and-mp4.mp4": "damaged", "elf-named.wav": "not a recording",
}  # fmt: skip
USED = {
    "cut-in-half-moov-first.mp4": "ends early", "cut-in-half.mkv": "ends early", "cut-in-half.mp3": "",
    "digital-silence.mp3": "nothing can be heard", "room-noise-no-speech.ogg": "", "tone-no-speech.ogg": "",
    "header-claims-4gb.wav": "", "external-data-reference.mov": "", "cover-30000x30000-script-title.mp3": "",
    "flac-claims-50-days.flac": "ends early", "neighbour.ts": "",
}  # fmt: skip


@needs_gold
@pytest.mark.parametrize("name", gold(REFUSED))
def test_hostile_recordings_are_refused_in_words(tmp_path: Path, name: str) -> None:
    """What only claims to be a recording is refused, quickly, in words that say why, and opens nothing else."""
    assert GOLD

    with pytest.raises(UnusableDrop, match=REFUSED[name]) as refused:
        prepared(tmp_path, GOLD / "hostile" / "media" / name)

    assert refused.value.file == name


@needs_gold
@pytest.mark.parametrize("name", gold(USED))
def test_odd_recordings_are_used_as_far_as_they_go(tmp_path: Path, name: str) -> None:
    """What can be heard is used; what is odd about it is remarked."""
    assert GOLD

    media = prepared(tmp_path, GOLD / "hostile" / "media" / name)

    assert media.duration < 22
    assert USED[name] in " ".join(media.remarks)


def test_names_are_never_options_or_protocols(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A recording may be called like an option, an address or a pattern of ffmpeg."""
    recording = made(tmp_path / "talk.wav", *beeps(2))
    monkeypatch.chdir(tmp_path)

    for name in ("-version", "http:x.wav", "concat:a.wav|b.wav", "%03d.wav", "new\nline.wav", "quote'\".wav"):
        Path(name).write_bytes(recording.read_bytes())
        assert probe(Path(name)).duration == pytest.approx(2.0)


def test_wav_is_what_the_transcriber_reads(tmp_path: Path) -> None:
    """The prepared sound is 16 kHz, mono, 16 bit, as long as the recording."""
    media = prepared(tmp_path / "w", made(tmp_path / "talk.ogg", *beeps(3), "-c:a", "libvorbis"))

    with wave.open(str(tmp_path / "w" / media.sound.path), "rb") as file:
        assert file.getnframes() / file.getframerate() == pytest.approx(3.0, abs=0.05)
    decoded = subprocess.run(
        ["ffmpeg", "-v", "error", "-i", tmp_path / "w" / media.web.path, "-f", "null", "-"],
        check=True,
        capture_output=True,
        stdin=subprocess.DEVNULL,
    )
    assert decoded.stderr == b""
