"""The sound alone: nothing coded again, chapters and cover inside, and the podcast that carries it."""

import io
import json
import subprocess
from pathlib import Path

from lxml import etree
from PIL import Image

from digest.exports import audio
from digest.settings import Settings
from tests.site.editions import SLUG, an_edition, published, put_out

ITUNES = "{http://www.itunes.com/dtds/podcast-1.0.dtd}"


def test_the_sound_is_the_recordings_own_with_chapters_and_cover(tmp_path: Path) -> None:
    """What is heard is bit for bit what the recording has; players show where they are and what it is."""
    public = published(an_edition(tmp_path / "kept")).edition
    assert public.web
    recording = tmp_path / "kept" / public.web.sha256

    audio.export(public, tmp_path, Settings(), lambda file: tmp_path / "kept" / file.sha256)

    assert packets(tmp_path / "audio.m4a") == packets(recording)
    told = json.loads(probe("-show_chapters", "-show_streams", "-show_format", "-of", "json", tmp_path / "audio.m4a"))
    titles = [one["tags"]["title"] for one in told["chapters"]]
    assert titles == [one.title for one in public.digest.chapters]
    assert [float(one["start_time"]) for one in told["chapters"]][1:] == [
        round(public.page_time(one.start), 3) for one in public.digest.chapters[1:]
    ]
    assert [one["codec_name"] for one in told["streams"] if one["disposition"]["attached_pic"]] == ["mjpeg"]
    assert told["format"]["tags"]["title"] == public.event.title
    assert not list(tmp_path.glob("*.jpg"))


def test_the_podcast_carries_the_sound_and_a_square_cover(tmp_path: Path) -> None:
    """Players fetch the sound and not the video; the cover is as large as directories ask for."""
    settings = Settings.model_validate(
        {
            "public": tmp_path / "public",
            "organisation": {"name": "Geneva Digital Dialogue", "base_url": "https://digests.example.org"},
            "exports": {"formats": ("audio",)},
        }
    )

    put_out(tmp_path / "kept", [published(an_edition(tmp_path / "kept"))], settings)

    (sound,) = (settings.public / SLUG / "digest").glob("audio-*.m4a")
    channel = etree.parse(settings.public / "podcast.xml").getroot()[0]
    enclosure = channel.find("item/enclosure")
    assert dict(enclosure.attrib) == {
        "url": f"https://digests.example.org/{SLUG}/digest/{sound.name}",
        "length": str(sound.stat().st_size),
        "type": "audio/mp4",
    }
    assert channel.find(f"{ITUNES}image").get("href") == "https://digests.example.org/podcast.jpg"
    with Image.open(io.BytesIO((settings.public / "podcast.jpg").read_bytes())) as cover:
        assert cover.format == "JPEG"
        assert cover.width == cover.height
        assert 1400 <= cover.width <= 3000


def packets(path: Path) -> bytes:
    """Return the sizes and hashes of the sound's packets."""
    return subprocess.run(
        ["ffmpeg", "-v", "error", "-i", path, "-map", "0:a", "-c", "copy", "-f", "streamhash", "-"],
        capture_output=True,
        check=True,
    ).stdout


def probe(*args: str | Path) -> bytes:
    """Return what ffprobe says."""
    return subprocess.run(["ffprobe", "-v", "error", *args], capture_output=True, check=True).stdout
