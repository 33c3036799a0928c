"""A picture that browsers would not play, or not jump in, is encoded anew; one that they play is left as it is."""

import json
import random
import subprocess
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from digest.media import prepare
from digest.model.media import Media
from digest.settings import MediaSettings
from tests.media.recordings import DEMO, beeps, dropped, made, pictures

H264 = ("-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-c:a", "aac")


def prepared(folder: Path, path: Path) -> tuple[Media, Path]:
    """Return what is made of a recording, and its web copy."""
    (folder / "media").mkdir(parents=True)
    media = prepare(dropped(folder, path), MediaSettings(), root=folder, into=folder / "media")
    return media, folder / media.web.path


def said_of(path: Path, entries: str, *options: str) -> list[dict[str, Any]]:
    """Return what ffprobe says of a picture."""
    show = ["ffprobe", "-v", "error", "-select_streams", "v:0", *options, "-show_entries", entries, "-of", "json"]
    said = json.loads(subprocess.run([*show, str(path)], check=True, capture_output=True).stdout)
    found: list[dict[str, Any]] = next(iter(value for value in said.values() if value))
    return found


@pytest.fixture
def damaged(tmp_path: Path) -> Path:
    """Return the first minute of the demo with bits turned over in its picture, from about its 40th second on."""
    path = made(tmp_path / "damaged.mp4", "-t", "60", "-i", str(DEMO), "-c", "copy")
    frames = said_of(path, "packet=pos,size,pts_time", "-show_packets")
    content, chance = bytearray(path.read_bytes()), random.Random(5)  # noqa: S311 (the same damage each time)
    for frame in frames:
        if 40 <= float(frame["pts_time"]) < 41 and int(frame["size"]) > 30:
            for _ in range(8):
                content[int(frame["pos"]) + chance.randrange(12, int(frame["size"]))] ^= 1 << chance.randrange(8)
    path.write_bytes(content)
    return path


def test_a_damaged_picture_plays_to_its_end(damaged: Path, tmp_path: Path, browser: Browser) -> None:
    """Chromium plays what is made of it to the last second; staff read where it is damaged."""
    media, web = prepared(tmp_path / "w", damaged)
    page = browser.new_page()
    page.set_content(f'<video muted src="{web.as_uri()}"></video>')
    page.goto(web.as_uri())
    ended = page.evaluate(
        """() => new Promise(done => {
            const video = document.querySelector("video");
            video.muted = true; video.playbackRate = 16; video.loop = false;
            video.onended = () => done("ended"); video.onerror = () => done("error " + video.error.message);
            video.play();
        })"""
    )

    assert ended == "ended"
    (remark,) = media.remarks
    assert remark.startswith("damaged.mp4: its picture is damaged at 0 min 4")


def test_an_interlaced_picture_becomes_progressive(tmp_path: Path) -> None:
    """What a camera stored in half pictures is whole ones in the web copy, as many a second as it had frames."""
    fields = ("-vf", "interlace", "-flags", "+ilme+ildct", "-x264opts", "tff=1")
    source = made(tmp_path / "camera.mp4", *pictures(3, size="320x240"), *beeps(3), *H264, *fields)
    assert said_of(source, "stream=field_order")[0]["field_order"] != "progressive"

    _, web = prepared(tmp_path / "w", source)

    assert said_of(web, "stream=field_order")[0]["field_order"] == "progressive"


def test_a_reader_can_jump_anywhere(tmp_path: Path) -> None:
    """Where a recorder wrote one key frame for all, the web copy has one every four seconds."""
    source = made(
        tmp_path / "one.mp4", "-f", "lavfi", "-i", "testsrc=s=320x180:r=30:d=14", *beeps(14), *H264, "-g", "9999"
    )

    _, web = prepared(tmp_path / "w", source)

    keys = [float(packet["pts_time"]) for packet in said_of(web, "packet=pts_time,flags") if "K" in packet["flags"]]
    assert keys == pytest.approx([0, 4, 8, 12], abs=0.1)


def test_a_picture_of_high_range_is_made_for_screens(tmp_path: Path) -> None:
    """Brightness and colours of a telephone's recording are those of BT.709, which every screen shows."""
    tags = ("-color_primaries", "bt2020", "-color_trc", "smpte2084", "-colorspace", "bt2020nc")
    ten_bits = ("-pix_fmt", "yuv420p10le", "-c:v", "libx265", "-x265-params", "log-level=none", *tags, "-c:a", "aac")
    source = made(tmp_path / "phone.mp4", *pictures(2), *beeps(2), *ten_bits)

    _, web = prepared(tmp_path / "w", source)

    (stream,) = said_of(web, "stream=color_transfer,color_space,pix_fmt")
    assert stream == {"pix_fmt": "yuv420p", "color_space": "bt709", "color_transfer": "bt709"}
