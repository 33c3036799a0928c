"""What a recording's first bytes and its container say."""

from pathlib import Path

import pytest

from digest import sandbox
from digest.errors import UnusableDrop
from digest.media import probe
from digest.media.ffmpeg import input_options
from digest.sandbox import Limits
from tests.media.recordings import beeps, made, pictures


@pytest.mark.parametrize(
    ("ending", "container", "codec"),
    [
        ("mp4", "mov", "aac"),
        ("mov", "mov", "aac"),
        ("m4a", "mov", "aac"),
        ("mkv", "matroska", "aac"),
        ("webm", "matroska", "libopus"),
        ("avi", "avi", "libmp3lame"),
        ("ts", "mpegts", "aac"),
        ("m2ts", "mpegts", "aac"),
        ("mp3", "mp3", "libmp3lame"),
        ("aac", "aac", "aac"),
        ("wav", "wav", "pcm_s16le"),
        ("ogg", "ogg", "libvorbis"),
        ("flac", "flac", "flac"),
        ("wma", "asf", "wmav2"),
    ],
)
def test_container_is_known_by_content(tmp_path: Path, ending: str, container: str, codec: str) -> None:
    """A recording with the wrong ending is still what it is."""
    recording = made(tmp_path / f"talk.{ending}", *beeps(2), "-c:a", codec).rename(tmp_path / "talk.xyz")

    found = probe(recording)

    assert found.container == container
    assert found.tracks


def test_default_track_comes_first(tmp_path: Path) -> None:
    """The track that players start with is the one that is heard, wherever it stands."""
    recording = made(
        tmp_path / "two.mkv",
        *(*beeps(2), *beeps(2), "-map", "0", "-map", "1"),
        *("-disposition:a:0", "0", "-disposition:a:1", "default"),
    )

    assert [track.index for track in probe(recording).tracks] == [1, 0]


def test_play_list_opens_no_neighbour(tmp_path: Path) -> None:
    """A text that names another recording is refused, though that one lies beside it."""
    made(tmp_path / "neighbour.ts", *pictures(1), *beeps(1))
    (tmp_path / "talk.mp4").write_text("#EXTM3U\n#EXTINF:1,\nneighbour.ts\n#EXT-X-ENDLIST\n")

    with pytest.raises(UnusableDrop, match="only a list that points at other files"):
        probe(tmp_path / "talk.mp4")


def test_even_an_opened_play_list_plays_no_other_file(tmp_path: Path) -> None:
    """Should a list ever be taken for a recording, ffmpeg itself still refuses what it points at."""
    made(tmp_path / "neighbour.ts", *beeps(2))
    (tmp_path / "talk.m3u8").write_text(
        "#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXTINF:2,\nneighbour.ts\n#EXT-X-ENDLIST\n", encoding="utf-8"
    )

    program = ["ffmpeg", "-nostdin", "-v", "error", *input_options(tmp_path / "talk.m3u8", "hls"), "-f", "null", "-"]
    played = sandbox.run(program, limits=Limits(seconds=20, reads=(tmp_path,)))  # though its sandbox would show it

    assert played.status != 0
    assert "whitelist" in played.stderr
