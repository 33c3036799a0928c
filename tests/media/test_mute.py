"""A recording that is silent in some stretches."""

from pathlib import Path

import numpy as np

from digest.media import prepare
from digest.media.mute import mute
from digest.model.artifact import Span, StoredFile
from digest.settings import MediaSettings
from tests.media.recordings import dropped, made, samples

SECONDS = 60
TONE = ("-f", "lavfi", "-i", f"aevalsrc='0.4*sin(2*PI*440*t)':s=44100:d={SECONDS}")


def test_many_stretches_are_silent(tmp_path: Path) -> None:
    """However many there are, at any sample rate, each is silent to the hundredth of a second."""
    (tmp_path / "media").mkdir()
    recording = made(tmp_path / "talk.m4a", *TONE, "-c:a", "aac")
    web = prepare(dropped(tmp_path, recording), MediaSettings(), root=tmp_path, into=tmp_path / "media").web
    silent = [Span(start=start / 4, end=start / 4 + 0.12) for start in range(1, 4 * SECONDS)]

    muted = mute(web, silent, MediaSettings(), find=lambda file: tmp_path / file.path, root=tmp_path)

    heard = samples(made(tmp_path / "heard.wav", "-i", str(tmp_path / muted.path), "-ac", "1", "-ar", "16000"))
    loud = np.abs(heard[4000 : 4000 * (4 * SECONDS - 1)]).reshape(-1, 4000)
    assert loud[:, 640:1280].max() < 0.001  # from 0.04 to 0.08 s
    assert loud[:, 2560:3520].max(axis=1).min() > 0.3


def test_what_was_made_is_made_once(tmp_path: Path) -> None:
    """The copy is found again, without its source; one that was cut short is made anew, the same to the byte."""
    (tmp_path / "media").mkdir()
    recording = made(tmp_path / "talk.m4a", *TONE, "-c:a", "aac")
    web = prepare(dropped(tmp_path, recording), MediaSettings(), root=tmp_path, into=tmp_path / "media").web
    asked = list[StoredFile]()

    def find(file: StoredFile) -> Path:
        asked.append(file)
        return tmp_path / file.path

    first, second = (mute(web, [Span(start=1, end=2)], MediaSettings(), find=find, root=tmp_path) for _ in range(2))
    (tmp_path / first.path).write_bytes(b"")
    third = mute(web, [Span(start=1, end=2)], MediaSettings(), find=find, root=tmp_path)

    assert first == second == third
    assert len(asked) == 2
    assert [path.name for path in (tmp_path / "made").iterdir()] == [Path(first.path).parent.name]
